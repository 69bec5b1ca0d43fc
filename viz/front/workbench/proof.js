// How the gradients of a node compare with other ways to get the same numbers.

/** @import {Proof, Verdict} from "../types.d.ts" */

import { element } from "../element.js";

const SIGNS = { passed: "✓", failed: "✗", skipped: "-" };

export class ProofView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = element(parent, "div", "proof", "", { role: "list" });
  }

  /**
   * Keep the room of what is compared next.
   * @param {boolean} expected whether anything is
   */
  wait(expected) {
    this.root.classList.add("waiting");
    this.root.hidden = !expected;
  }

  /**
   * @param {Proof} proof
   * @param {number} part the downstream gradient that is shown
   */
  show(proof, part) {
    const handed = proof.handovers[String(part)];
    const verdicts = handed ? [...proof.checks, handed] : proof.checks;
    this.root.ariaLabel = proof.label;
    this.root.classList.remove("waiting");
    this.root.hidden = !verdicts.length;
    this.root.replaceChildren();
    for (const verdict of verdicts) this.chip(verdict);
  }

  /**
   * A verdict; what was compared, or why not, comes when it is opened.
   * @param {Verdict} verdict
   */
  chip({ state, name, figures, sentence }) {
    const item = element(this.root, "div", state, "", { role: "listitem" });
    const details = element(item, "details");
    const summary = element(details, "summary");
    element(summary, "b", "", `${SIGNS[state]} ${name}`);
    element(summary, "span", "", figures);
    element(details, "p", "", sentence);
  }
}
