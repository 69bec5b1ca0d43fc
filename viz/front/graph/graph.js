// The autograd graph: choose a box with pointer or keys, pan, zoom, search, read as a list.

import { button, element, focused, name } from "../element.js";
import { fill } from "../numbers.js";
import { saveFile } from "../save.js";
import { showState, stateAt } from "../states.js";
import { parseSvg, saveSvgAsPng, svgFile } from "../svg.js";
import { idOf } from "./boxes.js";
import { Drawing } from "./drawing.js";
import { List } from "./list.js";
import { Search } from "./search.js";
import { Tip } from "./tip.js";

/** @import {Run} from "../steps/motion.js" */
/** @import {Store} from "../store.js" */
/** @import {GraphBox, GraphData, Words} from "../types.d.ts" */

const FILE = "autograd-graph.svg";

export class GraphView {
  /**
   * @param {Node & ParentNode} parent which decides how high the graph is
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "backlight-graph", "", { hidden: true });
    const bar = element(this.root, "div", "bar");
    this.search = new Search(bar, words, () => this.markFound());
    this.notes = element(this.root, "div", "words");
    this.drawing = new Drawing(this.root, (id) => this.choose(id));
    this.list = new List(this.root, words, (id) => this.choose(id));
    this.tip = new Tip(this.root, (part) => this.boxAt(part));
    this.buttons = this.makeButtons(bar);
    for (const [key, each] of Object.entries(this.buttons)) name(each, words[key]);
    this.buttons.list_help.ariaPressed = "false";
    this.buttons.explain.ariaExpanded = "false";
    /** @type {GraphData | null} */
    this.data = null;
    /** @type {Map<string, GraphBox>} */
    this.boxes = new Map();
    /** @type {Map<string, string[]>} */
    this.marked = new Map();
    this.choosing = false;
    this.unsubscribe = store.subscribe(({ node, step }, { before }) => {
      if (node !== before.node || step !== before.step) this.markChosen(!this.choosing);
      if (step !== before.step) this.markStates();
    });
  }

  /** @param {HTMLElement} bar */
  makeButtons(bar) {
    const { camera } = this.drawing;
    return {
      list_help: button(bar, "☰", "list", () => this.toggleList()),
      zoom_out: button(bar, "−", "zoom_out", () => camera.zoomOut()),
      zoom_in: button(bar, "+", "zoom_in", () => camera.zoomIn()),
      fit: button(bar, "⤢", "fit", () => camera.fit()),
      download: button(bar, "⇩", "download", () => this.save("svg", FILE)),
      explain: button(bar, "?", "explain", () => this.explain()),
    };
  }

  /** What colours and arrows mean, where there is no room to say it all the time. */
  explain() {
    const open = this.root.classList.toggle("explained");
    this.buttons.explain.ariaExpanded = String(open);
  }

  remove() {
    this.unsubscribe();
    this.drawing.camera.remove();
    this.root.remove();
  }

  /** @param {GraphData} data */
  show(data) {
    const { svg, nodes } = data;
    const redraw = svg !== this.data?.svg;
    this.data = data;
    this.boxes = new Map(nodes.map((box) => [box.id, box]));
    this.root.hidden = false;
    this.label(data);
    if (redraw) this.drawing.show(svg, nodes, this.home?.id ?? "");
    this.drawing.name(fill(this.words.graph, { count: nodes.length }), nodes);
    this.list.show(nodes);
    this.search.show(nodes);
    this.markChosen(true);
    this.markStates();
  }

  /** @param {GraphData} data */
  label({ note, legend }) {
    this.notes.replaceChildren();
    this.root.classList.toggle("tinted", Boolean(legend.fill));
    if (note) element(this.notes, "p", "note", note);
    if (legend.fill) {
      const line = element(this.notes, "p", "legend");
      const colours = `linear-gradient(to right, ${legend.stops.join(", ")})`;
      element(line, "span", "scale").style.background = colours;
      line.append(legend.fill);
    }
    const keys = element(this.notes, "p", "keys");
    for (const { fill: colour, says } of legend.keys) {
      const key = element(keys, "span", "key");
      element(key, "span", "colour").style.background = colour;
      key.append(says);
    }
    keys.append(legend.arrows);
  }

  /**
   * What was chosen here is in sight already.
   * @param {string} id
   */
  choose(id) {
    const node = this.boxes.get(id)?.node;
    if (!node) return;
    this.choosing = true;
    this.store.choose(node);
    this.choosing = false;
  }

  /** @returns {GraphBox | undefined} the box of the chosen node: its own, or the group around it */
  get home() {
    const { node } = this.store;
    const number = Number(node.slice(1));
    const holds = (/** @type {GraphBox} */ { ranges }) =>
      ranges.some(([first, last]) => first <= number && number <= last);
    return node ? (this.boxes.get(node) ?? this.data?.nodes.find(holds)) : undefined;
  }

  /**
   * Light the chosen box and those of its layer.
   * @param {boolean} reveal
   */
  markChosen(reveal) {
    const { home } = this;
    const layer = home?.kind === "group" ? "" : home?.layer;
    const mates = layer ? (this.data?.nodes ?? []).filter((box) => box.layer === layer) : [];
    this.mark(
      "same-layer",
      mates.filter((box) => box !== home).map((box) => box.id),
    );
    const chosen = home ? [home.id] : [];
    this.mark("selected", chosen);
    this.drawing.encircle(chosen[0]);
    if (!home) return;
    if (!this.drawing.frame.contains(focused(this.root))) this.drawing.rove(home.id);
    if (reveal) this.reveal(home.id);
  }

  /**
   * What moves when a gradient comes to the chosen box: it goes up, against its lines.
   * @returns {Run[]}
   */
  moving() {
    const lines = this.home ? this.drawing.linesTo(this.home.id) : [];
    return lines.map((path) => ({ path, backward: true, radius: 3.5 }));
  }

  markFound() {
    const { found, current } = this.search;
    this.mark("found", found);
    this.mark("current", current ? [current] : []);
    if (!current) return;
    this.drawing.rove(current);
    this.reveal(current);
  }

  /** While somebody steps, show how far the engine is. */
  markStates() {
    if (!this.data) return;
    for (const box of this.data.nodes) {
      const state = stateAt(rangesOf(box), this.store.view.step);
      for (const part of this.partsOf(box.id)) showState(part, state, this.words);
    }
  }

  /**
   * Give a class to the parts of these boxes and to no other.
   * @param {string} className
   * @param {string[]} ids
   */
  mark(className, ids) {
    for (const id of this.marked.get(className) ?? []) this.toggle(id, className, false);
    for (const id of ids) this.toggle(id, className, true);
    this.marked.set(className, ids);
  }

  /**
   * @param {string} id
   * @param {string} className
   * @param {boolean} on
   */
  toggle(id, className, on) {
    for (const part of this.partsOf(id)) {
      part.classList.toggle(className, on);
      if (className === "selected") part.ariaPressed = String(on);
    }
  }

  /**
   * What stands for a box in the drawing and in the list.
   * @param {string} id
   * @returns {Element[]}
   */
  partsOf(id) {
    const parts = [this.drawing.parts.get(id), this.list.rows.get(id)];
    return parts.filter((part) => part !== undefined);
  }

  /**
   * The box in whose part of the drawing or row of the list something lies.
   * @param {Element} part
   */
  boxAt(part) {
    const row = part.closest("tr");
    const listed = [...this.list.rows].find(([, each]) => each.closest("tr") === row)?.[0];
    return this.boxes.get(idOf(part) || (row ? (listed ?? "") : ""));
  }

  /** @param {string} id */
  reveal(id) {
    this.drawing.reveal(id);
    this.list.reveal(id);
  }

  toggleList() {
    const listed = !this.drawing.frame.hidden;
    this.drawing.frame.hidden = listed;
    this.list.open(listed);
    this.buttons.list_help.ariaPressed = String(listed);
    this.markChosen(true);
    this.markFound();
    this.markStates();
  }

  /**
   * Save the drawing as a file.
   * @param {"svg" | "png"} kind
   * @param {string} file
   */
  async save(kind, file) {
    if (!this.data) return;
    const svg = parseSvg(this.data.svg);
    if (kind === "svg") saveFile(svgFile(svg), file);
    else await saveSvgAsPng(svg, file);
  }
}

/**
 * Numbers of the nodes that a box stands for.
 * @param {GraphBox} box
 * @returns {[number, number][]}
 */
function rangesOf({ ranges, node }) {
  const number = Number(node.slice(1));
  return ranges.length || !node ? ranges : [[number, number]];
}
