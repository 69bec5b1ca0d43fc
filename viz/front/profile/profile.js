// The depth profile: how large the gradient is at every layer, on an axis that never changes.

/** @import {StripData, Theme, Words} from "../types.d.ts" */
/** @import {Mark} from "./scale.js" */

import { element } from "../element.js";
import { shortNumber } from "../numbers.js";
import { inRoom } from "../room/room.js";
import { drawGrid, drawLinks, explain } from "./grid.js";
import { linesOf, marksOf, namedEvery } from "./scale.js";
import { shape } from "./shapes.js";

const TOP = 13; // px, room for a number above the highest point
const FLOOR = { usual: 5, room: 10 }; // px below the floor
const ABOVE = { points: 9, numbers: 21 }; // px above the floor, for what stands above these
const BELOW = { points: 17, numbers: 40 }; // px below the top, for what stands below these
const NAMES = 16; // px for names below the floor
const WRITTEN = 58; // px of a column from which on numbers are written
const LONG = 84; // px of a column from which on they have all their digits
const ONE_NAME = 74; // px of a name below a long profile
const PILL = { height: 16, letter: 6.7, padding: 14 }; // px

/**
 * How it is drawn.
 * @typedef {object} Plan
 * @property {number} width px
 * @property {number} gutter
 * @property {(at: number) => number} middle of the column of a box
 * @property {number} column px
 * @property {number} chosen place of the box; -1 for none
 * @property {boolean[]} ahead which boxes the engine has not reached, while somebody steps
 * @property {{first: number, last: number} | null} window which boxes are shown above
 * @property {(at: number) => string} tell everything about a box in one line
 */

export class ProfileView {
  /**
   * @param {HTMLElement} parent
   * @param {Words} words
   * @param {{onChoose: (at: number) => void, onWindow: (at: number) => void}} told
   */
  constructor(parent, words, told) {
    this.words = words;
    this.told = told;
    this.root = element(parent, "div", "backlight-profile", "", { ariaHidden: "true" });
    this.svg = shape(this.root, "svg", {});
    this.plan = /** @type {Plan | null} */ (null);
    this.count = 0;
    this.dragged = /** @type {boolean | null} */ (null);
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.release(event));
    this.svg.addEventListener("pointercancel", () => (this.dragged = null));
  }

  /**
   * @param {StripData} data
   * @param {Theme} theme
   * @param {Plan} plan
   */
  draw(data, theme, plan) {
    this.plan = plan;
    this.count = data.boxes.length;
    const height = this.root.clientHeight;
    const floor = height - (plan.window ? NAMES : inRoom() ? FLOOR.room : FLOOR.usual);
    const [highest, lowest, unchanged] = data.axis;
    const axis = { highest, lowest, top: TOP, floor };
    const states = data.boxes.map(({ state }) => state);
    const marks = marksOf(data.peaks, states, axis).map((mark, at) =>
      plan.ahead[at] ? null : mark,
    );
    this.svg.replaceChildren();
    this.svg.setAttribute("width", String(plan.width));
    this.svg.setAttribute("height", String(height));
    this.root.classList.toggle("windowed", Boolean(plan.window));
    const low = states.some((state, at) => state === "number" && data.peaks[at] <= unchanged);
    const marked = low ? unchanged : null;
    drawGrid(this.svg, axis, plan, this.words, marked);
    if (plan.window) this.range(floor);
    const lines = drawLinks(this.svg, linesOf(data.links, data.path, marks), plan.middle, marks);
    if (plan.window) this.long(data, theme, marks, floor);
    else this.short(data, theme, marks, floor);
    const beside = !plan.window && plan.column >= WRITTEN ? "numbers" : "points";
    const points = marks.map((mark, at) => {
      return { mark, peak: data.peaks[at], x: plan.middle(at), of: "" };
    });
    const where = { ...plan, above: TOP + BELOW[beside], below: floor - ABOVE[beside] };
    explain(this.svg, { points, lines }, where, axis, marked, this.words, (value) =>
      shortNumber(value, 2, theme),
    );
    this.targets(height);
  }

  /**
   * What is drawn of a box and of what it passes on.
   * @param {number} at
   */
  partsOf(at) {
    return [...this.svg.querySelectorAll(`[data-at="${at}"]`)];
  }

  /**
   * Points, numbers and ratios, each under its column.
   * @param {StripData} data
   * @param {Theme} theme
   * @param {(Mark | null)[]} marks
   * @param {number} floor
   */
  short({ peaks, ratios, marked }, theme, marks, floor) {
    const { middle, column, chosen } = /** @type {Plan} */ (this.plan);
    const digits = column >= LONG ? theme.digits : theme.digits - 1;
    const write = (/** @type {number} */ value) => shortNumber(value, digits, theme);
    marks.forEach((mark, at) => {
      if (!mark) return;
      this.point(mark, middle(at), at === chosen).setAttribute("data-at", String(at));
      const sized = mark.look === "number" || mark.look === "below";
      const kept = at === chosen || at === marks.length - 1;
      if (column < WRITTEN && sized && !kept) return;
      const [x, y] = [middle(at), Math.max(mark.y - 7, 11) + (mark.y <= TOP ? 14 : 0)];
      shape(this.svg, "text", { class: "value", "data-at": at, x, y }, write(peaks[at]));
    });
    Array.from(ratios).forEach((ratio, at) => {
      const [from, to] = [marks[at], marks[at - 1]];
      const named = at === marked;
      if (Number.isNaN(ratio) || !from || !(to || named) || (column < WRITTEN && !named)) return;
      const y = (from.y + (to?.y ?? from.y)) / 2;
      const text = `×${shortNumber(ratio, 2, theme)}`;
      const label = this.label(
        text,
        // In a narrow column the number of the chosen box stands over both of its neighbours.
        middle(at) - column / 2 - (column < WRITTEN ? column : 0),
        y + 17 < floor ? y + 17 : y - 16,
        named,
      );
      label.setAttribute("data-at", String(at - 1)); // it is known when the next one is reached
    });
  }

  /**
   * One line, of which only the worst layer and the chosen one are marked.
   * @param {StripData} data
   * @param {Theme} theme
   * @param {(Mark | null)[]} marks
   * @param {number} floor
   */
  long({ boxes, ratios, marked }, theme, marks, floor) {
    const { middle, chosen, width, gutter } = /** @type {Plan} */ (this.plan);
    marks.forEach((mark, at) => {
      if (mark && (at === chosen || mark.look !== "number"))
        this.point(mark, middle(at), at === chosen);
    });
    const every = namedEvery(boxes.length, width - gutter, ONE_NAME);
    const last = boxes.length - 1;
    boxes.forEach(({ name }, at) => {
      if (at !== last && (at % every || at > last - every / 2)) return;
      const end = at === 0 ? "first" : at === last ? "last" : "";
      shape(this.svg, "text", { class: `tick ${end}`, x: middle(at), y: floor + 13 }, name);
    });
    const mark = marked === null ? null : marks[marked];
    if (marked === null || !mark || Number.isNaN(ratios[marked])) return;
    const text = `${boxes[marked].name} ×${shortNumber(ratios[marked], 2, theme)}`;
    const y = mark.y + 30 < floor ? mark.y + 24 : mark.y - 24;
    shape(this.svg, "path", { class: "stem", d: `M${middle(marked)} ${mark.y}V${y}` });
    this.label(text, middle(marked), y, true);
  }

  /**
   * @param {Mark} mark
   * @param {number} x
   * @param {boolean} chosen
   */
  point({ y, look }, x, chosen) {
    if (look === "above" || look === "below") {
      const tip = look === "above" ? -4 : 4;
      const d = `M${x - 5} ${y - tip}L${x} ${y + tip}L${x + 5} ${y - tip}Z`;
      return shape(this.svg, "path", { class: `point ${look}`, d });
    }
    const r = chosen ? 5.5 : 4;
    return shape(this.svg, "circle", { class: `point ${look}`, cx: x, cy: y, r });
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {boolean} worst
   */
  label(text, x, y, worst) {
    const width = text.length * PILL.letter + PILL.padding;
    const right = /** @type {Plan} */ (this.plan).width - width / 2;
    const middle = Math.max(width / 2, Math.min(x, right));
    if (worst) {
      const box = { x: middle - width / 2, y: y - PILL.height / 2, width, height: PILL.height };
      shape(this.svg, "rect", { class: "worst", ...box, rx: PILL.height / 2 });
    }
    const kind = worst ? "ratio worst" : "ratio";
    return shape(this.svg, "text", { class: kind, x: middle, y: y + 4 }, text);
  }

  /**
   * Mark which boxes are shown above.
   * @param {number} floor
   */
  range(floor) {
    const { x, width } = this.shown;
    shape(this.svg, "rect", { class: "window", x, y: 1, width, height: floor - 1 });
  }

  /** Where the boxes above stand on the long profile, px. */
  get shown() {
    const { window, middle, column } = /** @type {Plan} */ (this.plan);
    if (!window) return { x: 0, width: 0 };
    const [from, to] = [middle(window.first) - column / 2, middle(window.last) + column / 2];
    const width = Math.max(to - from, 12);
    return { x: (from + to - width) / 2, width };
  }

  /**
   * Parts that nobody sees, which say what stands there.
   * @param {number} height
   */
  targets(height) {
    const { middle, column, tell } = /** @type {Plan} */ (this.plan);
    for (let at = 0; at < this.count; at += 1) {
      const box = { x: middle(at) - column / 2, y: 0, width: column, height };
      shape(shape(this.svg, "rect", { class: "target", ...box }), "title", {}, tell(at));
    }
  }

  /**
   * The box whose column a pointer is in.
   * @param {PointerEvent} event
   */
  at({ clientX }) {
    const { middle, column } = /** @type {Plan} */ (this.plan);
    const x = clientX - this.svg.getBoundingClientRect().left;
    return Math.min(Math.max(Math.round((x - middle(0)) / column), 0), this.count - 1);
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (!this.plan || event.button) return;
    this.dragged = false;
    if (!this.plan.window) return;
    this.svg.setPointerCapture(event.pointerId);
    this.told.onWindow(this.at(event));
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.dragged === null || !this.plan?.window) return;
    this.dragged ||= Math.abs(event.movementX) > 1;
    this.told.onWindow(this.at(event));
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (this.dragged === false && this.plan) this.told.onChoose(this.at(event));
    this.dragged = null;
  }
}
