// The terms in the text of a page: links to `#term-<key>`, as `viz.words.glossary` writes them.

/** @import {Words} from "../types.d.ts" */

import { mounting } from "../mounting.js";
import { explain } from "./term.js";

const LINKS = 'a[href*="#term-"]';

class Terms {
  /** @param {Words} glossary */
  constructor(glossary) {
    this.glossary = glossary;
    /** @type {WeakSet<Element>} */
    this.known = new WeakSet();
    this.home = document.createElement("div");
    (document.querySelector(".stMain") ?? document.body).append(this.home);
    this.watch = new MutationObserver(() => this.update());
    this.watch.observe(document.body, { childList: true, subtree: true });
  }

  update() {
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll(LINKS)
    )) {
      const sentence = this.glossary[link.href.split("#term-")[1]];
      if (this.known.has(link) || !sentence) continue;
      this.known.add(link);
      explain(link, sentence, this.home);
    }
  }

  remove() {
    this.watch.disconnect();
    this.home.remove();
  }
}

export default mounting("terms", (_root, _data, words) => new Terms(words.glossary));
