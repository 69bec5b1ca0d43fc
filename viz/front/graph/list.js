// The graph as a table in the engine's order; the button of a row chooses its box.

import { button, element, focused } from "../element.js";

/** @import {GraphBox, Words} from "../types.d.ts" */

const COLUMNS = ["order", "node", "layer", "shape", "peak"];

export class List {
  /**
   * @param {Node & ParentNode} parent
   * @param {Words} words
   * @param {(id: string) => void} choose
   */
  constructor(parent, words, choose) {
    this.words = words;
    this.choose = choose;
    this.root = element(parent, "div", "list", "", { hidden: true });
    /** @type {Map<string, HTMLButtonElement>} */
    this.rows = new Map();
    /** @type {GraphBox[]} */
    this.boxes = [];
  }

  /** @param {GraphBox[]} boxes */
  show(boxes) {
    this.boxes = boxes;
    this.open(!this.root.hidden);
  }

  /**
   * Show or hide the table; it is made only to be seen. The focus stays with its box.
   * @param {boolean} shown
   */
  open(shown) {
    const [held] = [...this.rows].find(([, row]) => row === focused(this.root)) ?? [""];
    this.root.hidden = !shown;
    this.root.replaceChildren();
    this.rows = new Map(shown ? this.fill(element(this.root, "table")) : []);
    this.rows.get(held)?.focus({ preventScroll: true });
  }

  /**
   * @param {HTMLTableElement} table
   * @returns {[string, HTMLButtonElement][]}
   */
  fill(table) {
    const head = table.createTHead().insertRow();
    for (const column of COLUMNS) {
      element(head, "th", "", this.words[`column_${column}`], { scope: "col" });
    }
    const body = table.createTBody();
    return this.boxes.map((box) => [box.id, this.row(body.insertRow(), box)]);
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {GraphBox} box
   */
  row(row, box) {
    element(row, "td", "", box.order ? String(box.order) : "");
    const made = button(element(row, "td"), box.name, "", () => this.choose(box.id));
    Object.assign(made, { ariaLabel: box.title, ariaPressed: "false", disabled: !box.node });
    for (const words of [box.layer_title, box.shape, box.peak]) element(row, "td", "", words);
    return made;
  }

  /**
   * Scroll the list, never the page, until a row stands below the head.
   * @param {string} id
   */
  reveal(id) {
    const row = this.rows.get(id)?.closest("tr");
    const head = this.root.querySelector("thead");
    if (!row || !head) return;
    const top = row.offsetTop - head.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - this.root.clientHeight;
    this.root.scrollTop = Math.min(Math.max(this.root.scrollTop, bottom), top);
  }
}
