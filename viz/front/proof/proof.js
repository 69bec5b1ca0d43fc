// How the gradients of a node compare with other ways to get the same numbers: one line, and what
// was compared when it is opened.

/** @import {Proof, Verdict} from "../types.d.ts" */

import { element } from "../element.js";

const SIGNS = { passed: "✓", failed: "✗", skipped: "–" };

export class ProofView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = element(parent, "details", "proof");
    const summary = element(this.root, "summary");
    this.sign = element(summary, "span", "sign", "", { ariaHidden: "true" });
    this.line = element(summary, "span", "line");
    this.opens = element(summary, "span", "opens");
    this.list = element(this.root, "div", "verdicts", "", { role: "list" });
    this.root.hidden = true;
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
    const failed = verdicts.some(({ state }) => state === "failed");
    const passed = verdicts.some(({ state }) => state === "passed");
    this.root.classList.remove("waiting");
    this.root.classList.toggle("failed", failed);
    this.root.hidden = !verdicts.length;
    this.sign.textContent = SIGNS[failed ? "failed" : passed ? "passed" : "skipped"];
    this.line.textContent = handed ? handed.line : proof.line;
    this.opens.textContent = proof.opens;
    if (failed) this.root.open = true;
    this.list.ariaLabel = proof.label;
    this.list.replaceChildren();
    for (const verdict of verdicts) this.verdict(verdict);
  }

  /** @param {Verdict} verdict */
  verdict({ state, name, figures, sentence }) {
    const item = element(this.list, "div", state, "", { role: "listitem" });
    element(item, "b", "", `${SIGNS[state]} ${name}`);
    element(item, "span", "figures", figures);
    element(item, "p", "", sentence);
  }
}
