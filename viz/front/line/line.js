// Curves over two axes, and a point that one moves along them.
//
// Everything on screen follows the pointer at once. The place is said when the pointer rests or is
// let go, so that the page is not drawn anew for every step on the way.

import { element } from "../element.js";
import { Kept } from "../kept.js";
import { isCommand } from "../keys.js";
import { fill } from "../numbers.js";
import { shape } from "../profile/shapes.js";
import { drawAxes, drawCurves, drawSample } from "./drawing.js";
import { frameOf, nearest } from "./frame.js";
import { looksOf } from "./looks.js";
import { drawMarker, keyTo } from "./marker.js";
import { plain, write } from "./said.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */
/** @import {Frame, LineData, Look} from "./types.d.ts" */

const REST = 250; // ms without a move after which a place is said

export class LineView {
  /** @type {Look[]} */
  looks = [];
  /** @type {Frame | null} */
  frame = null;
  /** The place before the pointer came; null while it is not held. @type {number | null} */
  before = null;
  resting = 0;

  /**
   * @param {HTMLElement} root
   * @param {LineData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    this.at = data.value;
    this.kept = new Kept(data.value);
    this.title = element(root, "p", "title");
    this.plot = element(root, "div", "plot");
    this.svg = shape(this.plot, "svg", { "aria-hidden": "true" });
    this.still = shape(this.svg, "g", {});
    this.marker = shape(this.svg, "g", {});
    this.legend = element(root, "ul", "legend");
    this.said = element(root, "div", "said");
    // The longest line keeps the room of all.
    this.longest = element(this.said, "span", "longest", "", { ariaHidden: "true" });
    this.line = element(this.said, "span", "line");
    this.hint = element(root, "p", "hint", words.move);
    this.listen();
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
  }

  listen() {
    const { plot } = this;
    plot.addEventListener("keydown", (event) => this.key(event));
    plot.addEventListener("keyup", () => this.resting && this.say());
    plot.addEventListener("pointerdown", (event) => this.take(event));
    plot.addEventListener("pointermove", (event) => this.before !== null && this.follow(event));
    plot.addEventListener("pointerup", () => this.letGo());
    plot.addEventListener("pointercancel", () => this.giveUp());
    plot.addEventListener("lostpointercapture", () => this.letGo());
  }

  /**
   * @param {LineData} data
   * @param {Send} say
   */
  update(data, say) {
    this.data = data;
    this.kept.say = say;
    this.kept.hear(data.value, data.heard);
    if (this.before === null && !this.resting) this.at = this.kept.value;
    this.looks = looksOf(data.curves);
    this.title.textContent = data.title;
    this.describe();
    this.frame = null;
    this.fit();
  }

  /** Say what it is to who does not see it. */
  describe() {
    const { plot, words } = this;
    const { title, axes, curves, moving } = this.data;
    const told = curves.map((curve) => {
      const [first, last] = curve.ends;
      const sentence = curve.ends.length ? words.curve : words.empty_curve;
      return fill(sentence, { title: curve.title, first, last });
    });
    const names = { title, x: axes[0].title, y: axes[1].title };
    plot.ariaLabel = fill(words.summary, { ...names, curves: told.join(" ") });
    plot.role = moving ? "slider" : "img";
    plot.classList.toggle("moves", Boolean(moving));
    this.said.hidden = this.hint.hidden = !moving;
    if (!moving) {
      for (const name of ["tabindex", "data-takes"]) plot.removeAttribute(name);
      return;
    }
    plot.tabIndex = 0;
    plot.dataset.takes = "arrows";
    plot.ariaValueMin = "0";
    plot.ariaValueMax = String(moving.places.length - 1);
    const lengths = moving.said.map((said) => plain(said).length);
    write(this.longest, moving.said[lengths.indexOf(Math.max(...lengths))]);
  }

  /** Draw it as large as there is room, unless it stands there so already. */
  fit() {
    const width = Math.floor(this.plot.clientWidth);
    const letter = parseFloat(getComputedStyle(this.root).fontSize);
    if (!width || (this.frame?.width === width && this.frame.letter === letter)) return;
    this.frame = frameOf(this.data, width, letter);
    this.draw(this.frame);
    this.show();
  }

  /** @param {Frame} frame */
  draw(frame) {
    const { data, svg, still, looks } = this;
    const { width, height, letter } = frame;
    const sizes = { width, height, viewBox: `0 0 ${width} ${height}` };
    for (const [name, value] of Object.entries(sizes)) svg.setAttribute(name, String(value));
    still.replaceChildren();
    drawAxes(still, data, frame);
    drawCurves(still, data, looks, frame);
    if (data.curves.every(({ points }) => !points.length)) {
      const middle = { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
      shape(still, "text", { class: "none", ...middle }, this.words.none);
    }
    this.drawLegend(letter);
  }

  /** @param {number} letter */
  drawLegend(letter) {
    const { legend, looks, words } = this;
    legend.replaceChildren();
    if (isNamed(this.data)) return;
    this.data.curves.forEach(({ title, kind, points }, at) => {
      const item = element(legend, "li");
      drawSample(item, kind, looks[at], letter);
      element(item, "span", "", points.length ? title : `${title} (${words.none})`);
    });
  }

  /** Show where the point stands. */
  show() {
    const { moving } = this.data;
    if (!moving || !this.frame) {
      this.marker.replaceChildren();
      return;
    }
    const at = Math.min(this.at, moving.places.length - 1);
    drawMarker(this.marker, moving, at, this.looks, this.frame);
    write(this.line, moving.said[at]);
    this.plot.ariaValueNow = String(at);
    this.plot.ariaValueText = plain(moving.said[at]);
  }

  /** @param {number} at */
  move(at) {
    if (at === this.at) return;
    this.at = at;
    this.show();
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.say(), REST);
  }

  say() {
    clearTimeout(this.resting);
    this.resting = 0;
    if (this.at !== this.kept.value) this.kept.set(this.at);
  }

  /** @param {PointerEvent} event */
  take(event) {
    if (!this.data.moving || event.button !== 0) return;
    this.before = this.at;
    this.plot.setPointerCapture(event.pointerId);
    this.follow(event);
  }

  /** @param {PointerEvent} event */
  follow({ clientX }) {
    const { moving } = this.data;
    if (!moving || !this.frame) return;
    const across = clientX - this.svg.getBoundingClientRect().left;
    this.move(nearest(moving.places.map(this.frame.x), across));
  }

  letGo() {
    if (this.before === null) return;
    this.before = null;
    this.say();
  }

  /** The finger scrolls the page: the point has not been meant. */
  giveUp() {
    if (this.before === null) return;
    this.move(this.before);
    this.letGo();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { moving } = this.data;
    if (!moving || isCommand(event)) return;
    const to = keyTo(event, this.at, moving.places.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(to);
    if (!event.repeat) this.say();
  }

  remove() {
    clearTimeout(this.resting);
    this.watcher.disconnect();
  }
}

/**
 * Whether its only curve has the name of the picture or of the y axis.
 * @param {LineData} data
 */
function isNamed({ title, axes, curves }) {
  return curves.length === 1 && [title, axes[1].title].includes(curves[0].title);
}
