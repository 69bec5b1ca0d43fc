// Cells to fill in: typed, pasted or painted, walked by arrow keys, said only when checked.
//
// With a number of the palette chosen, the pointer, a finger or the space bar writes it into cells.
// What is held is the attempt: what was typed when it was checked last, how many hints were asked
// for, whether the answer is shown. What is typed since stays here, so that nothing reruns while
// one thinks.

import { element, iconButton, word } from "../element.js";
import { Kept } from "../kept.js";
import { fill } from "../numbers.js";
import { nextEmpty, pastedNumbers, stepOf } from "./answers.js";
import { Palette, tint } from "./palette.js";
import { showWhenThere } from "./verdict.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */
/** @import {Brush} from "./palette.js" */

/**
 * @typedef {object} Attempt
 * @property {string} numbers what the exercise is about
 * @property {string[]} typed cell by cell; empty before it was checked
 * @property {number} hints
 * @property {boolean} revealed
 */

/**
 * See `viz.guess.guess_data`.
 * @typedef {object} GuessData
 * @property {Attempt} value
 * @property {number | null} heard
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} marks
 * @property {string[]} true
 * @property {string[]} palette
 * @property {number} hints
 * @property {boolean} solved
 * @property {string} [verdict] key of the place on the page in which is said how it went
 * @property {number} longest
 * @property {Record<string, string>} signs
 * @property {string} accent
 */

/** One cell of the table. @typedef {{part: HTMLTableCellElement, input: HTMLInputElement,
 * sign: HTMLElement, truth: HTMLElement}} Cell */

const MOST_ROOMY = 5; // columns; more need smaller type

export class GuessView {
  /** @type {Cell[]} */
  cells = [];
  signature = "";
  offered = "";
  painting = false;
  checking = false;

  /**
   * @param {HTMLElement} root
   * @param {GuessData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    const form = element(root, "form", "", "", { noValidate: true, autocomplete: "off" });
    this.table = element(form, "table");
    this.palette = new Palette(form, (brush) => this.onTake(brush));
    this.acts = element(form, "div", "acts");
    element(this.acts, "button", "check", words.check, { type: "submit" });
    /**
     * A button that changes the attempt.
     * @param {string} icon
     * @param {(attempt: Attempt) => Partial<Attempt>} change
     */
    const offer = (icon, change) =>
      iconButton(this.acts, icon, "", "act", () => this.change(change(this.kept.value)));
    this.hint = offer("help", ({ hints }) => ({ hints: hints + 1 }));
    this.reveal = offer("visibility", ({ revealed }) => ({ revealed: !revealed }));
    this.anew = offer("restart_alt", () => this.emptied());
    word(this.anew, words.anew);
    this.note = element(form, "p");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => this.mark(this.placeOf(event.target)));
    this.listenForStrokes();
  }

  /** @returns {Partial<Attempt>} */
  emptied() {
    for (const { input } of this.cells) input.value = "";
    return { typed: [], hints: 0, revealed: false };
  }

  /** @param {Partial<Attempt>} fields */
  change(fields) {
    this.kept.set({ ...this.kept.value, ...fields });
    this.show();
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
    table.addEventListener("lostpointercapture", () => (this.painting = false));
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
   * @param {string} value
   */
  put(at, value) {
    this.cells[at].input.value = value;
    this.mark(at);
  }

  /** @param {Brush} brush */
  onTake(brush) {
    this.table.classList.toggle("painted", brush !== null);
    for (const { input } of this.cells) input.readOnly = brush !== null; // no keyboard on a phone
  }

  answer() {
    this.checking = true;
    this.change({ typed: this.cells.map(({ input }) => input.value.trim()) });
  }

  /**
   * @param {GuessData} data
   * @param {Send} say
   */
  update(data, say) {
    const { value: before } = this.kept;
    const { rows, columns, palette } = data;
    this.data = data;
    this.kept.say = say;
    const other = this.kept.hear(data.value, data.heard);
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", String(columns));
    this.root.classList.toggle("wide", columns > MOST_ROOMY);
    const signature = `${this.kept.value.numbers} ${rows} ${columns}`;
    if (signature !== this.signature) this.build();
    else if (other) this.follow(before);
    if (signature + palette !== this.offered) this.palette.offer(palette, this.words);
    this.signature = signature;
    this.offered = signature + palette;
    this.show();
    if (!this.checking || this.kept.waiting.length) return;
    this.checking = false;
    if (data.verdict) showWhenThere(this.root, data.verdict);
  }

  /**
   * What was checked comes back tidied, or from the address; what was typed since stays.
   * @param {Attempt} before
   */
  follow(before) {
    this.cells.forEach(({ input }, at) => {
      if (input.value.trim() === (before.typed[at] ?? "")) input.value = this.typed(at);
    });
  }

  /**
   * What was typed into a cell when it was checked.
   * @param {number} at
   */
  typed(at) {
    return this.kept.value.typed[at] ?? "";
  }

  /** Show how far the attempt is. */
  show() {
    const { words } = this;
    const { hints: count, palette, solved } = this.data;
    const { typed, hints, revealed } = this.kept.value;
    this.note.textContent = palette.length ? `${words.brush} ${words.hint}` : words.hint;
    word(this.hint, fill(words.next, { next: hints + 1, count }));
    this.hint.hidden = solved || hints >= count;
    word(this.reveal, revealed ? words.hide : words.show);
    this.reveal.hidden = solved;
    this.anew.hidden = !typed.some(Boolean) && !hints && !revealed;
    this.cells.forEach((_, at) => this.mark(at));
  }

  build() {
    const { rows, columns } = this.data;
    this.table.replaceChildren();
    this.cells = [];
    for (let row = 1; row <= rows; row += 1) {
      const line = this.table.insertRow();
      for (let column = 1; column <= columns; column += 1) {
        this.cells.push(this.cell(line, row, column));
      }
    }
  }

  /**
   * @param {HTMLTableRowElement} line
   * @param {number} row
   * @param {number} column
   * @returns {Cell}
   */
  cell(line, row, column) {
    const part = line.insertCell();
    const value = this.typed(this.cells.length);
    const input = element(part, "input", "", "", { maxLength: this.data.longest, value });
    input.dataset.label = fill(this.words.cell, { row, column });
    const sign = element(part, "span", "sign", "", { ariaHidden: "true" });
    return { part, input, sign, truth: element(part, "span", "true") };
  }

  /**
   * Show what is right; what was typed since the last check keeps no mark.
   * @param {number} at
   */
  mark(at) {
    const { marks, signs, palette, value: checked } = this.data;
    const { part, input, sign, truth } = this.cells[at];
    const fresh = input.value.trim() === (checked.typed[at] ?? "");
    const mark = (fresh && marks[at]) || "";
    /** @type {string | undefined} */
    const value = this.data.true[at];
    part.className = mark;
    part.style.setProperty("--letters", String(input.value.length));
    tint(input, input.value, palette);
    sign.textContent = signs[mark] ?? "";
    truth.textContent = value ?? "";
    const spoken = [input.dataset.label, this.words[mark]];
    if (value !== undefined) spoken.push(fill(this.words.true, { value }));
    input.ariaLabel = spoken.filter(Boolean).join(", ");
    input.ariaInvalid = String(mark === "wrong" || mark === "unreadable");
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
    if (this.palette.brush !== null && this.brushKey(event, at)) return;
    if (event.key === "Enter") this.enter(event, at);
    else if (this.step(event.key, at)) event.preventDefault();
  }

  /**
   * Go on to the next empty cell; where none is left or nothing was typed, the form is sent.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    const texts = this.cells.map(({ input }) => input.value);
    const next = nextEmpty(texts, at);
    if (next === null || !texts[at].trim()) return;
    event.preventDefault();
    this.focus(next);
  }

  /**
   * @param {string} key
   * @param {number} at
   */
  step(key, at) {
    const { columns } = this.data;
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
      this.put(at + step, number.slice(0, this.data.longest));
    });
  }
}
