// The living example of the start page: values go forward, gradients come back, a step at a time.

import { element, focused } from "../element.js";
import { isCommand, isTyping, nothingFocused } from "../keys.js";
import { Controls } from "./controls.js";
import { fillCell, lanes } from "./lanes.js";
import { isArrow, nearest } from "./nearest.js";
import { Player } from "./player.js";
import { say } from "./sentence.js";

/** @import {Words} from "../types.d.ts" */
/** @import {Cell} from "./lanes.js" */
/** @import {StartData, Sentence} from "./types.d.ts" */

export class StartView {
  /**
   * @param {HTMLElement} root
   * @param {StartData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    root.style.setProperty("--linked", data.linked);
    const below = element(root, "div", "below"); // what is pressed first is reached first
    this.said = element(below, "div", "said");
    this.player = new Player(data.steps.length, (moves) => this.show(moves));
    this.controls = new Controls(below, this.player, words);
    this.lanes = lanes(root, data, words);
    const { value, gradient } = this.lanes.cells;
    this.cells = [...value.flat(), ...gradient.flat()];
    /** @type {Cell | null} */
    this.pinned = null;
    this.listen();
    this.player.begin(matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  /** A run is told once; it stays what it is. */
  update() {}

  listen() {
    this.cells[0].part.tabIndex = 0;
    for (const cell of this.cells) {
      const { part } = cell;
      part.addEventListener("pointerenter", () => this.tell(cell));
      part.addEventListener("pointerleave", () => this.tell(this.pinned));
      part.addEventListener("focus", () => this.rove(cell));
      part.addEventListener("blur", () => this.tell(this.pinned));
      part.addEventListener("click", () => this.pin(cell));
    }
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    this.onPress = (/** @type {PointerEvent} */ event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("pointerdown", this.onPress);
  }

  remove() {
    this.player.halt();
    if (this.onKey) document.removeEventListener("keydown", this.onKey);
    if (this.onPress) document.removeEventListener("pointerdown", this.onPress);
  }

  /** Number of the box whose gradient came last; one past the last box before the first step. */
  get now() {
    return this.data.boxes.length - this.player.at;
  }

  /**
   * Show how far the gradient is.
   * @param {boolean} moves
   */
  show(moves) {
    const { boxes, arrows, cells } = this.lanes;
    const { now } = this;
    this.pinned = null;
    boxes.forEach((box, at) => {
      box.classList.toggle("now", at === now);
      box.classList.toggle("ahead", at < now);
      box.classList.remove("moves");
      for (const { part, data } of cells.gradient[at]) fillCell(part, data, at >= now);
    });
    arrows.forEach((arrow, at) => {
      arrow.classList.toggle("now", at === now);
      arrow.classList.toggle("ahead", at < now);
      arrow.classList.remove("moves");
    });
    if (moves && boxes[now]) {
      void boxes[now].offsetWidth; // what moved before begins anew
      for (const part of [boxes[now], arrows[now]]) part?.classList.add("moves");
    }
    this.root.dataset.step = String(this.player.at);
    this.said.ariaLive = this.player.alone ? "off" : "polite";
    this.controls.show();
    this.tell(null);
  }

  /**
   * Say where a number comes from; what the step says where there is none.
   * @param {Cell | null} cell
   */
  tell(cell) {
    const told = cell && this.reached(cell) ? cell : null;
    const shown = told ?? this.telling();
    for (const { part } of this.cells) part.classList.remove("told", "linked");
    shown?.part.classList.add("told");
    for (const [lane, box, at] of shown?.data.from ?? [])
      this.lanes.cells[lane][box][at].part.classList.add("linked");
    say(this.said, told ? { lead: told.data.name, rest: "", parts: told.data.parts } : this.step());
  }

  /** The cell that the step is told of. */
  telling() {
    const step = this.data.steps[this.player.at - 1];
    return step ? this.lanes.cells.gradient[step.box][step.cell] : null;
  }

  /** @returns {Sentence} */
  step() {
    const step = this.data.steps[this.player.at - 1];
    return step ? { ...step, parts: this.telling()?.data.parts ?? [] } : this.data.before;
  }

  /** @param {Cell} cell */
  reached({ lane, box }) {
    return lane === "value" || box >= this.now;
  }

  /** @param {Cell} cell */
  pin(cell) {
    this.pinned = cell;
    this.tell(cell);
  }

  /**
   * Move the one stop that all numbers share, and tell of it.
   * @param {Cell} cell
   */
  rove(cell) {
    for (const { part } of this.cells) part.tabIndex = part === cell.part ? 0 : -1;
    this.tell(cell);
  }

  /** @param {PointerEvent} event */
  press(event) {
    const path = event.composedPath();
    if (!path.includes(this.controls.root)) this.player.interrupt();
    if (!path.includes(this.root)) this.free();
  }

  free() {
    this.pinned = null;
    this.tell(null);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event) || event.defaultPrevented) return;
    const stopped = this.player.interrupt();
    if (event.key === "Escape") this.free();
    const part = focused(this.root);
    const inside = part && this.root.contains(part);
    if (!inside && !turns(event) && !nothingFocused()) return;
    const cell = this.cells.find((each) => each.part === part);
    if (cell && isArrow(event.key)) this.walk(cell, event);
    else if (!(part instanceof HTMLButtonElement && " Enter".includes(event.key)))
      this.steer(event, stopped);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {boolean} stopped whether the key has stopped what played by itself
   */
  steer(event, stopped) {
    const { player } = this;
    /** @type {Record<string, () => void>} */
    const acts = {
      PageDown: () => player.next(),
      ArrowRight: () => player.next(),
      PageUp: () => player.back(),
      ArrowLeft: () => player.back(),
      " ": () => (stopped ? undefined : player.play()),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  }

  /**
   * Go on to the next number in the direction of an arrow key.
   * @param {Cell} from
   * @param {KeyboardEvent} event
   */
  walk(from, event) {
    event.preventDefault();
    const points = this.cells.map(({ part }) => middle(part));
    const at = nearest(points, middle(from.part), event.key);
    if (at >= 0) this.cells[at].part.focus();
  }
}

/** @param {Element} part */
function middle(part) {
  const { x, y, width, height } = part.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * Whether a key turns pages, as those of a clicker do, wherever the focus is.
 * @param {KeyboardEvent} event
 */
function turns(event) {
  return event.key.startsWith("Page") && !isTyping(event);
}
