// What is said while something goes wrong on the way to the server, and when it goes on.

/** @import {Outcome} from "./ask.js" */

import { button, element } from "../element.js";

const SAID_FOR = 4000; // ms that good news stays

export class Status {
  /**
   * @param {HTMLElement} parent
   * @param {import("../types.d.ts").Words} words
   * @param {() => void} again asks anew
   */
  constructor(parent, words, again) {
    this.words = words;
    this.root = element(parent, "div", "status", "", { role: "status", hidden: true });
    this.sentence = element(this.root, "span");
    this.again = button(this.root, words.again, "", () => {
      this.clear();
      again();
    });
    this.reload = button(this.root, words.reload, "", () => window.location.reload());
    this.timer = 0;
    this.outcome = /** @type {Outcome} */ ("answered");
  }

  /**
   * Say how it goes; a refusal says why where it stands.
   * @param {Outcome} outcome
   */
  say(outcome) {
    const before = this.outcome;
    // Another answer does not make good what failed.
    if (outcome === "answered" && (before === "failed" || before === "updated")) return;
    if (outcome === before && outcome !== "failed") return;
    this.outcome = outcome;
    clearTimeout(this.timer);
    const recovered = outcome === "answered" && before === "lost";
    const said = recovered ? this.words.recovered : this.words[outcome];
    this.sentence.textContent = said ?? "";
    this.root.dataset.outcome = recovered ? "recovered" : outcome;
    this.again.hidden = outcome !== "failed";
    this.reload.hidden = outcome !== "updated";
    this.root.hidden = !said;
    if (recovered) this.timer = window.setTimeout(() => (this.root.hidden = true), SAID_FOR);
  }

  /** What failed is of no matter any more. */
  clear() {
    clearTimeout(this.timer);
    this.outcome = "answered";
    this.root.hidden = true;
  }

  /** Say no more. */
  remove() {
    clearTimeout(this.timer);
  }
}
