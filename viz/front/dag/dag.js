// The network as a picture: choose a layer with pointer or keys.
//
// Choosing a box sends the trigger `select` with {id}.

import { focused } from "../element.js";
import { parseSvg } from "../svg.js";

/** @import {Send} from "../mounting.js" */

/**
 * See `viz.graphs.network.dag_data`.
 * @typedef {object} DagData
 * @property {string} svg
 * @property {{id: string, title: string, state: string}[]} nodes
 * @property {string} chosen
 * @property {string} label
 * @property {{accent: string, ink: string}} colours
 */

const ID_PREFIX = "layer-";
const MARGIN = 48; // pixels kept free around a box that is brought into view

/**
 * How far to scroll so that a box with these ends is in view between these ends of its frame.
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 */
export function scrolling(low, high, from, to) {
  return low < from + MARGIN ? low - from - MARGIN : Math.max(high - to + MARGIN, 0);
}

/**
 * The box that a key leads to from the box `id`; undefined where it leads nowhere.
 * @param {string[]} ids
 * @param {string} id
 * @param {string} key
 * @returns {string | undefined}
 */
export function movedTo(ids, id, key) {
  const at = ids.indexOf(id);
  const last = ids.length - 1;
  const places = new Map([
    ["ArrowLeft", at - 1],
    ["ArrowUp", at - 1],
    ["ArrowRight", at + 1],
    ["ArrowDown", at + 1],
    ["Home", 0],
    ["End", last],
  ]);
  const place = places.get(key);
  return place === undefined ? undefined : ids[Math.min(Math.max(place, 0), last)];
}

export class DagView {
  /**
   * @param {HTMLElement} root
   * @param {DagData} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    /** @type {DagData | null} */
    this.shown = null;
    /** @type {Send} */
    this.send = () => {};
    /** @type {Map<string, SVGGElement>} */
    this.parts = new Map();
    root.addEventListener("click", (event) => this.select(idOf(event.target)));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {DagData} data
   * @param {Send} send
   */
  update(data, send) {
    const redraw = this.shown?.svg !== data.svg;
    const reveal = redraw || this.shown?.chosen !== data.chosen;
    const at = idOf(focused(this.root));
    this.data = data;
    this.shown = data;
    this.send = send;
    this.root.style.setProperty("--accent", data.colours.accent);
    this.root.style.setProperty("--accent-ink", data.colours.ink);
    if (redraw) this.draw();
    this.name();
    this.choose(data.chosen, reveal);
    if (at) this.focus(at);
  }

  draw() {
    const svg = document.importNode(parseSvg(this.data.svg), true);
    const { width, height } = svg.viewBox.baseVal;
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    svg.setAttribute("role", "group");
    for (const title of svg.querySelectorAll("title")) title.remove();
    this.parts = new Map();
    for (const part of svg.querySelectorAll("g")) {
      if (part.matches(".node")) this.parts.set(part.id.slice(ID_PREFIX.length), part);
    }
    this.root.replaceChildren(svg);
  }

  /** Ids of the boxes that can be chosen. */
  get ids() {
    return this.data.nodes.filter(({ state }) => state !== "output").map(({ id }) => id);
  }

  /** Give every box its spoken name and its state. */
  name() {
    this.root.firstElementChild?.setAttribute("aria-label", this.data.label);
    for (const { id, title, state } of this.data.nodes) {
      const part = this.parts.get(id);
      if (!part) continue;
      part.dataset.state = state;
      part.setAttribute("aria-label", title);
      if (state === "output") continue;
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "-1");
    }
  }

  /**
   * @param {string} id
   * @param {boolean} reveal
   */
  choose(id, reveal) {
    for (const other of this.ids) {
      this.parts.get(other)?.classList.toggle("chosen", other === id);
      this.parts.get(other)?.setAttribute("aria-pressed", String(other === id));
    }
    this.rove(id);
    if (reveal) this.reveal(id);
  }

  /**
   * Move the single tab stop.
   * @param {string} id
   */
  rove(id) {
    for (const part of this.root.querySelectorAll("[tabindex='0']")) {
      part.setAttribute("tabindex", "-1");
    }
    this.parts.get(id)?.setAttribute("tabindex", "0");
  }

  /**
   * Scroll the picture, never the page, until a box is in view.
   * @param {string} id
   */
  reveal(id) {
    const box = this.parts.get(id)?.getBoundingClientRect();
    if (!box) return;
    const frame = this.root.getBoundingClientRect();
    this.root.scrollLeft += scrolling(box.left, box.right, frame.left, frame.right);
    this.root.scrollTop += scrolling(box.top, box.bottom, frame.top, frame.bottom);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const id = idOf(event.target);
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = movedTo(this.ids, id, event.key);
    if (event.key === "Enter" || event.key === " ") this.select(id);
    else if (to !== undefined) this.focus(to);
    else return;
    event.preventDefault();
  }

  /** @param {string} id */
  focus(id) {
    if (!this.parts.has(id)) return;
    this.rove(id);
    this.parts.get(id)?.focus({ preventScroll: true });
    this.reveal(id);
  }

  /**
   * The visitor chose a box: light it, then tell the server.
   * @param {string} id
   */
  select(id) {
    if (!id) return;
    this.choose(id, false);
    this.send("select", { id });
  }
}

/**
 * The id of the box that this stands in; empty outside of one.
 * @param {EventTarget | null} target
 */
function idOf(target) {
  const part = target instanceof Element ? target.closest("g.node[role=button]") : null;
  return part ? part.id.slice(ID_PREFIX.length) : "";
}
