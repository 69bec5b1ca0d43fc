// An answer in cells: what is right gets a mark, and the true number stands under what was typed.

import { element } from "../element.js";
import { fill } from "../numbers.js";
import { nextEmpty } from "./answers.js";
import { Grid } from "./grid.js";
import { tint } from "./palette.js";

/** @import {Words} from "../types.d.ts" */
/** @import {GuessData} from "./guess.js" */

export class CellsAnswer {
  /** @type {string | null} the numbers to paint with */
  offered = null;

  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   */
  constructor(place, data, words, typed) {
    this.data = data;
    this.words = words;
    this.grid = new Grid(place, this);
    this.grid.build(data, words);
    this.notes = this.grid.cells.map(({ part, input }, at) => {
      input.value = typed[at] ?? "";
      const sign = element(part, "span", "sign", "", { ariaHidden: "true" });
      return { sign, truth: element(part, "span", "true") };
    });
  }

  get hint() {
    const { hint, brush } = this.words;
    return this.data.palette.length ? `${brush} ${hint}` : hint;
  }

  typed() {
    return this.grid.cells.map(({ input }) => input.value.trim());
  }

  ready() {
    return true;
  }

  clear() {
    for (const { input } of this.grid.cells) input.value = "";
  }

  /**
   * What was checked comes back tidied, or from the address; what was typed since stays.
   * @param {string[]} before
   * @param {string[]} now
   */
  follow(before, now) {
    this.grid.cells.forEach(({ input }, at) => {
      if (input.value.trim() === (before[at] ?? "")) input.value = now[at] ?? "";
    });
  }

  /** @param {GuessData} data */
  show(data) {
    this.data = data;
    const offered = data.palette.join(" ");
    if (offered !== this.offered) this.grid.palette.offer(data.palette, this.words);
    this.offered = offered;
    this.grid.cells.forEach((_, at) => this.written(at));
  }

  /**
   * Show what is right; what was typed since the last check keeps no mark.
   * @param {number} at
   */
  written(at) {
    const { marks, signs, palette, value: checked } = this.data;
    const { part, input } = this.grid.cells[at];
    const { sign, truth } = this.notes[at];
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

  done() {}

  focus() {
    this.grid.focus(0);
  }

  /**
   * Go on to the next empty cell; where none is left or nothing was typed, the form is sent.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    const texts = this.typed();
    const next = nextEmpty(texts, at);
    if (next === null || !texts[at]) return;
    event.preventDefault();
    this.grid.focus(next);
  }
}
