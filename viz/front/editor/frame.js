// Where the parts of the editor stand, and its keys.

/** @import {Editor} from "./editor.js" */
/** @import {Box, State} from "./arrange.js" */

import { actionList, element, iconButton, idle } from "../element.js";
import { wayOf } from "../keys.js";
import { fill } from "../numbers.js";
import { INPUT, layerOf } from "./draft.js";
import { Form } from "./form.js";
import { Notice } from "./notice.js";
import { Picture } from "./picture.js";
import { LayerRow } from "./row.js";
import { Table } from "./table.js";

const NOT_TYPED = ["button", "checkbox", "radio", "range", "submit", "reset", "color", "file"];
const OUTPUT = "output";
const NOTHING = "nothing"; // to begin with, where a preset has its query

export class EditorFrame {
  /**
   * @param {HTMLElement} root
   * @param {Editor} editor
   */
  constructor(root, editor) {
    this.editor = editor;
    this.root = root;
    this.head(element(root, "header"));
    this.picture = new Picture(root, (id) => editor.choose(Number(id)));
    this.row = new LayerRow(root, editor);
    this.form = new Form(root, editor);
    this.notice = new Notice(root, editor); // below what is pressed, which so stays in its place
    this.about = element(root, "p", "about");
    this.table = new Table(root, editor);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
  }

  /** @param {HTMLElement} head */
  head(head) {
    const { editor } = this;
    const { text } = editor;
    const { presets } = editor.catalogue;
    element(head, "h3", "head", text.title);
    this.totals = element(head, "p", "head");
    this.undo = iconButton(head, "undo", text.undo, "", () => editor.go("undo"));
    this.redo = iconButton(head, "redo", text.redo, "", () => editor.go("redo"));
    this.undo.title = text.undo_help;
    this.redo.title = text.redo_help;
    const starts = new Map([[NOTHING, text.nothing]]);
    for (const { label, query } of presets) starts.set(query, label);
    actionList(head, "start", text.start, [...starts], (query) => {
      if (query === NOTHING) editor.empty();
      else editor.start(query);
    });
    const finish = () => editor.store.change({ editing: false });
    iconButton(head, "check", text.done, "first", finish).title = text.done_help;
  }

  show() {
    const { editor, redo, totals, undo } = this;
    const { chosen, current, draft, history } = editor;
    if (!history) return;
    if (totals && current) totals.textContent = current.totals;
    if (undo) idle(undo, !history.past.length);
    if (redo) idle(redo, !history.future.length);
    const boxes = this.boxes();
    const label = fill(editor.text.picture, { count: boxes.length });
    this.picture.show(boxes, String(chosen), label);
    this.notice.show(current, editor.refusal, editor.runs);
    this.row.show();
    this.form.show(draft, chosen);
    this.say(chosen);
    this.table.show(editor.answer);
  }

  /**
   * Say what the chosen layer does, and what it makes, costs and sees where that is known.
   * @param {number} chosen
   */
  say(chosen) {
    const layer = layerOf(this.editor.draft, chosen);
    const kind = layer && this.editor.kinds.get(layer.kind);
    this.about.replaceChildren();
    this.about.hidden = !kind;
    if (!kind) return;
    element(this.about, "b", "", kind.label);
    this.about.append(`: ${kind.help}`);
    const facts = this.told(chosen)?.facts ?? [];
    element(this.about, "span", "facts", facts.join(" · "));
  }

  /**
   * What was told last of a layer, as long as it is the same one.
   * @param {number} key
   */
  told(key) {
    const { answer, draft } = this.editor;
    const [now, then] = [draft, answer?.draft].map((each) => each && layerOf(each, key));
    return now?.kind === then?.kind && now?.name === then?.name ? answer?.layers[key] : undefined;
  }

  /** The input, every layer and the output. */
  boxes() {
    const { editor } = this;
    const { catalogue, draft, text } = editor;
    /** @type {Box[]} */
    const boxes = draft.layers.map(({ key, kind, reads }) => {
      const { parameters = "", row = [], shape = "" } = this.told(key) ?? {};
      const lines = [kind, parameters].filter(Boolean);
      const state = this.state(key, Boolean(row[1]));
      const [id, name] = [String(key), editor.nameOf(key)];
      return { id, name, lines, reads: reads.map(String), shape, state };
    });
    const shape = draft.input_shape.replaceAll("x", "\u00d7");
    const last = String(draft.layers.at(-1)?.key ?? INPUT);
    /** @type {Box[]} */
    const all = [
      { id: String(INPUT), name: catalogue.input, lines: [], reads: [], shape, state: "input" },
      ...boxes,
      { id: OUTPUT, name: text.output, lines: [], reads: [last], shape: "", state: "output" },
    ];
    return all.map((box) => {
      const reads = box.reads.map((id) => editor.nameOf(Number(id))).join(", ");
      const read = reads && box.id !== OUTPUT ? fill(text.box_reads, { names: reads }) : "";
      const words = [box.name, ...box.lines, read, box.shape, text[box.state] ?? ""];
      return { ...box, title: words.filter(Boolean).join(", ") };
    });
  }

  /**
   * @param {number} key
   * @param {boolean} known
   * @returns {State}
   */
  state(key, known) {
    if (this.editor.answer?.problem?.key === key) return "broken";
    return known ? "works" : "unknown";
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.root.hidden || event.defaultPrevented) return;
    const way = wayOf(event);
    if (!way || isTyped(event.composedPath()[0])) return;
    event.preventDefault();
    this.editor.go(way);
  }
}

/**
 * Whether a text is being typed there, which has an undo of its own.
 * @param {EventTarget | undefined} target
 */
function isTyped(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement) || target.readOnly) return false;
  const list = target.getAttribute("role") === "combobox"; // closed, its text is a choice
  return list ? target.getAttribute("aria-expanded") === "true" : !NOT_TYPED.includes(target.type);
}
