// An exercise: cells to fill in, one of several to be picked, or an order; said only when checked.
//
// What is held is the attempt: what was typed when it was checked last, how many hints were asked
// for, whether the answer is shown. What is typed since stays here, so that nothing reruns while
// one thinks.

import { element, iconButton, idle, word } from "../element.js";
import { Kept } from "../kept.js";
import { fill } from "../numbers.js";
import { CellsAnswer } from "./cells.js";
import { ChoiceAnswer } from "./choice.js";
import { keepDraft, keepOverReload, takeDraft } from "./drafts.js";
import { OrderAnswer } from "./order.js";
import { showWhenThere } from "./verdict.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */

/**
 * @typedef {object} Attempt
 * @property {string} numbers what the exercise is about
 * @property {string[]} typed cell by cell; empty before it was checked
 * @property {number} hints
 * @property {boolean} revealed
 */

/**
 * See `viz.guess.guess_data`.
 * @typedef {object} GuessData
 * @property {Attempt} value
 * @property {number | null} heard
 * @property {"cells" | "choice" | "order"} kind
 * @property {string[]} items
 * @property {string[]} heads
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} marks
 * @property {string[]} true
 * @property {string[]} palette
 * @property {number} hints
 * @property {boolean} solved
 * @property {string} [verdict] key of the place on the page in which is said how it went
 * @property {string} [name] under which what is not checked yet is kept; without one it is not
 * @property {number} longest
 * @property {Record<string, string>} signs
 * @property {string} accent
 */

/**
 * What is filled in, as one kind of exercise asks for it.
 * @typedef {object} Answer
 * @property {string} hint how it is filled in
 * @property {() => string[]} typed
 * @property {() => boolean} ready whether there is something to check
 * @property {() => void} clear
 * @property {(before: string[], now: string[]) => void} follow what the page says was typed
 * @property {(data: GuessData) => void} show how far the attempt is
 * @property {() => void} focus
 */

const KINDS = { cells: CellsAnswer, choice: ChoiceAnswer, order: OrderAnswer };

export class GuessView {
  asked = "";
  checking = false;
  gone = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {GuessData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    const form = element(root, "form", "", "", { noValidate: true, autocomplete: "off" });
    this.place = element(form, "div");
    this.answer = this.begun();
    this.acts = element(form, "div", "acts");
    this.check = element(this.acts, "button", "check", words.check, { type: "submit" });
    /**
     * A button that changes the attempt.
     * @param {string} icon
     * @param {(attempt: Attempt) => Partial<Attempt>} change
     */
    const offer = (icon, change) =>
      iconButton(this.acts, icon, "", "act", () => this.change(change(this.kept.value)));
    this.hint = offer("help", ({ hints }) => ({ hints: hints + 1 }));
    this.reveal = offer("visibility", ({ revealed }) => ({ revealed: !revealed }));
    this.anew = offer("restart_alt", () => this.emptied());
    word(this.anew, words.anew);
    this.note = element(form, "p", "note");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.answer.ready()) this.send();
      else this.answer.focus();
    });
    const { signal } = this.gone;
    window.addEventListener("pagehide", () => this.leave(), { signal });
  }

  /** The page is left, and may be loaded anew. */
  leave() {
    keepOverReload(this.data.name ?? "", this.asked, this.answer.typed());
  }

  /** @returns {Partial<Attempt>} */
  emptied() {
    this.answer.clear();
    return { typed: [], hints: 0, revealed: false };
  }

  /** @param {Partial<Attempt>} fields */
  change(fields) {
    this.kept.set({ ...this.kept.value, ...fields });
    this.show();
  }

  send() {
    this.checking = true;
    this.change({ typed: this.answer.typed() });
  }

  /** What is asked, apart from how far the attempt is. */
  question() {
    const { kind, rows, columns, items, heads } = this.data;
    return JSON.stringify([this.kept.value.numbers, kind, rows, columns, items, heads]);
  }

  /**
   * Ask anew.
   * @returns {Answer}
   */
  begun() {
    this.asked = this.question();
    this.place.replaceChildren();
    const { data, words, kept } = this;
    const typed = takeDraft(data.name ?? "", this.asked) ?? kept.value.typed;
    return new KINDS[data.kind](this.place, data, words, typed, () => this.show());
  }

  /**
   * @param {GuessData} data
   * @param {Send} say
   */
  update(data, say) {
    const { typed: before } = this.kept.value;
    this.data = data;
    this.kept.say = say;
    const other = this.kept.hear(data.value, data.heard);
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", String(data.columns));
    if (this.question() !== this.asked) this.answer = this.begun();
    else if (other) this.answer.follow(before, this.kept.value.typed);
    this.show();
    if (!this.checking || this.kept.waiting.length) return;
    this.checking = false;
    if (data.verdict) showWhenThere(this.root, data.verdict);
  }

  remove() {
    const { data, asked, answer, kept } = this;
    this.gone.abort();
    keepDraft(data.name ?? "", asked, answer.typed(), kept.value.typed);
  }

  /** Show how far the attempt is. */
  show() {
    const { words, answer } = this;
    const { hints: count, solved } = this.data;
    const { typed, hints, revealed } = this.kept.value;
    answer.show(this.data);
    idle(this.check, !answer.ready());
    this.note.textContent = answer.hint;
    word(this.hint, fill(words.next, { next: hints + 1, count }));
    this.hint.hidden = solved || hints >= count;
    word(this.reveal, revealed ? words.hide : words.show);
    this.reveal.hidden = solved;
    this.anew.hidden = !typed.some(Boolean) && !hints && !revealed;
  }
}
