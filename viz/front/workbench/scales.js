// The switch beside the colour scale: one for all maps, one for each, or logarithmic.

/** @import {Scaling, Words} from "../types.d.ts" */
/** @import {Store} from "../store.js" */

import { element } from "../element.js";
import { segments } from "./segments.js";

const SCALES = /** @type {Scaling[]} */ (["shared", "own", "log"]);

export class Scales {
  /**
   * @param {Store} store
   * @param {Words} words
   * @param {string} [name] of the switch: one of a name is on at a time
   */
  constructor(store, words, name = "scale") {
    this.store = store;
    this.root = element(document.createElement("div"), "div", "segments");
    this.root.ariaLabel = words.pick_scale;
    this.root.dataset.picks = "scale";
    const take = (/** @type {string} */ value) =>
      store.change({ scale: /** @type {Scaling} */ (value) });
    segments(
      this.root,
      name,
      take,
      SCALES.map((each) => [each, words[each], `${words[each]}: ${words[`${each}_help`]}`]),
    );
  }

  /** Show what is chosen. */
  show() {
    for (const input of this.root.querySelectorAll("input")) {
      input.checked = input.value === this.store.view.scale;
    }
  }
}
