// Pictures side by side, each with a map of numbers over it. How opaque the maps are is a look:
// the page never hears of it.

import { isDark } from "../colours.js";
import { element } from "../element.js";
import { LayerView } from "./layer.js";
import { toldOfAll } from "./told.js";

/** @import {Words} from "../types.d.ts" */
/** @import {OverlayData} from "./types.d.ts" */

export class OverlayView {
  /** @type {LayerView[]} */
  layers = [];
  /** The one that is pointed at. @type {LayerView | null} */
  pointed = null;

  /**
   * @param {HTMLElement} root
   * @param {OverlayData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    const knob = element(root, "label", "opacity");
    this.knob = knob;
    element(knob, "span", "", words.opacity);
    const range = { type: "range", min: "0", max: "100", step: "1" };
    this.range = element(knob, "input", "", "", range);
    this.range.value = String(Math.round(100 * data.opacity));
    this.share = element(knob, "span", "share");
    this.row = element(root, "div", "layers");
    this.told = element(root, "p", "told", words.point, { ariaLive: "polite" });
    this.range.addEventListener("input", () => this.fade());
    // The style sheet lets the background change in time, so that an end of that is heard of.
    root.addEventListener("transitionend", ({ target }) => target === root && this.paint());
    this.fade();
  }

  /** @param {OverlayData} data */
  update(data) {
    const at = this.pointed ? this.layers.indexOf(this.pointed) : -1;
    const place = this.pointed?.place ?? null;
    const focused = this.layers.findIndex(({ frame }) => frame?.matches(":focus"));
    this.data = data;
    const [linked, edge] = data.theme.linked;
    this.root.style.setProperty("--linked", linked);
    this.root.style.setProperty("--linked-edge", edge);
    this.row.replaceChildren();
    this.layers = data.layers.map(
      (layer) => new LayerView(this.row, layer, this.words, (view) => this.point(view)),
    );
    this.knob.hidden = !data.layers.some(({ picture, cells }) => picture && cells);
    this.told.hidden = !this.layers.some(({ frame }) => frame);
    this.paint();
    this.layers[focused]?.frame?.focus({ preventScroll: true });
    this.pointed = null;
    this.told.textContent = this.words.point;
    if (place && this.layers[at]?.frame) this.layers[at].pointAt(place);
  }

  fade() {
    this.root.style.setProperty("--opacity", String(Number(this.range.value) / 100));
    this.share.textContent = `${this.range.value} %`;
  }

  paint() {
    const dark = isDark(getComputedStyle(this.root).backgroundColor);
    for (const layer of this.layers) layer.paint(this.data.theme, dark);
  }

  /**
   * Mark a place in all layers, which are stretched alike, and say what stands there.
   * @param {LayerView} view
   */
  point(view) {
    const { place } = view;
    if (!place) return;
    this.pointed = view;
    for (const each of this.layers) each.show(place);
    const shown = this.layers.filter(({ frame }) => frame).map(({ layer }) => layer);
    this.told.textContent = toldOfAll(shown, place, this.data.theme, this.words);
  }
}
