// The workbench: one store, the views on it, and the answers they show. Choosing, stepping and
// pointing ask the server for nothing that has been sent already.

/** @import {Floats, FrontWords, NodePage, Packet, Page, Scene, View} from "../types.d.ts" */
/** @import {Store} from "../store.js" */
/** @import {Pinned} from "../maps/types.d.ts" */
/** @import {Answerer} from "./ask.js" */

import { setColours } from "../colours.js";
import { GraphView } from "../graph/graph.js";
import { Hiding } from "../hide/hiding.js";
import { Maps } from "../maps/maps.js";
import { PinButton } from "../pins/button.js";
import { Tray } from "../pins/tray.js";
import { CHANGED, inRoom } from "../room/room.js";
import { Motion } from "../steps/motion.js";
import { StepsView } from "../steps/steps.js";
import { StripView } from "../strip/strip.js";
import { Tour } from "../tour/tour.js";
import { Refusal } from "./ask.js";
import { Channels } from "./channels.js";
import { Compared } from "./compared.js";
import { Drawing, picked } from "./drawing.js";
import { readFormula } from "./formula.js";
import { frame } from "./frame.js";
import { Head } from "./head.js";
import { Pickers } from "./pickers.js";
import { Scales } from "./scales.js";
import { ProofView } from "../proof/proof.js";

// What the tour speaks of, by selectors.
const TOURED = {
  flow: ".backlight-strip",
  cell: ".inspector-card .maps > .row",
  sum: ".inspector-card .sum",
  proof: ".inspector-card .proof",
};
// The sum is about a cell that is outlined in the maps.
const BESIDE_TOURED = { sum: ".inspector-card .maps > .row:first-child" };
const SUMS_AFTER = 60; // ms that a choice rests before its sums are asked for
const MOST_NODES = 24; // of a run that is not sent whole
const MOST_PIECES = 8; // runs of cells that came later than their node
const COMPARED = ["scene", "nodes", "cells", "thumbnails"]; // questions whose answers show changes
const SEPARATOR = "_"; // between typed cells, as in `viz.typed`
const GRAPH_LOOKS = /** @type {const} */ (["saved", "attributes", "tint", "collapsed"]);
const INSPECTED = /** @type {const} */ ([
  "node",
  "step",
  "part",
  "sample",
  "channel",
  "show",
  "scale",
]);
// px of a map: as high as the window, or the card in a room, leaves room for both maps and their sum.
const MAP = { least: 200, most: 340, cell: 136, besides: 508 };
const MAP_IN_ROOM = { least: 120, most: 420, cell: 160, besides: 111 };

/** What can be saved as a picture. @typedef {"maps" | "svg" | "png"} Saved */

/**
 * What runs.
 * @typedef {object} Run
 * @property {string} query
 * @property {boolean} layers whether the network's layers are ours to change
 * @property {string} file how files that are saved begin
 * @property {boolean} [fixed] whether the graph is drawn in one way only
 */

export class Workbench {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {FrontWords} words
   * @param {object} [told]
   * @param {(cell: Pinned) => void} [told.onPinned] a cell was pinned, or is no more
   * @param {boolean} [told.hides] whether maps can be hidden, and filled in
   * @param {boolean} [told.keys] whether keys step wherever on the page they are pressed
   */
  constructor(root, store, answerer, words, { onPinned, hides = false, keys } = {}) {
    this.store = store;
    this.answerer = answerer;
    this.words = words;
    this.parts = frame(root);
    this.root = root;
    const onMissing = (/** @type {number} */ step) => this.moreSteps(step);
    this.steps = new StepsView(this.parts.flow, store, words.steps, { onMissing, keys });
    this.compared = new Compared(store, words.strip);
    this.strip = new StripView(this.parts.flow, store, words.strip, {
      onMissing: (sample) => this.morePictures(sample),
      tools: this.compared.root,
    });
    this.graph = new GraphView(this.parts.graph, store, words.graph);
    this.scales = new Scales(store, words.maps);
    const check = hides ? this.check.bind(this) : null;
    this.hiding = new Hiding(this.parts.concealed, store, words, check);
    this.maps = new Maps(this.parts.maps, words, {
      onCell: (cell) => this.askCell(cell),
      onPinned,
      eager: true,
      roomOf: () => this.roomOf(),
      tools: this.scales.root,
      onCard: (view) => this.hiding.card(view),
    });
    this.pickers = new Pickers(this.parts.pickers, store, words.workbench);
    this.channels = new Channels(this.parts.channels, store, words.workbench);
    this.proof = new ProofView(this.parts.proof);
    this.tray = new Tray(this.parts.pins, store, words, {
      node: (id) => this.scene?.nodes[id] ?? this.fetchNode(id),
      cells: (of) => this.asked("cells", of),
    });
    this.pinning = new PinButton(this.parts.pinning, store, words.workbench, this.tray);
    this.head = new Head(this);
    this.tour = new Tour(root, TOURED, BESIDE_TOURED, words.tour, this.steps.bar.root, (stop) => {
      if (stop !== "flow") this.lookAtBoth();
    });
    this.run = /** @type {Run | null} */ (null);
    this.first = /** @type {string | null} */ (null); // the node that its scene was asked for with
    this.scene = /** @type {Scene | null} */ (null);
    this.drawing = /** @type {Drawing | null} */ (null);
    this.drawn = /** @type {{key: string, packet: Packet} | null} */ (null);
    /** @type {Map<string, Floats>} by choice and map, the oldest first */
    this.pieces = new Map();
    this.sumsTimer = 0;
    this.motion = new Motion();
    this.over = new AbortController();
    document.addEventListener(CHANGED, () => this.resize(), { signal: this.over.signal });
    root.classList.toggle("in-room", inRoom());
    this.onScene = /** @type {((scene: Scene) => void) | null} */ (null);
    const ends = [
      store.subscribe((view, { before }) => this.changed(view, before)),
      store.edits.subscribe(() => this.offerComparison()),
    ];
    this.unsubscribe = () => ends.forEach((end) => end());
    this.parts.inspector.classList.add("unknown");
    root.dataset.state = "loading";
  }

  /** Go, and ask nothing more. */
  remove() {
    clearTimeout(this.sumsTimer);
    this.unsubscribe();
    this.over.abort();
    this.tour.leave();
    const { graph, maps, steps, strip, tray } = this;
    for (const view of [strip, steps, graph, maps, tray]) view.remove();
    this.root.replaceChildren();
  }

  /**
   * Show a run; what is on screen stays until its scene has come.
   * @param {Run} run
   */
  async show(run) {
    this.run = run;
    this.scene = null; // what is on screen belongs to another run, and is not asked about
    clearTimeout(this.sumsTimer);
    this.placeGraph();
    this.root.dataset.state = "loading";
    this.first = this.store.wanted;
    const graph = this.askGraph(); // needs nothing of the scene
    const scene = await this.asked("scene", { node: this.first });
    if (!scene) return;
    this.take(scene);
    await this.showGraph(graph);
  }

  /** The view for a room was entered or left: all is larger or smaller, the graph in layers or not. */
  resize() {
    this.root.classList.toggle("in-room", inRoom());
    if (!this.scene) return;
    this.strip.follow(true);
    this.maps.repaint();
    this.showGraph();
  }

  /** How large a map may be: in a room the sum stands below the maps, and covers none of them. */
  roomOf() {
    const room = inRoom();
    const { least, most, cell, besides } = room ? MAP_IN_ROOM : MAP;
    const all = room ? this.parts.inspector.clientHeight : window.innerHeight;
    const height = Math.min(most, Math.max(least, all - besides));
    return { height, cell, scroll: room ? height + 1 : undefined };
  }

  /** Show boxes and maps with, or without, what changes by hand did to them. */
  async compare() {
    if (!this.edited) return; // the same is seen either way
    if (!this.scene) {
      if (this.run) await this.show(this.run); // what is under way answers another question
    } else if (this.scene.whole) {
      const scene = await this.asked("scene", { node: this.first });
      if (scene) this.take(scene);
    } else {
      this.scene = { ...this.scene, nodes: {} };
      this.drawn = null;
      this.draw();
    }
  }

  /** Whether cells of the run were changed by hand. */
  get edited() {
    return new URLSearchParams(this.run?.query).has("edits");
  }

  /** Offer to see what changes by hand do, from the first one on. */
  offerComparison() {
    const { edited, run, store } = this;
    this.compared.show(!run?.fixed && (edited || store.edits.count > 0));
  }

  /** Have the other maps before somebody flips the switch. */
  async prepareComparison() {
    const { answerer, first, run, scene, store } = this;
    if (!run || !scene || run.fixed || !this.edited) return;
    const [name, of] = scene.whole ? ["scene", { node: first }] : ["nodes", { nodes: store.node }];
    const changes = store.view.compare ? null : 1;
    await answerer.answer(run.query, name, { ...of, changes }, { prefetch: true }).catch(() => {}); // it is asked for when it is wanted
  }

  /**
   * Whether what changes by hand did is asked for too, as the question ``name`` says it.
   * @param {string} name
   */
  changes(name) {
    return this.edited && this.store.view.compare && COMPARED.includes(name) ? 1 : null;
  }

  /**
   * Ask about the run that is shown; null where there is no answer, which is said, or where the
   * answer comes too late.
   * @param {string} name
   * @param {import("./ask.js").Parameters} parameters
   * @param {{prefetch?: boolean, quiet?: boolean}} [how] `quiet`: a refusal is not said
   */
  async asked(name, parameters, how = {}) {
    const { run } = this;
    if (!run) return null;
    const changes = this.changes(name);
    try {
      const answer = await this.answerer.answer(run.query, name, { ...parameters, changes }, how);
      return this.run === run && changes === this.changes(name) ? answer : null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const said = !how.prefetch && !how.quiet;
      if (error.message && this.run === run && said) this.refuse(error.message);
      return null;
    }
  }

  /**
   * Say why there is no answer; of a node that never came nothing else is there to be seen.
   * @param {string} sentence
   */
  refuse(sentence) {
    this.root.dataset.state = "refused";
    this.parts.inspector.classList.toggle("unknown", !this.node);
    if (!this.node) this.parts.title.textContent = this.store.node;
    this.parts.absent.hidden = false;
    this.parts.absent.textContent = sentence;
  }

  /** @param {Scene} scene */
  take(scene) {
    const lost = this.store.know(scene.first, { boxes: scene.strip.boxes, count: scene.count });
    this.scene = scene;
    this.drawing = new Drawing(this.words.maps, scene.theme);
    this.drawn = null;
    this.pieces.clear();
    this.placeGraph();
    setColours(this.root, scene.theme);
    this.head.label();
    this.offerComparison();
    this.hiding.show(scene.hidden, scene.theme, this.run?.query ?? "");
    this.strip.show(scene.strip, scene.theme);
    this.steps.show(scene.steps);
    this.draw();
    this.tray.take(scene, this.drawing, lost);
    this.onScene?.(scene);
  }

  /**
   * @param {View} view
   * @param {View} before
   */
  changed(view, before) {
    if (!this.run) return;
    if (view.hidden !== before.hidden) {
      this.show({ ...this.run }); // what is under way tells more, or less
      return;
    }
    const compared = this.edited && view.compare !== before.compare;
    if (view.compare !== before.compare) this.offerComparison();
    if (compared) this.compare();
    if (!this.scene) return;
    this.placeGraph();
    this.move(view.step, before.step);
    this.followPins(view, before);
    if (!compared && INSPECTED.some((name) => view[name] !== before[name])) this.draw();
    if (GRAPH_LOOKS.some((name) => view[name] !== before[name])) this.showGraph();
  }

  /**
   * @param {View} view
   * @param {View} before
   */
  followPins(view, before) {
    this.pinning.show();
    if (view.pins !== before.pins) this.tray.follow();
    else if (view.scale !== before.scale) this.tray.draw();
  }

  /**
   * A step onward moves along its arrows; any other choice stands at once.
   * @param {number | null} step
   * @param {number | null} before
   */
  move(step, before) {
    if (step === before) return;
    if (step === null || step - 1 !== (before ?? -1)) {
      this.motion.stop();
      return;
    }
    const { strip, graph, motion } = this;
    const { runs, filled, shown } = strip.moving(step);
    motion.begin([...runs, ...graph.moving()], filled, shown);
  }

  /** While cells are changed by hand, the card for that has the graph's place. */
  placeGraph() {
    this.root.classList.toggle("by-hand", Boolean(this.store.view.hand));
  }

  /** The page of the chosen node, as far as it has been sent. */
  get node() {
    return /** @type {NodePage | undefined} */ (this.scene?.nodes[this.store.node]);
  }

  /** Look at what arrives and what is handed on: where one is missing, at the first node. */
  lookAtBoth() {
    const { node, store } = this;
    if (!node) return;
    const { arrow, rows } = this.chosen(node).page;
    if (arrow === "backward" && rows[0]?.every(({ shape }) => shape)) return;
    store.change({ show: "gradient" });
    store.choose(store.first);
  }

  /**
   * Which of its pages is chosen.
   * @param {NodePage} node
   */
  chosen(node) {
    const { show } = this.store.view;
    const name = show === "gradient" ? `gradient ${this.part(node)}` : show;
    return { name, page: node.pages[name] };
  }

  /**
   * The downstream gradient that is shown of a node: the picked one, where it has that.
   * @param {NodePage} node
   */
  part(node) {
    const { part } = this.store.view;
    return part !== null && node.pages[`gradient ${part}`] ? part : node.first_part;
  }

  /** Draw the maps of the choice, at once where they have been sent. */
  draw() {
    clearTimeout(this.sumsTimer);
    const { node } = this;
    if (!node) {
      this.await(this.store.node);
      return;
    }
    const { name, page } = this.chosen(node);
    const { sample, channel } = this.picked(page);
    this.root.dataset.state = "shown";
    this.parts.inspector.classList.remove("unknown");
    this.head.show(node);
    this.pickers.show(node, page, { part: this.part(node), channel });
    this.scales.show();
    this.pinning.show();
    this.parts.finding.textContent = this.found(node);
    const key = `${node.id} ${name} ${sample} ${channel}`;
    this.paint(page, key, this.drawn?.key === key ? this.drawn.packet : null);
    const formula = this.store.view.show === "gradient" ? readFormula(node.formula) : null;
    this.parts.formula.replaceChildren(...(formula ? [formula] : []));
    this.proof.wait(this.store.view.show === "gradient");
    document.dispatchEvent(new CustomEvent("backlight:painted", { detail: { node: node.id } }));
    this.sumsTimer = window.setTimeout(() => this.explain(node, page, key), SUMS_AFTER);
  }

  /**
   * @param {Page} page
   * @param {string} key
   * @param {Packet | null} before the same choice, as it was drawn last
   */
  paint(page, key, before) {
    const { drawing, scene } = this;
    if (!drawing || !scene) return;
    const { rows, missing } = drawing.rows(
      page,
      this.picked(page),
      ({ key: map }) => this.pieces.get(`${key} ${map}`) ?? null,
      this.store.view.scale,
    );
    const packet = {
      rows,
      links: before?.links ?? [],
      answer: before?.answer ?? null,
      between: page.between,
      arrow: page.arrow,
      scaling: this.store.view.scale,
      held: null,
      awaited: before ? before.awaited : page.sums,
      theme: scene.theme,
    };
    this.drawn = { key, packet };
    this.parts.maps.hidden = !rows.length;
    this.parts.absent.hidden = Boolean(rows.length);
    this.parts.absent.textContent = this.words.workbench.nothing;
    if (rows.length) this.maps.show(packet);
    this.channels.show(page, { drawing, ...this.picked(page) });
    for (const run of missing) this.fetchCells(run, key);
  }

  /**
   * Ask for a node that has not been sent; what is on screen stays until it has come.
   * @param {string} id
   * @param {{prefetch?: boolean}} [how]
   */
  async await(id, how = {}) {
    const { scene } = this;
    if (!scene || scene.whole || scene.nodes[id] || !this.exists(id)) return;
    if (!how.prefetch) this.root.dataset.state = "loading";
    const answer = await this.asked("nodes", { nodes: id }, how);
    if (!answer || this.scene !== scene) return;
    this.keep(answer.nodes);
    if (this.store.node !== id || how.prefetch) return;
    this.draw();
  }

  /**
   * A node of a run that is not sent whole, for somebody who does not look at it.
   * @param {string} id
   * @returns {Promise<NodePage | null>}
   */
  async fetchNode(id) {
    const { scene } = this;
    if (!scene || scene.whole || !this.exists(id)) return null;
    const answer = await this.asked("nodes", { nodes: id }, { quiet: true });
    return this.scene === scene ? (answer?.nodes[id] ?? null) : null;
  }

  /** @param {string} id */
  exists(id) {
    const number = Number(id.slice(1));
    return number >= 0 && number < (this.scene?.count ?? 0);
  }

  /**
   * Keep nodes of a run that was not sent whole, and forget those that came first.
   * @param {Record<string, NodePage>} nodes
   */
  keep(nodes) {
    if (!this.scene) return;
    this.scene.nodes = { ...this.scene.nodes, ...nodes };
    const ids = Object.keys(this.scene.nodes).filter((id) => id !== this.store.node);
    for (const id of ids.slice(0, Math.max(0, ids.length - MOST_NODES)))
      delete this.scene.nodes[id];
  }

  /**
   * Say what is behind the drawn cells: sums, then the proof; then what may be chosen next.
   * @param {NodePage} node
   * @param {Page} page
   * @param {string} key
   */
  async explain(node, page, key) {
    if (page.sums && !this.drawn?.packet.links.length) {
      const sums = await this.asked("sums", this.question(node));
      if (this.drawn?.key !== key) return;
      this.add({ links: sums?.links ?? [], awaited: false });
    }
    if (this.store.view.show === "gradient") await this.prove(node, key);
    if (this.drawn?.key !== key) return;
    this.root.dataset.state = "explained";
    for (const next of [node.order, node.order - 2]) {
      await this.await(`n${next}`, { prefetch: true });
    }
    await this.prepareComparison();
  }

  /**
   * @param {NodePage} node
   * @param {string} key
   */
  async prove(node, key) {
    const proof = await this.asked("proof", { node: node.id });
    if (this.drawn?.key !== key) return;
    if (proof) this.proof.show(proof, this.part(node));
    else this.proof.wait(false);
  }

  /**
   * The picked sample and channel, as a question names them: those that this page has.
   * @param {Page} page
   */
  picked(page) {
    return picked(page, this.store.view);
  }

  /**
   * What the network is there to show, where that is about this node.
   * @param {NodePage} node
   */
  found({ layer }) {
    const { finding } = this.scene ?? {};
    const said = finding?.layers.includes(layer) && this.store.view.show === "gradient";
    return finding && said ? finding.sentence : "";
  }

  /**
   * The choice, as a question names it.
   * @param {NodePage} node
   */
  question(node) {
    const { name, page } = this.chosen(node);
    return { ...this.picked(page), node: node.id, page: name };
  }

  /**
   * Add to what is drawn.
   * @param {Partial<Packet>} more
   */
  add(more) {
    if (!this.drawn) return;
    this.drawn.packet = { ...this.drawn.packet, ...more };
    this.maps.show(this.drawn.packet);
  }

  /**
   * Ask what is behind a cell that cannot be explained by what has been sent.
   * @param {import("../maps/types.d.ts").Pointed} cell
   */
  async askCell({ map, index, atRest }) {
    const { drawn, node } = this;
    if (!drawn || !node) return;
    if (index === null) {
      this.add({ answer: null });
      return;
    }
    const of = { ...this.question(node), map, index: index.join("x") };
    const answer = await this.asked("cell", of, { quiet: atRest });
    if (answer && this.drawn?.key === drawn.key) this.add({ answer: answer.answer });
  }

  /**
   * Ask how cells of a hidden map are to be graded.
   * @param {string} map
   * @param {string[]} typed
   * @returns {Promise<string[] | null>}
   */
  async check(map, typed) {
    const { node } = this;
    if (!node) return null;
    const of = { ...this.question(node), map, typed: typed.join(SEPARATOR) };
    const answer = await this.asked("check", of);
    return answer?.marks ?? null;
  }

  /**
   * A run of cells that came later than its node.
   * @param {import("./drawing.js").Run} run
   * @param {string} key of the choice that it is for
   */
  async fetchCells(run, key) {
    const { node, scene } = this;
    if (!node) return;
    const { key: map, start, count } = run;
    const of = { node: node.id, page: this.chosen(node).name };
    const cells = await this.asked("cells", { ...of, map, start, count });
    if (!cells || this.scene !== scene || this.drawn?.key !== key) return;
    this.pieces.set(`${key} ${map}`, cells.values);
    for (const first of [...this.pieces.keys()].slice(0, -MOST_PIECES)) this.pieces.delete(first);
    this.draw();
  }

  /** Ask for the graph as it is wished; null where it is wished otherwise by then. */
  async askGraph() {
    const { view } = this.store;
    const room = inRoom(); // which sees the graph by layers
    const wished = { ...view, collapsed: view.collapsed || (room && !this.run?.fixed) };
    const looks = GRAPH_LOOKS.map((name) => /** @type {const} */ ([name, wished[name] ? 1 : null]));
    const data = await this.asked("graph", Object.fromEntries(looks));
    const stale = GRAPH_LOOKS.some((name) => this.store.view[name] !== view[name]);
    return stale || room !== inRoom() ? null : data;
  }

  /** Show the graph as it is wished. */
  async showGraph(asked = this.askGraph()) {
    const { run } = this;
    const data = await asked;
    if (data && this.scene && this.run === run) this.graph.show(data);
  }

  /**
   * Ask for what the boxes of the strip show of a sample.
   * @param {number} sample
   */
  async morePictures(sample) {
    const { scene } = this;
    const pictures = await this.asked("thumbnails", { sample });
    if (!scene || this.scene !== scene) return;
    if (pictures) this.strip.add(pictures);
    else this.strip.lack(sample);
  }

  /**
   * Ask for the sentences around a step.
   * @param {number} step
   */
  async moreSteps(step) {
    const { scene } = this;
    const data = await this.asked("steps", { step });
    if (data && scene && this.scene === scene) this.steps.show(data);
  }

  /**
   * Save a picture of what is on screen.
   * @param {Saved} what
   */
  save(what) {
    const file = this.run?.file ?? "backlight";
    const title = this.node?.title ?? "";
    if (what === "maps") this.maps.save(`${file}-${title.replace(/[^A-Za-z0-9._-]+/g, "_")}.png`);
    else this.graph.save(what, `${file}-graph.${what}`);
  }
}
