// Buttons that change a whole number. Every press counts at once, however late the page follows.

import { element, iconButton, idle, word } from "../element.js";
import { Kept } from "../kept.js";
import { isCommand, isTyping } from "../keys.js";
import { fill } from "../numbers.js";

/** @import {Send} from "../mounting.js" */

/**
 * See `viz.number.Button`.
 * @typedef {object} ButtonData
 * @property {number} step
 * @property {string} label
 * @property {string} icon
 * @property {string} end
 * @property {string} help
 * @property {boolean} primary
 * @property {string} key
 */

/**
 * See `viz.number.number_data`.
 * @typedef {object} NumberData
 * @property {number} value
 * @property {number | null} heard
 * @property {number} least
 * @property {number} most
 * @property {boolean} around
 * @property {ButtonData[]} buttons
 * @property {string[]} names
 * @property {string} place
 */

/**
 * Where a step leads; null where it leads past an end.
 * @param {number} value
 * @param {number} step
 * @param {Pick<NumberData, "least" | "most" | "around">} bounds
 */
export function moved(value, step, { least, most, around }) {
  const to = value + step;
  if (least <= to && to <= most) return to;
  const count = most - least + 1;
  return around ? least + ((((to - least) % count) + count) % count) : null;
}

export class NumberView {
  /**
   * @param {HTMLElement} root
   * @param {NumberData} data
   */
  constructor(root, data) {
    this.data = data;
    this.kept = new Kept(data.value);
    this.parts = data.buttons.map(({ icon }, at) =>
      iconButton(root, icon, "", "act", () => this.press(at)),
    );
    this.place = element(root, "span", "place");
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  /**
   * @param {NumberData} data
   * @param {Send} say
   */
  update(data, say) {
    this.data = data;
    this.kept.say = say;
    this.kept.hear(data.value, data.heard);
    this.show();
  }

  /** @param {number} at */
  press(at) {
    const to = this.to(at);
    if (to === null) return;
    this.kept.set(to);
    this.show();
  }

  /** @param {number} at */
  to(at) {
    return moved(this.kept.value, this.data.buttons[at].step, this.data);
  }

  show() {
    const { buttons, names, least, most, place } = this.data;
    const { value } = this.kept;
    buttons.forEach((each, at) => {
      const part = this.parts[at];
      const to = this.to(at);
      const name = to === null ? "" : names[to - least];
      idle(part, to === null);
      part.classList.toggle("primary", each.primary && to !== null);
      part.title = fill(each.help, { value });
      word(part, to === null ? each.end : fill(each.label, { name }));
    });
    this.place.textContent = fill(place, { place: value - least + 1, count: most - least + 1 });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.data.buttons.findIndex(({ key }) => key && key === event.key);
    if (at < 0 || event.defaultPrevented || isCommand(event) || isTyping(event)) return;
    event.preventDefault();
    this.press(at);
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
  }
}
