// The editor of a network: a draft with its history, which are the browser's own. A change is drawn
// at once; the server is asked what it alone knows of the draft, and what can run is run.

/** @import {Store} from "../store.js" */
/** @import {Words} from "../types.d.ts" */
/** @import {Answerer} from "../workbench/ask.js" */
/** @import {History} from "./history.js" */
/** @import {Catalogue, Diagnosis, Draft, Kind} from "./types.d.ts" */

import { Refusal } from "../workbench/ask.js";
import { INPUT, frozen, keysOf, layerOf } from "./draft.js";
import { amended, begin, gone, same, then } from "./history.js";
import { EditorFrame } from "./frame.js";

/** Parts of a query that the browser decides; what is left is the base of its drafts. */
const OWNED = ["net", "input_shape", "edits"];

/**
 * What was edited, kept while the visitor is on another page.
 * @type {Pick<Editor, "history" | "run" | "chosen"> | null}
 */
let left = null;

/**
 * A query without what the browser decides.
 * @param {string} query
 */
export function baseOf(query) {
  const left = new URLSearchParams(query);
  for (const name of OWNED) left.delete(name);
  return [...left.keys()].some((name) => name !== "v") ? left.toString() : "";
}

/** @callback Choose
 * @param {Draft} after
 * @param {Draft} before
 * @param {number} chosen
 * @returns {number}
 */

export class Editor {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {Words} text what it says itself
   * @param {(node: string) => void} onRun is called when something else runs, with the node of it
   *   to look at: that of the chosen layer, empty for the one to be seen first
   */
  constructor(root, store, answerer, text, onRun) {
    this.root = root;
    root.className = "editor";
    this.store = store;
    this.answerer = answerer;
    this.text = text;
    this.onRun = onRun;
    this.run = ""; // what runs, without the changes by hand
    this.base = "";
    this.runs = false; // whether there is a run on screen
    this.wanted = /** @type {string | null} */ (null); // the run whose network is to be loaded
    this.chosen = INPUT;
    /** @type {Map<string, Kind>} */
    this.kinds = new Map();
    this.known = /** @type {Catalogue | null} */ (null);
    this.history = /** @type {History | null} */ (null);
    this.answer = /** @type {Diagnosis | null} */ (null); // the last one
    this.answered = /** @type {Draft | null} */ (null); // what that is about
    /** @type {WeakMap<Draft, number>} which layer was chosen when a draft was left */
    this.choices = new WeakMap();
    this.refusal = "";
    this.busy = false;
    this.frame = /** @type {EditorFrame | null} */ (null);
    this.onSettled = () => {}; // is called when its height is known
    this.unsubscribe = store.subscribe((view, { before }) => {
      if (view.editing !== before.editing) this.open();
      if (view.node !== before.node || view.step !== before.step) this.follow();
    });
  }

  get draft() {
    if (!this.history) throw new Error("no network is edited yet");
    return this.history.present;
  }

  get catalogue() {
    if (!this.known) throw new Error("no kinds of layers are known yet");
    return this.known;
  }

  /** What is known of the draft as it is now; null while it is asked. */
  get current() {
    return this.history && this.answered === this.history.present ? this.answer : null;
  }

  /**
   * Hear from the page what runs.
   * @param {string} run without the changes by hand
   * @param {boolean} runs whether it could
   * @param {boolean} elsewhere whether its network comes from elsewhere: it is edited from now on
   */
  hear(run, runs, elsewhere) {
    const before = this.base;
    if (run === this.run) this.runs = runs;
    if (left && !this.history && this.takeUp(run, runs)) return;
    // One that was to be edited and was not loaded while nobody looked is no longer what runs.
    if (elsewhere || !this.history || this.wanted !== null) {
      [this.run, this.base, this.wanted, this.runs] = [run, baseOf(run), run, runs];
      this.open();
      return;
    }
    this.base = this.based(run);
    if (this.base === before) return;
    // The draft is not what runs, or it is what the page runs, which nobody is editing.
    if (!this.current?.run || !this.store.view.editing) this.run = run;
    this.answered = null;
    this.ask();
  }

  /**
   * Take up what was left; return whether its run is still what runs.
   * @param {string} run
   * @param {boolean} runs
   */
  takeUp(run, runs) {
    if (!left) return false;
    const same = left.run === run;
    this.history = left.history;
    if (same) {
      [this.run, this.base, this.runs, this.chosen] = [run, baseOf(run), runs, left.chosen];
      this.open();
      this.ask();
    }
    left = null;
    return same;
  }

  /** Show the editor, or hide it; what it needs comes when it is shown for the first time. */
  async open() {
    this.root.hidden = !this.store.view.editing;
    if (this.root.hidden) {
      this.onSettled();
      return;
    }
    if (!this.known) {
      const known = await this.asked("", "kinds", {});
      if (!known || this.known) return;
      this.known = /** @type {Catalogue} */ (known);
      for (const { kinds } of known.families) {
        for (const kind of kinds) this.kinds.set(kind.name, kind);
      }
    }
    if (this.wanted === null) this.show();
    else await this.load();
  }

  /** Edit the network that is wanted; it is the next step after what was edited before. */
  async load() {
    const { wanted } = this;
    if (wanted === null) return;
    this.root.dataset.state = "asking";
    const answer = /** @type {Diagnosis | null} */ (await this.asked(wanted, "draft", {}));
    if (!answer || this.wanted !== wanted) return;
    this.wanted = null;
    const draft = frozen(answer.draft);
    this.history = this.history ? then(this.history, draft) : begin(draft);
    this.chosen = answer.first;
    this.take(answer, false);
    this.follow();
  }

  /**
   * Begin with a preset and all that belongs to it.
   * @param {string} query
   */
  start(query) {
    const asked = new URLSearchParams(query);
    const device = new URLSearchParams(this.base).get("device");
    if (device) asked.set("device", device);
    this.wanted = asked.toString();
    this.base = baseOf(this.wanted);
    this.load();
  }

  /** Take all layers out. The input keeps its shape, but its values and the loss were not for it. */
  empty() {
    this.base = this.fromNothing(this.base);
    this.change(
      (draft) => ({ ...draft, name: "Model", layers: [] }),
      () => INPUT,
    );
  }

  /**
   * The base of a run, with another input and loss as long as there is no layer.
   * @param {string} run
   */
  based(run) {
    return this.history && !this.draft.layers.length ? this.fromNothing(run) : baseOf(run);
  }

  /** @param {string} run */
  fromNothing(run) {
    const asked = new URLSearchParams(run);
    for (const [name, text] of Object.entries(this.catalogue.from_nothing)) asked.set(name, text);
    return baseOf(asked.toString());
  }

  /**
   * Change the draft.
   * @param {(draft: Draft, chosen: number) => Draft} make
   * @param {Choose} [choose] tells which layer is chosen then
   */
  change(make, choose) {
    if (!this.history) return;
    const { chosen, draft } = this;
    const after = make(draft, chosen);
    if (same(draft, after)) return;
    this.choices.set(draft, chosen);
    this.history = then(this.history, frozen(after));
    if (choose) this.chosen = choose(after, draft, chosen);
    this.changed();
  }

  /** Go back or forth through the drafts. @param {"undo" | "redo"} way */
  go(way) {
    if (!this.history) return;
    const history = gone(this.history, way);
    if (history === this.history) return;
    this.choices.set(this.draft, this.chosen);
    if (!this.draft.layers.length) this.base = baseOf(this.run);
    this.history = history;
    this.chosen = this.choices.get(this.draft) ?? this.chosen;
    this.changed();
  }

  /**
   * Take a way out that the server offered for the draft as it is.
   * @param {Draft} draft
   * @param {number} [key] of the layer that was wrong
   */
  fix(draft, key) {
    if (!this.current) return;
    this.change(
      () => draft,
      () => key ?? this.chosen,
    );
  }

  /**
   * Run the draft with another loss, target or input.
   * @param {string} run
   */
  remedy(run) {
    if (!this.current) return;
    this.base = baseOf(run);
    this.answered = null;
    this.ask();
  }

  /** The draft is another one: draw it, then ask about it. */
  changed() {
    this.wanted = null; // what was about to be loaded has been overtaken
    if (this.chosen !== INPUT && !layerOf(this.draft, this.chosen)) {
      this.chosen = keysOf(this.draft).at(-1) ?? INPUT;
    }
    this.refusal = "";
    this.show();
    this.ask();
  }

  /** Ask about the draft until the answer is about what it is now. */
  async ask() {
    if (this.busy || !this.history) return;
    this.busy = true;
    this.root.dataset.state = "asking";
    while (this.history && this.answered !== this.history.present) {
      const { base } = this;
      const { present } = this.history;
      const answer = await this.asked(base, "draft", { draft: JSON.stringify(present) });
      if (this.history.present !== present || this.base !== base) continue;
      if (!answer) break;
      if (present.layers.some(({ fresh }) => fresh)) {
        this.history = amended(this.history, frozen(answer.draft));
      }
      this.take(answer, true);
    }
    this.busy = false;
  }

  /**
   * Ask; where there is no answer, say why.
   * @param {string} query
   * @param {string} name
   * @param {import("../workbench/ask.js").Parameters} parts
   */
  async asked(query, name, parts) {
    try {
      this.refusal = "";
      return await this.answerer.answer(query, name, parts);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error.message;
      this.root.dataset.state = "refused";
      this.show();
      this.onSettled();
      return null;
    }
  }

  /**
   * Take what the server knows of the draft.
   * @param {Diagnosis} answer
   * @param {boolean} looks whether the run is to show the chosen layer
   */
  take(answer, looks) {
    this.answer = answer;
    this.answered = this.draft;
    this.root.dataset.state = "answered";
    if (answer.run !== null && answer.run !== this.run) {
      this.run = answer.run;
      this.runs = true;
      this.onRun((looks && answer.nodes[this.chosen]?.[0]) || "");
    }
    this.show();
  }

  /**
   * Choose a layer, or the input; a run that has it shows it too.
   * @param {number} key
   */
  choose(key) {
    this.chosen = key;
    const node = this.current?.nodes[key]?.[0];
    if (node && !this.current?.nodes[key].includes(this.store.node)) this.store.choose(node);
    this.show();
  }

  /** Choose the layer of the node that was chosen elsewhere. */
  follow() {
    const { node, view } = this.store;
    if (!view.node && view.step === null) return; // nothing was
    for (const [key, nodes] of Object.entries(this.current?.nodes ?? {})) {
      if (nodes.includes(node) && Number(key) !== this.chosen) {
        this.chosen = Number(key);
        this.show();
      }
    }
  }

  /** @param {number} key */
  nameOf(key) {
    if (key === INPUT) return this.catalogue.input;
    return layerOf(this.draft, key)?.name || "?";
  }

  /** Draw everything as it is now. */
  show() {
    if (this.root.hidden || !this.known || !this.history) return;
    this.frame ??= new EditorFrame(this.root, this);
    this.frame.show();
    this.onSettled();
  }

  /** Go, and ask nothing more. */
  remove() {
    this.unsubscribe();
    this.frame?.remove();
    const { chosen, history, run } = this;
    if (history) left = { chosen, history, run };
    this.history = null;
    this.root.remove();
  }
}
