// What keeps a draft from running, in words, with the ways out.

/** @import {Diagnosis} from "./types.d.ts" */
/** @import {Editor} from "./editor.js" */

import { button, element, iconButton } from "../element.js";
import { fill } from "../numbers.js";

export class Notice {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    this.root = element(parent, "div", "notice", "", { role: "status" });
    this.said = "";
  }

  /**
   * Say what is wrong with the draft; what was said stays, dimmed, while the server is asked.
   * @param {Diagnosis | null} answer null while it is asked
   * @param {string} refusal why there is no answer
   * @param {boolean} runs whether there is a run below
   */
  show(answer, refusal, runs) {
    const asked = !answer && !refusal;
    this.root.classList.toggle("asked", asked);
    if (asked) return;
    const told = this.told(answer, refusal);
    const said = JSON.stringify([told, runs, this.editor.chosen]);
    if (said === this.said) return;
    this.said = said;
    this.root.replaceChildren();
    this.root.hidden = !told.sentence;
    if (told.sentence) this.say(told.empty ? "" : told.sentence, runs);
    if (told.ways) this.ways(told.ways);
  }

  /**
   * @param {Diagnosis | null} answer
   * @param {string} refusal
   */
  told(answer, refusal) {
    const empty = !refusal && !this.editor.draft.layers.length;
    const sentence = refusal || answer?.problem?.sentence || "";
    return { empty, sentence, ways: sentence && !empty ? answer : null };
  }

  /**
   * @param {string} sentence empty where there is no layer yet
   * @param {boolean} runs
   */
  say(sentence, runs) {
    const { text } = this.editor;
    this.root.classList.toggle("empty", !sentence);
    element(this.root, "p", "problem", sentence || text.empty);
    if (runs && sentence) element(this.root, "p", "", text.stays);
  }

  /** @param {Diagnosis} answer */
  ways({ fixes, remedies, problem }) {
    const { editor } = this;
    const row = element(this.root, "div", "ways");
    for (const { label, draft } of fixes) {
      iconButton(row, "auto_fix_high", label, "", () => editor.fix(draft, problem?.key));
    }
    for (const { label, run } of remedies) {
      iconButton(row, "auto_fix_high", label, "", () => editor.remedy(run));
    }
    const key = problem?.key ?? 0;
    if (key && key !== editor.chosen) {
      const words = fill(editor.text.show, { name: editor.nameOf(key) });
      button(row, words, "", () => editor.choose(key));
    }
  }
}
