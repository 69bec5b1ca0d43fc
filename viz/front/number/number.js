// Buttons that change a whole number. Every press counts at once, however late the page follows;
// where the number turns something like a page, all presses before that has come are one.

import { element, focused, iconButton, word } from "../element.js";
import { Kept } from "../kept.js";
import { isCommand, isTyping, turnsFromField } from "../keys.js";
import { fill } from "../numbers.js";
import { follow } from "./follow.js";

/** @import {Send} from "../mounting.js" */

const LINE = 24; // px of text: less than that is not worth a key

/**
 * See `viz.number.Button`.
 * @typedef {object} ButtonData
 * @property {number} step
 * @property {string} label
 * @property {string} icon
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
 * @property {string} turns
 * @property {string} listed
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

/**
 * Bring the top of a part of the page into view where it is above that.
 * @param {string} selector
 */
function fromTop(selector) {
  const part = document.querySelector(selector);
  const frame = part?.parentElement;
  if (!part || !frame) return;
  const covered = parseFloat(getComputedStyle(part).scrollMarginTop);
  const top = Math.max(covered, frame.getBoundingClientRect().top);
  if (part.getBoundingClientRect().top < top) part.scrollIntoView({ block: "start" });
}

/**
 * Whether what a key turns goes on beyond the frame in which it scrolls; if so, it goes on there.
 * @param {string} selector
 * @param {number} way 1 down, -1 up
 */
function goesOn(selector, way) {
  const frame = document.querySelector(selector)?.parentElement;
  if (!frame) return false;
  const { scrollTop, scrollHeight, clientHeight } = frame;
  const rest = way > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
  if (rest < LINE) return false;
  frame.scrollBy(0, way * (clientHeight - 2 * LINE));
  return true;
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
    root.addEventListener("click", (event) => this.once(event), true);
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    /** @param {KeyboardEvent} event before a slider takes it for a step of its own */
    this.onFieldKey = (event) => turnsFromField(event) && this.key(event);
    document.addEventListener("keydown", this.onFieldKey, true);
    /** @type {HTMLElement | null} */
    const list = data.listed ? document.querySelector(data.listed) : null;
    this.unfollow = list ? follow(list) : () => {};
  }

  /**
   * @param {NumberData} data
   * @param {Send} say
   */
  update(data, say) {
    const turned = data.value !== this.data.value;
    this.data = data;
    this.kept.say = say;
    this.kept.hear(data.value, data.heard);
    this.show();
    if (turned && data.turns) fromTop(data.turns);
  }

  /**
   * A double click turns one page, also where that has come before its second press.
   * @param {MouseEvent} event
   */
  once(event) {
    if (this.data.turns && event.detail === 2) event.stopPropagation();
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
    const { data, kept } = this;
    return moved(data.turns ? data.value : kept.value, data.buttons[at].step, data);
  }

  show() {
    const { buttons, names, least, most, place } = this.data;
    const { value } = this.kept;
    const held = this.parts.find((part) => focused(part) === part);
    buttons.forEach((each, at) => {
      const part = this.parts[at];
      const to = this.to(at);
      part.hidden = to === null;
      part.classList.toggle("primary", each.primary);
      part.title = fill(each.help, { value });
      if (to !== null) word(part, fill(each.label, { name: names[to - least] }));
    });
    if (held?.hidden) this.parts.find((part) => !part.hidden)?.focus({ preventScroll: true });
    this.place.textContent = fill(place, { place: value - least + 1, count: most - least + 1 });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.data.buttons.findIndex(({ key }) => key && key === event.key);
    const fromField = turnsFromField(event);
    if (at < 0 || event.defaultPrevented || isCommand(event)) return;
    if (isTyping(event) && !fromField) return;
    event.preventDefault();
    if (fromField) event.stopPropagation();
    const { turns, buttons } = this.data;
    if (!turns || !goesOn(turns, buttons[at].step)) this.press(at);
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("keydown", this.onFieldKey, true);
    this.unfollow();
  }
}
