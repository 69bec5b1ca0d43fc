// A training over its steps. Everything on screen follows pointer and keys at once; what is looked
// at is said when they rest, so that the page is not drawn anew for every step on the way.

import { element } from "../element.js";
import { Kept } from "../kept.js";
import { isCommand } from "../keys.js";
import { fill, shortNumber } from "../numbers.js";
import { shape } from "../profile/shapes.js";
import { drawPlace, drawStill, paint, rgb } from "./drawing.js";
import { frameOf, keyTo, layerAt, stepAt } from "./frame.js";
import { intoView } from "./view.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */
/** @import {Frame, Place, TimelineData} from "./types.d.ts" */

const REST = 250; // ms without a move after which a place is said
const PLAY = 60; // ms from step to step

export class TimelineView {
  /** @type {Frame | null} */
  frame = null;
  held = false; // whether the pointer holds it
  resting = 0;
  playing = 0;

  /**
   * @param {HTMLElement} root
   * @param {TimelineData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    this.place = data.value;
    this.kept = new Kept(data.value);
    this.plot = element(root, "div", "plot", "", { tabIndex: 0, role: "slider" });
    this.plot.dataset.takes = "arrows";
    this.canvas = element(this.plot, "canvas", "norms");
    this.svg = shape(this.plot, "svg", { "aria-hidden": "true" });
    this.still = shape(this.svg, "g", {});
    this.mark = shape(this.svg, "g", {});
    this.said = element(root, "p", "said");
    this.legend = element(root, "p", "legend");
    element(root, "p", "hint", words.move);
    this.listen();
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
    this.stay = intoView(root);
  }

  listen() {
    const { plot } = this;
    plot.addEventListener("keydown", (event) => this.key(event));
    plot.addEventListener("pointerdown", (event) => this.take(event));
    plot.addEventListener("pointermove", (event) => this.held && this.follow(event, false));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      plot.addEventListener(end, () => this.letGo());
    }
  }

  /**
   * @param {TimelineData} data
   * @param {Send} say
   */
  update(data, say) {
    this.data = data;
    this.kept.say = say;
    this.kept.hear(data.value, data.heard);
    if (!this.held && !this.resting && !this.playing) this.place = this.kept.value;
    this.describe();
    this.frame = null;
    this.fit();
  }

  /** How many steps were done. */
  get done() {
    return this.data.losses.length;
  }

  /** Say what it is to who does not see it, and what colours mean. */
  describe() {
    const { data, legend, plot, words } = this;
    const { losses, layers, scale } = data;
    const [first, last] = [losses.at(0), losses.at(-1)].map((loss) => this.text(loss));
    const told = { count: losses.length, first, last, layers: layers.join(", ") };
    plot.ariaLabel = this.done ? fill(words.summary, told) : words.none;
    plot.ariaValueMin = "0";
    plot.ariaValueMax = String(Math.max(0, this.done - 1));
    legend.replaceChildren();
    legend.hidden = !losses.length;
    element(legend, "span", "", data.clips ? words.scale_unclipped : words.scale);
    const [low, high] = scale.ends;
    element(legend, "span", "end", low);
    element(legend, "span", "bar", "", { ariaHidden: "true" });
    element(legend, "span", "end", high);
    const norms = data.norms.flat();
    if (norms.includes(0)) element(legend, "span", "", words.zero);
    if (norms.includes(null)) element(legend, "span", "odd", words.odd);
  }

  /** @param {number | null | undefined} value */
  text(value) {
    const { theme } = this.data;
    if (value === null || value === undefined) return this.words.odd;
    return shortNumber(value, theme.digits, theme);
  }

  /** Draw it as large as there is room. */
  fit() {
    const width = Math.floor(this.plot.clientWidth);
    const letter = parseFloat(getComputedStyle(this.root).fontSize);
    if (!width || (this.frame?.width === width && this.frame.letter === letter)) return;
    const frame = frameOf(this.data, width, letter);
    this.frame = frame;
    const { height, left, right, rows, end, x } = frame;
    const sizes = { width, height, viewBox: `0 0 ${width} ${height}` };
    for (const [name, value] of Object.entries(sizes)) this.svg.setAttribute(name, String(value));
    drawStill(this.still, this.data, frame, this.words);
    const style = getComputedStyle(this.root);
    const odd = rgb(this.data.theme.non_finite);
    this.root.style.setProperty("--odd", this.data.theme.non_finite);
    paint(this.canvas, this.data, rgb(style.getPropertyValue("--st-primary-color")), odd);
    const to = Math.min(right, x(this.done - 0.5));
    const box = { left, top: rows, width: Math.max(0, to - left), height: end - rows };
    for (const [name, px] of Object.entries(box)) this.canvas.style.setProperty(name, `${px}px`);
    this.canvas.hidden = !this.done;
    this.show();
  }

  /** Show what is looked at. */
  show() {
    const { data, done, mark, place, plot, said, still, words } = this;
    if (!this.frame) return;
    drawPlace(mark, data, place, this.frame);
    for (const label of still.querySelectorAll(".layer")) {
      const { layer } = /** @type {SVGElement} */ (label).dataset;
      label.classList.toggle("chosen", layer === place.layer);
    }
    said.hidden = !done;
    const { step, layer } = place;
    const norm = data.norms[data.layers.indexOf(layer)]?.[step];
    const told = { step, layer, loss: this.text(data.losses[step]), norm: this.text(norm) };
    said.textContent = done ? fill(words.said, told) : "";
    plot.ariaValueNow = String(step);
    plot.ariaValueText = said.textContent || words.none;
  }

  /** @param {Place} place */
  move(place) {
    if (place.step === this.place.step && place.layer === this.place.layer) return;
    this.place = place;
    this.show();
    clearTimeout(this.resting);
    if (!this.playing) this.resting = window.setTimeout(() => this.say(), REST);
  }

  say() {
    clearTimeout(this.resting);
    this.resting = 0;
    const { step, layer } = this.kept.value;
    if (this.place.step !== step || this.place.layer !== layer) this.kept.set(this.place);
  }

  /** @param {PointerEvent} event */
  take(event) {
    if (!this.done || event.button !== 0) return;
    this.halt();
    this.held = true;
    this.plot.setPointerCapture(event.pointerId);
    this.follow(event, true);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} pressed whether a layer is chosen, too
   */
  follow({ clientX, clientY }, pressed) {
    const { data, done, frame } = this;
    if (!frame) return;
    const { left, top } = this.svg.getBoundingClientRect();
    const named = clientX - left < frame.left; // a name alone chooses its layer
    const step = named ? this.place.step : stepAt(clientX - left, frame, data.steps, done);
    const layer = pressed ? layerAt(clientY - top, frame, data.layers) : null;
    this.move({ step, layer: layer ?? this.place.layer });
  }

  letGo() {
    if (!this.held) return;
    this.held = false;
    this.say();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.done || isCommand(event)) return;
    const to = keyTo(event, this.place, this.data.layers, this.done);
    if (event.key !== " " && to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null) {
      if (!event.repeat) this.play();
      return;
    }
    this.halt();
    this.move(to);
  }

  /** Play the steps from the one that is looked at, from the first after the last; or halt. */
  play() {
    if (this.playing) {
      this.halt();
      return;
    }
    const { layer } = this.place;
    if (this.place.step >= this.done - 1) this.move({ step: 0, layer });
    clearTimeout(this.resting);
    this.playing = window.setInterval(() => {
      this.move({ step: this.place.step + 1, layer: this.place.layer });
      if (this.place.step >= this.done - 1) this.halt();
    }, PLAY);
  }

  halt() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    this.say();
  }

  remove() {
    clearInterval(this.playing);
    clearTimeout(this.resting);
    this.watcher.disconnect();
    this.stay();
  }
}
