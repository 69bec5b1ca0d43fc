// The picture of the whole run: boxes in forward order, what went through each, and below them how
// large the gradient is.

import { element, focused } from "../element.js";
import { isCommand } from "../keys.js";
import { ProfileView } from "../profile/profile.js";
import { shape } from "../profile/shapes.js";
import { inRoom } from "../room/room.js";
import { showState, stateAt } from "../states.js";
import { fillBox, makeBox, tellBox } from "./box.js";
import { amount, tellReach } from "./changes.js";
import { drawLines } from "./lines.js";
import { placeOf } from "./place.js";
import { firstAround, middle, sizesFor } from "./sizes.js";
import { paintsFor, unpacked } from "./thumbnail.js";
import { roomBelow, waysOf } from "./ways.js";

/** @import {Store} from "../store.js" */
/** @import {Pictures, StripData, Theme, Words} from "../types.d.ts" */
/** @import {Box} from "./box.js" */
/** @import {Run} from "../steps/motion.js" */
/** @import {Sizes} from "./sizes.js" */
/** @import {Way} from "./ways.js" */
/** @import {Pair} from "./thumbnail.js" */

export class StripView {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Words} words
   * @param {{onMissing?: (sample: number) => void, tools?: HTMLElement}} [options] told of a sample
   *   without pictures; what stands beside the sentence
   */
  constructor(parent, store, words, options = {}) {
    this.words = words;
    this.store = store;
    this.options = options;
    this.root = element(parent, "div", "backlight-strip");
    this.legends = this.legend();
    this.scroller = element(this.root, "div", "scroller");
    this.band = element(this.scroller, "div", "band", "", { hidden: true });
    this.row = element(this.scroller, "div", "row", "", { role: "group", ariaLabel: words.strip });
    this.named = this.lanes();
    this.lines = shape(this.row, "svg", { class: "lines", "aria-hidden": "true" });
    this.row.addEventListener("keydown", (event) => this.key(event));
    const line = element(this.scroller, "div", "line");
    this.fan = shape(line, "svg", { class: "fan", "aria-hidden": "true" });
    const told = element(line, "div", "told");
    if (options.tools) told.append(options.tools);
    this.verdict = element(element(told, "p", "verdict"), "span");
    this.profile = new ProfileView(this.scroller, words, {
      onChoose: (at) => this.chooseAt(at),
      onWindow: (at) => this.moveTo(at),
    });
    this.data = /** @type {StripData | null} */ (null);
    this.theme = /** @type {Theme | null} */ (null);
    this.sizes = /** @type {Sizes | null} */ (null);
    this.width = 0; // px of the whole, as it was drawn last
    this.ways = /** @type {Way[]} */ ([]);
    this.first = 0; // place of the first box that is shown
    this.built = ""; // what the boxes were built for
    /** @type {Box[]} */
    this.boxes = [];
    /** @type {Map<number, Pair[]>} by sample */
    this.pictures = new Map();
    this.drawn = /** @type {Pair[]} */ ([]);
    this.asked = -1; // sample whose pictures are awaited
    this.choosing = false;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.root);
    this.root.addEventListener("transitionend", ({ target }) => {
      if (target === this.root) this.paint(); // another theme, see strip.css
    });
    this.unsubscribe = store.subscribe(({ node, step, sample }, { before }) => {
      if (node !== before.node || step !== before.step) this.follow(!this.choosing);
      if (sample !== before.sample) this.paint();
    });
  }

  /** On a narrow page the lanes are named above the boxes. */
  legend() {
    const legend = element(this.root, "div", "legend", "", { ariaHidden: "true" });
    return ["", "back"].map((way) => element(legend, "span", way));
  }

  lanes() {
    const lanes = element(this.row, "div", "lanes", "", {
      ariaHidden: "true",
      title: this.words.own_colours,
    });
    return ["value", "gradient"].map((lane) => {
      const part = element(lanes, "span", lane);
      return [element(part, "b"), element(part, "span")];
    });
  }

  /** Name the lanes: what went through the boxes, or what changed in them. */
  name() {
    const { words } = this;
    const names = this.changed
      ? [words.delta_values, words.delta_gradients]
      : [words.values, words.gradients];
    const ways = this.changed ? [words.minus, words.minus] : [words.forward, words.backward];
    this.named.forEach(([name, way], lane) => {
      name.textContent = names[lane];
      way.textContent = ways[lane];
    });
    const [forward, back] = this.legends;
    forward.title = back.title = this.words.own_colours;
    forward.textContent = this.changed ? names[0] : `${names[0]} → ${ways[0]}`;
    back.textContent = this.changed ? `${names[1]} (${ways[1]})` : `${ways[1]} ← ${names[1]}`;
  }

  /** Whether the boxes show what changes by hand did. */
  get changed() {
    return Boolean(this.data?.reach);
  }

  remove() {
    this.unsubscribe();
    this.watcher.disconnect();
    this.root.remove();
  }

  /**
   * @param {StripData} data
   * @param {Theme} theme
   */
  show(data, theme) {
    this.data = data;
    this.theme = theme;
    this.built = "";
    this.asked = -1;
    this.ways = waysOf(data.links);
    this.pictures = new Map(data.pictures.map((each) => [each.sample, unpacked(each)]));
    this.drawn = this.pictures.get(0) ?? [];
    this.root.dataset.state = data.state;
    this.root.classList.toggle("changed", this.changed);
    this.name();
    this.sizes = null;
    this.follow(true);
  }

  /**
   * Take the pictures of a sample that was not sent with the run.
   * @param {Pictures} pictures
   */
  add(pictures) {
    this.pictures.set(pictures.sample, unpacked(pictures));
    this.paint();
  }

  /**
   * There are no pictures of a sample: those of another one would be taken for its own.
   * @param {number} sample
   */
  lack(sample) {
    this.pictures.set(sample, []);
    this.paint();
  }

  /** The page has become wider or narrower. */
  fit() {
    if (this.data && this.root.clientWidth !== this.width) this.follow(true);
  }

  get chosen() {
    return this.data ? placeOf(this.data.boxes, this.store.node) : -1;
  }

  /**
   * Show what is chosen, and how far the engine is while somebody steps.
   * @param {boolean} reveal
   */
  follow(reveal) {
    const { data, root } = this;
    this.width = root.clientWidth;
    if (!data || !this.width) return;
    const count = data.boxes.length;
    this.sizes = sizesFor(count, this.width, inRoom());
    const { shown } = this.sizes;
    const { chosen } = this;
    const around = chosen < this.first || chosen >= this.first + shown;
    if (chosen >= 0 && (around || reveal)) this.first = firstAround(count, shown, chosen);
    this.first = Math.min(this.first, count - shown);
    this.draw(reveal);
  }

  /**
   * Draw the boxes from the first on, and all that belongs to them.
   * @param {boolean} reveal
   */
  draw(reveal) {
    const { data, sizes, store } = this;
    if (!data || !sizes) return;
    const built = this.build();
    this.boxes.forEach(({ button }, at) => {
      const { ranges } = data.boxes[this.first + at];
      const state = stateAt(ranges, store.view.step);
      showState(button, state, this.words);
      button.classList.toggle("current", state === "current");
    });
    this.light(reveal || built);
    this.drawProfile();
    this.write();
  }

  /** Say what becomes of the gradient, or what the changes by hand reach. */
  write() {
    const { data } = this;
    if (!data) return;
    const pieces = this.changed
      ? tellReach(data, this.chosen, this.lossMoved, this.words)
      : data.verdict;
    this.verdict.replaceChildren();
    for (const { text, strong } of pieces) {
      if (strong) element(this.verdict, "b", "", text);
      else this.verdict.append(text);
    }
  }

  /** By how much the loss differs, in few digits; empty where it is no single number. */
  get lossMoved() {
    const { theme } = this;
    const moved = this.drawn.at(-1)?.value;
    if (!theme || moved?.cells.length !== 1) return "";
    return amount(moved.largest, theme.digits, theme, true);
  }

  /** Make the boxes, unless they are those of before; return whether they were made. */
  build() {
    const { data, first, sizes } = this;
    if (!data || !sizes) return false;
    const key = JSON.stringify([first, sizes]);
    if (key === this.built) return false;
    const at = this.boxes.findIndex(({ button }) => button === focused(this.root));
    const node = at < 0 ? "" : this.boxes[at].button.dataset.node;
    this.built = key;
    this.measure(sizes);
    for (const { button } of this.boxes) button.remove();
    this.boxes = data.boxes.slice(first, first + sizes.shown).map((box, place) => {
      const made = makeBox(this.row, box, sizes, this.words, () => this.choose(first + place));
      made.button.style.left = `${middle(sizes, place) - sizes.box / 2}px`;
      made.button.addEventListener("focus", () => this.rove(place));
      return made;
    });
    this.paint();
    this.drawLines();
    this.rove(Math.max(this.chosen - first, 0));
    if (at >= 0) this.refocus(node ?? "");
    return true;
  }

  /** @param {Sizes} sizes */
  measure(sizes) {
    const { style, dataset, classList } = this.root;
    dataset.kind = sizes.kind;
    classList.toggle("windowed", sizes.windowed);
    classList.toggle("narrow", !sizes.gutter);
    classList.toggle("staggered", sizes.staggered);
    style.setProperty("--box", `${sizes.box}px`);
    style.setProperty("--gutter", `${sizes.gutter}px`);
    style.setProperty("--gradient-side", `${sizes.gradient}px`);
    style.setProperty("--below", `${roomBelow(this.ways)}px`);
    style.setProperty("--inside", `${sizes.gutter + sizes.shown * sizes.column}px`);
  }

  /** Fill the boxes with the pictures of the chosen sample, or ask for them. */
  paint() {
    const { data, theme, sizes, words } = this;
    if (!data || !theme || !sizes) return;
    const wanted = this.store.view.sample < data.samples ? this.store.view.sample : 0;
    const found = this.pictures.get(wanted);
    if (found) this.drawn = found;
    else if (this.asked !== wanted) this.options.onMissing?.(wanted);
    this.asked = found ? -1 : wanted;
    this.root.classList.toggle("stale", !found);
    const paints = paintsFor(theme, getComputedStyle(this.root).color);
    const how = { paints, sizes, theme, words, changed: this.changed };
    this.boxes.forEach((made, at) => {
      const box = data.boxes[this.first + at];
      fillBox(made, box, this.drawn[this.first + at] ?? null, how);
      made.button.title = this.tell(this.first + at);
    });
  }

  /**
   * Everything about a box in one line.
   * @param {number} at
   */
  tell(at) {
    const { data, theme } = this;
    if (!data || !theme) return "";
    const { changed, drawn, words } = this;
    const numbers = { peak: data.peaks[at], ratio: data.ratios[at], pictures: drawn[at], changed };
    return tellBox(data.boxes[at], numbers, theme, words);
  }

  drawLines() {
    const { data, sizes } = this;
    const lanes = this.boxes[0]?.lanes;
    if (!data || !sizes || !lanes) return;
    const [value, gradient] = [lanes.value.part, lanes.gradient.part].map(
      (part) => part.offsetTop + part.offsetHeight / 2,
    );
    const top = this.boxes[0].button.offsetTop;
    const bottom = top + this.boxes[0].button.offsetHeight;
    const heights = { value: top + value, gradient: top + gradient, bottom };
    drawLines(this.lines, data.boxes, this.ways, sizes, this.first, heights);
  }

  drawProfile() {
    const { data, sizes, theme } = this;
    if (!data || !sizes || !theme) return;
    const { gutter, windowed, shown } = sizes;
    const count = data.boxes.length;
    const width = windowed ? this.width : gutter + count * sizes.column;
    const column = windowed ? (width - gutter) / count : sizes.column;
    const { step } = this.store.view;
    this.profile.draw(data, theme, {
      ...{ width, gutter, column },
      middle: (at) => middle({ gutter, column }, at),
      chosen: this.chosen,
      ahead: data.boxes.map(({ ranges }) => stateAt(ranges, step) === "ahead"),
      window: windowed ? { first: this.first, last: this.first + shown - 1 } : null,
      tell: (at) => this.tell(at),
    });
    // Where what a step does can stand, in the place of the sentence about the run.
    const height = this.profile.root.offsetHeight;
    this.root.parentElement?.style.setProperty("--sentence-bottom", `${height}px`);
    this.drawFan();
  }

  /** Join the boxes to their place on the profile. */
  drawFan() {
    const { fan, sizes, width } = this;
    fan.replaceChildren();
    if (!sizes?.windowed || !width) return;
    const { x, width: range } = this.profile.shown;
    const height = fan.clientHeight;
    const right = Math.min(sizes.gutter + sizes.shown * sizes.column, width);
    const d = `M${sizes.gutter} 0H${right}L${x + range} ${height}H${x}Z`;
    shape(fan, "path", { d });
  }

  /**
   * What moves at a step onward: nothing within a box that was reached before.
   * @param {number} step
   * @returns {{runs: Run[], filled: Element[], shown: Element[]}}
   */
  moving(step) {
    const boxes = this.data?.boxes ?? [];
    const at = placeOf(boxes, `n${step}`);
    const made = this.boxes[at - this.first];
    if (!made || stateAt(boxes[at].ranges, step - 1) !== "ahead")
      return { runs: [], filled: [], shown: [] };
    /** @type {NodeListOf<SVGPathElement>} */
    const ways = this.lines.querySelectorAll(`path[data-to="${boxes[at].node}"]`);
    const { canvas, number } = made.lanes.gradient;
    return {
      runs: [...ways].map((path) => ({ path, backward: false, radius: 4 })),
      filled: [canvas],
      shown: [number, ...this.profile.partsOf(at)],
    };
  }

  /**
   * Show the boxes around one of them.
   * @param {number} at
   */
  moveTo(at) {
    const { data, sizes } = this;
    if (!data || !sizes) return;
    const first = firstAround(data.boxes.length, sizes.shown, at);
    if (first === this.first) return;
    this.first = first;
    this.draw(false);
  }

  /**
   * Give the focus back to the box of a node; where that is gone, to the chosen one.
   * @param {string} node
   */
  refocus(node) {
    const same = this.boxes.findIndex(({ button }) => button.dataset.node === node);
    const place = same < 0 ? Math.max(this.chosen - this.first, 0) : same;
    this.boxes[Math.min(place, this.boxes.length - 1)].button.focus({ preventScroll: true });
  }

  /**
   * Move the single tab stop.
   * @param {number} place
   */
  rove(place) {
    const at = Math.min(place, this.boxes.length - 1);
    this.boxes.forEach(({ button }, each) => (button.tabIndex = each === at ? 0 : -1));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event) || !this.data) return;
    const last = this.data.boxes.length - 1;
    const at = this.first + this.boxes.findIndex(({ button }) => button === event.target);
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    const wanted = Math.min(Math.max(places[event.key], 0), last);
    if (!this.boxes[wanted - this.first]) this.moveTo(wanted);
    this.boxes[wanted - this.first].button.focus();
  }

  /**
   * What was chosen here is in sight already.
   * @param {number} at
   */
  choose(at) {
    const node = this.data?.boxes[at].node;
    if (!node) return;
    this.choosing = true;
    this.store.choose(node);
    this.choosing = false;
  }

  /**
   * A place on the profile was pressed.
   * @param {number} at
   */
  chooseAt(at) {
    this.moveTo(at);
    this.choose(at);
  }

  /** @param {boolean} reveal */
  light(reveal) {
    const { sizes, band } = this;
    const chosen = this.chosen - this.first;
    this.boxes.forEach(({ button }, place) => {
      button.classList.toggle("selected", place === chosen);
      button.ariaPressed = String(place === chosen);
    });
    const made = this.boxes[chosen];
    band.hidden = !made;
    if (!made || !sizes) return;
    band.style.left = made.button.style.left;
    if (!this.row.contains(focused(this.root))) this.rove(chosen);
    if (reveal) this.reveal(made.button);
  }

  /**
   * Scroll the boxes, never the page, until one is in view.
   * @param {HTMLElement} button
   */
  reveal(button) {
    const frame = this.sizes?.windowed ? this.row : this.scroller;
    const left = button.offsetLeft;
    const { scrollLeft, clientWidth } = frame;
    const hidden = left < scrollLeft || left + button.offsetWidth > scrollLeft + clientWidth;
    if (hidden) frame.scrollLeft = left - (clientWidth - button.offsetWidth) / 2;
  }
}
