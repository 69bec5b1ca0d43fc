// The form of one layer, made from what the catalogue says about its kind, or that of the input.
//
// What is typed counts once it is entered. Nothing is drawn anew under somebody's fingers: the
// controls stay as long as the same ones are wanted, and what is being typed is left alone.

/** @import {Draft, DraftLayer, Field, Value} from "./types.d.ts" */
/** @import {Editor} from "./editor.js" */

import { element } from "../element.js";
import { fill } from "../numbers.js";
import { INPUT, above, rename, rewire, setField, setSwitch } from "./draft.js";
import { iconButton } from "./icon.js";

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
    const layer = draft.layers.find((each) => each.key === key);
    const kind = layer && this.editor.kinds.get(layer.kind);
    const offered = layer ? this.offered(draft, layer) : [];
    const wanted = JSON.stringify([key, kind?.name, layer?.reads.length, offered]);
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
    const { longest_name: most } = this.editor.catalogue;
    this.text(text.network_name, text.network_name_help, most, {
      value: (draft) => draft.name,
      take: (draft, name) => ({ ...draft, name: name.trim() }),
    });
    this.text(text.shape, text.shape_help, most, {
      value: (draft) => draft.input_shape,
      take: (draft, shape) => ({ ...draft, input_shape: shape.trim().replaceAll("\u00d7", "x") }),
    });
  }

  /**
   * @param {DraftLayer} layer
   * @param {{key: number, name: string}[]} offered
   */
  layer({ key, kind, reads, switches }, offered) {
    const { catalogue, kinds } = this.editor;
    const { fields = [] } = kinds.get(kind) ?? {};
    this.text(this.editor.text.name, "", catalogue.longest_name, {
      value: (draft) => this.of(draft, key)?.name ?? "",
      take: (draft, name) => rename(draft, key, name.trim()),
    });
    this.reads(key, kind, reads, offered);
    for (const field of fields) this.field(key, field, this.editor.draft);
    for (const name of Object.keys(switches)) {
      this.check(name, "", {
        value: (draft) => this.of(draft, key)?.switches[name] ?? false,
        take: (draft, on) => setSwitch(draft, key, name, on),
      });
    }
  }

  /**
   * @param {Draft} draft
   * @param {number} key
   */
  of(draft, key) {
    return draft.layers.find((layer) => layer.key === key);
  }

  /**
   * What a layer may read, by name: the input, the layers above it, and what it reads already.
   * @param {Draft} draft
   * @param {DraftLayer} layer
   */
  offered(draft, layer) {
    const keys = [...new Set([...above(draft, layer.key), ...layer.reads])];
    return keys.map((key) => ({ key, name: this.editor.nameOf(key) }));
  }

  /**
   * A list for each layer that it reads, and, where their number is free, more or fewer of them.
   * @param {number} key
   * @param {string} kind
   * @param {readonly number[]} reads
   * @param {{key: number, name: string}[]} offered
   */
  reads(key, kind, reads, offered) {
    const { editor } = this;
    const { text } = editor;
    const [fewest, most] = editor.kinds.get(kind)?.inputs ?? [1, 1];
    const count = Math.max(fewest, reads.length);
    for (let place = 0; place < count; place += 1) {
      const label = most > 1 ? fill(text.reads_place, { place: place + 1 }) : text.reads;
      const options = offered.map(({ key: source, name }) => ({ value: String(source), name }));
      const all =
        place < reads.length ? options : [{ value: "", name: text.nothing_read }, ...options];
      this.choice(label, text.reads_help, all, {
        value: (draft) => String(this.of(draft, key)?.reads[place] ?? ""),
        take: (draft, source) => {
          const now = this.of(draft, key)?.reads ?? [];
          return rewire(draft, key, [
            ...now.slice(0, place),
            Number(source),
            ...now.slice(place + 1),
          ]);
        },
      });
      if (reads.length > fewest) {
        const words = fill(text.fewer_reads, { name: editor.nameOf(reads[place]) });
        this.act("close", "", words, (draft) => {
          const now = this.of(draft, key)?.reads ?? [];
          return rewire(
            draft,
            key,
            now.filter((_, each) => each !== place),
          );
        });
      }
    }
    if (reads.length < most && reads.length >= fewest) {
      this.act("add", text.more_reads, "", (draft) => {
        const now = this.of(draft, key)?.reads ?? [];
        return rewire(draft, key, [...now, above(draft, key).at(-1) ?? INPUT]);
      });
    }
  }

  /**
   * One setting: a switch, a list, a number within its bounds, or several as text.
   * @param {number} key
   * @param {Field} field
   * @param {Draft} draft
   */
  field(key, field, draft) {
    const { text } = this.editor;
    const { longest_name: most } = this.editor.catalogue;
    const { name, help, choices, low, high } = field;
    const value = (/** @type {Draft} */ now) => this.of(now, key)?.fields[name] ?? "";
    const take = (/** @type {Draft} */ now, /** @type {Value} */ set) =>
      setField(now, key, name, set);
    if (field.kind === "bool") {
      this.check(name, help, { value: (now) => Boolean(value(now)), take });
    } else if (field.kind === "choice") {
      this.choice(
        name,
        help,
        choices.map((each) => ({ value: each, name: each })),
        { value: (now) => String(value(now)), take },
      );
    } else if (typeof value(draft) === "number" && !choices.length && isOne(field)) {
      const bounds = fill(text.bounds, { low, high: high.toLocaleString("en") });
      this.number(field, `${help} ${bounds}`.trim(), { value: (now) => Number(value(now)), take });
    } else {
      const words = choices.length ? fill(text.or_words, { words: choices.join(", ") }) : "";
      const how = [help, text.several, words].filter(Boolean).join(" ");
      this.text(name, how, most, {
        value: (now) => written(value(now)),
        take: (now, typed) => take(now, read(typed, field)),
      });
    }
  }

  /**
   * @template Set
   * @typedef {object} Bound
   * @property {(draft: Draft) => Value} value
   * @property {(draft: Draft, set: Set) => Draft} take
   */

  /**
   * @param {string} label
   * @param {string} help
   * @param {number} most
   * @param {Bound<string>} bound
   */
  text(label, help, most, bound) {
    const control = this.control("input", label, help, bound.value);
    control.maxLength = most;
    control.spellcheck = false;
    control.autocomplete = "off";
    this.entered(control, () => this.take((draft) => bound.take(draft, control.value)));
  }

  /**
   * @param {Field} field
   * @param {string} help
   * @param {Bound<number>} bound
   */
  number(field, help, bound) {
    const control = this.control("input", field.name, help, bound.value);
    control.type = "number";
    control.min = String(field.low);
    control.max = String(field.high);
    control.step = field.kind === "int" ? "1" : "any";
    this.entered(control, () => {
      if (Number.isFinite(control.valueAsNumber)) {
        this.take((draft) => bound.take(draft, control.valueAsNumber));
      } else put(control, bound.value(this.editor.draft), true); // nothing, or no number
    });
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {{value: string, name: string}[]} options
   * @param {Bound<string>} bound
   */
  choice(label, help, options, bound) {
    const control = this.control("select", label, help, bound.value);
    for (const { value, name } of options) element(control, "option", "", name).value = value;
    this.entered(control, () => this.take((draft) => bound.take(draft, control.value)));
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {Bound<boolean>} bound
   */
  check(label, help, bound) {
    const control = this.control("input", label, help, bound.value, "check");
    control.type = "checkbox";
    this.entered(control, () => this.take((draft) => bound.take(draft, control.checked)));
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
    if (help) control.setAttribute("aria-description", help);
    this.shown.push({ control, value });
    return control;
  }

  /**
   * @param {string} icon
   * @param {string} words
   * @param {string} spoken where no words are shown
   * @param {(draft: Draft) => Draft} make
   */
  act(icon, words, spoken, make) {
    const made = iconButton(this.root, icon, words, () => this.take(make));
    made.classList.add("reading");
    if (spoken) {
      made.title = spoken;
      made.setAttribute("aria-label", spoken);
    }
  }

  /**
   * @param {HTMLElement} control
   * @param {() => void} take
   */
  entered(control, take) {
    control.addEventListener("change", take);
  }

  /** @param {(draft: Draft) => Draft} make */
  take(make) {
    this.editor.change(make);
  }

  /**
   * Say what the focused control sets.
   * @param {EventTarget | null} target
   */
  help(target) {
    this.hint.textContent =
      target instanceof Element ? target.getAttribute("aria-description") : "";
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
