// The cells of a hidden map, to be filled in: the server grades them one by one, and tells nothing
// else. What was typed stays while one looks elsewhere.

import { element } from "../element.js";
import { GuessView } from "../guess/guess.js";
import { fill } from "../numbers.js";

/** @import {GuessData} from "../guess/guess.js" */
/** @import {Asked, FrontWords, Theme} from "../types.d.ts" */

/** How somebody's cells are graded; null where there is no answer. @typedef {(typed: string[]) => Promise<string[] | null>} Grade */

const SIGNS = { right: "✓", wrong: "✗", unreadable: "?", empty: "" };
const LONGEST = 12; // characters of a cell, as in `viz.typed`

export class Board {
  /**
   * @param {FrontWords} words
   * @param {Asked} asked
   * @param {Theme} theme
   * @param {{grade: Grade, reveal: () => void}} acts
   */
  constructor(words, { rows, columns, note }, theme, { grade, reveal }) {
    this.words = words.hide;
    this.acts = { grade, reveal };
    this.root = element(document.createElement("div"), "div", "guess hidden-map");
    /** @type {GuessData} */
    this.data = {
      value: { numbers: "", typed: [], hints: 0, revealed: false },
      heard: null,
      ...{ kind: "cells", items: [], heads: [] },
      ...{ rows, columns, marks: [], true: [], palette: [], hints: 0, solved: false },
      ...{ longest: LONGEST, signs: SIGNS, accent: theme.accent },
    };
    this.guess = new GuessView(this.root, this.data, words.guess);
    this.guess.reveal.classList.add("reveals");
    this.said = element(this.guess.acts, "p", "tally", "", { role: "status" });
    if (note) element(this.root, "p", "", note);
    this.show({});
    const inputs = this.root.querySelectorAll("input");
    for (const input of inputs) input.placeholder = "?";
  }

  /** @param {Partial<GuessData>} changes */
  show(changes) {
    this.data = { ...this.data, ...changes };
    this.guess.update(this.data, (_name, said) => this.hear(/** @type {any} */ (said)));
    this.said.textContent = this.tally();
  }

  /** @param {{value: GuessData["value"], since: number}} said */
  async hear({ value, since }) {
    if (value.revealed) {
      this.acts.reveal();
      return;
    }
    const graded = value.typed.length ? await this.acts.grade(value.typed) : [];
    if (value !== this.guess.kept.value) return; // something else was checked meanwhile
    const marks = graded ?? [];
    const solved = marks.length > 0 && marks.every((mark) => mark === "right");
    this.show({ value, heard: since, marks, solved });
  }

  /** How many cells are right, once some were checked. */
  tally() {
    const { marks, solved } = this.data;
    if (!marks.length) return "";
    if (solved) return this.words.solved;
    const right = marks.filter((mark) => mark === "right").length;
    return fill(this.words.tally, { right, count: marks.length });
  }
}
