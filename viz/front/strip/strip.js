// The strip: one box a layer in forward order, with the size of its gradient as a bar.

import { element, focused } from "../element.js";
import { isCommand } from "../keys.js";
import { showState, stateAt } from "../states.js";
import { arrows, boxButton } from "./box.js";
import { placeOf, windowAround } from "./window.js";

/** @import {Store} from "../store.js" */
/** @import {StripBox, StripData, Words} from "../types.d.ts" */

export class StripView {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.words = words;
    this.store = store;
    this.root = element(parent, "div", "backlight-strip", "", { hidden: true });
    this.row = element(this.root, "div", "row", "", { role: "group", ariaLabel: words.strip });
    this.row.addEventListener("keydown", (event) => this.key(event));
    this.legend = element(this.root, "p", "legend");
    /** @type {StripData | null} */
    this.data = null;
    /** @type {StripBox[]} */
    this.boxes = [];
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.choosing = false;
    this.unsubscribe = store.subscribe(({ node, step }, { before }) => {
      if (node !== before.node || step !== before.step) this.follow(!this.choosing);
    });
  }

  remove() {
    this.unsubscribe();
    this.root.remove();
  }

  /** @param {StripData} data */
  show(data) {
    this.data = data;
    this.root.hidden = false;
    this.legend.textContent = data.legend;
    this.follow(true);
  }

  /**
   * Show what is chosen, and how far the engine is while somebody steps.
   * @param {boolean} reveal
   */
  follow(reveal) {
    if (!this.data) return;
    const { boxes } = this.data;
    const { node, view } = this.store;
    const built = this.build(windowAround(boxes, Math.max(placeOf(boxes, node), 0), this.words));
    this.boxes.forEach((box, place) => {
      showState(this.buttons[place], stateAt(box.ranges, view.step), this.words);
    });
    this.light(placeOf(this.boxes, node), reveal || built);
  }

  /**
   * Make the boxes, unless they are those of before; return whether they were made.
   * @param {StripBox[]} boxes
   */
  build(boxes) {
    if (JSON.stringify(boxes) === JSON.stringify(this.boxes)) return false;
    const at = this.buttons.findIndex((button) => button === focused(this.root));
    const node = at < 0 ? "" : this.boxes[at].node;
    this.boxes = boxes;
    this.row.replaceChildren();
    this.buttons = boxes.map((box, place) => {
      if (place) arrows(this.row);
      const made = boxButton(this.row, box, () => this.choose(box));
      made.addEventListener("focus", () => this.rove(place));
      return made;
    });
    this.rove(0);
    if (at >= 0) this.refocus(node);
    return true;
  }

  /**
   * Give the focus back to the box of a node; where that is gone, to the chosen one.
   * @param {string} node
   */
  refocus(node) {
    const same = this.boxes.findIndex((box) => box.node === node);
    const place = same < 0 ? Math.max(placeOf(this.boxes, this.store.node), 0) : same;
    this.buttons[place].focus({ preventScroll: true });
  }

  /**
   * Move the single tab stop.
   * @param {number} place
   */
  rove(place) {
    this.buttons.forEach((button, each) => (button.tabIndex = each === place ? 0 : -1));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    const last = this.buttons.length - 1;
    const at = this.buttons.findIndex((button) => button === event.target);
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.buttons[Math.min(Math.max(places[event.key], 0), last)].focus();
  }

  /**
   * What was chosen here is in sight already.
   * @param {StripBox} box
   */
  choose(box) {
    if (!box.node) return;
    this.choosing = true;
    this.store.choose(box.node);
    this.choosing = false;
  }

  /**
   * @param {number} chosen place of the box
   * @param {boolean} reveal
   */
  light(chosen, reveal) {
    this.buttons.forEach((button, place) => {
      button.classList.toggle("selected", place === chosen);
      button.ariaPressed = String(place === chosen);
    });
    if (chosen < 0) return;
    if (!this.row.contains(focused(this.root))) this.rove(chosen);
    if (reveal) this.reveal(this.buttons[chosen]);
  }

  /**
   * Scroll the row, never the page, until a box is in view.
   * @param {HTMLElement} button
   */
  reveal(button) {
    const left = button.offsetLeft - this.row.offsetLeft;
    const { scrollLeft, clientWidth } = this.row;
    const hidden = left < scrollLeft || left + button.offsetWidth > scrollLeft + clientWidth;
    if (hidden) this.row.scrollLeft = left - (clientWidth - button.offsetWidth) / 2;
  }
}
