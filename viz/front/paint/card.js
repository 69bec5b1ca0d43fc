// The card in which cells are changed by hand: which tensor, which plane of it, and what that did.

/** @import {Store} from "../store.js" */
/** @import {Floats, Words} from "../types.d.ts" */
/** @import {Axis, Sheet} from "./types.d.ts" */

import { button, element } from "../element.js";
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
    this.title = element(head, "h3", "head");
    this.close = button(head, "", "change", () => store.change({ hand: "", plane: "" }));
    const pickers = element(root, "div", "pickers");
    this.tensor = element(element(pickers, "label", "picker"), "select");
    this.tensor.addEventListener("change", () => this.choose(this.tensor.value, ""));
    this.axes = element(pickers, "div", "pickers");
    this.about = element(root, "p", "about");
    this.problem = element(root, "p", "problem");
    this.problem.setAttribute("role", "alert");
    this.board = /** @type {Board | null} */ (null);
    this.paper = element(root, "div", "paint");
    this.effect = element(root, "p", "effect");
    this.discards = element(root, "div", "pickers");
    this.sheet = /** @type {Sheet | null} */ (null);
    this.loss = /** @type {Floats} */ (new Float64Array());
    const ends = [store.subscribe((view, { before }) => this.changed(view, before))];
    ends.push(store.edits.subscribe(() => this.follow()));
    this.unsubscribe = () => ends.forEach((end) => end());
    root.hidden = true;
  }

  remove() {
    this.unsubscribe();
    this.board?.remove();
  }

  /**
   * @param {{hand: string, plane: string}} view
   * @param {{hand: string, plane: string}} before
   */
  changed(view, before) {
    if (view.hand !== before.hand || view.plane !== before.plane) this.load();
  }

  /** Show the tensor that is chosen, as the run that there is has it. */
  async load() {
    const { hand, plane } = this.store.view;
    this.root.hidden = !hand;
    if (!hand || this.shows(hand, plane)) return;
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

  /**
   * Whether this is what is shown already.
   * @param {string} hand
   * @param {string} plane
   */
  shows(hand, plane) {
    return this.sheet?.key === hand && this.sheet.at === plane;
  }

  /** @param {Sheet} sheet */
  show(sheet) {
    const { labels } = sheet;
    this.sheet = sheet;
    this.title.textContent = labels.heading;
    this.close.textContent = labels.close;
    this.close.title = labels.close_help;
    this.tensor.setAttribute("aria-label", labels.tensor);
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
      const field = element(label, "input");
      Object.assign(field, { type: "number", min: "0", max: String(axis.size - 1), step: "1" });
      field.value = String(axis.at);
      field.addEventListener("change", () => {
        const index = Math.min(Math.max(0, Math.round(Number(field.value))), axis.size - 1);
        field.value = String(index);
        at[which] = index;
        this.choose(
          this.store.view.hand,
          at.some(Boolean) ? at.join("x") : "",
          axis.sample ? { sample: index } : {},
        );
      });
    });
  }

  /**
   * @param {string} hand
   * @param {string} plane
   * @param {{sample?: number}} [more]
   */
  choose(hand, plane, more = {}) {
    this.store.change({ hand, plane, ...more });
  }

  /** Say what is changed, and what that did. */
  follow() {
    const { sheet, store } = this;
    if (!sheet) return;
    const { labels } = sheet;
    this.tensor.replaceChildren();
    for (const { name, label } of sheet.tensors) {
      const count = store.edits.of(name).size;
      const text = count ? fill(labels.changed_cells, { tensor: label, count }) : label;
      element(this.tensor, "option", "", text).value = name;
    }
    this.tensor.value = sheet.key;
    this.offer();
    this.compare();
  }

  /** Offer to bring cells back. */
  offer() {
    const { sheet, store } = this;
    if (!sheet) return;
    const { key, labels } = sheet;
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
