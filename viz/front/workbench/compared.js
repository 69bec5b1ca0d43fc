// The switch between a run as it is and what the changes by hand did to it.

/** @import {Store} from "../store.js" */
/** @import {Words} from "../types.d.ts" */

import { element } from "../element.js";
import { segments } from "./segments.js";

const CHANGED = "what_changed";

export class Compared {
  /**
   * @param {Store} store
   * @param {Words} words
   */
  constructor(store, words) {
    this.store = store;
    this.root = element(document.createElement("div"), "div", "segments", "", { hidden: true });
    this.root.ariaLabel = words.pick_compare;
    segments(
      this.root,
      "compare",
      (value) => store.change({ compare: value === CHANGED }),
      ["as_it_is", CHANGED].map((each) => {
        return [each, words[each], `${words[each]}: ${words[`${each}_help`]}`];
      }),
    );
  }

  /** @param {boolean} offered whether something is changed by hand */
  show(offered) {
    this.root.hidden = !offered;
    for (const input of this.root.querySelectorAll("input")) {
      input.checked = (input.value === CHANGED) === this.store.view.compare;
    }
  }
}
