// The choice of a language: each is called by its own name.

/** @import {Words} from "../types.d.ts" */

import { element } from "../element.js";
import { mounting } from "../mounting.js";
import { inLanguage } from "./language.js";

/**
 * @typedef {object} Languages
 * @property {string} now the one that is spoken
 * @property {Record<string, string>} names by language, each in itself
 */

class Choice {
  /**
   * @param {HTMLElement} root
   * @param {Languages} data
   * @param {Words} words
   */
  constructor(root, { now, names }, words) {
    root.role = "group";
    root.ariaLabel = words.label;
    const skip = document.querySelector("[data-testid=stSkipToContent]");
    if (skip) skip.textContent = words.skip;
    for (const [language, name] of Object.entries(names)) {
      const button = element(root, "button", "act", name, { type: "button", lang: language });
      button.ariaPressed = String(language === now);
      button.addEventListener("click", () => choose(language));
    }
  }

  update() {}
}

/**
 * Load the page in another language, as its address stands.
 * @param {string} language
 */
function choose(language) {
  const { pathname, search, hash } = window.location;
  window.location.assign(`${pathname}?${inLanguage(search.slice(1), language)}${hash}`);
}

export default mounting(
  "language",
  (root, /** @type {Languages} */ data, words) => new Choice(root, data, words.language),
);
