// The search for boxes: a field, how many were found, and which of them is at.

import { element } from "../element.js";
import { fill } from "../numbers.js";

/** @import {GraphBox, Words} from "../types.d.ts" */

export class Search {
  /**
   * @param {Node & ParentNode} parent
   * @param {Words} words
   * @param {() => void} onFound told when other boxes are found, or another one is at
   */
  constructor(parent, words, onFound) {
    this.words = words;
    this.onFound = onFound;
    this.field = element(parent, "input", "search", "", {
      type: "search",
      autocomplete: "off",
      placeholder: words.search,
      ariaLabel: words.search,
    });
    this.count = element(parent, "span", "count", "", { role: "status" });
    /** @type {GraphBox[]} */
    this.boxes = [];
    /** @type {string[]} */
    this.found = [];
    this.at = -1;
    this.field.addEventListener("input", () => this.find());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * Search these boxes from now on.
   * @param {GraphBox[]} boxes
   */
  show(boxes) {
    this.boxes = boxes;
    this.find();
  }

  /** Id of the box that Enter led to; empty before. */
  get current() {
    return this.found[this.at] ?? "";
  }

  find() {
    const wanted = this.field.value.trim().toLowerCase();
    const hits = wanted ? this.boxes.filter((box) => says(box).includes(wanted)) : [];
    this.found = hits.map((box) => box.id);
    this.at = -1;
    const count = hits.length;
    const said = fill(count ? this.words.matches_some : this.words.matches_none, { count });
    this.count.textContent = wanted ? said : "";
    this.onFound();
  }

  /** @param {number} by */
  turn(by) {
    const count = this.found.length;
    const from = this.at < 0 && by < 0 ? 0 : this.at;
    this.at = (from + by + count) % count;
    this.count.textContent = fill(this.words.matches, { index: this.at + 1, count });
    this.onFound();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape") {
      this.field.value = "";
      this.find();
    } else if (event.key === "Enter" && this.found.length) this.turn(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }
}

/** @param {GraphBox} box */
function says(box) {
  return `${box.name} ${box.layer_title} ${box.title}`.toLowerCase();
}
