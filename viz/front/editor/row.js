// What is done with a layer as a whole: choose it, move, copy and remove it, add one after it.

/** @import {Draft} from "./types.d.ts" */
/** @import {Editor} from "./editor.js" */

import { element } from "../element.js";
import { fill } from "../numbers.js";
import { INPUT, add, changeKind, duplicate, keysOf, move, remove } from "./draft.js";
import { iconButton } from "./icon.js";

export class LayerRow {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    const { text } = editor;
    this.root = element(parent, "div", "layer-row");
    const ofLayer = element(this.root, "div", "group");
    const named = element(ofLayer, "label", "field");
    element(named, "span", "", text.chosen);
    this.layers = element(named, "select", "layers");
    this.layers.addEventListener("change", () => editor.choose(Number(this.layers.value)));
    this.offered = "";
    const button = (
      /** @type {string} */ icon,
      /** @type {string} */ words,
      /** @type {() => void} */ act,
    ) => iconButton(ofLayer, icon, words, act);
    this.up = button("arrow_upward", text.up, () => this.moved(true));
    this.down = button("arrow_downward", text.down, () => this.moved(false));
    this.copy = button("content_copy", text.duplicate, () => this.duplicated());
    this.gone = button("delete", text.remove, () => this.removed());
    const ofKind = element(this.root, "div", "group");
    this.kinds = this.picker(ofKind);
    this.after = iconButton(ofKind, "add", "", () => this.added());
    this.after.classList.add("first");
    this.instead = iconButton(ofKind, "swap_horiz", "", () => this.replaced());
    this.ofLayer = [this.up, this.down, this.copy, this.gone, this.instead];
  }

  /**
   * The kinds of layers, by family.
   * @param {HTMLElement} parent
   */
  picker(parent) {
    const { catalogue } = this.editor;
    const named = element(parent, "label", "field kinds");
    element(named, "span", "", this.editor.text.find);
    const list = element(named, "select");
    for (const { label, kinds } of catalogue.families) {
      const family = element(list, "optgroup");
      family.label = label;
      for (const kind of kinds) {
        const option = element(family, "option", "", `${kind.name} · ${kind.label}`);
        option.value = kind.name;
      }
    }
    list.addEventListener("change", () => this.editor.show());
    return list;
  }

  get kind() {
    const kind = this.editor.kinds.get(this.kinds.value);
    if (!kind) throw new Error(`no kind of layer is called ${this.kinds.value}`);
    return kind;
  }

  show() {
    const { catalogue, chosen, draft, kinds } = this.editor;
    this.offer();
    this.layers.value = String(chosen);
    const place = keysOf(draft).indexOf(chosen);
    const { isFull } = this;
    for (const button of this.ofLayer) idle(button, chosen === INPUT);
    if (place === 0) idle(this.up, true);
    if (place === draft.layers.length - 1) idle(this.down, true);
    if (draft.layers[place]?.kind === this.kinds.value) idle(this.instead, true);
    const name = this.editor.nameOf(chosen);
    word(this.after, fill(this.editor.text.add, { name }));
    word(this.instead, fill(this.editor.text.replace, { name }));
    this.kinds.setAttribute("aria-description", kinds.get(this.kinds.value)?.help ?? "");
    idle(this.after, isFull);
    if (isFull) idle(this.copy, true);
    for (const each of [this.after, this.copy]) {
      each.title = isFull ? fill(this.editor.text.full, { most: catalogue.most_layers }) : "";
    }
  }

  /** What can be chosen: the input and every layer. */
  offer() {
    const { draft } = this.editor;
    const names = [INPUT, ...keysOf(draft)].map((key) => [key, this.editor.nameOf(key)]);
    const offered = JSON.stringify(names);
    if (offered === this.offered) return;
    this.offered = offered;
    this.layers.replaceChildren();
    for (const [key, name] of names) {
      element(this.layers, "option", "", String(name)).value = String(key);
    }
  }

  /** @param {boolean} up */
  moved(up) {
    this.editor.change((draft, chosen) => move(draft, chosen, up));
  }

  duplicated() {
    if (this.isFull) return;
    this.editor.change(duplicate, newest);
  }

  added() {
    if (this.isFull) return;
    const { catalogue, kinds } = this.editor;
    this.editor.change(
      (draft, chosen) => add(draft, chosen, this.kind, kinds, catalogue.switches),
      newest,
    );
  }

  replaced() {
    this.editor.change((draft, chosen) => changeKind(draft, chosen, this.kind, this.editor.kinds));
  }

  /** The layer that comes into the place of what is removed is chosen then, or the last one. */
  removed() {
    this.editor.change(remove, (after, before, chosen) => {
      const place = keysOf(before).indexOf(chosen);
      return keysOf(after).at(Math.min(place, after.layers.length - 1)) ?? INPUT;
    });
  }

  get isFull() {
    return this.editor.draft.layers.length >= this.editor.catalogue.most_layers;
  }
}

/**
 * A button that has nothing to do keeps the focus, and with it the place of the keys.
 * @param {HTMLButtonElement} button
 * @param {boolean} nothing
 */
function idle(button, nothing) {
  button.setAttribute("aria-disabled", String(nothing));
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} words
 */
function word(button, words) {
  const part = button.lastElementChild;
  if (part && part.textContent !== words) part.textContent = words;
}

/** @param {Draft} draft */
function newest(draft) {
  return Math.max(INPUT, ...keysOf(draft));
}
