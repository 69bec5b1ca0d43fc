// Two runs in one picture: a box of each in every column, and below them one profile.

/** @import {FrontWords, Theme} from "../types.d.ts" */
/** @import {Store} from "../store.js" */
/** @import {Column} from "./align.js" */
/** @import {Made, Sides} from "./column.js" */

import { element, focused, scrolling } from "../element.js";
import { isCommand } from "../keys.js";
import { fill, shortNumber } from "../numbers.js";
import { shape } from "../profile/shapes.js";
import { showState, stateAt } from "../states.js";
import { endOf, measureIn } from "../strip/fit.js";
import { placeOf } from "../strip/place.js";
import { paintsFor } from "../strip/thumbnail.js";
import { align, ratioOf } from "./align.js";
import { boxesOf, makeColumn, nameOf, paintColumn } from "./column.js";
import { drawLines, ratioText } from "./lines.js";

const COLUMN = { least: 42, most: 150 }; // px; where the least is too much one scrolls
const GUTTER = { wide: 76, narrow: 26, from: 560 }; // px for what stands at the left
const ROOMY = 76; // px of a column from which on names stand in one row
const MARGIN = 28; // px that stay free around the chosen column: more than fades at an edge
const NAMED = 1.8; // columns that a name is wide where these are narrow

export class Flows {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {FrontWords} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "flows");
    this.inside = element(this.root, "div", "inside");
    // Under what stands at the left, while the columns are scrolled behind it.
    const cover = element(element(this.inside, "div", "cover"), "div");
    this.axis = shape(element(cover, "div", "backlight-profile"), "svg", { "aria-hidden": "true" });
    this.band = element(this.inside, "div", "band", "", { hidden: true });
    this.row = element(this.inside, "div", "pairs", "", {
      role: "group",
      ariaLabel: words.beside.flows,
    });
    for (const side of ["a", "b"]) this.label(side);
    this.row.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("scroll", () => this.showEdges());
    this.lines = shape(element(this.inside, "div", "backlight-profile"), "svg", {
      role: "img",
      "aria-label": words.beside.profile,
    });
    element(element(this.inside, "div", "ratios"), "b", "", "B : A");
    this.sides = /** @type {Sides | null} */ (null);
    /** @type {Column[]} */
    this.columns = [];
    /** @type {Made[]} */
    this.made = [];
    this.width = 0;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.root);
  }

  /** @param {string} side */
  label(side) {
    const label = element(this.row, "div", `run ${side}`, "", { ariaHidden: "true" });
    element(label, "b", "", side.toUpperCase());
    element(label, "span", "", this.words.strip.values);
    element(label, "span", "", this.words.strip.gradients);
  }

  remove() {
    this.watcher.disconnect();
  }

  /**
   * @param {Sides} sides
   */
  show(sides) {
    this.sides = sides;
    this.columns = align(sides.a.boxes, sides.b.boxes);
    for (const { button } of this.made) button.remove();
    this.made = this.columns.map((column, at) =>
      makeColumn(this.row, column, sides, this.words.beside, () => this.choose(at)),
    );
    this.made.forEach(({ button }, at) => {
      button.ariaLabel = this.tell(at);
      button.title = button.ariaLabel;
      button.addEventListener("focus", () => this.rove(at));
    });
    this.width = 0;
    this.fit();
    this.rove(Math.max(this.chosen, 0));
  }

  /** @returns {Theme} */
  get theme() {
    return /** @type {Sides} */ (this.sides).a.scene.theme;
  }

  /** The column of the chosen node; -1 where none holds it. */
  get chosen() {
    if (!this.sides) return -1;
    const at = placeOf(this.sides.a.boxes, this.store.node);
    return at < 0 ? -1 : this.columns.findIndex(({ a }) => a === at);
  }

  /** The page has become wider or narrower. */
  fit() {
    const { sides, columns, root } = this;
    const width = root.clientWidth;
    if (!sides || !width || width === this.width) return;
    this.width = width;
    const narrow = width < GUTTER.from;
    const gutter = narrow ? GUTTER.narrow : GUTTER.wide;
    const room = (width - gutter) / columns.length;
    const column = Math.min(Math.max(room, COLUMN.least), COLUMN.most);
    root.classList.toggle("narrow", narrow);
    root.classList.toggle("roomy", column >= ROOMY);
    root.style.setProperty("--column", `${column}px`);
    root.style.setProperty("--gutter", `${gutter}px`);
    this.inside.style.width = `${gutter + columns.length * column}px`;
    this.made.forEach(({ button }, at) => {
      button.style.left = `${gutter + at * column}px`;
    });
    this.plan = {
      width: gutter + columns.length * column,
      gutter: narrow ? 0 : gutter,
      height: this.lines.parentElement?.clientHeight ?? 0,
      column,
      middle: (/** @type {number} */ at) => gutter + (at + 0.5) * column,
    };
    this.nameColumns(column);
    this.paint();
    this.follow(true);
    this.showEdges();
  }

  /**
   * Write as much of every name as has room.
   * @param {number} column px
   */
  nameColumns(column) {
    const room = column >= ROOMY ? column : NAMED * column;
    for (const { button } of this.made) {
      for (const name of button.querySelectorAll(".names span")) {
        const measure = measureIn(name);
        const whole = button.dataset[name.className === "b" ? "b" : "a"] ?? "";
        name.textContent = endOf(whole, (text) => measure(text) <= room);
      }
    }
  }

  /** Show at which edges there are more columns. */
  showEdges() {
    const { classList, scrollLeft, clientWidth, scrollWidth } = this.root;
    classList.toggle("more-left", scrollLeft > 1);
    classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
  }

  /** Fill the boxes with the pictures of the chosen sample, as far as they have come. */
  paint() {
    const { sides, store } = this;
    if (!sides) return;
    const paints = paintsFor(this.theme, getComputedStyle(this.root).color);
    this.made.forEach((made, at) =>
      paintColumn(made, this.columns[at], sides, store.view.sample, paints),
    );
  }

  /**
   * Mark what is chosen.
   * @param {boolean} reveal
   */
  follow(reveal) {
    const { sides, chosen, plan } = this;
    if (!sides || !plan) return;
    const states = this.states();
    this.made.forEach(({ button }, at) => {
      button.classList.toggle("selected", at === chosen);
      button.ariaPressed = String(at === chosen);
      showState(button, states[at], this.words.strip);
    });
    const ahead = states.map((state) => state === "ahead");
    const { theme, words } = this;
    const drawings = { lines: this.lines, axis: this.axis };
    drawLines(drawings, this.columns, sides, { ...plan, chosen, ahead }, theme, words.strip);
    this.band.hidden = chosen < 0;
    if (chosen < 0) return;
    const { button } = this.made[chosen];
    this.band.style.left = button.style.left;
    if (!this.row.contains(focused(this.root))) this.rove(chosen);
    if (reveal) this.reveal(button);
  }

  /** How far the engine is at every column, while somebody steps: what A lacks goes with the next. */
  states() {
    const { step } = this.store.view;
    /** @type {import("../states.js").State} */
    let state = step === null ? "" : "done";
    return [...this.columns]
      .reverse()
      .map(({ a }) => {
        if (a !== null) state = stateAt(this.sides?.a.boxes[a].ranges ?? [], step);
        return state;
      })
      .reverse();
  }

  /**
   * Scroll the columns, never the page, until one is in view.
   * @param {HTMLElement} button
   */
  reveal({ offsetLeft, offsetWidth }) {
    const { scrollLeft, clientWidth } = this.root;
    const from = scrollLeft + GUTTER.narrow;
    const [low, high] = [offsetLeft, offsetLeft + offsetWidth];
    this.root.scrollLeft += scrolling(low, high, from, scrollLeft + clientWidth, MARGIN);
  }

  /**
   * Everything about a column in one line.
   * @param {number} at
   */
  tell(at) {
    const { sides, theme } = this;
    if (!sides) return "";
    const { beside, strip } = this.words;
    const column = this.columns[at];
    const boxes = boxesOf(column, sides);
    const [said, texts] = [[nameOf(boxes, beside)], /** @type {string[]} */ ([])];
    for (const side of /** @type {const} */ (["a", "b"])) {
      const gradient = sides[side].gradient(column[side]);
      if (!gradient) said.push(beside[side === "a" ? "only_b" : "only_a"]);
      else texts.push(`${side.toUpperCase()} ${sizeText(gradient, theme, strip)}`);
    }
    said.push(`${beside.largest_short} ${texts.join(", ")}`);
    const ratio = ratioOf(sides.a.gradient(column.a), sides.b.gradient(column.b));
    if (ratio !== null)
      said.push(fill(beside.ratio, { ratio: ratioText(ratio, theme.digits, theme) }));
    return said.join(" · ");
  }

  /** @param {number} at */
  choose(at) {
    const place = this.columns[at].a;
    const node = place === null ? "" : this.sides?.a.boxes[place].node;
    if (node) this.store.choose(node);
  }

  /**
   * Move the single tab stop.
   * @param {number} at
   */
  rove(at) {
    this.made.forEach(({ button }, each) => (button.tabIndex = each === at ? 0 : -1));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    const last = this.made.length - 1;
    const at = this.made.findIndex(({ button }) => button === event.target);
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.made[Math.min(Math.max(places[event.key], 0), last)].button.focus();
  }
}

/**
 * How large a gradient is, or why there is none.
 * @param {{state: string, peak: number}} gradient
 * @param {Theme} theme
 * @param {import("../types.d.ts").Words} words of the strip
 */
export function sizeText({ state, peak }, theme, words) {
  const reasons = /** @type {Record<string, string>} */ ({
    "not asked": words.not_asked,
    nothing: words.nothing,
    cut: words.cut,
    "not kept": words.not_kept,
  });
  return reasons[state] ?? shortNumber(peak, theme.digits, theme);
}
