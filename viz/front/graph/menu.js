// What is drawn in the graph: a button, and a panel of switches that it opens.

import { button, element, focused } from "../element.js";

/** @import {Store} from "../store.js" */
/** @import {Words} from "../types.d.ts" */

const FIELDS = /** @type {const} */ (["saved", "attributes", "tint"]);
const GAP = 4; // pixels between button and panel

export class ShowMenu {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.root = element(parent, "div", "backlight-show");
    this.button = button(this.root, words.show, "open", () => {});
    this.button.ariaExpanded = "false";
    const said = { role: "group", ariaLabel: words.show };
    // Escape and a press outside close it.
    this.panel = element(this.root, "div", "panel", "", { popover: "auto", ...said });
    this.button.popoverTargetElement = this.panel;
    this.panel.addEventListener("beforetoggle", () => this.place());
    this.panel.addEventListener("toggle", ({ newState }) => this.toggled(newState === "open"));
    this.switches = FIELDS.map((field) => this.makeSwitch(field, words));
    this.opened = new AbortController();
    this.unsubscribe = store.subscribe(() => this.follow());
    this.follow();
  }

  remove() {
    this.unsubscribe();
    this.opened.abort();
    this.root.remove();
  }

  /**
   * @param {typeof FIELDS[number]} field
   * @param {Words} words
   */
  makeSwitch(field, words) {
    const label = element(this.panel, "label");
    const input = element(label, "input", "", "", { type: "checkbox", role: "switch" });
    input.setAttribute("aria-describedby", `backlight-show-${field}`);
    input.addEventListener("change", () => this.store.change({ [field]: input.checked }));
    label.append(words[field]);
    element(this.panel, "p", "help", words[`${field}_help`]).id = `backlight-show-${field}`;
    return input;
  }

  follow() {
    FIELDS.forEach((field, at) => (this.switches[at].checked = this.store.view[field]));
  }

  /** Put the panel below the button, where that is now. */
  place() {
    const { left, bottom } = this.button.getBoundingClientRect();
    this.panel.style.setProperty("--left", `${left}px`);
    this.panel.style.setProperty("--top", `${bottom + GAP}px`);
  }

  /** @param {boolean} open */
  toggled(open) {
    this.button.ariaExpanded = String(open);
    this.opened.abort();
    if (!open) return this.takeFocus();
    this.opened = new AbortController();
    const { signal } = this.opened;
    window.addEventListener("scroll", () => this.place(), { capture: true, signal });
  }

  /** Take the focus back, unless the press that closed the panel gave it to another part. */
  takeFocus() {
    const root = this.root.getRootNode();
    const within = root instanceof ShadowRoot ? root.host : this.root;
    const held = focused(this.root) ?? document.activeElement;
    const lost = !held || held.contains(within) || this.panel.contains(held);
    if (lost) this.button.focus({ preventScroll: true });
  }
}
