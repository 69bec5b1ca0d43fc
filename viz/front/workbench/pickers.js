// The controls above the maps: what to show, and which sample, channel and downstream gradient.

/** @import {NodePage, Page, Show, Words} from "../types.d.ts" */
/** @import {Store} from "../store.js" */

import { element, offer } from "../element.js";
import { fill } from "../numbers.js";

const SEGMENTS = 4; // up to this many stand side by side; more go into a list
const SHOWS = /** @type {Show[]} */ (["gradient", "values", "parameters"]);

/**
 * Something to choose from: a value and what it is called.
 * @typedef {[string, string]} Option
 */

/**
 * @typedef {object} Picker
 * @property {string} name
 * @property {string} label
 * @property {Option[]} options
 * @property {string} value
 * @property {boolean} [list] whether it is a list, and not side by side
 * @property {(value: string) => void} take
 */

export class Pickers {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "pickers");
    this.shown = "";
  }

  /**
   * Offer what this page has a use for.
   * @param {NodePage} node
   * @param {Page} page
   * @param {number} part the downstream gradient that is shown
   */
  show(node, page, part) {
    const pickers = [this.shows()];
    if (page.samples > 1) pickers.push(this.samples(page.samples));
    if (page.channels > 1) pickers.push(this.channels(page));
    if (this.store.view.show === "gradient" && node.parts.length > 1) {
      pickers.push(this.parts(node, part));
    }
    const signature = JSON.stringify(pickers.map(({ name, options }) => [name, options]));
    if (signature !== this.shown) {
      this.root.replaceChildren();
      for (const each of pickers) this.build(each);
      this.shown = signature;
    }
    for (const { name, value } of pickers) this.mark(name, value);
  }

  /** @returns {Picker} */
  shows() {
    return {
      name: "show",
      label: this.words.pick_show,
      options: SHOWS.map((show) => [show, this.words[show]]),
      value: this.store.view.show,
      take: (value) => this.store.change({ show: /** @type {Show} */ (value) }),
    };
  }

  /**
   * @param {number} count
   * @returns {Picker}
   */
  samples(count) {
    const { sample } = this.store.view;
    return {
      name: "sample",
      label: this.words.pick_sample,
      options: numbered(count, this.words.sample),
      value: String(sample < count ? sample : 0),
      list: count > SEGMENTS,
      take: (value) => this.store.change({ sample: Number(value) }),
    };
  }

  /**
   * @param {Page} page
   * @returns {Picker}
   */
  channels({ channels: count, by_row: byRow }) {
    const { words } = this;
    const { channel } = this.store.view;
    const every = fill(byRow ? words.all_rows : words.all_channels, { count });
    return {
      name: "channel",
      label: byRow ? words.pick_row : words.pick_channel,
      options: [["", every], ...numbered(count, byRow ? words.row : words.channel)],
      value: channel === null || channel >= count ? "" : String(channel),
      list: true,
      take: (value) => this.store.change({ channel: value === "" ? null : Number(value) }),
    };
  }

  /**
   * @param {NodePage} node
   * @param {number} part
   * @returns {Picker}
   */
  parts(node, part) {
    return {
      name: "part",
      label: this.words.pick_part,
      options: node.parts.map((each) => [String(each.part), each.label]),
      value: String(part),
      list: true,
      take: (value) => this.store.change({ part: Number(value) }),
    };
  }

  /** @param {Picker} picker */
  build({ name, label, options, list, take }) {
    const tag = list ? "select" : "div";
    const made = element(this.root, tag, list ? "" : "segments", "", { ariaLabel: label });
    made.dataset.picks = name;
    if (made instanceof HTMLSelectElement) {
      offer(made, options);
      made.addEventListener("change", () => take(made.value));
      return;
    }
    made.role = "radiogroup";
    for (const [value, text] of options) {
      const segment = element(made, "label");
      const input = element(segment, "input", "", "", { type: "radio", name, value });
      element(segment, "span", "", text);
      input.addEventListener("change", () => take(value));
    }
  }

  /**
   * Show what is picked.
   * @param {string} name
   * @param {string} value
   */
  mark(name, value) {
    const picker = this.root.querySelector(`[data-picks="${name}"]`);
    if (picker instanceof HTMLSelectElement) picker.value = value;
    for (const input of picker?.querySelectorAll("input") ?? [])
      input.checked = input.value === value;
  }
}

/**
 * As many options as there are indices.
 * @param {number} count
 * @param {string} words
 * @returns {Option[]}
 */
function numbered(count, words) {
  return Array.from({ length: count }, (_, index) => [String(index), fill(words, { index })]);
}
