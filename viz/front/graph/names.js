// What the boxes of the graph are called: layers by their own names, or every node by PyTorch's.

/** @import {Store} from "../store.js" */
/** @import {Words} from "../types.d.ts" */

import { element } from "../element.js";
import { segments } from "../workbench/segments.js";

const NAMES = /** @type {const} */ (["plain", "pytorch"]);

export class Names {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.root = element(parent, "div", "segments names", "", { ariaLabel: words.names });
    segments(
      this.root,
      "names",
      (name) => store.change({ collapsed: name === "plain" }),
      NAMES.map((name) => [name, words[name], `${words[name]}: ${words[`${name}_help`]}`]),
    );
    this.unsubscribe = store.subscribe(() => this.follow());
    this.follow();
  }

  remove() {
    this.unsubscribe();
    this.root.remove();
  }

  follow() {
    const chosen = NAMES[this.store.view.collapsed ? 0 : 1];
    for (const input of this.root.querySelectorAll("input")) input.checked = input.value === chosen;
  }
}
