// What is looked at, in one place. Views read it, change it and are told when it has changed.
//
// A change is *settled* when it is a choice of its own, a node or a step, to which Back returns;
// anything else only changes how the choice is looked at.

/** @import {Known} from "./carried.js" */
/** @import {Plain} from "./paint/edits.js" */
/** @import {View} from "./types.d.ts" */

import { carried } from "./carried.js";
import { Edits } from "./paint/edits.js";

/**
 * @typedef {object} Change
 * @property {View} before
 * @property {boolean} settled
 */

/** @callback Listener
 * @param {View} view
 * @param {Change} change
 * @returns {void}
 */

export class Store {
  /**
   * @param {View} view
   * @param {Plain} [edits] cells changed by hand
   */
  constructor(view, edits = {}) {
    this.view = Object.freeze({ ...view });
    this.edits = new Edits(edits);
    this.first = "";
    this.run = /** @type {Known} */ ({ boxes: [], count: 0 });
    this.ahead = false; // whether the choice is one of the run to come
    /** @type {Set<Listener>} */
    this.listeners = new Set();
  }

  /**
   * Learn of a run which node is seen first and what there is. What was looked at of the run
   * before is looked at here, whatever its number.
   * @param {string} first
   * @param {Known} run
   * @returns {string[]} the names of pinned layers that it does not have
   */
  know(first, run) {
    const { ahead, run: before } = this;
    this.first = first;
    this.run = run;
    this.ahead = false;
    const from = before.boxes.length ? before : run;
    const { fields, lost } = carried(this.view, from, run, !ahead && from === before);
    this.change(fields);
    return lost;
  }

  /**
   * Another run is to come.
   * @param {"all" | "choice"} decided what is looked at of that one already, by whoever chose it
   */
  await(decided) {
    if (decided === "all") this.run = { boxes: [], count: 0 };
    this.ahead = true;
  }

  /** The node to ask for with a run that is to come; null where it is still to be found there. */
  get wanted() {
    const { node, step } = this.view;
    if (this.run.boxes.length && !this.ahead) return null;
    return step === null ? node || null : `n${step}`;
  }

  /** Id of the chosen node; empty before a run is known. */
  get node() {
    const { node, step } = this.view;
    return step === null ? node || this.first : `n${step}`;
  }

  /**
   * Choose a node; while somebody steps, that is a jump.
   * @param {string} node
   */
  choose(node) {
    if (node === this.node) return;
    const step = this.view.step === null ? null : Number(node.slice(1));
    this.change({ node, part: null, channel: null, step }, true);
  }

  /**
   * Take a step of the backward pass; null leaves the steps and stays at the node.
   * @param {number | null} step
   */
  step(step) {
    const at = step === null ? null : Math.min(Math.max(step, 0), this.run.count - 1);
    if (at === this.view.step) return;
    if (at === null) this.change({ step: null, node: this.node }, true);
    else this.change({ step: at, node: `n${at}`, part: null, channel: null }, true);
  }

  /**
   * Change fields, and tell who listens; equal values change nothing.
   * @param {Partial<View>} fields
   * @param {boolean} [settled]
   */
  change(fields, settled = false) {
    const before = this.view;
    const changed = /** @type {(keyof View)[]} */ (Object.keys(fields)).some(
      (name) => fields[name] !== before[name],
    );
    if (!changed) return;
    this.view = Object.freeze({ ...before, ...fields });
    for (const listener of [...this.listeners]) listener(this.view, { before, settled });
  }

  /**
   * Be told of every change; the returned function ends it.
   * @param {Listener} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
