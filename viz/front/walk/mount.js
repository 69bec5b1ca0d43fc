// A walk through the backward pass in a lesson: the step control and the graph.

/** @import {Send} from "../mounting.js" */
/** @import {FrontWords, GraphData, StepsData, Theme, View} from "../types.d.ts" */

import { setColours } from "../colours.js";
import { element } from "../element.js";
import { Kept } from "../kept.js";
import { mounting } from "../mounting.js";
import { GraphView } from "../graph/graph.js";
import { StepsView } from "../steps/steps.js";
import { Store } from "../store.js";
import { Teller } from "../workbench/teller.js";

/**
 * @typedef {object} Data
 * @property {StepsData} steps
 * @property {GraphData} graph
 * @property {Pick<Theme, "accent" | "accent_ink">} theme
 * @property {View} view of which the step is said
 * @property {number | null} heard
 */

class Walk {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   * @param {FrontWords} words
   */
  constructor(root, data, words) {
    setColours(root, data.theme);
    this.store = new Store(data.view);
    this.kept = new Kept(data.view.step);
    this.steps = new StepsView(root, this.store, words.steps);
    this.graph = new GraphView(element(root, "div", "graph-host"), this.store, words.graph);
    this.teller = new Teller(root, () => ({ step: this.store.view.step }));
    this.teller.send = () => this.kept.set(this.store.view.step);
    this.store.subscribe(() => this.teller.changed());
  }

  /**
   * @param {Data} data
   * @param {Send} say
   */
  update(data, say) {
    this.kept.say = say;
    this.store.know("n0", { boxes: [], count: data.steps.count });
    if (this.kept.hear(data.view.step, data.heard)) this.store.change(data.view);
    if (data.view.step === this.store.view.step) this.teller.known();
    this.steps.show(data.steps);
    this.graph.show(data.graph);
  }

  remove() {
    for (const part of [this.teller, this.steps, this.graph]) part.remove();
  }
}

export default mounting(
  "walk",
  (root, /** @type {Data} */ data, words) => new Walk(root, data, words),
);
