// The card in which cells are changed by hand: which tensor, which plane of it, and what that did.

/** @import {Store} from "../store.js" */
/** @import {Floats, Words} from "../types.d.ts" */
/** @import {Axis, Sheet} from "./types.d.ts" */

import { button, element, offer } from "../element.js";
import { fill, shortNumber } from "../numbers.js";
import { Board } from "./board.js";

const LOSS_DIGITS = 4;

/** @callback AskSheet
 * @param {string} tensor
 * @param {string} plane
 * @returns {Promise<Omit<Sheet, "labels"> | null>} null where there is none
 */

export class HandCard {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {AskSheet} ask
   * @param {Words} labels what it says itself
   */
  constructor(root, store, ask, labels) {
    this.root = root;
    this.store = store;
    this.ask = ask;
    this.labels = labels;
    const head = element(root, "header");
    element(head, "h3", "head", labels.heading);
    const close = () => store.change({ hand: "", plane: "" });
    button(head, labels.close, "change", close).title = labels.close_help;
    const pickers = element(root, "div", "pickers");
    const picker = element(pickers, "label", "picker");
    this.tensor = element(picker, "select", "", "", { ariaLabel: labels.tensor });
    this.tensor.addEventListener("change", () => {
      store.change({ hand: this.tensor.value, plane: "" });
    });
    this.axes = element(pickers, "div", "pickers");
    this.about = element(root, "p", "about");
    this.problem = element(root, "p", "problem", "", { role: "alert" });
    this.board = /** @type {Board | null} */ (null);
    this.paper = element(root, "div", "paint");
    this.effect = element(root, "p", "effect");
    this.discards = element(root, "div", "pickers");
    this.sheet = /** @type {Sheet | null} */ (null);
    this.loss = /** @type {Floats} */ (new Float64Array());
    this.ends = [
      store.subscribe(({ hand, plane }, { before }) => {
        if (hand !== before.hand || plane !== before.plane) this.load();
      }),
      store.edits.subscribe(() => this.follow()),
    ];
    root.hidden = true;
  }

  remove() {
    for (const end of this.ends) end();
    this.board?.remove();
  }

  /** Show the tensor that is chosen, as the run that there is has it. */
  async load() {
    const { hand, plane } = this.store.view;
    this.root.hidden = !hand;
    if (!hand || (this.sheet?.key === hand && this.sheet.at === plane)) return;
    const sheet = await this.ask(hand, plane);
    const { view } = this.store;
    if (!sheet || view.hand !== hand || view.plane !== plane) return;
    this.show({ ...sheet, labels: this.labels });
  }

  /** What runs has changed: what is shown may be out of date. */
  renew() {
    if (this.sheet) this.sheet = { ...this.sheet, at: "?" };
    this.load();
  }

  /** @param {Sheet} sheet */
  show(sheet) {
    this.sheet = sheet;
    this.pick(sheet.axes);
    this.about.textContent = sheet.about;
    this.problem.textContent = sheet.problems.join(" ");
    this.problem.hidden = !sheet.problems.length;
    if (this.board) this.board.show(sheet);
    else this.board = new Board(this.paper, sheet, this.store.edits);
    this.follow();
    // What does not exist is no longer asked for.
    this.store.change({ hand: sheet.key, plane: sheet.at });
  }

  /** @param {Axis[]} axes */
  pick(axes) {
    const at = axes.map((axis) => axis.at);
    if (this.axes.childElementCount && this.axes.contains(document.activeElement)) return;
    this.axes.replaceChildren();
    axes.forEach((axis, which) => {
      if (axis.size === 1) return;
      const label = element(this.axes, "label", "picker", axis.label);
      const bounds = { min: "0", max: String(axis.size - 1), step: "1" };
      const field = element(label, "input", "", "", { type: "number", ...bounds });
      field.value = String(axis.at);
      field.addEventListener("change", () => {
        const index = Math.min(Math.max(0, Math.round(Number(field.value))), axis.size - 1);
        field.value = String(index);
        at[which] = index;
        const plane = at.some(Boolean) ? at.join("x") : "";
        this.store.change(axis.sample ? { plane, sample: index } : { plane });
      });
    });
  }

  /** Say what is changed, and what that did. */
  follow() {
    const { sheet, store } = this;
    if (!sheet) return;
    const tensors = sheet.tensors.map(({ name, label: tensor }) => {
      const count = store.edits.of(name).size;
      const text = count ? fill(this.labels.changed_cells, { tensor, count }) : tensor;
      return /** @type {const} */ ([name, text]);
    });
    offer(this.tensor, tensors);
    this.tensor.value = sheet.key;
    this.offerBack(sheet.key);
    this.compare();
  }

  /**
   * Offer to bring cells back.
   * @param {string} key of the tensor that is shown
   */
  offerBack(key) {
    const { labels, store } = this;
    const { names } = store.edits;
    this.discards.replaceChildren();
    if (names.includes(key)) {
      const words = fill(labels.discard, { tensor: key });
      button(this.discards, words, "", () => store.edits.discard([key]));
    }
    if (names.some((name) => name !== key)) {
      button(this.discards, labels.discard_all, "", () => store.edits.discard(names));
    }
  }

  /**
   * The loss of the run that is shown now.
   * @param {Floats} loss
   */
  lost(loss) {
    this.loss = loss;
    this.compare();
  }

  /** Write the loss before and after. */
  compare() {
    const { sheet, loss } = this;
    this.effect.replaceChildren();
    if (!sheet || !sheet.loss.length || !loss.length) return;
    const [first, now] = [Number(sheet.loss[0]), Number(loss[0])];
    const { theme, labels } = sheet;
    element(this.effect, "span", "", `${labels.loss} `);
    element(this.effect, "b", "", shortNumber(first, LOSS_DIGITS, theme));
    if (Object.is(first, now)) return;
    this.effect.append(" → ");
    element(this.effect, "b", "", shortNumber(now, LOSS_DIGITS, theme));
    const change = now - first;
    const signed = `${change > 0 ? "+" : ""}${shortNumber(change, theme.digits, theme)}`;
    element(this.effect, "span", "", ` (${signed})`);
  }
}
