// The network as a picture: shapes on the arrows, parameters in the boxes. A layer is chosen with
// pointer or keys.

/** @import {Box, Placed} from "./arrange.js" */

import { element, focused, scrolling } from "../element.js";
import { isCommand } from "../keys.js";
import { arrange } from "./arrange.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 48; // pixels kept free around a box that is brought into view
const LINES = 14; // pixels from one line of a box to the next
const HEAD = 6; // pixels of an arrow's head

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

export class Picture {
  /**
   * @param {HTMLElement} parent
   * @param {(id: string) => void} onSelect
   */
  constructor(parent, onSelect) {
    this.root = element(parent, "div", "picture");
    this.onSelect = onSelect;
    this.drawn = "";
    this.chosen = "";
    /** @type {Box[]} */
    this.boxes = [];
    /** @type {Map<string, SVGGElement>} */
    this.parts = new Map();
    this.root.addEventListener("click", (event) => this.select(idOf(event.target)));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {(Box & {title: string})[]} boxes each with what a screen reader says of it
   * @param {string} chosen
   * @param {string} label
   */
  show(boxes, chosen, label) {
    const wanted = JSON.stringify(boxes);
    const redraw = wanted !== this.drawn;
    const reveal = redraw || chosen !== this.chosen;
    const at = idOf(focused(this.root));
    this.boxes = boxes;
    this.drawn = wanted;
    this.chosen = chosen;
    if (redraw) this.draw(boxes);
    this.root.firstElementChild?.setAttribute("aria-label", label);
    this.light(chosen, reveal);
    if (at) this.focus(this.parts.has(at) ? at : chosen);
  }

  /** @param {(Box & {title: string})[]} boxes */
  draw(boxes) {
    const { boxes: placed, arrows, width, height } = arrange(boxes);
    const svg = part(null, "svg", { width, height, viewBox: `0 0 ${width} ${height}` });
    svg.setAttribute("role", "group");
    for (const { path } of arrows) part(svg, "path", { class: "arrow", d: path });
    for (const box of placed) {
      head(svg, box);
      if (box.shape) {
        const label = { class: "shape", x: box.x + box.width + 9, y: box.y + box.height / 2 - 5 };
        part(svg, "text", label).textContent = box.shape;
      }
    }
    this.parts = new Map(placed.map((box, each) => [box.id, boxPart(svg, box, boxes[each].title)]));
    this.root.replaceChildren(svg);
  }

  /** Ids of the boxes that can be chosen. */
  get ids() {
    return this.boxes.filter(({ state }) => state !== "output").map(({ id }) => id);
  }

  /**
   * @param {string} id
   * @param {boolean} reveal
   */
  light(id, reveal) {
    for (const other of this.ids) {
      const part = /** @type {SVGGElement} */ (this.parts.get(other));
      part.classList.toggle("chosen", other === id);
      part.ariaPressed = String(other === id);
    }
    this.rove(id);
    if (reveal) this.reveal(id);
  }

  /**
   * Move the single tab stop.
   * @param {string} id
   */
  rove(id) {
    for (const other of this.root.querySelectorAll("[tabindex='0']")) {
      other.setAttribute("tabindex", "-1");
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
    this.root.scrollLeft += scrolling(box.left, box.right, frame.left, frame.right, MARGIN);
    this.root.scrollTop += scrolling(box.top, box.bottom, frame.top, frame.bottom, MARGIN);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const id = idOf(event.target);
    if (!id || isCommand(event)) return;
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

  /** @param {string} id */
  select(id) {
    if (id) this.onSelect(id);
  }
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Element | null} parent
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
function part(parent, tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  parent?.append(made);
  return made;
}

/**
 * A box with its words.
 * @param {SVGElement} svg
 * @param {Placed} box
 * @param {string} title
 */
function boxPart(svg, box, title) {
  const { id, x, y, width, height, name, lines, state } = box;
  const made = part(svg, "g", { class: "node", "aria-label": title });
  made.dataset.id = id;
  made.dataset.state = state;
  if (state !== "output") {
    made.setAttribute("role", "button");
    made.setAttribute("tabindex", "-1");
  }
  part(made, "rect", { x, y, width, height, rx: 5 });
  const middle = y + height / 2 + 4 - (lines.length * LINES) / 2;
  [name, ...lines].forEach((line, each) => {
    const place = { x: x + width / 2, y: middle + each * LINES, class: each ? "line" : "name" };
    part(made, "text", place).textContent = line;
    made.append(" "); // two words to whoever hears them
  });
  return made;
}

/**
 * The head of the arrows that lead to a box.
 * @param {SVGElement} svg
 * @param {Placed} box
 */
function head(svg, { x, y, height, reads }) {
  if (!reads.length) return;
  const middle = y + height / 2;
  const points = `${x - HEAD},${middle - HEAD / 2} ${x},${middle} ${x - HEAD},${middle + HEAD / 2}`;
  part(svg, "polygon", { class: "head", points });
}

/**
 * The id of the box that this stands in; empty outside of one.
 * @param {EventTarget | null} target
 */
function idOf(target) {
  const box = target instanceof Element ? target.closest("g.node[role=button]") : null;
  return box instanceof SVGElement ? (box.dataset.id ?? "") : "";
}
