// The workbench on a page of the app.
//
// The page sends little: where answers are, the query of what runs, what is looked at and what is
// changed by hand. What the page changes of that is told from what it has only heard of: `heard` is
// the last message that it took, null where the address has decided. Which network there is, the
// editor decides once it is open; `decided` counts how often the page has done so instead.

/** @import {Pair} from "../beside/beside.js" */
/** @import {Send} from "../mounting.js" */
/** @import {Plain} from "../paint/edits.js" */
/** @import {FrontWords, View} from "../types.d.ts" */

import { Beside } from "../beside/beside.js";
import { Editor } from "../editor/editor.js";
import { element } from "../element.js";
import { mounting } from "../mounting.js";
import { HandCard } from "../paint/card.js";
import { Store } from "../store.js";
import { said } from "./address.js";
import { Ask, Refusal } from "./ask.js";
import { Entries } from "./history.js";
import { Status } from "./status.js";
import { Teller } from "./teller.js";
import { Workbench } from "./workbench.js";

/** What both sides know. @typedef {{view: View, edits: Plain}} State */

/**
 * @typedef {object} Data
 * @property {string} answers
 * @property {string} language
 * @property {string} version
 * @property {string} query
 * @property {string} run the same without the changes by hand
 * @property {string} base the same without all that the browser decides: its network, too
 * @property {number} decided
 * @property {string} also what the address says besides: how the network is trained
 * @property {View} view
 * @property {Plain} edits
 * @property {State | null} heard
 * @property {number} since when the last message that the page has read was said
 * @property {boolean} linked whether the address of the page stands for it already
 * @property {View} begun how the run begins to be looked at
 * @property {boolean} runs whether there is a run to show
 * @property {boolean} layers
 * @property {string} file
 * @property {Pair | null} beside what this run is compared with
 */

class Mounted {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   * @param {FrontWords} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.taking = false; // whether what is looked at is being taken over from the page
    this.store = new Store(data.view, data.edits);
    this.status = new Status(root, words.status, () => this.show());
    this.ask = new Ask(base(data), data.language, (outcome) => this.status.say(outcome));
    this.ask.hidden = () => this.store.view.hidden;
    const bench = element(root, "div", "bench");
    this.workbench = new Workbench(bench, this.store, this.ask, words, { hides: true, keys: true });
    this.card = /** @type {HandCard | null} */ (null);
    this.editor = /** @type {Editor | null} */ (null);
    this.beside = /** @type {Beside | null} */ (null);
    this.looks = /** @type {string | null} */ (null); // the node of a run that is awaited
    this.shown = data.query;
    this.workbench.onScene = ({ loss }) => this.card?.lost(loss);
    this.entries = new Entries(data, (view) => this.store.change(view));
    const settled = () => this.entries.settle();
    this.teller = new Teller(root, () => this.state(), settled);
    this.store.subscribe((view, { settled }) => {
      if (this.status.outcome === "failed") this.status.clear();
      if (!this.taking) this.entries.write(view, settled);
      this.teller.changed();
      if (view.hand) this.openCard();
      if (view.editing) this.openEditor();
      if (!this.taking && this.misplaced) this.show();
    });
    this.edited = this.store.edits.count; // how many cells were changed until now
    this.store.edits.subscribe(() => this.follow());
    this.teller.known();
    this.enter(data.linked, false);
    this.show();
  }

  /** Cells are changed: the first of them lets the boxes show what that does. */
  follow() {
    const { count } = this.store.edits;
    const first = count > 0 && !this.edited && !this.taking;
    this.edited = count;
    if (first) this.store.change({ compare: true });
    this.teller.changed();
  }

  /** What the server must know. */
  state() {
    const { base, begun, decided } = this.data;
    const { view, edits } = this.store;
    const run = this.editor?.history ? this.editor.run : null;
    return { base, decided, run, view: said(view, begun), edits: edits.plain };
  }

  /** Whether the editor runs what the page has not heard of yet. */
  get ahead() {
    return Boolean(this.editor?.history) && this.editor?.run !== this.data.run;
  }

  /** Whether the page knows all that the browser has decided. */
  get agrees() {
    const { view, edits } = this.store;
    return !this.ahead && isSame(this.data.view, view) && isSame(this.data.edits, edits.plain);
  }

  /** The query of what is shown; changes by hand are written into it by the page. */
  get query() {
    return this.ahead && !this.store.edits.count ? (this.editor?.run ?? "") : this.data.query;
  }

  get runs() {
    return this.editor ? this.editor.runs : this.data.runs;
  }

  /**
   * @param {Data} data
   * @param {Send} say
   */
  update(data, say) {
    this.teller.send = (state) => say("said", state);
    this.teller.answered(data.since);
    if (JSON.stringify(data) === JSON.stringify(this.data)) return;
    const before = this.data;
    this.data = data;
    const ran = this.runs;
    this.editor?.hear(data.run, data.runs, data.decided !== before.decided);
    const another = this.query !== this.shown;
    const elsewhere = data.answers !== before.answers;
    if (elsewhere) {
      this.status.clear(); // another edition answers
      this.ask.move(base(data));
    }
    if (another) this.workbench.run = null; // what is on screen belongs to another run
    this.take(data, before, another);
    if (elsewhere || data.run !== before.run) this.card?.renew();
    if (another || elsewhere || this.runs !== ran || this.misplaced) this.show();
  }

  /**
   * Take over what the page has changed since both sides knew of it; all of it where only the
   * address is known.
   * @param {Data} data
   * @param {Data} before
   * @param {boolean} another whether another run is told
   */
  take(data, before, another) {
    const known = this.knownOf(data, before, another);
    const told = changedBy(data.view, known && known.view);
    this.taking = true; // the entry of what was seen until now stays
    if (another) this.expect(told, known ? before.decided : -1);
    this.store.change(told);
    if (!known || !isSame(data.edits, known.edits)) this.store.edits.take(data.edits);
    if (another && !this.ahead) this.look();
    this.taking = false;
    this.enter(data.linked && !this.ahead, another);
    const late = data.base !== before.base || data.decided !== before.decided;
    if (this.agrees) this.teller.known();
    else if (late) this.teller.changed(); // what was told came too late
  }

  /**
   * What both sides knew before the page changed it; null where only the address is known. An entry
   * of the same run was found here before the page: what it says of that one is nothing new.
   * @param {Data} data
   * @param {Data} before
   * @param {boolean} another whether another run is told
   * @returns {State | null}
   */
  knownOf(data, before, another) {
    if (data.heard || !data.linked) return data.heard ?? before;
    return this.entries.found && !another ? data : null;
  }

  /**
   * Another run is to come: whatever the page says of it is meant of that one.
   * @param {Partial<View>} told
   * @param {number} decided how often the page had decided which network there is
   */
  expect(told, decided) {
    if (decided !== this.data.decided) this.store.await("all");
    else if ("node" in told || "step" in told) this.store.await("choice");
  }

  /**
   * Write the address of what is shown now.
   * @param {boolean} linked whether the address of the page stands for it already
   * @param {boolean} another whether it is another run
   */
  enter(linked, another) {
    const { also, begun, version } = this.data;
    this.shown = this.query;
    this.entries.place = { query: this.shown, version, begun, also };
    this.entries.enter(this.store.view, linked, another);
  }

  openEditor() {
    if (!this.data.layers || this.editor) return;
    // What stands below appears when the height above it is known.
    this.root.classList.toggle("awaiting-editor", !this.workbench.scene);
    const root = document.createElement("section");
    this.root.prepend(root);
    const onRun = this.ran.bind(this);
    this.editor = new Editor(root, this.store, this.ask, this.words.editor, onRun);
    this.editor.onSettled = () => this.root.classList.remove("awaiting-editor");
    this.editor.hear(this.data.run, this.data.runs, true);
  }

  /**
   * The editor runs something else: show it, and tell the page.
   * @param {string} node to look at
   */
  ran(node) {
    this.looks = node;
    this.teller.changed();
    if (this.query === this.shown) return; // changes by hand are still to be written into it
    this.workbench.run = null; // what is on screen belongs to another run
    this.taking = true;
    this.look();
    this.taking = false;
    this.enter(false, true);
    this.card?.renew();
    this.show();
  }

  /** Look at the layer that is edited, in the run that has come. */
  look() {
    const node = this.looks;
    this.looks = null;
    if (node === null) return;
    this.store.await("choice");
    this.store.change({ node, part: null, sample: 0, channel: null, step: null });
  }

  /** Show the run that there is. */
  show() {
    const { layers, file } = this.data;
    const { query, runs } = this;
    this.root.classList.toggle("without-run", !runs);
    if (this.store.view.editing) this.openEditor();
    if (runs && this.store.view.hand) this.openCard();
    this.placeBeside();
    if (runs && !this.beside) this.workbench.show({ query, layers, file });
  }

  /**
   * What is compared in the place of the workbench; nothing while network or cells are changed, nor
   * while a map is hidden, which another run could give away.
   */
  get pair() {
    const { editing, hand, hidden } = this.store.view;
    return this.runs && !editing && !hand && !hidden ? this.data.beside : null;
  }

  /** Whether others than these two runs, or one alone, are to be shown. */
  get misplaced() {
    return !isSame(this.pair, this.beside?.pair ?? null);
  }

  /** Show two runs in the place of the workbench, where there are two to show. */
  placeBeside() {
    const { pair } = this;
    this.root.classList.toggle("two-runs", Boolean(pair));
    if (!pair) {
      this.beside?.remove();
      this.beside = null;
      return;
    }
    this.workbench.run = null; // it waits, and asks nothing
    this.beside ??= new Beside(this.root, this.store, this.ask, this.words);
    this.beside.show(pair);
  }

  /** Show what is changed by hand. */
  openCard() {
    const { hand } = this.workbench.parts;
    if (this.card) return;
    this.card = new HandCard(hand, this.store, this.sheet.bind(this), this.words.paint);
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
      const run = this.editor?.run ?? this.data.run;
      return await this.ask.answer(run, "canvas", { tensor, plane: plane || null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.outcome === "refused") this.store.change({ hand: "", plane: "" });
      return null;
    }
  }

  remove() {
    this.ask.close();
    const { beside, card, editor, entries, status, teller, workbench } = this;
    for (const part of [teller, entries, status, card, editor, beside, workbench]) part?.remove();
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

export default mounting(
  "workbench",
  (root, /** @type {Data} */ data, words) => new Mounted(root, data, words),
);
