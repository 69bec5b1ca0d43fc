// A table of cells in which numbers are typed, pasted or painted, walked by arrow keys.
//
// With a number of the palette chosen, the pointer, a finger or the space bar writes it into cells.

import { element } from "../element.js";
import { fill } from "../numbers.js";
import { pastedNumbers, stepOf } from "./answers.js";
import { Palette } from "./palette.js";

/** @import {Words} from "../types.d.ts" */
/** @import {Brush} from "./palette.js" */

/** One cell of the table. @typedef {{part: HTMLTableCellElement, input: HTMLInputElement}} Cell */

/**
 * What a grid tells whoever made it.
 * @typedef {object} Watching
 * @property {(at: number) => void} written another text stands in a cell, perhaps half of one
 * @property {() => void} done a stroke has ended, or numbers were pasted
 * @property {(event: KeyboardEvent, at: number) => void} enter was pressed in a cell
 */

/**
 * @typedef {object} Layout
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} [heads] above the columns
 * @property {number} longest text of a cell
 */

const MOST_ROOMY = 5; // columns; more need smaller type

export class Grid {
  /** @type {Cell[]} */
  cells = [];
  columns = 1;
  longest = 0;
  painting = false;

  /**
   * @param {HTMLElement} parent
   * @param {Watching} watching
   */
  constructor(parent, watching) {
    this.watching = watching;
    this.root = element(parent, "div", "cell-grid");
    this.table = element(this.root, "table");
    this.palette = new Palette(this.root, (brush) => this.onTake(brush));
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => watching.written(this.placeOf(event.target)));
    this.listenForStrokes();
  }

  /**
   * Make empty cells in the place of those that there were.
   * @param {Layout} layout
   * @param {Words} words
   */
  build({ rows, columns, heads = [], longest }, words) {
    this.columns = columns;
    this.longest = longest;
    this.root.classList.toggle("wide", columns > MOST_ROOMY);
    this.table.replaceChildren();
    this.cells = [];
    if (heads.length) {
      const line = element(element(this.table, "thead"), "tr");
      for (const head of heads) element(line, "th", "", head, { scope: "col" });
    }
    const body = element(this.table, "tbody");
    for (let row = 1; row <= rows; row += 1) {
      const line = body.insertRow();
      for (let column = 1; column <= columns; column += 1) {
        const part = line.insertCell();
        const input = element(part, "input", "", "", { maxLength: longest });
        const place = fill(words.cell, { row, column });
        const head = heads[column - 1];
        input.dataset.label = head ? `${head}, ${place}` : place;
        this.cells.push({ part, input });
      }
    }
  }

  listenForStrokes() {
    const { table } = this;
    table.addEventListener("pointerdown", (event) => {
      if (this.palette.brush === null || event.button !== 0) return;
      this.painting = true;
      table.setPointerCapture(event.pointerId);
      this.cells[this.placeOf(event.target)]?.input.focus();
      this.stroke(event);
    });
    table.addEventListener("mousedown", (event) => {
      if (this.palette.brush !== null) event.preventDefault(); // no text is selected on the way
    });
    table.addEventListener("pointermove", (event) => this.painting && this.stroke(event));
    table.addEventListener("lostpointercapture", () => {
      this.painting = false;
      this.watching.done();
    });
  }

  /**
   * Number of the cell in which this stands; -1 outside of one.
   * @param {EventTarget | null} target
   */
  placeOf(target) {
    return this.cells.findIndex(({ part }) => target instanceof Node && part.contains(target));
  }

  /**
   * Write the brush into every cell under the way of the pointer since the last event.
   * @param {PointerEvent} event
   */
  stroke(event) {
    const root = /** @type {ShadowRoot | Document} */ (this.root.getRootNode());
    const way = event.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of way.length ? way : [event]) {
      const at = this.placeOf(root.elementFromPoint(clientX, clientY));
      if (at >= 0 && this.palette.brush !== null) this.put(at, this.palette.brush);
    }
  }

  /**
   * @param {number} at
   * @param {string} text
   */
  put(at, text) {
    this.cells[at].input.value = text;
    this.watching.written(at);
  }

  /** @param {Brush} brush */
  onTake(brush) {
    this.table.classList.toggle("painted", brush !== null);
    for (const { input } of this.cells) input.readOnly = brush !== null; // no keyboard on a phone
  }

  /**
   * @param {number} at
   * @returns {boolean} whether there is such a cell
   */
  focus(at) {
    const input = this.cells[at]?.input;
    input?.focus();
    input?.select();
    return Boolean(input);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.placeOf(event.target);
    if (at < 0) return;
    if (this.palette.brush !== null && this.brushKey(event, at)) return;
    if (event.key === "Enter") this.watching.enter(event, at);
    else if (this.step(event.key, at)) event.preventDefault();
  }

  /**
   * @param {string} key
   * @param {number} at
   */
  step(key, at) {
    const { columns } = this;
    const { selectionStart, selectionEnd, value } = this.cells[at].input;
    const selected = { from: selectionStart ?? 0, to: selectionEnd ?? 0, length: value.length };
    const step = stepOf(key, { at, columns, ...selected });
    return step !== 0 && this.focus(at + step);
  }

  /**
   * Space paints; whoever types, types.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  brushKey(event, at) {
    if (event.key === " ") {
      event.preventDefault();
      this.put(at, this.palette.brush ?? "");
      this.watching.done();
      return true;
    }
    const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (typed || ["Escape", "Backspace", "Delete"].includes(event.key)) this.palette.take(null);
    return false;
  }

  /**
   * Several numbers fill the cells from here on.
   * @param {ClipboardEvent} event
   */
  paste(event) {
    const numbers = pastedNumbers(event.clipboardData?.getData("text") ?? "");
    if (numbers.length < 2) return;
    event.preventDefault();
    const at = this.placeOf(event.target);
    numbers.slice(0, this.cells.length - at).forEach((number, step) => {
      this.put(at + step, number.slice(0, this.longest));
    });
    this.watching.done();
  }
}
