// The controls above the maps: what to show, and which sample, channel and downstream gradient.

/** @import {NodePage, Page, Show, Words} from "../types.d.ts" */
/** @import {Store} from "../store.js" */

import { element, offer } from "../element.js";
import { fill } from "../numbers.js";
import { segments } from "./segments.js";

const SEGMENTS = 4; // up to this many stand side by side; more go into a list
const SHOWS = /** @type {Show[]} */ (["gradient", "values", "parameters"]);

/**
 * Something to choose from: a value, what stands there, and what it is called if that is more.
 * @typedef {[value: string, text: string, name?: string]} Option
 */

/**
 * @typedef {object} Picker
 * @property {string} name
 * @property {string} label
 * @property {Option[]} options
 * @property {string} value
 * @property {Record<string, string>} [missing] why an option is of no use here
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
   * @param {{part: number, channel: number | null}} shown the downstream gradient, and the channel
   */
  show(node, page, { part, channel }) {
    const pickers = [this.shows(node)];
    if (page.samples > 1) pickers.push(this.samples(page.samples));
    if (page.channels > 1) pickers.push(this.channels(page, channel));
    if (this.store.view.show === "gradient" && node.parts.length > 1) {
      pickers.push(this.parts(node, part));
    }
    const signature = JSON.stringify(pickers.map(({ name, options }) => [name, options]));
    if (signature !== this.shown) {
      this.root.replaceChildren();
      for (const each of pickers) this.build(each);
      this.shown = signature;
    }
    for (const picker of pickers) this.mark(picker);
  }

  /**
   * @param {NodePage} node
   * @returns {Picker}
   */
  shows(node) {
    const without = node.pages.parameters.rows.length ? "" : this.words.no_parameters;
    return {
      name: "show",
      label: this.words.pick_show,
      options: SHOWS.map((show) => [show, this.words[show]]),
      missing: without ? { parameters: without } : {},
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
      options: numbered(count, this.words.sample).map(([index, name]) =>
        index === "0" ? [index, name] : [index, index, name],
      ),
      value: String(sample < count ? sample : 0),
      list: count > SEGMENTS,
      take: (value) => this.store.change({ sample: Number(value) }),
    };
  }

  /**
   * @param {Page} page
   * @param {number | null} channel that is shown
   * @returns {Picker}
   */
  channels({ channels: count, by_row: byRow }, channel) {
    const { words } = this;
    const every = fill(byRow ? words.all_rows : words.all_channels, { count });
    return {
      name: "channel",
      label: byRow ? words.pick_row : words.pick_channel,
      options: [["all", every], ...numbered(count, byRow ? words.row : words.channel)],
      value: channel === null ? "all" : String(channel),
      list: true,
      take: (value) => this.store.change({ channel: value === "all" ? value : Number(value) }),
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
      const named = options.map(
        ([value, text, called]) => /** @type {const} */ ([value, called ?? text]),
      );
      offer(made, named);
      made.addEventListener("change", () => take(made.value));
      return;
    }
    segments(made, name, take, options);
  }

  /**
   * Show what is picked, and what cannot be.
   * @param {Picker} picker
   */
  mark({ name, value, missing = {} }) {
    const picker = this.root.querySelector(`[data-picks="${name}"]`);
    if (picker instanceof HTMLSelectElement) picker.value = value;
    for (const input of picker?.querySelectorAll("input") ?? []) {
      input.checked = input.value === value;
      input.disabled = input.value in missing && input.value !== value;
      if (input.parentElement && input.value in missing)
        input.parentElement.title = missing[input.value];
    }
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
