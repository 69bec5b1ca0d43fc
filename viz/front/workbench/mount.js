// The workbench on a page of the app.
//
// The page sends little: where answers are, the query of what runs, what is looked at and what is
// changed by hand. What the page changes of that is told from what it has only heard of: `heard` is
// the last message that it took, null where the address has decided.

/** @import {Send} from "../mounting.js" */
/** @import {HandCard} from "../paint/card.js" */
/** @import {Plain} from "../paint/edits.js" */
/** @import {View} from "../types.d.ts" */

import { mounting } from "../mounting.js";
import { Store } from "../store.js";
import { said } from "./address.js";
import { Ask, Refusal } from "./ask.js";
import { Entries } from "./history.js";
import { Status } from "./status.js";
import { Teller } from "./teller.js";
import { Workbench } from "./workbench.js";
import { element } from "../element.js";

/** What both sides know. @typedef {{view: View, edits: Plain}} State */

/**
 * @typedef {object} Data
 * @property {string} answers
 * @property {string} language
 * @property {string} version
 * @property {string} query
 * @property {string} base the same without the changes by hand
 * @property {View} view
 * @property {Plain} edits
 * @property {State | null} heard
 * @property {boolean} linked whether the address of the page stands for it already
 * @property {View} begun how the run begins to be looked at
 * @property {boolean} runs whether there is a run to show
 * @property {boolean} layers
 * @property {string} file
 * @property {Record<string, string>} words
 */

class Mounted {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.taking = false; // whether what is looked at is being taken over from the page
    this.store = new Store(data.view, data.edits);
    this.status = new Status(root, data.words, () => this.show());
    this.ask = new Ask(base(data), data.language, (outcome) => this.status.say(outcome));
    this.workbench = new Workbench(element(root, "div", "bench"), this.store, this.ask);
    this.card = /** @type {HandCard | null} */ (null);
    this.workbench.onScene = ({ loss }) => this.card?.lost(loss);
    this.entries = new Entries(data, (view) => this.store.change(view));
    this.teller = new Teller(
      root,
      () => this.state(),
      () => this.entries.settle(),
    );
    this.store.subscribe((view, { settled }) => {
      if (this.status.outcome === "failed") this.status.clear();
      if (!this.taking) this.entries.write(view, settled);
      this.teller.changed();
      if (view.hand) this.openCard();
    });
    this.store.edits.subscribe(() => this.teller.changed());
    this.teller.known();
    this.entries.enter(this.store.view, data.linked, false);
    this.show();
  }

  /** What the server must know. */
  state() {
    const { base, begun } = this.data;
    const { view, edits } = this.store;
    return { base, view: said(view, begun), edits: edits.plain };
  }

  /**
   * @param {Data} data
   * @param {Send} _send
   * @param {Send} say
   */
  update(data, _send, say) {
    this.teller.send = (state) => say("said", state);
    if (JSON.stringify(data) === JSON.stringify(this.data)) return;
    const before = this.data;
    this.data = data;
    this.entries.place = data;
    const another = data.query !== before.query;
    const elsewhere = data.answers !== before.answers;
    if (elsewhere) {
      this.status.clear(); // another edition answers
      this.ask.move(base(data));
    }
    if (another) this.workbench.run = null; // what is on screen belongs to another run
    this.take(data, before, another);
    if (elsewhere || data.base !== before.base) this.card?.renew();
    if (another || elsewhere || data.runs !== before.runs) this.show();
  }

  /**
   * Take over what the page has changed since both sides knew of it; all of it where only the
   * address is known.
   * @param {Data} data
   * @param {Data} before
   * @param {boolean} another whether another run is told
   */
  take(data, before, another) {
    const { edits } = this.store;
    const known = data.heard ?? (data.linked ? null : before);
    this.taking = true; // the entry of what was seen until now stays
    this.store.change(changedBy(data.view, known && known.view));
    if (!known || !isSame(data.edits, known.edits)) edits.take(data.edits);
    this.taking = false;
    this.entries.enter(this.store.view, data.linked, another);
    if (isSame(data.view, this.store.view) && isSame(data.edits, edits.plain)) this.teller.known();
    else if (data.base !== before.base) this.teller.changed(); // what was told came too late
  }

  /** Show the run that there is. */
  show() {
    const { query, runs, layers, file } = this.data;
    this.root.classList.toggle("without-run", !runs);
    if (runs && this.store.view.hand) this.openCard();
    if (runs) this.workbench.show({ query, layers, file });
  }

  /** Show what is changed by hand; its code comes when it is needed. */
  async openCard() {
    const { HandCard } = await import("../paint/card.js");
    const { hand } = this.workbench.parts;
    if (this.card || !hand.isConnected) return;
    const ask = (/** @type {string} */ tensor, /** @type {string} */ plane) =>
      this.sheet(tensor, plane);
    this.card = new HandCard(hand, this.store, ask);
    if (this.workbench.scene) this.card.lost(this.workbench.scene.loss);
    this.card.load();
  }

  /**
   * Ask for a tensor as it is without changes. A network that runs as it is has none to change;
   * of anything else the status says why there is no answer.
   * @param {string} tensor
   * @param {string} plane
   */
  async sheet(tensor, plane) {
    try {
      return await this.ask.answer(this.data.base, "canvas", { tensor, plane: plane || null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.outcome === "refused") this.store.change({ hand: "", plane: "" });
      return null;
    }
  }

  remove() {
    this.ask.close();
    const { card, entries, status, teller, workbench } = this;
    for (const part of [teller, entries, status, card, workbench]) part?.remove();
  }
}

/** @param {Data} data */
function base({ answers }) {
  return new URL(answers, document.baseURI).href;
}

/**
 * The fields that the page has changed since both sides knew of them; all where only the address
 * is known.
 * @param {View} view
 * @param {View | null} known
 * @returns {Partial<View>}
 */
function changedBy(view, known) {
  const names = /** @type {(keyof View)[]} */ (Object.keys(view));
  const changed = names.filter((name) => known === null || view[name] !== known[name]);
  return Object.fromEntries(changed.map((name) => [name, view[name]]));
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

export default mounting("workbench", (root, /** @type {Data} */ data) => new Mounted(root, data));
