// A list of actions in order: buttons append one, each can be removed. What is held is the list of
// their keys.

import { button, element, focused, iconButton, idle, name } from "../element.js";
import { Kept } from "../kept.js";
import { fill } from "../numbers.js";
import { CHANGED, inRoom } from "../room/room.js";
import { appended, placeAfter, without } from "./list.js";

/** @import {Send} from "../mounting.js" */
/** @import {Words} from "../types.d.ts" */

/**
 * See `viz.actions.actions_data`.
 * @typedef {object} ActionsData
 * @property {string[]} value
 * @property {number | null} heard
 * @property {[key: string, label: string][]} offered
 * @property {number} most
 */

export class ActionsView {
  built = "";
  /** @type {HTMLButtonElement[]} */
  adders = [];
  /** @type {HTMLButtonElement[]} */
  removers = [];
  /** @type {string[] | null} the actions that stand in the list on the page */
  listed = null;

  /**
   * @param {HTMLElement} root
   * @param {ActionsData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    this.offer = element(root, "div", "offered", "", { role: "group", ariaLabel: words.offered });
    this.list = element(root, "ol", "", "", { role: "list", ariaLabel: words.list });
    this.empty = element(root, "p", "empty", words.empty);
    this.full = element(root, "p", "full", "", { role: "status" });
    const acts = element(root, "div", "acts");
    this.back = iconButton(acts, "undo", words.undo, "act", () =>
      this.takeOut(this.kept.value.length - 1),
    );
    this.clear = iconButton(acts, "delete", words.clear, "act", () =>
      this.change([], words.cleared),
    );
    this.said = element(root, "p", "said", "", { ariaLive: "polite" });
    // In a room, where a step must be seen at once, the list is one line that scrolls.
    this.over = new AbortController();
    const follow = () => root.classList.toggle("in-room", inRoom());
    document.addEventListener(CHANGED, follow, { signal: this.over.signal });
    follow();
  }

  remove() {
    this.over.abort();
  }

  /**
   * @param {ActionsData} data
   * @param {Send} say
   */
  update(data, say) {
    this.data = data;
    this.kept.say = say;
    this.kept.hear(data.value, data.heard);
    const built = JSON.stringify(data.offered);
    if (built !== this.built) this.build();
    this.built = built;
    this.show();
  }

  build() {
    this.listed = null;
    this.offer.replaceChildren();
    this.adders = this.data.offered.map(([key, label]) =>
      iconButton(this.offer, "add", label, "act add", () => this.add(key)),
    );
  }

  /** @param {string} key */
  label(key) {
    return this.data.offered.find(([each]) => each === key)?.[1] ?? key;
  }

  /** @param {string} key */
  add(key) {
    const keys = appended(this.kept.value, key, this.data.most);
    if (!keys) return;
    this.change(keys, fill(this.words.added, { place: keys.length, action: this.label(key) }));
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} at */
  takeOut(at) {
    const action = this.label(this.kept.value[at]);
    this.change(without(this.kept.value, at), fill(this.words.removed, { action }));
  }

  /**
   * @param {string[]} keys
   * @param {string} said to whoever does not see it
   */
  change(keys, said) {
    this.kept.set(keys);
    this.said.textContent = said;
    this.show();
  }

  show() {
    const { words, data } = this;
    const { value } = this.kept;
    const full = value.length >= data.most;
    const removed = this.removers.findIndex((each) => each === focused(this.list));
    const held = [this.back, this.clear].some((each) => each === focused(each));
    if (String(value) !== String(this.listed)) this.fillList();
    for (const each of this.adders) idle(each, full);
    this.empty.hidden = value.length > 0;
    this.back.hidden = this.clear.hidden = !value.length;
    this.full.textContent = full ? fill(words.full, { most: data.most }) : "";
    if (removed >= 0) this.focus(placeAfter(removed, value.length));
    else if (held && !value.length) this.focus(-1);
  }

  /**
   * Go to the button that removes this one, or where there is none to the first that adds one.
   * @param {number} at
   */
  focus(at) {
    (this.removers[at] ?? this.adders[0])?.focus({ preventScroll: true });
  }

  fillList() {
    const { value } = this.kept;
    this.listed = value;
    this.list.replaceChildren();
    this.removers = value.map((key, at) => {
      const action = this.label(key);
      const row = element(this.list, "li");
      element(row, "span", "number", String(at + 1));
      element(row, "span", "action", action);
      const made = button(row, "", "act remove", () => this.takeOut(at));
      element(made, "span", "icon", "close", { ariaHidden: "true" });
      name(made, fill(this.words.remove, { place: at + 1, action }));
      return made;
    });
  }
}
