// What a preset is there to show: two small matrices of numbers that should be equal.

/** @import {Finding} from "../types.d.ts" */

import { element } from "../element.js";

export class FindingView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = element(parent, "div", "finding", "", { hidden: true });
  }

  /**
   * @param {Finding | null} finding
   * @param {number} sample
   */
  show(finding, sample) {
    this.root.hidden = !finding;
    this.root.replaceChildren();
    if (!finding) return;
    this.side(finding.left, sample);
    element(this.root, "span", "sign", finding.sign);
    this.side(finding.right, sample);
    element(this.root, "p", "", finding.sentence);
  }

  /**
   * @param {Finding["left"]} side
   * @param {number} sample
   */
  side({ title, rows }, sample) {
    const block = element(this.root, "div");
    element(block, "b", "", title);
    const table = element(block, "table");
    for (const row of rows[sample] ?? rows[0]) {
      const line = element(table, "tr");
      for (const cell of row) element(line, "td", "", cell);
    }
  }
}
