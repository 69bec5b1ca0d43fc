// The button that keeps what the inspector shows, and the way to what is kept.

/** @import {Store} from "../store.js" */
/** @import {Words} from "../types.d.ts" */
/** @import {Tray} from "./tray.js" */

import { button, element, idle, name } from "../element.js";
import { fill } from "../numbers.js";
import { MOST, readPins, toggled, writePin } from "./pins.js";

export class PinButton {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Words} words
   * @param {Tray} tray
   */
  constructor(parent, store, words, tray) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "pinning", "", { hidden: true });
    this.button = button(this.root, words.pin, "keep", () => this.press());
    this.count = button(this.root, "", "count", () => tray.reveal());
    this.said = element(this.root, "span", "did", "", { role: "status" });
    tray.leave = () => this.button.focus();
  }

  /** What the inspector shows, as a pin. */
  get pin() {
    const { node, view } = this.store;
    const { part, sample, channel, show } = view;
    return { node, part, sample, channel, show };
  }

  press() {
    const { said, store, words } = this;
    const pins = toggled(store.view.pins, this.pin);
    const more = readPins(pins).length > readPins(store.view.pins).length;
    store.change({ pins }, true);
    said.replaceChildren();
    element(said, "span", "", more ? words.pin_done : words.unpin_done);
  }

  /** Show whether what is shown is pinned, and how many are. */
  show() {
    const { words } = this;
    const pins = readPins(this.store.view.pins);
    const pressed = pins.some((pin) => writePin(pin) === writePin(this.pin));
    const full = !pressed && pins.length >= MOST;
    this.root.hidden = false;
    this.button.ariaPressed = String(pressed);
    this.button.title = full ? words.pin_most : pressed ? words.unpin_help : words.pin_help;
    idle(this.button, full);
    this.count.hidden = !pins.length;
    this.count.textContent = `↓ ${pins.length}`;
    name(this.count, fill(words.pins_go, { count: pins.length }));
  }
}
