// The words above graph and inspector, and what can be opened and done there.

/** @import {NodePage} from "../types.d.ts" */
/** @import {Saved, Workbench} from "./workbench.js" */

import { actionList, button, element } from "../element.js";
import { ShowMenu } from "../graph/menu.js";
import { Names } from "../graph/names.js";
import { fill } from "../numbers.js";

export class Head {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    this.workbench = workbench;
    this.hand = element(workbench.parts.tools, "div", "hand");
    this.words = workbench.words.workbench;
    this.labelled = false;
  }

  /** Name everything, once it is known what can be done. */
  label() {
    if (this.labelled) return;
    this.labelled = true;
    const { words } = this;
    const { parts, store, run } = this.workbench;
    parts.graphTitle.textContent = words.graph;
    parts.graphTitle.title = words.graph_help;
    this.folds();
    if (!run?.fixed) {
      this.menu = new ShowMenu(parts.graphHead, store, words);
      this.names = new Names(parts.graphNames, store, words);
    }
    if (run?.layers) {
      const change = button(parts.graphHead, words.change, "change", () => this.change("input"));
      change.title = words.change_help;
    }
    this.pictures();
  }

  /** On a phone the graph is folded until it is asked for. */
  folds() {
    const { graphHead, graphCard } = this.workbench.parts;
    const fold = button(graphHead, this.words.graph, "fold", () => {
      fold.ariaExpanded = String(graphCard.classList.toggle("open"));
    });
    fold.ariaExpanded = "false";
  }

  /** A list of the pictures that the browser can save. */
  pictures() {
    const { words, workbench } = this;
    /** @type {[Saved, string][]} */
    const files = [
      ["maps", words.maps_png],
      ["svg", words.graph_svg],
      ["png", words.graph_png],
    ];
    actionList(workbench.parts.tools, "pictures", words.pictures, files, (what) =>
      workbench.save(/** @type {Saved} */ (what)),
    );
  }

  /** @param {NodePage} node */
  show(node) {
    const { parts, run, store } = this.workbench;
    parts.title.replaceChildren();
    element(parts.title, "bdi", "", node.title, { dir: "ltr" });
    parts.title.title = node.title;
    parts.subtitle.textContent = node.subtitle;
    parts.subtitle.title = node.subtitle;
    this.hand.replaceChildren();
    if (!run?.layers) return;
    for (const tensor of node.hand[store.view.show]) {
      const words = fill(this.words.by_hand, { tensor });
      button(this.hand, words, "", () => this.change(tensor));
    }
  }

  /**
   * Open the card in which the cells of a tensor are changed by hand.
   * @param {string} tensor
   */
  change(tensor) {
    this.workbench.store.change({ hand: tensor, plane: "" });
  }
}
