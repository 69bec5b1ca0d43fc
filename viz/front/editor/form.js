// The form of one layer, made from what the catalogue says about its kind, or that of the input.
//
// What is typed counts once it is entered. Nothing is drawn anew under somebody's fingers: the
// controls stay as long as the same ones are wanted, and what is being typed is left alone.

/** @import {Draft, DraftLayer, Field, Value} from "./types.d.ts" */
/** @import {Editor} from "./editor.js" */

import { element, iconButton, name, offer } from "../element.js";
import { fill } from "../numbers.js";
import { INPUT, above, layerOf, rename, rewire, setField, setSwitch } from "./draft.js";

const WHOLE = /^-?\d{1,9}$/;

/**
 * A setting as a text field shows it: `3x5` for two numbers.
 * @param {Value} value
 */
export function written(value) {
  return Array.isArray(value) ? value.join("x") : String(value);
}

/**
 * Read a text field; what is neither numbers nor a word of the field stays as typed.
 * @param {string} typed
 * @param {Pick<Field, "choices">} field
 * @returns {Value}
 */
export function read(typed, { choices }) {
  const text = typed.trim();
  const parts = text.replace(/^\(|\)$/g, "").split(/[x\u00d7,;\s]+/);
  if (choices.includes(text) || !parts.every((part) => WHOLE.test(part))) return text;
  const numbers = parts.map(Number);
  return numbers.length > 1 ? numbers : numbers[0];
}

/** Values and names to choose from. @typedef {[value: string, name: string][]} Offered */

/**
 * What a control shows of a draft, and the draft that comes of what is entered.
 * @template Set
 * @typedef {{value: (draft: Draft) => Value, take: (draft: Draft, set: Set) => Draft}} Bound
 */

/** @typedef {{control: HTMLInputElement | HTMLSelectElement, value: (draft: Draft) => Value}} Shown */

export class Form {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    this.root = element(parent, "div", "form");
    this.hint = element(parent, "p", "hint");
    this.made = "";
    /** @type {Shown[]} */
    this.shown = [];
    this.root.addEventListener("focusin", ({ target }) => this.help(target));
    this.root.addEventListener("focusout", () => this.help(null));
  }

  /**
   * @param {Draft} draft
   * @param {number} key
   */
  show(draft, key) {
    const layer = layerOf(draft, key);
    const offered = layer ? this.offered(draft, layer) : [];
    const wanted = JSON.stringify([key, layer?.kind, layer?.reads.length, offered]);
    if (wanted !== this.made) {
      this.made = wanted;
      this.shown = [];
      this.root.replaceChildren();
      if (layer) this.layer(layer, offered);
      else this.input();
    }
    for (const { control, value } of this.shown) put(control, value(draft));
  }

  /** What is fed into the network, and its name. */
  input() {
    const { text } = this.editor;
    this.text(text.network_name, text.network_name_help, {
      value: (draft) => draft.name,
      take: (draft, name) => ({ ...draft, name: name.trim() }),
    });
    this.text(text.shape, text.shape_help, {
      value: (draft) => draft.input_shape,
      take: (draft, shape) => ({ ...draft, input_shape: shape.trim().replaceAll("\u00d7", "x") }),
    });
  }

  /**
   * @param {DraftLayer} layer
   * @param {Offered} offered
   */
  layer(layer, offered) {
    const { key } = layer;
    this.text(this.editor.text.name, "", {
      value: (draft) => layerOf(draft, key)?.name ?? "",
      take: (draft, name) => rename(draft, key, name.trim()),
    });
    this.reads(layer, offered);
    for (const field of this.editor.kinds.get(layer.kind)?.fields ?? []) this.field(layer, field);
    for (const name of Object.keys(layer.switches)) {
      this.check(name, "", {
        value: (draft) => layerOf(draft, key)?.switches[name] ?? false,
        take: (draft, on) => setSwitch(draft, key, name, on),
      });
    }
  }

  /**
   * What a layer may read, by name: the input, the layers above it, and what it reads already.
   * @param {Draft} draft
   * @param {DraftLayer} layer
   * @returns {Offered}
   */
  offered(draft, layer) {
    const keys = [...new Set([...above(draft, layer.key), ...layer.reads])];
    return keys.map((key) => [String(key), this.editor.nameOf(key)]);
  }

  /**
   * A list for each layer that it reads, and, where their number is free, more or fewer of them.
   * @param {DraftLayer} layer
   * @param {Offered} offered
   */
  reads({ key, kind, reads }, offered) {
    const { editor } = this;
    const { text } = editor;
    const [fewest, most] = editor.kinds.get(kind)?.inputs ?? [1, 1];
    const readsOf = (/** @type {Draft} */ draft) => [...(layerOf(draft, key)?.reads ?? [])];
    for (let place = 0; place < Math.max(fewest, reads.length); place += 1) {
      const label = most > 1 ? fill(text.reads_place, { place: place + 1 }) : text.reads;
      /** @type {Offered} */
      const none = place < reads.length ? [] : [["", text.nothing_read]];
      this.choice(label, text.reads_help, [...none, ...offered], {
        value: (draft) => String(readsOf(draft)[place] ?? ""),
        take: (draft, source) => {
          const now = readsOf(draft);
          now.splice(place, 1, Number(source));
          return rewire(draft, key, now);
        },
      });
      if (reads.length > fewest) {
        const fewer = (/** @type {Draft} */ draft) =>
          rewire(draft, key, readsOf(draft).toSpliced(place, 1));
        name(
          this.act("close", "", fewer),
          fill(text.fewer_reads, { name: editor.nameOf(reads[place]) }),
        );
      }
    }
    if (reads.length < most && reads.length >= fewest) {
      this.act("add", text.more_reads, (draft) =>
        rewire(draft, key, [...readsOf(draft), above(draft, key).at(-1) ?? INPUT]),
      );
    }
  }

  /**
   * One setting: a switch, a list, a number within its bounds, or several as text.
   * @param {DraftLayer} layer
   * @param {Field} field
   */
  field({ key, fields }, field) {
    const { text } = this.editor;
    const { name, help, choices, low, high } = field;
    const value = (/** @type {Draft} */ now) => layerOf(now, key)?.fields[name] ?? "";
    const take = (/** @type {Draft} */ now, /** @type {Value} */ set) =>
      setField(now, key, name, set);
    if (field.kind === "bool") this.check(name, help, { value, take });
    else if (field.kind === "choice") {
      this.choice(
        name,
        help,
        choices.map((each) => [each, each]),
        { value, take },
      );
    } else if (typeof fields[name] === "number" && !choices.length && isOne(field)) {
      const bounds = fill(text.bounds, { low, high: high.toLocaleString("en") });
      this.number(field, `${help} ${bounds}`.trim(), { value, take });
    } else {
      const words = choices.length ? fill(text.or_words, { words: choices.join(", ") }) : "";
      this.text(name, [help, text.several, words].filter(Boolean).join(" "), {
        value: (now) => written(value(now)),
        take: (now, typed) => take(now, read(typed, field)),
      });
    }
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {Bound<string>} bound
   */
  text(label, help, bound) {
    const control = this.control("input", label, help, bound.value);
    const maxLength = this.editor.catalogue.longest_name;
    Object.assign(control, { maxLength, spellcheck: false, autocomplete: "off" });
    control.addEventListener("change", () => this.take(bound, control.value));
  }

  /**
   * @param {Field} field
   * @param {string} help
   * @param {Bound<number>} bound
   */
  number({ name, kind, low, high }, help, bound) {
    const control = this.control("input", name, help, bound.value);
    const step = kind === "int" ? "1" : "any";
    Object.assign(control, { type: "number", min: String(low), max: String(high), step });
    control.addEventListener("change", () => {
      if (Number.isFinite(control.valueAsNumber)) this.take(bound, control.valueAsNumber);
      else put(control, bound.value(this.editor.draft), true); // nothing, or no number
    });
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {Offered} options
   * @param {Bound<string>} bound
   */
  choice(label, help, options, bound) {
    const control = this.control("select", label, help, bound.value);
    offer(control, options);
    control.addEventListener("change", () => this.take(bound, control.value));
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {Bound<boolean>} bound
   */
  check(label, help, bound) {
    const control = this.control("input", label, help, bound.value, "check");
    control.type = "checkbox";
    control.addEventListener("change", () => this.take(bound, control.checked));
  }

  /**
   * A control under its label.
   * @template {"input" | "select"} Tag
   * @param {Tag} tag
   * @param {string} label
   * @param {string} help
   * @param {(draft: Draft) => Value} value
   * @param {string} [className]
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  control(tag, label, help, value, className = "") {
    const around = element(this.root, "label", `field ${className}`.trim());
    element(around, "span", "", label);
    const control = element(around, tag);
    if (help) control.ariaDescription = help;
    this.shown.push({ control, value });
    return control;
  }

  /**
   * @param {string} icon
   * @param {string} words
   * @param {(draft: Draft) => Draft} make
   */
  act(icon, words, make) {
    return iconButton(this.root, icon, words, "", () => this.editor.change(make));
  }

  /**
   * @template Set
   * @param {Bound<Set>} bound
   * @param {Set} set
   */
  take(bound, set) {
    this.editor.change((draft) => bound.take(draft, set));
  }

  /**
   * Say what the focused control sets.
   * @param {EventTarget | null} target
   */
  help(target) {
    this.hint.textContent = target instanceof Element ? target.ariaDescription : "";
  }
}

/** @param {Field} field */
function isOne({ kind }) {
  return kind === "int" || kind === "float";
}

/**
 * Show a value, unless another one is being typed.
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {Value} value
 * @param {boolean} [anyhow]
 */
function put(control, value, anyhow = false) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = Boolean(value);
    return;
  }
  const text = String(value);
  const typing = control.matches(":focus") && control.dataset.put !== control.value;
  if (typing && control.dataset.put === text && !anyhow) return;
  control.dataset.put = text;
  if (control.value !== text) control.value = text;
}
