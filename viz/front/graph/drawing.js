// The drawn graph: every box is a button, one of them the tab stop; arrows walk along the lines.

import { element, focused } from "../element.js";
import { isCommand } from "../keys.js";
import { inRoom } from "../room/room.js";
import { parseSvg } from "../svg.js";
import { endsOf, idOf, linesOf, partsOf, placeOf } from "./boxes.js";
import { Camera } from "./camera.js";
import { Walk } from "./walk.js";

/** @import {GraphBox} from "../types.d.ts" */

const QUIETLY = { preventScroll: true }; // the camera moves, the page does not
const SVG = "http://www.w3.org/2000/svg";
const RING = 3; // in the drawing's own units, as the next
const TARGET = /** @type {const} */ ([3, 5]); // so that a box of one line is 24 high to a finger
const LETTER = 6; // in the drawing's own units, as the next
const BESIDE_NAME = 8;
const MARGIN = 4; // by which Graphviz moves its drawing, which it draws upward from the bottom

export class Drawing {
  /**
   * @param {Node & ParentNode} parent
   * @param {(id: string) => void} choose
   */
  constructor(parent, choose) {
    this.choose = choose;
    this.frame = element(parent, "div", "frame");
    this.camera = new Camera(this.frame);
    /** @type {Map<string, SVGGElement>} */
    this.parts = new Map();
    this.walk = new Walk(new Map(), []);
    this.stop = "";
    this.frame.addEventListener("click", ({ target }) => {
      if (idOf(target) && !this.camera.dragged) choose(idOf(target));
    });
    this.frame.addEventListener("focusin", ({ target }) => this.rove(idOf(target)));
    this.frame.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * Draw; the focus stays with its box.
   * @param {string} text
   * @param {GraphBox[]} boxes
   * @param {string} chosen id of the box that a large drawing is first seen around
   */
  show(text, boxes, chosen) {
    const held = idOf(focused(this.frame));
    const svg = document.importNode(parseSvg(text), true);
    svg.role = "group";
    this.parts = partsOf(svg);
    const places = [...this.parts].map(([id, part]) => /** @type {const} */ ([id, placeOf(part)]));
    this.walk = new Walk(new Map(places), linesOf(svg));
    for (const part of this.parts.values()) {
      makeButton(part);
      part.style.setProperty("--squeezed", String(squeezed(part)));
    }
    for (const edge of svg.querySelectorAll("g.edge")) readLine(edge);
    const end = boxes.find((box) => box.kind === "output") ?? boxes[0];
    const { x, y } = this.walk.placeOf(chosen || end?.id);
    const height = svg.viewBox.baseVal.height;
    this.camera.show(svg, { x: x + MARGIN, y: y + height - MARGIN });
    this.rove(boxes[0]?.id);
    if (held) this.parts.get(this.parts.has(held) ? held : this.stop)?.focus(QUIETLY);
  }

  /**
   * Say the name of the graph and of every box.
   * @param {string} graph
   * @param {GraphBox[]} boxes
   */
  name(graph, boxes) {
    if (this.camera.svg) this.camera.svg.ariaLabel = graph;
    for (const { id, title, help } of boxes) {
      const part = this.parts.get(id);
      if (!part) continue;
      part.ariaLabel = title;
      /** @type {Element} */ (part.firstElementChild).textContent = help;
    }
  }

  /**
   * Draw a ring around one box: its fill says how large its gradient is, not that it is chosen.
   * @param {string} [id]
   */
  encircle(id = "") {
    this.frame.querySelector(".ring")?.remove();
    const part = this.parts.get(id);
    if (part) around(part, "ring", RING, RING);
  }

  /**
   * Move the single tab stop.
   * @param {string} id
   */
  rove(id) {
    if (!this.parts.has(id)) return;
    this.parts.get(this.stop)?.setAttribute("tabindex", "-1");
    this.stop = id;
    this.parts.get(id)?.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    const act = this.act(event.key, idOf(event.target));
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * What a key does at a box, or beside all boxes.
   * @param {string} key
   * @param {string} id
   * @returns {(() => void) | undefined}
   */
  act(key, id) {
    if (key === "+" || key === "=") return () => this.camera.zoomIn();
    if (key === "-") return () => this.camera.zoomOut();
    if (key === "0") return () => this.camera.fit();
    if (id && key.startsWith("Arrow")) return () => this.goTo(this.walk.step(id, key));
    return id && (key === "Enter" || key === " ") ? () => this.choose(id) : undefined;
  }

  /** @param {string} [id] */
  goTo(id = "") {
    this.parts.get(id)?.focus(QUIETLY);
    this.reveal(id);
  }

  /** @param {string} id */
  reveal(id) {
    const part = this.parts.get(id);
    if (part) this.camera.reveal(part, inRoom());
  }

  /**
   * The lines along which a box gets its gradient, as far as they are seen.
   * @param {string} id
   * @returns {SVGPathElement[]}
   */
  linesTo(id) {
    /** @type {NodeListOf<SVGPathElement>} */
    const paths = this.frame.querySelectorAll(`g.edge[data-upper="${CSS.escape(id)}"] > path`);
    return [...paths].filter((path) => path.getClientRects().length > 0);
  }
}

/**
 * The share of its width that a box needs for its name alone.
 * @param {SVGGElement} part
 */
function squeezed(part) {
  const { left, right } = placeOf(part);
  const name = part.querySelector("text")?.textContent ?? "";
  return Math.min(1, (name.length * LETTER + 2 * BESIDE_NAME) / (right - left));
}

/**
 * Add a rectangle that is larger than a box by this much on each side.
 * @param {SVGGElement} part
 * @param {string} name
 * @param {number} beside
 * @param {number} above
 */
function around(part, name, beside, above) {
  const { left, right, top, bottom } = placeOf(part);
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", name);
  made.setAttribute("x", String(left - beside));
  made.setAttribute("y", String(top - above));
  made.setAttribute("width", String(right - left + 2 * beside));
  made.setAttribute("height", String(bottom - top + 2 * above));
  part.append(made);
}

/**
 * Note to which box a gradient goes along a line.
 * @param {Element} edge
 */
function readLine(edge) {
  const title = edge.querySelector("title");
  if (title && !edge.classList.contains("back")) edge.setAttribute("data-upper", endsOf(title)[0]);
  title?.remove();
  edge.ariaHidden = "true";
}

/**
 * Make a button of a box; its name is given later.
 * @param {SVGGElement} part
 */
function makeButton(part) {
  part.querySelector(":scope > title")?.remove();
  part.prepend(document.createElementNS(SVG, "desc"));
  around(part, "target", ...TARGET);
  Object.assign(part, { role: "button", ariaPressed: "false", tabIndex: -1 });
}
