// The graph of a few variables, in Streamlit: pan, zoom, point at a box to read what it is.

import { setColours } from "../colours.js";
import { element } from "../element.js";
import { mounting } from "../mounting.js";
import { fill } from "../numbers.js";
import { idOf } from "./boxes.js";
import { Drawing } from "./drawing.js";
import { LEAST, heightOf, whole } from "./small.js";
import { Tip } from "./tip.js";

/** @import {GraphBox, Words} from "../types.d.ts" */
/** @import {SmallBox} from "./small.js" */

/**
 * See `viz.graphs.small.small_graph_data`.
 * @typedef {object} SmallGraph
 * @property {string} svg
 * @property {SmallBox[]} boxes
 * @property {{fill: string, says: string}[]} keys
 * @property {string} arrows
 * @property {string} accent
 */

class SmallGraphView {
  /**
   * @param {HTMLElement} root
   * @param {SmallGraph} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.words = words;
    this.drawn = "";
    setColours(root, data);
    this.frame = root;
    this.root = element(root, "div", "backlight-graph");
    this.drawing = new Drawing(this.root, (id) => this.drawing.goTo(id));
    this.drawing.camera.least = LEAST;
    this.notes = element(this.root, "div", "words");
    /** @type {Map<string, GraphBox>} */
    this.boxes = new Map();
    this.tip = new Tip(this.root, (part) => this.boxes.get(idOf(part)));
  }

  /** @param {SmallGraph} data */
  update({ svg, boxes, keys, arrows }) {
    const known = boxes.map((box) => whole(box));
    this.boxes = new Map(known.map((box) => [box.id, box]));
    this.tip.hide();
    // A deep one is first seen at its result, where a gradient begins.
    if (svg !== this.drawn) this.drawing.show(svg, known, known.at(-1)?.id ?? "");
    const { viewBox } = this.drawing.camera.svg ?? {};
    if (viewBox) this.frame.style.setProperty("--deep", `${heightOf(viewBox.baseVal.height)}px`);
    this.drawn = svg;
    this.drawing.name(fill(this.words.graph, { count: boxes.length }), known);
    this.notes.replaceChildren();
    const told = element(this.notes, "p", "keys");
    for (const key of keys) {
      const each = element(told, "span", "key");
      element(each, "span", "colour").style.background = key.fill;
      each.append(key.says);
    }
    told.append(arrows);
  }

  remove() {
    this.drawing.camera.remove();
  }
}

export default mounting(
  "small-graph",
  (root, /** @type {SmallGraph} */ data, words) => new SmallGraphView(root, data, words.graph),
);
