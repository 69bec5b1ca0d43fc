// An answer that is one of several: the place of the one that is picked, counted from 0.

import { element } from "../element.js";

/** @import {Words} from "../types.d.ts" */
/** @import {GuessData} from "./guess.js" */

/**
 * What is said of an option: how it was marked, "true" for the one that is revealed, or nothing.
 * @param {string} place of the option
 * @param {string | undefined} picked
 * @param {Pick<GuessData, "marks" | "true" | "value">} data
 */
export function optionMark(place, picked, { marks, true: truth, value }) {
  if (truth[0] === place) return "true";
  const checked = place === picked && value.typed[0] === place;
  return (checked && marks[0]) || "";
}

export class ChoiceAnswer {
  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   * @param {() => void} changed
   */
  constructor(place, data, words, typed, changed) {
    this.words = words;
    const group = element(place, "div", "options", "", {
      role: "radiogroup",
      ariaLabel: words.options,
    });
    this.options = data.items.map((text, at) => {
      const row = element(group, "label");
      const value = String(at);
      const input = element(row, "input", "", "", { type: "radio", name: "option", value });
      const body = element(row, "span", "body");
      element(body, "span", "text", text);
      return { row, input, mark: element(body, "span", "mark") };
    });
    this.pick(typed[0]);
    group.addEventListener("change", changed);
  }

  get hint() {
    return this.words.pick;
  }

  typed() {
    return this.options.filter(({ input }) => input.checked).map(({ input }) => input.value);
  }

  ready() {
    return this.typed().length > 0;
  }

  clear() {
    this.pick(undefined);
  }

  /** @param {string | undefined} value */
  pick(value) {
    for (const { input } of this.options) input.checked = input.value === value;
  }

  /**
   * @param {string[]} before
   * @param {string[]} now
   */
  follow(before, now) {
    if (this.typed()[0] === before[0]) this.pick(now[0]);
  }

  /** @param {GuessData} data */
  show(data) {
    const { words } = this;
    const [picked] = this.typed();
    for (const { row, input, mark: part } of this.options) {
      const mark = optionMark(input.value, picked, data);
      row.className = `option ${mark}`;
      const said = mark === "true" ? words.answer : words[mark];
      part.textContent = mark && `${data.signs[mark === "true" ? "right" : mark]} ${said}`;
    }
  }

  focus() {
    (this.options.find(({ input }) => input.checked) ?? this.options[0])?.input.focus();
  }
}
