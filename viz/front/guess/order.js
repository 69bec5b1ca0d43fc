// An answer that is an order: buttons or keys move a row; what is typed are the places, from 0, at
// which the items stood at first, in the order in which they stand now.

import { element, iconButton, idle, name } from "../element.js";
import { fill } from "../numbers.js";

/** @import {Words} from "../types.d.ts" */
/** @import {GuessData} from "./guess.js" */

/** @typedef {{part: HTMLLIElement, number: HTMLElement, mark: HTMLElement, truth: HTMLElement,
 * buttons: HTMLButtonElement[]}} Row */

/**
 * The order that texts name; the one that was given where they name none.
 * @param {string[]} typed
 * @param {number} count
 * @returns {number[]}
 */
export function orderOf(typed, count) {
  const given = [...Array(count).keys()];
  const told = typed.slice(0, count);
  return given.every((at) => told.includes(String(at))) ? told.map(Number) : given;
}

/**
 * The order after the item at one place has changed places with a neighbour; null past an end.
 * @param {number[]} order
 * @param {number} at
 * @param {number} way 1 down, -1 up
 */
export function swapped(order, at, way) {
  const to = at + way;
  if (to < 0 || to >= order.length) return null;
  const moved = [...order];
  [moved[at], moved[to]] = [order[to], order[at]];
  return moved;
}

export class OrderAnswer {
  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   * @param {() => void} changed
   */
  constructor(place, data, words, typed, changed) {
    this.items = data.items;
    this.words = words;
    this.changed = changed;
    this.list = element(place, "ol", "order", "", { role: "list", ariaLabel: words.order });
    this.said = element(place, "p", "said", "", { ariaLive: "polite" });
    /** By item, whatever the order. */
    this.rows = this.items.map((text, item) => this.row(text, item));
    this.order = orderOf(typed, this.items.length);
    this.arrange();
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  get hint() {
    return this.words.sort;
  }

  /**
   * @param {string} text
   * @param {number} item
   * @returns {Row}
   */
  row(text, item) {
    const part = element(this.list, "li");
    part.dataset.item = String(item);
    const number = element(part, "span", "number");
    const body = element(part, "span", "body");
    element(body, "span", "text", text);
    const mark = element(body, "span", "mark");
    const truth = element(body, "span", "belongs");
    const buttons = [-1, 1].map((way) => {
      const icon = way < 0 ? "arrow_upward" : "arrow_downward";
      const made = iconButton(part, icon, "", "act", () => this.move(item, way));
      name(made, fill(way < 0 ? this.words.up : this.words.down, { item: text }));
      return made;
    });
    return { part, number, mark, truth, buttons };
  }

  typed() {
    return this.order.map(String);
  }

  ready() {
    return true;
  }

  clear() {
    this.order = orderOf([], this.items.length);
    this.arrange();
  }

  arrange() {
    this.said.textContent = "";
    this.list.append(...this.order.map((item) => this.rows[item].part));
  }

  /**
   * @param {string[]} before
   * @param {string[]} now
   */
  follow(before, now) {
    const { length } = this.items;
    if (String(this.order) !== String(orderOf(before, length))) return;
    this.order = orderOf(now, length);
    this.arrange();
  }

  /**
   * Let an item and its neighbour change places. It is the neighbour that leaves its place on the
   * page, so that the focus stays in the row that is moved.
   * @param {number} item
   * @param {number} way
   */
  move(item, way) {
    const at = this.order.indexOf(item);
    const order = swapped(this.order, at, way);
    if (!order) return;
    const neighbour = this.rows[order[at]].part;
    if (way < 0) this.rows[item].part.after(neighbour);
    else this.rows[item].part.before(neighbour);
    this.order = order;
    const place = at + way + 1;
    const words = { item: this.items[item], place, count: order.length };
    this.said.textContent = fill(this.words.moved, words);
    this.changed();
  }

  /**
   * Arrows walk from row to row; with Alt they take the row along.
   * @param {KeyboardEvent} event
   */
  key(event) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { target } = event;
    const item = this.rows.findIndex(({ part }) => target instanceof Node && part.contains(target));
    if (item < 0) return;
    if (event.altKey) this.move(item, way);
    else
      this.walk(
        item,
        way,
        this.rows[item].buttons.findIndex((each) => each === target),
      );
  }

  /**
   * @param {number} item
   * @param {number} way
   * @param {number} button
   */
  walk(item, way, button) {
    const next = this.order[this.order.indexOf(item) + way];
    this.rows[next]?.buttons[button]?.focus();
  }

  /**
   * Show numbers and marks; a place that has another item since the last check keeps no mark.
   * @param {GuessData} data
   */
  show({ marks, signs, true: truth, value }) {
    const { words, items } = this;
    this.order.forEach((item, at) => {
      const { part, number, mark: sign, truth: belongs, buttons } = this.rows[item];
      const mark = (value.typed[at] === String(item) && marks[at]) || "";
      part.className = mark;
      number.textContent = String(at + 1);
      sign.textContent = mark && `${signs[mark]} ${words[mark]}`;
      /** @type {string | undefined} */
      const there = mark === "right" ? undefined : items[Number(truth[at])];
      belongs.textContent = there === undefined ? "" : fill(words.belongs, { item: there });
      idle(buttons[0], at === 0);
      idle(buttons[1], at === items.length - 1);
    });
  }

  focus() {
    this.rows[this.order[0]]?.buttons[1].focus();
  }
}
