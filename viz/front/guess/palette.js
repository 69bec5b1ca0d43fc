// Numbers to paint with: one stop of the tab key, with arrow keys from number to number.

import { button, element, focused } from "../element.js";
import { shade } from "./answers.js";

/** @import {Words} from "../types.d.ts" */

/** @typedef {string | null} Brush "" is the eraser, null: one types */

/**
 * Give an element the colour of a number, as in the maps: blue below zero, red above.
 * @param {HTMLElement} part
 * @param {string} text
 * @param {string[]} palette
 */
export function tint(part, text, palette) {
  const { sign, percent } = shade(text, palette);
  part.style.setProperty("--part", `${percent}%`);
  part.dataset.sign = String(sign);
}

export class Palette {
  /**
   * @param {HTMLElement} parent
   * @param {(brush: Brush) => void} onTake
   */
  constructor(parent, onTake) {
    this.onTake = onTake;
    /** @type {Brush} */
    this.brush = null;
    /** @type {HTMLButtonElement[]} */
    this.swatches = [];
    this.root = element(parent, "div", "palette", "", { role: "toolbar" });
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }

  /**
   * Offer these numbers, and an eraser where there is a word for one.
   * @param {string[]} palette
   * @param {Words} words
   */
  offer(palette, words) {
    this.root.replaceChildren();
    this.root.hidden = !palette.length;
    this.root.ariaLabel = words.palette;
    const brushes = palette.length && words.erase ? [...palette, ""] : palette;
    this.swatches = brushes.map((value, at) => {
      const act = () => this.take(this.brush === value ? null : value);
      const made = button(this.root, value || words.erase, "swatch", act);
      made.dataset.value = value;
      made.tabIndex = at ? -1 : 0;
      tint(made, value, palette);
      return made;
    });
    this.take(null);
  }

  /**
   * Choose a number to paint with.
   * @param {Brush} brush
   */
  take(brush) {
    this.brush = brush;
    for (const swatch of this.swatches) {
      swatch.ariaPressed = String(swatch.dataset.value === brush);
    }
    this.onTake(brush);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const forth = ["ArrowRight", "ArrowDown"].includes(event.key);
    const back = ["ArrowLeft", "ArrowUp"].includes(event.key);
    if (event.key === "Escape") this.take(null);
    if (!forth && !back) return;
    event.preventDefault();
    const { length } = this.swatches;
    const from = this.swatches.findIndex((swatch) => swatch === focused(this.root));
    const at = (from + (forth ? 1 : -1) + length) % length;
    this.swatches.forEach((swatch, place) => (swatch.tabIndex = place === at ? 0 : -1));
    this.swatches[at].focus();
  }
}
