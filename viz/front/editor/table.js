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
    const said = { role: "region", ariaLabel: text.table };
    const frame = element(this.root, "div", "frame", "", { tabIndex: 0, ...said });
    const table = element(frame, "table");
    const head = table.createTHead().insertRow();
    for (const column of COLUMNS) {
      element(head, "th", "", text[`column_${column}`], { scope: "col" });
    }
    this.body = table.createTBody();
    this.root.addEventListener("toggle", () => editor.show());
  }

  /** @param {Diagnosis | null} answer */
  show(answer) {
    const { chosen, draft } = this.editor;
    this.root.hidden = !draft.layers.length;
    if (!this.root.open) return;
    this.body.replaceChildren();
    for (const { key, name, kind } of draft.layers) {
      const row = this.body.insertRow();
      row.classList.toggle("chosen", key === chosen);
      row.classList.toggle("broken", answer?.problem?.key === key);
      element(row, "th", "", name || "?", { scope: "row" });
      const known = answer?.layers[key]?.row ?? Array(COLUMNS.length - 2).fill("");
      for (const cell of [kind, ...known]) element(row, "td", "", cell || UNKNOWN);
    }
  }
}
