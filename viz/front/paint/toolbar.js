// The tools, the brush and the buttons above the map.

import { button, element, idle, name } from "../element.js";
import { fill } from "../numbers.js";
import { readNumber, wrong } from "./typing.js";

/** @import {Board} from "./board.js" */
/** @import {History} from "./edits.js" */
/** @import {Tool} from "./types.d.ts" */

/** @type {Tool[]} */
const TOOLS = ["brush", "number", "eraser"];

export class Toolbar {
  /** @param {Board} board */
  constructor(board) {
    this.board = board;
    this.brush = 1;
    this.labels = board.canvas.labels;
    const said = { role: "toolbar", ariaLabel: this.labels.tools };
    this.root = element(board.root, "div", "toolbar", "", said);
    const tools = element(this.root, "div", "tools");
    this.tools = TOOLS.map((tool) => this.button(tools, tool, () => board.choose(tool)));
    this.undo = this.button(this.root, "undo", () => board.go("undo"));
    this.redo = this.button(this.root, "redo", () => board.go("redo"));
    const brushes = element(this.root, "div", "brushes");
    this.value = element(brushes, "input", "value", "", { inputMode: "decimal" });
    name(this.value, this.labels.value);
    this.value.addEventListener("change", () => this.read());
    this.swatches = element(brushes, "div", "swatches");
    this.button(brushes, "fill", () => board.change(board.cells.map((_, k) => [k, this.brush])));
  }

  /**
   * @param {HTMLElement} parent
   * @param {string} what
   * @param {() => void} act
   */
  button(parent, what, act) {
    const made = button(parent, this.labels[what], what, act);
    made.title = this.labels[`${what}_help`];
    return made;
  }

  read() {
    const value = readNumber(this.value.value, this.board.canvas);
    if (value === null) wrong(this.board, this.value.value);
    this.take(value ?? this.brush);
  }

  /**
   * Take another brush value.
   * @param {number} value
   */
  take(value) {
    this.brush = value;
    this.value.value = String(value);
    for (const each of this.swatches.querySelectorAll("button")) {
      each.ariaPressed = String(Number(each.dataset.value) === value);
    }
  }

  /** @param {Tool} tool */
  press(tool) {
    this.tools.forEach((each, at) => (each.ariaPressed = String(TOOLS[at] === tool)));
  }

  /**
   * Offer these values at a press.
   * @param {number[]} swatches
   */
  brushes(swatches) {
    this.swatches.replaceChildren();
    for (const value of swatches) {
      const made = button(this.swatches, String(value), "swatch", () => {
        this.take(value);
        this.board.choose("brush");
      });
      made.dataset.value = String(value);
      name(made, fill(this.labels.swatch, { value }));
    }
    this.take(this.brush);
  }

  /** @param {History} history */
  offer({ past, future }) {
    idle(this.undo, !past.length);
    idle(this.redo, !future.length);
  }
}
