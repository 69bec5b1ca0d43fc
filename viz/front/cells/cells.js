// A small matrix of numbers, typed or painted. What is held are all its numbers; they are said when
// a stroke has ended, on Enter and when a cell is left, so never one that is half typed.

import { element, focused, iconButton } from "../element.js";
import { Grid } from "../guess/grid.js";
import { tint } from "../guess/palette.js";
import { Kept } from "../kept.js";
import { fill, typographic } from "../numbers.js";
import { readCell, readCells, writtenCell } from "./reading.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */

/**
 * See `viz.cells.cells_data`.
 * @typedef {object} CellsData
 * @property {number[]} value
 * @property {number | null} heard
 * @property {number} rows
 * @property {number} columns
 * @property {string} title
 * @property {number[]} standard
 * @property {number[]} palette
 * @property {number} least
 * @property {number} most
 * @property {number} decimals
 * @property {number} longest
 */

export class CellsView {
  built = "";
  /** @type {number[][]} what stood there before each change */
  history = [];
  /** @type {number[]} the cells whose text was found to be no number for them */
  wrong = [];

  /**
   * @param {HTMLElement} root
   * @param {CellsData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    root.role = "group";
    this.title = element(root, "p", "title", "", { tabIndex: -1 });
    this.grid = new Grid(root, this);
    const acts = element(root, "div", "acts");
    this.back = iconButton(acts, "undo", words.undo, "act", () => this.undo());
    this.anew = iconButton(acts, "restart_alt", words.standard, "act", () =>
      this.put(this.data.standard),
    );
    this.problem = element(root, "p", "problem", "", { role: "status" });
    this.hint = element(root, "p", "hint", words.hint);
    this.grid.table.addEventListener("focusout", () => this.grid.painting || this.done());
  }

  /**
   * @param {CellsData} data
   * @param {Send} say
   */
  update(data, say) {
    const { value: before } = this.kept;
    this.data = data;
    this.kept.say = say;
    const other = this.kept.hear(data.value, data.heard);
    const { title, rows, columns, palette } = data;
    this.root.ariaLabel = title;
    this.title.textContent = title;
    this.root.style.setProperty("--columns", String(columns));
    this.hint.hidden = !palette.length;
    const built = JSON.stringify([rows, columns, palette]);
    if (built !== this.built) this.build();
    else if (other) this.follow(before);
    this.built = built;
    this.show();
  }

  build() {
    this.history = [];
    this.grid.build(this.data, this.words);
    this.grid.palette.offer(this.palette(), this.words);
    this.write();
  }

  palette() {
    return this.data.palette.map((each) => this.text(each));
  }

  /** @param {number} value */
  text(value) {
    return writtenCell(value, this.data.decimals);
  }

  /**
   * The page has other numbers: they stand there, and what is typed into the other cells stays.
   * @param {number[]} before
   */
  follow(before) {
    this.history = [];
    this.write((at) => this.kept.value[at] !== before[at]);
  }

  /**
   * Write the numbers that are held into their cells.
   * @param {(at: number) => boolean} [into] which cells
   */
  write(into = () => true) {
    this.grid.cells.forEach(({ input }, at) => {
      if (into(at)) input.value = this.text(this.kept.value[at]);
    });
    this.wrong = this.wrong.filter((at) => !into(at));
  }

  /**
   * Take what stands in the cells, and say it where that is something else. A text that is no number
   * stays where it is.
   */
  done() {
    const texts = this.grid.cells.map(({ input }) => input.value);
    const { numbers, wrong } = readCells(texts, this.kept.value, this.data);
    this.take(numbers);
    this.wrong = wrong;
    this.write((at) => !wrong.includes(at));
    this.show();
  }

  /** @param {number[]} numbers */
  take(numbers) {
    const { value: before } = this.kept;
    if (numbers.every((number, at) => number === before[at])) return;
    this.history.push(before);
    this.kept.set(numbers);
  }

  /**
   * Put other numbers into all cells.
   * @param {number[]} numbers
   */
  put(numbers) {
    this.take(numbers);
    this.write();
    this.show();
  }

  /** Give up what is no number, or else the last change. */
  undo() {
    const before = this.wrong.length ? undefined : this.history.pop();
    if (before) this.kept.set(before);
    this.write();
    this.show();
  }

  /**
   * A number that becomes one while it is typed is no longer called wrong.
   * @param {number} at
   */
  written(at) {
    const { value } = this.grid.cells[at].input;
    if (readCell(value, this.data) !== null) this.wrong = this.wrong.filter((each) => each !== at);
    this.show();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    event.preventDefault();
    this.done();
    if (!this.wrong.includes(at)) this.grid.focus((at + 1) % this.grid.cells.length);
  }

  /** @param {number} at */
  mark(at) {
    const { input } = this.grid.cells[at];
    const wrong = this.wrong.includes(at);
    tint(input, input.value, this.scale());
    input.ariaInvalid = String(wrong);
    input.ariaLabel = [this.data.title, input.dataset.label].join(", ");
  }

  /** The numbers of which the largest has the full colour. */
  scale() {
    const { palette, standard } = this.data;
    return (palette.length ? palette : standard).map(String);
  }

  /** Whether a cell has another text than the number in it that is held. */
  pending() {
    const { value } = this.kept;
    return this.grid.cells.some(({ input }, at) => input.value !== this.text(value[at]));
  }

  /**
   * Show what is wrong and what there is to do: while one types already, so that no button moves
   * away from under the pointer when the cell is left.
   */
  show() {
    const { kept, data, history } = this;
    const pending = this.pending();
    this.grid.cells.forEach((_, at) => this.mark(at));
    const problem = this.complaint();
    if (problem !== this.problem.textContent) this.problem.textContent = problem;
    const held = [this.back, this.anew].find((each) => focused(each) === each);
    this.back.hidden = !pending && !history.length;
    this.anew.hidden = !pending && kept.value.every((each, at) => each === data.standard[at]);
    if (held?.hidden) ([this.back, this.anew].find((each) => !each.hidden) ?? this.title).focus();
  }

  /** What must hold of the first cell that is wrong; empty where none is. */
  complaint() {
    const [at] = this.wrong;
    if (at === undefined) return "";
    const { least, most, decimals } = this.data;
    const [low, high, value] = [least, most, this.kept.value[at]].map((number) =>
      typographic(this.text(number)),
    );
    const cell = this.grid.cells[at].input.dataset.label ?? "";
    return fill(this.words.wrong, { cell, least: low, most: high, decimals, value });
  }
}
