// Undo and Redo: two buttons and their keys, which lose no press however quickly they come.
//
// Presses are numbered; each message, the trigger `presses` with [[number, "undo" or "redo"], ...],
// holds all that the server has not answered yet, since of two messages in a row it may see only
// the second.

import { button, element } from "../element.js";

/** @import {Send} from "../mounting.js" */

/** @typedef {"undo" | "redo"} Way */
/** @typedef {[number: number, way: Way]} Press */

/**
 * See `viz.undo.undo_data`.
 * @typedef {object} UndoData
 * @property {number} past
 * @property {number} future
 * @property {number} answered
 * @property {Record<string, string>} text
 */

const AGAIN = 3000; // milliseconds without an answer before presses are sent once more
const MOST_WAITING = 100; // the server keeps no more changes than that
/** @type {Record<string, Way>} */
const KEYS = { z: "undo", y: "redo" };
const NOT_TYPED = ["button", "checkbox", "radio", "range", "submit", "reset", "color", "file"];

/**
 * How many changes can be undone and redone once everything that waits is done.
 * @param {Pick<UndoData, "past" | "future">} counts
 * @param {Press[]} waiting
 * @returns {Record<Way, number>}
 */
export function left({ past, future }, waiting) {
  for (const [, way] of waiting) {
    const moved = way === "undo" ? Math.min(past, 1) : -Math.min(future, 1);
    past -= moved;
    future += moved;
  }
  return { undo: past, redo: future };
}

/**
 * Whether a text is being typed there, which has an undo of its own.
 * @param {EventTarget | undefined} target
 */
function isTyped(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement) || target.readOnly) return false;
  const list = target.getAttribute("role") === "combobox"; // closed, its text is a choice
  return list ? target.getAttribute("aria-expanded") === "true" : !NOT_TYPED.includes(target.type);
}

export class UndoView {
  /**
   * @param {HTMLElement} root
   * @param {UndoData} data
   */
  constructor(root, data) {
    this.data = data;
    this.serial = data.answered;
    /** @type {Send} */
    this.send = () => {};
    /** @type {Press[]} */
    this.waiting = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    this.buttons = { undo: this.button(root, "undo"), redo: this.button(root, "redo") };
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  /**
   * @param {HTMLElement} root
   * @param {Way} way
   */
  button(root, way) {
    const made = button(root, "", "", () => this.press(way));
    element(made, "span", "icon", way).setAttribute("aria-hidden", "true");
    return { made, words: element(made, "span") };
  }

  remove() {
    clearTimeout(this.again);
    document.removeEventListener("keydown", this.onKey);
  }

  /**
   * @param {UndoData} data
   * @param {Send} send
   */
  update(data, send) {
    this.data = data;
    this.send = send;
    this.serial = Math.max(this.serial, data.answered);
    this.waiting = this.waiting.filter(([number]) => number > data.answered);
    if (!this.waiting.length) clearTimeout(this.again);
    this.show();
  }

  /** @param {Way} way */
  press(way) {
    if (!left(this.data, this.waiting)[way] || this.waiting.length >= MOST_WAITING) return;
    this.serial += 1;
    this.waiting.push([this.serial, way]);
    this.hand();
    this.show();
  }

  hand() {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.hand(), AGAIN);
    this.send("presses", this.waiting);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const way = key === "z" && event.shiftKey ? "redo" : KEYS[key];
    if (!way || isTyped(event.composedPath()[0])) return;
    event.preventDefault();
    this.press(way);
  }

  /** A button that has nothing to do keeps the focus, and with it the place of the keys. */
  show() {
    const { text } = this.data;
    const counts = left(this.data, this.waiting);
    for (const way of /** @type {Way[]} */ (["undo", "redo"])) {
      const { made, words } = this.buttons[way];
      words.textContent = text[way];
      made.title = text[`${way}_help`];
      made.setAttribute("aria-disabled", String(!counts[way]));
    }
  }
}
