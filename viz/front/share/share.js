// Links that are handed out: each as text with a button that copies it, and as a code to scan.

import { element, iconButton } from "../element.js";
import { copy } from "./copy.js";

/** @import {Words} from "../types.d.ts" */

/**
 * See `viz.share.Offer`.
 * @typedef {object} Offer
 * @property {string} label
 * @property {string} about
 * @property {string} address
 * @property {string} code address of a picture; empty where there is none
 * @property {string} note what is to be known before somebody scans it
 */

/**
 * See `viz.share.share_data`.
 * @typedef {object} ShareData
 * @property {Offer[]} offers
 */

export class ShareView {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   */
  constructor(root, words) {
    this.words = words;
    this.chosen = 0;
    /** @type {Offer[]} */
    this.offers = [];
    const text = element(root, "div", "text");
    this.choice = element(text, "div", "segments", "", {
      role: "radiogroup",
      ariaLabel: words.choice,
    });
    this.about = element(text, "p", "about");
    this.field = element(text, "textarea", "address", "", {
      readOnly: true,
      rows: 3,
      ariaLabel: words.link,
      spellcheck: false,
    });
    const row = element(text, "div", "row");
    iconButton(row, "content_copy", words.copy, "act primary", () => this.copy());
    this.said = element(row, "span", "said", "", { role: "status" });
    this.note = element(text, "p", "note");
    this.code = element(root, "img", "code", "", { alt: words.code });
  }

  /** @param {ShareData} data */
  update({ offers }) {
    const labels = (/** @type {Offer[]} */ each) => JSON.stringify(each.map(({ label }) => label));
    const others = labels(offers) !== labels(this.offers);
    this.offers = offers;
    if (others) this.offer();
    this.show();
  }

  /** Offer the links anew; another choice would take the focus from who is choosing. */
  offer() {
    this.chosen = Math.min(this.chosen, this.offers.length - 1);
    this.choice.replaceChildren();
    this.choice.hidden = this.offers.length < 2;
    this.offers.forEach(({ label }, at) => {
      const part = element(this.choice, "label");
      const input = element(part, "input", "", "", { type: "radio", name: "offer" });
      input.checked = at === this.chosen;
      input.addEventListener("change", () => this.choose(at));
      element(part, "span", "", label);
    });
  }

  /** @param {number} at */
  choose(at) {
    this.chosen = at;
    this.show();
  }

  show() {
    const { about, address, code, note } = this.offers[this.chosen];
    if (this.field.value !== address) this.said.textContent = "";
    this.about.textContent = about;
    this.field.value = address;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.code.hidden = !code;
    if (code) this.code.src = code;
  }

  async copy() {
    const { copied, selected } = this.words;
    this.said.textContent = (await copy(this.field)) ? copied : selected;
  }
}
