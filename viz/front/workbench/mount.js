// The workbench on a page of the app.
//
// The page sends little: where answers are, the query of what runs, and what is looked at. What
// the page changes of that is told from what it has only heard of: `heard` is the last message
// that it took, null where the address has decided.

/** @import {Send} from "../mounting.js" */
/** @import {View} from "../types.d.ts" */

import { mounting } from "../mounting.js";
import { Store } from "../store.js";
import { said } from "./address.js";
import { Ask } from "./ask.js";
import { Entries } from "./history.js";
import { Status } from "./status.js";
import { Teller } from "./teller.js";
import { Workbench } from "./workbench.js";
import { element } from "../element.js";

/**
 * @typedef {object} Data
 * @property {string} answers
 * @property {string} language
 * @property {string} version
 * @property {string} query
 * @property {View} view
 * @property {View | null} heard
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
    this.store = new Store(data.view);
    this.status = new Status(root, data.words, () => this.show());
    this.ask = new Ask(base(data), data.language, (outcome) => this.status.say(outcome));
    this.workbench = new Workbench(element(root, "div", "bench"), this.store, this.ask);
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
    });
    this.teller.known();
    this.entries.enter(this.store.view, data.linked, false);
    this.show();
  }

  /** What the server must know. */
  state() {
    const { query, begun } = this.data;
    return { query, view: said(this.store.view, begun) };
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
    if (data.answers !== before.answers) {
      this.status.clear(); // another edition answers
      this.ask.move(base(data));
    }
    if (another) this.workbench.run = null; // what is on screen belongs to another run
    this.taking = true; // the entry of what was seen until now stays
    this.store.change(changedBy(data, before));
    this.taking = false;
    this.entries.enter(this.store.view, data.linked, another);
    if (JSON.stringify(data.view) === JSON.stringify(this.store.view)) this.teller.known();
    if (another || data.runs !== before.runs || data.answers !== before.answers) this.show();
  }

  /** Show the run that there is. */
  show() {
    const { query, runs, layers, file } = this.data;
    this.root.classList.toggle("without-run", !runs);
    if (runs) this.workbench.show({ query, layers, file });
  }

  remove() {
    this.ask.close();
    for (const part of [this.teller, this.entries, this.status, this.workbench]) part.remove();
  }
}

/** @param {Data} data */
function base({ answers }) {
  return new URL(answers, document.baseURI).href;
}

/**
 * The fields that the page has changed since it heard of them, or told them; all where the address
 * has decided.
 * @param {Data} data
 * @param {Data} before
 * @returns {Partial<View>}
 */
function changedBy({ view, heard, linked }, before) {
  const names = /** @type {(keyof View)[]} */ (Object.keys(view));
  const known = heard ?? (linked ? null : before.view);
  const changed = names.filter((name) => known === null || view[name] !== known[name]);
  return Object.fromEntries(changed.map((name) => [name, view[name]]));
}

export default mounting("workbench", (root, /** @type {Data} */ data) => new Mounted(root, data));
