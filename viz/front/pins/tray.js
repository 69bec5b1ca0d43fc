// The pinned maps: up to four layers beside one another, on one colour scale.

/** @import {Store} from "../store.js" */
/** @import {FrontWords, MapPage, NodePage, Page, Scene} from "../types.d.ts" */
/** @import {Asked, Chosen, Drawing, Picked} from "../workbench/drawing.js" */
/** @import {Pin} from "./pins.js" */

import { button, element, name } from "../element.js";
import { Maps } from "../maps/maps.js";
import { fill } from "../numbers.js";
import { picked } from "../workbench/drawing.js";
import { Scales } from "../workbench/scales.js";
import { readPins, toggled, writePin } from "./pins.js";

const ROOM = { height: 200, cell: 72 }; // px of a map and of its cells, at most
const MOST_PIECES = 8; // runs of cells that came later than their node

/**
 * Who answers for the tray: nothing is asked twice.
 * @typedef {object} Source
 * @property {(id: string) => NodePage | Promise<NodePage | null>} node
 * @property {(of: {node: string, page: string, map: string, start: number, count: number}) => Promise<{values: import("../types.d.ts").Floats} | null>} cells
 */

/** A pin with what there is to draw of it. @typedef {{pin: Pin, node: NodePage, tab: string, page: Page, chosen: Chosen}} Found */
/** @typedef {{root: HTMLElement, title: HTMLElement, close: HTMLButtonElement, maps: Maps}} Card */

export class Tray {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {FrontWords} words
   * @param {Source} source
   */
  constructor(root, store, words, source) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.source = source;
    const head = element(root, "header");
    this.title = element(head, "h3", "tray-head", words.workbench.pins, { tabIndex: -1 });
    this.scales = new Scales(store, words.maps, "pinned-scale");
    head.append(this.scales.root);
    this.lost = element(root, "p", "lost", "", { role: "status", hidden: true });
    this.row = element(root, "div", "pinned");
    root.hidden = true;
    root.addEventListener("keydown", (event) => this.key(event));
    this.leave = () => {}; // where the focus goes from here
    /** @type {Map<string, Card>} by the pin as it is written */
    this.cards = new Map();
    /** @type {Map<string, import("../types.d.ts").Floats>} by pin and map, the oldest first */
    this.pieces = new Map();
    this.scene = /** @type {Scene | null} */ (null);
    this.drawing = /** @type {Drawing | null} */ (null);
    this.turn = 0;
  }

  get pins() {
    return readPins(this.store.view.pins);
  }

  remove() {
    for (const { maps } of this.cards.values()) maps.remove();
  }

  /**
   * Show the pins of a run.
   * @param {Scene} scene
   * @param {Drawing} drawing
   * @param {string[]} lost names of pins whose layers it does not have
   */
  take(scene, drawing, lost) {
    this.scene = scene;
    this.drawing = drawing;
    this.pieces.clear();
    this.say(lost);
    this.draw();
  }

  /**
   * Say which layers are gone.
   * @param {string[]} names
   */
  say(names) {
    this.lost.hidden = !names.length;
    this.lost.textContent = fill(this.words.workbench.pin_lost, { names: names.join(", ") });
  }

  /** Pins or their scale have changed. */
  follow() {
    this.say([]);
    this.draw();
  }

  /** Draw all pins, at once where their nodes have been sent. */
  async draw() {
    const { pins, scene } = this;
    this.root.hidden = !pins.length && this.lost.hidden;
    this.scales.show();
    if (!scene) return;
    this.turn += 1;
    const { turn } = this;
    const found = await Promise.all(pins.map((pin) => this.find(pin)));
    if (turn === this.turn) this.place(found.filter((each) => each !== null));
  }

  /**
   * What there is to draw of a pin: the first maps of its page.
   * @param {Pin} pin
   * @returns {Promise<Found | null>}
   */
  async find(pin) {
    const node = await this.source.node(pin.node);
    if (!node) return null;
    const first = `gradient ${node.first_part}`;
    const wanted = pin.show === "gradient" ? `gradient ${pin.part ?? node.first_part}` : pin.show;
    const tab = wanted in node.pages ? wanted : first;
    const page = node.pages[tab];
    return { pin, node, tab, page, chosen: picked(page, pin) };
  }

  /** @param {Found[]} found */
  place(found) {
    const { drawing, store } = this;
    if (!drawing) return;
    this.build(found);
    /** @type {Asked[]} */
    const asked = [];
    const rows = found.map((each) => this.pick(each, drawing, asked));
    const scales = drawing.scales(rows.flat(), store.view.scale);
    const all = rows.map((row, at) =>
      row.map((each) => drawing.specify(each, scales, found[at].chosen)),
    );
    const alike = store.view.scale === "own" ? undefined : all.flat();
    all.forEach((specs, at) => {
      const around = { links: [], answer: null, between: [], arrow: found[at].page.arrow };
      const { maps } = /** @type {Card} */ (this.cards.get(writePin(found[at].pin)));
      const how = { scaling: store.view.scale, held: null, theme: drawing.theme };
      maps.show({ rows: [specs], alike, ...around, ...how });
    });
    for (const each of asked) this.fetch(each);
  }

  /**
   * The chosen cells of the first maps of a pin, under keys that no other pin has.
   * @param {Found} found
   * @param {Drawing} drawing
   * @param {Asked[]} asked gets what has to be asked for
   * @returns {(Picked | MapPage)[]}
   */
  pick({ pin, node, tab, page, chosen }, drawing, asked) {
    return (page.rows[0] ?? []).map((map) => {
      const key = `${writePin(pin)} ${map.key}`;
      /** @type {import("../workbench/drawing.js").Run[]} */
      const missing = [];
      const found = () => this.pieces.get(key) ?? null;
      const cells = drawing.pick({ ...map, key }, chosen, found, missing);
      for (const { start, count } of missing)
        asked.push({ key, of: { node: node.id, page: tab, map: map.key, start, count } });
      return cells;
    });
  }

  /** @param {Asked} asked */
  async fetch({ key, of }) {
    const { scene } = this;
    const cells = await this.source.cells(of);
    if (!cells || this.scene !== scene) return;
    this.pieces.set(key, cells.values);
    for (const first of [...this.pieces.keys()].slice(0, -MOST_PIECES)) this.pieces.delete(first);
    await this.draw();
  }

  /**
   * Make cards for what is pinned, in its order, and take away the others.
   * @param {Found[]} found
   */
  build(found) {
    const wanted = new Map(found.map((each) => [writePin(each.pin), each]));
    for (const [key, { root, maps }] of this.cards) {
      if (wanted.has(key)) continue;
      maps.remove();
      root.remove();
      this.cards.delete(key);
    }
    [...wanted].forEach(([key, each], at) => {
      const card = this.cards.get(key) ?? this.card(each.pin);
      this.cards.set(key, card);
      const there = this.row.children[at];
      if (there !== card.root) this.row.insertBefore(card.root, there); // what moves loses the focus
      card.title.textContent = this.told(each);
      name(card.close, fill(this.words.workbench.pin_close, { name: card.title.textContent }));
    });
  }

  /**
   * @param {Pin} pin
   * @returns {Card}
   */
  card(pin) {
    const root = element(this.row, "section", "pin");
    const head = element(root, "header");
    const title = element(head, "h4", "head");
    const close = button(head, "✕", "close", () => this.close(pin));
    const onCell = () => {};
    const options = { onCell, roomOf: () => ROOM };
    return { root, title, close, maps: new Maps(element(root, "div"), this.words, options) };
  }

  /**
   * What is pinned, in words.
   * @param {Found} found
   */
  told({ pin, node, page, chosen }) {
    const { workbench: words } = this.words;
    const { sample, channel } = chosen;
    return [
      node.title,
      words[pin.show],
      page.samples > 1 ? fill(words.sample, { index: sample }) : "",
      channel === null ? "" : fill(page.by_row ? words.row : words.channel, { index: channel }),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  /**
   * Unpin; the focus goes to the next one, or back to where one pins.
   * @param {Pin} pin
   */
  close(pin) {
    const at = this.pins.findIndex((each) => writePin(each) === writePin(pin));
    this.store.change({ pins: toggled(this.store.view.pins, pin) }, true);
    const next = this.pins[Math.min(at, this.pins.length - 1)];
    const card = next && this.cards.get(writePin(next));
    if (card) card.close.focus();
    else this.leave();
  }

  /** Show the tray. */
  reveal() {
    this.root.scrollIntoView({ block: "nearest" });
    this.title.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.leave();
  }
}
