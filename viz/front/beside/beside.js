// Two runs beside one another in the place of the workbench: their flows, one profile, and of the
// chosen layer the maps of A, of B and of what B has more than A.

/** @import {FrontWords, NodePage, Scene} from "../types.d.ts" */
/** @import {Store} from "../store.js" */
/** @import {Answerer} from "../workbench/ask.js" */
/** @import {Sides} from "./column.js" */

import { setColours } from "../colours.js";
import { element } from "../element.js";
import { Maps } from "../maps/maps.js";
import { fill, shortNumber } from "../numbers.js";
import { CHANGED, inRoom } from "../room/room.js";
import { StepsView } from "../steps/steps.js";
import { Refusal } from "../workbench/ask.js";
import { Drawing } from "../workbench/drawing.js";
import { Pickers } from "../workbench/pickers.js";
import { Scales } from "../workbench/scales.js";
import { boxesOf, nameOf } from "./column.js";
import { pageOf, minus, sourceOf } from "./difference.js";
import { Flows } from "./flows.js";
import { atChosen, atFirst } from "./said.js";
import { Side } from "./side.js";

// px of a map: as high as the window, or the card in a room, leaves room for a row of them.
const ROOM = { least: 150, most: 212, cell: 53, besides: 530 };
// Of the next row the title is seen.
const IN_ROOM = { least: 150, most: 420, cell: 80, besides: 66 };

/** What is compared: the queries of both, and what differs. @typedef {{a: string, b: string, apart: string}} Pair */
/** @typedef {import("../workbench/drawing.js").Run} Run */

export class Beside {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {FrontWords} words
   */
  constructor(parent, store, answerer, words) {
    this.store = store;
    this.answerer = answerer;
    this.words = words;
    this.root = element(parent, "section", "beside");
    this.root.dataset.state = "loading";
    const head = element(this.root, "header");
    element(head, "h3", "head", words.beside.title);
    this.losses = element(head, "p", "losses");
    this.steps = new StepsView(head, store, words.steps, {
      keys: true,
      onMissing: (step) => this.moreSteps(step),
    });
    const line = element(this.root, "p", "line");
    this.finding = element(line, "b");
    this.apart = element(line, "span");
    this.flows = new Flows(this.root, store, words);
    this.card = element(this.root, "section", "card-frame");
    const chosen = element(this.card, "header");
    this.title = element(chosen, "h3", "head");
    const controls = element(chosen, "div", "controls");
    this.scales = new Scales(store, words.maps);
    controls.append(this.scales.root);
    this.pickers = new Pickers(controls, store, words.workbench);
    this.said = element(this.card, "p", "said");
    this.absent = element(this.card, "p", "absent", "", { hidden: true });
    this.maps = new Maps(element(this.card, "div", "maps"), words, {
      onCell: () => {},
      roomOf: () => this.roomOf(),
    });
    this.pair = /** @type {Pair | null} */ (null);
    this.sides = /** @type {Sides | null} */ (null);
    this.drawing = /** @type {Drawing | null} */ (null);
    this.over = new AbortController();
    document.addEventListener(CHANGED, () => this.turn(), { signal: this.over.signal });
    this.turn();
    this.unsubscribe = store.subscribe((_view, { before }) => this.changed(before.sample));
    this.root.addEventListener("transitionend", ({ target }) => {
      if (target === this.root) this.flows.paint(); // another theme, see beside.css
    });
  }

  remove() {
    this.pair = null;
    this.over.abort();
    this.unsubscribe();
    this.steps.remove();
    this.flows.remove();
    this.maps.remove();
    this.root.remove();
  }

  /** How large a map may be. */
  roomOf() {
    const room = inRoom();
    const { least, most, besides, cell } = room ? IN_ROOM : ROOM;
    const all = room ? this.card.clientHeight : window.innerHeight;
    const height = Math.min(most, Math.max(least, all - besides));
    return { height, cell, scroll: room ? height + 1 : undefined };
  }

  /** Draw for a room, or no more. */
  turn() {
    this.root.classList.toggle("in-room", inRoom());
    this.flows.width = 0; // its lines have another height
    this.flows.fit();
    this.draw();
  }

  /**
   * Show two runs; what is on screen stays until both scenes have come.
   * @param {Pair} pair
   */
  async show(pair) {
    if (JSON.stringify(pair) === JSON.stringify(this.pair)) return;
    this.pair = pair;
    this.root.dataset.state = "loading";
    const [one, other] = await Promise.all([
      this.scene(pair.a, this.store.wanted),
      this.scene(pair.b, null),
    ]);
    if (this.pair !== pair || !one || !other) return;
    this.take(new Side(pair.a, one, this.answerer), new Side(pair.b, other, this.answerer));
  }

  /**
   * @param {string} query
   * @param {string | null} node
   * @returns {Promise<Scene | null>}
   */
  async scene(query, node) {
    try {
      return await this.answerer.answer(query, "scene", { node });
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  /**
   * Say why there is no answer; null stands for what has gone.
   * @param {unknown} error
   */
  refuse(error) {
    if (!(error instanceof Refusal)) throw error;
    if (!error.message || !this.pair) return;
    this.root.dataset.state = "refused";
    this.absent.hidden = false;
    this.absent.textContent = error.message;
  }

  /**
   * @param {Side} a
   * @param {Side} b
   */
  take(a, b) {
    const { scene } = a;
    this.sides = null; // what is found again is found in A as it is now
    this.store.know(scene.first, { boxes: a.boxes, count: scene.count });
    this.sides = { a, b };
    this.drawing = new Drawing(this.words.maps, scene.theme);
    setColours(this.root, scene.theme);
    this.apart.textContent = ` ${this.pair?.apart ?? ""}`;
    this.tellLosses();
    this.steps.show(scene.steps);
    this.flows.show(this.sides);
    const first = atFirst(this.flows.columns, this.sides, this.words.beside);
    this.finding.textContent = first;
    this.morePictures();
    this.draw();
  }

  tellLosses() {
    const { sides, words } = this;
    if (!sides) return;
    const [a, b] = [sides.a, sides.b].map(({ scene: { loss, theme } }) =>
      loss.length ? shortNumber(loss[0], theme.digits, theme) : words.beside.no_loss,
    );
    this.losses.textContent = fill(words.beside.losses, { a, b });
  }

  /** @param {number} sample that was looked at before */
  changed(sample) {
    if (!this.sides) return;
    if (sample !== this.store.view.sample) this.morePictures();
    this.flows.follow(true);
    this.draw();
  }

  /** Ask for what the boxes show of the chosen sample. */
  async morePictures() {
    const { sides, store } = this;
    if (!sides) return;
    const { sample } = store.view;
    const missing = [sides.a, sides.b].filter(
      ({ pictures, scene }) => sample < scene.strip.samples && !pictures.has(sample),
    );
    await this.came(missing.map((side) => side.fetchPictures(sample)));
    if (this.sides === sides) this.flows.paint();
  }

  /**
   * Ask for the sentences around a step of A, which both take.
   * @param {number} step
   */
  async moreSteps(step) {
    const { sides } = this;
    if (!sides) return;
    const { query } = sides.a;
    try {
      const data = await this.answerer.answer(query, "steps", { step });
      if (this.sides === sides) this.steps.show(data);
    } catch (error) {
      this.refuse(error);
    }
  }

  /**
   * Wait for answers; tell whether all of them came.
   * @param {Promise<void>[]} asked
   */
  async came(asked) {
    try {
      await Promise.all(asked);
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }

  /** Draw the maps of the chosen column, as far as they have come, and ask for the rest. */
  draw() {
    const { sides, flows, words } = this;
    const column = flows.columns[flows.chosen];
    if (!sides || !column) return;
    const boxes = boxesOf(column, sides);
    this.title.textContent = nameOf(boxes, words.beside);
    this.said.textContent = atChosen(column, sides, words);
    const { missing, a, b } = this.nodes(boxes.a?.node ?? "", boxes.b?.node ?? "");
    if (a && !missing.length) this.compare(a, b, missing);
    this.root.dataset.state = missing.length ? "loading" : "shown";
    if (missing.length) this.again(missing);
  }

  /**
   * What is known of a node of each run, and what is asked for.
   * @param {string} one of A
   * @param {string} other of B; empty where it has none
   */
  nodes(one, other) {
    const sides = /** @type {Sides} */ (this.sides);
    const [a, b] = [sides.a.node(one), sides.b.node(other)];
    /** @type {Promise<void>[]} */
    const missing = [];
    if (!a) missing.push(sides.a.fetchNode(one));
    if (other && !b) missing.push(sides.b.fetchNode(other));
    return { missing, a: a ?? null, b: b ?? null };
  }

  /** @param {Promise<void>[]} missing */
  async again(missing) {
    const { sides, store } = this;
    const { view } = store;
    if ((await this.came(missing)) && this.sides === sides && store.view === view) this.draw();
  }

  /**
   * @param {NodePage} a
   * @param {NodePage | null} b
   * @param {Promise<void>[]} missing gets what is asked for
   */
  compare(a, b, missing) {
    const { drawing, sides, store } = this;
    if (!drawing || !sides) return;
    const { show, scale } = store.view;
    const name = this.nameOf(a);
    const others = b ? this.nameOf(b) : "";
    const page = pageOf(a.pages[name], b?.pages[others] ?? null, show, scale, this.words.beside);
    const picked = this.picked(page);
    const nodes = { a: /** @type {const} */ ([a.id, name]), b: [b?.id ?? "", others] };
    const piece = (/** @type {Run} */ run) => {
      const { sides: from, map } = sourceOf(run.key);
      const runs = from.map((side) => ({ side, run: { ...run, key: map } }));
      const found = runs.map(({ side, run: own }) =>
        sides[side].piece(nodes[side][0], nodes[side][1], own),
      );
      runs.forEach(({ side, run: own }, at) => {
        if (!found[at]) missing.push(sides[side].fetchPiece(nodes[side][0], nodes[side][1], own));
      });
      const [one, other] = found;
      if (!one || from.length === 1) return one;
      return other && minus(other, one);
    };
    const { rows } = drawing.rows(page, picked, piece, scale);
    this.pickers.show(a, a.pages[name], { part: this.part(a), channel: picked.channel });
    this.scales.show();
    this.absent.hidden = Boolean(rows.length);
    this.absent.textContent = this.words.workbench.nothing;
    this.maps.stage.root.hidden = !rows.length;
    const theme = sides.a.scene.theme;
    const none = { links: [], answer: null, between: [], held: null };
    if (rows.length) this.maps.show({ rows, ...none, arrow: "", scaling: scale, theme });
  }

  /**
   * The page of a node that is looked at.
   * @param {NodePage} node
   */
  nameOf(node) {
    const { show } = this.store.view;
    return show === "gradient" ? `gradient ${this.part(node)}` : show;
  }

  /** @param {NodePage} node */
  part(node) {
    const { part } = this.store.view;
    return part !== null && node.pages[`gradient ${part}`] ? part : node.first_part;
  }

  /**
   * The picked sample and channel, of both runs those of A.
   * @param {import("../types.d.ts").Page} page
   */
  picked({ samples, channels, first_channels: first }) {
    const { view } = this.store;
    const sample = view.sample < samples ? view.sample : 0;
    const channel = view.channel ?? first[sample] ?? null;
    const one = channel !== "all" && channel !== null && channel < channels;
    return { sample, channel: one ? channel : null };
  }
}
