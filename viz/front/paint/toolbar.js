// The tools, the brush and the buttons above the map.

import { button, element } from "../element.js";
import { fill } from "../numbers.js";
import { readNumber, wrong } from "./typing.js";

/** @import {Board} from "./board.js" */
/** @import {History} from "./edits.js" */
/** @import {Canvas, Tool} from "./types.d.ts" */

/** @type {Tool[]} */
const TOOLS = ["brush", "number", "eraser"];

/**
 * @param {HTMLElement} part
 * @param {string} text
 * @param {string} [help]
 */
function label(part, text, help = text) {
  part.textContent = text;
  part.title = help;
}

export class Toolbar {
  /** @param {Board} board */
  constructor(board) {
    this.board = board;
    this.brush = 1;
    this.root = element(board.root, "div", "toolbar");
    this.root.setAttribute("role", "toolbar");
    const tools = element(this.root, "div", "tools");
    this.tools = TOOLS.map((tool) => button(tools, "", tool, () => board.choose(tool)));
    this.undo = button(this.root, "", "undo", () => board.go("undo"));
    this.redo = button(this.root, "", "redo", () => board.go("redo"));
    const brushes = element(this.root, "div", "brushes");
    this.value = element(brushes, "input", "value");
    this.value.type = "text";
    this.value.inputMode = "decimal";
    this.value.addEventListener("change", () => this.read());
    this.swatches = element(brushes, "div", "swatches");
    this.fill = button(brushes, "", "fill", () => {
      board.change(board.cells.map((_, k) => [k, this.brush]));
    });
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
      each.setAttribute("aria-pressed", String(Number(each.dataset.value) === value));
    }
  }

  /** @param {Tool} tool */
  press(tool) {
    this.tools.forEach((each, at) => each.setAttribute("aria-pressed", String(TOOLS[at] === tool)));
  }

  /**
   * Write every word anew: another language or another tensor may have come.
   * @param {Canvas} canvas
   */
  words({ labels, swatches }) {
    this.tools.forEach((each, at) => label(each, labels[TOOLS[at]], labels[`${TOOLS[at]}_help`]));
    label(this.fill, labels.fill, labels.fill_help);
    label(this.undo, labels.undo, labels.undo_help);
    label(this.redo, labels.redo, labels.redo_help);
    this.root.setAttribute("aria-label", labels.tools);
    this.value.setAttribute("aria-label", labels.value);
    this.value.title = labels.value;
    this.swatches.replaceChildren();
    for (const value of swatches) this.swatch(value, fill(labels.swatch, { value }));
    this.take(this.brush);
  }

  /**
   * @param {number} value
   * @param {string} help
   */
  swatch(value, help) {
    const made = button(this.swatches, "", "swatch", () => {
      this.take(value);
      this.board.choose("brush");
    });
    made.dataset.value = String(value);
    label(made, String(value), help);
    made.setAttribute("aria-label", help);
  }

  /**
   * A button that has nothing to do keeps the focus, and with it the place of the keys.
   * @param {History} history
   */
  offer({ past, future }) {
    this.undo.setAttribute("aria-disabled", String(!past.length));
    this.redo.setAttribute("aria-disabled", String(!future.length));
  }
}
