// What is done with a layer as a whole: choose it, move, copy and remove it, add one after it.

/** @import {Draft} from "./types.d.ts" */
/** @import {Editor} from "./editor.js" */

import { element, iconButton, idle, offer, word } from "../element.js";
import { fill } from "../numbers.js";
import { INPUT, add, changeKind, duplicate, keysOf, move, remove } from "./draft.js";

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
    this.up = iconButton(ofLayer, "arrow_upward", text.up, "", () => this.moved(true));
    this.down = iconButton(ofLayer, "arrow_downward", text.down, "", () => this.moved(false));
    this.copy = iconButton(ofLayer, "content_copy", text.duplicate, "", () => this.duplicated());
    const gone = iconButton(ofLayer, "delete", text.remove, "", () => this.removed());
    const ofKind = element(this.root, "div", "group");
    this.kinds = this.picker(ofKind);
    this.after = iconButton(ofKind, "add", "", "first", () => this.added());
    this.instead = iconButton(ofKind, "swap_horiz", "", "", () => this.replaced());
    this.ofLayer = [this.up, this.down, this.copy, gone, this.instead];
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
      const family = element(list, "optgroup", "", "", { label });
      offer(
        family,
        kinds.map((kind) => [kind.name, `${kind.name} · ${kind.label}`]),
      );
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
    this.kinds.ariaDescription = kinds.get(this.kinds.value)?.help ?? "";
    idle(this.after, isFull);
    if (isFull) idle(this.copy, true);
    for (const each of [this.after, this.copy]) {
      each.title = isFull ? fill(this.editor.text.full, { most: catalogue.most_layers }) : "";
    }
  }

  /** What can be chosen: the input and every layer. */
  offer() {
    const { draft } = this.editor;
    const keys = [INPUT, ...keysOf(draft)];
    /** @type {[string, string][]} */
    const names = keys.map((key) => [String(key), this.editor.nameOf(key)]);
    const offered = JSON.stringify(names);
    if (offered === this.offered) return;
    this.offered = offered;
    offer(this.layers, names);
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

/** @param {Draft} draft */
function newest(draft) {
  return Math.max(INPUT, ...keysOf(draft));
}
