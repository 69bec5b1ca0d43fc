// What every layer makes, costs and sees, as a table; folded away until it is wanted.

/** @import {Editor} from "./editor.js" */
/** @import {Diagnosis} from "./types.d.ts" */

import { element } from "../element.js";

const UNKNOWN = "\u2013"; // in the place of what is not known, or has no extent
const COLUMNS = ["layer", "kind", "output", "parameters", "field", "stride", "saved", "operations"];

export class Table {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    const { text } = editor;
    this.root = element(parent, "details", "table");
    element(this.root, "summary", "", text.table);
    const frame = element(this.root, "div", "frame");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", text.table);
    const table = element(frame, "table");
    const head = element(element(table, "thead"), "tr");
    for (const column of COLUMNS) {
      element(head, "th", "", text[`column_${column}`]).scope = "col";
    }
    this.body = element(table, "tbody");
    this.root.addEventListener("toggle", () => editor.show());
  }

  /** @param {Diagnosis | null} answer */
  show(answer) {
    const { chosen, draft } = this.editor;
    this.root.hidden = !draft.layers.length;
    if (!this.root.open) return;
    const rows = draft.layers.map(({ key, name, kind }) => {
      const row = document.createElement("tr");
      row.classList.toggle("chosen", key === chosen);
      row.classList.toggle("broken", answer?.problem?.key === key);
      element(row, "th", "", name || "?").scope = "row";
      const known = answer?.layers[key]?.row ?? Array(COLUMNS.length - 2).fill("");
      for (const cell of [kind, ...known]) element(row, "td", "", cell || UNKNOWN);
      return row;
    });
    this.body.replaceChildren(...rows);
  }
}
