// Rows of heatmaps on canvas: exact values under the pointer, keyboard, clicks, and the sum.
//
// Colours and thresholds come with the data; the scripts decide only where things go. A
// `stage` is what stands in one place of the page, a `view` is one map on it.

import { element, focused } from "../element.js";
import { explain } from "../glossary/term.js";
import { arrange } from "./arrange.js";
import { savePicture } from "./picture.js";
import { askLate, listen, pinAnswered, relate, tellPinned } from "./lit/pointing.js";
import { stylesOf } from "./styles.js";
import { buildSum } from "./written/sum.js";
import { writeTables } from "./lit/table.js";

/** @import {Drawn, MapWords, Pinned, Pointed, Room, Stage, View} from "./types.d.ts" */
/** @import {MapSpec, Packet} from "../types.d.ts" */

const ARROWS = { backward: "←", forward: "→" };
const SPEAK_AFTER = 400; // ms of rest before a screen reader is told

export class Maps {
  /**
   * @param {HTMLElement} root
   * @param {MapWords} words
   * @param {object} options
   * @param {(cell: Pointed) => void} options.onCell a cell was pinned of which the browser knows
   *   too little or of which the server is told anyway; with null, one it has answered was freed
   * @param {(cell: Pinned) => void} [options.onPinned] a cell was pinned; null: none is any more
   * @param {number} [options.resting] ms of rest before a screen reader is told
   * @param {boolean} [options.eager] whether the largest cell is explained while no other one is
   * @param {() => Room} [options.roomOf] how large a map and its cells may become
   * @param {HTMLElement} [options.tools] what stands beside the colour scale
   * @param {(view: View) => void} [options.onCard] puts on a card what else can be done with its map
   */
  constructor(root, words, options) {
    const {
      onCell,
      onPinned,
      resting = SPEAK_AFTER,
      eager = false,
      roomOf,
      tools,
      onCard,
    } = options;
    root.classList.add("maps");
    // To have become maps is no change of theme.
    for (const transition of root.getAnimations()) transition.cancel();
    const told = { onCell, onPinned, resting, eager, roomOf, tools, onCard };
    /** @type {Partial<Stage>} the first packet brings the rest */
    const empty = { root, words, ...told, views: [], signature: "" };
    this.stage = /** @type {Stage} */ (empty);
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
    this.listening = new AbortController();
    const { signal } = this.listening;
    // Another theme (see maps.css), or a font that has arrived for the numbers.
    root.addEventListener("transitionend", ({ target }) => target === root && this.repaint(), {
      signal,
    });
    document.fonts.addEventListener("loadingdone", () => this.repaint(), { signal });
  }

  /**
   * Show maps. Elements are kept while the same maps come again, so that focus and scroll position
   * stay, and with them what is pinned and pointed at. Where other maps come, the one in the place
   * of the one that had the focus gets it.
   * @param {Packet} packet
   */
  show(packet) {
    const { stage } = this;
    const keys = packet.rows.map((row) => row.map((spec) => spec.key));
    const signature = JSON.stringify([keys, packet.between, packet.arrow]);
    const holder = focused(stage.root);
    const held = stage.views.findIndex((view) => view.scroller === holder);
    const anew = signature !== stage.signature;
    const arrived = stage.packet?.awaited && !packet.awaited;
    Object.assign(stage, { packet, signature });
    if (anew) build(stage);
    packet.rows.flat().forEach((spec, at) => update(stage.views[at], spec));
    stage.styles = stylesOf(packet.alike ?? packet.rows.flat());
    stage.byKey = new Map(stage.views.map((view) => [view.spec.key, view]));
    const [linked, edge] = packet.theme.linked;
    stage.root.style.setProperty("--maps-linked", linked);
    stage.root.style.setProperty("--maps-linked-edge", edge);
    writeTables(stage, () => relate(stage));
    pinAnswered(stage);
    arrange(stage);
    if (anew && held >= 0) stage.views[held]?.scroller.focus({ preventScroll: true });
    if (arrived) askLate(stage);
    tellPinned(stage);
  }

  /** What the packet says is pinned counts again, whatever the visitor has pinned since. */
  follow() {
    this.stage.touched = false;
  }

  /**
   * Let the browser save all maps as one PNG.
   * @param {string} file
   */
  save(file) {
    savePicture(this.stage, file);
  }

  /** Take everything off the page. */
  remove() {
    this.watcher.disconnect();
    this.listening.abort();
    clearTimeout(this.stage.speaking);
    this.stage.root.replaceChildren();
  }

  fit() {
    const { packet, root, width } = this.stage;
    if (packet && root.clientWidth && root.clientWidth !== width) arrange(this.stage);
  }

  repaint() {
    if (this.stage.packet) arrange(this.stage, true);
  }
}

/** @param {Stage} stage */
function build(stage) {
  const { root, packet } = stage;
  root.replaceChildren();
  Object.assign(stage, { views: [], pointing: undefined, subject: null, touched: false });
  stage.sum = buildSum(root);
  stage.scales = packet.rows.map((row, rowAt) => {
    const parent = element(root, "div", "row");
    if (rowAt === 0) root.prepend(parent);
    const between = rowAt === 0 && row.length > 1 ? buildBetween(parent, packet) : null;
    for (const { key } of row) stage.views.push(buildCard(stage, parent, key, rowAt));
    if (between) parent.children[0].after(between);
    return buildScale(stage, between ?? parent, rowAt === 0);
  });
  const entry = { hovered: null, held: null };
  const tables = element(root, "div", "tables");
  Object.assign(stage, { tables, tabulated: undefined, entries: [], entry });
}

/**
 * What stands between the first two maps: where the one goes to the other, and by which rule.
 * @param {HTMLElement} parent
 * @param {Packet} packet
 */
function buildBetween(parent, { between, arrow }) {
  if (!between.length && !arrow) return null;
  const block = element(parent, "div", "between");
  if (arrow) {
    element(block, "div", "arrow", ARROWS[arrow], { ariaHidden: "true" }).dataset.to = arrow;
  }
  for (const line of between) element(block, "p", "", line);
  return block;
}

/**
 * The colour scale that the maps of a row share, and what is chosen of it.
 * @param {Stage} stage
 * @param {HTMLElement} parent
 * @param {boolean} first
 */
function buildScale({ tools }, parent, first) {
  const block = element(parent, "div", "scaling");
  const legend = element(block, "div", "legend");
  if (first && tools) block.append(tools);
  return legend;
}

/**
 * @param {Stage} stage
 * @param {HTMLElement} parent
 * @param {string} key
 * @param {number} row
 * @returns {View}
 */
function buildCard(stage, parent, key, row) {
  const card = element(parent, "section", "card");
  card.dataset.map = key;
  const head = element(card, "div", "title", "", { role: "heading", ariaLevel: "4" });
  const title = element(head, "span", "name");
  const unit = element(head, "span", "unit");
  const [subtitle, notes] = ["subtitle", "notes"].map((name) => element(card, "div", name));
  const about = element(card, "div", "about");
  about.append(subtitle, notes);
  const readout = element(about, "div", "readout");
  const body = element(card, "div", "body");
  const missing = element(body, "p", "missing");
  const filling = element(body, "div", "filling", "", { hidden: true });
  const scroller = element(body, "div", "scroller", "", { role: "application" });
  const content = element(scroller, "div", "content");
  const window = element(content, "div", "window");
  const cells = element(window, "canvas", "cells");
  const outlines = element(window, "canvas", "outlines");
  const legend = element(card, "div", "legend");
  const words = { title, unit, subtitle, notes, missing, filling, readout, legend };
  const parts = { card, scroller, content, window, cells, outlines, ...words };
  const state = { hovered: null, pinned: null, cursor: null, marked: false };
  /** @type {Partial<View>} every packet says what it shows */
  const empty = { stage, row, ...parts, ...state };
  const view = /** @type {View} */ (empty);
  listen(view);
  return view;
}

/**
 * @param {View} view
 * @param {MapSpec} spec
 */
function update(view, spec) {
  if (view.spec === spec) return;
  forget(view, spec);
  view.spec = /** @type {Drawn} */ (spec);
  view.placed = [];
  view.unit.textContent = "";
  view.largest = undefined;
  view.stage.asked = undefined;
  view.title.replaceChildren();
  element(view.title, "bdi", "", spec.title, { dir: "ltr" });
  view.title.title = spec.title;
  writeKind(view, spec);
  view.notes.textContent = spec.notes ?? "";
  view.missing.textContent = spec.missing ?? "";
  view.missing.hidden = !spec.missing;
  for (const part of [view.scroller, view.readout, view.legend]) part.hidden = !!spec.missing;
  view.card.dataset.shape = spec.shape?.join(",") ?? "";
  view.card.dataset.scale = String(spec.scale ?? "");
  view.scroller.tabIndex = spec.missing ? -1 : 0;
  view.scroller.ariaLabel = spec.summary ?? "";
  view.stage.onCard?.(view);
}

/**
 * Write below its title what a map is; a term of the glossary explains itself.
 * @param {View} view
 * @param {MapSpec} spec
 */
function writeKind({ card, stage, subtitle }, { subtitle: text, term = "" }) {
  if (subtitle.textContent === text && (subtitle.dataset.term ?? "") === term) return;
  card.querySelector(":scope > .explanation")?.remove();
  subtitle.replaceChildren();
  subtitle.dataset.term = term;
  const sentence = stage.words.glossary?.[term];
  if (!sentence) subtitle.textContent = text;
  else explain(element(subtitle, "span", "glossed", text, { tabIndex: 0 }), sentence, card);
}

/**
 * Point at nothing any more where other cells come.
 * @param {View} view
 * @param {MapSpec} spec
 */
function forget(view, spec) {
  const same = /** @type {const} */ (["title", "subtitle", "start", "shape"]).every(
    (part) => JSON.stringify(view.spec?.[part]) === JSON.stringify(spec[part]),
  );
  for (const cell of /** @type {const} */ (["pinned", "hovered", "cursor"])) {
    if (!same || (view[cell] ?? 0) >= (spec.count ?? 0)) view[cell] = null;
  }
}
