// Made by python -m scripts.front bundle; change the modules it names.

// viz/front/page/escape.js
function leave({ key, target }) {
  if (key !== "Escape" || !(target instanceof HTMLElement)) return;
  if (target.matches("input, textarea") && target.closest("[role=dialog]")) target.blur();
}
document.addEventListener("keydown", leave, true);

// viz/front/page/skip.js
var LINK = "[data-testid=stSkipToContent]";
var STEP = ".st-key-lesson_step";
var ASKS = ["[class*=st-key-predict_]", "[data-testid=stButtonGroup]"];
function question() {
  const step2 = document.querySelector(STEP);
  const asked = ASKS.map((each) => step2?.querySelector(each)).find(Boolean) ?? step2;
  return asked instanceof HTMLElement && asked.checkVisibility() ? asked : null;
}
function skip(event) {
  const wanted = event.target instanceof Element && event.target.closest(LINK) ? question() : null;
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  wanted.tabIndex = -1;
  wanted.focus();
}
document.addEventListener("click", skip, true);

// viz/front/element.js
function element(parent, tag, className = "", text2 = "", more = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text2) made.textContent = text2;
  parent.append(Object.assign(made, more));
  return made;
}
function focused(part2) {
  const root = part2.getRootNode();
  return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
}
function button(parent, words, className, act) {
  const made = element(parent, "button", className, words, { type: "button" });
  made.addEventListener("click", act);
  return made;
}
function iconButton(parent, icon, words, className, act) {
  const made = button(parent, "", className, act);
  if (icon) element(made, "span", "icon", icon, { ariaHidden: "true" });
  element(made, "span", "words", words);
  return made;
}
function word({ lastElementChild: part2 }, words) {
  if (part2 && part2.textContent !== words) part2.textContent = words;
}
function name(part2, words) {
  part2.title = words;
  part2.ariaLabel = words;
}
function idle(button2, nothing) {
  button2.ariaDisabled = String(nothing);
}
function offer(list, options) {
  list.replaceChildren();
  for (const [value, text2] of options) element(list, "option", "", text2, { value });
}
function actionList(parent, className, name2, options, act) {
  const list = element(parent, "select", className, "", { ariaLabel: name2 });
  offer(list, [["", name2], ...options]);
  list.addEventListener("change", () => {
    const { value } = list;
    list.value = "";
    act(value);
  });
}
function scrolling(low, high, from, to, margin) {
  return low < from + margin ? low - from - margin : Math.max(high - to + margin, 0);
}

// viz/front/mounting.js
function mounting(className, make) {
  const mounted = /* @__PURE__ */ new WeakMap();
  function begin4(parent, data, words) {
    const root = element(parent, "div", className);
    const view = make(root, data, words);
    const leave2 = () => {
      view.remove?.();
      root.remove();
      mounted.delete(parent);
    };
    mounted.set(parent, { view, leave: leave2 });
    return { view, leave: leave2 };
  }
  return ({ data, parentElement, setTriggerValue, setStateValue }, words) => {
    if (!data) return void 0;
    const { view, leave: leave2 } = mounted.get(parentElement) ?? begin4(parentElement, data, words);
    view.update(data, setStateValue ?? setTriggerValue);
    return leave2;
  };
}

// viz/front/kept.js
var Kept = class {
  /** @param {Value} value */
  constructor(value) {
    this.value = value;
    this.waiting = [];
    this.last = 0;
    this.say = () => {
    };
  }
  /**
   * Take another value and say it. The time tells a value that is said again from the first time.
   * @param {Value} value
   */
  set(value) {
    this.value = value;
    this.last = Math.max(Date.now(), this.last + 1);
    this.waiting.push(this.last);
    this.say("said", { value, since: this.last });
  }
  /**
   * Hear what the page holds, and since when what it took from here was said. What is under way
   * goes before; once the page has taken all of it, the page goes before.
   * @param {Value} value
   * @param {number | null} heard
   * @returns {boolean} whether another value was taken over
   */
  hear(value, heard) {
    this.waiting = this.waiting.filter((since) => since > (heard ?? 0));
    if (this.waiting.length || JSON.stringify(value) === JSON.stringify(this.value)) return false;
    this.value = value;
    return true;
  }
};

// viz/front/numbers.js
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole2, name2) => String(values[name2] ?? whole2));
}
function typographic(text2) {
  return text2.replaceAll("-", "−");
}
function oddNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : null;
}
function shortNumber(value, digits, theme) {
  return typographic(plainNumber(value, digits, theme));
}
function plainNumber(value, digits, theme) {
  const odd = oddNumber(value);
  if (odd || value === 0) return odd ?? "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
  const size = Math.abs(value);
  if (size < theme.smallest_plain || size >= theme.largest_plain) return `${mantissa}e${exponent}`;
  return String(Number(exponent >= digits ? value.toFixed(0) : value.toPrecision(digits)));
}
function exactNumber(value, values) {
  const odd = oddNumber(value);
  if (odd) return odd;
  for (let digits = 1; values instanceof Float32Array && digits < 9; digits += 1) {
    const text2 = Number(value.toPrecision(digits));
    if (Math.fround(text2) === value) return String(text2);
  }
  return String(values instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}
function fullIndex({ shape: shape2, start }, k) {
  const index = [];
  let rest = start + k;
  for (let axis = shape2.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % shape2[axis];
    rest = Math.floor(rest / shape2[axis]);
  }
  return index;
}

// viz/front/language/language.js
var PART = /(^|&)lang=[^&]*/;
function chosen() {
  return document.documentElement.dataset.language ?? "";
}
function spoken() {
  return chosen() || navigator.language;
}
function inLanguage(query, language = chosen()) {
  if (new URLSearchParams(query).get("lang") === (language || null)) return query;
  const without2 = query.replace(PART, "").replace(/^&/, "");
  return language ? [without2, `lang=${language}`].filter(Boolean).join("&") : without2;
}

// viz/front/room/room.js
var NAME = "present";
var UNFOLDED = "unfolded";
var PART2 = /(^|&)present=[^&]*/;
var CHANGED = "backlight:room";
var classes = () => document.documentElement.classList;
function inRoom() {
  return classes().contains(NAME);
}
function isUnfolded() {
  return classes().contains(UNFOLDED);
}
function unfold(on) {
  if (on === isUnfolded()) return;
  classes().toggle(UNFOLDED, on);
}
function show(on) {
  classes().toggle(NAME, on);
  classes().remove(UNFOLDED);
  keepAddress();
  document.dispatchEvent(new Event(CHANGED));
}
function forRoom(query) {
  if (inRoom() === /(^|&)present=1(&|$)/.test(query)) return query;
  const without2 = query.replace(PART2, "").replace(/^&/, "");
  return inRoom() ? [without2, `${NAME}=1`].filter(Boolean).join("&") : without2;
}
function keepAddress() {
  const { pathname, search, hash } = window.location;
  const query = inLanguage(forRoom(search.slice(1)));
  if (query === search.slice(1)) return;
  const address = `${pathname}${query ? `?${query}` : ""}${hash}`;
  window.history.replaceState(window.history.state, "", address);
}

// viz/front/actions/list.js
function appended(keys, key, most) {
  return keys.length < most ? [...keys, key] : null;
}
function without(keys, at) {
  return keys.filter((_, place) => place !== at);
}
function placeAfter(at, left2) {
  return Math.min(at, left2 - 1);
}

// viz/front/actions/actions.js
var ActionsView = class {
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
    this.back = iconButton(
      acts,
      "undo",
      words.undo,
      "act",
      () => this.takeOut(this.kept.value.length - 1)
    );
    this.clear = iconButton(
      acts,
      "delete",
      words.clear,
      "act",
      () => this.change([], words.cleared)
    );
    this.said = element(root, "p", "said", "", { ariaLive: "polite" });
    this.over = new AbortController();
    const follow2 = () => root.classList.toggle("in-room", inRoom());
    document.addEventListener(CHANGED, follow2, { signal: this.over.signal });
    follow2();
  }
  remove() {
    this.over.abort();
  }
  /**
   * @param {ActionsData} data
   * @param {Send} say
   */
  update(data, say2) {
    this.data = data;
    this.kept.say = say2;
    this.kept.hear(data.value, data.heard);
    const built = JSON.stringify(data.offered);
    if (built !== this.built) this.build();
    this.built = built;
    this.show();
  }
  build() {
    this.listed = null;
    this.offer.replaceChildren();
    this.adders = this.data.offered.map(
      ([key, label2]) => iconButton(this.offer, "add", label2, "act add", () => this.add(key))
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
  change(keys, said2) {
    this.kept.set(keys);
    this.said.textContent = said2;
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
};

// viz/front/actions/mount.js
var mount_default = mounting(
  "actions",
  (root, data, words) => new ActionsView(root, data, words.actions)
);

// viz/front/guess/answers.js
var BETWEEN_PASTED = /[\s;]+/;
function pastedNumbers(text2) {
  return text2.replace(/[[\]]|,(?=\s)/g, " ").trim().split(BETWEEN_PASTED);
}
function nextEmpty(texts, at) {
  const step2 = texts.findIndex((_, ahead) => !texts[(at + ahead) % texts.length].trim());
  return step2 < 0 ? null : (at + step2) % texts.length;
}
function shade(text2, palette) {
  const most = Math.max(...palette.map((each) => Math.abs(Number(each))));
  const part2 = text2.trim() && most ? Number(text2) / most : 0;
  const shown = Number.isFinite(part2) ? Math.max(-1, Math.min(1, part2)) : 0;
  return { sign: Math.sign(shown), percent: Math.round(100 * Math.abs(shown) ** 0.7) };
}
function stepOf(key, { at, columns, from, to, length }) {
  const all = from === 0 && to === length;
  const steps = /* @__PURE__ */ new Map([
    ["ArrowUp", -columns],
    ["ArrowDown", columns],
    ["ArrowLeft", (all || to === 0) && at % columns ? -1 : 0],
    ["ArrowRight", (all || from === length) && (at + 1) % columns ? 1 : 0]
  ]);
  return steps.get(key) ?? 0;
}

// viz/front/guess/palette.js
function tint(part2, text2, palette) {
  const { sign, percent } = shade(text2, palette);
  part2.style.setProperty("--part", `${percent}%`);
  part2.dataset.sign = String(sign);
}
var Palette = class {
  /**
   * @param {HTMLElement} parent
   * @param {(brush: Brush) => void} onTake
   */
  constructor(parent, onTake) {
    this.onTake = onTake;
    this.brush = null;
    this.swatches = [];
    this.root = element(parent, "div", "palette", "", { role: "toolbar" });
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }
  /**
   * Offer these numbers, and an eraser where there is a word for one.
   * @param {string[]} palette
   * @param {Words} words
   */
  offer(palette, words) {
    this.root.replaceChildren();
    this.root.hidden = !palette.length;
    this.root.ariaLabel = words.palette;
    const brushes = palette.length && words.erase ? [...palette, ""] : palette;
    this.swatches = brushes.map((value, at) => {
      const act = () => this.take(this.brush === value ? null : value);
      const made = button(this.root, value || words.erase, "swatch", act);
      made.dataset.value = value;
      made.tabIndex = at ? -1 : 0;
      tint(made, value, palette);
      return made;
    });
    this.take(null);
  }
  /**
   * Choose a number to paint with.
   * @param {Brush} brush
   */
  take(brush) {
    this.brush = brush;
    for (const swatch of this.swatches) {
      swatch.ariaPressed = String(swatch.dataset.value === brush);
    }
    this.onTake(brush);
  }
  /** @param {KeyboardEvent} event */
  walk(event) {
    const forth = ["ArrowRight", "ArrowDown"].includes(event.key);
    const back = ["ArrowLeft", "ArrowUp"].includes(event.key);
    if (event.key === "Escape") this.take(null);
    if (!forth && !back) return;
    event.preventDefault();
    const { length } = this.swatches;
    const from = this.swatches.findIndex((swatch) => swatch === focused(this.root));
    const at = (from + (forth ? 1 : -1) + length) % length;
    this.swatches.forEach((swatch, place) => swatch.tabIndex = place === at ? 0 : -1);
    this.swatches[at].focus();
  }
};

// viz/front/guess/grid.js
var MOST_ROOMY = 5;
var Grid = class {
  /** @type {Cell[]} */
  cells = [];
  columns = 1;
  longest = 0;
  painting = false;
  /**
   * @param {HTMLElement} parent
   * @param {Watching} watching
   */
  constructor(parent, watching) {
    this.watching = watching;
    this.root = element(parent, "div", "cell-grid");
    this.table = element(this.root, "table");
    this.palette = new Palette(this.root, (brush) => this.onTake(brush));
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => watching.written(this.placeOf(event.target)));
    this.listenForStrokes();
  }
  /**
   * Make empty cells in the place of those that there were.
   * @param {Layout} layout
   * @param {Words} words
   */
  build({ rows, columns, heads = [], longest: longest2 }, words) {
    this.columns = columns;
    this.longest = longest2;
    this.root.classList.toggle("wide", columns > MOST_ROOMY);
    this.table.replaceChildren();
    this.cells = [];
    if (heads.length) {
      const line2 = element(element(this.table, "thead"), "tr");
      for (const head3 of heads) element(line2, "th", "", head3, { scope: "col" });
    }
    const body = element(this.table, "tbody");
    for (let row = 1; row <= rows; row += 1) {
      const line2 = body.insertRow();
      for (let column = 1; column <= columns; column += 1) {
        const part2 = line2.insertCell();
        const input = element(part2, "input", "", "", { maxLength: longest2 });
        const place = fill(words.cell, { row, column });
        const head3 = heads[column - 1];
        input.dataset.label = head3 ? `${head3}, ${place}` : place;
        this.cells.push({ part: part2, input });
      }
    }
  }
  listenForStrokes() {
    const { table } = this;
    table.addEventListener("pointerdown", (event) => {
      if (this.palette.brush === null || event.button !== 0) return;
      this.painting = true;
      table.setPointerCapture(event.pointerId);
      this.cells[this.placeOf(event.target)]?.input.focus();
      this.stroke(event);
    });
    table.addEventListener("mousedown", (event) => {
      if (this.palette.brush !== null) event.preventDefault();
    });
    table.addEventListener("pointermove", (event) => this.painting && this.stroke(event));
    table.addEventListener("lostpointercapture", () => {
      this.painting = false;
      this.watching.done();
    });
  }
  /**
   * Number of the cell in which this stands; -1 outside of one.
   * @param {EventTarget | null} target
   */
  placeOf(target) {
    return this.cells.findIndex(({ part: part2 }) => target instanceof Node && part2.contains(target));
  }
  /**
   * Write the brush into every cell under the way of the pointer since the last event.
   * @param {PointerEvent} event
   */
  stroke(event) {
    const root = (
      /** @type {ShadowRoot | Document} */
      this.root.getRootNode()
    );
    const way = event.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of way.length ? way : [event]) {
      const at = this.placeOf(root.elementFromPoint(clientX, clientY));
      if (at >= 0 && this.palette.brush !== null) this.put(at, this.palette.brush);
    }
  }
  /**
   * @param {number} at
   * @param {string} text
   */
  put(at, text2) {
    this.cells[at].input.value = text2;
    this.watching.written(at);
  }
  /** @param {Brush} brush */
  onTake(brush) {
    this.table.classList.toggle("painted", brush !== null);
    for (const { input } of this.cells) input.readOnly = brush !== null;
  }
  /**
   * @param {number} at
   * @returns {boolean} whether there is such a cell
   */
  focus(at) {
    const input = this.cells[at]?.input;
    input?.focus();
    input?.select();
    return Boolean(input);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.placeOf(event.target);
    if (at < 0) return;
    if (this.palette.brush !== null && this.brushKey(event, at)) return;
    if (event.key === "Enter") this.watching.enter(event, at);
    else if (this.step(event.key, at)) event.preventDefault();
  }
  /**
   * @param {string} key
   * @param {number} at
   */
  step(key, at) {
    const { columns } = this;
    const { selectionStart, selectionEnd, value } = this.cells[at].input;
    const selected = { from: selectionStart ?? 0, to: selectionEnd ?? 0, length: value.length };
    const step2 = stepOf(key, { at, columns, ...selected });
    return step2 !== 0 && this.focus(at + step2);
  }
  /**
   * Space paints; whoever types, types.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  brushKey(event, at) {
    if (event.key === " ") {
      event.preventDefault();
      this.put(at, this.palette.brush ?? "");
      this.watching.done();
      return true;
    }
    const typed2 = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (typed2 || ["Escape", "Backspace", "Delete"].includes(event.key)) this.palette.take(null);
    return false;
  }
  /**
   * Several numbers fill the cells from here on.
   * @param {ClipboardEvent} event
   */
  paste(event) {
    const numbers2 = pastedNumbers(event.clipboardData?.getData("text") ?? "");
    if (numbers2.length < 2) return;
    event.preventDefault();
    const at = this.placeOf(event.target);
    numbers2.slice(0, this.cells.length - at).forEach((number2, step2) => {
      this.put(at + step2, number2.slice(0, this.longest));
    });
    this.watching.done();
  }
};

// viz/front/cells/reading.js
var NUMBER = /^[+-]?(\d+\.?(\d*)|\.(\d+))$/;
function readCell(text2, { least, most, decimals }) {
  const plain2 = text2.normalize("NFKC").trim().replace(",", ".").replace("−", "-");
  const [, , after = "", alone = ""] = NUMBER.exec(plain2) ?? [];
  const value = Number(plain2) + 0;
  const fits = NUMBER.test(plain2) && (after || alone).length <= decimals;
  return fits && least <= value && value <= most ? value : null;
}
function writtenCell(value, decimals) {
  return String(Number(value.toFixed(decimals)) + 0);
}
function readCells(texts, before, limits) {
  const read3 = texts.map(
    (text2, at) => text2 === writtenCell(before[at], limits.decimals) ? before[at] : readCell(text2, limits)
  );
  const numbers2 = read3.map((value, at) => value ?? before[at]);
  return { numbers: numbers2, wrong: [...read3.keys()].filter((at) => read3[at] === null) };
}

// viz/front/cells/cells.js
var CellsView = class {
  built = "";
  /** @type {number[][]} what stood there before each change */
  history = [];
  /** @type {number[]} the cells whose text was found to be no number for them */
  wrong = [];
  /**
   * @param {HTMLElement} root
   * @param {CellsData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    root.role = "group";
    this.title = element(root, "p", "title", "", { tabIndex: -1 });
    this.grid = new Grid(root, this);
    const acts = element(root, "div", "acts");
    this.back = iconButton(acts, "undo", words.undo, "act", () => this.undo());
    this.anew = iconButton(
      acts,
      "restart_alt",
      words.standard,
      "act",
      () => this.put(this.data.standard)
    );
    this.problem = element(root, "p", "problem", "", { role: "status" });
    this.hint = element(root, "p", "hint", words.hint);
    this.grid.table.addEventListener("focusout", () => this.grid.painting || this.done());
  }
  /**
   * @param {CellsData} data
   * @param {Send} say
   */
  update(data, say2) {
    const { value: before } = this.kept;
    this.data = data;
    this.kept.say = say2;
    const other = this.kept.hear(data.value, data.heard);
    const { title, rows, columns, palette } = data;
    this.root.ariaLabel = title;
    this.title.textContent = title;
    this.root.style.setProperty("--columns", String(columns));
    this.hint.hidden = !palette.length;
    const built = JSON.stringify([rows, columns, palette]);
    if (built !== this.built) this.build();
    else if (other) this.follow(before);
    this.built = built;
    this.show();
  }
  build() {
    this.history = [];
    this.grid.build(this.data, this.words);
    this.grid.palette.offer(this.palette(), this.words);
    this.write();
  }
  palette() {
    return this.data.palette.map((each) => this.text(each));
  }
  /** @param {number} value */
  text(value) {
    return writtenCell(value, this.data.decimals);
  }
  /**
   * The page has other numbers: they stand there, and what is typed into the other cells stays.
   * @param {number[]} before
   */
  follow(before) {
    this.history = [];
    this.write((at) => this.kept.value[at] !== before[at]);
  }
  /**
   * Write the numbers that are held into their cells.
   * @param {(at: number) => boolean} [into] which cells
   */
  write(into = () => true) {
    this.grid.cells.forEach(({ input }, at) => {
      if (into(at)) input.value = this.text(this.kept.value[at]);
    });
    this.wrong = this.wrong.filter((at) => !into(at));
  }
  /**
   * Take what stands in the cells, and say it where that is something else. A text that is no number
   * stays where it is.
   */
  done() {
    const texts = this.grid.cells.map(({ input }) => input.value);
    const { numbers: numbers2, wrong: wrong2 } = readCells(texts, this.kept.value, this.data);
    this.take(numbers2);
    this.wrong = wrong2;
    this.write((at) => !wrong2.includes(at));
    this.show();
  }
  /** @param {number[]} numbers */
  take(numbers2) {
    const { value: before } = this.kept;
    if (numbers2.every((number2, at) => number2 === before[at])) return;
    this.history.push(before);
    this.kept.set(numbers2);
  }
  /**
   * Put other numbers into all cells.
   * @param {number[]} numbers
   */
  put(numbers2) {
    this.take(numbers2);
    this.write();
    this.show();
  }
  /** Give up what is no number, or else the last change. */
  undo() {
    const before = this.wrong.length ? void 0 : this.history.pop();
    if (before) this.kept.set(before);
    this.write();
    this.show();
  }
  /**
   * A number that becomes one while it is typed is no longer called wrong.
   * @param {number} at
   */
  written(at) {
    const { value } = this.grid.cells[at].input;
    if (readCell(value, this.data) !== null) this.wrong = this.wrong.filter((each) => each !== at);
    this.show();
  }
  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    event.preventDefault();
    this.done();
    if (!this.wrong.includes(at)) this.grid.focus((at + 1) % this.grid.cells.length);
  }
  /** @param {number} at */
  mark(at) {
    const { input } = this.grid.cells[at];
    const wrong2 = this.wrong.includes(at);
    tint(input, input.value, this.scale());
    input.ariaInvalid = String(wrong2);
    input.ariaLabel = [this.data.title, input.dataset.label].join(", ");
  }
  /** The numbers of which the largest has the full colour. */
  scale() {
    const { palette, standard } = this.data;
    return (palette.length ? palette : standard).map(String);
  }
  /** Whether a cell has another text than the number in it that is held. */
  pending() {
    const { value } = this.kept;
    return this.grid.cells.some(({ input }, at) => input.value !== this.text(value[at]));
  }
  /**
   * Show what is wrong and what there is to do: while one types already, so that no button moves
   * away from under the pointer when the cell is left.
   */
  show() {
    const { kept, data, history } = this;
    const pending = this.pending();
    this.grid.cells.forEach((_, at) => this.mark(at));
    const problem = this.complaint();
    if (problem !== this.problem.textContent) this.problem.textContent = problem;
    const held = [this.back, this.anew].find((each) => focused(each) === each);
    this.back.hidden = !pending && !history.length;
    this.anew.hidden = !pending && kept.value.every((each, at) => each === data.standard[at]);
    if (held?.hidden) ([this.back, this.anew].find((each) => !each.hidden) ?? this.title).focus();
  }
  /** What must hold of the first cell that is wrong; empty where none is. */
  complaint() {
    const [at] = this.wrong;
    if (at === void 0) return "";
    const { least, most, decimals } = this.data;
    const [low, high, value] = [least, most, this.kept.value[at]].map(
      (number2) => typographic(this.text(number2))
    );
    const cell = this.grid.cells[at].input.dataset.label ?? "";
    return fill(this.words.wrong, { cell, least: low, most: high, decimals, value });
  }
};

// viz/front/cells/mount.js
var mount_default2 = mounting(
  "cells",
  (root, data, words) => new CellsView(root, data, words.cells)
);

// viz/front/glossary/term.js
var GAP = 6;
var EDGE = 8;
var count = 0;
function explain(word2, sentence, home) {
  const bubble = element(home, "span", "explanation", sentence, { role: "tooltip" });
  bubble.popover = "auto";
  bubble.id = `explanation-${count += 1}`;
  word2.setAttribute("aria-describedby", bubble.id);
  const show2 = () => open(word2, bubble);
  const hide = () => bubble.matches(":popover-open") && bubble.hidePopover();
  word2.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && show2());
  word2.addEventListener("pointerleave", hide);
  word2.addEventListener("focus", show2);
  word2.addEventListener("blur", hide);
  word2.addEventListener("click", (event) => {
    event.preventDefault();
    show2();
  });
  word2.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bubble.matches(":popover-open")) return;
    event.stopPropagation();
    hide();
  });
}
function open(word2, bubble) {
  if (!word2.isConnected || bubble.matches(":popover-open")) return;
  bubble.showPopover();
  const { left: left2, top: top2 } = placed(word2.getBoundingClientRect(), bubble.getBoundingClientRect(), {
    width: document.documentElement.clientWidth,
    height: document.documentElement.clientHeight
  });
  bubble.style.left = `${left2}px`;
  bubble.style.top = `${top2}px`;
  const leave2 = () => bubble.matches(":popover-open") && bubble.hidePopover();
  document.addEventListener("scroll", leave2, { capture: true, once: true });
}
function placed(word2, bubble, page2) {
  const below2 = word2.bottom + GAP;
  const fits = below2 + bubble.height + EDGE <= page2.height;
  const most = page2.width - bubble.width - EDGE;
  return {
    left: Math.max(Math.min(word2.left, most), EDGE),
    top: fits ? below2 : Math.max(word2.top - GAP - bubble.height, EDGE)
  };
}

// viz/front/glossary/mount.js
var LINKS = 'a[href*="#term-"]';
var Terms = class {
  /** @param {Words} glossary */
  constructor(glossary) {
    this.glossary = glossary;
    this.known = /* @__PURE__ */ new WeakSet();
    this.home = document.createElement("div");
    (document.querySelector(".stMain") ?? document.body).append(this.home);
    this.watch = new MutationObserver(() => this.update());
    this.watch.observe(document.body, { childList: true, subtree: true });
  }
  update() {
    for (
      const link of
      /** @type {NodeListOf<HTMLAnchorElement>} */
      document.querySelectorAll(LINKS)
    ) {
      const sentence = this.glossary[link.href.split("#term-")[1]];
      if (this.known.has(link) || !sentence) continue;
      this.known.add(link);
      explain(link, sentence, this.home);
    }
  }
  remove() {
    this.watch.disconnect();
    this.home.remove();
  }
};
var mount_default3 = mounting("terms", (_root, _data, words) => new Terms(words.glossary));

// viz/front/colours.js
function setColours(root, { accent, accent_ink, non_finite }) {
  const colours = { accent, "accent-ink": accent_ink, "non-finite": non_finite };
  for (const [name2, colour] of Object.entries(colours)) {
    if (colour) root.style.setProperty(`--${name2}`, colour);
  }
}
function isDark(colour) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!dot) return false;
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
  return red + green + blue < 384;
}

// viz/front/graph/boxes.js
var PREFIX = "node-";
function idOf(part2) {
  const box = part2 instanceof Element ? part2.closest("g.node") : null;
  return box?.id.slice(PREFIX.length) ?? "";
}
function partsOf(svg) {
  const boxes = svg.querySelectorAll("g.node");
  return new Map([...boxes].map((box) => [idOf(box), box]));
}
function placeOf(box) {
  const written4 = box.querySelector("polygon")?.getAttribute("points") ?? "0,0";
  const points = written4.trim().split(/\s+/);
  const [xs, ys] = [0, 1].map((axis) => points.map((point2) => Number(point2.split(",")[axis])));
  const [left2, right, top2, bottom] = [...ends(xs), ...ends(ys)];
  return { x: (left2 + right) / 2, y: (top2 + bottom) / 2, left: left2, right, top: top2, bottom };
}
function ends(values) {
  return [Math.min(...values), Math.max(...values)];
}
function linesOf(svg) {
  return [...svg.querySelectorAll("g.edge:not(.back) > title")].map((title) => {
    const [upper, lower] = endsOf(title);
    return [upper, lower];
  });
}
function endsOf(title) {
  return title.textContent.split("->");
}

// viz/front/keys.js
function isCommand({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}
var FIELDS = "input, textarea, select, [contenteditable], [role=slider], [role=combobox]";
var PRESSED = "[type=button], [type=checkbox], [type=radio]";
var ARROWS_ONLY = "[data-takes=arrows]";
var NOT_TYPED = `${PRESSED}, ${ARROWS_ONLY}`;
var PAGE = "body, main, .stMain";
function isTyping(event) {
  const [part2] = event.composedPath();
  return part2 instanceof Element && part2.matches(FIELDS) && !part2.matches(NOT_TYPED);
}
function turnsFromField(event) {
  const [part2] = event.composedPath();
  const turns2 = event.key === "PageUp" || event.key === "PageDown";
  return turns2 && part2 instanceof Element && part2.matches("input, [role=slider]");
}
function nothingFocused() {
  return document.activeElement?.matches(PAGE) ?? true;
}
function wayOf(event) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : null;
}

// viz/front/save.js
var SCALE = 2;
var SIDE = 16e3;
var AREA = 64e6;
function pictureScale(width, height) {
  return Math.min(SCALE, SIDE / Math.max(width, height), Math.sqrt(AREA / (width * height)));
}
function saveFile(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1e3);
}

// viz/front/svg.js
function parseSvg(text2) {
  const svg = new DOMParser().parseFromString(text2, "image/svg+xml").documentElement;
  if (!(svg instanceof SVGSVGElement)) throw new Error("The drawing is not SVG.");
  for (const bad of svg.querySelectorAll("script, foreignObject, image, style, a, use")) {
    bad.remove();
  }
  for (const part2 of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name: name2 } of [...part2.attributes]) {
      if (/^on|href$|^style$/i.test(name2)) part2.removeAttribute(name2);
    }
  }
  return svg;
}
function svgFile(svg) {
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", "white");
  svg.prepend(paper);
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}
async function saveSvgAsPng(svg, file) {
  const { width, height } = svg.viewBox.baseVal;
  const scale2 = pictureScale(width, height);
  svg.setAttribute("width", String(width * scale2));
  svg.setAttribute("height", String(height * scale2));
  const image = new Image();
  image.src = URL.createObjectURL(svgFile(svg));
  await image.decode();
  const canvas = new OffscreenCanvas(Math.ceil(width * scale2), Math.ceil(height * scale2));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), file);
}

// viz/front/graph/camera.js
var FONT_SIZE = 10;
var READABLE = 11;
var IN_ROOM = 18;
var LEGIBLE = 9;
var PHONE = "(max-width: 640px)";
var LARGEST_FIT = 1.6;
var LARGEST_SCALE = 6;
var ZOOM_STEP = 1.25;
var WHEEL_SPEED = 15e-4;
var PINCH_SPEED = 0.01;
var LINE = 20;
var DRAG_START = 4;
var MARGIN = 24;
var Camera = class {
  /** @param {HTMLElement} frame */
  constructor(frame2) {
    this.frame = frame2;
    this.svg = null;
    this.size = { width: 1, height: 1 };
    this.start = { x: 0, y: 0 };
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.pointers = /* @__PURE__ */ new Map();
    this.moved = false;
    this.least = NaN;
    this.dragged = false;
    frame2.addEventListener("pointerdown", (event) => this.press(event));
    frame2.addEventListener("pointermove", (event) => this.move(event));
    frame2.addEventListener("pointerup", (event) => this.release(event));
    frame2.addEventListener("pointercancel", (event) => this.release(event));
    frame2.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.observer = new ResizeObserver(() => this.moved || this.first());
    this.observer.observe(frame2);
  }
  remove() {
    this.observer.disconnect();
  }
  /**
   * Show another drawing.
   * @param {SVGSVGElement} svg
   * @param {Point} start the middle of a first view of a large one
   */
  show(svg, start) {
    const { width, height } = svg.viewBox.baseVal;
    [this.svg, this.size, this.start, this.moved] = [svg, { width, height }, start, false];
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    this.frame.replaceChildren(svg);
    this.first();
  }
  get fitScale() {
    const { clientWidth, clientHeight } = this.frame;
    return Math.min(clientWidth / this.size.width, clientHeight / this.size.height, LARGEST_FIT);
  }
  /** Fit when that can be read, else show what is around the start in a readable size. */
  first() {
    const { clientWidth, clientHeight } = this.frame;
    if (!this.svg || !clientWidth) return;
    const readable = this.least || (inRoom() ? IN_ROOM : READABLE);
    if (this.fitScale * FONT_SIZE >= readable) return this.place(this.fitScale);
    const scale2 = readable / FONT_SIZE;
    const { width, height } = this.size;
    const left2 = clientWidth / 2 - this.start.x * scale2;
    const top2 = clientHeight / 2 - this.start.y * scale2;
    const x = within(left2, clientWidth - width * scale2);
    this.place(scale2, x, within(top2, clientHeight - height * scale2));
  }
  fit() {
    this.moved = false;
    this.place(Math.max(this.fitScale, this.legible));
  }
  /** The smallest scale on a phone; 0 anywhere else. */
  get legible() {
    return matchMedia(PHONE).matches ? LEGIBLE / FONT_SIZE : 0;
  }
  /**
   * Set scale and corner; without a corner the drawing is centred.
   * @param {number} scale
   * @param {number} [x]
   * @param {number} [y]
   */
  place(scale2, x, y) {
    if (!this.svg) return;
    const { clientWidth, clientHeight } = this.frame;
    this.scale = scale2;
    this.x = x ?? (clientWidth - this.size.width * scale2) / 2;
    this.y = y ?? (clientHeight - this.size.height * scale2) / 2;
    this.svg.style.transform = `translate(${this.x}px, ${this.y}px) scale(${scale2})`;
  }
  zoomIn() {
    this.zoom(ZOOM_STEP);
  }
  zoomOut() {
    this.zoom(1 / ZOOM_STEP);
  }
  /**
   * Zoom so that the point under (x, y) stays there; false at the end of the range.
   * @param {number} factor
   */
  zoom(factor, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const smallest = this.legible || Math.min(this.fitScale, 1) / 2;
    const scale2 = Math.min(Math.max(this.scale * factor, smallest), LARGEST_SCALE);
    if (scale2 === this.scale) return false;
    const ratio = scale2 / this.scale;
    this.moved = true;
    this.place(scale2, x - (x - this.x) * ratio, y - (y - this.y) * ratio);
    return true;
  }
  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.moved = true;
    this.place(this.scale, this.x + dx, this.y + dy);
  }
  /**
   * Pan as little as needed to see a part of the drawing, or until it is in the middle.
   * @param {Element} part
   * @param {boolean} [central]
   */
  reveal(part2, central = false) {
    const frame2 = this.frame.getBoundingClientRect();
    const box = part2.getBoundingClientRect();
    if (!frame2.width) return;
    if (central) {
      const [dx2, dy] = [middle(frame2.left, frame2.right), middle(frame2.top, frame2.bottom)];
      this.pan(dx2 - middle(box.left, box.right), dy - middle(box.top, box.bottom));
      return;
    }
    const beside2 = box.left < frame2.left || box.right > frame2.right;
    if (!beside2 && box.top >= frame2.top && box.bottom <= frame2.bottom) return;
    const dx = scrolling(box.left, box.right, frame2.left, frame2.right, MARGIN);
    this.pan(-dx, -scrolling(box.top, box.bottom, frame2.top, frame2.bottom, MARGIN));
  }
  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  local(event) {
    const frame2 = this.frame.getBoundingClientRect();
    return { x: event.clientX - frame2.left, y: event.clientY - frame2.top };
  }
  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, { ...this.local(event), travel: 0 });
  }
  /** @param {PointerEvent} event */
  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.local(event);
    const travel = before.travel + distance(before, now);
    if (!this.dragged && travel < DRAG_START) return;
    if (!this.dragged) this.drag(event.pointerId);
    this.pointers.set(event.pointerId, { ...now, travel });
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    const share2 = other ? 0.5 : 1;
    this.pan((now.x - before.x) * share2, (now.y - before.y) * share2);
    if (!other) return;
    const factor = (distance(now, other) || 1) / (distance(before, other) || 1);
    this.zoom(factor, (now.x + other.x) / 2, (now.y + other.y) / 2);
  }
  /** @param {number} pointer */
  drag(pointer) {
    this.dragged = true;
    this.frame.setPointerCapture(pointer);
    this.frame.classList.add("dragging");
  }
  /** @param {PointerEvent} event */
  release(event) {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.frame.classList.remove("dragging");
  }
  /** @param {WheelEvent} event */
  wheel(event) {
    if (!this.svg) return;
    const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
    const pixels = event.deltaY * (lines ? LINE : 1);
    const { x, y } = this.local(event);
    if (this.zoom(Math.exp(-pixels * speed), x, y)) event.preventDefault();
  }
};
function middle(from, to) {
  return (from + to) / 2;
}
function within(wanted, room) {
  return room > 0 ? room / 2 : Math.min(Math.max(wanted, room), 0);
}
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

// viz/front/graph/walk.js
var LEVEL = 5;
var Walk = class {
  /**
   * @param {Map<string, Place>} places
   * @param {[string, string][]} lines each from the upper box to the lower
   */
  constructor(places2, lines) {
    this.places = places2;
    this.above = new Map([...places2.keys()].map((id) => [id, []]));
    this.below = new Map([...places2.keys()].map((id) => [id, []]));
    for (const [upper, lower] of lines) {
      if (!places2.has(upper) || !places2.has(lower)) continue;
      this.above.get(lower)?.push(upper);
      this.below.get(upper)?.push(lower);
    }
    this.heights = longest(this.above);
    this.depths = longest(this.below);
  }
  /**
   * The box one step away, if any; Up and Down follow the longest path, so the main road.
   * @param {string} id
   * @param {string} key
   * @returns {string | undefined}
   */
  step(id, key) {
    if (key === "ArrowUp") return this.farthest(id, this.above, this.heights);
    if (key === "ArrowDown") return this.farthest(id, this.below, this.depths);
    const side = key === "ArrowLeft" ? -1 : 1;
    const from = this.placeOf(id);
    const ahead = (place) => (place.x - from.x) * side;
    const [beside2] = [...this.places].filter(([, place]) => Math.abs(place.y - from.y) < LEVEL && ahead(place) > 0).sort(([, one], [, other]) => ahead(one) - ahead(other));
    return beside2?.[0];
  }
  /**
   * Of the boxes one line away the one from which the way is longest; of equal ones the nearest.
   * @param {string} id
   * @param {Ways} ways
   * @param {Map<string, number>} lengths
   * @returns {string | undefined}
   */
  farthest(id, ways, lengths) {
    const { x } = this.placeOf(id);
    const length = (other) => lengths.get(other) ?? 0;
    const away = (other) => Math.abs(this.placeOf(other).x - x);
    return (ways.get(id) ?? []).toSorted(
      (one, other) => length(other) - length(one) || away(one) - away(other)
    )[0];
  }
  /**
   * @param {string} id
   * @returns {Place}
   */
  placeOf(id) {
    return this.places.get(id) ?? { x: 0, y: 0 };
  }
};
function longest(ways) {
  const lengths = /* @__PURE__ */ new Map();
  for (const start of ways.keys()) {
    if (lengths.has(start)) continue;
    const stack = [start];
    const waiting = new Set(stack);
    for (let id = stack.at(-1); id !== void 0; id = stack.at(-1)) {
      const next = ways.get(id) ?? [];
      const open2 = next.find((other) => !lengths.has(other) && !waiting.has(other));
      if (open2 !== void 0) {
        stack.push(open2);
        waiting.add(open2);
      } else {
        lengths.set(id, 1 + Math.max(0, ...next.map((other) => lengths.get(other) ?? 0)));
        stack.pop();
      }
    }
  }
  return lengths;
}

// viz/front/graph/drawing.js
var QUIETLY = { preventScroll: true };
var SVG = "http://www.w3.org/2000/svg";
var RING = 3;
var TARGET = (
  /** @type {const} */
  [3, 5]
);
var LETTER = 6;
var BESIDE_NAME = 8;
var MARGIN2 = 4;
var Drawing = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {(id: string) => void} choose
   */
  constructor(parent, choose2) {
    this.choose = choose2;
    this.frame = element(parent, "div", "frame");
    this.camera = new Camera(this.frame);
    this.parts = /* @__PURE__ */ new Map();
    this.walk = new Walk(/* @__PURE__ */ new Map(), []);
    this.stop = "";
    this.frame.addEventListener("click", ({ target }) => {
      if (idOf(target) && !this.camera.dragged) choose2(idOf(target));
    });
    this.frame.addEventListener("focusin", ({ target }) => this.rove(idOf(target)));
    this.frame.addEventListener("keydown", (event) => this.key(event));
  }
  /**
   * Draw; the focus stays with its box.
   * @param {string} text
   * @param {GraphBox[]} boxes
   * @param {string} chosen id of the box that a large drawing is first seen around
   */
  show(text2, boxes, chosen3) {
    const held = idOf(focused(this.frame));
    const svg = document.importNode(parseSvg(text2), true);
    svg.role = "group";
    this.parts = partsOf(svg);
    const places2 = [...this.parts].map(([id, part2]) => (
      /** @type {const} */
      [id, placeOf(part2)]
    ));
    this.walk = new Walk(new Map(places2), linesOf(svg));
    for (const part2 of this.parts.values()) {
      makeButton(part2);
      part2.style.setProperty("--squeezed", String(squeezed(part2)));
    }
    for (const edge of svg.querySelectorAll("g.edge")) readLine(edge);
    const end = boxes.find((box) => box.kind === "output") ?? boxes[0];
    const { x, y } = this.walk.placeOf(chosen3 || end?.id);
    const height = svg.viewBox.baseVal.height;
    this.camera.show(svg, { x: x + MARGIN2, y: y + height - MARGIN2 });
    this.rove(boxes[0]?.id);
    if (held) this.parts.get(this.parts.has(held) ? held : this.stop)?.focus(QUIETLY);
  }
  /**
   * Say the name of the graph and of every box.
   * @param {string} graph
   * @param {GraphBox[]} boxes
   */
  name(graph, boxes) {
    if (this.camera.svg) this.camera.svg.ariaLabel = graph;
    for (const { id, title, help } of boxes) {
      const part2 = this.parts.get(id);
      if (!part2) continue;
      part2.ariaLabel = title;
      part2.firstElementChild.textContent = help;
    }
  }
  /**
   * Draw a ring around one box: its fill says how large its gradient is, not that it is chosen.
   * @param {string} [id]
   */
  encircle(id = "") {
    this.frame.querySelector(".ring")?.remove();
    const part2 = this.parts.get(id);
    if (part2) around(part2, "ring", RING, RING);
  }
  /**
   * Move the single tab stop.
   * @param {string} id
   */
  rove(id) {
    if (!this.parts.has(id)) return;
    this.parts.get(this.stop)?.setAttribute("tabindex", "-1");
    this.stop = id;
    this.parts.get(id)?.setAttribute("tabindex", "0");
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    const act = this.act(event.key, idOf(event.target));
    if (!act) return;
    event.preventDefault();
    act();
  }
  /**
   * What a key does at a box, or beside all boxes.
   * @param {string} key
   * @param {string} id
   * @returns {(() => void) | undefined}
   */
  act(key, id) {
    if (key === "+" || key === "=") return () => this.camera.zoomIn();
    if (key === "-") return () => this.camera.zoomOut();
    if (key === "0") return () => this.camera.fit();
    if (id && key.startsWith("Arrow")) return () => this.goTo(this.walk.step(id, key));
    return id && (key === "Enter" || key === " ") ? () => this.choose(id) : void 0;
  }
  /** @param {string} [id] */
  goTo(id = "") {
    this.parts.get(id)?.focus(QUIETLY);
    this.reveal(id);
  }
  /** @param {string} id */
  reveal(id) {
    const part2 = this.parts.get(id);
    if (part2) this.camera.reveal(part2, inRoom());
  }
  /**
   * The lines along which a box gets its gradient, as far as they are seen.
   * @param {string} id
   * @returns {SVGPathElement[]}
   */
  linesTo(id) {
    const paths = this.frame.querySelectorAll(`g.edge[data-upper="${CSS.escape(id)}"] > path`);
    return [...paths].filter((path) => path.getClientRects().length > 0);
  }
};
function squeezed(part2) {
  const { left: left2, right } = placeOf(part2);
  const name2 = part2.querySelector("text")?.textContent ?? "";
  return Math.min(1, (name2.length * LETTER + 2 * BESIDE_NAME) / (right - left2));
}
function around(part2, name2, beside2, above2) {
  const { left: left2, right, top: top2, bottom } = placeOf(part2);
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", name2);
  made.setAttribute("x", String(left2 - beside2));
  made.setAttribute("y", String(top2 - above2));
  made.setAttribute("width", String(right - left2 + 2 * beside2));
  made.setAttribute("height", String(bottom - top2 + 2 * above2));
  part2.append(made);
}
function readLine(edge) {
  const title = edge.querySelector("title");
  if (title && !edge.classList.contains("back")) edge.setAttribute("data-upper", endsOf(title)[0]);
  title?.remove();
  edge.ariaHidden = "true";
}
function makeButton(part2) {
  part2.querySelector(":scope > title")?.remove();
  part2.prepend(document.createElementNS(SVG, "desc"));
  around(part2, "target", ...TARGET);
  Object.assign(part2, { role: "button", ariaPressed: "false", tabIndex: -1 });
}

// viz/front/graph/small.js
var LEAST = 10;
var NOTES = 44;
var LOWEST = 310;
var HIGHEST = 720;
function heightOf(drawn) {
  const readable = Math.ceil(drawn * LEAST / FONT_SIZE) + NOTES;
  return Math.min(Math.max(readable, LOWEST), HIGHEST);
}
function whole(box) {
  const without2 = { layer: "", layer_title: "", node: "", order: 0, shape: "", peak: "" };
  return { ...box, ...without2, ranges: [], title: box.name };
}

// viz/front/graph/tip.js
var GAP2 = 8;
var Tip = class {
  /**
   * @param {HTMLElement} root
   * @param {(part: Element) => GraphBox | undefined} boxAt
   */
  constructor(root, boxAt) {
    this.root = root;
    this.boxAt = boxAt;
    this.bubble = element(root, "div", "tip", "", { role: "tooltip", hidden: true });
    for (const kind of ["pointerover", "focusin"])
      root.addEventListener(kind, ({ target }) => this.follow(target));
    for (const kind of ["pointerleave", "focusout", "pointerdown", "wheel"])
      root.addEventListener(kind, () => this.hide(), { passive: true });
    root.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
  }
  /** @param {EventTarget | null} target */
  follow(target) {
    if (!(target instanceof Element)) return;
    const box = this.boxAt(target);
    if (box?.help) this.show(box, target.closest("g.node, tr") ?? target);
    else this.hide();
  }
  /**
   * @param {GraphBox} box
   * @param {Element} part
   */
  show({ name: name2, help }, part2) {
    this.bubble.replaceChildren();
    element(this.bubble, "b", "", name2);
    element(this.bubble, "span", "", help);
    this.bubble.hidden = false;
    const [frame2, at] = [this.root.getBoundingClientRect(), part2.getBoundingClientRect()];
    const { offsetWidth, offsetHeight } = this.bubble;
    const left2 = Math.min(Math.max(at.left - frame2.left, 0), frame2.width - offsetWidth);
    const below2 = at.bottom - frame2.top + GAP2;
    const above2 = at.top - frame2.top - GAP2 - offsetHeight;
    const top2 = below2 + offsetHeight <= frame2.height ? below2 : Math.max(above2, 0);
    this.bubble.style.translate = `${Math.max(left2, 0)}px ${top2}px`;
  }
  hide() {
    this.bubble.hidden = true;
  }
};

// viz/front/graph/mount.js
var SmallGraphView = class {
  /**
   * @param {HTMLElement} root
   * @param {SmallGraph} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.words = words;
    this.drawn = "";
    setColours(root, data);
    this.frame = root;
    this.root = element(root, "div", "backlight-graph");
    this.drawing = new Drawing(this.root, (id) => this.drawing.goTo(id));
    this.drawing.camera.least = LEAST;
    this.notes = element(this.root, "div", "words");
    this.boxes = /* @__PURE__ */ new Map();
    this.tip = new Tip(this.root, (part2) => this.boxes.get(idOf(part2)));
  }
  /** @param {SmallGraph} data */
  update({ svg, boxes, keys, arrows: arrows2 }) {
    const known = boxes.map((box) => whole(box));
    this.boxes = new Map(known.map((box) => [box.id, box]));
    this.tip.hide();
    if (svg !== this.drawn) this.drawing.show(svg, known, known.at(-1)?.id ?? "");
    const { viewBox } = this.drawing.camera.svg ?? {};
    if (viewBox) this.frame.style.setProperty("--deep", `${heightOf(viewBox.baseVal.height)}px`);
    this.drawn = svg;
    this.drawing.name(fill(this.words.graph, { count: boxes.length }), known);
    this.notes.replaceChildren();
    const told2 = element(this.notes, "p", "keys");
    for (const key of keys) {
      const each = element(told2, "span", "key");
      element(each, "span", "colour").style.background = key.fill;
      each.append(key.says);
    }
    told2.append(arrows2);
  }
  remove() {
    this.drawing.camera.remove();
  }
};
var mount_default4 = mounting(
  "small-graph",
  (root, data, words) => new SmallGraphView(root, data, words.graph)
);

// viz/front/guess/cells.js
var CellsAnswer = class {
  /** @type {string | null} the numbers to paint with */
  offered = null;
  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   */
  constructor(place, data, words, typed2) {
    this.data = data;
    this.words = words;
    this.grid = new Grid(place, this);
    this.grid.build(data, words);
    this.notes = this.grid.cells.map(({ part: part2, input }, at) => {
      input.value = typed2[at] ?? "";
      const sign = element(part2, "span", "sign", "", { ariaHidden: "true" });
      return { sign, truth: element(part2, "span", "true") };
    });
  }
  get hint() {
    const { hint, brush } = this.words;
    return this.data.palette.length ? `${brush} ${hint}` : hint;
  }
  typed() {
    return this.grid.cells.map(({ input }) => input.value.trim());
  }
  ready() {
    return true;
  }
  clear() {
    for (const { input } of this.grid.cells) input.value = "";
  }
  /**
   * What was checked comes back tidied, or from the address; what was typed since stays.
   * @param {string[]} before
   * @param {string[]} now
   */
  follow(before, now) {
    this.grid.cells.forEach(({ input }, at) => {
      if (input.value.trim() === (before[at] ?? "")) input.value = now[at] ?? "";
    });
  }
  /** @param {GuessData} data */
  show(data) {
    this.data = data;
    const offered = data.palette.join(" ");
    if (offered !== this.offered) this.grid.palette.offer(data.palette, this.words);
    this.offered = offered;
    this.grid.cells.forEach((_, at) => this.written(at));
  }
  /**
   * Show what is right; what was typed since the last check keeps no mark.
   * @param {number} at
   */
  written(at) {
    const { marks, signs, palette, value: checked } = this.data;
    const { part: part2, input } = this.grid.cells[at];
    const { sign, truth } = this.notes[at];
    const fresh = input.value.trim() === (checked.typed[at] ?? "");
    const mark = fresh && marks[at] || "";
    const value = this.data.true[at];
    part2.className = mark;
    part2.style.setProperty("--letters", String(input.value.length));
    tint(input, input.value, palette);
    sign.textContent = signs[mark] ?? "";
    truth.textContent = value ?? "";
    const spoken3 = [input.dataset.label, this.words[mark]];
    if (value !== void 0) spoken3.push(fill(this.words.true, { value }));
    input.ariaLabel = spoken3.filter(Boolean).join(", ");
    input.ariaInvalid = String(mark === "wrong" || mark === "unreadable");
  }
  done() {
  }
  focus() {
    this.grid.focus(0);
  }
  /**
   * Go on to the next empty cell; where none is left or nothing was typed, the form is sent.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    const texts = this.typed();
    const next = nextEmpty(texts, at);
    if (next === null || !texts[at]) return;
    event.preventDefault();
    this.grid.focus(next);
  }
};

// viz/front/guess/choice.js
function optionMark(place, picked2, { marks, true: truth, value }) {
  if (truth[0] === place) return "true";
  const checked = place === picked2 && value.typed[0] === place;
  return checked && marks[0] || "";
}
var ChoiceAnswer = class {
  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   * @param {() => void} changed
   */
  constructor(place, data, words, typed2, changed2) {
    this.words = words;
    const group = element(place, "div", "options", "", {
      role: "radiogroup",
      ariaLabel: words.options
    });
    this.options = data.items.map((text2, at) => {
      const row = element(group, "label");
      const value = String(at);
      const input = element(row, "input", "", "", { type: "radio", name: "option", value });
      const body = element(row, "span", "body");
      element(body, "span", "text", text2);
      return { row, input, mark: element(body, "span", "mark") };
    });
    this.pick(typed2[0]);
    group.addEventListener("change", changed2);
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
    this.pick(void 0);
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
    const [picked2] = this.typed();
    for (const { row, input, mark: part2 } of this.options) {
      const mark = optionMark(input.value, picked2, data);
      row.className = `option ${mark}`;
      const said2 = mark === "true" ? words.answer : words[mark];
      part2.textContent = mark && `${data.signs[mark === "true" ? "right" : mark]} ${said2}`;
    }
  }
  focus() {
    (this.options.find(({ input }) => input.checked) ?? this.options[0])?.input.focus();
  }
};

// viz/front/guess/drafts.js
var drafts = /* @__PURE__ */ new Map();
function placeOf2(name2, question2) {
  return `${globalThis.location?.pathname} ${name2} ${question2}`;
}
function keepDraft(name2, question2, typed2, checked) {
  if (name2 && typed2.some(Boolean) && typed2.join(" ") !== checked.join(" ")) {
    drafts.set(placeOf2(name2, question2), typed2);
  }
}
function keepOverReload(name2, question2, typed2) {
  if (!name2 || !typed2.some(Boolean)) return;
  const kept = JSON.stringify([globalThis.location?.search, typed2]);
  storage()?.setItem(placeOf2(name2, question2), kept);
}
function takeDraft(name2, question2) {
  const place = placeOf2(name2, question2);
  const typed2 = drafts.get(place) ?? reloaded(place);
  drafts.delete(place);
  return typed2;
}
function reloaded(place) {
  const kept = storage()?.getItem(place);
  if (!kept) return null;
  storage()?.removeItem(place);
  const [search, typed2] = JSON.parse(kept);
  return search === globalThis.location?.search ? typed2 : null;
}
function storage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return void 0;
  }
}

// viz/front/guess/order.js
function orderOf(typed2, count2) {
  const given = [...Array(count2).keys()];
  const told2 = typed2.slice(0, count2);
  return given.every((at) => told2.includes(String(at))) ? told2.map(Number) : given;
}
function swapped(order, at, way) {
  const to = at + way;
  if (to < 0 || to >= order.length) return null;
  const moved5 = [...order];
  [moved5[at], moved5[to]] = [order[to], order[at]];
  return moved5;
}
var OrderAnswer = class {
  /**
   * @param {HTMLElement} place
   * @param {GuessData} data
   * @param {Words} words
   * @param {string[]} typed
   * @param {() => void} changed
   */
  constructor(place, data, words, typed2, changed2) {
    this.items = data.items;
    this.words = words;
    this.changed = changed2;
    this.list = element(place, "ol", "order", "", { role: "list", ariaLabel: words.order });
    this.said = element(place, "p", "said", "", { ariaLive: "polite" });
    this.rows = this.items.map((text2, item) => this.row(text2, item));
    this.order = orderOf(typed2, this.items.length);
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
  row(text2, item) {
    const part2 = element(this.list, "li");
    part2.dataset.item = String(item);
    const number2 = element(part2, "span", "number");
    const body = element(part2, "span", "body");
    element(body, "span", "text", text2);
    const mark = element(body, "span", "mark");
    const truth = element(body, "span", "belongs");
    const buttons = [-1, 1].map((way) => {
      const icon = way < 0 ? "arrow_upward" : "arrow_downward";
      const made = iconButton(part2, icon, "", "act", () => this.move(item, way));
      name(made, fill(way < 0 ? this.words.up : this.words.down, { item: text2 }));
      return made;
    });
    return { part: part2, number: number2, mark, truth, buttons };
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
    const item = this.rows.findIndex(({ part: part2 }) => target instanceof Node && part2.contains(target));
    if (item < 0) return;
    if (event.altKey) this.move(item, way);
    else
      this.walk(
        item,
        way,
        this.rows[item].buttons.findIndex((each) => each === target)
      );
  }
  /**
   * @param {number} item
   * @param {number} way
   * @param {number} button
   */
  walk(item, way, button2) {
    const next = this.order[this.order.indexOf(item) + way];
    this.rows[next]?.buttons[button2]?.focus();
  }
  /**
   * Show numbers and marks; a place that has another item since the last check keeps no mark.
   * @param {GuessData} data
   */
  show({ marks, signs, true: truth, value }) {
    const { words, items } = this;
    this.order.forEach((item, at) => {
      const { part: part2, number: number2, mark: sign, truth: belongs, buttons } = this.rows[item];
      const mark = value.typed[at] === String(item) && marks[at] || "";
      part2.className = mark;
      number2.textContent = String(at + 1);
      sign.textContent = mark && `${signs[mark]} ${words[mark]}`;
      const there = mark === "right" ? void 0 : items[Number(truth[at])];
      belongs.textContent = there === void 0 ? "" : fill(words.belongs, { item: there });
      idle(buttons[0], at === 0);
      idle(buttons[1], at === items.length - 1);
    });
  }
  focus() {
    this.rows[this.order[0]]?.buttons[1].focus();
  }
};

// viz/front/guess/verdict.js
function showWhenThere(root, key) {
  const host = root.getRootNode();
  const box = host instanceof ShadowRoot && host.host.closest("[class*=st-key-predict_]");
  if (!box) return;
  const show2 = () => {
    const said2 = box.querySelector(`.st-key-${key}:has(.stAlert)`);
    said2?.scrollIntoView({ block: "nearest" });
    return Boolean(said2);
  };
  if (show2()) return;
  const watcher = new MutationObserver(() => show2() && watcher.disconnect());
  watcher.observe(box, { childList: true, subtree: true });
}

// viz/front/guess/guess.js
var KINDS = { cells: CellsAnswer, choice: ChoiceAnswer, order: OrderAnswer };
var GuessView = class {
  asked = "";
  checking = false;
  gone = new AbortController();
  /**
   * @param {HTMLElement} root
   * @param {GuessData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.kept = new Kept(data.value);
    const form = element(root, "form", "", "", { noValidate: true, autocomplete: "off" });
    this.place = element(form, "div");
    this.answer = this.begun();
    this.acts = element(form, "div", "acts");
    this.check = element(this.acts, "button", "check", words.check, { type: "submit" });
    const offer2 = (icon, change) => iconButton(this.acts, icon, "", "act", () => this.change(change(this.kept.value)));
    this.hint = offer2("help", ({ hints }) => ({ hints: hints + 1 }));
    this.reveal = offer2("visibility", ({ revealed }) => ({ revealed: !revealed }));
    this.anew = offer2("restart_alt", () => this.emptied());
    word(this.anew, words.anew);
    this.note = element(form, "p", "note");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.answer.ready()) this.send();
      else this.answer.focus();
    });
    const { signal } = this.gone;
    window.addEventListener("pagehide", () => this.leave(), { signal });
  }
  /** The page is left, and may be loaded anew. */
  leave() {
    keepOverReload(this.data.name ?? "", this.asked, this.answer.typed());
  }
  /** @returns {Partial<Attempt>} */
  emptied() {
    this.answer.clear();
    return { typed: [], hints: 0, revealed: false };
  }
  /** @param {Partial<Attempt>} fields */
  change(fields) {
    this.kept.set({ ...this.kept.value, ...fields });
    this.show();
  }
  send() {
    this.checking = true;
    this.change({ typed: this.answer.typed() });
  }
  /** What is asked, apart from how far the attempt is. */
  question() {
    const { kind, rows, columns, items, heads } = this.data;
    return JSON.stringify([this.kept.value.numbers, kind, rows, columns, items, heads]);
  }
  /**
   * Ask anew.
   * @returns {Answer}
   */
  begun() {
    this.asked = this.question();
    this.place.replaceChildren();
    const { data, words, kept } = this;
    const typed2 = takeDraft(data.name ?? "", this.asked) ?? kept.value.typed;
    return new KINDS[data.kind](this.place, data, words, typed2, () => this.show());
  }
  /**
   * @param {GuessData} data
   * @param {Send} say
   */
  update(data, say2) {
    const { typed: before } = this.kept.value;
    this.data = data;
    this.kept.say = say2;
    const other = this.kept.hear(data.value, data.heard);
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", String(data.columns));
    if (this.question() !== this.asked) this.answer = this.begun();
    else if (other) this.answer.follow(before, this.kept.value.typed);
    this.show();
    if (!this.checking || this.kept.waiting.length) return;
    this.checking = false;
    if (data.verdict) showWhenThere(this.root, data.verdict);
  }
  remove() {
    const { data, asked, answer, kept } = this;
    this.gone.abort();
    keepDraft(data.name ?? "", asked, answer.typed(), kept.value.typed);
  }
  /** Show how far the attempt is. */
  show() {
    const { words, answer } = this;
    const { hints: count2, solved } = this.data;
    const { typed: typed2, hints, revealed } = this.kept.value;
    answer.show(this.data);
    idle(this.check, !answer.ready());
    this.note.textContent = answer.hint;
    word(this.hint, fill(words.next, { next: hints + 1, count: count2 }));
    this.hint.hidden = solved || hints >= count2;
    word(this.reveal, revealed ? words.hide : words.show);
    this.reveal.hidden = solved;
    this.anew.hidden = !typed2.some(Boolean) && !hints && !revealed;
  }
};

// viz/front/guess/mount.js
var mount_default5 = mounting(
  "guess",
  (root, data, words) => new GuessView(root, data, words.guess)
);

// viz/front/host.js
var REPLACED = "backlight:replaced";
var places = /* @__PURE__ */ new WeakMap();
var spoken2;
function hosting(shows) {
  return async (component, name2, sheet) => {
    const { parentElement } = component;
    const place = places.get(parentElement) ?? begin(component, sheet);
    place.latest = component;
    const words = await place.loaded;
    if (place.latest !== component) return void 0;
    place.leave = shows[name2](component, words) ?? place.leave;
    return () => {
      if (!parentElement.isConnected) place.leave?.();
    };
  };
}
function begin(component, sheet) {
  const { parentElement } = component;
  parentElement.dispatchEvent(new Event(REPLACED));
  parentElement.replaceChildren();
  const place = { loaded: load(parentElement, sheet), latest: component };
  parentElement.addEventListener(REPLACED, () => place.leave?.(), { once: true });
  places.set(parentElement, place);
  place.loaded.catch(() => places.delete(parentElement));
  return place;
}
async function load(parent, sheet) {
  spoken2 ??= fetchWords().catch((error) => {
    spoken2 = void 0;
    throw error;
  });
  const [words] = await Promise.all([spoken2, style(parent, sheet)]);
  return words;
}
async function fetchWords() {
  const response = await fetch(new URL(`words/${spoken()}.json`, import.meta.url));
  if (!response.ok) throw new Error(`There are no words at ${response.url}`);
  return response.json();
}
function style(parent, sheet) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(sheet, import.meta.url).href;
  parent.append(link);
  return new Promise((done) => {
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => done());
  });
}

// viz/front/language/mount.js
var Choice = class {
  /**
   * @param {HTMLElement} root
   * @param {Languages} data
   * @param {Words} words
   */
  constructor(root, { now, names }, words) {
    root.role = "group";
    root.ariaLabel = words.label;
    const skip2 = document.querySelector("[data-testid=stSkipToContent]");
    if (skip2) skip2.textContent = words.skip;
    for (const [language, name2] of Object.entries(names)) {
      const button2 = element(root, "button", "act", name2, { type: "button", lang: language });
      button2.ariaPressed = String(language === now);
      button2.addEventListener("click", () => choose(language));
    }
  }
  update() {
  }
};
function choose(language) {
  const { pathname, search, hash } = window.location;
  window.location.assign(`${pathname}?${inLanguage(search.slice(1), language)}${hash}`);
}
var mount_default6 = mounting(
  "language",
  (root, data, words) => new Choice(root, data, words.language)
);

// viz/front/profile/shapes.js
var SVG2 = "http://www.w3.org/2000/svg";
function shape(parent, tag, attributes, text2 = "") {
  const made = document.createElementNS(SVG2, tag);
  for (const [name2, value] of Object.entries(attributes)) made.setAttribute(name2, String(value));
  if (text2) made.textContent = text2;
  parent.append(made);
  return made;
}

// viz/front/line/looks.js
var COLOURS = 5;
var PLAIN = ["solid", "dashed", "dotted", "mixed", "long"];
var DASHED = ["dashed", "long", "mixed", "dotted"];
var SIGNS = ["circle", "square", "diamond", "cross"];
var FILLINGS = ["full", "hollow", "half"];
var DASHES = {
  solid: [],
  dashed: [3.2, 2.4],
  dotted: [0.01, 2.2],
  mixed: [5, 2.2, 0.01, 2.2],
  long: [7, 3]
};
function looksOf(curves) {
  const patterns = /* @__PURE__ */ new Map();
  const share2 = (chosen3, offered) => {
    curves.forEach((curve, at) => {
      if (!chosen3(curve)) return;
      const used = [...patterns.values()];
      const free2 = offered.find((pattern) => !used.includes(pattern));
      patterns.set(at, free2 ?? offered[at % offered.length]);
    });
  };
  share2(({ kind }) => kind === "dots", SIGNS);
  share2(({ kind }) => kind === "bars", FILLINGS);
  share2(({ kind, dashed }) => isLine(kind) && dashed, DASHED);
  share2(({ kind, dashed }) => isLine(kind) && !dashed, PLAIN);
  return curves.map((_, at) => ({ colour: at % COLOURS, pattern: patterns.get(at) ?? "solid" }));
}
function isLine(kind) {
  return kind === "line" || kind === "steps";
}

// viz/front/line/paths.js
function linePath(points, scales) {
  return joined(points, scales, (x, y) => `L${x} ${y}`);
}
function stepsPath(points, scales) {
  return joined(points, scales, (x, y) => `H${x}V${y}`);
}
function joined(points, { x, y }, goOn) {
  let begun = false;
  return points.map(([across, up]) => {
    if (across === null || up === null) {
      begun = false;
      return "";
    }
    const at = (
      /** @type {const} */
      [tenth(x(across)), tenth(y(up))]
    );
    const part2 = begun ? goOn(...at) : `M${at[0]} ${at[1]}h0`;
    begun = true;
    return part2;
  }).join("");
}
function signPath(sign, x, y, r) {
  const d = 1.3 * r;
  switch (sign) {
    case "square":
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    case "diamond":
      return `M${x} ${y - d}L${x + d} ${y}L${x} ${y + d}L${x - d} ${y}z`;
    case "cross":
      return `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
}
function tenth(px) {
  return Math.round(10 * px) / 10;
}

// viz/front/line/drawing.js
var STROKE = 0.19;
var DOT = 0.36;
function drawAxes(parent, { axes: [xAxis, yAxis], moving }, frame2) {
  const { left: left2, right, top: top2, bottom, letter, height } = frame2;
  for (const { at, text: text2 } of yAxis.ticks) {
    const y = frame2.y(at);
    shape(parent, "path", { class: at === 0 ? "grid zero" : "grid", d: `M${left2} ${y}H${right}` });
    shape(parent, "text", { class: "tick up", x: left2 - 8, y: y + 0.34 * letter }, text2);
  }
  for (const { at, text: text2 } of xAxis.ticks) {
    const x = frame2.x(at);
    shape(parent, "path", { class: "axis", d: `M${x} ${bottom}v5` });
    shape(parent, "text", { class: "tick", x, y: bottom + 1.45 * letter }, text2);
  }
  shape(parent, "path", { class: "axis", d: `M${left2} ${top2}V${bottom}H${right}` });
  shape(parent, "text", { class: "name", x: 2, y: letter }, yAxis.title);
  if (moving?.label === xAxis.title) return;
  const below2 = { class: "name across", x: right, y: height - 0.4 * letter };
  shape(parent, "text", below2, xAxis.title);
}
function drawCurves(parent, { curves, bar }, looks, frame2) {
  const barred = curves.filter(({ kind }) => kind === "bars");
  const parts = curves.map((curve, at) => {
    const { colour, pattern } = looks[at];
    const part2 = shape(parent, "g", { class: `curve c${colour} ${pattern}` });
    if (curve.kind === "bars") {
      drawBars(part2, curve, (barred.indexOf(curve) - (barred.length - 1) / 2) * bar, bar, frame2);
    } else if (isLine(curve.kind)) {
      const way = curve.kind === "line" ? linePath : stepsPath;
      stroke(part2, way(curve.points, frame2), looks[at], frame2.letter);
    } else drawDots(part2, curve, looks[at], frame2);
    return part2;
  });
  parent.append(...parts.filter((_, at) => curves[at].kind === "dots"));
}
function stroke(part2, d, { pattern }, letter) {
  const width = STROKE * letter;
  const dashes = DASHES[pattern].map((each) => each * width).join(" ") || "none";
  shape(part2, "path", { class: "line", d, "stroke-width": width, "stroke-dasharray": dashes });
}
function drawDots(part2, { points }, { pattern }, { x, y, letter }) {
  for (const [across, up] of points) {
    if (across === null || up === null) continue;
    shape(part2, "path", { class: "dot", d: signPath(pattern, x(across), y(up), DOT * letter) });
  }
}
function drawBars(part2, { points }, shift, bar, { x, y }) {
  for (const [across, up] of points) {
    if (across === null || up === null) continue;
    const [from, to] = [x(across + shift - bar / 2), x(across + shift + bar / 2)];
    const [low, high] = [y(Math.min(up, 0)), y(Math.max(up, 0))];
    const sizes = { x: from, y: high, width: Math.max(to - from, 1), height: low - high };
    shape(part2, "rect", { class: "bar", ...sizes });
  }
}
function drawSample(parent, kind, look, letter) {
  const [width, height] = [2.6 * letter, letter];
  const svg = shape(parent, "svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  svg.ariaHidden = "true";
  const part2 = shape(svg, "g", { class: `curve c${look.colour} ${look.pattern}` });
  const middle4 = height / 2;
  if (kind === "bars") {
    shape(part2, "rect", {
      class: "bar",
      x: width / 2 - middle4,
      y: 1,
      width: height,
      height: height - 2
    });
  } else if (kind === "dots") {
    shape(part2, "path", {
      class: "dot",
      d: signPath(look.pattern, width / 2, middle4, DOT * letter)
    });
  } else stroke(part2, `M2 ${middle4}H${width - 2}`, look, letter);
}

// viz/front/line/frame.js
var NARROW = 480;
var LOWER = 0.85;
var ASPECT = 0.62;
var TWO = 3.1;
var THREE = 4.2;
var BESIDE = 8;
function frameOf({ axes: [xAxis, yAxis], height, moving }, width, letter) {
  const tall = Math.round(width < NARROW ? height * LOWER : height);
  const widest = Math.max(1, ...yAxis.ticks.map(({ text: text2 }) => text2.length));
  const last = xAxis.ticks.at(-1)?.text.length ?? 0;
  const left2 = Math.ceil(widest * ASPECT * letter + BESIDE + 4);
  const right = width - Math.ceil(Math.max(last * ASPECT * letter / 2, letter));
  const top2 = Math.ceil(1.9 * letter);
  const lines = moving && moving.label !== xAxis.title ? THREE : TWO;
  const bottom = tall - Math.ceil(lines * letter);
  const x = scale(xAxis, left2, right);
  return { width, height: tall, left: left2, right, top: top2, bottom, letter, x, y: scale(yAxis, bottom, top2) };
}
function scale({ low, high }, from, to) {
  return (value) => from + (value - low) / (high - low) * (to - from);
}
function nearest(places2, value) {
  let best = 0;
  places2.forEach((place, at) => {
    if (Math.abs(place - value) < Math.abs(places2[best] - value)) best = at;
  });
  return best;
}

// viz/front/line/marker.js
function drawMarker(parent, moving, at, looks, frame2) {
  const { left: left2, top: top2, bottom, letter, y } = frame2;
  const x = frame2.x(moving.places[at]);
  parent.replaceChildren();
  const dots = moving.values.flatMap((row, each) => {
    const value = row[at];
    return value === null ? [] : [{ y: y(value), colour: looks[moving.follows[each]].colour }];
  });
  const highest = dots.length ? Math.min(...dots.map((dot) => dot.y)) : top2;
  shape(parent, "path", { class: "lead", d: `M${x} ${bottom}V${highest}` });
  for (const dot of dots) shape(parent, "path", { class: "lead", d: `M${x} ${dot.y}H${left2}` });
  for (const dot of dots) {
    shape(parent, "circle", { class: `on c${dot.colour}`, cx: x, cy: dot.y, r: 0.5 * letter });
  }
  shape(parent, "circle", { class: "handle", cx: x, cy: bottom, r: 0.62 * letter });
  shape(parent, "text", { class: "label", x, y: bottom + 2.75 * letter }, moving.label);
}
function keyTo({ key, shiftKey }, at, count2) {
  const way = WAYS.get(key);
  if (way === void 0) return null;
  const step2 = shiftKey ? Math.max(1, Math.round((count2 - 1) / 10)) : 1;
  return Math.min(count2 - 1, Math.max(0, at + way * step2));
}
var WAYS = /* @__PURE__ */ new Map([
  ["ArrowLeft", -1],
  ["ArrowDown", -1],
  ["ArrowRight", 1],
  ["ArrowUp", 1]
]);

// viz/front/line/said.js
var MARKED = /\*\*(.+?)\*\*|`([^`]+)`/g;
function pieces(said2) {
  const found = [];
  let end = 0;
  for (const match of said2.matchAll(MARKED)) {
    found.push({ tag: "span", text: said2.slice(end, match.index) });
    found.push(match[1] ? { tag: "strong", text: match[1] } : { tag: "code", text: match[2] });
    end = match.index + match[0].length;
  }
  found.push({ tag: "span", text: said2.slice(end) });
  return found.filter(({ text: text2 }) => text2);
}
function plain(said2) {
  return pieces(said2).map(({ text: text2 }) => text2).join("");
}
function write(part2, said2) {
  part2.replaceChildren();
  for (const { tag, text: text2 } of pieces(said2)) element(part2, tag, "", text2);
}

// viz/front/line/line.js
var REST = 250;
var LineView = class {
  /** @type {Look[]} */
  looks = [];
  /** @type {Frame | null} */
  frame = null;
  /** The place before the pointer came; null while it is not held. @type {number | null} */
  before = null;
  resting = 0;
  /**
   * @param {HTMLElement} root
   * @param {LineData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    this.at = data.value;
    this.kept = new Kept(data.value);
    this.title = element(root, "p", "title");
    this.plot = element(root, "div", "plot");
    this.svg = shape(this.plot, "svg", { "aria-hidden": "true" });
    this.still = shape(this.svg, "g", {});
    this.marker = shape(this.svg, "g", {});
    this.legend = element(root, "ul", "legend");
    this.said = element(root, "div", "said");
    this.longest = element(this.said, "span", "longest", "", { ariaHidden: "true" });
    this.line = element(this.said, "span", "line");
    this.hint = element(root, "p", "hint", words.move);
    this.listen();
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
  }
  listen() {
    const { plot } = this;
    plot.addEventListener("keydown", (event) => this.key(event));
    plot.addEventListener("keyup", () => this.resting && this.say());
    plot.addEventListener("pointerdown", (event) => this.take(event));
    plot.addEventListener("pointermove", (event) => this.before !== null && this.follow(event));
    plot.addEventListener("pointerup", () => this.letGo());
    plot.addEventListener("pointercancel", () => this.giveUp());
    plot.addEventListener("lostpointercapture", () => this.letGo());
  }
  /**
   * @param {LineData} data
   * @param {Send} say
   */
  update(data, say2) {
    this.data = data;
    this.kept.say = say2;
    this.kept.hear(data.value, data.heard);
    if (this.before === null && !this.resting) this.at = this.kept.value;
    this.looks = looksOf(data.curves);
    this.title.textContent = data.title;
    this.describe();
    this.frame = null;
    this.fit();
  }
  /** Say what it is to who does not see it. */
  describe() {
    const { plot, words } = this;
    const { title, axes, curves, moving } = this.data;
    const told2 = curves.map((curve) => {
      const [first, last] = curve.ends;
      const sentence = curve.ends.length ? words.curve : words.empty_curve;
      return fill(sentence, { title: curve.title, first, last });
    });
    const names = { title, x: axes[0].title, y: axes[1].title };
    plot.ariaLabel = fill(words.summary, { ...names, curves: told2.join(" ") });
    plot.role = moving ? "slider" : "img";
    plot.classList.toggle("moves", Boolean(moving));
    this.said.hidden = this.hint.hidden = !moving;
    if (!moving) {
      for (const name2 of ["tabindex", "data-takes"]) plot.removeAttribute(name2);
      return;
    }
    plot.tabIndex = 0;
    plot.dataset.takes = "arrows";
    plot.ariaValueMin = "0";
    plot.ariaValueMax = String(moving.places.length - 1);
    const lengths = moving.said.map((said2) => plain(said2).length);
    write(this.longest, moving.said[lengths.indexOf(Math.max(...lengths))]);
  }
  /** Draw it as large as there is room, unless it stands there so already. */
  fit() {
    const width = Math.floor(this.plot.clientWidth);
    const letter = parseFloat(getComputedStyle(this.root).fontSize);
    if (!width || this.frame?.width === width && this.frame.letter === letter) return;
    this.frame = frameOf(this.data, width, letter);
    this.draw(this.frame);
    this.show();
  }
  /** @param {Frame} frame */
  draw(frame2) {
    const { data, svg, still, looks } = this;
    const { width, height, letter } = frame2;
    const sizes = { width, height, viewBox: `0 0 ${width} ${height}` };
    for (const [name2, value] of Object.entries(sizes)) svg.setAttribute(name2, String(value));
    still.replaceChildren();
    drawAxes(still, data, frame2);
    drawCurves(still, data, looks, frame2);
    if (data.curves.every(({ points }) => !points.length)) {
      const middle4 = { x: (frame2.left + frame2.right) / 2, y: (frame2.top + frame2.bottom) / 2 };
      shape(still, "text", { class: "none", ...middle4 }, this.words.none);
    }
    this.drawLegend(letter);
  }
  /** @param {number} letter */
  drawLegend(letter) {
    const { legend, looks, words } = this;
    legend.replaceChildren();
    if (isNamed(this.data)) return;
    this.data.curves.forEach(({ title, kind, points }, at) => {
      const item = element(legend, "li");
      drawSample(item, kind, looks[at], letter);
      element(item, "span", "", points.length ? title : `${title} (${words.none})`);
    });
  }
  /** Show where the point stands. */
  show() {
    const { moving } = this.data;
    if (!moving || !this.frame) {
      this.marker.replaceChildren();
      return;
    }
    const at = Math.min(this.at, moving.places.length - 1);
    drawMarker(this.marker, moving, at, this.looks, this.frame);
    write(this.line, moving.said[at]);
    this.plot.ariaValueNow = String(at);
    this.plot.ariaValueText = plain(moving.said[at]);
  }
  /** @param {number} at */
  move(at) {
    if (at === this.at) return;
    this.at = at;
    this.show();
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.say(), REST);
  }
  say() {
    clearTimeout(this.resting);
    this.resting = 0;
    if (this.at !== this.kept.value) this.kept.set(this.at);
  }
  /** @param {PointerEvent} event */
  take(event) {
    if (!this.data.moving || event.button !== 0) return;
    this.before = this.at;
    this.plot.setPointerCapture(event.pointerId);
    this.follow(event);
  }
  /** @param {PointerEvent} event */
  follow({ clientX }) {
    const { moving } = this.data;
    if (!moving || !this.frame) return;
    const across = clientX - this.svg.getBoundingClientRect().left;
    this.move(nearest(moving.places.map(this.frame.x), across));
  }
  letGo() {
    if (this.before === null) return;
    this.before = null;
    this.say();
  }
  /** The finger scrolls the page: the point has not been meant. */
  giveUp() {
    if (this.before === null) return;
    this.move(this.before);
    this.letGo();
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    const { moving } = this.data;
    if (!moving || isCommand(event)) return;
    const to = keyTo(event, this.at, moving.places.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(to);
    if (!event.repeat) this.say();
  }
  remove() {
    clearTimeout(this.resting);
    this.watcher.disconnect();
  }
};
function isNamed({ title, axes, curves }) {
  return curves.length === 1 && [title, axes[1].title].includes(curves[0].title);
}

// viz/front/line/mount.js
var mount_default7 = mounting(
  "curves",
  (root, data, words) => new LineView(root, data, words.line)
);

// viz/front/packet.js
var KINDS2 = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array
};
function readPacket(data) {
  const whole2 = new Uint8Array(data);
  const length = new DataView(whole2.buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  const text2 = new TextDecoder().decode(whole2.subarray(4, 4 + length));
  return JSON.parse(text2, (_, value) => {
    if (!value || !(value.type in KINDS2)) return value;
    const Numbers = KINDS2[
      /** @type {keyof typeof KINDS} */
      value.type
    ];
    return new Numbers(whole2.buffer, start + value.offset, value.count);
  });
}

// viz/front/maps/layout.js
var BIGGEST_CELL = 92;
var SCROLLBAR = 16;
var TILE_GAP = 6;
var SMALLEST_TILE = 36;
var SMALLEST_STRIP = { side: 48, cell: 6 };
var ONE_TILE_HEIGHT = 280;
var LABELS_HEIGHT = 20;
var NARROWEST = 90;
var SMALLEST_EVEN = 24;
var LABEL_HEIGHT = 18;
function layOut(spec, width, { height: one = ONE_TILE_HEIGHT, cell: most = BIGGEST_CELL, scroll: seen = Infinity } = {}) {
  const height = Math.min(one + 1 + (spec.tiles > 1 ? LABELS_HEIGHT : 0), seen);
  const least = smallestCell(spec);
  for (let cell = most; cell > least; cell -= 1) {
    const layout = layOutCells(spec, width, cell);
    if (layout.width <= width && layout.height <= height) return layout;
  }
  return layOutCells(spec, width - SCROLLBAR, least);
}
function smallestCell({ tiles, rows, columns }) {
  if (tiles > 1) return Math.max(2, Math.ceil(SMALLEST_TILE / Math.max(rows, columns)));
  return Math.min(SMALLEST_STRIP.cell, Math.ceil(SMALLEST_STRIP.side / Math.min(rows, columns)));
}
function layOutCells(spec, width, cell) {
  const many = spec.tiles > 1;
  const gap = many ? TILE_GAP : 0;
  const stepX = spec.columns * cell + gap;
  const fitting2 = Math.max(1, Math.floor((width + gap) / stepX));
  const across = Math.min(spec.across ?? fitting2, spec.tiles);
  const labelled = many && spec.columns * cell >= SMALLEST_TILE;
  const label2 = labelled ? LABEL_HEIGHT : 0;
  const stepY = spec.rows * cell + gap + label2;
  const down = Math.ceil(spec.tiles / across);
  const [allWidth, allHeight] = [across * stepX - gap + 1, down * stepY - gap + 1];
  return { cell, across, down, label: label2, stepX, stepY, width: allWidth, height: allHeight };
}
function share(wishes, total) {
  const shares = [];
  let left2 = total;
  const order = wishes.map((_, at) => at).sort((a, b) => wishes[a] - wishes[b]);
  order.forEach((at, done) => {
    shares[at] = Math.floor(Math.min(wishes[at], left2 / (order.length - done)));
    left2 -= shares[at];
  });
  return shares;
}
function shareByCells(specs, total, least) {
  const wide = /* @__PURE__ */ new Set();
  const widths = () => {
    const free2 = specs.filter((_, at) => !wide.has(at));
    const words = least.reduce((sum, each, at) => sum + (wide.has(at) ? each : 0), 0);
    const columns = free2.reduce((sum, spec) => sum + spec.columns, 0);
    return Math.floor((total - words - free2.length) / Math.max(1, columns));
  };
  let cell = widths();
  for (let before = -1; before < wide.size; cell = widths()) {
    before = wide.size;
    specs.forEach((spec, at) => spec.columns * cell + 1 < least[at] && wide.add(at));
  }
  const shares = specs.map((spec, at) => Math.max(spec.columns * cell + 1, least[at]));
  const simple = specs.every((spec) => spec.tiles === 1 && !spec.missing);
  const fits = cell >= SMALLEST_EVEN && Math.min(...shares) >= NARROWEST;
  return simple && fits ? { shares, cell } : null;
}
function cornerOf({ spec, layout }, k) {
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  const row = Math.floor(k % size / spec.columns);
  return {
    x: tile % layout.across * layout.stepX + k % spec.columns * layout.cell,
    y: Math.floor(tile / layout.across) * layout.stepY + layout.label + row * layout.cell
  };
}
function cellAt({ spec, layout }, x, y) {
  const across = Math.floor(x / layout.stepX);
  const down = Math.floor(y / layout.stepY);
  const column = Math.floor((x - across * layout.stepX) / layout.cell);
  const row = Math.floor((y - down * layout.stepY - layout.label) / layout.cell);
  const inside = row >= 0 && row < spec.rows && column >= 0 && column < spec.columns;
  if (!inside || across < 0 || across >= layout.across || down < 0) return null;
  const k = ((down * layout.across + across) * spec.rows + row) * spec.columns + column;
  return k < spec.count ? k : null;
}

// viz/front/maps/written/digits.js
var SIGNIFICANT = 4;
var LEAST_PLAIN = -3;
var MOST_PLAIN = 5;
var ROUNDED_AWAY = "≈0";
var RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function styleOf(largest2, numbers2 = []) {
  if (!(largest2 > 0) || !Number.isFinite(largest2)) return { decimals: 0, power: 0, exponent: 0 };
  const exponent = Number(largest2.toExponential(SIGNIFICANT - 1).split("e")[1]);
  const plain2 = exponent > LEAST_PLAIN && exponent <= MOST_PLAIN;
  const power = plain2 ? 0 : exponent;
  const most = Math.max(0, SIGNIFICANT - 1 - (exponent - power));
  let decimals = 0;
  while (decimals < most && !areExact(numbers2, decimals, power)) decimals += 1;
  return { decimals, power, exponent };
}
function areExact(numbers2, decimals, power) {
  const all = [...numbers2];
  if (!all.length || power) return false;
  return all.every((values) => values.every((value) => Number(value.toFixed(decimals)) === value));
}
function inUnit(value, { decimals, power }) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  if (value === 0) return Object.is(value, -0) ? "−0" : "0";
  const text2 = (value * 10 ** -power).toFixed(decimals);
  return /[1-9]/.test(text2) ? typographic(text2) : ROUNDED_AWAY;
}
function styled(value, style2) {
  const text2 = inUnit(value, style2);
  return style2.power && /\d$/.test(text2) && !/^[−≈]?0$/.test(text2) ? `${text2}e${typographic(String(style2.power))}` : text2;
}
function withoutZero(text2) {
  return text2.replace(/^(−?)0\./, "$1.");
}
function powerOfTen(power) {
  const raised = [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${raised}`;
}

// viz/front/maps/written/fraction.js
var MOST_UNDER = 64;
var WITHIN = 1e-6;
function fraction(value) {
  if (!Number.isFinite(value) || Object.is(value, -0)) return null;
  for (let under = 1; under <= MOST_UNDER; under += 1) {
    const over = Math.round(value * under);
    if (Math.abs(value - over / under) > WITHIN) continue;
    if (!Number.isSafeInteger(over) || !over && value) return null;
    return typographic(under === 1 ? `${over}` : `${over}/${under}`);
  }
  return null;
}
function fractionOr(value, style2) {
  return fraction(value) ?? inUnit(value, style2);
}

// viz/front/maps/scaling.js
var DECADES = 6;
function placeOn(value, largest2, scaling) {
  if (!largest2) return 0;
  const part2 = value / largest2;
  if (scaling !== "log") return part2;
  const steps = 10 ** DECADES;
  return Math.sign(part2) * Math.log1p(Math.abs(part2) * steps) / Math.log1p(steps);
}

// viz/front/maps/paint.js
var BORDERS_FROM = 10;
var LABEL = 12.5;
function contextOf(canvas) {
  return (
    /** @type {CanvasRenderingContext2D} */
    canvas.getContext("2d")
  );
}
function readPalette({ root, packet: { theme } }, before) {
  const style2 = getComputedStyle(root);
  const read3 = {
    text: style2.color,
    background: style2.backgroundColor,
    border: style2.getPropertyValue("--st-border-color") || style2.color,
    accent: style2.getPropertyValue("--st-primary-color") || style2.color,
    linked: theme.linked[0],
    linkedEdge: theme.linked[1],
    family: style2.fontFamily,
    numbers: style2.getPropertyValue("--st-code-font") || "monospace",
    type: Number(style2.getPropertyValue("--backlight-type")) || 1
  };
  const key = JSON.stringify([read3, theme.non_finite, theme.inks, theme.hatch]);
  const dark = before?.background === read3.background ? before.dark : isDark(read3.background);
  const table = dark ? theme.dark : theme.light;
  if (before?.key === key && before.table === table) return before;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  return {
    ...read3,
    key,
    dark,
    table,
    pixels: Uint32Array.from({ length: table.length / 4 }, (_, at) => pixel(table, 4 * at)),
    oddPixel: pixel([odd >> 16, odd >> 8 & 255, odd & 255], 0)
  };
}
function pixel(colours, at) {
  const bytes = Uint8Array.of(colours[at], colours[at + 1], colours[at + 2], 255);
  return new Uint32Array(bytes.buffer)[0];
}
function step({ spec, stage }, value) {
  if (!Number.isFinite(value)) return -1;
  const { scaling, theme } = stage.packet;
  return theme.half + Math.round(theme.half * placeOn(value, spec.scale, scaling));
}
function coloursOf(view, value) {
  const { packet, palette } = view.stage;
  const at = step(view, value);
  const [colour, ink] = at < 0 ? [packet.theme.non_finite, 0] : [`rgb(${palette.table.subarray(4 * at, 4 * at + 3).join(" ")})`, palette.table[4 * at + 3]];
  return { colour, ink: packet.theme.inks[ink] };
}
function scrolled({ scroller, layout, seen }) {
  const whole2 = seen.width >= layout.width && seen.height >= layout.height;
  return whole2 ? { left: 0, top: 0 } : { left: scroller.scrollLeft, top: scroller.scrollTop };
}
function begin2(view, canvas = view.cells) {
  const context = contextOf(canvas);
  const ratio = view.ratio ?? window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { left: left2, top: top2 } = scrolled(view);
  context.clearRect(0, 0, view.seen.width, view.seen.height);
  context.translate(-left2, -top2);
  return context;
}
function paintCells(view) {
  const { spec, layout, seen } = view;
  begin2(view);
  const { left: left2, top: top2 } = scrolled(view);
  const down = Math.floor(top2 / layout.stepY);
  const across = Math.floor(left2 / layout.stepX);
  const lastDown = Math.min(layout.down - 1, (top2 + seen.height) / layout.stepY);
  const lastAcross = Math.min(layout.across - 1, (left2 + seen.width) / layout.stepX);
  for (let y = down; y <= lastDown; y += 1) {
    for (let x = across; x <= lastAcross; x += 1) {
      const tile = y * layout.across + x;
      if (tile < spec.tiles) paintTile(view, tile);
    }
  }
}
function paintTile(view, tile) {
  const { cells, layout, stage } = view;
  const part2 = visiblePart(view, tile);
  if (layout.label) paintLabel(view, part2);
  if (part2.top >= part2.bottom || part2.left >= part2.right) return;
  paintColours(view, part2);
  if (layout.cell < BORDERS_FROM) return;
  eachCell(view, part2, (k, x, y) => paintNumber(view, k, x, y));
  const context = contextOf(cells);
  context.beginPath();
  eachCell(view, part2, (_, x, y) => context.rect(x + 0.5, y + 0.5, layout.cell, layout.cell));
  context.strokeStyle = stage.palette.border;
  context.lineWidth = 1;
  context.stroke();
}
function visiblePart(view, tile) {
  const { spec, layout, seen } = view;
  const { x, y } = cornerOf(view, tile * spec.rows * spec.columns);
  const { left: left2, top: top2 } = scrolled(view);
  return {
    ...{ tile, x, y },
    top: Math.max(0, Math.floor((top2 - y) / layout.cell)),
    bottom: Math.min(spec.rows, Math.ceil((top2 + seen.height - y) / layout.cell)),
    left: Math.max(0, Math.floor((left2 - x) / layout.cell)),
    right: Math.min(spec.columns, Math.ceil((left2 + seen.width - x) / layout.cell))
  };
}
function eachCell({ spec, layout }, { tile, x, y, top: top2, bottom, left: left2, right }, draw) {
  for (let row = top2; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let column = left2; column < right && first + column < spec.count; column += 1) {
      draw(first + column, x + column * layout.cell, y + row * layout.cell);
    }
  }
}
function paintColours(view, { tile, x, y, top: top2, bottom, left: left2, right }) {
  const { cells, spec, layout, stage } = view;
  const { palette } = stage;
  const context = contextOf(cells);
  const picture = new ImageData(right - left2, bottom - top2);
  const pixels = new Uint32Array(picture.data.buffer);
  let at = 0;
  for (let row = top2; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let k = first + left2; k < first + right; k += 1, at += 1) {
      if (k >= spec.count) continue;
      const entry = step(view, spec.values[k]);
      pixels[at] = entry < 0 ? palette.oddPixel : palette.pixels[entry];
    }
  }
  const { width, height } = picture;
  const scratch = new OffscreenCanvas(width, height);
  scratch.getContext("2d")?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  const corner = { x: x + left2 * layout.cell, y: y + top2 * layout.cell };
  context.drawImage(scratch, corner.x, corner.y, width * layout.cell, height * layout.cell);
}
function paintNumber(view, k, x, y) {
  const { cells, layout, spec, texts, stage } = view;
  const { theme } = stage.packet;
  const context = contextOf(cells);
  const entry = step(view, spec.values[k]);
  if (entry < 0) paintHatch(context, x, y, layout.cell, theme.hatch);
  if (!texts) return;
  context.font = texts.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle4 = { x: x + layout.cell / 2, y: y + layout.cell / 2 + 1 };
  if (entry < 0) {
    const width = context.measureText(texts.texts[k]).width + 4;
    context.fillStyle = theme.non_finite;
    context.fillRect(middle4.x - width / 2, middle4.y - 10, width, 18);
  }
  context.fillStyle = theme.inks[entry < 0 ? 0 : stage.palette.table[4 * entry + 3]];
  context.fillText(texts.texts[k], middle4.x, middle4.y);
}
function paintHatch(context, x, y, cell, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, cell, cell);
  context.clip();
  context.beginPath();
  for (let shift = 4; shift < 2 * cell; shift += 8) {
    context.moveTo(x + shift, y);
    context.lineTo(x + shift - cell, y + cell);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}
function paintLabel({ cells, spec, layout, stage }, { tile, x, y }) {
  const { palette, words } = stage;
  const context = contextOf(cells);
  const [from, to] = spec.label_axes;
  const index = fullIndex(spec, tile * spec.rows * spec.columns).slice(from, to).join(",");
  const named = fill(words.maps.channel, { index });
  context.font = `${LABEL * palette.type}px ${palette.numbers}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = palette.text;
  const room = layout.stepX - TILE_GAP / 2;
  const choices = spec.named_channels ? [named, index] : [index];
  const text2 = choices.find((each) => context.measureText(each).width <= room);
  if (text2) context.fillText(text2, x, y - 5);
}

// viz/front/maps/written/texts.js
var MOST_NUMBERS = 4096;
var FONT = { smallest: 10.5, small: 11.5, usual: 12.5, largest: 17, perCell: 0.19, room: 18 };
var PADDING = { least: 2, usual: 5 };
var FEW = 1;
var IN_A_UNIT = [2, 1];
function written(view) {
  const { spec, layout, stage } = view;
  const { alike: alike3, rows } = stage.packet;
  const none = { plain: null, unit: null };
  if (spec.written === false || spec.count > MOST_NUMBERS || layout.cell < FONT.smallest)
    return none;
  const style2 = (
    /** @type {Style} */
    stage.styles.get(spec.key)
  );
  const filled = rows.flat().some(({ asked }) => asked);
  const whole2 = write2(spec, style2);
  const units = IN_A_UNIT.map((decimals) => write2(spec, { decimals, power: style2.exponent }));
  return {
    plain: fitting(
      view,
      filled ? typed(spec, style2) : [...inFractions(spec, style2), whole2, shortened(whole2)]
    ),
    unit: style2.decimals && !alike3 ? fitting(view, units, false) : null
  };
}
function typed({ values }, style2) {
  const write6 = (decimals) => ({
    texts: Array.from(values, (value) => styled(value, { ...style2, decimals })),
    power: 0
  });
  const [whole2, few] = [style2.decimals, Math.max(0, style2.decimals - FEW)].map(write6);
  return [whole2, shortened(whole2), few, shortened(few)];
}
function write2({ values }, style2) {
  return { texts: Array.from(values, (value) => inUnit(value, style2)), power: style2.power };
}
function inFractions({ fractions, values }, style2) {
  if (!fractions || style2.power) return [];
  const found = { texts: Array.from(values, (value) => fractionOr(value, style2)), power: 0 };
  return [found, shortened(found)];
}
function shortened({ texts, power }) {
  return { texts: texts.map(withoutZero), power };
}
function fitting({ layout, stage, cells }, writings, close = true) {
  const { palette } = stage;
  const context = contextOf(cells);
  const usual = Math.min(FONT.largest, Math.max(FONT.usual, layout.cell * FONT.perCell));
  const room = palette.type > 1;
  const smallest = room ? FONT.room : FONT.smallest;
  const sizes = room ? [Math.max(usual * palette.type, FONT.room), FONT.room] : [usual, FONT.usual, FONT.small];
  for (const some of close ? [sizes, [smallest]] : [sizes]) {
    for (const { texts, power } of writings) {
      const longest2 = texts.reduce((a, b) => b.length > a.length ? b : a);
      for (const size of some) {
        const font = `${size}px ${palette.numbers}`;
        context.font = font;
        const padding = size === smallest ? PADDING.least : PADDING.usual;
        if (context.measureText(longest2).width + padding <= layout.cell)
          return { texts, font, power };
      }
    }
  }
  return null;
}
function textsOf(maps) {
  return maps.map(({ spec, written: own }) => {
    const group = maps.filter((each) => each.spec.group === spec.group);
    return own[wayOf2(group.map((each) => each.written))];
  });
}
function wayOf2(group) {
  const some = group.filter(({ plain: plain2, unit }) => plain2 || unit);
  return some.every(({ plain: plain2 }) => plain2) || !some.every(({ unit }) => unit) ? "plain" : "unit";
}
function unitMark(texts) {
  return texts?.power ? `×${powerOfTen(texts.power)}` : "";
}

// viz/front/maps/legend.js
var STEPS = 30;
function scaleColours(table, half) {
  return Array.from({ length: STEPS + 1 }, (_, step2) => {
    const at = Math.round(step2 * 2 * half / STEPS);
    return `rgb(${table.subarray(4 * at, 4 * at + 3).join(" ")})`;
  });
}
function writeScale(parent, colours, said2) {
  const scale2 = element(parent, "div", "scale");
  const gradient2 = `linear-gradient(90deg, ${colours.join(", ")})`;
  element(scale2, "div", "bar").style.background = gradient2;
  const ends2 = element(scale2, "div", "ends");
  for (const end of said2) element(ends2, "span", "", end);
}
function showLegends(stage, views, common) {
  const drawn = views.filter(({ spec }) => !spec.missing);
  const scales = new Set(drawn.map(({ spec }) => spec.scale));
  common.replaceChildren();
  for (const { legend } of views) legend.replaceChildren();
  if (scales.size === 1) {
    showScale(stage, drawn, common);
  } else {
    for (const view of drawn) showScale(stage, [view], view.legend);
  }
  for (const { spec, legend } of drawn) showOdd(stage, spec, legend);
}
function showScale({ packet, palette, words }, views, parent) {
  if (!views[0].spec.scale) return;
  const colours = scaleColours(palette.table, packet.theme.half);
  writeScale(parent, colours, views[0].spec.ends);
  if (packet.scaling === "log") element(parent, "span", "decades", words.maps.decades);
  const units = new Set(views.map(({ texts }) => texts?.power ?? 0));
  units.delete(0);
  if (!units.size) return;
  const unit = [...units].map(powerOfTen).join(", ");
  element(parent, "span", "unit", fill(words.maps.unit, { unit }));
}
function showUnit({ stage, texts, unit }) {
  unit.textContent = unitMark(texts);
  const power = powerOfTen(texts?.power ?? 0);
  unit.title = texts?.power ? fill(stage.words.maps.unit, { unit: power }) : "";
}
function showOdd({ packet }, spec, legend) {
  const { non_finite: odd, hatch: hatch2 } = packet.theme;
  if (!spec.non_finite) return;
  const note2 = element(legend, "span", "odd");
  const swatch = element(note2, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch2} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note2.append(spec.non_finite);
}

// viz/front/maps/lit/links.js
var NOWHERE = 4294967295;
function offsetOf(spec, index) {
  return index.reduce((flat, at, axis) => flat * spec.shape[axis] + at, 0) - spec.start;
}
function pinnedOf({ views }) {
  return views.find((view) => view.pinned !== null);
}
function cellOf(stage) {
  const view = pinnedOf(stage) ?? stage.pointing;
  const k = view?.pinned ?? view?.hovered ?? null;
  return !view || k === null ? null : { view, k };
}
function findSubject(stage) {
  const cell = cellOf(stage);
  return cell ? subjectOf(stage, cell.view, cell.k) : atRest(stage);
}
function atRest(stage) {
  const { byKey, eager, packet } = stage;
  const view = packet.links.length ? byKey.get(packet.links[0].from) : void 0;
  if (!eager || packet.awaited || !view) return null;
  view.largest ??= largestCell(view.spec.values);
  return subjectOf(stage, view, view.largest);
}
function largestCell(values) {
  let found = 0;
  let largest2 = -1;
  for (let k = 0; k < values.length; k += 1) {
    const size = Math.abs(values[k]);
    if (size > largest2 && size < Infinity) [found, largest2] = [k, size];
  }
  return found;
}
function subjectOf(stage, view, k) {
  const { links: sent } = stage.packet;
  const { key } = view.spec;
  const answered = answerAbout(stage, view.spec, k);
  const links = answered?.links ?? sent;
  const explaining = links.filter((link) => link.from === key);
  const chosen3 = explaining.length ? explaining : feeding(links, key);
  const note2 = answered?.note ?? "";
  if (!chosen3.length) return noted(stage, view, k, note2);
  const about = { view, k, links: chosen3, words: wordsOf(stage.words, chosen3[0]), note: note2 };
  const found = explaining.length ? sumOf(stage, about) : reachOf(about);
  return { ...about, ...found ?? { kind: answered ? "too large" : "large" } };
}
function wordsOf({ sum }, link) {
  return { ...sum, ...link.words };
}
function answerAbout({ packet: { answer } }, spec, k) {
  return answer?.map === spec.key && offsetOf(spec, answer.index) === k ? answer : null;
}
function noted({ packet: { links }, words }, view, k, note2) {
  if (!note2 || !links.length) return null;
  return { view, k, links: [], words: wordsOf(words, links[0]), note: note2, kind: "note" };
}
function feeding(links, key) {
  const all = links.filter((link) => link.to === key);
  return all[0]?.large ? all : all.filter((link) => !link.large);
}
function rowOf({ cells }, k) {
  let low = 0;
  let high = cells.length - 1;
  while (low <= high) {
    const middle4 = low + high >> 1;
    if (cells[middle4] === k) return middle4;
    if (cells[middle4] < k) low = middle4 + 1;
    else high = middle4 - 1;
  }
  return -1;
}
function noteOf(link, k) {
  const which = link.note_of?.[rowOf(link, k)] ?? NOWHERE;
  return which === NOWHERE ? "" : link.notes[which];
}
function summedCells(known, link) {
  if (link.undrawn) return { ...link.undrawn, start: 0, count: 0, values: link.hidden_values };
  const map = known.byKey.get(link.to);
  if (!map) throw new Error(`No map has the key ${link.to}.`);
  return map.spec;
}
function summedCell(known, { link, at }) {
  const slot = link.places[at];
  if (slot === NOWHERE) return null;
  const { title, shape: shape2, start, count: count2 } = summedCells(known, link);
  const flat = slot < count2 ? start + slot : link.hidden[slot - count2];
  return { title, index: fullIndex({ shape: shape2, start: 0 }, flat) };
}
function isSingle(known, links) {
  return links.every(
    (link) => link.coefficients instanceof Float32Array && summedCells(known, link).values instanceof Float32Array
  );
}
function addUp(terms, round) {
  if (!terms.length) return 0;
  return terms.reduce((sum, { product }, at) => at ? round(sum + product) : product, 0);
}
function sumOf(known, { view, k, links, note: note2 = "" }) {
  if (links.some((link) => link.large || rowOf(link, k) < 0)) return null;
  const single = isSingle(known, links);
  const round = single ? Math.fround : Number;
  const terms = links.flatMap((link) => termsOf(known, link, rowOf(link, k), round));
  const total = addUp(terms, round);
  const recorded = view.spec.values[k];
  const kind = links[0].adds ? "sum" : "mixed";
  const found = { kind, terms, total, recorded, single, round, note: note2 || noteOf(links[0], k) };
  return { ...found, ...compare(total, recorded, terms, links) };
}
function termsOf(known, link, row, round) {
  const { values, count: count2 } = summedCells(known, link);
  const terms = [];
  for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
    const slot = link.places[at];
    const cell = slot < count2 ? values[slot] : link.hidden_values[slot - count2];
    const value = slot === NOWHERE ? 1 : cell;
    const factor = link.function ? 1 : value;
    terms.push({ link, at, value, product: round(link.coefficients[at] * factor) });
  }
  return terms;
}
function compare(total, recorded, terms, links) {
  const same2 = total === recorded || Number.isNaN(total) && Number.isNaN(recorded);
  const difference = same2 ? 0 : Math.abs(total - recorded);
  const size = terms.reduce((sum, { product }) => sum + Math.abs(product), 0);
  const share2 = Math.max(...links.map((link) => link.rounding)) * Math.sqrt(terms.length + 4);
  const tolerance = share2 * size + Math.max(...links.map((link) => link.slack));
  const agrees = same2 || difference <= tolerance && difference < Infinity;
  const cancels = agrees && recorded !== 0 && Math.abs(recorded) <= share2 * size;
  return { difference, agrees, cancels };
}
function transposed(link, count2) {
  if (link.transposed) return link.transposed;
  const offsets = new Uint32Array(count2 + 1);
  for (const slot of link.places) if (slot < count2) offsets[slot + 1] += 1;
  for (let slot = 0; slot < count2; slot += 1) offsets[slot + 1] += offsets[slot];
  const next = offsets.slice();
  const cells = new Uint32Array(offsets[count2]);
  const coefficients = new Uint32Array(offsets[count2]);
  link.cells.forEach((cell, row) => {
    for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
      const slot = link.places[at];
      if (slot >= count2) continue;
      cells[next[slot]] = cell;
      coefficients[next[slot]] = at;
      next[slot] += 1;
    }
  });
  link.transposed = { offsets, cells, coefficients };
  return link.transposed;
}
function reachOf({ view, k, links }) {
  if (links.some((link) => link.large)) return null;
  const value = view.spec.values[k];
  const terms = [];
  for (const link of links) {
    const { offsets, cells, coefficients } = transposed(link, view.spec.count);
    for (let entry = offsets[k]; entry < offsets[k + 1]; entry += 1) {
      terms.push({ link, at: coefficients[entry], cell: cells[entry], value });
    }
  }
  return { kind: "reach", terms, value };
}
function outlined({ subject, byKey }) {
  const found = /* @__PURE__ */ new Map();
  const add2 = (key, k) => {
    const view = byKey.get(key);
    if (!found.has(view)) found.set(view, /* @__PURE__ */ new Set());
    if (view && k < view.spec.count) found.get(view).add(k);
  };
  if (subject?.kind === "reach") {
    for (const { link, cell } of subject.terms) add2(link.from, cell);
    return found;
  }
  for (const { link, at } of subject?.terms ?? []) {
    if (!link.undrawn) add2(link.to, link.places[at]);
    if (link.tap && link.taps && link.coefficients[at] !== 0) add2(link.tap, link.taps[at]);
  }
  return found;
}
function slopeOf({ link, at }) {
  return link.coefficients[at];
}
function largest(terms, most, sizeOf2) {
  if (terms.length <= most) return { shown: terms, rest: [] };
  const size = (term) => Number.isFinite(sizeOf2(term)) ? Math.abs(sizeOf2(term)) : Infinity;
  const shown = [];
  for (const term of terms) {
    let at = shown.length;
    while (at > 0 && size(shown[at - 1]) < size(term)) at -= 1;
    if (at < most) shown.splice(at, 0, term);
    if (shown.length > most) shown.pop();
  }
  const chosen3 = new Set(shown);
  return { shown, rest: terms.filter((term) => !chosen3.has(term)) };
}

// viz/front/maps/lit/lights.js
var MOST_SAID = 6;
function partnersOf(lights2, key, k) {
  const found = [];
  for (const { from, to, cells, places: places2 } of lights2) {
    cells.forEach((cell, at) => {
      if (from === key && cell === k) found.push([to, places2[at]]);
      if (to === key && places2[at] === k) found.push([from, cell]);
    });
  }
  return found;
}
function entryOf({ entry, pointing }) {
  return entry.hovered ?? (pointing ? null : entry.held);
}
function lit(stage) {
  const entry = entryOf(stage);
  if (entry) return gathered(stage, /* @__PURE__ */ new Map(), partsOf2(entry));
  const cell = cellOf(stage) ?? stage.subject;
  const { lights: lights2 = [] } = stage.packet;
  const partners = cell ? partnersOf(lights2, cell.view.spec.key, cell.k) : [];
  return gathered(stage, outlined(stage), partners);
}
function partsOf2({ map, cells }) {
  return cells.map((k) => [map, k]);
}
function gathered({ byKey }, found, more) {
  for (const [key, k] of more) {
    const view = byKey.get(key);
    if (view) found.set(view, (found.get(view) ?? /* @__PURE__ */ new Set()).add(k));
  }
  return found;
}
function litEntries(stage) {
  const entry = entryOf(stage);
  if (entry) return [entry];
  const cell = cellOf(stage);
  if (!cell) return [];
  const { view, k } = cell;
  return stage.entries.filter(({ map, cells }) => map === view.spec.key && cells.includes(k));
}
function saidOf(stage, linked) {
  const { entries, packet, subject } = stage;
  const entry = entryOf(stage);
  const sums = !packet.lights?.length && !entries.length;
  if (sums || subject && !entry) return null;
  if (!linked.size) return [];
  const cell = entry ? null : cellOf(stage);
  const said2 = [...linked].map(([view, cells]) => cellsInWords(stage, view, [...cells]));
  if (!cell) return said2;
  const { spec } = cell.view;
  const value = typographic(exactNumber(spec.values[cell.k], spec.values));
  return [`${cellsInWords(stage, cell.view, [cell.k])} = ${value}`, ...said2];
}
function cellsInWords({ words }, { spec }, cells) {
  const named = cells.slice(0, MOST_SAID).map((k) => `[${fullIndex(spec, k).join(",")}]`);
  const left2 = cells.length - named.length;
  const more = left2 ? ` ${fill(words.sum.more_cells, { count: left2 })}` : "";
  return `${spec.title} ${named.join(", ")}${more}`;
}

// viz/front/maps/moves.js
var PAGE_ROWS = 10;
var MOVES = {
  ArrowLeft: (tiles, k) => beside(tiles, k, -1, 0),
  ArrowRight: (tiles, k) => beside(tiles, k, 1, 0),
  ArrowUp: (tiles, k) => beside(tiles, k, 0, -1),
  ArrowDown: (tiles, k) => beside(tiles, k, 0, 1),
  Home: (tiles, k, control) => control ? 0 : cellOf2(tiles, 0, placeOf3(tiles, k).y),
  End: (tiles, k, control) => control ? tiles.spec.count - 1 : endOfRow(tiles, k),
  PageUp: (tiles, k) => page(tiles, k, -1),
  PageDown: (tiles, k) => page(tiles, k, 1)
};
function isMove(key) {
  return Object.hasOwn(MOVES, key);
}
function moved(tiles, k, key, control) {
  const target = MOVES[key](tiles, k, control);
  return target >= 0 && target < tiles.spec.count ? target : k;
}
function placeOf3({ spec, layout }, k) {
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  return {
    x: tile % layout.across * spec.columns + k % spec.columns,
    y: Math.floor(tile / layout.across) * spec.rows + Math.floor(k % size / spec.columns)
  };
}
function cellOf2({ spec, layout }, x, y) {
  if (x < 0 || y < 0 || x >= layout.across * spec.columns) return -1;
  const tile = Math.floor(y / spec.rows) * layout.across + Math.floor(x / spec.columns);
  return (tile * spec.rows + y % spec.rows) * spec.columns + x % spec.columns;
}
function beside(tiles, k, right, down) {
  const { x, y } = placeOf3(tiles, k);
  return cellOf2(tiles, x + right, y + down);
}
function endOfRow(tiles, k) {
  const { y } = placeOf3(tiles, k);
  let x = tiles.layout.across * tiles.spec.columns - 1;
  while (cellOf2(tiles, x, y) >= tiles.spec.count) x -= 1;
  return cellOf2(tiles, x, y);
}
function page(tiles, k, step2) {
  const { tiles: count2, rows, columns } = tiles.spec;
  if (count2 > 1) return k + step2 * rows * columns;
  const { x, y } = placeOf3(tiles, k);
  return cellOf2(tiles, x, Math.min(Math.max(y + step2 * PAGE_ROWS, 0), rows - 1));
}

// viz/front/maps/lit/outlines.js
var FRAMED_FROM = 44;
var FRAME = { inset: 2.5, widths: [5, 3] };
var RIM = { inset: 2, widths: [4, 2] };
function paintOutlines(view, groups) {
  const context = begin2(view, view.outlines);
  context.lineCap = "square";
  for (const { cells, colour, edge, together } of groups) {
    const framed = view.layout.cell >= FRAMED_FROM && !together;
    const path = framed ? frames(view, cells) : rim(view, new Set(cells));
    [edge, colour].forEach((stroke2, at) => {
      context.lineWidth = (framed ? FRAME : RIM).widths[at];
      context.strokeStyle = stroke2;
      context.stroke(path);
    });
  }
}
function frames(view, cells) {
  const path = new Path2D();
  const side = view.layout.cell + 1 - 2 * FRAME.inset;
  for (const k of cells) {
    const { x, y } = cornerOf(view, k);
    path.rect(x + FRAME.inset, y + FRAME.inset, side, side);
  }
  return path;
}
function rim(view, group) {
  const { spec, layout } = view;
  const path = new Path2D();
  const within3 = (at, size) => Math.min(Math.max(at + 0.5, RIM.inset), size - RIM.inset);
  for (const k of group) {
    const { x, y } = cornerOf(view, k);
    const column = k % spec.columns;
    const row = Math.floor(k / spec.columns) % spec.rows;
    const [left2, right] = [x, x + layout.cell].map((at) => within3(at, layout.width));
    const [top2, bottom] = [y, y + layout.cell].map((at) => within3(at, layout.height));
    const sides = [
      [row === 0 || !group.has(k - spec.columns), left2, top2, right, top2],
      [row === spec.rows - 1 || !group.has(k + spec.columns), left2, bottom, right, bottom],
      [column === 0 || !group.has(k - 1), left2, top2, left2, bottom],
      [column === spec.columns - 1 || !group.has(k + 1), right, top2, right, bottom]
    ];
    for (const [open2, fromX, fromY, toX, toY] of sides) {
      if (!open2) continue;
      path.moveTo(fromX, fromY);
      path.lineTo(toX, toY);
    }
  }
  return path;
}

// viz/front/maps/sight.js
var SIGHT_GAP = 16;
function bringInSight(stage, linked) {
  const { pointing, sighted, subject, views } = stage;
  if (!subject || pointing) return;
  const { view, k } = subject;
  if (sighted?.layout === view.layout && sighted.k === k) return;
  stage.sighted = { layout: view.layout, k };
  if (view.pinned === k && isSeen(view, k)) return;
  for (const each of views.filter(({ spec }) => !spec.missing)) {
    if (isAlike(each, view)) centre(each, k);
    else for (const first of [...linked.get(each) ?? []].slice(0, 1)) centre(each, first);
  }
}
function isAlike({ spec: one }, { spec: other }) {
  return one.start === other.start && String(one.shape) === String(other.shape);
}
function isSeen(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  const [left2, top2] = [x - scroller.scrollLeft, y - scroller.scrollTop];
  const within3 = left2 + layout.cell <= seen.width && top2 + layout.cell <= seen.height;
  return left2 >= 0 && top2 >= 0 && within3;
}
function centre(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  scroller.scrollLeft = x + (layout.cell - seen.width) / 2;
  scroller.scrollTop = y + (layout.cell - seen.height) / 2;
}
function scrollTo(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  const within3 = (scroll, at, visible) => Math.min(Math.max(scroll, at + layout.cell + 4 - visible), at - 4);
  scroller.scrollLeft = within3(scroller.scrollLeft, x, seen.width);
  scroller.scrollTop = within3(scroller.scrollTop, y, seen.height);
}
function keepInSight(view, k) {
  const { window: parent, scroller, layout, stage } = view;
  if (stage.sum.box.hidden) return;
  const { x, y } = cornerOf(view, k);
  const anchor = element(parent, "div", "anchor");
  Object.assign(anchor.style, {
    left: `${x - scroller.scrollLeft}px`,
    top: `${y - scroller.scrollTop}px`,
    width: `${layout.cell}px`,
    height: `${layout.cell}px`,
    scrollMarginBottom: `${stage.sum.box.offsetHeight + SIGHT_GAP}px`
  });
  anchor.scrollIntoView({ block: "nearest", inline: "nearest" });
  anchor.remove();
}

// viz/front/maps/written/exact.js
var NUMBER2 = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/;
function read(text2) {
  const [over, under] = text2.trim().replaceAll("−", "-").split("/");
  if (under === void 0) return decimal(over);
  const parts = [decimal(over), decimal(under)];
  if (!parts[0] || !parts[1]?.over) return null;
  return { over: parts[0].over * parts[1].under, under: parts[0].under * parts[1].over };
}
function decimal(text2) {
  const found = NUMBER2.exec(text2);
  if (!found || !`${found[2]}${found[3] ?? ""}`) return null;
  const [, sign, whole2, part2 = "", power = "0"] = found;
  const digits = BigInt(`${whole2}${part2}`) * (sign === "-" ? -1n : 1n);
  const shift = Number(power) - part2.length;
  const scale2 = 10n ** BigInt(Math.abs(shift));
  return shift < 0 ? { over: digits, under: scale2 } : { over: digits * scale2, under: 1n };
}
function plus(one, other) {
  return {
    over: one.over * other.under + other.over * one.under,
    under: one.under * other.under
  };
}
function times(one, other) {
  return { over: one.over * other.over, under: one.under * other.under };
}
function addsUp(total, products) {
  const wanted = read(total);
  let sum = (
    /** @type {Fraction} */
    { over: 0n, under: 1n }
  );
  for (const factors of products) {
    let product = (
      /** @type {Fraction} */
      { over: 1n, under: 1n }
    );
    for (const text2 of factors) {
      const factor = read(text2);
      if (!factor) return false;
      product = times(product, factor);
    }
    sum = plus(sum, product);
  }
  return wanted !== null && sum.over * wanted.under === wanted.over * sum.under;
}

// viz/front/maps/written/lines.js
var MOST_TERMS = 10;
var IN_ROOM2 = { lines: 2, letter: 10.9, verdict: 9.6, besides: 42, around: 3 };
var MOST_NAMED = 4;
var MOST_FED = 3;
var SAYS_ITS_NUMBER = /^[-+]?[\d./]+( ?\(.*\))?$|=/;
function lineOf(stage, subject) {
  const { kind, words, view, note: note2 } = subject;
  if (kind === "sum") return sumLine(stage, subject);
  if (kind === "mixed") return mixedLine(stage, subject);
  if (kind === "reach") return reachLine(stage, subject);
  if (kind === "note") return plainLine(note2 ?? "");
  const asked = view.pinned === null ? words.large : words.asking;
  return plainLine(kind === "large" ? asked : words.too_large);
}
function number(stage, value) {
  const { theme } = stage.packet;
  return shortNumber(value, theme.digits, theme);
}
function asOn(stage, key, value) {
  const style2 = stage.styles.get(key);
  if (!style2) return number(stage, value);
  const fractions = stage.byKey.get(key)?.spec.fractions && !style2.power;
  return fractions ? fractionOr(value, style2) : styled(value, style2);
}
function sumLine(stage, subject) {
  const { view, recorded, total, words, terms } = subject;
  const write6 = (value) => asOn(stage, view.spec.key, value);
  const { parts, rest, left: left2, more, named } = writtenOut(stage, subject, write6);
  const factors = [...parts.map((each) => each.factors), ...rest.length ? [[left2.value]] : []];
  const start = write6(recorded);
  const sign = addsUp(start, factors) ? "=" : "≈";
  const odds = fill(words.differs, { difference: number(stage, subject.difference) });
  const note2 = subject.note || (terms.length ? "" : words.nothing);
  const totals = { total: write6(total), recorded: start, odds };
  const written4 = parts.map(({ text: text2 }) => text2).join(" + ") || "0";
  const verdict = verdictOf(subject, totals);
  return {
    write: (box) => writeTerms(box, subject, parts, { start, sign, more, note: note2, named }),
    verdict: (box) => writeVerdict(box, verdict, subject, odds),
    spoken: [`${start} ${sign} ${written4} ${more}`, ...verdict.said, note2],
    data: { ...dataOf(subject, parts.length), sign }
  };
}
function writtenOut(stage, subject, write6) {
  const { terms, recorded, round, words } = subject;
  const said2 = fill(words.too, { recorded: fill(words.recorded, { value: write6(recorded) }) });
  const letters = lettersOfLine(stage, said2.length);
  for (let most = MOST_TERMS; ; most -= 1) {
    const { shown, rest } = largest(terms, most, ({ product }) => product);
    const left2 = { count: rest.length, value: write6(addUp(rest, round)) };
    const more = rest.length ? fill(words.more, left2) : "";
    const parts = shown.map((term) => partsOf3(stage, subject, term));
    const fits = (named2) => linesFor(piecesOf(parts, write6(recorded), more, named2), letters) <= IN_ROOM2.lines;
    const named = parts.length <= MOST_NAMED && fits(true);
    if (most === 1 || named || fits(false)) return { parts, rest, left: left2, more, named };
  }
}
function lettersOfLine({ palette, width }, verdict) {
  if (!(palette.type > 1)) return Infinity;
  return (width - IN_ROOM2.besides - verdict * IN_ROOM2.verdict) / IN_ROOM2.letter;
}
function piecesOf(parts, start, more, named) {
  const seen = parts.map(({ text: text2, coefficient, name: name2, value, implied }) => {
    if (implied) return value;
    return named || !name2 ? text2 : `${coefficient} × ${value}`;
  });
  const words = more ? more.split(" ").map((word2) => word2.length + 1) : [];
  return [start, ...seen].map((text2) => text2.length + IN_ROOM2.around).concat(words);
}
function linesFor(pieces2, most) {
  let [lines, left2] = [1, most];
  for (const piece of pieces2) {
    if (piece > left2) [lines, left2] = [lines + 1, most];
    left2 -= piece;
  }
  return lines;
}
function writeTerms(box, { view, recorded }, parts, { start, sign, more, note: note2, named }) {
  box.classList.toggle("many", !named);
  writeChip(box, "value", start, view, recorded);
  box.append(` ${sign} `);
  parts.forEach((part2, at) => {
    if (at) box.append(" + ");
    writePart(box, part2);
  });
  if (!parts.length) box.append("0");
  if (more) element(box, "span", "more", ` ${more}`);
  if (note2) element(box, "span", "note", ` ${note2}`);
}
function writeChip(box, className, text2, view, value) {
  const { colour, ink } = coloursOf(view, value);
  const chip = element(box, "span", `chip ${className}`, text2);
  Object.assign(chip.style, { background: colour, color: ink });
}
function verdictOf({ agrees, cancels, words }, { total, recorded, odds }) {
  const said2 = fill(words.recorded, { value: recorded });
  if (cancels) {
    const rounding = fill(words.cancels, { recorded: said2 });
    return { shown: [["recorded tick", rounding]], said: [rounding] };
  }
  if (agrees && total === recorded) {
    const same2 = fill(words.too, { recorded: said2 });
    return { shown: [["recorded tick", same2]], said: [same2] };
  }
  const both = [fill(words.total, { value: total }), said2];
  const shown = [
    ["total", both[0]],
    ["recorded", both[1]],
    agrees ? ["tick", "✓"] : ["cross", `✗ ${odds}`]
  ];
  return { shown, said: [...both, agrees ? words.agrees : odds] };
}
function writeVerdict(box, { shown }, { agrees, difference }, odds) {
  for (const [className, text2] of shown) {
    const part2 = element(box, "span", className, text2);
    if (className.endsWith("tick") && agrees && difference) part2.title = odds;
  }
}
function dataOf({ view, total, single, recorded, difference, agrees, terms }, shown) {
  return {
    total: exactNumber(total, single ? new Float32Array() : new Float64Array()),
    autograd: exactNumber(recorded, view.spec.values),
    difference: String(difference),
    agrees: String(agrees),
    terms: String(terms.length),
    shown: String(shown)
  };
}
function partsOf3(stage, { view, terms }, term) {
  const { link, value, product } = term;
  const on = stage.byKey.get(link.to);
  const summed = asOn(stage, on ? link.to : view.spec.key, value);
  const cell = summedCell(stage, term);
  const around2 = placeOf4(cell, on, value);
  if (link.function) {
    const text3 = `${link.function}(${summed})`;
    const factors = [asOn(stage, view.spec.key, product)];
    return { ...around2, coefficient: text3, name: "", value: "", text: text3, factors, implied: false };
  }
  const { coefficient, name: name2, text: text2 } = factorOf(stage, term);
  const named = name2 ? `${coefficient} ${name2}` : coefficient;
  const implied = terms.length > 1 && terms.every((other) => isCopy(other, term));
  const parts = { ...around2, coefficient, name: name2, implied };
  if (!cell) return { ...parts, value: "", text: named, factors: [text2] };
  return { ...parts, value: summed, text: `${named} × ${summed}`, factors: [text2, summed] };
}
function placeOf4(cell, view, value) {
  if (!cell) return { where: "", from: "", chip: null };
  const where = `${cell.title} [${cell.index.join(", ")}]`;
  return { where, from: cell.index.join(","), chip: view ? { view, value } : null };
}
function factorOf(stage, { link, at }) {
  const name2 = link.name_of ? link.names[link.name_of[at]] : "";
  if (!SAYS_ITS_NUMBER.test(name2)) {
    const value = link.coefficients[at];
    const coefficient = link.fractions && fraction(value) || number(stage, value);
    return { coefficient, name: name2, text: coefficient };
  }
  const [text2] = /[-+]?[\d./]+(e[-+]?\d+)?(?= |$)/.exec(name2) ?? [""];
  return { coefficient: typographic(name2.includes(" = ") ? `(${name2})` : name2), name: "", text: text2 };
}
function isCopy({ link, at }, other) {
  const nameOf3 = (each) => {
    const { name_of: which, names } = each.link;
    return which ? names[which[each.at]] : "";
  };
  return link.coefficients[at] === 1 && !link.function && nameOf3({ link, at, value: 0 }) === nameOf3(other);
}
function writePart(parent, { coefficient, name: name2, value, where, from, chip, implied }) {
  const line2 = element(parent, "span", "term");
  const factor = element(line2, "span", implied ? "factor implied" : "factor");
  element(factor, "span", "coefficient", coefficient);
  if (name2) element(factor, "span", "name", ` ${name2}`);
  if (value) factor.append(" × ");
  if (chip) writeChip(line2, "summed", value, chip.view, chip.value);
  else if (value) line2.append(value);
  if (!where) return;
  line2.dataset.from = from;
  line2.title = [name2, where].filter(Boolean).join(" × ");
}
function termText(stage, term) {
  const { link, value } = term;
  const summed = asOn(stage, link.to, value);
  if (link.function) return `${link.function}(${summed})`;
  const { coefficient, name: name2 } = factorOf(stage, term);
  const named = name2 ? `${coefficient} ${name2}` : coefficient;
  return summedCell(stage, term) ? `${named} × ${summed}` : named;
}
function mixedLine(stage, { view, terms, recorded, words }) {
  const { shown } = largest(terms, MOST_FED, slopeOf);
  const value = asOn(stage, view.spec.key, recorded);
  const start = fill(words.mixed, { value, count: terms.length });
  const listed = shown.map((term) => {
    const cell = summedCell(stage, term);
    return slopeText(stage, cell ? `${cell.title} [${cell.index.join(",")}]` : "", term);
  });
  return listLine(start, listed, terms.length, words, { terms: String(terms.length) });
}
function reachLine(stage, { view, terms, value, words }) {
  const { adds } = terms[0]?.link ?? { adds: true };
  const shown = adds ? terms.slice(0, MOST_FED) : largest(terms, MOST_FED, slopeOf).shown;
  const count2 = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count2] ?? words.feeds;
  const start = fill(sentence, { value: asOn(stage, view.spec.key, value), count: count2 });
  const fed = shown.map((term) => {
    const spec = stage.byKey.get(term.link.from)?.spec;
    const index = spec ? fullIndex(spec, term.cell) : [];
    const cell = `${wordsOf(stage.words, term.link).explained}[${index.join(",")}]`;
    if (!adds) return slopeText(stage, cell, term);
    return fill(words.gets, { cell, term: termText(stage, term) });
  });
  const data = { cells: String(count2), terms: String(terms.length) };
  return listLine(start, fed, terms.length, words, data);
}
function slopeText(stage, cell, term) {
  return fill(stage.words.sum.slope, { cell, value: number(stage, slopeOf(term)) });
}
function listLine(start, listed, count2, words, data) {
  const left2 = count2 - listed.length;
  const more = left2 > 0 ? [fill(words.more_cells, { count: left2 })] : [];
  const text2 = `${start} ${[...listed, ...more].join("; ")}`;
  return plainLine(text2, { ...data, shown: String(listed.length) });
}
function plainLine(text2, data = {}) {
  const write6 = (box) => element(box, "span", "plain", text2);
  return { write: write6, verdict() {
  }, spoken: [text2], data };
}

// viz/front/maps/written/sum.js
var MOST_HEIGHT = 190;
var SAMPLES = 12;
function buildSum(root) {
  const box = element(root, "div", "sum");
  const terms = element(box, "div", "terms");
  const verdict = element(box, "div", "verdict");
  const spoken3 = element(root, "div", "spoken", "", { ariaLive: "polite" });
  return { box, terms, verdict, spoken: spoken3 };
}
function freeing(words) {
  return globalThis.matchMedia?.("(hover: none)").matches ? words.pinned_touched : words.pinned;
}
function writeSum(stage) {
  const { sum, subject } = stage;
  const { box, terms, verdict } = sum;
  const pinned = subject?.view.pinned === subject?.k;
  for (const name2 of Object.keys(box.dataset)) delete box.dataset[name2];
  box.classList.toggle("idle", !subject);
  box.classList.toggle("pinned", Boolean(subject) && pinned);
  box.dataset.kind = subject?.kind ?? "idle";
  terms.replaceChildren();
  terms.className = "terms";
  verdict.replaceChildren();
  if (!subject) {
    terms.textContent = hintOf(stage);
    speak(stage, []);
    return;
  }
  const { view, k, words } = subject;
  const line2 = lineOf(stage, subject);
  line2.write(terms);
  line2.verdict(verdict);
  if (pinned) element(verdict, "span", "pinned", freeing(words));
  const cell = fullIndex(view.spec, k).join(",");
  Object.assign(box.dataset, line2.data, { map: view.spec.key, cell, pinned: String(pinned) });
  terms.scrollTop = 0;
  speak(stage, [`${view.spec.title} [${cell}]`, ...line2.spoken]);
}
function hintOf({ packet, words }) {
  const [first] = packet.links;
  if (packet.awaited || !first) return "";
  const { hint, large } = wordsOf(words, first);
  return first.large ? large : hint;
}
function speak(stage, sentences) {
  clearTimeout(stage.speaking);
  stage.speaking = window.setTimeout(() => {
    const said2 = sentences.map((sentence) => sentence.trim()).filter(Boolean);
    stage.sum.spoken.textContent = said2.join(". ");
  }, stage.resting);
}
function reserve(stage) {
  const { packet, sum } = stage;
  const { box } = sum;
  box.hidden = !packet.links.length && !packet.answer && !packet.awaited;
  if (box.hidden || packet.awaited) return;
  const measure2 = element(box, "div", "measure");
  const tried = samples(stage).map((subject) => trial(stage, measure2, subject));
  const hint = element(measure2, "div", "trial");
  if (!stage.eager) element(hint, "div", "terms plain", hintOf(stage));
  const tallest = Math.max(...[hint, ...tried].map((each) => each.offsetHeight));
  box.style.setProperty("--reserved", `${Math.min(tallest, MOST_HEIGHT)}px`);
  measure2.remove();
}
function trial(stage, measure2, subject) {
  const line2 = lineOf(stage, subject);
  const tried = element(measure2, "div", "trial");
  line2.write(element(tried, "div", "terms"));
  const verdict = element(tried, "div", "verdict");
  line2.verdict(verdict);
  element(verdict, "span", "pinned", freeing(subject.words));
  return tried;
}
function samples(stage) {
  const { links, answer } = stage.packet;
  const subjects = [];
  const add2 = (view, k) => {
    const subject = view && k >= 0 && k < view.spec.count && subjectOf(stage, view, k);
    if (subject) subjects.push(subject);
  };
  const about = answer && stage.byKey.get(answer.map);
  if (about) add2(about, offsetOf(about.spec, answer.index));
  for (const link of links) {
    for (const k of explainedSamples(link)) add2(stage.byKey.get(link.from), k);
    const to = stage.byKey.get(link.to);
    if (to && !link.large && link.cells.length) {
      for (let part2 = 0; part2 < SAMPLES; part2 += 1) {
        add2(to, Math.floor(part2 * to.spec.count / SAMPLES));
      }
    }
  }
  return subjects;
}
function explainedSamples({ large, cells, offsets, notes, note_of }) {
  if (large) return [0];
  if (!cells.length) return [];
  const termsOf2 = (row) => offsets[row + 1] - offsets[row];
  const longest2 = cells.reduce((best, _, row) => termsOf2(row) > termsOf2(best) ? row : best, 0);
  const noted2 = notes.map((_, which) => note_of?.indexOf(which) ?? -1);
  const spread = Array.from(
    { length: SAMPLES },
    (_, part2) => Math.floor(part2 * cells.length / SAMPLES)
  );
  return [longest2, ...noted2, ...spread].filter((row) => row >= 0).map((row) => cells[row]);
}

// viz/front/maps/lit/table.js
var LETTER2 = /\p{L}/u;
var STEPS2 = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function writeTables(stage, onPoint) {
  const { tables = [] } = stage.packet;
  const written4 = JSON.stringify(tables);
  if (written4 === stage.tabulated) return;
  const holder = focused(stage.root);
  const held = stage.entries.findIndex(({ part: part2 }) => part2 === holder);
  stage.tables.replaceChildren();
  Object.assign(stage, { tabulated: written4, entries: [], entry: { hovered: null, held: null } });
  tables.forEach((table, at) => writeTable(stage, table, at));
  for (const entry of stage.entries) listen(stage, entry, onPoint);
  if (held >= 0) stage.entries[held]?.part.focus({ preventScroll: true });
}
function writeTable(stage, { key, title, heads, rows }, at) {
  const frame2 = element(stage.tables, "div", "frame");
  const table = element(frame2, "table");
  table.dataset.table = key;
  if (title) element(element(table, "caption"), "span", "", title);
  const numbers2 = numberColumns(rows.map((row) => row.map(({ text: text2 }) => text2)));
  const kindOf2 = (column) => numbers2.has(column) ? "number" : "";
  const head3 = element(element(table, "thead"), "tr");
  heads.forEach((text2, column) => element(head3, "th", kindOf2(column), text2, { scope: "col" }));
  const body = element(table, "tbody");
  rows.forEach((row, down) => {
    const line2 = element(body, "tr");
    row.forEach((entry, column) => {
      const cell = column ? element(line2, "td", kindOf2(column)) : element(line2, "th", kindOf2(column), "", { scope: "row" });
      writeEntry(stage, cell, entry, { table: at, row: down, column });
    });
  });
}
function writeEntry({ entries }, parent, { text: text2, map, cells }, place) {
  if (!cells.length) {
    parent.textContent = text2;
    return;
  }
  const first = !entries.some(({ table }) => table === place.table);
  const more = { type: (
    /** @type {const} */
    "button"
  ), tabIndex: first ? 0 : -1 };
  entries.push({ ...place, map, cells, part: element(parent, "button", "entry", text2, more) });
}
function markEntries(stage) {
  const lit2 = new Set(litEntries(stage));
  for (const entry of stage.entries) entry.part.classList.toggle("linked", lit2.has(entry));
}
function numberColumns(rows) {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
  const isOne2 = (texts) => texts.some((text2) => read(text2)) && texts.every((text2) => read(text2) || !LETTER2.test(text2));
  return new Set(columns.flatMap((texts, column) => isOne2(texts) ? [column] : []));
}
function entryBeside(entries, from, key) {
  const [down, right] = STEPS2[key];
  const ahead = entries.filter(({ table, row, column }) => {
    const [y, x] = [Math.sign(row - from.row), Math.sign(column - from.column)];
    return table === from.table && y === down && x === right;
  });
  return down + right > 0 ? ahead[0] : ahead.at(-1);
}
function listen(stage, entry, onPoint) {
  const { part: part2 } = entry;
  const set = (changed2) => {
    stage.entry = { ...stage.entry, ...changed2 };
    const view = stage.byKey.get(entry.map);
    if (view && Object.values(changed2).includes(entry)) scrollTo(view, entry.cells[0]);
    onPoint();
  };
  part2.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") set({ hovered: entry });
  });
  part2.addEventListener("pointerleave", () => {
    if (stage.entry.hovered === entry) set({ hovered: null });
  });
  part2.addEventListener("focus", () => {
    for (const { part: other, table } of stage.entries) {
      if (table === entry.table) other.tabIndex = other === part2 ? 0 : -1;
    }
    if (part2.matches(":focus-visible")) set({ held: entry });
  });
  part2.addEventListener("blur", () => {
    if (stage.entry.held === entry) set({ held: null });
  });
  part2.addEventListener("click", () => {
    const held = stage.entry.held === entry ? null : entry;
    part2.focus({ preventScroll: true });
    set({ held });
  });
  part2.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && stage.entry.held) set({ held: null });
    else if (event.key in STEPS2) entryBeside(stage.entries, entry, event.key)?.part.focus();
    else return;
    event.preventDefault();
  });
}

// viz/front/maps/lit/pointing.js
var MOST_LISTED = 512;
function readOut({ hovered, pinned, spec, readout }) {
  const k = hovered ?? pinned;
  readout.replaceChildren();
  readout.classList.toggle("idle", k === null);
  if (k === null) {
    delete readout.dataset.index;
    delete readout.dataset.value;
    return;
  }
  const index = fullIndex(spec, k).join(",");
  const value = exactNumber(spec.values[k], spec.values);
  Object.assign(readout.dataset, { index, value });
  element(readout, "span", "index", `[${index}] =`);
  readout.append(" ");
  element(readout, "span", "value", typographic(value));
}
function outline(stage, linked = lit(stage)) {
  const { palette } = stage;
  for (const view of stage.views) {
    if (view.spec.missing || !palette) continue;
    const cells = linked.get(view) ?? /* @__PURE__ */ new Set();
    const groups = groupsOf(view, cells, linked.size > 0);
    if (groups.length || view.marked) paintOutlines(view, groups);
    view.marked = groups.length > 0;
    view.scroller.dataset.linkedCount = String(cells.size);
    const listed = [...cells].slice(0, MOST_LISTED);
    view.scroller.dataset.linked = listed.map((k) => view.spec.start + k).join(",");
  }
}
function groupsOf(view, linked, some) {
  const { stage, pinned, hovered } = view;
  const { accent, background, text: text2, linked: orange, linkedEdge } = stage.palette;
  const groups = [];
  if (view.spec.reach) {
    groups.push({ cells: reachOf2(view), colour: text2, edge: background, together: true });
  }
  if (linked.size) groups.push({ cells: linked, colour: orange, edge: linkedEdge });
  if (hovered !== null && hovered !== pinned) {
    const [colour, edge] = lights(view, some) ? [orange, linkedEdge] : [text2, background];
    groups.push({ cells: [hovered], colour, edge });
  }
  const resting = restingOn(view);
  if (resting !== null) groups.push({ cells: [resting], colour: orange, edge: linkedEdge });
  if (pinned !== null) groups.push({ cells: [pinned], colour: accent, edge: background });
  return groups;
}
function lights(view, some) {
  const { subject } = view.stage;
  if (!subject) return some && !pinnedOf(view.stage);
  return subject.view === view && subject.k === view.hovered;
}
function reachOf2({ spec: { values } }) {
  return Array.from(values.keys()).filter((k) => values[k] !== 0);
}
function restingOn({ hovered, pinned, stage: { subject }, spec }) {
  const here = subject?.view.spec === spec && hovered === null && pinned === null;
  return here ? subject.k : null;
}
function relate(stage) {
  stage.subject = findSubject(stage);
  const linked = lit(stage);
  bringInSight(stage, linked);
  outline(stage, linked);
  markEntries(stage);
  if (!stage.sum.box.hidden) writeSum(stage);
  const said2 = saidOf(stage, linked);
  if (said2) speak(stage, said2);
  askAtRest(stage);
}
function askAtRest(stage) {
  const { pointing, subject } = stage;
  if (subject?.kind !== "large" || pinnedOf(stage) || pointing) return;
  const { view, k } = subject;
  const cell = { map: view.spec.key, index: fullIndex(view.spec, k) };
  if (stage.asked === JSON.stringify(cell)) return;
  stage.asked = JSON.stringify(cell);
  stage.onCell({ ...cell, atRest: true });
}
function hover(view, k) {
  if (k === view.hovered) return;
  const { stage } = view;
  view.hovered = k;
  view.cursor = k ?? view.cursor;
  stage.pointing = k === null ? pointedAt(stage) : view;
  readOut(view);
  relate(stage);
}
function pointedAt({ views }) {
  return views.find((each) => each.hovered !== null);
}
function pin(view, k) {
  const { stage } = view;
  view.hovered = null;
  stage.pointing = pointedAt(stage);
  hold(view, k);
  stage.touched = true;
  stage.entry = { ...stage.entry, held: null };
  relate(stage);
  if (k !== null) keepInSight(view, k);
  ask(view);
  tellPinned(stage);
}
function hold(view, k) {
  const before = pinnedOf(view.stage);
  if (before) before.pinned = null;
  view.pinned = k;
  view.cursor = k ?? view.cursor;
  if (before && before !== view) readOut(before);
  readOut(view);
}
function tellPinned(stage) {
  const view = pinnedOf(stage);
  const at = view?.pinned ?? null;
  const cell = view && at !== null ? { map: view.spec.key, index: fullIndex(view.spec, at) } : null;
  if (JSON.stringify(cell) === JSON.stringify(stage.pinned ?? null)) return;
  stage.pinned = cell;
  stage.onPinned?.(cell);
}
function ask({ stage, spec, pinned }) {
  const { subject, packet } = stage;
  if (pinned === null) {
    stage.asked = void 0;
    if (packet.answer) stage.onCell({ map: spec.key, index: null });
  } else if (subject?.kind === "large" || packet.held?.map === spec.key) {
    stage.onCell({ map: spec.key, index: fullIndex(spec, pinned) });
  }
}
function askLate({ subject, packet }) {
  const asked = packet.held && packet.held.map === subject?.view.spec.key;
  if (subject?.kind === "large" && subject.view.pinned !== null && !asked) ask(subject.view);
}
function pinAnswered({ packet, touched, byKey, asked }) {
  const place = packet.answer ?? packet.held;
  const view = place ? byKey.get(place.map) : void 0;
  if (!place || !view || touched || isAtRest(asked, place)) return;
  const k = offsetOf(view.spec, place.index);
  if (k >= 0 && k < (view.spec.count ?? 0)) hold(view, k);
}
function isAtRest(asked, { map, index }) {
  return asked === JSON.stringify({ map, index });
}
function pointed(view, event) {
  const box = view.outlines.getBoundingClientRect();
  const x = event.clientX - box.left + view.scroller.scrollLeft;
  const y = event.clientY - box.top + view.scroller.scrollTop;
  return cellAt(view, x, y);
}
function onKey(view, event) {
  const k = view.hovered ?? view.pinned;
  if (isMove(event.key)) {
    const from = k ?? view.cursor;
    const to = from === null ? 0 : moved(view, from, event.key, event.ctrlKey);
    scrollTo(view, to);
    hover(view, to);
  } else if ((event.key === "Enter" || event.key === " ") && k !== null) {
    pin(view, k === view.pinned ? null : k);
  } else if (event.key !== "Escape" || !free(view)) return;
  event.preventDefault();
}
function free(view) {
  const pinned = pinnedOf(view.stage);
  if (!pinned && view.hovered === null) return false;
  if (pinned) pin(pinned, null);
  hover(view, null);
  return true;
}
function listen2(view) {
  const { scroller, stage } = view;
  const byMouse = (event) => event.pointerType !== "touch";
  scroller.addEventListener("pointermove", (event) => {
    if (byMouse(event)) hover(view, pointed(view, event));
  });
  scroller.addEventListener("pointerleave", (event) => {
    if (byMouse(event)) hover(view, null);
  });
  scroller.addEventListener("click", (event) => {
    const k = pointed(view, event);
    if (k !== null) pin(view, k === view.pinned ? null : k);
  });
  scroller.addEventListener("keydown", (event) => onKey(view, event));
  scroller.addEventListener("blur", () => hover(view, null));
  scroller.addEventListener("scroll", () => {
    if (stage.palette) paintCells(view);
    outline(stage);
  });
}

// viz/front/maps/arrange.js
var SCROLL_HEIGHT = 420;
var CARD_WIDTH = 200;
var WORD_LETTER = 11;
var TITLE_LETTER = 8.8;
var BETWEEN_WIDTH = { most: 190, least: 118, arrow: 40 };
var SCALE2 = { letter: 7.4, gaps: 12 };
var EVEN_CELL = 64;
var COLUMN_GAP = 22;
var NARROW_GAP = 12;
var STACK_BELOW = 520;
var UNIT_LETTERS = 6;
var HIDE_BUTTON = 30;
var FILLED_CELL = 66;
var LEAST_FILLED = 4;
var SCALE_BELOW = 41;
var FEW_FILLED = 2;
var GIVEN_HEIGHT = 220;
var ROOM = { height: ONE_TILE_HEIGHT, cell: BIGGEST_CELL };
function arrange(stage, all = false) {
  const width = stage.root.clientWidth;
  stage.width = width;
  if (!width) return;
  stage.palette = readPalette(stage, all ? void 0 : stage.palette);
  stage.room = stage.roomOf?.() ?? ROOM;
  stage.packet.rows.forEach((_, row) => placeRow(stage, row));
  write3(stage.views.filter(({ spec }) => !spec.missing));
  stage.packet.rows.forEach((_, row) => {
    const views = stage.views.filter((view) => view.row === row);
    showLegends(stage, views, stage.scales[row]);
  });
  reserve(stage);
  relate(stage);
}
function placeRow(stage, row) {
  const views = stage.views.filter((view) => view.row === row);
  const parent = views[0]?.card.parentElement;
  if (!parent) return;
  const narrow = stage.width < STACK_BELOW;
  const stacked = narrow && standBelow(views);
  const column = narrow ? 0 : betweenWidth(stage, views, parent);
  const gap = narrow ? NARROW_GAP : COLUMN_GAP;
  const taken = (views.length - 1) * gap + (column ? column + gap : 0);
  const { shares, most } = stacked ? { shares: views.map(() => stage.width), most: stage.room.cell } : sharesOf(views, stage.width - taken, narrow);
  parent.classList.toggle("stacked", stacked);
  parent.classList.toggle("narrow", narrow && !stacked);
  putInColumns(views, parent, stacked ? [] : shares, column);
  const room = roomIn(stage, most, column > 0);
  if (stacked && views.some(({ spec }) => spec.asked)) room.height = GIVEN_HEIGHT;
  views.forEach((view, at) => placeAnew(view, shares[at], room));
}
function roomIn({ room: { height, scroll } }, cell, between) {
  const below2 = scroll === void 0 || between ? 0 : SCALE_BELOW;
  return { height: height - below2, cell, scroll: scroll && scroll - below2 };
}
function putInColumns(views, parent, shares, column) {
  const columns = shares.map((each) => `${each}px`);
  if (column) columns.splice(1, 0, `${column}px`);
  parent.style.gridTemplateColumns = columns.join(" ");
  views.forEach(({ card }, at) => {
    card.style.gridColumn = shares.length ? String(at + 1 + Number(at > 0 && column > 0)) : "";
  });
}
function write3(views) {
  const texts = textsOf(views);
  views.forEach((view, at) => {
    const { stage } = view;
    if (!view.anew && view.texts === texts[at]) return;
    Object.assign(view, { anew: false, texts: texts[at] });
    view.readout.classList.toggle("over", stage.palette.type > 1 && !view.texts);
    view.scroller.dataset.numbers = view.texts?.font ?? "";
    showUnit(view);
    paintCells(view);
  });
}
function standBelow(views) {
  return views.length > 2 || views.some(({ spec }) => (spec.asked?.columns ?? 0) > FEW_FILLED);
}
function betweenWidth(stage, views, parent) {
  const between = parent.querySelector(".between");
  if (!between) return 0;
  between.classList.toggle("short", views.length > 2);
  const { most, least, arrow } = BETWEEN_WIDTH;
  const scale2 = scaleWidth(stage, views);
  if (!stage.packet.between.length && !stage.tools) return Math.max(arrow, scale2);
  const maps = views.map((view) => {
    const map = filledWidth(view) || stage.room.height + 1;
    return Math.max(map, titleWidth(view)) + COLUMN_GAP;
  });
  const left2 = stage.width - maps.reduce((sum, width) => sum + width, 0);
  return Math.max(scale2, Math.min(most, Math.max(least * stage.palette.type, left2)));
}
function scaleWidth({ palette }, views) {
  const ends2 = views.map(({ spec }) => spec.ends ?? []);
  if (views.some(({ spec }) => spec.scale !== views[0].spec.scale)) return 0;
  const [letters, gaps] = views.length > 2 ? [Math.max(...ends2.map((each) => 1 + (each.at(-1)?.length ?? 0))), 0] : [Math.max(...ends2.map((each) => each.join("").length)), SCALE2.gaps];
  return (letters * SCALE2.letter + gaps) * palette.type;
}
function sharesOf(views, total, narrow) {
  const { room } = views[0].stage;
  if (narrow && views.length > 1) {
    return { shares: views.map(() => Math.floor(total / views.length)), most: room.cell };
  }
  const { type } = views[0].stage.palette;
  const wishes = views.map((view) => {
    const { spec } = view;
    const title = Math.min(titleWidth(view), total / views.length + HIDE_BUTTON);
    const map = spec.missing ? filledWidth(view) : layOut(spec, total, room).width;
    return Math.max(CARD_WIDTH, title, map);
  });
  const tight = views.length > 2 && wishes.reduce((sum, wish) => sum + wish, 0) > total;
  const specs = views.map((view) => view.spec);
  const even = tight ? shareByCells(specs, total, views.map(wordWidth)) : null;
  return {
    shares: even?.shares ?? share(wishes, total),
    most: even ? Math.min(room.cell, EVEN_CELL * type, even.cell) : room.cell
  };
}
function filledWidth({ spec: { asked }, stage: { palette } }) {
  return asked ? Math.max(asked.columns, LEAST_FILLED) * FILLED_CELL * palette.type : 0;
}
function wordWidth({ spec: { title }, stage: { palette } }) {
  const longest2 = Math.max(...title.split(/\s+/).map((word2) => word2.length));
  return Math.ceil(longest2 * WORD_LETTER * palette.type);
}
function titleWidth({ spec, stage: { palette, styles } }) {
  const many = (spec.count ?? 0) > 1;
  const unit = palette.type > 1 && (many || styles.get(spec.key)?.power) ? UNIT_LETTERS : 0;
  const letters = (spec.title.length + unit) * TITLE_LETTER * palette.type;
  return letters + (spec.hides ? HIDE_BUTTON : 0);
}
function placeAnew(view, width, room) {
  const { spec, stage, placed: placed2 } = view;
  const { decimals, power } = stage.styles.get(spec.key) ?? {};
  const looks = [stage.palette, stage.words.maps.channel, stage.packet.scaling, decimals, power];
  const place = [spec, width, room.cell, room.height, ...looks];
  if (spec.missing || place.every((each, at) => each === placed2[at])) return;
  view.placed = place;
  view.layout = layOut(spec, width, room);
  fit(view, width, room.scroll);
  view.written = written(view);
  view.anew = true;
  readOut(view);
}
function fit(view, width, most = SCROLL_HEIGHT) {
  const { scroller, content, layout } = view;
  const scrollsDown = layout.height > most;
  const bar = scrollsDown ? SCROLLBAR : 0;
  const scrollsAcross = layout.width > width - bar;
  resize(scroller, {
    width: Math.min(width, layout.width + bar),
    height: Math.min(layout.height, most) + (scrollsAcross ? SCROLLBAR : 0)
  });
  resize(content, layout);
  for (
    const part2 of
    /** @type {const} */
    ["cell", "across", "label", "stepX", "stepY"]
  ) {
    scroller.dataset[part2] = String(layout[part2]);
  }
  view.seen = scrollsDown || scrollsAcross ? {
    width: Math.min(scroller.clientWidth, layout.width),
    height: Math.min(scroller.clientHeight, layout.height)
  } : layout;
  resize(view.window, view.seen);
  for (const canvas of [view.cells, view.outlines]) {
    canvas.width = Math.ceil(view.seen.width * window.devicePixelRatio);
    canvas.height = Math.ceil(view.seen.height * window.devicePixelRatio);
    resize(canvas, view.seen);
  }
}
function resize({ style: style2 }, { width, height }) {
  style2.width = `${width}px`;
  style2.height = `${height}px`;
}

// viz/front/maps/picture.js
var WIDTH = 900;
var CARD = 240;
var MARGIN3 = 24;
var LINES = { title: 15, subtitle: 13.5, notes: 13.5 };
var LINE2 = 20;
var LEGEND = { width: 170, bar: 8, height: 34 };
function savePicture(stage, file) {
  const { palette } = stage;
  if (!palette) return;
  const { stills, width, height } = composition(stage);
  const scale2 = pictureScale(width, height);
  const canvas = canvasOf(width * scale2, height * scale2);
  const context = contextOf(canvas);
  context.scale(scale2, scale2);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  for (const still of stills) {
    paintWords(context, still);
    paintMap(context, scale2, still);
  }
  canvas.toBlob((blob) => blob && saveFile(blob, file), "image/png");
}
function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  return canvas;
}
function composition({ views, packet }) {
  const stills = [];
  let [top2, right] = [MARGIN3, 0];
  packet.rows.forEach((_, row) => {
    const inRow = views.filter((view) => view.row === row);
    const words = Math.max(0, ...inRow.map((view) => wordsOf2(view).length)) * LINE2;
    let [left2, tallest] = [MARGIN3, 0];
    for (const view of inRow) {
      const layout = view.spec.missing ? null : layOut(view.spec, WIDTH);
      stills.push({ view, layout, texts: null, left: left2, top: top2, words });
      left2 += Math.max(layout?.width ?? 0, CARD) + MARGIN3;
      tallest = Math.max(tallest, layout?.height ?? 0);
    }
    right = Math.max(right, left2);
    top2 += words + tallest + LEGEND.height + MARGIN3;
  });
  return { stills: withTexts(stills), width: right, height: top2 };
}
function withTexts(stills) {
  const drawn = stills.filter(({ layout }) => layout);
  const texts = textsOf(
    drawn.map(({ view: { stage, spec, cells }, layout }) => ({
      spec,
      written: written({ stage, spec, layout: (
        /** @type {Layout} */
        layout
      ), cells })
    }))
  );
  drawn.forEach((still, at) => still.texts = texts[at]);
  return stills;
}
function wordsOf2({ spec }, texts = null) {
  const { title, subtitle, notes, missing } = spec;
  const lines = [
    { text: [title, unitMark(texts)].join(" ").trim(), size: LINES.title, weight: "650 " },
    { text: subtitle, size: LINES.subtitle, weight: "" },
    { text: notes, size: LINES.notes, weight: "" },
    { text: missing, size: LINES.notes, weight: "" }
  ];
  return lines.filter(({ text: text2 }) => text2);
}
function paintWords(context, { view, layout, texts, left: left2, top: top2 }) {
  const { text: ink, family } = view.stage.palette;
  context.fillStyle = ink;
  wordsOf2(view, texts).forEach(({ text: text2, size, weight }, line2) => {
    context.font = `${weight}${size}px ${family}`;
    context.fillText(text2, left2, top2 + (line2 + 0.7) * LINE2, Math.max(layout?.width ?? 0, CARD));
  });
}
function paintMap(context, scale2, { view, layout, texts, left: left2, top: top2, words }) {
  if (!layout) return;
  const { width, height } = layout;
  const cells = canvasOf(width * scale2, height * scale2);
  const scroller = { scrollLeft: 0, scrollTop: 0 };
  const { stage, spec } = view;
  paintCells({ stage, spec, layout, cells, texts, scroller, seen: layout, ratio: scale2 });
  context.drawImage(cells, left2, top2 + words, width, height);
  paintScale(context, view, { left: left2, top: top2 + words + height + 6 });
}
function paintScale(context, { stage, spec }, { left: left2, top: top2 }) {
  if (!spec.scale) return;
  const { width, bar } = LEGEND;
  const { palette } = stage;
  const colours = scaleColours(palette.table, stage.packet.theme.half);
  const gradient2 = context.createLinearGradient(left2, 0, left2 + width, 0);
  colours.forEach((colour, at) => gradient2.addColorStop(at / (colours.length - 1), colour));
  context.fillStyle = gradient2;
  context.fillRect(left2, top2, width, bar);
  context.fillStyle = palette.text;
  context.font = `13px ${palette.numbers}`;
  const places2 = [
    ["left", 0],
    ["center", 0.5],
    ["right", 1]
  ];
  places2.forEach(([align2, part2], at) => {
    context.textAlign = align2;
    context.fillText(spec.ends[at], left2 + part2 * width, top2 + bar + 14);
  });
  context.textAlign = "left";
}

// viz/front/maps/styles.js
function stylesOf(specs) {
  const drawn = (
    /** @type {Drawn[]} */
    specs.filter(({ missing }) => !missing)
  );
  const styles = /* @__PURE__ */ new Map();
  for (const group of new Set(drawn.map((spec) => spec.group))) {
    const maps = drawn.filter((spec) => spec.group === group);
    const numbers2 = maps.map(({ values }) => values);
    const style2 = styleOf(Math.max(...numbers2.map(largestOf)), numbers2);
    for (const { key } of maps) styles.set(key, style2);
  }
  return styles;
}
function largestOf(values) {
  let largest2 = 0;
  for (let k = 0; k < values.length; k += 1) {
    const size = Math.abs(values[k]);
    if (size > largest2 && size < Infinity) largest2 = size;
  }
  return largest2;
}

// viz/front/maps/maps.js
var ARROWS = { backward: "←", forward: "→" };
var SPEAK_AFTER = 400;
var Maps = class {
  /**
   * @param {HTMLElement} root
   * @param {MapWords} words
   * @param {object} options
   * @param {(cell: Pointed) => void} options.onCell a cell was pinned of which the browser knows
   *   too little or of which the server is told anyway; with null, one it has answered was freed
   * @param {(cell: Pinned) => void} [options.onPinned] a cell was pinned; null: none is any more
   * @param {number} [options.resting] ms of rest before a screen reader is told
   * @param {boolean} [options.eager] whether the largest cell is explained while no other one is
   * @param {() => Room} [options.roomOf] how large a map and its cells may become
   * @param {HTMLElement} [options.tools] what stands beside the colour scale
   * @param {(view: View) => void} [options.onCard] puts on a card what else can be done with its map
   */
  constructor(root, words, options) {
    const {
      onCell,
      onPinned,
      resting = SPEAK_AFTER,
      eager = false,
      roomOf,
      tools,
      onCard
    } = options;
    root.classList.add("maps");
    for (const transition of root.getAnimations()) transition.cancel();
    const told2 = { onCell, onPinned, resting, eager, roomOf, tools, onCard };
    const empty = { root, words, ...told2, views: [], signature: "" };
    this.stage = /** @type {Stage} */
    empty;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
    this.listening = new AbortController();
    const { signal } = this.listening;
    root.addEventListener("transitionend", ({ target }) => target === root && this.repaint(), {
      signal
    });
    document.fonts.addEventListener("loadingdone", () => this.repaint(), { signal });
  }
  /**
   * Show maps. Elements are kept while the same maps come again, so that focus and scroll position
   * stay, and with them what is pinned and pointed at. Where other maps come, the one in the place
   * of the one that had the focus gets it.
   * @param {Packet} packet
   */
  show(packet) {
    const { stage } = this;
    const keys = packet.rows.map((row) => row.map((spec) => spec.key));
    const signature = JSON.stringify([keys, packet.between, packet.arrow]);
    const holder = focused(stage.root);
    const held = stage.views.findIndex((view) => view.scroller === holder);
    const anew = signature !== stage.signature;
    const arrived = stage.packet?.awaited && !packet.awaited;
    Object.assign(stage, { packet, signature });
    if (anew) build(stage);
    packet.rows.flat().forEach((spec, at) => update(stage.views[at], spec));
    stage.styles = stylesOf(packet.alike ?? packet.rows.flat());
    stage.byKey = new Map(stage.views.map((view) => [view.spec.key, view]));
    const [linked, edge] = packet.theme.linked;
    stage.root.style.setProperty("--maps-linked", linked);
    stage.root.style.setProperty("--maps-linked-edge", edge);
    writeTables(stage, () => relate(stage));
    pinAnswered(stage);
    arrange(stage);
    if (anew && held >= 0) stage.views[held]?.scroller.focus({ preventScroll: true });
    if (arrived) askLate(stage);
    tellPinned(stage);
  }
  /** What the packet says is pinned counts again, whatever the visitor has pinned since. */
  follow() {
    this.stage.touched = false;
  }
  /**
   * Let the browser save all maps as one PNG.
   * @param {string} file
   */
  save(file) {
    savePicture(this.stage, file);
  }
  /** Take everything off the page. */
  remove() {
    this.watcher.disconnect();
    this.listening.abort();
    clearTimeout(this.stage.speaking);
    this.stage.root.replaceChildren();
  }
  fit() {
    const { packet, root, width } = this.stage;
    if (packet && root.clientWidth && root.clientWidth !== width) arrange(this.stage);
  }
  repaint() {
    if (this.stage.packet) arrange(this.stage, true);
  }
};
function build(stage) {
  const { root, packet } = stage;
  root.replaceChildren();
  Object.assign(stage, { views: [], pointing: void 0, subject: null, touched: false });
  stage.sum = buildSum(root);
  stage.scales = packet.rows.map((row, rowAt) => {
    const parent = element(root, "div", "row");
    if (rowAt === 0) root.prepend(parent);
    const between = rowAt === 0 && row.length > 1 ? buildBetween(parent, packet) : null;
    for (const { key } of row) stage.views.push(buildCard(stage, parent, key, rowAt));
    if (between) parent.children[0].after(between);
    return buildScale(stage, between ?? parent, rowAt === 0);
  });
  const entry = { hovered: null, held: null };
  const tables = element(root, "div", "tables");
  Object.assign(stage, { tables, tabulated: void 0, entries: [], entry });
}
function buildBetween(parent, { between, arrow }) {
  if (!between.length && !arrow) return null;
  const block = element(parent, "div", "between");
  if (arrow) {
    element(block, "div", "arrow", ARROWS[arrow], { ariaHidden: "true" }).dataset.to = arrow;
  }
  for (const line2 of between) element(block, "p", "", line2);
  return block;
}
function buildScale({ tools }, parent, first) {
  const block = element(parent, "div", "scaling");
  const legend = element(block, "div", "legend");
  if (first && tools) block.append(tools);
  return legend;
}
function buildCard(stage, parent, key, row) {
  const card = element(parent, "section", "card");
  card.dataset.map = key;
  const head3 = element(card, "div", "title", "", { role: "heading", ariaLevel: "4" });
  const title = element(head3, "span", "name");
  const unit = element(head3, "span", "unit");
  const [subtitle, notes] = ["subtitle", "notes"].map((name2) => element(card, "div", name2));
  const about = element(card, "div", "about");
  about.append(subtitle, notes);
  const readout = element(about, "div", "readout");
  const body = element(card, "div", "body");
  const missing = element(body, "p", "missing");
  const filling = element(body, "div", "filling", "", { hidden: true });
  const scroller = element(body, "div", "scroller", "", { role: "application" });
  const content = element(scroller, "div", "content");
  const window2 = element(content, "div", "window");
  const cells = element(window2, "canvas", "cells");
  const outlines = element(window2, "canvas", "outlines");
  const legend = element(card, "div", "legend");
  const words = { title, unit, subtitle, notes, missing, filling, readout, legend };
  const parts = { card, scroller, content, window: window2, cells, outlines, ...words };
  const state = { hovered: null, pinned: null, cursor: null, marked: false };
  const empty = { stage, row, ...parts, ...state };
  const view = (
    /** @type {View} */
    empty
  );
  listen2(view);
  return view;
}
function update(view, spec) {
  if (view.spec === spec) return;
  forget(view, spec);
  view.spec = /** @type {Drawn} */
  spec;
  view.placed = [];
  view.unit.textContent = "";
  view.largest = void 0;
  view.stage.asked = void 0;
  view.title.replaceChildren();
  element(view.title, "bdi", "", spec.title, { dir: "ltr" });
  view.title.title = spec.title;
  writeKind(view, spec);
  view.notes.textContent = spec.notes ?? "";
  view.missing.textContent = spec.missing ?? "";
  view.missing.hidden = !spec.missing;
  for (const part2 of [view.scroller, view.readout, view.legend]) part2.hidden = !!spec.missing;
  view.card.dataset.shape = spec.shape?.join(",") ?? "";
  view.card.dataset.scale = String(spec.scale ?? "");
  view.scroller.tabIndex = spec.missing ? -1 : 0;
  view.scroller.ariaLabel = spec.summary ?? "";
  view.stage.onCard?.(view);
}
function writeKind({ card, stage, subtitle }, { subtitle: text2, term = "" }) {
  if (subtitle.textContent === text2 && (subtitle.dataset.term ?? "") === term) return;
  card.querySelector(":scope > .explanation")?.remove();
  subtitle.replaceChildren();
  subtitle.dataset.term = term;
  const sentence = stage.words.glossary?.[term];
  if (!sentence) subtitle.textContent = text2;
  else explain(element(subtitle, "span", "glossed", text2, { tabIndex: 0 }), sentence, card);
}
function forget(view, spec) {
  const same2 = (
    /** @type {const} */
    ["title", "subtitle", "start", "shape"].every(
      (part2) => JSON.stringify(view.spec?.[part2]) === JSON.stringify(spec[part2])
    )
  );
  for (
    const cell of
    /** @type {const} */
    ["pinned", "hovered", "cursor"]
  ) {
    if (!same2 || (view[cell] ?? 0) >= (spec.count ?? 0)) view[cell] = null;
  }
}

// viz/front/maps/mount.js
var Mounted = class {
  /**
   * @param {HTMLElement} root
   * @param {FrontWords} words
   */
  constructor(root, words) {
    this.kept = new Kept(null);
    this.maps = new Maps(root, words, { onCell: (cell) => this.onCell(cell) });
  }
  /** @param {Pointed} cell */
  onCell({ index }) {
    if (index) this.kept.set(index);
  }
  /**
   * @param {ArrayBuffer | Uint8Array} data packed by `viz.maps.rows.pack`
   * @param {Send} say
   */
  update(data, say2) {
    const packet = readPacket(data);
    const { held } = packet;
    this.kept.say = say2;
    if (held && this.kept.hear(held.index, held.heard)) this.maps.follow();
    this.maps.show(packet);
  }
  remove() {
    this.maps.remove();
  }
};
var mount_default8 = mounting("maps", (root, _data, words) => new Mounted(root, words));

// viz/front/number/follow.js
var CHOSEN = "[aria-checked='true']";
function follow(list) {
  const centre2 = () => {
    const chosen3 = list.querySelector(CHOSEN);
    const line2 = chosen3?.parentElement;
    if (!chosen3 || !line2 || line2.scrollWidth <= line2.clientWidth) return;
    const part2 = chosen3.getBoundingClientRect();
    const frame2 = line2.getBoundingClientRect();
    line2.scrollBy({ left: part2.left + part2.width / 2 - frame2.left - frame2.width / 2 });
  };
  const seen = new MutationObserver(centre2);
  const sized = new ResizeObserver(centre2);
  seen.observe(list, { subtree: true, childList: true, attributeFilter: ["aria-checked"] });
  sized.observe(list);
  return () => {
    seen.disconnect();
    sized.disconnect();
  };
}

// viz/front/number/number.js
var LINE3 = 24;
function moved2(value, step2, { least, most, around: around2 }) {
  const to = value + step2;
  if (least <= to && to <= most) return to;
  const count2 = most - least + 1;
  return around2 ? least + ((to - least) % count2 + count2) % count2 : null;
}
function fromTop(selector) {
  const part2 = document.querySelector(selector);
  const frame2 = part2?.parentElement;
  if (!part2 || !frame2) return;
  const covered = parseFloat(getComputedStyle(part2).scrollMarginTop);
  const top2 = Math.max(covered, frame2.getBoundingClientRect().top);
  if (part2.getBoundingClientRect().top < top2) part2.scrollIntoView({ block: "start" });
}
function goesOn(selector, way) {
  const frame2 = document.querySelector(selector)?.parentElement;
  if (!frame2) return false;
  const { scrollTop, scrollHeight, clientHeight } = frame2;
  const rest = way > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
  if (rest < LINE3) return false;
  frame2.scrollBy(0, way * (clientHeight - 2 * LINE3));
  return true;
}
var NumberView = class {
  /**
   * @param {HTMLElement} root
   * @param {NumberData} data
   */
  constructor(root, data) {
    this.data = data;
    this.kept = new Kept(data.value);
    this.parts = data.buttons.map(
      ({ icon }, at) => iconButton(root, icon, "", "act", () => this.press(at))
    );
    this.place = element(root, "span", "place");
    root.addEventListener("click", (event) => this.once(event), true);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onFieldKey = (event) => turnsFromField(event) && this.key(event);
    document.addEventListener("keydown", this.onFieldKey, true);
    const list = data.listed ? document.querySelector(data.listed) : null;
    this.unfollow = list ? follow(list) : () => {
    };
  }
  /**
   * @param {NumberData} data
   * @param {Send} say
   */
  update(data, say2) {
    const turned = data.value !== this.data.value;
    this.data = data;
    this.kept.say = say2;
    this.kept.hear(data.value, data.heard);
    this.show();
    if (turned && data.turns) fromTop(data.turns);
  }
  /**
   * A double click turns one page, also where that has come before its second press.
   * @param {MouseEvent} event
   */
  once(event) {
    if (this.data.turns && event.detail === 2) event.stopPropagation();
  }
  /** @param {number} at */
  press(at) {
    const to = this.to(at);
    if (to === null) return;
    this.kept.set(to);
    this.show();
  }
  /** @param {number} at */
  to(at) {
    const { data, kept } = this;
    return moved2(data.turns ? data.value : kept.value, data.buttons[at].step, data);
  }
  show() {
    const { buttons, names, least, most, place } = this.data;
    const { value } = this.kept;
    const held = this.parts.find((part2) => focused(part2) === part2);
    buttons.forEach((each, at) => {
      const part2 = this.parts[at];
      const to = this.to(at);
      part2.hidden = to === null;
      part2.classList.toggle("primary", each.primary);
      part2.title = fill(each.help, { value });
      if (to !== null) word(part2, fill(each.label, { name: names[to - least] }));
    });
    if (held?.hidden) this.parts.find((part2) => !part2.hidden)?.focus({ preventScroll: true });
    this.place.textContent = fill(place, { place: value - least + 1, count: most - least + 1 });
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.data.buttons.findIndex(({ key }) => key && key === event.key);
    const fromField = turnsFromField(event);
    if (at < 0 || event.defaultPrevented || isCommand(event)) return;
    if (isTyping(event) && !fromField) return;
    event.preventDefault();
    if (fromField) event.stopPropagation();
    const { turns: turns2, buttons } = this.data;
    if (!turns2 || !goesOn(turns2, buttons[at].step)) this.press(at);
  }
  remove() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("keydown", this.onFieldKey, true);
    this.unfollow();
  }
};

// viz/front/number/mount.js
var mount_default9 = mounting(
  "number",
  (root, data) => new NumberView(root, data)
);

// viz/front/overlay/pixels.js
var OPAQUE = 255;
function picturePixels({ channels, values }) {
  const count2 = values.length / channels;
  const pixels = new Uint8ClampedArray(4 * count2).fill(OPAQUE);
  for (let at = 0; at < count2; at += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      pixels[4 * at + colour] = values[channels * at + (channels === 3 ? colour : 0)];
    }
  }
  return pixels;
}
function cellPixels({ scale: scale2, values }, theme, dark) {
  const table = dark ? theme.dark : theme.light;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  const pixels = new Uint8ClampedArray(4 * values.length).fill(OPAQUE);
  values.forEach((value, at) => {
    const step2 = theme.half + Math.round(theme.half * placeOn(value, scale2, "shared"));
    const colour = Number.isFinite(value) ? table.subarray(4 * step2, 4 * step2 + 3) : [odd >> 16, odd >> 8 & 255, odd & 255];
    pixels.set(colour, 4 * at);
  });
  return pixels;
}
function gradient({ light, dark: night }, dark) {
  const table = dark ? night : light;
  const count2 = table.length / 4;
  const stops = Array.from({ length: 9 }, (_, at) => {
    const step2 = Math.round(at / 8 * (count2 - 1));
    return `rgb(${table.subarray(4 * step2, 4 * step2 + 3).join(" ")})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

// viz/front/overlay/place.js
function spotAt({ x, y }, { rows, columns }) {
  return {
    row: within2(Math.floor(y * rows), rows),
    column: within2(Math.floor(x * columns), columns)
  };
}
function middleOf({ row, column }, { rows, columns }) {
  return { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
}
var WAYS2 = /* @__PURE__ */ new Map([
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]]
]);
function keyTo2(key, place, grid) {
  const way = WAYS2.get(key);
  if (!way) return null;
  if (!place) return middleOf({ row: 0, column: 0 }, grid);
  const { row, column } = spotAt(place, grid);
  const to = {
    row: within2(row + way[0], grid.rows),
    column: within2(column + way[1], grid.columns)
  };
  return middleOf(to, grid);
}
function within2(at, count2) {
  return Math.max(0, Math.min(count2 - 1, at));
}

// viz/front/overlay/told.js
function described({ title, picture, cells }, words) {
  const told2 = [title];
  if (picture) told2.push(fill(words.size, { rows: picture.rows, columns: picture.columns }));
  if (cells) {
    const { rows, columns, smallest, largest: largest2 } = cells;
    told2.push(fill(words.map_size, { rows, columns, smallest, largest: largest2 }));
  }
  if (!picture && !cells) told2.push(words.missing);
  return told2.filter(Boolean).join(", ");
}
function told({ picture, cells }, place, theme, words) {
  const texts = [];
  if (picture) {
    const { row, column } = spotAt(place, picture);
    const value = colourAt(picture, row * picture.columns + column);
    texts.push(fill(words.picture, { row, column, value }));
  }
  if (cells) {
    const { row, column } = spotAt(place, cells);
    const value = shortNumber(cells.values[row * cells.columns + column], theme.digits, theme);
    texts.push(fill(words.cells, { row, column, value }));
  }
  return texts;
}
function toldOfAll(layers, place, theme, words) {
  const pictures = alike(layers);
  if (pictures.length > 1) {
    const { row, column } = spotAt(place, pictures[0]);
    const values = pictures.map((picture, at) => {
      return `${layers[at].title}: ${colourAt(picture, row * picture.columns + column)}`;
    });
    return fill(words.pictures, { row, column, values: values.join(" | ") });
  }
  const named = layers.length > 1 ? layers.map(({ title }) => [title]) : [[]];
  const lines = layers.map((layer, at) => [...named[at], ...told(layer, place, theme, words)]);
  return lines.map((line2) => line2.join(" · ")).join("\n");
}
function alike(layers) {
  const pictures = layers.flatMap(({ picture, cells }) => picture && !cells ? [picture] : []);
  const sizes = new Set(pictures.map(({ rows, columns }) => `${rows} ${columns}`));
  return pictures.length === layers.length && sizes.size === 1 ? pictures : [];
}
function colourAt({ channels, values }, at) {
  const parts = [...values.subarray(channels * at, channels * (at + 1))];
  return channels === 3 ? `(${parts.join(", ")})` : String(parts[0]);
}

// viz/front/overlay/layer.js
var LayerView = class {
  /** @type {Place | null} */
  place = null;
  /**
   * @param {HTMLElement} parent
   * @param {LayerData} layer
   * @param {Words} words
   * @param {(view: LayerView) => void} point called when another place is pointed at
   */
  constructor(parent, layer, words, point2) {
    this.layer = layer;
    this.point = point2;
    this.root = element(parent, "figure", "layer");
    element(this.root, "figcaption", "title", layer.title);
    const grid = layer.picture ?? layer.cells;
    if (!grid) {
      element(this.root, "p", "missing", words.missing);
      return;
    }
    const frame2 = element(this.root, "div", "frame", "", { role: "img", tabIndex: 0 });
    frame2.ariaLabel = described(layer, words);
    frame2.classList.toggle("smooth", layer.smooth);
    frame2.style.setProperty("--columns", String(grid.columns));
    frame2.style.setProperty("--rows", String(grid.rows));
    this.frame = frame2;
    this.picture = layer.picture && canvasOf2(frame2, "picture", layer.picture);
    this.cells = layer.cells && canvasOf2(frame2, layer.picture ? "cells over" : "cells", layer.cells);
    this.mark = element(frame2, "span", "mark", "", { hidden: true, ariaHidden: "true" });
    this.makeScale();
    this.listen(frame2);
  }
  makeScale() {
    const { cells } = this.layer;
    if (!cells) return;
    const scale2 = element(this.root, "div", "scale", "", { ariaHidden: "true" });
    this.colours = element(scale2, "div", "colours");
    const ends2 = element(scale2, "div", "ends");
    for (const end of cells.ends) element(ends2, "span", "", end);
  }
  /** @param {HTMLElement} frame */
  listen(frame2) {
    const follow2 = ({ clientX, clientY }) => {
      const { left: left2, top: top2, width, height } = frame2.getBoundingClientRect();
      this.pointAt({ x: (clientX - left2) / width, y: (clientY - top2) / height });
    };
    frame2.addEventListener("pointermove", follow2);
    frame2.addEventListener("pointerdown", follow2);
    frame2.addEventListener("keydown", (event) => {
      const to = keyTo2(event.key, this.place, this.grid());
      if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.pointAt(to);
    });
  }
  /** What is walked over and marked: the numbers, else the pixels. */
  grid() {
    return (
      /** @type {Grid} */
      this.layer.cells ?? this.layer.picture
    );
  }
  /** @param {Place} place */
  pointAt(place) {
    this.place = place;
    this.point(this);
  }
  /**
   * Mark what stands at a place; null marks nothing.
   * @param {Place | null} place
   */
  show(place) {
    if (!this.mark) return;
    this.place = place;
    this.mark.hidden = !place;
    if (!place) return;
    const grid = this.grid();
    const { x, y } = middleOf(spotAt(place, grid), grid);
    const sizes = { left: x - 0.5 / grid.columns, top: y - 0.5 / grid.rows };
    const size = { width: 1 / grid.columns, height: 1 / grid.rows };
    for (const [name2, part2] of Object.entries({ ...sizes, ...size })) {
      this.mark.style.setProperty(name2, `${100 * part2}%`);
    }
  }
  /**
   * @param {Theme} theme
   * @param {boolean} dark
   */
  paint(theme, dark) {
    const { picture, cells } = this.layer;
    if (picture && this.picture) put(this.picture, picturePixels(picture));
    if (cells && this.cells) put(this.cells, cellPixels(cells, theme, dark));
    this.colours?.style.setProperty("background", gradient(theme, dark));
  }
};
function canvasOf2(frame2, className, { rows, columns }) {
  return element(frame2, "canvas", className, "", { width: columns, height: rows });
}
function put(canvas, pixels) {
  const { width, height } = canvas;
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
}

// viz/front/overlay/overlay.js
var OverlayView = class {
  /** @type {LayerView[]} */
  layers = [];
  /** The one that is pointed at. @type {LayerView | null} */
  pointed = null;
  /**
   * @param {HTMLElement} root
   * @param {OverlayData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    const knob = element(root, "label", "opacity");
    this.knob = knob;
    element(knob, "span", "", words.opacity);
    const range = { type: "range", min: "0", max: "100", step: "1" };
    this.range = element(knob, "input", "", "", range);
    this.range.value = String(Math.round(100 * data.opacity));
    this.share = element(knob, "span", "share");
    this.row = element(root, "div", "layers");
    this.told = element(root, "p", "told", words.point, { ariaLive: "polite" });
    this.range.addEventListener("input", () => this.fade());
    root.addEventListener("transitionend", ({ target }) => target === root && this.paint());
    this.fade();
  }
  /** @param {OverlayData} data */
  update(data) {
    const at = this.pointed ? this.layers.indexOf(this.pointed) : -1;
    const place = this.pointed?.place ?? null;
    const focused2 = this.layers.findIndex(({ frame: frame2 }) => frame2?.matches(":focus"));
    this.data = data;
    const [linked, edge] = data.theme.linked;
    this.root.style.setProperty("--linked", linked);
    this.root.style.setProperty("--linked-edge", edge);
    this.row.replaceChildren();
    this.layers = data.layers.map(
      (layer) => new LayerView(this.row, layer, this.words, (view) => this.point(view))
    );
    this.knob.hidden = !data.layers.some(({ picture, cells }) => picture && cells);
    this.told.hidden = !this.layers.some(({ frame: frame2 }) => frame2);
    this.paint();
    this.layers[focused2]?.frame?.focus({ preventScroll: true });
    this.pointed = null;
    this.told.textContent = this.words.point;
    if (place && this.layers[at]?.frame) this.layers[at].pointAt(place);
  }
  fade() {
    this.root.style.setProperty("--opacity", String(Number(this.range.value) / 100));
    this.share.textContent = `${this.range.value} %`;
  }
  paint() {
    const dark = isDark(getComputedStyle(this.root).backgroundColor);
    for (const layer of this.layers) layer.paint(this.data.theme, dark);
  }
  /**
   * Mark a place in all layers, which are stretched alike, and say what stands there.
   * @param {LayerView} view
   */
  point(view) {
    const { place } = view;
    if (!place) return;
    this.pointed = view;
    for (const each of this.layers) each.show(place);
    const shown = this.layers.filter(({ frame: frame2 }) => frame2).map(({ layer }) => layer);
    this.told.textContent = toldOfAll(shown, place, this.data.theme, this.words);
  }
};

// viz/front/overlay/mount.js
var mount_default10 = mounting("overlays", (root, data, words) => {
  const view = new OverlayView(root, readPacket(data), words.overlay);
  return {
    update: (packed) => view.update(readPacket(packed))
  };
});

// viz/front/proof/proof.js
var SIGNS2 = { passed: "✓", failed: "✗", skipped: "–" };
var ProofView = class {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = element(parent, "details", "proof");
    const summary = element(this.root, "summary");
    this.sign = element(summary, "span", "sign", "", { ariaHidden: "true" });
    this.line = element(summary, "span", "line");
    this.opens = element(summary, "span", "opens");
    this.list = element(this.root, "div", "verdicts", "", { role: "list" });
    this.root.hidden = true;
  }
  /**
   * Keep the room of what is compared next.
   * @param {boolean} expected whether anything is
   */
  wait(expected) {
    this.root.classList.add("waiting");
    this.root.hidden = !expected;
  }
  /**
   * @param {Proof} proof
   * @param {number} part the downstream gradient that is shown
   */
  show(proof, part2) {
    const handed = proof.handovers[String(part2)];
    const verdicts = handed ? [...proof.checks, handed] : proof.checks;
    const failed = verdicts.some(({ state }) => state === "failed");
    const passed = verdicts.some(({ state }) => state === "passed");
    this.root.classList.remove("waiting");
    this.root.classList.toggle("failed", failed);
    this.root.hidden = !verdicts.length;
    this.sign.textContent = SIGNS2[failed ? "failed" : passed ? "passed" : "skipped"];
    this.line.textContent = handed ? handed.line : proof.line;
    this.opens.textContent = proof.opens;
    if (failed) this.root.open = true;
    this.list.ariaLabel = proof.label;
    this.list.replaceChildren();
    for (const verdict of verdicts) this.verdict(verdict);
  }
  /** @param {Verdict} verdict */
  verdict({ state, name: name2, figures, sentence }) {
    const item = element(this.list, "div", state, "", { role: "listitem" });
    element(item, "b", "", `${SIGNS2[state]} ${name2}`);
    element(item, "span", "figures", figures);
    element(item, "p", "", sentence);
  }
};

// viz/front/proof/mount.js
var mount_default11 = mounting("host", (root) => {
  const view = new ProofView(root);
  return { update: (data) => view.show(data, data.part) };
});

// viz/front/room/mount.js
var OPEN = "[role=dialog], [data-testid=stPopoverBody], [data-baseweb=popover], :popover-open";
var Room = class {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.fold = iconButton(
      root,
      "menu",
      words.controls,
      "act fold",
      () => this.unfold(!isUnfolded())
    );
    this.turn = iconButton(root, "co_present", words.enter, "act turn", () => show(!inRoom()));
    this.turn.title = words.help;
    this.page = window.location.pathname;
    this.over = new AbortController();
    const { signal } = this.over;
    this.opened = false;
    const before = () => this.opened = document.querySelector(OPEN) !== null;
    document.addEventListener("keydown", before, { capture: true, signal });
    window.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener(CHANGED, () => this.render(), { signal });
    window.navigation?.addEventListener("currententrychange", () => this.moved(), { signal });
    this.moved();
    this.render();
  }
  update() {
  }
  remove() {
    this.over.abort();
  }
  /** @param {boolean} on */
  unfold(on) {
    unfold(on);
    this.fold.ariaExpanded = String(on);
  }
  /** Another address: of another page, or one that forgets the room. */
  moved() {
    if (this.page !== window.location.pathname) this.unfold(false);
    this.page = window.location.pathname;
    keepAddress();
  }
  render() {
    const { fold, turn, words } = this;
    const on = inRoom();
    this.root.classList.toggle("on", on);
    fold.hidden = !on;
    fold.ariaExpanded = String(isUnfolded());
    name(fold, words.controls);
    name(turn, on ? words.leave : words.enter);
    turn.title = on ? words.leave : words.help;
    const [icon, text2] = turn.children;
    icon.textContent = on ? "close" : "co_present";
    text2.textContent = on ? words.leave : words.enter;
  }
  /**
   * Escape leaves the room, but first whatever stands over it.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !inRoom()) return;
    if (this.opened || isCommand(event) || isTyping(event)) return;
    if (isUnfolded()) this.unfold(false);
    else show(false);
  }
};
var mount_default12 = mounting("room", (root, _data, { room }) => new Room(root, room));

// viz/front/share/copy.js
function means() {
  return { clipboard: navigator.clipboard, command: () => document.execCommand("copy") };
}
async function copy(field, by = means()) {
  field.focus();
  field.select();
  try {
    if (by.clipboard) {
      await by.clipboard.writeText(field.value);
      return true;
    }
  } catch {
  }
  return attempted(by.command);
}
function attempted(command) {
  try {
    return command();
  } catch {
    return false;
  }
}

// viz/front/share/share.js
var ShareView = class {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   */
  constructor(root, words) {
    this.words = words;
    this.chosen = 0;
    this.offers = [];
    const text2 = element(root, "div", "text");
    this.choice = element(text2, "div", "segments", "", {
      role: "radiogroup",
      ariaLabel: words.choice
    });
    this.about = element(text2, "p", "about");
    this.field = element(text2, "textarea", "address", "", {
      readOnly: true,
      rows: 3,
      ariaLabel: words.link,
      spellcheck: false
    });
    const row = element(text2, "div", "row");
    iconButton(row, "content_copy", words.copy, "act primary", () => this.copy());
    this.said = element(row, "span", "said", "", { role: "status" });
    this.note = element(text2, "p", "note");
    this.code = element(root, "img", "code", "", { alt: words.code });
  }
  /** @param {ShareData} data */
  update({ offers }) {
    const labels = (each) => JSON.stringify(each.map(({ label: label2 }) => label2));
    const others = labels(offers) !== labels(this.offers);
    this.offers = offers;
    if (others) this.offer();
    this.show();
  }
  /** Offer the links anew; another choice would take the focus from who is choosing. */
  offer() {
    this.chosen = Math.min(this.chosen, this.offers.length - 1);
    this.choice.replaceChildren();
    this.choice.hidden = this.offers.length < 2;
    this.offers.forEach(({ label: label2 }, at) => {
      const part2 = element(this.choice, "label");
      const input = element(part2, "input", "", "", { type: "radio", name: "offer" });
      input.checked = at === this.chosen;
      input.addEventListener("change", () => this.choose(at));
      element(part2, "span", "", label2);
    });
  }
  /** @param {number} at */
  choose(at) {
    this.chosen = at;
    this.show();
  }
  show() {
    const { about, address, code, note: note2 } = this.offers[this.chosen];
    if (this.field.value !== address) this.said.textContent = "";
    this.about.textContent = about;
    this.field.value = address;
    this.note.textContent = note2;
    this.note.hidden = !note2;
    this.code.hidden = !code;
    if (code) this.code.src = code;
  }
  async copy() {
    const { copied, selected } = this.words;
    this.said.textContent = await copy(this.field) ? copied : selected;
  }
};

// viz/front/share/mount.js
var mount_default13 = mounting(
  "share",
  (root, _data, words) => new ShareView(root, words.share)
);

// viz/front/start/controls.js
var Controls = class {
  /**
   * @param {HTMLElement} parent
   * @param {Player} player
   * @param {Words} words
   */
  constructor(parent, player, words) {
    this.player = player;
    this.words = words;
    this.root = element(parent, "div", "controls");
    const row = element(this.root, "div", "row");
    this.next = button(row, "", "act primary next", () => player.next());
    this.back = button(row, words.back, "act back", () => player.at && player.back());
    this.play = button(row, "", "act play", () => player.play());
    const place = element(this.root, "p", "place");
    this.place = element(place, "span");
    const dots = element(place, "span", "dots", "", { ariaHidden: "true" });
    this.dots = Array.from({ length: player.count }, () => element(dots, "i"));
  }
  show() {
    const { at, count: count2, ended, playing } = this.player;
    const { words } = this;
    idle(this.back, !at);
    this.next.textContent = `${ended ? words.again : words.next} →`;
    this.play.textContent = playing ? "❚❚" : "▶";
    name(this.play, playing ? words.pause : words.play);
    this.place.textContent = fill(words.place, { place: at, count: count2 });
    this.dots.forEach((dot, each) => {
      dot.classList.toggle("done", each < at);
      dot.classList.toggle("now", each === at - 1);
    });
  }
};

// viz/front/start/lanes.js
function lanes(parent, data, words) {
  const root = element(parent, "div", "lanes", "", { role: "group", ariaLabel: words.example });
  label(root, "value", words.values, words.forward);
  label(root, "gradient", words.gradients, words.backward);
  const made = { root, boxes: [], arrows: [], cells: { value: [], gradient: [] } };
  data.boxes.forEach((box, at) => {
    if (at) made.arrows.push(arrows(root, at));
    made.boxes.push(boxOf(root, box, at, made.cells));
  });
  return made;
}
function label(root, lane, name2, way) {
  const made = element(root, "p", `lane ${lane}`);
  element(made, "b", "", name2);
  element(made, "span", "", way);
}
function arrows(root, at) {
  const [, back] = (
    /** @type {const} */
    ["value", "gradient"].map((lane) => {
      const made = element(root, "span", `arrow ${lane}`, "", { ariaHidden: "true" });
      made.style.setProperty("--column", String(2 * at + 1));
      element(made, "span", "shaft", lane === "value" ? "→" : "←");
      return made;
    })
  );
  element(back, "span", "dot");
  return back;
}
function boxOf(root, box, at, cells) {
  const made = element(root, "section", "box", "", { ariaLabel: box.title });
  made.style.setProperty("--column", String(2 * at + 2));
  const head3 = element(made, "div", "head");
  element(head3, "b", "title", box.title);
  element(head3, "span", "does", box.does);
  cells.value.push(mapOf(made, box.value, "value", at));
  if (box.gradient) cells.gradient.push(mapOf(made, box.gradient, "gradient", at));
  else {
    cells.gradient.push([]);
    element(made, "p", "none", box.none);
  }
  return made;
}
function fillCell(part2, data, reached) {
  part2.replaceChildren();
  part2.ariaLabel = reached ? `${data.name}: ${data.text}` : data.name;
  if (reached) write4(part2, data.text);
}
function write4(part2, text2) {
  const found = /^(\D?)0(\..+)$/.exec(text2);
  if (!found) {
    part2.textContent = text2;
    return;
  }
  part2.append(found[1]);
  element(part2, "span", "zero", "0");
  part2.append(found[2]);
}
function mapOf(box, map, lane, at) {
  const made = element(box, "div", `map ${lane}`);
  made.style.setProperty("--columns", String(map.columns));
  made.style.setProperty("--rows", String(map.rows));
  return map.cells.map((data, place) => {
    const part2 = element(made, "button", "cell", "", { type: "button", tabIndex: -1 });
    fillCell(part2, data, true);
    part2.style.setProperty("--order", String(place / map.cells.length));
    for (
      const name2 of
      /** @type {const} */
      ["light", "light_ink", "dark", "dark_ink"]
    )
      part2.style.setProperty(`--${name2.replace("_", "-")}`, data[name2]);
    return { part: part2, data, lane, box: at };
  });
}

// viz/front/start/nearest.js
var WAYS3 = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
};
var ASIDE = 3;
function nearest2(points, from, key) {
  const [right, down] = WAYS3[key];
  let [best, least] = [-1, Infinity];
  points.forEach(({ x, y }, at) => {
    const [across, along] = [x - from.x, y - from.y];
    const ahead = across * right + along * down;
    const far = ahead + ASIDE * Math.abs(across * down + along * right);
    if (ahead > 1 && far < least) [best, least] = [at, far];
  });
  return best;
}
function isArrow(key) {
  return key in WAYS3;
}

// viz/front/start/player.js
var BEGIN = 1e3;
var BEAT = 1700;
var CLOCK = {
  set: (act, after) => setTimeout(act, after),
  clear: (timer) => clearTimeout(timer)
};
var Player = class {
  /**
   * @param {number} count of steps
   * @param {(moves: boolean) => void} show is told after every change, and whether a step moves in
   * @param {Clock} [clock]
   */
  constructor(count2, show2, clock = CLOCK) {
    this.count = count2;
    this.show = show2;
    this.clock = clock;
    this.at = 0;
    this.alone = false;
    this.timer = null;
  }
  get playing() {
    return this.timer !== null;
  }
  get ended() {
    return this.at === this.count;
  }
  /**
   * Play once; where nothing is to move, stand at the first step.
   * @param {boolean} calm
   */
  begin(calm) {
    if (calm) {
      this.go(1, false);
      return;
    }
    this.alone = true;
    this.timer = this.clock.set(() => this.advance(), BEGIN);
    this.show(false);
  }
  next() {
    this.halt();
    this.go(this.ended ? 1 : this.at + 1, true);
  }
  back() {
    this.halt();
    this.go(this.at - 1, false);
  }
  /** Play on, from the first step where all were taken; or pause. */
  play() {
    const plays = this.playing;
    this.halt();
    if (plays) {
      this.show(false);
      return;
    }
    if (this.ended) this.at = 0;
    this.advance();
  }
  /** Stop what plays by itself; whether it did. */
  interrupt() {
    const { alone } = this;
    if (alone) {
      this.halt();
      this.show(false);
    }
    return alone;
  }
  halt() {
    this.clock.clear(this.timer);
    this.timer = null;
    this.alone = false;
  }
  advance() {
    const last = this.at + 1 === this.count;
    this.timer = last ? null : this.clock.set(() => this.advance(), BEAT);
    this.go(this.at + 1, true);
    if (last) this.alone = false;
  }
  /**
   * @param {number} at
   * @param {boolean} moves
   */
  go(at, moves) {
    this.at = Math.min(Math.max(at, 0), this.count);
    this.show(moves);
  }
};

// viz/front/start/sentence.js
function say(root, { lead, rest, parts }) {
  root.replaceChildren();
  const sentence = element(root, "p", "sentence");
  element(sentence, "b", "", lead);
  sentence.append(rest);
  const row = element(root, "div", "equation");
  for (const { kind, text: text2, caption } of parts) {
    const part2 = element(row, "span", `part ${kind}`);
    element(part2, "span", "figure", text2);
    if (caption) element(part2, "small", "", caption);
  }
}

// viz/front/start/start.js
var StartView = class {
  /**
   * @param {HTMLElement} root
   * @param {StartData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    root.style.setProperty("--linked", data.linked);
    const below2 = element(root, "div", "below");
    this.said = element(below2, "div", "said");
    this.player = new Player(data.steps.length, (moves) => this.show(moves));
    this.controls = new Controls(below2, this.player, words);
    this.lanes = lanes(root, data, words);
    const { value, gradient: gradient2 } = this.lanes.cells;
    this.cells = [...value.flat(), ...gradient2.flat()];
    this.pinned = null;
    this.listen();
    this.player.begin(matchMedia("(prefers-reduced-motion: reduce)").matches);
  }
  /** A run is told once; it stays what it is. */
  update() {
  }
  listen() {
    this.cells[0].part.tabIndex = 0;
    for (const cell of this.cells) {
      const { part: part2 } = cell;
      part2.addEventListener("pointerenter", () => this.tell(cell));
      part2.addEventListener("pointerleave", () => this.tell(this.pinned));
      part2.addEventListener("focus", () => this.rove(cell));
      part2.addEventListener("blur", () => this.tell(this.pinned));
      part2.addEventListener("click", () => this.pin(cell));
    }
    this.onKey = (event) => this.key(event);
    this.onPress = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("pointerdown", this.onPress);
  }
  remove() {
    this.player.halt();
    if (this.onKey) document.removeEventListener("keydown", this.onKey);
    if (this.onPress) document.removeEventListener("pointerdown", this.onPress);
  }
  /** Number of the box whose gradient came last; one past the last box before the first step. */
  get now() {
    return this.data.boxes.length - this.player.at;
  }
  /**
   * Show how far the gradient is.
   * @param {boolean} moves
   */
  show(moves) {
    const { boxes, arrows: arrows2, cells } = this.lanes;
    const { now } = this;
    this.pinned = null;
    boxes.forEach((box, at) => {
      box.classList.toggle("now", at === now);
      box.classList.toggle("ahead", at < now);
      box.classList.remove("moves");
      for (const { part: part2, data } of cells.gradient[at]) fillCell(part2, data, at >= now);
    });
    arrows2.forEach((arrow, at) => {
      arrow.classList.toggle("now", at === now);
      arrow.classList.toggle("ahead", at < now);
      arrow.classList.remove("moves");
    });
    if (moves && boxes[now]) {
      void boxes[now].offsetWidth;
      for (const part2 of [boxes[now], arrows2[now]]) part2?.classList.add("moves");
    }
    this.root.dataset.step = String(this.player.at);
    this.said.ariaLive = this.player.alone ? "off" : "polite";
    this.controls.show();
    this.tell(null);
  }
  /**
   * Say where a number comes from; what the step says where there is none.
   * @param {Cell | null} cell
   */
  tell(cell) {
    const told2 = cell && this.reached(cell) ? cell : null;
    const shown = told2 ?? this.telling();
    for (const { part: part2 } of this.cells) part2.classList.remove("told", "linked");
    shown?.part.classList.add("told");
    for (const [lane, box, at] of shown?.data.from ?? [])
      this.lanes.cells[lane][box][at].part.classList.add("linked");
    say(this.said, told2 ? { lead: told2.data.name, rest: "", parts: told2.data.parts } : this.step());
  }
  /** The cell that the step is told of. */
  telling() {
    const step2 = this.data.steps[this.player.at - 1];
    return step2 ? this.lanes.cells.gradient[step2.box][step2.cell] : null;
  }
  /** @returns {Sentence} */
  step() {
    const step2 = this.data.steps[this.player.at - 1];
    return step2 ? { ...step2, parts: this.telling()?.data.parts ?? [] } : this.data.before;
  }
  /** @param {Cell} cell */
  reached({ lane, box }) {
    return lane === "value" || box >= this.now;
  }
  /** @param {Cell} cell */
  pin(cell) {
    this.pinned = cell;
    this.tell(cell);
  }
  /**
   * Move the one stop that all numbers share, and tell of it.
   * @param {Cell} cell
   */
  rove(cell) {
    for (const { part: part2 } of this.cells) part2.tabIndex = part2 === cell.part ? 0 : -1;
    this.tell(cell);
  }
  /** @param {PointerEvent} event */
  press(event) {
    const path = event.composedPath();
    if (!path.includes(this.controls.root)) this.player.interrupt();
    if (!path.includes(this.root)) this.free();
  }
  free() {
    this.pinned = null;
    this.tell(null);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event) || event.defaultPrevented) return;
    const stopped = this.player.interrupt();
    if (event.key === "Escape") this.free();
    const part2 = focused(this.root);
    const inside = part2 && this.root.contains(part2);
    if (!inside && !turns(event) && !nothingFocused()) return;
    const cell = this.cells.find((each) => each.part === part2);
    if (cell && isArrow(event.key)) this.walk(cell, event);
    else if (!(part2 instanceof HTMLButtonElement && " Enter".includes(event.key)))
      this.steer(event, stopped);
  }
  /**
   * @param {KeyboardEvent} event
   * @param {boolean} stopped whether the key has stopped what played by itself
   */
  steer(event, stopped) {
    const { player } = this;
    const acts = {
      PageDown: () => player.next(),
      ArrowRight: () => player.next(),
      PageUp: () => player.back(),
      ArrowLeft: () => player.back(),
      " ": () => stopped ? void 0 : player.play()
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  }
  /**
   * Go on to the next number in the direction of an arrow key.
   * @param {Cell} from
   * @param {KeyboardEvent} event
   */
  walk(from, event) {
    event.preventDefault();
    const points = this.cells.map(({ part: part2 }) => middle2(part2));
    const at = nearest2(points, middle2(from.part), event.key);
    if (at >= 0) this.cells[at].part.focus();
  }
};
function middle2(part2) {
  const { x, y, width, height } = part2.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}
function turns(event) {
  return event.key.startsWith("Page") && !isTyping(event);
}

// viz/front/start/mount.js
var mount_default14 = mounting(
  "start",
  (root, data, words) => new StartView(root, data, words.start)
);

// viz/front/timeline/frame.js
var CURVE = 9;
var ROWS = 16;
var HIGHEST2 = 1.75;
var LOWEST2 = 1;
var ASPECT2 = 0.66;
var MOST = 0.32;
var BELOW = 2.9;
function frameOf2({ axis, layers, steps }, width, letter) {
  const names = [...layers, ...axis.ticks.map(({ text: text2 }) => text2)].map((name2) => name2.length);
  const left2 = Math.ceil(Math.min(Math.max(3, ...names) * ASPECT2 * letter + 12, MOST * width));
  const right = width - Math.ceil(letter);
  const top2 = Math.ceil(1.9 * letter);
  const bottom = top2 + Math.round(CURVE * letter);
  const rows = bottom + Math.round(0.8 * letter);
  const fit2 = ROWS / Math.max(1, layers.length);
  const row = Math.round(Math.min(HIGHEST2, Math.max(LOWEST2, fit2)) * letter);
  const end = rows + row * layers.length;
  const height = end + Math.ceil(BELOW * letter);
  const x = scale({ low: -0.5, high: steps - 0.5 }, left2, right);
  const y = axis.log ? logScale(axis, bottom, top2) : scale(axis, bottom, top2);
  return { width, height, left: left2, right, top: top2, bottom, rows, row, end, letter, x, y };
}
function logScale({ low, high }, from, to) {
  const even = scale({ low: Math.log10(low), high: Math.log10(high) }, from, to);
  return (value) => even(Math.log10(value));
}
function stepAt(across, { left: left2, right }, steps, done) {
  const step2 = Math.floor((across - left2) / (right - left2) * steps);
  return Math.max(0, Math.min(step2, done - 1));
}
function layerAt(up, { rows, row }, layers) {
  return layers[Math.floor((up - rows) / row)] ?? null;
}
function keyTo3({ key, shiftKey }, { step: step2, layer }, layers, done) {
  const tenth2 = shiftKey ? Math.max(1, Math.round((done - 1) / 10)) : 1;
  const row = layers.indexOf(layer);
  const at = (to) => Math.max(0, Math.min(to, done - 1));
  switch (key) {
    case "ArrowLeft":
      return { step: at(step2 - tenth2), layer };
    case "ArrowRight":
      return { step: at(step2 + tenth2), layer };
    case "Home":
      return { step: 0, layer };
    case "End":
      return { step: at(done - 1), layer };
    case "ArrowUp":
      return { step: step2, layer: layers[Math.max(0, row - 1)] ?? layer };
    case "ArrowDown":
      return { step: step2, layer: layers[Math.min(layers.length - 1, row + 1)] ?? layer };
    default:
      return null;
  }
}
function strength(norm, { low, high }) {
  if (norm <= 0) return 0;
  const share2 = Math.log(norm / low) / Math.log(high / low);
  return FAINT + (1 - FAINT) * Math.max(0, Math.min(1, share2));
}
var FAINT = 0.08;

// viz/front/timeline/drawing.js
var ASPECT3 = 0.6;
function drawStill(parent, data, frame2, words) {
  const { left: left2, right, top: top2, bottom, rows, row, end, letter } = frame2;
  parent.replaceChildren();
  for (const { at, text: text2 } of data.axis.ticks) {
    const y = frame2.y(at);
    shape(parent, "path", { class: "grid", d: `M${left2} ${y}H${right}` });
    shape(parent, "text", { class: "tick up", x: left2 - 8, y: y + 0.34 * letter }, text2);
  }
  shape(parent, "path", { class: "axis", d: `M${left2} ${top2}V${bottom}` });
  const name2 = data.axis.log ? words.log_loss : words.loss;
  shape(parent, "text", { class: "name", x: 2, y: letter }, name2);
  data.layers.forEach((layer, at) => {
    const y = rows + (at + 0.5) * row + 0.34 * letter;
    const label2 = shape(parent, "text", { class: "tick up layer", x: left2 - 8, y });
    label2.dataset.layer = layer;
    label2.textContent = shortened2(layer, left2 - 12, letter);
  });
  for (const { at, text: text2 } of data.ticks) {
    const x = frame2.x(at);
    shape(parent, "path", { class: "axis", d: `M${x} ${end}v5` });
    shape(parent, "text", { class: "tick", x, y: end + 1.45 * letter }, text2);
  }
  shape(parent, "path", { class: "axis", d: `M${left2} ${rows}V${end}H${right}` });
  const below2 = { class: "name across", x: right, y: end + 2.7 * letter };
  shape(parent, "text", below2, words.step);
  drawLoss(parent, data, frame2, words);
}
function drawLoss(parent, { losses }, frame2, words) {
  if (!losses.length) {
    const middle4 = { x: (frame2.left + frame2.right) / 2, y: (frame2.top + frame2.bottom) / 2 };
    shape(parent, "text", { class: "none", ...middle4 }, words.none);
    return;
  }
  const points = losses.map((loss, step2) => (
    /** @type {[number, number | null]} */
    [step2, loss]
  ));
  shape(parent, "path", { class: "loss", d: linePath(points, frame2) });
}
function shortened2(name2, room, letter) {
  const most = Math.max(2, Math.floor(room / (ASPECT3 * letter)));
  return name2.length <= most ? name2 : `…${name2.slice(name2.length - most + 1)}`;
}
function paint(canvas, { norms, losses, layers, scale: scale2 }, ink, odd) {
  canvas.width = Math.max(1, losses.length);
  canvas.height = Math.max(1, layers.length);
  const pen = canvas.getContext("2d");
  if (!pen || !losses.length || !layers.length) return;
  const image = pen.createImageData(canvas.width, canvas.height);
  norms.flat().forEach((norm, at) => {
    const share2 = norm === null ? 1 : strength(norm, scale2);
    const [red, green, blue] = norm === null ? odd : ink;
    image.data.set([red, green, blue, Math.round(255 * share2)], 4 * at);
  });
  pen.putImageData(image, 0, 0);
}
function drawPlace(parent, { losses, layers }, { step: step2, layer }, frame2) {
  const { left: left2, right, top: top2, rows, row, end, letter } = frame2;
  parent.replaceChildren();
  if (!losses.length) return;
  const x = frame2.x(step2);
  const loss = losses[step2];
  shape(parent, "path", { class: "lead", d: `M${x} ${top2}V${end}` });
  const at = layers.indexOf(layer);
  if (at >= 0) {
    const sizes = { x: left2, y: rows + at * row, width: right - left2, height: row };
    shape(parent, "rect", { class: "chosen", ...sizes });
  }
  if (loss !== null && loss !== void 0) {
    shape(parent, "circle", { class: "on", cx: x, cy: frame2.y(loss), r: 0.4 * letter });
  }
  shape(parent, "circle", { class: "handle", cx: x, cy: end, r: 0.5 * letter });
}
function rgb(colour) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!dot) return [0, 0, 0];
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  return [...dot.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

// viz/front/timeline/view.js
var MOVES2 = ["wheel", "pointerdown", "keydown", "touchstart"];
var LONGEST = 4e3;
function intoView(part2) {
  const over = new AbortController();
  const { signal } = over;
  const section = part2.getRootNode() instanceof ShadowRoot ? hostOf(part2) : part2;
  const scroll = () => top(section)?.scrollIntoView({ block: "start" });
  const seen = new ResizeObserver(scroll);
  const leave2 = () => {
    over.abort();
    seen.disconnect();
  };
  for (const name2 of MOVES2) {
    document.addEventListener(name2, leave2, { capture: true, passive: true, signal });
  }
  const page2 = document.querySelector(".stMainBlockContainer");
  if (page2) seen.observe(page2);
  const timer = window.setTimeout(leave2, LONGEST);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return leave2;
}
function hostOf(part2) {
  return (
    /** @type {ShadowRoot} */
    part2.getRootNode().host
  );
}
function top(part2) {
  return part2.closest(".st-key-training") ?? part2;
}

// viz/front/timeline/timeline.js
var REST2 = 250;
var PLAY = 60;
var TimelineView = class {
  /** @type {Frame | null} */
  frame = null;
  held = false;
  // whether the pointer holds it
  resting = 0;
  playing = 0;
  /**
   * @param {HTMLElement} root
   * @param {TimelineData} data
   * @param {Words} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.data = data;
    this.words = words;
    this.place = data.value;
    this.kept = new Kept(data.value);
    this.plot = element(root, "div", "plot", "", { tabIndex: 0, role: "slider" });
    this.plot.dataset.takes = "arrows";
    this.canvas = element(this.plot, "canvas", "norms");
    this.svg = shape(this.plot, "svg", { "aria-hidden": "true" });
    this.still = shape(this.svg, "g", {});
    this.mark = shape(this.svg, "g", {});
    this.said = element(root, "p", "said");
    this.legend = element(root, "p", "legend");
    element(root, "p", "hint", words.move);
    this.listen();
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(root);
    this.stay = intoView(root);
  }
  listen() {
    const { plot } = this;
    plot.addEventListener("keydown", (event) => this.key(event));
    plot.addEventListener("pointerdown", (event) => this.take(event));
    plot.addEventListener("pointermove", (event) => this.held && this.follow(event, false));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      plot.addEventListener(end, () => this.letGo());
    }
  }
  /**
   * @param {TimelineData} data
   * @param {Send} say
   */
  update(data, say2) {
    this.data = data;
    this.kept.say = say2;
    this.kept.hear(data.value, data.heard);
    if (!this.held && !this.resting && !this.playing) this.place = this.kept.value;
    this.describe();
    this.frame = null;
    this.fit();
  }
  /** How many steps were done. */
  get done() {
    return this.data.losses.length;
  }
  /** Say what it is to who does not see it, and what colours mean. */
  describe() {
    const { data, legend, plot, words } = this;
    const { losses, layers, scale: scale2 } = data;
    const [first, last] = [losses.at(0), losses.at(-1)].map((loss) => this.text(loss));
    const told2 = { count: losses.length, first, last, layers: layers.join(", ") };
    plot.ariaLabel = this.done ? fill(words.summary, told2) : words.none;
    plot.ariaValueMin = "0";
    plot.ariaValueMax = String(Math.max(0, this.done - 1));
    legend.replaceChildren();
    legend.hidden = !losses.length;
    element(legend, "span", "", data.clips ? words.scale_unclipped : words.scale);
    const [low, high] = scale2.ends;
    element(legend, "span", "end", low);
    element(legend, "span", "bar", "", { ariaHidden: "true" });
    element(legend, "span", "end", high);
    const norms = data.norms.flat();
    if (norms.includes(0)) element(legend, "span", "", words.zero);
    if (norms.includes(null)) element(legend, "span", "odd", words.odd);
  }
  /** @param {number | null | undefined} value */
  text(value) {
    const { theme } = this.data;
    if (value === null || value === void 0) return this.words.odd;
    return shortNumber(value, theme.digits, theme);
  }
  /** Draw it as large as there is room. */
  fit() {
    const width = Math.floor(this.plot.clientWidth);
    const letter = parseFloat(getComputedStyle(this.root).fontSize);
    if (!width || this.frame?.width === width && this.frame.letter === letter) return;
    const frame2 = frameOf2(this.data, width, letter);
    this.frame = frame2;
    const { height, left: left2, right, rows, end, x } = frame2;
    const sizes = { width, height, viewBox: `0 0 ${width} ${height}` };
    for (const [name2, value] of Object.entries(sizes)) this.svg.setAttribute(name2, String(value));
    drawStill(this.still, this.data, frame2, this.words);
    const style2 = getComputedStyle(this.root);
    const odd = rgb(this.data.theme.non_finite);
    this.root.style.setProperty("--odd", this.data.theme.non_finite);
    paint(this.canvas, this.data, rgb(style2.getPropertyValue("--st-primary-color")), odd);
    const to = Math.min(right, x(this.done - 0.5));
    const box = { left: left2, top: rows, width: Math.max(0, to - left2), height: end - rows };
    for (const [name2, px] of Object.entries(box)) this.canvas.style.setProperty(name2, `${px}px`);
    this.canvas.hidden = !this.done;
    this.show();
  }
  /** Show what is looked at. */
  show() {
    const { data, done, mark, place, plot, said: said2, still, words } = this;
    if (!this.frame) return;
    drawPlace(mark, data, place, this.frame);
    for (const label2 of still.querySelectorAll(".layer")) {
      const { layer: layer2 } = (
        /** @type {SVGElement} */
        label2.dataset
      );
      label2.classList.toggle("chosen", layer2 === place.layer);
    }
    said2.hidden = !done;
    const { step: step2, layer } = place;
    const norm = data.norms[data.layers.indexOf(layer)]?.[step2];
    const told2 = { step: step2, layer, loss: this.text(data.losses[step2]), norm: this.text(norm) };
    said2.textContent = done ? fill(words.said, told2) : "";
    plot.ariaValueNow = String(step2);
    plot.ariaValueText = said2.textContent || words.none;
  }
  /** @param {Place} place */
  move(place) {
    if (place.step === this.place.step && place.layer === this.place.layer) return;
    this.place = place;
    this.show();
    clearTimeout(this.resting);
    if (!this.playing) this.resting = window.setTimeout(() => this.say(), REST2);
  }
  say() {
    clearTimeout(this.resting);
    this.resting = 0;
    const { step: step2, layer } = this.kept.value;
    if (this.place.step !== step2 || this.place.layer !== layer) this.kept.set(this.place);
  }
  /** @param {PointerEvent} event */
  take(event) {
    if (!this.done || event.button !== 0) return;
    this.halt();
    this.held = true;
    this.plot.setPointerCapture(event.pointerId);
    this.follow(event, true);
  }
  /**
   * @param {PointerEvent} event
   * @param {boolean} pressed whether a layer is chosen, too
   */
  follow({ clientX, clientY }, pressed) {
    const { data, done, frame: frame2 } = this;
    if (!frame2) return;
    const { left: left2, top: top2 } = this.svg.getBoundingClientRect();
    const named = clientX - left2 < frame2.left;
    const step2 = named ? this.place.step : stepAt(clientX - left2, frame2, data.steps, done);
    const layer = pressed ? layerAt(clientY - top2, frame2, data.layers) : null;
    this.move({ step: step2, layer: layer ?? this.place.layer });
  }
  letGo() {
    if (!this.held) return;
    this.held = false;
    this.say();
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.done || isCommand(event)) return;
    const to = keyTo3(event, this.place, this.data.layers, this.done);
    if (event.key !== " " && to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null) {
      if (!event.repeat) this.play();
      return;
    }
    this.halt();
    this.move(to);
  }
  /** Play the steps from the one that is looked at, from the first after the last; or halt. */
  play() {
    if (this.playing) {
      this.halt();
      return;
    }
    const { layer } = this.place;
    if (this.place.step >= this.done - 1) this.move({ step: 0, layer });
    clearTimeout(this.resting);
    this.playing = window.setInterval(() => {
      this.move({ step: this.place.step + 1, layer: this.place.layer });
      if (this.place.step >= this.done - 1) this.halt();
    }, PLAY);
  }
  halt() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    this.say();
  }
  remove() {
    clearInterval(this.playing);
    clearTimeout(this.resting);
    this.watcher.disconnect();
    this.stay();
  }
};

// viz/front/timeline/mount.js
var mount_default15 = mounting(
  "timeline",
  (root, data, words) => new TimelineView(root, data, words.timeline)
);

// viz/front/states.js
function stateAt(ranges, step2) {
  if (step2 === null || !ranges.length) return "";
  if (ranges.some(([first, last]) => first <= step2 && step2 <= last)) return "current";
  if (ranges.every(([first]) => first > step2)) return "ahead";
  return ranges.every(([, last]) => last < step2) ? "done" : "begun";
}
function showState(part2, state, text2) {
  part2.classList.toggle("ahead", state === "ahead");
  part2.ariaDescription = state ? text2[`step_${state}`] : null;
}

// viz/front/graph/list.js
var COLUMNS = ["order", "node", "layer", "shape", "peak"];
var List = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Words} words
   * @param {(id: string) => void} choose
   */
  constructor(parent, words, choose2) {
    this.words = words;
    this.choose = choose2;
    this.root = element(parent, "div", "list", "", { hidden: true });
    this.rows = /* @__PURE__ */ new Map();
    this.boxes = [];
  }
  /** @param {GraphBox[]} boxes */
  show(boxes) {
    this.boxes = boxes;
    this.open(!this.root.hidden);
  }
  /**
   * Show or hide the table; it is made only to be seen. The focus stays with its box.
   * @param {boolean} shown
   */
  open(shown) {
    const [held] = [...this.rows].find(([, row]) => row === focused(this.root)) ?? [""];
    this.root.hidden = !shown;
    this.root.replaceChildren();
    this.rows = new Map(shown ? this.fill(element(this.root, "table")) : []);
    this.rows.get(held)?.focus({ preventScroll: true });
  }
  /**
   * @param {HTMLTableElement} table
   * @returns {[string, HTMLButtonElement][]}
   */
  fill(table) {
    const head3 = table.createTHead().insertRow();
    for (const column of COLUMNS) {
      element(head3, "th", "", this.words[`column_${column}`], { scope: "col" });
    }
    const body = table.createTBody();
    return this.boxes.map((box) => [box.id, this.row(body.insertRow(), box)]);
  }
  /**
   * @param {HTMLTableRowElement} row
   * @param {GraphBox} box
   */
  row(row, box) {
    element(row, "td", "", box.order ? String(box.order) : "");
    const made = button(element(row, "td"), box.name, "", () => this.choose(box.id));
    Object.assign(made, { ariaLabel: box.title, ariaPressed: "false", disabled: !box.node });
    for (const words of [box.layer_title, box.shape, box.peak]) element(row, "td", "", words);
    return made;
  }
  /**
   * Scroll the list, never the page, until a row stands below the head.
   * @param {string} id
   */
  reveal(id) {
    const row = this.rows.get(id)?.closest("tr");
    const head3 = this.root.querySelector("thead");
    if (!row || !head3) return;
    const top2 = row.offsetTop - head3.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - this.root.clientHeight;
    this.root.scrollTop = Math.min(Math.max(this.root.scrollTop, bottom), top2);
  }
};

// viz/front/graph/search.js
var Search = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Words} words
   * @param {() => void} onFound told when other boxes are found, or another one is at
   */
  constructor(parent, words, onFound) {
    this.words = words;
    this.onFound = onFound;
    this.field = element(parent, "input", "search", "", {
      type: "search",
      autocomplete: "off",
      placeholder: words.search,
      ariaLabel: words.search
    });
    this.count = element(parent, "span", "count", "", { role: "status" });
    this.boxes = [];
    this.found = [];
    this.at = -1;
    this.field.addEventListener("input", () => this.find());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }
  /**
   * Search these boxes from now on.
   * @param {GraphBox[]} boxes
   */
  show(boxes) {
    this.boxes = boxes;
    this.find();
  }
  /** Id of the box that Enter led to; empty before. */
  get current() {
    return this.found[this.at] ?? "";
  }
  find() {
    const wanted = this.field.value.trim().toLowerCase();
    const hits = wanted ? this.boxes.filter((box) => says(box).includes(wanted)) : [];
    this.found = hits.map((box) => box.id);
    this.at = -1;
    const count2 = hits.length;
    const said2 = fill(count2 ? this.words.matches_some : this.words.matches_none, { count: count2 });
    this.count.textContent = wanted ? said2 : "";
    this.onFound();
  }
  /** @param {number} by */
  turn(by) {
    const count2 = this.found.length;
    const from = this.at < 0 && by < 0 ? 0 : this.at;
    this.at = (from + by + count2) % count2;
    this.count.textContent = fill(this.words.matches, { index: this.at + 1, count: count2 });
    this.onFound();
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape") {
      this.field.value = "";
      this.find();
    } else if (event.key === "Enter" && this.found.length) this.turn(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }
};
function says(box) {
  return `${box.name} ${box.layer_title} ${box.title}`.toLowerCase();
}

// viz/front/graph/graph.js
var FILE = "autograd-graph.svg";
var GraphView = class {
  /**
   * @param {Node & ParentNode} parent which decides how high the graph is
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "backlight-graph", "", { hidden: true });
    const bar = element(this.root, "div", "bar");
    this.search = new Search(bar, words, () => this.markFound());
    this.notes = element(this.root, "div", "words");
    this.drawing = new Drawing(this.root, (id) => this.choose(id));
    this.list = new List(this.root, words, (id) => this.choose(id));
    this.tip = new Tip(this.root, (part2) => this.boxAt(part2));
    this.buttons = this.makeButtons(bar);
    for (const [key, each] of Object.entries(this.buttons)) name(each, words[key]);
    this.buttons.list_help.ariaPressed = "false";
    this.buttons.explain.ariaExpanded = "false";
    this.data = null;
    this.boxes = /* @__PURE__ */ new Map();
    this.marked = /* @__PURE__ */ new Map();
    this.choosing = false;
    this.unsubscribe = store.subscribe(({ node, step: step2 }, { before }) => {
      if (node !== before.node || step2 !== before.step) this.markChosen(!this.choosing);
      if (step2 !== before.step) this.markStates();
    });
  }
  /** @param {HTMLElement} bar */
  makeButtons(bar) {
    const { camera } = this.drawing;
    return {
      list_help: button(bar, "☰", "list", () => this.toggleList()),
      zoom_out: button(bar, "−", "zoom_out", () => camera.zoomOut()),
      zoom_in: button(bar, "+", "zoom_in", () => camera.zoomIn()),
      fit: button(bar, "⤢", "fit", () => camera.fit()),
      download: button(bar, "⇩", "download", () => this.save("svg", FILE)),
      explain: button(bar, "?", "explain", () => this.explain())
    };
  }
  /** What colours and arrows mean, where there is no room to say it all the time. */
  explain() {
    const open2 = this.root.classList.toggle("explained");
    this.buttons.explain.ariaExpanded = String(open2);
  }
  remove() {
    this.unsubscribe();
    this.drawing.camera.remove();
    this.root.remove();
  }
  /** @param {GraphData} data */
  show(data) {
    const { svg, nodes } = data;
    const redraw = svg !== this.data?.svg;
    this.data = data;
    this.boxes = new Map(nodes.map((box) => [box.id, box]));
    this.root.hidden = false;
    this.label(data);
    if (redraw) this.drawing.show(svg, nodes, this.home?.id ?? "");
    this.drawing.name(fill(this.words.graph, { count: nodes.length }), nodes);
    this.list.show(nodes);
    this.search.show(nodes);
    this.markChosen(true);
    this.markStates();
  }
  /** @param {GraphData} data */
  label({ note: note2, legend }) {
    this.notes.replaceChildren();
    this.root.classList.toggle("tinted", Boolean(legend.fill));
    if (note2) element(this.notes, "p", "note", note2);
    if (legend.fill) {
      const line2 = element(this.notes, "p", "legend");
      const colours = `linear-gradient(to right, ${legend.stops.join(", ")})`;
      element(line2, "span", "scale").style.background = colours;
      line2.append(legend.fill);
    }
    const keys = element(this.notes, "p", "keys");
    for (const { fill: colour, says: says2 } of legend.keys) {
      const key = element(keys, "span", "key");
      element(key, "span", "colour").style.background = colour;
      key.append(says2);
    }
    keys.append(legend.arrows);
  }
  /**
   * What was chosen here is in sight already.
   * @param {string} id
   */
  choose(id) {
    const node = this.boxes.get(id)?.node;
    if (!node) return;
    this.choosing = true;
    this.store.choose(node);
    this.choosing = false;
  }
  /** @returns {GraphBox | undefined} the box of the chosen node: its own, or the group around it */
  get home() {
    const { node } = this.store;
    const number2 = Number(node.slice(1));
    const holds = ({ ranges }) => ranges.some(([first, last]) => first <= number2 && number2 <= last);
    return node ? this.boxes.get(node) ?? this.data?.nodes.find(holds) : void 0;
  }
  /**
   * Light the chosen box and those of its layer.
   * @param {boolean} reveal
   */
  markChosen(reveal) {
    const { home } = this;
    const layer = home?.kind === "group" ? "" : home?.layer;
    const mates = layer ? (this.data?.nodes ?? []).filter((box) => box.layer === layer) : [];
    this.mark(
      "same-layer",
      mates.filter((box) => box !== home).map((box) => box.id)
    );
    const chosen3 = home ? [home.id] : [];
    this.mark("selected", chosen3);
    this.drawing.encircle(chosen3[0]);
    if (!home) return;
    if (!this.drawing.frame.contains(focused(this.root))) this.drawing.rove(home.id);
    if (reveal) this.reveal(home.id);
  }
  /**
   * What moves when a gradient comes to the chosen box: it goes up, against its lines.
   * @returns {Run[]}
   */
  moving() {
    const lines = this.home ? this.drawing.linesTo(this.home.id) : [];
    return lines.map((path) => ({ path, backward: true, radius: 3.5 }));
  }
  markFound() {
    const { found, current } = this.search;
    this.mark("found", found);
    this.mark("current", current ? [current] : []);
    if (!current) return;
    this.drawing.rove(current);
    this.reveal(current);
  }
  /** While somebody steps, show how far the engine is. */
  markStates() {
    if (!this.data) return;
    for (const box of this.data.nodes) {
      const state = stateAt(rangesOf(box), this.store.view.step);
      for (const part2 of this.partsOf(box.id)) showState(part2, state, this.words);
    }
  }
  /**
   * Give a class to the parts of these boxes and to no other.
   * @param {string} className
   * @param {string[]} ids
   */
  mark(className, ids) {
    for (const id of this.marked.get(className) ?? []) this.toggle(id, className, false);
    for (const id of ids) this.toggle(id, className, true);
    this.marked.set(className, ids);
  }
  /**
   * @param {string} id
   * @param {string} className
   * @param {boolean} on
   */
  toggle(id, className, on) {
    for (const part2 of this.partsOf(id)) {
      part2.classList.toggle(className, on);
      if (className === "selected") part2.ariaPressed = String(on);
    }
  }
  /**
   * What stands for a box in the drawing and in the list.
   * @param {string} id
   * @returns {Element[]}
   */
  partsOf(id) {
    const parts = [this.drawing.parts.get(id), this.list.rows.get(id)];
    return parts.filter((part2) => part2 !== void 0);
  }
  /**
   * The box in whose part of the drawing or row of the list something lies.
   * @param {Element} part
   */
  boxAt(part2) {
    const row = part2.closest("tr");
    const listed = [...this.list.rows].find(([, each]) => each.closest("tr") === row)?.[0];
    return this.boxes.get(idOf(part2) || (row ? listed ?? "" : ""));
  }
  /** @param {string} id */
  reveal(id) {
    this.drawing.reveal(id);
    this.list.reveal(id);
  }
  toggleList() {
    const listed = !this.drawing.frame.hidden;
    this.drawing.frame.hidden = listed;
    this.list.open(listed);
    this.buttons.list_help.ariaPressed = String(listed);
    this.markChosen(true);
    this.markFound();
    this.markStates();
  }
  /**
   * Save the drawing as a file.
   * @param {"svg" | "png"} kind
   * @param {string} file
   */
  async save(kind, file) {
    if (!this.data) return;
    const svg = parseSvg(this.data.svg);
    if (kind === "svg") saveFile(svgFile(svg), file);
    else await saveSvgAsPng(svg, file);
  }
};
function rangesOf({ ranges, node }) {
  const number2 = Number(node.slice(1));
  return ranges.length || !node ? ranges : [[number2, number2]];
}

// viz/front/steps/bar.js
function stepBar(root, acts, slide, words) {
  const bar = element(root, "div", "bar");
  const first = button(bar, "⇤", "on end", acts.first);
  const previous = button(bar, `← ${words.back}`, "on back", acts.previous);
  const play = button(bar, "▶", "play", acts.play);
  const next = button(bar, `${words.onward} →`, "next", acts.next);
  const last = button(bar, "⇥", "on end", acts.last);
  const slider = element(bar, "input", "on", "", { type: "range", min: "0" });
  slider.addEventListener("input", () => slide(slider.valueAsNumber));
  const place = element(bar, "span", "place on");
  const stop = button(bar, "✕", "on stop", acts.stop);
  const sentence = element(root, "p", "sentence", "", { ariaLive: "polite" });
  return {
    root: bar,
    buttons: { first, previous, play, next, last, stop },
    slider,
    place,
    sentence
  };
}

// viz/front/steps/motion.js
var RUN = 450;
var FILL = 350;
var APPEAR = 150;
var STEP2 = RUN + FILL + APPEAR;
var POINTS = 12;
var SVG3 = "http://www.w3.org/2000/svg";
var ROWS2 = 6;
function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
var Motion = class {
  constructor() {
    this.moving = [];
  }
  /** What moved before stands where it leads. */
  stop() {
    for (const each of this.moving) each.finish();
    this.moving = [];
  }
  /**
   * @param {Run[]} runs
   * @param {Element[]} filled
   * @param {Element[]} shown
   */
  begin(runs, filled, shown) {
    this.stop();
    if (isCalm()) return;
    for (const run of runs) this.run(run);
    const after = runs.length ? RUN : 0;
    for (const part2 of filled) {
      const cut = [{ clipPath: "inset(0 0 100% 0)" }, { clipPath: "inset(0 0 0 0)" }];
      this.move(part2, cut, { delay: after, duration: FILL, easing: `steps(${ROWS2})` });
    }
    const late = after + (filled.length ? FILL : 0);
    for (const part2 of shown)
      this.move(part2, [{ opacity: 0 }, { opacity: 1 }], { delay: late, duration: APPEAR });
  }
  /** @param {Run} run */
  run({ path, backward, radius }) {
    const dot = document.createElementNS(SVG3, "circle");
    dot.setAttribute("class", "dot");
    dot.setAttribute("r", String(radius));
    path.parentNode?.append(dot);
    const length = path.getTotalLength();
    const frames2 = Array.from({ length: POINTS + 1 }, (_, at) => {
      const share2 = at / POINTS;
      const { x, y } = path.getPointAtLength(length * (backward ? 1 - share2 : share2));
      return { transform: `translate(${x}px, ${y}px)` };
    });
    const moved5 = this.move(dot, frames2, { duration: RUN, easing: "ease-in-out" });
    moved5.addEventListener("finish", () => dot.remove());
  }
  /**
   * @param {Element} part
   * @param {Keyframe[]} frames
   * @param {KeyframeAnimationOptions} how
   */
  move(part2, frames2, how) {
    const moved5 = part2.animate(frames2, { fill: "backwards", ...how });
    this.moving.push(moved5);
    return moved5;
  }
};

// viz/front/steps/steps.js
var CALM = 1400;
var PAUSE = { ms: 900, many: 21 };
var StepsView = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   * @param {object} [options]
   * @param {(step: number) => void} [options.onMissing] told once of a step without sentence
   * @param {boolean} [options.keys] whether keys step wherever they are pressed, as a clicker's are
   */
  constructor(parent, store, words, options = {}) {
    this.store = store;
    this.words = words;
    this.options = options;
    this.root = element(parent, "div", "backlight-step idle", "", { role: "group", hidden: true });
    this.root.addEventListener("keydown", (event) => this.key(event));
    const acts = {
      first: () => this.go(0),
      previous: () => this.go(this.at - 1),
      play: () => this.timer ? this.pause() : this.play(),
      next: () => this.go(this.at + 1),
      last: () => this.go(this.last),
      stop: () => this.go(null)
    };
    this.bar = stepBar(this.root, acts, (step2) => this.go(step2), words);
    this.acts = acts;
    this.data = null;
    this.timer = void 0;
    this.stepping = false;
    this.missing = null;
    this.over = new AbortController();
    const { signal } = this.over;
    const anywhere = (event) => this.anywhere(event);
    if (options.keys) document.addEventListener("keydown", anywhere, { signal });
    this.unsubscribe = store.subscribe(({ node, step: step2 }, { before }) => {
      if (node === before.node && step2 === before.step) return;
      if (this.stepping) this.render();
      else this.pause();
    });
  }
  remove() {
    this.unsubscribe();
    this.over.abort();
    clearInterval(this.timer);
    this.root.remove();
  }
  /** @param {StepsData} data */
  show(data) {
    this.data = data;
    this.root.hidden = false;
    this.root.ariaLabel = this.words.bar;
    this.bar.slider.ariaLabel = this.words.bar;
    this.bar.slider.max = String(this.last);
    this.render();
  }
  /** The step that is shown; before the first while nobody steps. */
  get at() {
    return this.store.view.step ?? -1;
  }
  get last() {
    return (this.data?.count ?? 0) - 1;
  }
  /** Time of one step while playing: what moves, and a pause to read its sentence. */
  get beat() {
    if (isCalm()) return CALM;
    return STEP2 + PAUSE.ms / ((this.data?.count ?? 0) < PAUSE.many ? 1 : 3);
  }
  /** @param {number | null} step */
  go(step2) {
    if (step2 === null || step2 >= this.last) this.pause();
    this.stepping = true;
    this.store.step(step2);
    this.stepping = false;
  }
  play() {
    if (this.at < 0 || this.at === this.last) this.go(0);
    this.timer = setInterval(() => this.go(this.at + 1), this.beat);
    this.render();
  }
  pause() {
    clearInterval(this.timer);
    this.timer = void 0;
    this.render();
  }
  render() {
    if (!this.data) return;
    const on = this.at >= 0;
    this.label(on);
    this.enable(on);
    this.root.classList.toggle("idle", !on);
    this.root.dataset.step = on ? String(this.at) : "";
    this.bar.sentence.textContent = on ? this.say() : "";
    if (!on) return;
    const place = fill(this.words.position, { place: this.at + 1, count: this.data.count });
    this.bar.place.textContent = place;
    this.bar.slider.ariaValueText = place;
    this.bar.slider.value = String(this.at);
  }
  /** @param {boolean} on whether somebody steps */
  label(on) {
    const { bar, words } = this;
    const { buttons } = bar;
    for (const [act, button2] of Object.entries(buttons)) name(button2, words[act]);
    if (this.timer) name(buttons.play, words.pause);
    buttons.play.textContent = this.timer ? "❚❚" : "▶";
    if (!on) element(buttons.play, "span", "words", ` ${words.play}`);
    buttons.play.classList.toggle("playing", Boolean(this.timer));
  }
  /** @param {boolean} on */
  enable(on) {
    const { buttons, slider } = this.bar;
    for (const button2 of [buttons.first, buttons.previous]) this.allow(button2, this.at > 0);
    for (const button2 of [buttons.next, buttons.last]) this.allow(button2, this.at < this.last);
    for (const part2 of [buttons.stop, slider]) this.allow(part2, on);
  }
  /**
   * What is switched off loses the focus, and with it the keys: hand it on.
   * @param {HTMLButtonElement | HTMLInputElement} part
   * @param {boolean} allowed
   */
  allow(part2, allowed) {
    if (!allowed && focused(part2) === part2) this.bar.buttons.play.focus();
    part2.disabled = !allowed;
  }
  /** The sentence of this step, or none while it is asked for. */
  say() {
    const { first, sentences } = (
      /** @type {StepsData} */
      this.data
    );
    const said2 = sentences[this.at - first];
    const asked = this.missing === this.at;
    this.missing = said2 === void 0 ? this.at : null;
    if (said2 === void 0 && !asked) this.options.onMissing?.(this.at);
    return said2 ?? "";
  }
  /**
   * A key that was pressed anywhere on the page. Those that have another use on parts of a page
   * count where no part has the focus.
   * @param {KeyboardEvent} event
   */
  anywhere(event) {
    if (event.defaultPrevented || isCommand(event) || isTyping(event)) return;
    if (this.root.hidden || document.querySelector("[role=dialog]")) return;
    const { next, previous, play, stop } = this.acts;
    const acts = { PageDown: next, PageUp: previous };
    if (nothingFocused()) Object.assign(acts, { ArrowRight: next, ArrowLeft: previous, " ": play });
    if (nothingFocused() && this.at >= 0) acts.Escape = stop;
    if (!(event.key in acts)) return;
    event.preventDefault();
    if (event.key !== "PageUp" || this.at > 0) acts[event.key]();
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.at < 0 || event.target === this.bar.slider && event.key.startsWith("Arrow")) return;
    const moves = {
      ArrowLeft: this.at - 1,
      ArrowRight: this.at + 1,
      Home: 0,
      End: this.last,
      Escape: null
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(moves[event.key]);
  }
};

// viz/front/pins/pins.js
var MOST2 = 4;
var PIN = /^(n\d{1,6})(g\d{1,6}|v|p)?(?:s(\d{1,6}))?(?:c(\d{1,6}|all))?$/;
var TABS = (
  /** @type {Record<string, Show>} */
  { v: "values", p: "parameters" }
);
function readPins(text2) {
  return [...new Set(text2.split(","))].flatMap((each) => readPin(each) ?? []).slice(0, MOST2);
}
function readPin(text2) {
  const found = PIN.exec(text2);
  if (!found) return null;
  const [, node, tab = "", sample = "0", channel] = found;
  return {
    node,
    show: TABS[tab] ?? "gradient",
    part: tab.startsWith("g") ? Number(tab.slice(1)) : null,
    sample: Number(sample),
    channel: channel === void 0 ? null : channel === "all" ? "all" : Number(channel)
  };
}
function writePin({ node, show: show2, part: part2, sample, channel }) {
  const gradient2 = part2 === null ? "" : `g${part2}`;
  const tab = show2 === "gradient" ? gradient2 : show2[0];
  return `${node}${tab}${sample ? `s${sample}` : ""}${channel === null ? "" : `c${channel}`}`;
}
function writePins(pins) {
  return pins.map(writePin).join(",");
}
function toggled(text2, pin2) {
  const pins = readPins(text2);
  const written4 = writePin(pin2);
  const others = pins.filter((each) => writePin(each) !== written4);
  if (others.length < pins.length) return writePins(others);
  return pins.length < MOST2 ? writePins([...pins, pin2]) : text2;
}

// viz/front/strip/place.js
function placeOf5(boxes, node) {
  const number2 = node ? Number(node.slice(1)) : -1;
  return boxes.findIndex(
    (box) => box.ranges.some(([first, last]) => first <= number2 && number2 <= last)
  );
}

// viz/front/carried.js
var UNBOXED = { kind: "unboxed", name: "", node: "" };
function standingOf(run, node) {
  const boxes = holders(run);
  const at = placeOf5(boxes, node);
  if (at < 0) return null;
  const { kind, name: name2, ranges } = boxes[at];
  const turn = alike2(boxes.slice(0, at), kind, name2).length;
  return { kind, name: name2, turn, rank: numbersOf(ranges).indexOf(Number(node.slice(1))) };
}
function nodeAt(run, { kind, name: name2, turn, rank }) {
  const box = alike2(holders(run), kind, name2)[turn];
  if (!box) return null;
  const number2 = numbersOf(box.ranges)[rank];
  return number2 === void 0 ? box.node || null : `n${number2}`;
}
function carried(view, before, now, chosen3) {
  const pins = readPins(view.pins).map((pin2) => ({ pin: pin2, to: moved3(pin2.node, before, now) }));
  const lost = pins.filter(({ to }) => to === null);
  const kept = pins.flatMap(({ pin: pin2, to }) => to === null ? [] : { ...pin2, node: to });
  return {
    fields: { ...chosen3 ? choice(view, before, now) : {}, pins: writePins(kept) },
    lost: lost.map(({ pin: pin2 }) => standingOf(before, pin2.node)?.name || pin2.node)
  };
}
function choice({ node, step: step2 }, before, now) {
  const at = step2 === null ? null : moved3(`n${step2}`, before, now);
  return {
    node: node && (moved3(node, before, now) ?? ""),
    step: at === null ? null : Number(at.slice(1))
  };
}
function moved3(node, before, now) {
  const standing = standingOf(before, node);
  return standing && nodeAt(now, standing);
}
function holders({ boxes, count: count2 }) {
  const held = new Set(boxes.flatMap(({ ranges }) => numbersOf(ranges)));
  const others = Array.from({ length: count2 }, (_, at) => at).filter((at) => !held.has(at));
  return [...boxes, { ...UNBOXED, ranges: others.map((at) => [at, at]) }];
}
function alike2(boxes, kind, name2) {
  return boxes.filter((box) => box.kind === kind && box.name === name2);
}
function numbersOf(ranges) {
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)).sort((one, other) => one - other);
}

// viz/front/paint/edits.js
var MOST_UNDOS = 200;
function sorted(plain2) {
  const names = Object.keys(plain2).filter((name2) => plain2[name2].length);
  return Object.fromEntries(
    names.sort().map((name2) => [name2, plain2[name2].toSorted(([one], [other]) => one - other)])
  );
}
var Edits = class {
  /** @param {Plain} [plain] */
  constructor(plain2 = {}) {
    this.cells = /* @__PURE__ */ new Map();
    this.histories = /* @__PURE__ */ new Map();
    this.listeners = /* @__PURE__ */ new Set();
    this.take(plain2);
  }
  /**
   * Take over what a page has decided; strokes before that cannot be undone.
   * @param {Plain} plain
   */
  take(plain2) {
    const [now, then2] = [sorted(plain2), this.plain];
    const names = /* @__PURE__ */ new Set([...Object.keys(now), ...Object.keys(then2)]);
    const other = [...names].filter(
      (name2) => JSON.stringify(now[name2]) !== JSON.stringify(then2[name2])
    );
    if (!other.length) return;
    for (const name2 of other) {
      this.histories.delete(name2);
      this.cells.set(name2, new Map(now[name2] ?? []));
    }
    this.tell();
  }
  /** @returns {Plain} */
  get plain() {
    return sorted(Object.fromEntries([...this.cells].map(([name2, cells]) => [name2, [...cells]])));
  }
  /** How many cells are changed in all. */
  get count() {
    return [...this.cells.values()].reduce((count2, cells) => count2 + cells.size, 0);
  }
  /** The tensors with changed cells. */
  get names() {
    return [...this.cells.keys()].filter((name2) => this.of(name2).size).sort();
  }
  /**
   * The changed cells of a tensor.
   * @param {string} name
   * @returns {ReadonlyMap<number, number>}
   */
  of(name2) {
    return this.cells.get(name2) ?? /* @__PURE__ */ new Map();
  }
  /**
   * @param {string} name
   * @returns {History}
   */
  history(name2) {
    return this.histories.get(name2) ?? { past: [], future: [] };
  }
  /**
   * Change cells of a tensor in one stroke; how many are others than before.
   * @param {string} name
   * @param {[place: number, value: Setting][]} changes
   */
  change(name2, changes) {
    const cells = this.of(name2);
    const done = changes.map(([place, value]) => (
      /** @type {Change} */
      [place, cells.get(place) ?? null, value]
    )).filter(([, before, after]) => before !== after);
    if (!done.length) return 0;
    const past = [...this.history(name2).past, done].slice(-MOST_UNDOS);
    this.histories.set(name2, { past, future: [] });
    this.put(name2, done, 2);
    return done.length;
  }
  /**
   * Bring all cells of some tensors back, one stroke each.
   * @param {string[]} names
   */
  discard(names) {
    for (const name2 of names) {
      this.change(
        name2,
        [...this.of(name2).keys()].map((place) => [place, null])
      );
    }
  }
  /**
   * Go one stroke of a tensor back or forth; whether there is one.
   * @param {string} name
   * @param {"undo" | "redo"} way
   */
  go(name2, way) {
    const { past, future } = this.history(name2);
    const [from, to] = way === "undo" ? [past, future] : [future, past];
    const stroke2 = from.pop();
    if (!stroke2) return false;
    to.push(stroke2);
    this.put(name2, stroke2, way === "undo" ? 1 : 2);
    return true;
  }
  /**
   * @param {string} name
   * @param {Change[]} stroke
   * @param {1 | 2} side of a change
   */
  put(name2, stroke2, side) {
    const cells = new Map(this.of(name2));
    for (const change of stroke2) {
      const value = change[side];
      if (value === null) cells.delete(change[0]);
      else cells.set(change[0], value);
    }
    this.cells.set(name2, cells);
    this.tell();
  }
  tell() {
    for (const listener of [...this.listeners]) listener();
  }
  /**
   * Be told of every change; the returned function ends it.
   * @param {() => void} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
};

// viz/front/store.js
var Store = class {
  /**
   * @param {View} view
   * @param {Plain} [edits] cells changed by hand
   */
  constructor(view, edits = {}) {
    this.view = Object.freeze({ ...view });
    this.edits = new Edits(edits);
    this.first = "";
    this.run = /** @type {Known} */
    { boxes: [], count: 0 };
    this.ahead = false;
    this.listeners = /* @__PURE__ */ new Set();
  }
  /**
   * Learn of a run which node is seen first and what there is. What was looked at of the run
   * before is looked at here, whatever its number.
   * @param {string} first
   * @param {Known} run
   * @returns {string[]} the names of pinned layers that it does not have
   */
  know(first, run) {
    const { ahead, run: before } = this;
    this.first = first;
    this.run = run;
    this.ahead = false;
    const from = before.boxes.length ? before : run;
    const { fields, lost } = carried(this.view, from, run, !ahead && from === before);
    this.change(fields);
    return lost;
  }
  /**
   * Another run is to come.
   * @param {"all" | "choice"} decided what is looked at of that one already, by whoever chose it
   */
  await(decided) {
    if (decided === "all") this.run = { boxes: [], count: 0 };
    this.ahead = true;
  }
  /** The node to ask for with a run that is to come; null where it is still to be found there. */
  get wanted() {
    const { node, step: step2 } = this.view;
    if (this.run.boxes.length && !this.ahead) return null;
    return step2 === null ? node || null : `n${step2}`;
  }
  /** Id of the chosen node; empty before a run is known. */
  get node() {
    const { node, step: step2 } = this.view;
    return step2 === null ? node || this.first : `n${step2}`;
  }
  /**
   * Choose a node; while somebody steps, that is a jump.
   * @param {string} node
   */
  choose(node) {
    if (node === this.node) return;
    const step2 = this.view.step === null ? null : Number(node.slice(1));
    this.change({ node, part: null, channel: null, step: step2 }, true);
  }
  /**
   * Take a step of the backward pass; null leaves the steps and stays at the node.
   * @param {number | null} step
   */
  step(step2) {
    const at = step2 === null ? null : Math.min(Math.max(step2, 0), this.run.count - 1);
    if (at === this.view.step) return;
    if (at === null) this.change({ step: null, node: this.node }, true);
    else this.change({ step: at, node: `n${at}`, part: null, channel: null }, true);
  }
  /**
   * Change fields, and tell who listens; equal values change nothing.
   * @param {Partial<View>} fields
   * @param {boolean} [settled]
   */
  change(fields, settled = false) {
    const before = this.view;
    const changed2 = (
      /** @type {(keyof View)[]} */
      Object.keys(fields).some(
        (name2) => fields[name2] !== before[name2]
      )
    );
    if (!changed2) return;
    this.view = Object.freeze({ ...before, ...fields });
    for (const listener of [...this.listeners]) listener(this.view, { before, settled });
  }
  /**
   * Be told of every change; the returned function ends it.
   * @param {Listener} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
};

// viz/front/workbench/teller.js
var SETTLED_AFTER = 250;
var Teller = class {
  /**
   * @param {HTMLElement} root a press or a key outside of it finds the server told
   * @param {() => object} state what the server must know
   * @param {() => void} [rested] called when the state has settled
   */
  constructor(root, state, rested = () => {
  }) {
    this.root = root;
    this.state = state;
    this.rested = rested;
    this.send = () => {
    };
    this.timer = 0;
    this.told = "";
    this.last = 0;
    this.outside = (event) => {
      if (!event.composedPath().includes(root)) this.flush();
    };
    for (const kind of ["pointerdown", "keydown", "focusin"]) {
      document.addEventListener(kind, this.outside, true);
    }
  }
  /** The state has changed. */
  changed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), SETTLED_AFTER);
    this.root.dataset.told = "false";
  }
  /** The server knows the state already. */
  known() {
    this.rest();
    this.told = JSON.stringify(this.state());
    this.root.dataset.answered = "true";
  }
  /** Nothing is under way. */
  rest() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.root.dataset.told = "true";
    this.rested();
  }
  /** Tell what has not been told. */
  flush() {
    if (!this.timer) return;
    this.rest();
    const state = this.state();
    const text2 = JSON.stringify(state);
    if (text2 === this.told) return;
    this.told = text2;
    this.last = Math.max(Date.now(), this.last + 1);
    this.root.dataset.answered = "false";
    this.send({ ...state, since: this.last });
  }
  /**
   * The page has read what was told until then.
   * @param {number} since
   */
  answered(since) {
    if (since >= this.last) this.root.dataset.answered = "true";
  }
  /** Tell no more. */
  remove() {
    clearTimeout(this.timer);
    for (const kind of ["pointerdown", "keydown", "focusin"]) {
      document.removeEventListener(kind, this.outside, true);
    }
  }
};

// viz/front/walk/mount.js
var Walk2 = class {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   * @param {FrontWords} words
   */
  constructor(root, data, words) {
    setColours(root, data.theme);
    this.store = new Store(data.view);
    this.kept = new Kept(data.view.step);
    this.steps = new StepsView(root, this.store, words.steps);
    this.graph = new GraphView(element(root, "div", "graph-host"), this.store, words.graph);
    this.teller = new Teller(root, () => ({ step: this.store.view.step }));
    this.teller.send = () => this.kept.set(this.store.view.step);
    this.store.subscribe(() => this.teller.changed());
  }
  /**
   * @param {Data} data
   * @param {Send} say
   */
  update(data, say2) {
    this.kept.say = say2;
    this.store.know("n0", { boxes: [], count: data.steps.count });
    if (this.kept.hear(data.view.step, data.heard)) this.store.change(data.view);
    if (data.view.step === this.store.view.step) this.teller.known();
    this.steps.show(data.steps);
    this.graph.show(data.graph);
  }
  remove() {
    for (const part2 of [this.teller, this.steps, this.graph]) part2.remove();
  }
};
var mount_default16 = mounting(
  "walk",
  (root, data, words) => new Walk2(root, data, words)
);

// viz/front/workbench/ask.js
var LONGEST_ADDRESS = 4e3;
var GIVEN_UP_AFTER = 3e4;
var FIRST_WAIT = 500;
var LONGEST_WAIT = 8e3;
var MOST_KEPT = 48 * 2 ** 20;
var Refusal = class extends Error {
  /**
   * @param {string} sentence
   * @param {Outcome} outcome
   * @param {number} [after] ms until it may be asked again
   */
  constructor(sentence, outcome, after) {
    super(sentence);
    this.outcome = outcome;
    this.after = after;
  }
};
var Ask = class {
  /**
   * @param {string} base where answers are, with a slash at the end
   * @param {string} language
   * @param {(outcome: Outcome) => void} tell is told how it goes
   */
  constructor(base2, language, tell) {
    this.base = base2;
    this.language = language;
    this.tell = tell;
    this.hidden = () => "";
    this.kept = /* @__PURE__ */ new Map();
    this.over = new AbortController();
  }
  /**
   * Ask elsewhere from now on.
   * @param {string} base
   */
  move(base2) {
    this.base = base2;
    this.kept.clear();
  }
  /** Ask nothing any more. */
  close() {
    this.over.abort();
  }
  /**
   * Ask, or return what was answered before. Raises Refusal where there is no answer.
   * @param {string} query of the setting
   * @param {string} name
   * @param {Parameters} [parameters]
   * @param {{prefetch?: boolean}} [how] a prefetch that finds the server at work is given up
   * @returns {Promise<any>}
   */
  answer(query, name2, parameters = {}, { prefetch = false } = {}) {
    const asked = new URLSearchParams(query);
    const always = { language: this.language, hidden: this.hidden() || null };
    for (const [key2, value] of Object.entries({ ...parameters, ...always })) {
      if (value !== null && value !== void 0) asked.append(`of.${key2}`, String(value));
    }
    const key = `${name2}?${asked}`;
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      if (!known.prefetch || prefetch) return known.answer;
      return known.answer.catch(() => this.answer(query, name2, parameters));
    }
    if (prefetch) asked.append("of.prefetch", "1");
    const entry = { answer: this.fetched(name2, asked, prefetch), bytes: 0, prefetch };
    this.kept.set(key, entry);
    entry.answer = this.remembered(entry, key);
    return entry.answer;
  }
  /**
   * @param {{answer: Promise<any>, bytes: number, prefetch: boolean}} entry
   * @param {string} key
   */
  async remembered(entry, key) {
    try {
      const { value, bytes } = await entry.answer;
      entry.bytes = bytes;
      entry.prefetch = false;
      withinBounds(this.kept);
      return value;
    } catch (error) {
      if (this.kept.get(key) === entry) this.kept.delete(key);
      throw error;
    }
  }
  /**
   * Try until there is an answer or a refusal.
   * @param {string} name
   * @param {URLSearchParams} asked
   * @param {boolean} prefetch
   * @returns {Promise<{value: any, bytes: number}>}
   */
  async fetched(name2, asked, prefetch) {
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const came = await this.tried(name2, asked);
      if (this.over.signal.aborted) throw new Refusal("", "refused");
      if (!(came instanceof Refusal)) {
        if (!prefetch) this.tell("answered");
        return came;
      }
      if (prefetch) throw came;
      this.tell(came.outcome);
      if (came.outcome !== "lost" && came.outcome !== "busy") throw came;
      await this.pause(came.after ?? wait);
    }
  }
  /**
   * Ask once.
   * @param {string} name
   * @param {URLSearchParams} asked
   * @returns {Promise<{value: any, bytes: number} | Refusal>}
   */
  async tried(name2, asked) {
    const text2 = asked.toString();
    const signal = AbortSignal.any([this.over.signal, AbortSignal.timeout(GIVEN_UP_AFTER)]);
    try {
      const response = await (text2.length <= LONGEST_ADDRESS ? fetch(`${this.base}${name2}?${text2}`, { signal }) : fetch(this.base + name2, { method: "POST", body: asked, signal }));
      return response.ok ? await readAnswer(response) : await refusalOf(response);
    } catch {
      return new Refusal("", "lost");
    }
  }
  /**
   * Wait, or until the browser is connected again.
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  pause(milliseconds) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        this.over.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      window.addEventListener("online", done);
      this.over.signal.addEventListener("abort", done);
    });
  }
};
function withinBounds(kept) {
  let bytes = 0;
  for (const entry of kept.values()) bytes += entry.bytes;
  for (const [key, entry] of kept) {
    if (bytes <= MOST_KEPT) return;
    bytes -= entry.bytes;
    kept.delete(key);
  }
}
async function readAnswer(response) {
  const data = await response.arrayBuffer();
  const isText = response.headers.get("Content-Type")?.startsWith("application/json");
  const value = isText ? JSON.parse(new TextDecoder().decode(data)) : readPacket(data);
  return { value, bytes: data.byteLength };
}
async function refusalOf(response) {
  const { sentence = "" } = await response.json().catch(() => ({}));
  const outcomes = (
    /** @type {Record<number, Outcome>} */
    { 410: "updated", 503: "busy" }
  );
  const otherwise = response.status >= 500 ? "failed" : "refused";
  const outcome = outcomes[response.status] ?? otherwise;
  const after = 1e3 * (Number(response.headers.get("Retry-After")) || 1);
  return new Refusal(String(sentence), outcome, outcome === "busy" ? after : void 0);
}

// viz/front/workbench/drawing.js
function picked({ samples: samples2, channels, first_channels: first }, choice2) {
  const sample = choice2.sample < samples2 ? choice2.sample : 0;
  const channel = choice2.channel ?? first[sample] ?? null;
  return {
    sample,
    channel: channel !== "all" && channel !== null && channel < channels ? channel : null
  };
}
function chosen2(map, { sample, channel }) {
  const one = channel !== null && channel < map.channels && map.one !== null;
  const tiling = (
    /** @type {Tiling} */
    one ? map.one : map.all
  );
  const [perSample, perChannel] = map.strides;
  const start = (sample < map.samples ? sample : 0) * perSample;
  return { tiling, start: start + (one ? channel * perChannel : 0) };
}
function measure(cells) {
  const found = { smallest: NaN, largest: NaN, zeros: 0, nan: 0, infinite: 0 };
  for (const value of cells) {
    if (Number.isNaN(value)) found.nan += 1;
    else if (!Number.isFinite(value)) found.infinite += 1;
    else {
      if (value === 0) found.zeros += 1;
      if (!(found.smallest <= value)) found.smallest = value;
      if (!(found.largest >= value)) found.largest = value;
    }
  }
  return found;
}
var Drawing2 = class {
  /**
   * @param {Words} words
   * @param {Theme} theme
   */
  constructor(words, theme) {
    this.words = words;
    this.theme = theme;
    this.last = {
      page: (
        /** @type {Page | null} */
        null
      ),
      key: "",
      rows: (
        /** @type {MapSpec[][]} */
        []
      )
    };
  }
  /**
   * Return the maps of a page, and the runs of cells that are missing; until they come a sentence
   * stands in their place.
   * @param {Page} page
   * @param {Chosen} view
   * @param {(run: Run) => Floats | null} fetched finds a run that came later
   * @param {Scaling} scaling
   */
  rows(page2, view, fetched, scaling) {
    const missing = [];
    const picked2 = page2.rows.map((row) => row.map((map) => this.pick(map, view, fetched, missing)));
    const key = `${scaling} ${view.sample} ${view.channel} ${missing.map(({ key: name2 }) => name2)}`;
    if (page2 === this.last.page && key === this.last.key) return { rows: this.last.rows, missing };
    const scales = this.scales(picked2.flat(), scaling);
    const rows = picked2.map((row) => row.map((each) => this.specify(each, scales, view)));
    this.last = { page: page2, key, rows };
    return { rows, missing };
  }
  /**
   * @param {MapPage} map
   * @param {Chosen} view
   * @param {(run: Run) => Floats | null} fetched
   * @param {Run[]} missing
   * @returns {Picked | MapPage}
   */
  pick(map, view, fetched, missing) {
    if (map.missing || !map.all || !map.values) return map;
    const { tiling, start } = chosen2(map, view);
    const end = start + tiling.count;
    if (end <= map.values.length) {
      return { map, tiling, start, cells: map.values.subarray(start, end) };
    }
    const run = { key: map.key, start, count: tiling.count };
    const cells = fetched(run);
    if (!cells) missing.push(run);
    return { map, tiling, start, cells };
  }
  /**
   * The largest magnitude on the scale of each map: its own, or that of its group.
   * @param {(Picked | MapPage)[]} picked
   * @param {Scaling} scaling
   */
  scales(picked2, scaling) {
    const nameOf3 = (map) => scaling === "own" ? map.key : map.group;
    const scales = /* @__PURE__ */ new Map();
    for (const each of picked2) {
      if (!("cells" in each) || !each.cells) continue;
      const { smallest, largest: largest2 } = measure(each.cells);
      const size = Math.max(Math.abs(smallest), Math.abs(largest2)) || 0;
      const name2 = nameOf3(each.map);
      scales.set(name2, Math.max(scales.get(name2) ?? 0, size));
    }
    return new Map(
      picked2.map((each) => {
        const map = "map" in each ? each.map : each;
        return [map.key, scales.get(nameOf3(map)) ?? 0];
      })
    );
  }
  /**
   * @param {Picked | MapPage} picked
   * @param {Map<string, number>} scales
   * @param {Chosen} view
   * @returns {MapSpec}
   */
  specify(picked2, scales, view) {
    if (!("cells" in picked2)) return this.without(picked2, picked2.missing, view);
    const { map, tiling, start, cells } = picked2;
    if (!cells) return this.without(map, this.words.fetching, view);
    const measured = measure(cells);
    const odd = this.oddities(measured);
    const zero = measured.smallest === 0 && measured.largest === 0 && !odd.length;
    const notes = map.reach ? [this.reached(measured, tiling.count), ...odd, tiling.note].filter(Boolean) : [...zero ? [this.words.all_zero] : odd, tiling.note].filter(Boolean);
    const scale2 = scales.get(map.key) ?? 0;
    const { tiles, rows, columns, across, label_axes, named_channels, count: count2 } = tiling;
    return {
      key: map.key,
      title: zero && map.equal || map.title,
      subtitle: tiling.rectangle ? fill(this.words.as_rectangle, { subtitle: map.subtitle, rows, columns }) : map.subtitle,
      term: map.term,
      group: map.group,
      notes: notes.join(" · "),
      summary: [this.summary(map, measured), ...notes.map((note2) => `${note2}.`)].join(" "),
      non_finite: odd.join(", "),
      scale: scale2,
      ends: (scale2 ? [-scale2, 0, scale2] : [0]).map((end) => this.short(end)),
      shape: map.shape,
      ...{ start, count: count2, tiles, rows, columns, across, label_axes, named_channels },
      reach: map.reach,
      values: cells,
      hides: map.hides
    };
  }
  /**
   * A card with a sentence in the place of its picture; of a hidden map with what is filled in.
   * @param {MapPage} map
   * @param {string} missing
   * @param {Chosen} view
   * @returns {MapSpec}
   */
  without(map, missing, view) {
    const { key, title, subtitle, term, shape: shape2, hides } = map;
    return { key, title, subtitle, term, missing, shape: shape2, hides, asked: this.asked(map, view) };
  }
  /**
   * Which cells of a hidden map are filled in.
   * @param {MapPage} map
   * @param {Chosen} view
   */
  asked(map, view) {
    if (!map.hidden || !map.all) return null;
    const { tiling, start } = chosen2(map, view);
    const [rows, columns] = tiling.window ?? [0, 0];
    const whole2 = rows * columns === tiling.count;
    const first = tiling.tiles > 1 && rows === tiling.rows && columns === tiling.columns;
    const words = first ? this.words.asked_first : this.words.asked_corner;
    const note2 = whole2 ? "" : fill(words, { rows, columns });
    return { name: map.hidden, start, rows, columns, note: note2 };
  }
  /** @param {number} value */
  short(value) {
    return shortNumber(value, this.theme.digits, this.theme);
  }
  /** @param {ReturnType<typeof measure>} measured */
  oddities({ nan, infinite }) {
    const counts = (
      /** @type {[string, number][]} */
      [
        [this.words.nan, nan],
        [this.words.infinite, infinite]
      ]
    );
    return counts.filter(([, count2]) => count2).map(([words, count2]) => fill(words, { count: count2 }));
  }
  /**
   * How far a change reaches.
   * @param {ReturnType<typeof measure>} measured
   * @param {number} all
   */
  reached({ zeros }, all) {
    const { reached, unchanged } = this.words;
    return zeros === all ? unchanged : fill(reached, { count: all - zeros, all });
  }
  /**
   * @param {MapPage} map
   * @param {ReturnType<typeof measure>} measured
   */
  summary({ title, subtitle, shape: shape2 }, { smallest, largest: largest2, zeros }) {
    return fill(this.words.summary, {
      name: [title, subtitle].filter(Boolean).join(", "),
      shape: (shape2 ?? []).join("×"),
      smallest: this.short(smallest),
      largest: this.short(largest2),
      zeros
    });
  }
};

// viz/front/workbench/segments.js
function segments(root, name2, take, options) {
  root.role = "radiogroup";
  for (const [value, text2, called = ""] of options) {
    const segment = element(root, "label", "", "", { title: called });
    const input = element(segment, "input", "", "", { type: "radio", name: name2, value });
    if (called) input.ariaLabel = called;
    element(segment, "span", "", text2);
    input.addEventListener("change", () => take(value));
  }
}

// viz/front/workbench/pickers.js
var SEGMENTS = 4;
var SHOWS = (
  /** @type {Show[]} */
  ["gradient", "values", "parameters"]
);
var Pickers = class {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "pickers");
    this.shown = "";
  }
  /**
   * Offer what this page has a use for.
   * @param {NodePage} node
   * @param {Page} page
   * @param {{part: number, channel: number | null}} shown the downstream gradient, and the channel
   */
  show(node, page2, { part: part2, channel }) {
    const pickers = [this.shows(node)];
    if (page2.samples > 1) pickers.push(this.samples(page2.samples));
    if (page2.channels > 1) pickers.push(this.channels(page2, channel));
    if (this.store.view.show === "gradient" && node.parts.length > 1) {
      pickers.push(this.parts(node, part2));
    }
    const signature = JSON.stringify(pickers.map(({ name: name2, options }) => [name2, options]));
    if (signature !== this.shown) {
      this.root.replaceChildren();
      for (const each of pickers) this.build(each);
      this.shown = signature;
    }
    for (const picker of pickers) this.mark(picker);
  }
  /**
   * @param {NodePage} node
   * @returns {Picker}
   */
  shows(node) {
    const without2 = node.pages.parameters.rows.length ? "" : this.words.no_parameters;
    return {
      name: "show",
      label: this.words.pick_show,
      options: SHOWS.map((show2) => [show2, this.words[show2]]),
      missing: without2 ? { parameters: without2 } : {},
      value: this.store.view.show,
      take: (value) => this.store.change({ show: (
        /** @type {Show} */
        value
      ) })
    };
  }
  /**
   * @param {number} count
   * @returns {Picker}
   */
  samples(count2) {
    const { sample } = this.store.view;
    return {
      name: "sample",
      label: this.words.pick_sample,
      options: numbered(count2, this.words.sample).map(
        ([index, name2]) => index === "0" ? [index, name2] : [index, index, name2]
      ),
      value: String(sample < count2 ? sample : 0),
      list: count2 > SEGMENTS,
      take: (value) => this.store.change({ sample: Number(value) })
    };
  }
  /**
   * @param {Page} page
   * @param {number | null} channel that is shown
   * @returns {Picker}
   */
  channels({ channels: count2, by_row: byRow }, channel) {
    const { words } = this;
    const every = fill(byRow ? words.all_rows : words.all_channels, { count: count2 });
    return {
      name: "channel",
      label: byRow ? words.pick_row : words.pick_channel,
      options: [["all", every], ...numbered(count2, byRow ? words.row : words.channel)],
      value: channel === null ? "all" : String(channel),
      list: true,
      take: (value) => this.store.change({ channel: value === "all" ? value : Number(value) })
    };
  }
  /**
   * @param {NodePage} node
   * @param {number} part
   * @returns {Picker}
   */
  parts(node, part2) {
    return {
      name: "part",
      label: this.words.pick_part,
      options: node.parts.map((each) => [String(each.part), each.label]),
      value: String(part2),
      list: true,
      take: (value) => this.store.change({ part: Number(value) })
    };
  }
  /** @param {Picker} picker */
  build({ name: name2, label: label2, options, list, take }) {
    const tag = list ? "select" : "div";
    const made = element(this.root, tag, list ? "" : "segments", "", { ariaLabel: label2 });
    made.dataset.picks = name2;
    if (made instanceof HTMLSelectElement) {
      const named = options.map(
        ([value, text2, called]) => (
          /** @type {const} */
          [value, called ?? text2]
        )
      );
      offer(made, named);
      made.addEventListener("change", () => take(made.value));
      return;
    }
    segments(made, name2, take, options);
  }
  /**
   * Show what is picked, and what cannot be.
   * @param {Picker} picker
   */
  mark({ name: name2, value, missing = {} }) {
    const picker = this.root.querySelector(`[data-picks="${name2}"]`);
    if (picker instanceof HTMLSelectElement) picker.value = value;
    for (const input of picker?.querySelectorAll("input") ?? []) {
      input.checked = input.value === value;
      input.disabled = input.value in missing && input.value !== value;
      if (input.parentElement && input.value in missing)
        input.parentElement.title = missing[input.value];
    }
  }
};
function numbered(count2, words) {
  return Array.from({ length: count2 }, (_, index) => [String(index), fill(words, { index })]);
}

// viz/front/workbench/scales.js
var SCALES = (
  /** @type {Scaling[]} */
  ["shared", "own", "log"]
);
var Scales = class {
  /**
   * @param {Store} store
   * @param {Words} words
   * @param {string} [name] of the switch: one of a name is on at a time
   */
  constructor(store, words, name2 = "scale") {
    this.store = store;
    this.root = element(document.createElement("div"), "div", "segments");
    this.root.ariaLabel = words.pick_scale;
    this.root.dataset.picks = "scale";
    const take = (value) => store.change({ scale: (
      /** @type {Scaling} */
      value
    ) });
    segments(
      this.root,
      name2,
      take,
      SCALES.map((each) => [each, words[each], `${words[each]}: ${words[`${each}_help`]}`])
    );
  }
  /** Show what is chosen. */
  show() {
    for (const input of this.root.querySelectorAll("input")) {
      input.checked = input.value === this.store.view.scale;
    }
  }
};

// viz/front/strip/changes.js
function isUntouched(picture) {
  return !picture || picture.largest === 0;
}
function amount(value, digits, theme, signed) {
  const written4 = shortNumber(value, digits, theme);
  return signed && value > 0 ? `+${written4}` : written4;
}
function rimOf({ cells, columns, rows }) {
  const reached = (x, y) => x >= 0 && x < columns && y >= 0 && y < rows && Boolean(cells[y * columns + x]);
  const sides = [];
  cells.forEach((cell, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    if (!cell) return;
    if (!reached(x, y - 1)) sides.push([x, y, x + 1, y]);
    if (!reached(x, y + 1)) sides.push([x, y + 1, x + 1, y + 1]);
    if (!reached(x - 1, y)) sides.push([x, y, x, y + 1]);
    if (!reached(x + 1, y)) sides.push([x + 1, y, x + 1, y + 1]);
  });
  return sides;
}
function countsOf(reach, at) {
  const [values, allValues, gradients, allGradients] = reach.subarray(4 * at, 4 * at + 4);
  return { values, allValues, gradients, allGradients };
}
function tellReach({ boxes, changing, reach }, at, lossMoved, words) {
  if (!reach || changing === null) return [];
  const here = at < 0 ? "" : atBox(boxes[at], countsOf(reach, at), changing, lossMoved, words);
  const all = boxes.map((_, place) => countsOf(reach, place));
  const count2 = (name2) => all.filter((each) => each[name2] > 0).length;
  const inAll = fill(words.in_all, {
    values: count2("values"),
    all_values: count2("allValues"),
    gradients: count2("gradients"),
    all_gradients: count2("allGradients")
  });
  return emphasised([here, inAll].filter(Boolean).join(" "));
}
function atBox({ kind, name: name2 }, counts, change, lossMoved, words) {
  if (kind === "loss" && lossMoved)
    return fill(counts.values ? words.moves_loss : words.keeps_loss, { change, value: lossMoved });
  const { values, allValues, gradients, allGradients } = counts;
  const sentence = kind === "input" ? words.reached_input : words.reached_values;
  const parts = [
    allValues ? fill(sentence, { count: values, all: allValues, name: name2 }) : "",
    allGradients ? fill(words.reached_gradients, { count: gradients, all: allGradients }) : ""
  ].filter(Boolean);
  return parts.length ? fill(words.reaches, { change, parts: parts.join(words.and) }) : "";
}
function emphasised(sentence) {
  return sentence.split("**").map((text2, place) => ({ text: text2, strong: place % 2 === 1 })).filter(({ text: text2 }) => text2);
}

// viz/front/strip/thumbnail.js
var ODD = -128;
var FULL = 127;
var SINGLE = { value: 14, gradient: 22 };
var THINNEST = 12;
var MOST_LINE = 1.5;
var LINED = 7;
function unpacked({ cells, looks, largest: largest2 }) {
  const found = [];
  let start = 0;
  for (let at = 0; at < largest2.length; at += 1) {
    const [count2, columns, plane] = looks.subarray(3 * at, 3 * at + 3);
    const own = cells.subarray(start, start + count2);
    start += count2;
    const rows = Math.ceil(count2 / columns);
    const picture = { cells: own, columns, rows, plane: plane - 1, largest: largest2[at] };
    found.push(count2 ? picture : null);
  }
  return Array.from({ length: found.length / 2 }, (_, at) => {
    return { value: found[2 * at], gradient: found[2 * at + 1] };
  });
}
function sizeOf({ rows, columns }, lane, side) {
  if (rows * columns === 1) return { width: SINGLE[lane], height: SINGLE[lane] };
  const scale2 = side / Math.max(rows, columns);
  return {
    width: Math.max(columns * scale2, Math.min(THINNEST, side)),
    height: Math.max(rows * scale2, Math.min(THINNEST, side))
  };
}
function paintsFor(theme, ink) {
  const table = isDark(ink) ? theme.light : theme.dark;
  const colour = (share2) => {
    const entry = 4 * (theme.half + Math.round(share2 * theme.half / FULL));
    return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
  };
  const colours = Array.from({ length: 2 * FULL + 1 }, (_, at) => colour(at - FULL));
  return { colours, odd: theme.non_finite, hatch: theme.hatch, ink };
}
function paint2(canvas, picture, paints, { width, height }, outlined2 = false) {
  const { cells, columns, rows } = picture;
  const ratio = window.devicePixelRatio;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  if (!context) return;
  const [across, down] = [canvas.width / columns, canvas.height / rows];
  const gap = Math.min(across, down) / ratio >= LINED ? 1 : 0;
  cells.forEach((cell, at) => {
    const [left2, top2] = [at % columns * across, Math.floor(at / columns) * down];
    const [x, y] = [Math.round(left2), Math.round(top2)];
    const [w, h] = [Math.round(left2 + across) - x, Math.round(top2 + down) - y];
    context.fillStyle = cell === ODD ? paints.odd : paints.colours[cell + FULL];
    context.fillRect(x, y, w - gap, h - gap);
    if (cell === ODD) hatch(context, x, y, w - gap, h - gap, paints.hatch);
  });
  if (outlined2) outline2(context, picture, paints.ink, ratio);
}
function outline2(context, picture, ink, ratio) {
  const { width, height } = context.canvas;
  const [across, down] = [width / picture.columns, height / picture.rows];
  const line2 = Math.max(1, Math.min(MOST_LINE * ratio, Math.min(across, down) / 3));
  const within3 = (at, most) => Math.min(Math.max(at, line2 / 2), most - line2 / 2);
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of rimOf(picture)) {
    context.moveTo(within3(fromX * across, width), within3(fromY * down, height));
    context.lineTo(within3(toX * across, width), within3(toY * down, height));
  }
  context.strokeStyle = ink;
  context.lineWidth = line2;
  context.lineCap = "square";
  context.stroke();
}
function hatch(context, x, y, w, h, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.beginPath();
  for (let shift = 2; shift < w + h; shift += 6) {
    context.moveTo(x + shift, y);
    context.lineTo(x + shift - h, y + h);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

// viz/front/beside/column.js
var LANES = (
  /** @type {const} */
  ["value", "gradient"]
);
var SIDES = (
  /** @type {const} */
  ["a", "b"]
);
var PX = { value: 22, gradient: 34 };
function makeColumn(parent, column, sides, words, act) {
  const made = button(parent, "", "column", act);
  const boxes = boxesOf(column, sides);
  if (!boxes.a?.node) idle(made, true);
  made.dataset.a = boxes.a?.name ?? "";
  made.dataset.b = boxes.b?.name ?? "";
  const result = { button: made, canvases: {} };
  for (const side of SIDES) {
    const box = boxes[side];
    const part2 = element(made, "span", `box ${side}${box ? "" : " gap"}`);
    part2.classList.toggle("hands-on", handsOn(column[side], sides[side]));
    if (side === "a") namesIn(made, boxes);
    if (!box) {
      part2.title = words[side === "a" ? "only_b" : "only_a"];
      continue;
    }
    const canvases = LANES.map((lane) => element(part2, "canvas", lane, "", { ariaHidden: "true" }));
    result.canvases[side] = { value: canvases[0], gradient: canvases[1] };
  }
  return result;
}
function handsOn(at, { scene }) {
  if (at === null) return false;
  return scene.strip.links.some(
    ([source, target, flows]) => flows && target === at && source === at - 1
  );
}
function boxesOf(column, sides) {
  const of = (side) => {
    const at = column[side];
    return at === null ? null : sides[side].boxes[at];
  };
  return { a: of("a"), b: of("b") };
}
function nameOf({ a, b }, words) {
  if (a && b && a.name !== b.name)
    return words.both_names.replace("{a}", a.name).replace("{b}", b.name);
  return (a ?? b)?.name ?? "";
}
function namesIn(parent, { a, b }) {
  const names = element(parent, "span", "names");
  if (a && b && a.name === b.name) {
    element(names, "span", "both", a.name);
    return;
  }
  element(names, "span", "a", a?.name ?? "");
  element(names, "span", "b", b?.name ?? "");
}
function paintColumn({ canvases }, column, sides, sample, paints) {
  for (const side of SIDES) {
    const at = column[side];
    const here = canvases[side];
    if (at === null || !here) continue;
    const { pictures, scene } = sides[side];
    const found = pictures.get(sample < scene.strip.samples ? sample : 0);
    for (const lane of LANES) paintLane(here[lane], lane, found?.[at][lane] ?? null, paints);
  }
}
function paintLane(canvas, lane, picture, paints) {
  canvas.classList.toggle("none", !picture);
  if (picture) paint2(canvas, picture, paints, sizeOf(picture, lane, PX[lane]));
}

// viz/front/beside/difference.js
var [A, B, MINUS] = ["a:", "b:", "minus:"];
function compared(page2, show2) {
  if (show2 === "parameters") return page2.rows.flat();
  return [...page2.rows[0] ?? []].reverse();
}
function pageOf(one, other, show2, scaling, words) {
  const maps = compared(one, show2);
  const others = other ? compared(other, show2) : [];
  const known = new Set(maps.map(({ key }) => key));
  const rows = maps.map((map, at) => {
    const here = others[at] && !known.has(others[at].key) ? others[at] : null;
    const match = others.find(({ key }) => key === map.key) ?? here;
    return rowOf2(map, match, at, scaling, words);
  });
  return { ...one, rows, between: [], arrow: "" };
}
function rowOf2(a, b, row, scaling, words) {
  const named = (map, before, title = map.title) => ({
    ...map,
    key: before + map.key,
    title,
    group: scaling === "own" ? before + map.key : `row ${row}`
  });
  const absent = {
    ...a,
    values: null,
    shape: null,
    missing: words.no_layer,
    subtitle: "",
    term: ""
  };
  const minus2 = { ...a, term: "", ...minusOf(a, b, words) };
  return [
    named(a, A, fill(words.map_a, { title: a.title })),
    named(b ?? absent, B, b ? fill(words.map_b, { title: b.title }) : "B"),
    named(minus2, MINUS, words.map_minus)
  ];
}
function minusOf(a, b, words) {
  const none = (missing) => ({ values: null, missing, subtitle: "" });
  if (!b || a.missing || b.missing || !a.values || !b.values) return none(words.no_difference);
  if (String(a.shape) !== String(b.shape)) {
    const [one, other] = [a, b].map(({ shape: shape2 }) => (shape2 ?? []).join("×") || "1");
    return none(fill(words.other_shape, { a: one, b: other }));
  }
  const values = minus(b.values, a.values);
  return { values, subtitle: words.cell_by_cell, equal: words.map_equal };
}
function minus(b, a) {
  const count2 = Math.min(a.length, b.length);
  const single = a instanceof Float32Array && b instanceof Float32Array;
  const cells = single ? new Float32Array(count2) : new Float64Array(count2);
  for (let k = 0; k < count2; k += 1) cells[k] = b[k] - a[k];
  return cells;
}
function sourceOf(key) {
  if (key.startsWith(A)) return { sides: ["a"], map: key.slice(A.length) };
  if (key.startsWith(B)) return { sides: ["b"], map: key.slice(B.length) };
  return { sides: ["a", "b"], map: key.slice(MINUS.length) };
}

// viz/front/strip/fit.js
function measureIn(written4) {
  const context = document.createElement("canvas").getContext("2d");
  const { fontWeight, fontSize, fontFamily, letterSpacing } = getComputedStyle(written4);
  if (context) {
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    context.letterSpacing = letterSpacing === "normal" ? "0px" : letterSpacing;
  }
  return (text2) => context?.measureText(text2).width ?? 0;
}
function endOf(name2, fits) {
  if (fits(name2)) return name2;
  for (let from = 1; from < name2.length; from += 1) {
    const end = `…${name2.slice(from).replace(/^[._]/, "")}`;
    if (fits(end)) return end;
  }
  return name2;
}
function numberIn(value, digits, theme, signed, fits) {
  for (let left2 = digits; left2 > 0; left2 -= 1) {
    for (const smallest_plain of [theme.smallest_plain, Infinity]) {
      const text2 = amount(value, left2, { ...theme, smallest_plain }, signed);
      if (fits(text2)) return text2;
    }
  }
  return "";
}

// viz/front/beside/align.js
var NAMED = 6;
var SHAPED = 2;
var LEAST2 = 1;
function align(one, other) {
  const best = scores(one, other);
  const columns = [];
  let [a, b] = [0, 0];
  while (a < one.length || b < other.length) {
    const here = best[a][b];
    const both = a < one.length && b < other.length ? likeness(one[a], other[b]) : 0;
    if (both && here === both + best[a + 1][b + 1]) columns.push({ a: a++, b: b++ });
    else if (a < one.length && here === best[a + 1][b]) columns.push({ a: a++, b: null });
    else columns.push({ a: null, b: b++ });
  }
  return columns;
}
function scores(one, other) {
  const best = Array.from({ length: one.length + 1 }, () => new Float64Array(other.length + 1));
  for (let a = one.length - 1; a >= 0; a -= 1) {
    for (let b = other.length - 1; b >= 0; b -= 1) {
      const both = likeness(one[a], other[b]);
      best[a][b] = Math.max(both && both + best[a + 1][b + 1], best[a + 1][b], best[a][b + 1]);
    }
  }
  return best;
}
function likeness(one, other) {
  if (one.kind !== other.kind) return 0;
  if (one.name === other.name) return NAMED;
  return one.shape === other.shape ? SHAPED : LEAST2;
}
function ratioOf(a, b) {
  if (!a || !b || !isSized(a.state) || !isSized(b.state)) return null;
  if (a.state === "zero") return b.state === "zero" ? null : Infinity;
  return b.state === "zero" ? 0 : b.peak / a.peak;
}
function isSized(state) {
  return state === "number" || state === "zero";
}

// viz/front/profile/clear.js
var STEP3 = 4;
var FREE = 3;
function clearPlace(note2, wished, { from, to }, boxes, lines) {
  const last = Math.max(from, to - note2.width);
  const first = Math.min(Math.max(wished, from), last);
  const places2 = [first];
  for (let x = from; x < last; x += STEP3) places2.push(x);
  places2.push(last);
  const rated = places2.map((x) => {
    const around2 = {
      x: x - FREE,
      y: note2.y,
      width: note2.width + 2 * FREE,
      height: note2.height
    };
    const met = boxes.filter((box) => overlap(around2, box)).length + lines.filter((line2) => crosses(around2, line2)).length;
    return { x, met, away: Math.abs(x - first) };
  });
  return rated.reduce((best, each) => {
    const nearer = each.met === best.met && each.away < best.away;
    return each.met < best.met || nearer ? each : best;
  }).x;
}
function overlap(a, b) {
  const across = a.x < b.x + b.width && b.x < a.x + a.width;
  return across && a.y < b.y + b.height && b.y < a.y + a.height;
}
function crosses(box, { from, to }) {
  let [enters, leaves] = [0, 1];
  const sides = [
    { start: from.x, way: to.x - from.x, low: box.x, high: box.x + box.width },
    { start: from.y, way: to.y - from.y, low: box.y, high: box.y + box.height }
  ];
  for (const { start, way, low, high } of sides) {
    if (!way) {
      if (start <= low || start >= high) return false;
      continue;
    }
    const ends2 = [(low - start) / way, (high - start) / way];
    enters = Math.max(enters, Math.min(...ends2));
    leaves = Math.min(leaves, Math.max(...ends2));
  }
  return enters < leaves;
}

// viz/front/profile/scale.js
function scaleOf(highest, lowest, top2, floor) {
  const decades = Math.log10(highest / lowest);
  return (value) => top2 + (floor - top2) * Math.log10(highest / value) / decades;
}
function marksOf(peaks, states, { highest, lowest, top: top2, floor }) {
  const scale2 = scaleOf(highest, lowest, top2, floor);
  return Array.from(peaks, (value, at) => {
    if (states[at] === "not finite") return { y: top2, look: "odd" };
    if (states[at] === "zero") return { y: floor, look: "zero" };
    if (states[at] !== "number") return null;
    if (value > highest) return { y: top2, look: "above" };
    if (value < lowest) return { y: floor, look: "below" };
    return { y: scale2(value), look: "number" };
  });
}
function linesOf2(links, path, marks) {
  const next = new Map(path.map((at, place) => [at, path[place + 1]]));
  return links.filter(([source, target, flows]) => flows && isDrawn(marks[source]) && isDrawn(marks[target])).map(([source, target]) => ({ source, target, main: next.get(target) === source }));
}
function isDrawn(mark) {
  return mark !== null && mark.look !== "odd";
}
function namedEvery(count2, room, each) {
  const fitting2 = Math.max(1, Math.floor(room / each));
  const every = Math.ceil(count2 / fitting2);
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3].find((step2) => step2 >= every) ?? every;
}
function beyondOf(points, look) {
  const beyond = points.filter(({ mark }) => mark?.look === look);
  if (!beyond.length) return null;
  const places2 = beyond.map(({ x }) => x);
  const farther = look === "above" ? Math.max : Math.min;
  const farthest = /* @__PURE__ */ new Map();
  for (const { of, peak } of beyond) farthest.set(of, farther(peak, farthest.get(of) ?? peak));
  return { from: Math.min(...places2), to: Math.max(...places2), farthest };
}

// viz/front/profile/grid.js
var LINES2 = (
  /** @type {const} */
  [
    [1, "one"],
    [1e-3, "thousandth"],
    [1e-6, "millionth"],
    [1e-9, "billionth"]
  ]
);
function drawGrid(svg, { highest, lowest, top: top2, floor }, { gutter, width }, words, unchanged) {
  const scale2 = scaleOf(highest, lowest, top2, floor);
  for (const [value, name2] of LINES2) {
    const y2 = Math.round(scale2(value)) + 0.5;
    const line2 = { class: `grid ${name2}`, d: `M${gutter ? gutter - 4 : 0} ${y2}H${width}` };
    shape(svg, "path", line2);
    const at = gutter ? { class: `axis ${name2}`, x: gutter - 9, y: y2 + 4 } : { class: "inside", x: 2, y: y2 - 3 };
    shape(svg, "text", at, words[name2]);
  }
  if (unchanged === null) return;
  const y = Math.round(scale2(unchanged)) + 0.5;
  shape(svg, "path", { class: "unchanged", d: `M${gutter} ${y}H${width}` });
}
function drawLinks(svg, links, x, marks, run = "") {
  const point2 = (at) => ({ x: x(at), y: marks[at]?.y ?? 0 });
  const lines = links.map(({ source, target, main }) => {
    return { main, from: point2(target), to: point2(source) };
  });
  for (const kind of [false, true]) {
    const d = lines.filter(({ main }) => main === kind).map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join("");
    if (d) shape(svg, "path", { class: `${kind ? "main" : "side"} ${run}`.trim(), d });
  }
  return lines;
}
function explain2(svg, { points, lines }, where, axis, unchanged, words, write6) {
  const { gutter, width } = where;
  for (
    const look of
    /** @type {const} */
    ["below", "above"]
  ) {
    const beyond = beyondOf(points, look);
    if (!beyond) continue;
    const { from, to, farthest } = beyond;
    const value = [...farthest].map(([of, size]) => `${of} ${write6(size)}`.trim()).join(", ");
    const text2 = fill(words[look === "above" ? "above_axis" : "below_axis"], { value });
    const wish = from + to < width ? { from } : { to };
    note(svg, look, text2, where[look], wish, { from: gutter, to: width }, lines);
  }
  if (unchanged === null) return;
  const { highest, lowest, top: top2, floor } = axis;
  const y = Math.round(scaleOf(highest, lowest, top2, floor)(unchanged)) + 0.5;
  const below2 = y + 12 <= floor ? y + 12 : y - 4;
  const room = { from: gutter + 4, to: width - 4 };
  note(svg, "unchanged", words.unchanged, below2, { to: room.to }, room, lines);
}
function note(svg, name2, text2, y, { from, to = 0 }, room, lines) {
  const others = [...svg.querySelectorAll("text, rect.worst, path.stem")];
  const made = shape(svg, "text", { class: `${name2} first`, x: 0, y }, text2);
  const { x: left2, y: upper } = svg.getBoundingClientRect();
  const boxOf3 = (part2) => {
    const { x, y: top2, width, height } = part2.getBoundingClientRect();
    return { x: x - left2, y: top2 - upper, width, height };
  };
  const box = boxOf3(made);
  const wished = from ?? to - box.width;
  made.setAttribute("x", String(clearPlace(box, wished, room, others.map(boxOf3), lines)));
}

// viz/front/beside/lines.js
var SIDES2 = (
  /** @type {const} */
  ["a", "b"]
);
var TOP = 12;
var BELOW2 = 26;
var BESIDE2 = 9;
var EXPLAINED = { above: 17, below: 9 };
var SQUARE = 7;
var [LETTER3, GAP3] = [6.7, 4];
var APART = 13;
function drawLines({ lines: svg, axis: aside }, columns, sides, plan, theme, words) {
  svg.replaceChildren();
  svg.setAttribute("width", String(plan.width));
  svg.setAttribute("height", String(plan.height));
  const [highest, lowest, unchanged] = sides.a.scene.strip.axis;
  const axis = { highest, lowest, top: TOP, floor: plan.height - BELOW2 };
  const low = SIDES2.some((side) => {
    const { boxes, peaks } = sides[side].scene.strip;
    return boxes.some(({ state }, at) => state === "number" && peaks[at] <= unchanged);
  });
  const marked = low ? unchanged : null;
  drawGrid(svg, axis, plan, words, marked);
  aside.replaceChildren();
  aside.setAttribute("height", String(plan.height));
  if (plan.gutter) drawGrid(aside, axis, { ...plan, width: plan.gutter }, words, null);
  const ends2 = [...SIDES2].reverse().map((side) => {
    const { boxes, peaks, links, path } = sides[side].scene.strip;
    const states = boxes.map(({ state }) => state);
    const places2 = new Map(columns.map((column, at) => [column[side], at]));
    const x = (at) => plan.middle(places2.get(at) ?? 0);
    const marks = marksOf(peaks, states, axis).map(
      (mark, at) => plan.ahead[places2.get(at) ?? 0] ? null : mark
    );
    const drawn = drawLinks(svg, linesOf2(links, path, marks), x, marks, side);
    marks.forEach((mark, at) => mark && point(svg, side, mark, x(at)));
    return { side, at: marks.findIndex(Boolean), marks, x, drawn };
  });
  const points = [...ends2].reverse().flatMap(
    ({ side, marks, x }) => marks.map((mark, at) => {
      return { mark, peak: sides[side].scene.strip.peaks[at], x: x(at), of: side.toUpperCase() };
    })
  );
  numbers(svg, ends2, sides, plan.gutter, theme);
  ratios(svg, columns, sides, plan, theme);
  const where = {
    ...plan,
    above: axis.top + EXPLAINED.above,
    below: axis.floor - EXPLAINED.below
  };
  const found = { points, lines: ends2.flatMap(({ drawn }) => drawn) };
  explain2(svg, found, where, axis, marked, words, (value) => shortNumber(value, 2, theme));
}
function point(svg, side, { y, look }, x) {
  const name2 = `point ${side} ${look}`;
  if (look === "above" || look === "below") {
    const tip = look === "above" ? -4 : 4;
    shape(svg, "path", {
      class: name2,
      d: `M${x - 5} ${y - tip}L${x} ${y + tip}L${x + 5} ${y - tip}Z`
    });
  } else if (side === "a") {
    shape(svg, "circle", { class: name2, cx: x, cy: y, r: 4 });
  } else {
    const [left2, top2] = [x, y].map((middle4) => middle4 - SQUARE / 2);
    shape(svg, "rect", { class: name2, x: left2, y: top2, width: SQUARE, height: SQUARE });
  }
}
function numbers(svg, ends2, sides, gutter, theme) {
  const heights = ends2.map(({ at, marks }) => (marks[at]?.y ?? 0) + 4);
  if (Math.abs(heights[0] - heights[1]) < APART) {
    const upper = heights[0] <= heights[1] ? 0 : 1;
    const middle4 = (heights[0] + heights[1]) / 2;
    heights[upper] = Math.max(middle4 - APART / 2, TOP);
    heights[1 - upper] = heights[upper] + APART;
  }
  ends2.forEach(({ side, at, marks, x }, place) => {
    if (at < 0 || marks[at]?.look === "below") return;
    const { state, peak } = (
      /** @type {{state: string, peak: number}} */
      sides[side].gradient(at)
    );
    const number2 = state === "zero" ? "0" : shortNumber(peak, 2, theme);
    const text2 = `${side.toUpperCase()} ${number2}`;
    const before = x(at) - BESIDE2 - text2.length * LETTER3 >= gutter;
    shape(
      svg,
      "text",
      {
        class: before ? `value ${side} last` : `value ${side} first`,
        x: x(at) + (before ? -BESIDE2 : BESIDE2),
        y: heights[place]
      },
      text2
    );
  });
}
function ratios(svg, columns, sides, { middle: middle4, column, height, chosen: chosen3, ahead }, theme) {
  const texts = columns.map(
    ({ a, b }, at) => ahead[at] ? "" : ratioText(ratioOf(sides.a.gradient(a), sides.b.gradient(b)), 2, theme)
  );
  const widths = texts.map((text2) => text2.length * LETTER3 + GAP3);
  for (const at of thatFit(widths, column, chosen3)) {
    if (!texts[at]) continue;
    const name2 = at === chosen3 ? "ratio chosen" : "ratio";
    shape(svg, "text", { class: name2, x: middle4(at), y: height - 6 }, texts[at]);
  }
}
function thatFit(widths, column, chosen3) {
  const wide = chosen3 < 0 ? 0 : widths[chosen3];
  const fits = (at) => {
    const apart = Math.abs(at - chosen3) * column;
    return at === chosen3 || widths[at] <= column && 2 * apart >= wide + widths[at];
  };
  return widths.map((_, at) => at).filter(fits);
}
function ratioText(ratio, digits, theme) {
  if (ratio === null) return "–";
  return ratio === Infinity ? "∞" : shortNumber(ratio, digits, theme);
}

// viz/front/beside/flows.js
var COLUMN = { least: 42, most: 150 };
var GUTTER = { wide: 76, narrow: 26, from: 560 };
var ROOMY = 76;
var MARGIN4 = 28;
var NAMED2 = 1.8;
var Flows = class {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {FrontWords} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.words = words;
    this.root = element(parent, "div", "flows");
    this.inside = element(this.root, "div", "inside");
    const cover = element(element(this.inside, "div", "cover"), "div");
    this.axis = shape(element(cover, "div", "backlight-profile"), "svg", { "aria-hidden": "true" });
    this.band = element(this.inside, "div", "band", "", { hidden: true });
    this.row = element(this.inside, "div", "pairs", "", {
      role: "group",
      ariaLabel: words.beside.flows
    });
    for (const side of ["a", "b"]) this.label(side);
    this.row.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("scroll", () => this.showEdges());
    this.lines = shape(element(this.inside, "div", "backlight-profile"), "svg", {
      role: "img",
      "aria-label": words.beside.profile
    });
    element(element(this.inside, "div", "ratios"), "b", "", "B : A");
    this.sides = /** @type {Sides | null} */
    null;
    this.columns = [];
    this.made = [];
    this.width = 0;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.root);
  }
  /** @param {string} side */
  label(side) {
    const label2 = element(this.row, "div", `run ${side}`, "", { ariaHidden: "true" });
    element(label2, "b", "", side.toUpperCase());
    element(label2, "span", "", this.words.strip.values);
    element(label2, "span", "", this.words.strip.gradients);
  }
  remove() {
    this.watcher.disconnect();
  }
  /**
   * @param {Sides} sides
   */
  show(sides) {
    this.sides = sides;
    this.columns = align(sides.a.boxes, sides.b.boxes);
    for (const { button: button2 } of this.made) button2.remove();
    this.made = this.columns.map(
      (column, at) => makeColumn(this.row, column, sides, this.words.beside, () => this.choose(at))
    );
    this.made.forEach(({ button: button2 }, at) => {
      button2.ariaLabel = this.tell(at);
      button2.title = button2.ariaLabel;
      button2.addEventListener("focus", () => this.rove(at));
    });
    this.width = 0;
    this.fit();
    this.rove(Math.max(this.chosen, 0));
  }
  /** @returns {Theme} */
  get theme() {
    return (
      /** @type {Sides} */
      this.sides.a.scene.theme
    );
  }
  /** The column of the chosen node; -1 where none holds it. */
  get chosen() {
    if (!this.sides) return -1;
    const at = placeOf5(this.sides.a.boxes, this.store.node);
    return at < 0 ? -1 : this.columns.findIndex(({ a }) => a === at);
  }
  /** The page has become wider or narrower. */
  fit() {
    const { sides, columns, root } = this;
    const width = root.clientWidth;
    if (!sides || !width || width === this.width) return;
    this.width = width;
    const narrow = width < GUTTER.from;
    const gutter = narrow ? GUTTER.narrow : GUTTER.wide;
    const room = (width - gutter) / columns.length;
    const column = Math.min(Math.max(room, COLUMN.least), COLUMN.most);
    root.classList.toggle("narrow", narrow);
    root.classList.toggle("roomy", column >= ROOMY);
    root.style.setProperty("--column", `${column}px`);
    root.style.setProperty("--gutter", `${gutter}px`);
    this.inside.style.width = `${gutter + columns.length * column}px`;
    this.made.forEach(({ button: button2 }, at) => {
      button2.style.left = `${gutter + at * column}px`;
    });
    this.plan = {
      width: gutter + columns.length * column,
      gutter: narrow ? 0 : gutter,
      height: this.lines.parentElement?.clientHeight ?? 0,
      column,
      middle: (at) => gutter + (at + 0.5) * column
    };
    this.nameColumns(column);
    this.paint();
    this.follow(true);
    this.showEdges();
  }
  /**
   * Write as much of every name as has room.
   * @param {number} column px
   */
  nameColumns(column) {
    const room = column >= ROOMY ? column : NAMED2 * column;
    for (const { button: button2 } of this.made) {
      for (const name2 of button2.querySelectorAll(".names span")) {
        const measure2 = measureIn(name2);
        const whole2 = button2.dataset[name2.className === "b" ? "b" : "a"] ?? "";
        name2.textContent = endOf(whole2, (text2) => measure2(text2) <= room);
      }
    }
  }
  /** Show at which edges there are more columns. */
  showEdges() {
    const { classList, scrollLeft, clientWidth, scrollWidth } = this.root;
    classList.toggle("more-left", scrollLeft > 1);
    classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 1);
  }
  /** Fill the boxes with the pictures of the chosen sample, as far as they have come. */
  paint() {
    const { sides, store } = this;
    if (!sides) return;
    const paints = paintsFor(this.theme, getComputedStyle(this.root).color);
    this.made.forEach(
      (made, at) => paintColumn(made, this.columns[at], sides, store.view.sample, paints)
    );
  }
  /**
   * Mark what is chosen.
   * @param {boolean} reveal
   */
  follow(reveal) {
    const { sides, chosen: chosen3, plan } = this;
    if (!sides || !plan) return;
    const states = this.states();
    this.made.forEach(({ button: button3 }, at) => {
      button3.classList.toggle("selected", at === chosen3);
      button3.ariaPressed = String(at === chosen3);
      showState(button3, states[at], this.words.strip);
    });
    const ahead = states.map((state) => state === "ahead");
    const { theme, words } = this;
    const drawings = { lines: this.lines, axis: this.axis };
    drawLines(drawings, this.columns, sides, { ...plan, chosen: chosen3, ahead }, theme, words.strip);
    this.band.hidden = chosen3 < 0;
    if (chosen3 < 0) return;
    const { button: button2 } = this.made[chosen3];
    this.band.style.left = button2.style.left;
    if (!this.row.contains(focused(this.root))) this.rove(chosen3);
    if (reveal) this.reveal(button2);
  }
  /** How far the engine is at every column, while somebody steps: what A lacks goes with the next. */
  states() {
    const { step: step2 } = this.store.view;
    let state = step2 === null ? "" : "done";
    return [...this.columns].reverse().map(({ a }) => {
      if (a !== null) state = stateAt(this.sides?.a.boxes[a].ranges ?? [], step2);
      return state;
    }).reverse();
  }
  /**
   * Scroll the columns, never the page, until one is in view.
   * @param {HTMLElement} button
   */
  reveal({ offsetLeft, offsetWidth }) {
    const { scrollLeft, clientWidth } = this.root;
    const from = scrollLeft + GUTTER.narrow;
    const [low, high] = [offsetLeft, offsetLeft + offsetWidth];
    this.root.scrollLeft += scrolling(low, high, from, scrollLeft + clientWidth, MARGIN4);
  }
  /**
   * Everything about a column in one line.
   * @param {number} at
   */
  tell(at) {
    const { sides, theme } = this;
    if (!sides) return "";
    const { beside: beside2, strip } = this.words;
    const column = this.columns[at];
    const boxes = boxesOf(column, sides);
    const [said2, texts] = [
      [nameOf(boxes, beside2)],
      /** @type {string[]} */
      []
    ];
    for (
      const side of
      /** @type {const} */
      ["a", "b"]
    ) {
      const gradient2 = sides[side].gradient(column[side]);
      if (!gradient2) said2.push(beside2[side === "a" ? "only_b" : "only_a"]);
      else texts.push(`${side.toUpperCase()} ${sizeText(gradient2, theme, strip)}`);
    }
    said2.push(`${beside2.largest_short} ${texts.join(", ")}`);
    const ratio = ratioOf(sides.a.gradient(column.a), sides.b.gradient(column.b));
    if (ratio !== null)
      said2.push(fill(beside2.ratio, { ratio: ratioText(ratio, theme.digits, theme) }));
    return said2.join(" · ");
  }
  /** @param {number} at */
  choose(at) {
    const place = this.columns[at].a;
    const node = place === null ? "" : this.sides?.a.boxes[place].node;
    if (node) this.store.choose(node);
  }
  /**
   * Move the single tab stop.
   * @param {number} at
   */
  rove(at) {
    this.made.forEach(({ button: button2 }, each) => button2.tabIndex = each === at ? 0 : -1);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    const last = this.made.length - 1;
    const at = this.made.findIndex(({ button: button2 }) => button2 === event.target);
    const places2 = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places2)) return;
    event.preventDefault();
    this.made[Math.min(Math.max(places2[event.key], 0), last)].button.focus();
  }
};
function sizeText({ state, peak }, theme, words) {
  const reasons = (
    /** @type {Record<string, string>} */
    {
      "not asked": words.not_asked,
      nothing: words.nothing,
      cut: words.cut,
      "not kept": words.not_kept
    }
  );
  return reasons[state] ?? shortNumber(peak, theme.digits, theme);
}

// viz/front/beside/said.js
var BLANK = 20;
function atFirst(columns, sides, words) {
  const { theme } = sides.a.scene;
  for (const column of columns) {
    const [a, b] = [sides.a.gradient(column.a), sides.b.gradient(column.b)];
    if (!a || !b || !isSized(a.state) || !isSized(b.state)) continue;
    const layer = nameOf(boxesOf(column, sides), words);
    const ratio = ratioOf(a, b);
    if (ratio === null) return fill(words.first_zero, { layer });
    if (ratio === 0) return fill(words.first_b_zero, { layer });
    if (ratio === Infinity) return fill(words.first_a_zero, { layer });
    if (ratio === 1) return fill(words.first_equal, { layer });
    return fill(words.first_ratio, { layer, ratio: ratioText(ratio, theme.digits, theme) });
  }
  return words.first_none;
}
function atChosen(column, sides, { beside: beside2, strip }) {
  const { theme } = sides.a.scene;
  const [a, b] = [sides.a.gradient(column.a), sides.b.gradient(column.b)];
  const texts = [a, b].map((each) => each && sizeText(each, theme, strip));
  if (!texts[1]) return beside2.only_a;
  const said2 = [fill(beside2.largest, { a: texts[0] ?? "", b: texts[1] })];
  const ratio = ratioOf(a, b);
  if (ratio && ratio !== Infinity && Math.max(ratio, 1 / ratio) >= BLANK) {
    const factor = ratioText(Math.max(ratio, 1 / ratio), 2, theme);
    said2.push(fill(beside2.blank, { name: ratio > 1 ? "A" : "B", factor }));
  }
  return said2.join(" ");
}

// viz/front/beside/side.js
var Side = class {
  /**
   * @param {string} query of the run
   * @param {Scene} scene
   * @param {Answerer} answerer
   */
  constructor(query, scene, answerer) {
    this.query = query;
    this.scene = scene;
    this.answerer = answerer;
    this.pictures = new Map(scene.strip.pictures.map((each) => [each.sample, unpacked(each)]));
    this.pieces = /* @__PURE__ */ new Map();
    this.asked = /* @__PURE__ */ new Map();
  }
  get boxes() {
    return this.scene.strip.boxes;
  }
  /**
   * The gradient at a box.
   * @param {number | null} at
   */
  gradient(at) {
    if (at === null) return null;
    return { state: this.boxes[at].state, peak: this.scene.strip.peaks[at] };
  }
  /**
   * The page of a node, as far as it has been sent.
   * @param {string} node
   * @returns {NodePage | undefined}
   */
  node(node) {
    return this.scene.nodes[node];
  }
  /**
   * Ask for a node that has not been sent.
   * @param {string} node
   */
  fetchNode(node) {
    return this.once(`node ${node}`, async () => {
      const { nodes } = await this.answerer.answer(this.query, "nodes", { nodes: node });
      this.scene.nodes = { ...this.scene.nodes, ...nodes };
    });
  }
  /**
   * Ask for what the boxes show of a sample.
   * @param {number} sample
   */
  fetchPictures(sample) {
    return this.once(`pictures ${sample}`, async () => {
      const pictures = await this.answerer.answer(this.query, "thumbnails", { sample });
      this.pictures.set(sample, unpacked(pictures));
    });
  }
  /**
   * Cells that came later than their node.
   * @param {string} node
   * @param {string} page
   * @param {Run} run
   */
  piece(node, page2, run) {
    return this.pieces.get(nameOf2(node, page2, run)) ?? null;
  }
  /**
   * Ask for cells.
   * @param {string} node
   * @param {string} page
   * @param {Run} run
   */
  fetchPiece(node, page2, run) {
    const name2 = nameOf2(node, page2, run);
    return this.once(name2, async () => {
      const { key: map, start, count: count2 } = run;
      const of = { node, page: page2, map, start, count: count2 };
      const cells = await this.answerer.answer(this.query, "cells", of);
      this.pieces.set(name2, cells.values);
    });
  }
  /**
   * Ask for a thing once.
   * @param {string} name
   * @param {() => Promise<void>} ask
   */
  once(name2, ask2) {
    const known = this.asked.get(name2) ?? ask2();
    this.asked.set(name2, known);
    return known;
  }
};
function nameOf2(node, page2, { key, start, count: count2 }) {
  return [node, page2, key, start, count2].join(" ");
}

// viz/front/beside/beside.js
var ROOM2 = { least: 150, most: 212, cell: 53, besides: 530 };
var IN_ROOM3 = { least: 150, most: 420, cell: 80, besides: 66 };
var Beside = class {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {FrontWords} words
   */
  constructor(parent, store, answerer, words) {
    this.store = store;
    this.answerer = answerer;
    this.words = words;
    this.root = element(parent, "section", "beside");
    this.root.dataset.state = "loading";
    const head3 = element(this.root, "header");
    element(head3, "h3", "head", words.beside.title);
    this.losses = element(head3, "p", "losses");
    this.steps = new StepsView(head3, store, words.steps, {
      keys: true,
      onMissing: (step2) => this.moreSteps(step2)
    });
    const line2 = element(this.root, "p", "line");
    this.finding = element(line2, "b");
    this.apart = element(line2, "span");
    this.flows = new Flows(this.root, store, words);
    this.card = element(this.root, "section", "card-frame");
    const chosen3 = element(this.card, "header");
    this.title = element(chosen3, "h3", "head");
    const controls = element(chosen3, "div", "controls");
    this.scales = new Scales(store, words.maps);
    controls.append(this.scales.root);
    this.pickers = new Pickers(controls, store, words.workbench);
    this.said = element(this.card, "p", "said");
    this.absent = element(this.card, "p", "absent", "", { hidden: true });
    this.maps = new Maps(element(this.card, "div", "maps"), words, {
      onCell: () => {
      },
      roomOf: () => this.roomOf()
    });
    this.pair = /** @type {Pair | null} */
    null;
    this.sides = /** @type {Sides | null} */
    null;
    this.drawing = /** @type {Drawing | null} */
    null;
    this.over = new AbortController();
    document.addEventListener(CHANGED, () => this.turn(), { signal: this.over.signal });
    this.turn();
    this.unsubscribe = store.subscribe((_view, { before }) => this.changed(before.sample));
    this.root.addEventListener("transitionend", ({ target }) => {
      if (target === this.root) this.flows.paint();
    });
  }
  remove() {
    this.pair = null;
    this.over.abort();
    this.unsubscribe();
    this.steps.remove();
    this.flows.remove();
    this.maps.remove();
    this.root.remove();
  }
  /** How large a map may be. */
  roomOf() {
    const room = inRoom();
    const { least, most, besides, cell } = room ? IN_ROOM3 : ROOM2;
    const all = room ? this.card.clientHeight : window.innerHeight;
    const height = Math.min(most, Math.max(least, all - besides));
    return { height, cell, scroll: room ? height + 1 : void 0 };
  }
  /** Draw for a room, or no more. */
  turn() {
    this.root.classList.toggle("in-room", inRoom());
    this.flows.width = 0;
    this.flows.fit();
    this.draw();
  }
  /**
   * Show two runs; what is on screen stays until both scenes have come.
   * @param {Pair} pair
   */
  async show(pair) {
    if (JSON.stringify(pair) === JSON.stringify(this.pair)) return;
    this.pair = pair;
    this.root.dataset.state = "loading";
    const [one, other] = await Promise.all([
      this.scene(pair.a, this.store.wanted),
      this.scene(pair.b, null)
    ]);
    if (this.pair !== pair || !one || !other) return;
    this.take(new Side(pair.a, one, this.answerer), new Side(pair.b, other, this.answerer));
  }
  /**
   * @param {string} query
   * @param {string | null} node
   * @returns {Promise<Scene | null>}
   */
  async scene(query, node) {
    try {
      return await this.answerer.answer(query, "scene", { node });
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }
  /**
   * Say why there is no answer; null stands for what has gone.
   * @param {unknown} error
   */
  refuse(error) {
    if (!(error instanceof Refusal)) throw error;
    if (!error.message || !this.pair) return;
    this.root.dataset.state = "refused";
    this.absent.hidden = false;
    this.absent.textContent = error.message;
  }
  /**
   * @param {Side} a
   * @param {Side} b
   */
  take(a, b) {
    const { scene } = a;
    this.sides = null;
    this.store.know(scene.first, { boxes: a.boxes, count: scene.count });
    this.sides = { a, b };
    this.drawing = new Drawing2(this.words.maps, scene.theme);
    setColours(this.root, scene.theme);
    this.apart.textContent = ` ${this.pair?.apart ?? ""}`;
    this.tellLosses();
    this.steps.show(scene.steps);
    this.flows.show(this.sides);
    const first = atFirst(this.flows.columns, this.sides, this.words.beside);
    this.finding.textContent = first;
    this.morePictures();
    this.draw();
  }
  tellLosses() {
    const { sides, words } = this;
    if (!sides) return;
    const [a, b] = [sides.a, sides.b].map(
      ({ scene: { loss, theme } }) => loss.length ? shortNumber(loss[0], theme.digits, theme) : words.beside.no_loss
    );
    this.losses.textContent = fill(words.beside.losses, { a, b });
  }
  /** @param {number} sample that was looked at before */
  changed(sample) {
    if (!this.sides) return;
    if (sample !== this.store.view.sample) this.morePictures();
    this.flows.follow(true);
    this.draw();
  }
  /** Ask for what the boxes show of the chosen sample. */
  async morePictures() {
    const { sides, store } = this;
    if (!sides) return;
    const { sample } = store.view;
    const missing = [sides.a, sides.b].filter(
      ({ pictures, scene }) => sample < scene.strip.samples && !pictures.has(sample)
    );
    await this.came(missing.map((side) => side.fetchPictures(sample)));
    if (this.sides === sides) this.flows.paint();
  }
  /**
   * Ask for the sentences around a step of A, which both take.
   * @param {number} step
   */
  async moreSteps(step2) {
    const { sides } = this;
    if (!sides) return;
    const { query } = sides.a;
    try {
      const data = await this.answerer.answer(query, "steps", { step: step2 });
      if (this.sides === sides) this.steps.show(data);
    } catch (error) {
      this.refuse(error);
    }
  }
  /**
   * Wait for answers; tell whether all of them came.
   * @param {Promise<void>[]} asked
   */
  async came(asked) {
    try {
      await Promise.all(asked);
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }
  /** Draw the maps of the chosen column, as far as they have come, and ask for the rest. */
  draw() {
    const { sides, flows, words } = this;
    const column = flows.columns[flows.chosen];
    if (!sides || !column) return;
    const boxes = boxesOf(column, sides);
    this.title.textContent = nameOf(boxes, words.beside);
    this.said.textContent = atChosen(column, sides, words);
    const { missing, a, b } = this.nodes(boxes.a?.node ?? "", boxes.b?.node ?? "");
    if (a && !missing.length) this.compare(a, b, missing);
    this.root.dataset.state = missing.length ? "loading" : "shown";
    if (missing.length) this.again(missing);
  }
  /**
   * What is known of a node of each run, and what is asked for.
   * @param {string} one of A
   * @param {string} other of B; empty where it has none
   */
  nodes(one, other) {
    const sides = (
      /** @type {Sides} */
      this.sides
    );
    const [a, b] = [sides.a.node(one), sides.b.node(other)];
    const missing = [];
    if (!a) missing.push(sides.a.fetchNode(one));
    if (other && !b) missing.push(sides.b.fetchNode(other));
    return { missing, a: a ?? null, b: b ?? null };
  }
  /** @param {Promise<void>[]} missing */
  async again(missing) {
    const { sides, store } = this;
    const { view } = store;
    if (await this.came(missing) && this.sides === sides && store.view === view) this.draw();
  }
  /**
   * @param {NodePage} a
   * @param {NodePage | null} b
   * @param {Promise<void>[]} missing gets what is asked for
   */
  compare(a, b, missing) {
    const { drawing, sides, store } = this;
    if (!drawing || !sides) return;
    const { show: show2, scale: scale2 } = store.view;
    const name2 = this.nameOf(a);
    const others = b ? this.nameOf(b) : "";
    const page2 = pageOf(a.pages[name2], b?.pages[others] ?? null, show2, scale2, this.words.beside);
    const picked2 = this.picked(page2);
    const nodes = { a: (
      /** @type {const} */
      [a.id, name2]
    ), b: [b?.id ?? "", others] };
    const piece = (run) => {
      const { sides: from, map } = sourceOf(run.key);
      const runs = from.map((side) => ({ side, run: { ...run, key: map } }));
      const found = runs.map(
        ({ side, run: own }) => sides[side].piece(nodes[side][0], nodes[side][1], own)
      );
      runs.forEach(({ side, run: own }, at) => {
        if (!found[at]) missing.push(sides[side].fetchPiece(nodes[side][0], nodes[side][1], own));
      });
      const [one, other] = found;
      if (!one || from.length === 1) return one;
      return other && minus(other, one);
    };
    const { rows } = drawing.rows(page2, picked2, piece, scale2);
    this.pickers.show(a, a.pages[name2], { part: this.part(a), channel: picked2.channel });
    this.scales.show();
    this.absent.hidden = Boolean(rows.length);
    this.absent.textContent = this.words.workbench.nothing;
    this.maps.stage.root.hidden = !rows.length;
    const theme = sides.a.scene.theme;
    const none = { links: [], answer: null, between: [], held: null };
    if (rows.length) this.maps.show({ rows, ...none, arrow: "", scaling: scale2, theme });
  }
  /**
   * The page of a node that is looked at.
   * @param {NodePage} node
   */
  nameOf(node) {
    const { show: show2 } = this.store.view;
    return show2 === "gradient" ? `gradient ${this.part(node)}` : show2;
  }
  /** @param {NodePage} node */
  part(node) {
    const { part: part2 } = this.store.view;
    return part2 !== null && node.pages[`gradient ${part2}`] ? part2 : node.first_part;
  }
  /**
   * The picked sample and channel, of both runs those of A.
   * @param {import("../types.d.ts").Page} page
   */
  picked({ samples: samples2, channels, first_channels: first }) {
    const { view } = this.store;
    const sample = view.sample < samples2 ? view.sample : 0;
    const channel = view.channel ?? first[sample] ?? null;
    const one = channel !== "all" && channel !== null && channel < channels;
    return { sample, channel: one ? channel : null };
  }
};

// viz/front/editor/draft.js
var INPUT = 0;
function keysOf(draft) {
  return draft.layers.map(({ key }) => key);
}
function frozen(draft) {
  return withLayers(draft, draft.layers);
}
function placeOf6(draft, key) {
  if (key === INPUT) return -1;
  const place = keysOf(draft).indexOf(key);
  return place < 0 ? void 0 : place;
}
function layerOf(draft, key) {
  return draft.layers.find((layer) => layer.key === key);
}
function above(draft, key) {
  return [INPUT, ...keysOf(draft).slice(0, placeOf6(draft, key) ?? 0)];
}
function add(draft, after, kind, kinds, switches) {
  const stem = /^[A-Za-z]+/.exec(kind.name)?.[0].toLowerCase() ?? "layer";
  const layer = {
    key: nextKey(draft),
    name: freeName(draft, stem),
    kind: kind.name,
    reads: firstReads(draft, after, kind, kinds),
    fields: Object.fromEntries(kind.fields.map((field) => [field.name, field.default])),
    switches: Object.fromEntries(switches.map((name2) => [name2, false])),
    fresh: true
  };
  return inserted(draft, layer, after);
}
function duplicate(draft, key) {
  const layer = layerOf(draft, key);
  if (!layer) return draft;
  const name2 = freeName(draft, layer.name.replace(/\d+$/, "") || "layer");
  const copy2 = { ...layer, key: nextKey(draft), name: name2, reads: [key, ...layer.reads.slice(1)] };
  return inserted(draft, copy2, key);
}
function remove(draft, key) {
  const layer = layerOf(draft, key);
  if (!layer) return draft;
  const heir = layer.reads.find((source) => source !== key) ?? INPUT;
  const left2 = draft.layers.filter((other) => other !== layer);
  return withLayers(
    draft,
    left2.map((other) => reading(other, /* @__PURE__ */ new Map([[key, heir]])))
  );
}
function move(draft, key, up) {
  const place = placeOf6(draft, key);
  const upper = place === void 0 || place < 0 ? -1 : up ? place - 1 : place;
  if (upper < 0 || upper >= draft.layers.length - 1) return draft;
  let [first, second] = draft.layers.slice(upper, upper + 2);
  let rest = draft.layers.slice(upper + 2);
  if (second.reads.includes(first.key)) {
    const source = first.reads[0] ?? INPUT;
    const readers = /* @__PURE__ */ new Map([[second.key, first.key]]);
    const moved5 = { ...first, reads: [second.key, ...first.reads.slice(1)] };
    second = reading(second, /* @__PURE__ */ new Map([[first.key, source]]));
    rest = rest.map((layer) => reading(layer, readers));
    first = moved5;
  }
  return withLayers(draft, [...draft.layers.slice(0, upper), second, first, ...rest]);
}
function rename(draft, key, name2) {
  return changed(draft, key, { name: name2 });
}
function rewire(draft, key, reads) {
  const known = reads.every((source) => placeOf6(draft, source) !== void 0);
  return known ? changed(draft, key, { reads }) : draft;
}
function setField(draft, key, field, value) {
  const { fields = {} } = layerOf(draft, key) ?? {};
  if (!(field in fields)) return draft;
  return changed(draft, key, { fields: { ...fields, [field]: value }, fresh: false });
}
function changeKind(draft, key, kind, kinds) {
  const layer = layerOf(draft, key);
  if (!layer || layer.kind === kind.name) return draft;
  const before = kinds.get(layer.kind)?.fields ?? [];
  const fields = kind.fields.map((field) => {
    const alike3 = before.some((old) => old.name === field.name && sameValues(old, field));
    return [field.name, alike3 ? layer.fields[field.name] : field.default];
  });
  const [fewest, most] = kind.inputs;
  const missing = Math.max(fewest - layer.reads.length, 0);
  const reads = [...layer.reads, ...Array(missing).fill(layer.reads[0] ?? INPUT)].slice(0, most);
  const other = { kind: kind.name, fields: Object.fromEntries(fields), reads, fresh: true };
  return changed(draft, key, other);
}
function setSwitch(draft, key, name2, on) {
  const layer = layerOf(draft, key);
  return layer ? changed(draft, key, { switches: { ...layer.switches, [name2]: on } }) : draft;
}
function freeName(draft, stem) {
  const taken = new Set(draft.layers.map(({ name: name2 }) => name2));
  let number2 = 1;
  while (taken.has(`${stem}${number2}`)) number2 += 1;
  return `${stem}${number2}`;
}
function sameValues(one, other) {
  return one.kind === other.kind && one.choices.join() === other.choices.join();
}
function firstReads(draft, after, kind, kinds) {
  let second = layerOf(draft, after)?.reads[0] ?? after;
  if (kind.takes_indices) {
    const before = draft.layers.slice(0, (placeOf6(draft, after) ?? -1) + 1);
    const giving = before.findLast((layer) => kinds.get(layer.kind)?.gives_indices);
    second = giving?.key ?? after;
  }
  const fewest = kind.inputs[0];
  return [after, ...Array(Math.max(fewest - 1, 0)).fill(second)].slice(0, fewest);
}
function inserted(draft, layer, after) {
  const place = (placeOf6(draft, after) ?? draft.layers.length - 1) + 1;
  const [next, ...rest] = draft.layers.slice(place);
  const following = next ? [reading(next, /* @__PURE__ */ new Map([[after, layer.key]])), ...rest] : [];
  return withLayers(draft, [...draft.layers.slice(0, place), layer, ...following]);
}
function reading(layer, instead) {
  if (!layer.reads.some((source) => instead.has(source))) return layer;
  return { ...layer, reads: layer.reads.map((source) => instead.get(source) ?? source) };
}
function changed(draft, key, changes) {
  return withLayers(
    draft,
    draft.layers.map((layer) => layer.key === key ? { ...layer, ...changes } : layer)
  );
}
function withLayers(draft, layers) {
  return Object.freeze({
    ...draft,
    layers: Object.freeze(layers.map((each) => Object.freeze(each)))
  });
}
function nextKey(draft) {
  return Math.max(INPUT, ...keysOf(draft)) + 1;
}

// viz/front/editor/history.js
var STEPS3 = 100;
function begin3(present) {
  return { present, past: [], future: [] };
}
function then(history, draft) {
  if (same(history.present, draft)) return history;
  return { present: draft, past: [...history.past, history.present].slice(-STEPS3), future: [] };
}
function amended(history, draft) {
  return { ...history, present: draft };
}
function gone(history, way) {
  const from = way === "undo" ? "past" : "future";
  const to = way === "undo" ? "future" : "past";
  const present = history[from].at(-1);
  if (!present) return history;
  const left2 = { [from]: history[from].slice(0, -1), [to]: [...history[to], history.present] };
  return { ...history, ...left2, present };
}
function same(one, other) {
  return one === other || text(one) === text(other);
}
function text({ name: name2, input_shape, layers }) {
  const places2 = new Map(layers.map(({ key }, place) => [key, place]));
  const told2 = layers.map((layer) => {
    const fields = Object.entries(layer.fields).sort(([a], [b]) => a < b ? -1 : 1);
    const reads = layer.reads.map((key) => places2.get(key) ?? null);
    return [layer.name, layer.kind, reads, fields, layer.switches];
  });
  return JSON.stringify([name2, input_shape, told2]);
}

// viz/front/editor/form.js
var WHOLE = /^-?\d{1,9}$/;
function written2(value) {
  return Array.isArray(value) ? value.join("x") : String(value);
}
function read2(typed2, { choices }) {
  const text2 = typed2.trim();
  const parts = text2.replace(/^\(|\)$/g, "").split(/[x\u00d7,;\s]+/);
  if (choices.includes(text2) || !parts.every((part2) => WHOLE.test(part2))) return text2;
  const numbers2 = parts.map(Number);
  return numbers2.length > 1 ? numbers2 : numbers2[0];
}
var Form = class {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    this.root = element(parent, "div", "form");
    this.hint = element(parent, "p", "hint");
    this.made = "";
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
    for (const { control, value } of this.shown) put2(control, value(draft));
  }
  /** What is fed into the network, and its name. */
  input() {
    const { text: text2 } = this.editor;
    this.text(text2.network_name, text2.network_name_help, {
      value: (draft) => draft.name,
      take: (draft, name2) => ({ ...draft, name: name2.trim() })
    });
    this.text(text2.shape, text2.shape_help, {
      value: (draft) => draft.input_shape,
      take: (draft, shape2) => ({ ...draft, input_shape: shape2.trim().replaceAll("×", "x") })
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
      take: (draft, name2) => rename(draft, key, name2.trim())
    });
    this.reads(layer, offered);
    for (const field of this.editor.kinds.get(layer.kind)?.fields ?? []) this.field(layer, field);
    for (const name2 of Object.keys(layer.switches)) {
      this.check(name2, "", {
        value: (draft) => layerOf(draft, key)?.switches[name2] ?? false,
        take: (draft, on) => setSwitch(draft, key, name2, on)
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
    const keys = [.../* @__PURE__ */ new Set([...above(draft, layer.key), ...layer.reads])];
    return keys.map((key) => [String(key), this.editor.nameOf(key)]);
  }
  /**
   * A list for each layer that it reads, and, where their number is free, more or fewer of them.
   * @param {DraftLayer} layer
   * @param {Offered} offered
   */
  reads({ key, kind, reads }, offered) {
    const { editor } = this;
    const { text: text2 } = editor;
    const [fewest, most] = editor.kinds.get(kind)?.inputs ?? [1, 1];
    const readsOf = (draft) => [...layerOf(draft, key)?.reads ?? []];
    for (let place = 0; place < Math.max(fewest, reads.length); place += 1) {
      const label2 = most > 1 ? fill(text2.reads_place, { place: place + 1 }) : text2.reads;
      const none = place < reads.length ? [] : [["", text2.nothing_read]];
      this.choice(label2, text2.reads_help, [...none, ...offered], {
        value: (draft) => String(readsOf(draft)[place] ?? ""),
        take: (draft, source) => {
          const now = readsOf(draft);
          now.splice(place, 1, Number(source));
          return rewire(draft, key, now);
        }
      });
      if (reads.length > fewest) {
        const fewer = (draft) => rewire(draft, key, readsOf(draft).toSpliced(place, 1));
        name(
          this.act("close", "", fewer),
          fill(text2.fewer_reads, { name: editor.nameOf(reads[place]) })
        );
      }
    }
    if (reads.length < most && reads.length >= fewest) {
      this.act(
        "add",
        text2.more_reads,
        (draft) => rewire(draft, key, [...readsOf(draft), above(draft, key).at(-1) ?? INPUT])
      );
    }
  }
  /**
   * One setting: a switch, a list, a number within its bounds, or several as text.
   * @param {DraftLayer} layer
   * @param {Field} field
   */
  field({ key, fields }, field) {
    const { text: text2 } = this.editor;
    const { name: name2, help, choices, low, high } = field;
    const value = (now) => layerOf(now, key)?.fields[name2] ?? "";
    const take = (now, set) => setField(now, key, name2, set);
    if (field.kind === "bool") this.check(name2, help, { value, take });
    else if (field.kind === "choice") {
      this.choice(
        name2,
        help,
        choices.map((each) => [each, each]),
        { value, take }
      );
    } else if (typeof fields[name2] === "number" && !choices.length && isOne(field)) {
      const bounds = fill(text2.bounds, { low, high: high.toLocaleString("en") });
      this.number(field, `${help} ${bounds}`.trim(), { value, take });
    } else {
      const words = choices.length ? fill(text2.or_words, { words: choices.join(", ") }) : "";
      this.text(name2, [help, text2.several, words].filter(Boolean).join(" "), {
        value: (now) => written2(value(now)),
        take: (now, typed2) => take(now, read2(typed2, field))
      });
    }
  }
  /**
   * @param {string} label
   * @param {string} help
   * @param {Bound<string>} bound
   */
  text(label2, help, bound) {
    const control = this.control("input", label2, help, bound.value);
    const maxLength = this.editor.catalogue.longest_name;
    Object.assign(control, { maxLength, spellcheck: false, autocomplete: "off" });
    control.addEventListener("change", () => this.take(bound, control.value));
  }
  /**
   * @param {Field} field
   * @param {string} help
   * @param {Bound<number>} bound
   */
  number({ name: name2, kind, low, high }, help, bound) {
    const control = this.control("input", name2, help, bound.value);
    const step2 = kind === "int" ? "1" : "any";
    Object.assign(control, { type: "number", min: String(low), max: String(high), step: step2 });
    control.addEventListener("change", () => {
      if (Number.isFinite(control.valueAsNumber)) this.take(bound, control.valueAsNumber);
      else put2(control, bound.value(this.editor.draft), true);
    });
  }
  /**
   * @param {string} label
   * @param {string} help
   * @param {Offered} options
   * @param {Bound<string>} bound
   */
  choice(label2, help, options, bound) {
    const control = this.control("select", label2, help, bound.value);
    offer(control, options);
    control.addEventListener("change", () => this.take(bound, control.value));
  }
  /**
   * @param {string} label
   * @param {string} help
   * @param {Bound<boolean>} bound
   */
  check(label2, help, bound) {
    const control = this.control("input", label2, help, bound.value, "check");
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
  control(tag, label2, help, value, className = "") {
    const around2 = element(this.root, "label", `field ${className}`.trim());
    element(around2, "span", "", label2);
    const control = element(around2, tag);
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
};
function isOne({ kind }) {
  return kind === "int" || kind === "float";
}
function put2(control, value, anyhow = false) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = Boolean(value);
    return;
  }
  const text2 = String(value);
  const typing = control.matches(":focus") && control.dataset.put !== control.value;
  if (typing && control.dataset.put === text2 && !anyhow) return;
  control.dataset.put = text2;
  if (control.value !== text2) control.value = text2;
}

// viz/front/editor/notice.js
var Notice = class {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    this.root = element(parent, "div", "notice", "", { role: "status" });
    this.said = "";
  }
  /**
   * Say what is wrong with the draft; what was said stays, dimmed, while the server is asked.
   * @param {Diagnosis | null} answer null while it is asked
   * @param {string} refusal why there is no answer
   * @param {boolean} runs whether there is a run below
   */
  show(answer, refusal, runs) {
    const asked = !answer && !refusal;
    this.root.classList.toggle("asked", asked);
    if (asked) return;
    const told2 = this.told(answer, refusal);
    const said2 = JSON.stringify([told2, runs, this.editor.chosen]);
    if (said2 === this.said) return;
    this.said = said2;
    this.root.replaceChildren();
    this.root.hidden = !told2.sentence;
    if (told2.sentence) this.say(told2.empty ? "" : told2.sentence, runs);
    if (told2.ways) this.ways(told2.ways);
  }
  /**
   * @param {Diagnosis | null} answer
   * @param {string} refusal
   */
  told(answer, refusal) {
    const empty = !refusal && !this.editor.draft.layers.length;
    const sentence = refusal || answer?.problem?.sentence || "";
    return { empty, sentence, ways: sentence && !empty ? answer : null };
  }
  /**
   * @param {string} sentence empty where there is no layer yet
   * @param {boolean} runs
   */
  say(sentence, runs) {
    const { text: text2 } = this.editor;
    this.root.classList.toggle("empty", !sentence);
    element(this.root, "p", "problem", sentence || text2.empty);
    if (runs && sentence) element(this.root, "p", "", text2.stays);
  }
  /** @param {Diagnosis} answer */
  ways({ fixes, remedies, problem }) {
    const { editor } = this;
    const row = element(this.root, "div", "ways");
    for (const { label: label2, draft } of fixes) {
      iconButton(row, "auto_fix_high", label2, "", () => editor.fix(draft, problem?.key));
    }
    for (const { label: label2, run } of remedies) {
      iconButton(row, "auto_fix_high", label2, "", () => editor.remedy(run));
    }
    const key = problem?.key ?? 0;
    if (key && key !== editor.chosen) {
      const words = fill(editor.text.show, { name: editor.nameOf(key) });
      button(row, words, "", () => editor.choose(key));
    }
  }
};

// viz/front/editor/arrange.js
var LETTER4 = 6.7;
var SMALL_LETTER = 6.4;
var PADDING2 = 18;
var NARROWEST2 = 52;
var HEIGHT = 48;
var BETWEEN = 14;
var GAP4 = 36;
var LANE = 9;
var MARGIN5 = 6;
var LEAVING = 6;
var ARRIVING = 10;
function arrange2(boxes) {
  const ranks = ranksOf(boxes);
  const rows = rowsOf(boxes, ranks);
  const columns = columnsOf(boxes, ranks);
  const edges = edgesOf(boxes, ranks);
  const lanes2 = lanesOf(edges);
  const top2 = MARGIN5 + LANE * Math.max(0, ...lanes2.map((lane) => lane + 1));
  const placed2 = boxes.map((box, each) => {
    const { x, width } = columns[ranks[each]];
    const y = top2 + rows[each] * (HEIGHT + BETWEEN);
    return { ...box, x, y, width, height: HEIGHT };
  });
  const arrows2 = edges.map(({ from, to }, each) => ({
    from: boxes[from].id,
    to: boxes[to].id,
    path: pathOf(placed2[from], placed2[to], lanes2[each] < 0 ? null : top2 - LANE * (lanes2[each] + 1))
  }));
  const last = columns[columns.length - 1];
  const height = top2 + (Math.max(0, ...rows) + 1) * (HEIGHT + BETWEEN) - BETWEEN + MARGIN5;
  return { boxes: placed2, arrows: arrows2, width: last.x + last.width + MARGIN5, height };
}
function ranksOf(boxes) {
  const known = /* @__PURE__ */ new Map();
  return boxes.map(({ id, reads }) => {
    const rank = 1 + Math.max(-1, ...reads.map((source) => known.get(source) ?? -1));
    known.set(id, rank);
    return rank;
  });
}
function rowsOf(boxes, ranks) {
  const taken = /* @__PURE__ */ new Set();
  const known = /* @__PURE__ */ new Map();
  return boxes.map(({ id, reads }, each) => {
    let row = Math.min(...reads.map((source) => known.get(source) ?? 0), Infinity);
    if (row === Infinity) row = 0;
    while (taken.has(`${ranks[each]} ${row}`)) row += 1;
    taken.add(`${ranks[each]} ${row}`);
    known.set(id, row);
    return row;
  });
}
function columnsOf(boxes, ranks) {
  const columns = [];
  boxes.forEach((box, each) => {
    const column = columns[ranks[each]] ??= { x: 0, width: NARROWEST2, gap: GAP4 };
    column.width = Math.max(column.width, widthOf(box));
    if (box.shape) column.gap = Math.max(column.gap, GAP4 + box.shape.length * SMALL_LETTER - 4);
  });
  let x = MARGIN5;
  for (const column of columns) {
    column.x = x;
    x += column.width + column.gap;
  }
  return columns;
}
function widthOf({ name: name2, lines }) {
  const texts = lines.map(({ length }) => length * SMALL_LETTER);
  return PADDING2 + Math.max(name2.length * LETTER4, ...texts);
}
function edgesOf(boxes, ranks) {
  const places2 = new Map(boxes.map(({ id }, place) => [id, place]));
  return boxes.flatMap(
    ({ reads }, to) => [...new Set(reads)].flatMap((source) => {
      const from = places2.get(source);
      return from === void 0 ? [] : [{ from, to, first: ranks[from], last: ranks[to] }];
    })
  );
}
function lanesOf(edges) {
  const lanes2 = [];
  const found = edges.map(() => -1);
  const skipping = edges.map((_, each) => each).filter((each) => spanOf(edges[each]) !== 1);
  skipping.sort((a, b) => Math.abs(spanOf(edges[a])) - Math.abs(spanOf(edges[b])));
  for (const each of skipping) {
    const { first, last } = edges[each];
    const [low, high] = first < last ? [first, last] : [last - 1, first + 1];
    let lane = 0;
    while (lanes2[lane]?.some((other) => low < other.high && other.low < high)) lane += 1;
    (lanes2[lane] ??= []).push({ low, high });
    found[each] = lane;
  }
  return found;
}
function spanOf({ first, last }) {
  return last - first;
}
function pathOf(from, to, lane) {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  if (lane !== null) {
    return `M${x1} ${y1}H${x1 + LEAVING}V${lane}H${x2 - ARRIVING}V${y2}H${x2}`;
  }
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const middle4 = x2 - ARRIVING;
  return `M${x1} ${y1}H${x1 + LEAVING}C${middle4} ${y1} ${x1 + LEAVING} ${y2} ${middle4} ${y2}H${x2}`;
}

// viz/front/editor/picture.js
var SVG4 = "http://www.w3.org/2000/svg";
var MARGIN6 = 48;
var LINES3 = 14;
var HEAD = 6;
function movedTo(ids, id, key) {
  const at = ids.indexOf(id);
  const last = ids.length - 1;
  const places2 = /* @__PURE__ */ new Map([
    ["ArrowLeft", at - 1],
    ["ArrowUp", at - 1],
    ["ArrowRight", at + 1],
    ["ArrowDown", at + 1],
    ["Home", 0],
    ["End", last]
  ]);
  const place = places2.get(key);
  return place === void 0 ? void 0 : ids[Math.min(Math.max(place, 0), last)];
}
var Picture = class {
  /**
   * @param {HTMLElement} parent
   * @param {(id: string) => void} onSelect
   */
  constructor(parent, onSelect) {
    this.root = element(parent, "div", "picture");
    this.onSelect = onSelect;
    this.drawn = "";
    this.chosen = "";
    this.boxes = [];
    this.parts = /* @__PURE__ */ new Map();
    this.root.addEventListener("click", (event) => this.select(idOf2(event.target)));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }
  /**
   * @param {(Box & {title: string})[]} boxes each with what a screen reader says of it
   * @param {string} chosen
   * @param {string} label
   */
  show(boxes, chosen3, label2) {
    const wanted = JSON.stringify(boxes);
    const redraw = wanted !== this.drawn;
    const reveal = redraw || chosen3 !== this.chosen;
    const at = idOf2(focused(this.root));
    this.boxes = boxes;
    this.drawn = wanted;
    this.chosen = chosen3;
    if (redraw) this.draw(boxes);
    this.root.firstElementChild?.setAttribute("aria-label", label2);
    this.light(chosen3, reveal);
    if (at) this.focus(this.parts.has(at) ? at : chosen3);
  }
  /** @param {(Box & {title: string})[]} boxes */
  draw(boxes) {
    const { boxes: placed2, arrows: arrows2, width, height } = arrange2(boxes);
    const svg = part(null, "svg", { width, height, viewBox: `0 0 ${width} ${height}` });
    svg.setAttribute("role", "group");
    for (const { path } of arrows2) part(svg, "path", { class: "arrow", d: path });
    for (const box of placed2) {
      head(svg, box);
      if (box.shape) {
        const label2 = { class: "shape", x: box.x + box.width + 9, y: box.y + box.height / 2 - 5 };
        part(svg, "text", label2).textContent = box.shape;
      }
    }
    this.parts = new Map(placed2.map((box, each) => [box.id, boxPart(svg, box, boxes[each].title)]));
    this.root.replaceChildren(svg);
  }
  /** Ids of the boxes that can be chosen. */
  get ids() {
    return this.boxes.filter(({ state }) => state !== "output").map(({ id }) => id);
  }
  /**
   * @param {string} id
   * @param {boolean} reveal
   */
  light(id, reveal) {
    for (const other of this.ids) {
      const part2 = (
        /** @type {SVGGElement} */
        this.parts.get(other)
      );
      part2.classList.toggle("chosen", other === id);
      part2.ariaPressed = String(other === id);
    }
    this.rove(id);
    if (reveal) this.reveal(id);
  }
  /**
   * Move the single tab stop.
   * @param {string} id
   */
  rove(id) {
    for (const other of this.root.querySelectorAll("[tabindex='0']")) {
      other.setAttribute("tabindex", "-1");
    }
    this.parts.get(id)?.setAttribute("tabindex", "0");
  }
  /**
   * Scroll the picture, never the page, until a box is in view.
   * @param {string} id
   */
  reveal(id) {
    const box = this.parts.get(id)?.getBoundingClientRect();
    if (!box) return;
    const frame2 = this.root.getBoundingClientRect();
    this.root.scrollLeft += scrolling(box.left, box.right, frame2.left, frame2.right, MARGIN6);
    this.root.scrollTop += scrolling(box.top, box.bottom, frame2.top, frame2.bottom, MARGIN6);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    const id = idOf2(event.target);
    if (!id || isCommand(event)) return;
    const to = movedTo(this.ids, id, event.key);
    if (event.key === "Enter" || event.key === " ") this.select(id);
    else if (to !== void 0) this.focus(to);
    else return;
    event.preventDefault();
  }
  /** @param {string} id */
  focus(id) {
    if (!this.parts.has(id)) return;
    this.rove(id);
    this.parts.get(id)?.focus({ preventScroll: true });
    this.reveal(id);
  }
  /** @param {string} id */
  select(id) {
    if (id) this.onSelect(id);
  }
};
function part(parent, tag, attributes) {
  const made = document.createElementNS(SVG4, tag);
  for (const [name2, value] of Object.entries(attributes)) made.setAttribute(name2, String(value));
  parent?.append(made);
  return made;
}
function boxPart(svg, box, title) {
  const { id, x, y, width, height, name: name2, lines, state } = box;
  const made = part(svg, "g", { class: "node", "aria-label": title });
  made.dataset.id = id;
  made.dataset.state = state;
  if (state !== "output") {
    made.setAttribute("role", "button");
    made.setAttribute("tabindex", "-1");
  }
  part(made, "rect", { x, y, width, height, rx: 5 });
  const middle4 = y + height / 2 + 4 - lines.length * LINES3 / 2;
  [name2, ...lines].forEach((line2, each) => {
    const place = { x: x + width / 2, y: middle4 + each * LINES3, class: each ? "line" : "name" };
    part(made, "text", place).textContent = line2;
    made.append(" ");
  });
  return made;
}
function head(svg, { x, y, height, reads }) {
  if (!reads.length) return;
  const middle4 = y + height / 2;
  const points = `${x - HEAD},${middle4 - HEAD / 2} ${x},${middle4} ${x - HEAD},${middle4 + HEAD / 2}`;
  part(svg, "polygon", { class: "head", points });
}
function idOf2(target) {
  const box = target instanceof Element ? target.closest("g.node[role=button]") : null;
  return box instanceof SVGElement ? box.dataset.id ?? "" : "";
}

// viz/front/editor/row.js
var LayerRow = class {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    const { text: text2 } = editor;
    this.root = element(parent, "div", "layer-row");
    const ofLayer = element(this.root, "div", "group");
    const named = element(ofLayer, "label", "field");
    element(named, "span", "", text2.chosen);
    this.layers = element(named, "select", "layers");
    this.layers.addEventListener("change", () => editor.choose(Number(this.layers.value)));
    this.offered = "";
    this.up = iconButton(ofLayer, "arrow_upward", text2.up, "", () => this.moved(true));
    this.down = iconButton(ofLayer, "arrow_downward", text2.down, "", () => this.moved(false));
    this.copy = iconButton(ofLayer, "content_copy", text2.duplicate, "", () => this.duplicated());
    const gone2 = iconButton(ofLayer, "delete", text2.remove, "", () => this.removed());
    const ofKind = element(this.root, "div", "group");
    this.kinds = this.picker(ofKind);
    this.after = iconButton(ofKind, "add", "", "first", () => this.added());
    this.instead = iconButton(ofKind, "swap_horiz", "", "", () => this.replaced());
    this.ofLayer = [this.up, this.down, this.copy, gone2, this.instead];
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
    for (const { label: label2, kinds } of catalogue.families) {
      const family = element(list, "optgroup", "", "", { label: label2 });
      offer(
        family,
        kinds.map((kind) => [kind.name, `${kind.name} · ${kind.label}`])
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
    const { catalogue, chosen: chosen3, draft, kinds } = this.editor;
    this.offer();
    this.layers.value = String(chosen3);
    const place = keysOf(draft).indexOf(chosen3);
    const { isFull } = this;
    for (const button2 of this.ofLayer) idle(button2, chosen3 === INPUT);
    if (place === 0) idle(this.up, true);
    if (place === draft.layers.length - 1) idle(this.down, true);
    if (draft.layers[place]?.kind === this.kinds.value) idle(this.instead, true);
    const name2 = this.editor.nameOf(chosen3);
    word(this.after, fill(this.editor.text.add, { name: name2 }));
    word(this.instead, fill(this.editor.text.replace, { name: name2 }));
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
    const names = keys.map((key) => [String(key), this.editor.nameOf(key)]);
    const offered = JSON.stringify(names);
    if (offered === this.offered) return;
    this.offered = offered;
    offer(this.layers, names);
  }
  /** @param {boolean} up */
  moved(up) {
    this.editor.change((draft, chosen3) => move(draft, chosen3, up));
  }
  duplicated() {
    if (this.isFull) return;
    this.editor.change(duplicate, newest);
  }
  added() {
    if (this.isFull) return;
    const { catalogue, kinds } = this.editor;
    this.editor.change(
      (draft, chosen3) => add(draft, chosen3, this.kind, kinds, catalogue.switches),
      newest
    );
  }
  replaced() {
    this.editor.change((draft, chosen3) => changeKind(draft, chosen3, this.kind, this.editor.kinds));
  }
  /** The layer that comes into the place of what is removed is chosen then, or the last one. */
  removed() {
    this.editor.change(remove, (after, before, chosen3) => {
      const place = keysOf(before).indexOf(chosen3);
      return keysOf(after).at(Math.min(place, after.layers.length - 1)) ?? INPUT;
    });
  }
  get isFull() {
    return this.editor.draft.layers.length >= this.editor.catalogue.most_layers;
  }
};
function newest(draft) {
  return Math.max(INPUT, ...keysOf(draft));
}

// viz/front/editor/table.js
var UNKNOWN = "–";
var COLUMNS2 = ["layer", "kind", "output", "parameters", "field", "stride", "saved", "operations"];
var Table = class {
  /**
   * @param {HTMLElement} parent
   * @param {Editor} editor
   */
  constructor(parent, editor) {
    this.editor = editor;
    const { text: text2 } = editor;
    this.root = element(parent, "details", "table");
    element(this.root, "summary", "", text2.table);
    const said2 = { role: "region", ariaLabel: text2.table };
    const frame2 = element(this.root, "div", "frame", "", { tabIndex: 0, ...said2 });
    const table = element(frame2, "table");
    const head3 = table.createTHead().insertRow();
    for (const column of COLUMNS2) {
      element(head3, "th", "", text2[`column_${column}`], { scope: "col" });
    }
    this.body = table.createTBody();
    this.root.addEventListener("toggle", () => editor.show());
  }
  /** @param {Diagnosis | null} answer */
  show(answer) {
    const { chosen: chosen3, draft } = this.editor;
    this.root.hidden = !draft.layers.length;
    if (!this.root.open) return;
    this.body.replaceChildren();
    for (const { key, name: name2, kind } of draft.layers) {
      const row = this.body.insertRow();
      row.classList.toggle("chosen", key === chosen3);
      row.classList.toggle("broken", answer?.problem?.key === key);
      element(row, "th", "", name2 || "?", { scope: "row" });
      const known = answer?.layers[key]?.row ?? Array(COLUMNS2.length - 2).fill("");
      for (const cell of [kind, ...known]) element(row, "td", "", cell || UNKNOWN);
    }
  }
};

// viz/front/editor/frame.js
var NOT_TYPED2 = ["button", "checkbox", "radio", "range", "submit", "reset", "color", "file"];
var OUTPUT = "output";
var NOTHING = "nothing";
var EditorFrame = class {
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
    this.notice = new Notice(root, editor);
    this.about = element(root, "p", "about");
    this.table = new Table(root, editor);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }
  remove() {
    document.removeEventListener("keydown", this.onKey);
  }
  /** @param {HTMLElement} head */
  head(head3) {
    const { editor } = this;
    const { text: text2 } = editor;
    const { presets } = editor.catalogue;
    element(head3, "h3", "head", text2.title);
    this.totals = element(head3, "p", "head");
    this.undo = iconButton(head3, "undo", text2.undo, "", () => editor.go("undo"));
    this.redo = iconButton(head3, "redo", text2.redo, "", () => editor.go("redo"));
    this.undo.title = text2.undo_help;
    this.redo.title = text2.redo_help;
    const starts = /* @__PURE__ */ new Map([[NOTHING, text2.nothing]]);
    for (const { label: label2, query } of presets) starts.set(query, label2);
    actionList(head3, "start", text2.start, [...starts], (query) => {
      if (query === NOTHING) editor.empty();
      else editor.start(query);
    });
    const finish = () => editor.store.change({ editing: false });
    iconButton(head3, "check", text2.done, "first", finish).title = text2.done_help;
  }
  show() {
    const { editor, redo, totals, undo } = this;
    const { chosen: chosen3, current, draft, history } = editor;
    if (!history) return;
    if (totals && current) totals.textContent = current.totals;
    if (undo) idle(undo, !history.past.length);
    if (redo) idle(redo, !history.future.length);
    const boxes = this.boxes();
    const label2 = fill(editor.text.picture, { count: boxes.length });
    this.picture.show(boxes, String(chosen3), label2);
    this.notice.show(current, editor.refusal, editor.runs);
    this.row.show();
    this.form.show(draft, chosen3);
    this.say(chosen3);
    this.table.show(editor.answer);
  }
  /**
   * Say what the chosen layer does, and what it makes, costs and sees where that is known.
   * @param {number} chosen
   */
  say(chosen3) {
    const layer = layerOf(this.editor.draft, chosen3);
    const kind = layer && this.editor.kinds.get(layer.kind);
    this.about.replaceChildren();
    this.about.hidden = !kind;
    if (!kind) return;
    element(this.about, "b", "", kind.label);
    this.about.append(`: ${kind.help}`);
    const facts = this.told(chosen3)?.facts ?? [];
    element(this.about, "span", "facts", facts.join(" · "));
  }
  /**
   * What was told last of a layer, as long as it is the same one.
   * @param {number} key
   */
  told(key) {
    const { answer, draft } = this.editor;
    const [now, then2] = [draft, answer?.draft].map((each) => each && layerOf(each, key));
    return now?.kind === then2?.kind && now?.name === then2?.name ? answer?.layers[key] : void 0;
  }
  /** The input, every layer and the output. */
  boxes() {
    const { editor } = this;
    const { catalogue, draft, text: text2 } = editor;
    const boxes = draft.layers.map(({ key, kind, reads }) => {
      const { parameters = "", row = [], shape: shape3 = "" } = this.told(key) ?? {};
      const lines = [kind, parameters].filter(Boolean);
      const state = this.state(key, Boolean(row[1]));
      const [id, name2] = [String(key), editor.nameOf(key)];
      return { id, name: name2, lines, reads: reads.map(String), shape: shape3, state };
    });
    const shape2 = draft.input_shape.replaceAll("x", "×");
    const last = String(draft.layers.at(-1)?.key ?? INPUT);
    const all = [
      { id: String(INPUT), name: catalogue.input, lines: [], reads: [], shape: shape2, state: "input" },
      ...boxes,
      { id: OUTPUT, name: text2.output, lines: [], reads: [last], shape: "", state: "output" }
    ];
    return all.map((box) => {
      const reads = box.reads.map((id) => editor.nameOf(Number(id))).join(", ");
      const read3 = reads && box.id !== OUTPUT ? fill(text2.box_reads, { names: reads }) : "";
      const words = [box.name, ...box.lines, read3, box.shape, text2[box.state] ?? ""];
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
};
function isTyped(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (!(target instanceof HTMLInputElement) || target.readOnly) return false;
  const list = target.getAttribute("role") === "combobox";
  return list ? target.getAttribute("aria-expanded") === "true" : !NOT_TYPED2.includes(target.type);
}

// viz/front/editor/editor.js
var OWNED = ["net", "input_shape", "edits"];
var left = null;
function baseOf(query) {
  const left2 = new URLSearchParams(query);
  for (const name2 of OWNED) left2.delete(name2);
  return [...left2.keys()].some((name2) => name2 !== "v") ? left2.toString() : "";
}
var Editor = class {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {Words} text what it says itself
   * @param {(node: string) => void} onRun is called when something else runs, with the node of it
   *   to look at: that of the chosen layer, empty for the one to be seen first
   */
  constructor(root, store, answerer, text2, onRun) {
    this.root = root;
    root.className = "editor";
    this.store = store;
    this.answerer = answerer;
    this.text = text2;
    this.onRun = onRun;
    this.run = "";
    this.base = "";
    this.runs = false;
    this.wanted = /** @type {string | null} */
    null;
    this.chosen = INPUT;
    this.kinds = /* @__PURE__ */ new Map();
    this.known = /** @type {Catalogue | null} */
    null;
    this.history = /** @type {History | null} */
    null;
    this.answer = /** @type {Diagnosis | null} */
    null;
    this.answered = /** @type {Draft | null} */
    null;
    this.choices = /* @__PURE__ */ new WeakMap();
    this.refusal = "";
    this.busy = false;
    this.frame = /** @type {EditorFrame | null} */
    null;
    this.onSettled = () => {
    };
    this.unsubscribe = store.subscribe((view, { before }) => {
      if (view.editing !== before.editing) this.open();
      if (view.node !== before.node || view.step !== before.step) this.follow();
    });
  }
  get draft() {
    if (!this.history) throw new Error("no network is edited yet");
    return this.history.present;
  }
  get catalogue() {
    if (!this.known) throw new Error("no kinds of layers are known yet");
    return this.known;
  }
  /** What is known of the draft as it is now; null while it is asked. */
  get current() {
    return this.history && this.answered === this.history.present ? this.answer : null;
  }
  /**
   * Hear from the page what runs.
   * @param {string} run without the changes by hand
   * @param {boolean} runs whether it could
   * @param {boolean} elsewhere whether its network comes from elsewhere: it is edited from now on
   */
  hear(run, runs, elsewhere) {
    const before = this.base;
    if (run === this.run) this.runs = runs;
    if (left && !this.history && this.takeUp(run, runs)) return;
    if (elsewhere || !this.history || this.wanted !== null) {
      [this.run, this.base, this.wanted, this.runs] = [run, baseOf(run), run, runs];
      this.open();
      return;
    }
    this.base = this.based(run);
    if (this.base === before) return;
    if (!this.current?.run || !this.store.view.editing) this.run = run;
    this.answered = null;
    this.ask();
  }
  /**
   * Take up what was left; return whether its run is still what runs.
   * @param {string} run
   * @param {boolean} runs
   */
  takeUp(run, runs) {
    if (!left) return false;
    const same2 = left.run === run;
    this.history = left.history;
    if (same2) {
      [this.run, this.base, this.runs, this.chosen] = [run, baseOf(run), runs, left.chosen];
      this.open();
      this.ask();
    }
    left = null;
    return same2;
  }
  /** Show the editor, or hide it; what it needs comes when it is shown for the first time. */
  async open() {
    this.root.hidden = !this.store.view.editing;
    if (this.root.hidden) {
      this.onSettled();
      return;
    }
    if (!this.known) {
      const known = await this.asked("", "kinds", {});
      if (!known || this.known) return;
      this.known = /** @type {Catalogue} */
      known;
      for (const { kinds } of known.families) {
        for (const kind of kinds) this.kinds.set(kind.name, kind);
      }
    }
    if (this.wanted === null) this.show();
    else await this.load();
  }
  /** Edit the network that is wanted; it is the next step after what was edited before. */
  async load() {
    const { wanted } = this;
    if (wanted === null) return;
    this.root.dataset.state = "asking";
    const answer = (
      /** @type {Diagnosis | null} */
      await this.asked(wanted, "draft", {})
    );
    if (!answer || this.wanted !== wanted) return;
    this.wanted = null;
    const draft = frozen(answer.draft);
    this.history = this.history ? then(this.history, draft) : begin3(draft);
    this.chosen = answer.first;
    this.take(answer, false);
    this.follow();
  }
  /**
   * Begin with a preset and all that belongs to it.
   * @param {string} query
   */
  start(query) {
    const asked = new URLSearchParams(query);
    const device = new URLSearchParams(this.base).get("device");
    if (device) asked.set("device", device);
    this.wanted = asked.toString();
    this.base = baseOf(this.wanted);
    this.load();
  }
  /** Take all layers out. The input keeps its shape, but its values and the loss were not for it. */
  empty() {
    this.base = this.fromNothing(this.base);
    this.change(
      (draft) => ({ ...draft, name: "Model", layers: [] }),
      () => INPUT
    );
  }
  /**
   * The base of a run, with another input and loss as long as there is no layer.
   * @param {string} run
   */
  based(run) {
    return this.history && !this.draft.layers.length ? this.fromNothing(run) : baseOf(run);
  }
  /** @param {string} run */
  fromNothing(run) {
    const asked = new URLSearchParams(run);
    for (const [name2, text2] of Object.entries(this.catalogue.from_nothing)) asked.set(name2, text2);
    return baseOf(asked.toString());
  }
  /**
   * Change the draft.
   * @param {(draft: Draft, chosen: number) => Draft} make
   * @param {Choose} [choose] tells which layer is chosen then
   */
  change(make, choose2) {
    if (!this.history) return;
    const { chosen: chosen3, draft } = this;
    const after = make(draft, chosen3);
    if (same(draft, after)) return;
    this.choices.set(draft, chosen3);
    this.history = then(this.history, frozen(after));
    if (choose2) this.chosen = choose2(after, draft, chosen3);
    this.changed();
  }
  /** Go back or forth through the drafts. @param {"undo" | "redo"} way */
  go(way) {
    if (!this.history) return;
    const history = gone(this.history, way);
    if (history === this.history) return;
    this.choices.set(this.draft, this.chosen);
    if (!this.draft.layers.length) this.base = baseOf(this.run);
    this.history = history;
    this.chosen = this.choices.get(this.draft) ?? this.chosen;
    this.changed();
  }
  /**
   * Take a way out that the server offered for the draft as it is.
   * @param {Draft} draft
   * @param {number} [key] of the layer that was wrong
   */
  fix(draft, key) {
    if (!this.current) return;
    this.change(
      () => draft,
      () => key ?? this.chosen
    );
  }
  /**
   * Run the draft with another loss, target or input.
   * @param {string} run
   */
  remedy(run) {
    if (!this.current) return;
    this.base = baseOf(run);
    this.answered = null;
    this.ask();
  }
  /** The draft is another one: draw it, then ask about it. */
  changed() {
    this.wanted = null;
    if (this.chosen !== INPUT && !layerOf(this.draft, this.chosen)) {
      this.chosen = keysOf(this.draft).at(-1) ?? INPUT;
    }
    this.refusal = "";
    this.show();
    this.ask();
  }
  /** Ask about the draft until the answer is about what it is now. */
  async ask() {
    if (this.busy || !this.history) return;
    this.busy = true;
    this.root.dataset.state = "asking";
    while (this.history && this.answered !== this.history.present) {
      const { base: base2 } = this;
      const { present } = this.history;
      const answer = await this.asked(base2, "draft", { draft: JSON.stringify(present) });
      if (this.history.present !== present || this.base !== base2) continue;
      if (!answer) break;
      if (present.layers.some(({ fresh }) => fresh)) {
        this.history = amended(this.history, frozen(answer.draft));
      }
      this.take(answer, true);
    }
    this.busy = false;
  }
  /**
   * Ask; where there is no answer, say why.
   * @param {string} query
   * @param {string} name
   * @param {import("../workbench/ask.js").Parameters} parts
   */
  async asked(query, name2, parts) {
    try {
      this.refusal = "";
      return await this.answerer.answer(query, name2, parts);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error.message;
      this.root.dataset.state = "refused";
      this.show();
      this.onSettled();
      return null;
    }
  }
  /**
   * Take what the server knows of the draft.
   * @param {Diagnosis} answer
   * @param {boolean} looks whether the run is to show the chosen layer
   */
  take(answer, looks) {
    this.answer = answer;
    this.answered = this.draft;
    this.root.dataset.state = "answered";
    if (answer.run !== null && answer.run !== this.run) {
      this.run = answer.run;
      this.runs = true;
      this.onRun(looks && answer.nodes[this.chosen]?.[0] || "");
    }
    this.show();
  }
  /**
   * Choose a layer, or the input; a run that has it shows it too.
   * @param {number} key
   */
  choose(key) {
    this.chosen = key;
    const node = this.current?.nodes[key]?.[0];
    if (node && !this.current?.nodes[key].includes(this.store.node)) this.store.choose(node);
    this.show();
  }
  /** Choose the layer of the node that was chosen elsewhere. */
  follow() {
    const { node, view } = this.store;
    if (!view.node && view.step === null) return;
    for (const [key, nodes] of Object.entries(this.current?.nodes ?? {})) {
      if (nodes.includes(node) && Number(key) !== this.chosen) {
        this.chosen = Number(key);
        this.show();
      }
    }
  }
  /** @param {number} key */
  nameOf(key) {
    if (key === INPUT) return this.catalogue.input;
    return layerOf(this.draft, key)?.name || "?";
  }
  /** Draw everything as it is now. */
  show() {
    if (this.root.hidden || !this.known || !this.history) return;
    this.frame ??= new EditorFrame(this.root, this);
    this.frame.show();
    this.onSettled();
  }
  /** Go, and ask nothing more. */
  remove() {
    this.unsubscribe();
    this.frame?.remove();
    const { chosen: chosen3, history, run } = this;
    if (history) left = { chosen: chosen3, history, run };
    this.history = null;
    this.root.remove();
  }
};

// viz/front/paint/look.js
var CELL = { smallest: 5, biggest: 72 };
var GRID_HEIGHT = 400;
var FONT2 = { smallest: 12, largest: 15, perCell: 0.24, letter: 0.62 };
function layOut2(board) {
  const { grid, root } = board;
  const { rows, columns, theme } = board.canvas;
  const width = root.clientWidth;
  if (!width) return;
  const most = Math.min(width / columns, GRID_HEIGHT / rows, CELL.biggest);
  board.size = Math.max(CELL.smallest, Math.floor(most));
  board.table = isDark(getComputedStyle(root).backgroundColor) ? theme.dark : theme.light;
  grid.style.gridTemplateColumns = `repeat(${columns}, ${board.size}px)`;
  grid.style.setProperty("--cell", `${board.size}px`);
  drawAll(board);
}
function drawAll(board) {
  const { values } = board.strokes;
  board.scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  board.text = chooseText(values, board.size, board.canvas.theme);
  board.grid.style.fontSize = board.text ? `${board.text.font}px` : "";
  board.cells.forEach((_, k) => drawCell(board, k));
  drawLegend(board);
}
function chooseText(values, size, theme) {
  const font = Math.min(FONT2.largest, Math.max(FONT2.smallest, size * FONT2.perCell));
  for (let digits = theme.digits; digits > 0; digits -= 1) {
    const texts = Array.from(values, (value) => shortNumber(value, digits, theme));
    const longest2 = Math.max(...texts.map((text2) => text2.length));
    for (const each of [font, FONT2.smallest]) {
      if (longest2 * each * FONT2.letter + 4 <= size) return { digits, font: each };
    }
  }
  return null;
}
function drawCell(board, k) {
  const { table, scale: scale2, text: text2 } = board;
  const { half, inks } = board.canvas.theme;
  const { values, edited } = board.strokes;
  const cell = board.cells[k];
  const value = values[k];
  const entry = 4 * (scale2 ? half + Math.round(half * value / scale2) : half);
  cell.style.backgroundColor = `rgb(${table.subarray(entry, entry + 3).join(" ")})`;
  cell.style.color = inks[table[entry + 3]];
  cell.textContent = text2 ? shortNumber(value, text2.digits, board.canvas.theme) : "";
  cell.classList.toggle("edited", edited.has(k));
  cell.dataset.value = exactNumber(value, values);
  cell.ariaLabel = describe(board, k);
}
function indexText({ canvas }, k) {
  return `[${fullIndex(canvas, k).join(", ")}]`;
}
function describe(board, k) {
  const { labels, original } = board.canvas;
  const { values, edited } = board.strokes;
  return fill(edited.has(k) ? labels.changed : labels.cell, {
    index: indexText(board, k),
    value: typographic(exactNumber(values[k], values)),
    before: typographic(exactNumber(original[k], original))
  });
}
function readOut2(board) {
  const { labels } = board.canvas;
  const isFocused = board.grid.contains(focused(board.grid));
  const k = board.hovered ?? (isFocused ? board.focused : null);
  const idle2 = `${labels[`${board.tool}_help`]} ${labels.hint}`;
  board.readout.textContent = k === null ? idle2 : describe(board, k);
  board.readout.classList.toggle("idle", k === null);
}
function drawLegend({ legend, scale: scale2, table, canvas }) {
  const { digits, half } = canvas.theme;
  const ends2 = scale2 ? [-scale2, 0, scale2] : [0];
  const said2 = ends2.map((end) => shortNumber(end, digits, canvas.theme));
  legend.replaceChildren();
  writeScale(legend, scaleColours(table, half), said2);
}

// viz/front/paint/strokes.js
function line({ columns, count: count2 }, from, to) {
  const [x0, y0] = [from % columns, Math.floor(from / columns)];
  const [x1, y1] = [to % columns, Math.floor(to / columns)];
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  const cells = [];
  for (let step2 = 0; step2 <= steps; step2 += 1) {
    const x = Math.round(x0 + (x1 - x0) * step2 / steps);
    const y = Math.round(y0 + (y1 - y0) * step2 / steps);
    if (y * columns + x < count2) cells.push(y * columns + x);
  }
  return cells;
}
var Strokes = class {
  /**
   * @param {Canvas} canvas
   * @param {Edits} edits
   */
  constructor(canvas, edits) {
    this.canvas = canvas;
    this.edits = edits;
    this.stroke = null;
    this.values = canvas.original.slice();
    this.edited = /* @__PURE__ */ new Set();
    this.lay();
  }
  /**
   * Show another plane, or the same anew; whether it is the same.
   * @param {Canvas} canvas
   */
  receive(canvas) {
    const { key, start, count: count2 } = this.canvas;
    const same2 = key === canvas.key && start === canvas.start && count2 === canvas.count;
    if (!same2) this.stroke = null;
    this.canvas = canvas;
    this.lay();
    return same2;
  }
  /** Lay the changes, and the unfinished stroke, over the cells as they came. */
  lay() {
    const { key, start, count: count2, original } = this.canvas;
    this.values = original.slice();
    this.edited = /* @__PURE__ */ new Set();
    for (const [place, value] of this.edits.of(key)) {
      if (place >= start && place < start + count2) this.put(place - start, value);
    }
    for (const [k, value] of this.stroke ?? []) this.put(k, value);
  }
  /**
   * @param {number} k
   * @returns {Setting}
   */
  settingOf(k) {
    return this.edited.has(k) ? this.values[k] : null;
  }
  /**
   * Give a cell a value; null or its own first value brings it back.
   * @param {number} k
   * @param {Setting} value
   */
  put(k, value) {
    const { original } = this.canvas;
    const rounded = value === null ? original[k] : Math.fround(value);
    this.values[k] = rounded;
    if (rounded === original[k]) this.edited.delete(k);
    else this.edited.add(k);
  }
  begin() {
    this.stroke = /* @__PURE__ */ new Map();
  }
  /**
   * Change one cell within the stroke that has begun.
   * @param {number} k
   * @param {Setting} value
   */
  touch(k, value) {
    this.put(k, value);
    this.stroke?.set(k, this.settingOf(k));
  }
  /** End the stroke; how many cells it changed, null where they would be too many. */
  finish() {
    const { key, start, most } = this.canvas;
    const { edits } = this;
    const changes = [...this.stroke ?? []].map(([k, value]) => [start + k, value]);
    this.stroke = null;
    const cells = edits.of(key);
    const more = changes.filter(([place, value]) => value !== null && !cells.has(place));
    if (edits.count + more.length > most) {
      this.lay();
      return null;
    }
    return edits.change(key, changes);
  }
};

// viz/front/paint/typing.js
var NUMBER3 = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
var BEGINS_NUMBER = /^[-+.,\d]$/;
var FIELD = { width: 76, height: 30 };
function readNumber(text2, { largest: largest2, whole: whole2 }) {
  const plain2 = text2.trim().replace(",", ".").replace("−", "-");
  const value = Number(plain2);
  const inside = whole2 ? Number.isInteger(value) && value >= 0 : value >= -largest2;
  return NUMBER3.test(plain2) && inside && value <= largest2 ? value : null;
}
function moved4({ columns, count: count2 }, k, { key, ctrlKey }) {
  const row = k - k % columns;
  const last = Math.min(row + columns, count2) - 1;
  const places2 = /* @__PURE__ */ new Map([
    ["ArrowLeft", Math.max(k - 1, row)],
    ["ArrowRight", Math.min(k + 1, last)],
    ["ArrowUp", k - columns],
    ["ArrowDown", k + columns],
    ["Home", ctrlKey ? 0 : row],
    ["End", ctrlKey ? count2 - 1 : last]
  ]);
  const to = places2.get(key);
  if (to === void 0) return null;
  return to >= 0 && to < count2 ? to : k;
}
function wrong({ canvas, problem }, came) {
  const { labels, largest: largest2, key, whole: whole2 } = canvas;
  const words = { largest: largest2, came, name: key };
  problem.textContent = fill(whole2 ? labels.wrong_id : labels.wrong, words);
  problem.hidden = false;
}
function openField(board, k, text2 = null) {
  closeField(board, true);
  const { canvas, strokes } = board;
  const field = element(board.grid, "input", "field", "", {
    inputMode: "decimal",
    autocomplete: "off",
    ariaLabel: fill(canvas.labels.typed, { index: indexText(board, k) }),
    value: text2 ?? exactNumber(strokes.values[k], strokes.values)
  });
  placeField(board, field, k);
  board.field = { field, k };
  field.addEventListener("keydown", (event) => onFieldKey(board, event, k));
  field.addEventListener("blur", () => board.field?.field === field && closeField(board, true));
  field.addEventListener("pointerdown", (event) => event.stopPropagation());
  field.focus({ preventScroll: true });
  if (text2 === null) field.select();
}
function placeField({ size, canvas }, field, k) {
  const { columns } = canvas;
  const width = Math.max(size, FIELD.width);
  const height = Math.max(size, FIELD.height);
  const centre2 = (k % columns + 0.5) * size;
  const middle4 = (Math.floor(k / columns) + 0.5) * size;
  const widest = Math.max(0, columns * size - width);
  Object.assign(field.style, {
    width: `${width}px`,
    height: `${height}px`,
    left: `${Math.min(Math.max(0, centre2 - width / 2), widest)}px`,
    top: `${middle4 - height / 2}px`
  });
}
function closeField(board, keep2, insist = false) {
  if (!board.field) return true;
  const { field, k } = board.field;
  const filled = keep2 && Boolean(field.value.trim());
  const value = filled ? readNumber(field.value, board.canvas) : null;
  if (filled && value === null) {
    wrong(board, field.value);
    field.ariaInvalid = "true";
    if (insist) return false;
  } else board.problem.hidden = true;
  board.field = null;
  field.remove();
  if (value !== null) board.change([[k, value]]);
  return true;
}
function onFieldKey(board, event, k) {
  event.stopPropagation();
  const { columns, count: count2 } = board.canvas;
  const down = { ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (event.key === "Escape") closeField(board, false);
  else if (event.key === "Enter" || down) {
    if (!closeField(board, true, true)) return;
  } else return;
  event.preventDefault();
  const to = k + (down ?? 0);
  focusCell(board, to >= 0 && to < count2 ? to : k);
}
function focusCell(board, k) {
  board.cells[board.focused]?.setAttribute("tabindex", "-1");
  board.focused = k;
  board.cells[k].tabIndex = 0;
  board.cells[k].focus();
  readOut2(board);
}
function onKey2(board, event) {
  if (!(event.target instanceof Element) || event.target.tagName === "INPUT") return;
  const way = wayOf(event);
  if (way) board.go(way);
  else if (event.target.getAttribute("role") !== "gridcell" || !onCellKey(board, event)) return;
  event.preventDefault();
  event.stopPropagation();
}
function onCellKey(board, event) {
  const k = board.focused;
  const to = moved4(board.canvas, k, event);
  if (to !== null) focusCell(board, to);
  else if (isCommand(event)) return false;
  else if (event.key === "Delete" || event.key === "Backspace") board.change([[k, null]]);
  else if (event.key === " ") board.change([[k, board.setting]]);
  else if (event.key === "Enter") openField(board, k);
  else if (BEGINS_NUMBER.test(event.key)) openField(board, k, event.key);
  else return false;
  return true;
}

// viz/front/paint/toolbar.js
var TOOLS = ["brush", "number", "eraser"];
var Toolbar = class {
  /** @param {Board} board */
  constructor(board) {
    this.board = board;
    this.brush = 1;
    this.labels = board.canvas.labels;
    const said2 = { role: "toolbar", ariaLabel: this.labels.tools };
    this.root = element(board.root, "div", "toolbar", "", said2);
    const tools = element(this.root, "div", "tools");
    this.tools = TOOLS.map((tool) => this.button(tools, tool, () => board.choose(tool)));
    this.undo = this.button(this.root, "undo", () => board.go("undo"));
    this.redo = this.button(this.root, "redo", () => board.go("redo"));
    const brushes = element(this.root, "div", "brushes");
    this.value = element(brushes, "input", "value", "", { inputMode: "decimal" });
    name(this.value, this.labels.value);
    this.value.addEventListener("change", () => this.read());
    this.swatches = element(brushes, "div", "swatches");
    this.button(brushes, "fill", () => board.change(board.cells.map((_, k) => [k, this.brush])));
  }
  /**
   * @param {HTMLElement} parent
   * @param {string} what
   * @param {() => void} act
   */
  button(parent, what, act) {
    const made = button(parent, this.labels[what], what, act);
    made.title = this.labels[`${what}_help`];
    return made;
  }
  read() {
    const value = readNumber(this.value.value, this.board.canvas);
    if (value === null) wrong(this.board, this.value.value);
    this.take(value ?? this.brush);
  }
  /**
   * Take another brush value.
   * @param {number} value
   */
  take(value) {
    this.brush = value;
    this.value.value = String(value);
    for (const each of this.swatches.querySelectorAll("button")) {
      each.ariaPressed = String(Number(each.dataset.value) === value);
    }
  }
  /** @param {Tool} tool */
  press(tool) {
    this.tools.forEach((each, at) => each.ariaPressed = String(TOOLS[at] === tool));
  }
  /**
   * Offer these values at a press.
   * @param {number[]} swatches
   */
  brushes(swatches) {
    this.swatches.replaceChildren();
    for (const value of swatches) {
      const made = button(this.swatches, String(value), "swatch", () => {
        this.take(value);
        this.board.choose("brush");
      });
      made.dataset.value = String(value);
      name(made, fill(this.labels.swatch, { value }));
    }
    this.take(this.brush);
  }
  /** @param {History} history */
  offer({ past, future }) {
    idle(this.undo, !past.length);
    idle(this.redo, !future.length);
  }
};

// viz/front/paint/board.js
var Board = class {
  /** @type {HTMLElement[]} */
  cells = [];
  /** The cell that the stroke came through last. @type {number | null} */
  last = null;
  /** @type {number | null} */
  hovered = null;
  focused = 0;
  /** @type {{field: HTMLInputElement, k: number} | null} */
  field = null;
  /** @type {{digits: number, font: number} | null} */
  text = null;
  width = 0;
  size = 0;
  scale = 0;
  /**
   * @param {HTMLElement} root
   * @param {Canvas} canvas
   * @param {Edits} edits
   */
  constructor(root, canvas, edits) {
    this.root = root;
    this.edits = edits;
    this.strokes = new Strokes(canvas, edits);
    this.table = canvas.theme.light;
    this.tool = canvas.tool;
    this.toolbar = new Toolbar(this);
    this.problem = element(root, "p", "problem", "", { role: "alert", hidden: true });
    this.grid = element(element(root, "div", "scroller"), "div", "grid", "", { role: "grid" });
    this.readout = element(root, "div", "readout idle");
    this.cut = element(root, "div", "cut");
    this.legend = element(root, "div", "legend");
    this.spoken = element(root, "div", "spoken", "", { ariaLive: "polite" });
    this.listen();
    this.choose(canvas.tool);
    this.watcher = new ResizeObserver(() => root.clientWidth !== this.width && this.arrange());
    this.watcher.observe(root);
    this.unsubscribe = edits.subscribe(() => this.redraw());
    this.show(canvas);
  }
  listen() {
    const { grid, root } = this;
    grid.addEventListener("pointerdown", (event) => this.onDown(event));
    grid.addEventListener("pointermove", (event) => this.onMove(event));
    grid.addEventListener("lostpointercapture", () => this.strokes.stroke && this.finish());
    grid.addEventListener("click", (event) => {
      const k = this.cellAt(event);
      if (this.tool === "number" && k !== null && !this.field) openField(this, k);
    });
    grid.addEventListener("pointerleave", () => {
      this.hovered = null;
      readOut2(this);
    });
    grid.addEventListener("focusout", () => queueMicrotask(() => readOut2(this)));
    root.addEventListener("keydown", (event) => onKey2(this, event));
    root.addEventListener("transitionend", (event) => event.target === root && layOut2(this));
  }
  remove() {
    this.unsubscribe();
    this.watcher.disconnect();
  }
  get canvas() {
    return this.strokes.canvas;
  }
  /** What the tool makes of a cell. @returns {Setting} */
  get setting() {
    return this.tool === "eraser" ? null : this.toolbar.brush;
  }
  /** @param {Canvas} canvas */
  show(canvas) {
    const other = this.canvas.key !== canvas.key;
    const same2 = this.strokes.receive(canvas);
    if (!same2) {
      this.last = this.hovered = null;
      closeField(this, false);
    }
    if (!same2 || this.cells.length !== canvas.count) this.buildCells();
    if (other) this.choose(canvas.tool);
    this.label();
    this.arrange();
    readOut2(this);
  }
  arrange() {
    this.width = this.root.clientWidth;
    layOut2(this);
  }
  label() {
    const { key, labels, name: name2, rows, columns, count: count2, total, swatches } = this.canvas;
    this.toolbar.brushes(swatches);
    this.toolbar.offer(this.edits.history(key));
    this.grid.ariaLabel = fill(labels.summary, { name: name2, rows, columns });
    this.cut.textContent = count2 < total ? fill(labels.cut, { shown: count2, total }) : "";
  }
  buildCells() {
    const { canvas, grid } = this;
    const hadFocus = grid.contains(focused(grid));
    grid.replaceChildren();
    grid.ariaRowCount = String(canvas.rows);
    grid.ariaColCount = String(canvas.columns);
    this.cells = [];
    for (let row = 0; row < canvas.rows; row += 1) this.buildRow(row);
    this.focused = Math.min(this.focused, canvas.count - 1);
    this.hovered = null;
    if (hadFocus) focusCell(this, this.focused);
    else this.cells[this.focused].tabIndex = 0;
  }
  /** @param {number} row */
  buildRow(row) {
    const { columns, count: count2, start } = this.canvas;
    const line2 = element(this.grid, "div", "row", "", { role: "row" });
    const end = Math.min((row + 1) * columns, count2);
    for (let k = row * columns; k < end; k += 1) {
      const cell = element(line2, "div", "cell", "", { role: "gridcell", tabIndex: -1 });
      cell.dataset.place = String(start + k);
      this.cells.push(cell);
    }
  }
  /** @param {Tool} tool */
  choose(tool) {
    this.tool = tool;
    this.root.dataset.tool = tool;
    this.toolbar.press(tool);
    readOut2(this);
  }
  /**
   * The cell under a pointer; null beside the map.
   * @param {MouseEvent} event
   */
  cellAt(event) {
    const { columns, count: count2 } = this.canvas;
    const box = this.grid.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / this.size);
    const row = Math.floor((event.clientY - box.top) / this.size);
    const inside = column >= 0 && column < columns && row >= 0;
    const k = row * columns + column;
    return inside && k < count2 ? k : null;
  }
  /** @param {PointerEvent} event */
  onDown(event) {
    const k = this.cellAt(event);
    if (k === null || event.button !== 0) return;
    event.preventDefault();
    closeField(this, true);
    focusCell(this, k);
    if (this.tool === "number") return;
    this.grid.setPointerCapture(event.pointerId);
    this.strokes.begin();
    this.draw(k);
  }
  /** @param {PointerEvent} event */
  onMove(event) {
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of this.strokes.stroke ? all.length ? all : [event] : []) {
      const k = this.cellAt(each);
      if (k === null) this.last = null;
      else this.draw(k);
    }
    if (event.pointerType === "touch" && !this.strokes.stroke) return;
    this.hovered = this.cellAt(event);
    readOut2(this);
  }
  /**
   * Draw with the tool up to a cell.
   * @param {number} k
   */
  draw(k) {
    for (const each of line(this.canvas, this.last ?? k, k)) this.touch(each, this.setting);
    this.last = k;
  }
  /**
   * Change cells in one stroke.
   * @param {[k: number, value: Setting][]} changes
   */
  change(changes) {
    this.strokes.begin();
    for (const [k, value] of changes) this.touch(k, value);
    this.finish();
  }
  /**
   * @param {number} k
   * @param {Setting} value
   */
  touch(k, value) {
    this.strokes.touch(k, value);
    if (Math.abs(this.strokes.values[k]) > this.scale) drawAll(this);
    else drawCell(this, k);
  }
  /** End the stroke: from now on it is one change. */
  finish() {
    const { labels, most } = this.canvas;
    this.last = null;
    const count2 = this.strokes.finish();
    this.problem.hidden = count2 !== null;
    if (count2 === null) {
      this.problem.textContent = fill(labels.many, { most });
      this.redraw();
    } else if (count2) this.speak(fill(labels.done, { count: count2 }));
  }
  /**
   * Go one stroke back or forth.
   * @param {"undo" | "redo"} way
   */
  go(way) {
    const { key, labels } = this.canvas;
    const undone = way === "undo";
    if (this.edits.go(key, way)) this.speak(undone ? labels.undone : labels.redone);
    else this.speak(undone ? labels.nothing : labels.nothing_again);
  }
  /** Show the cells as they are changed now. */
  redraw() {
    this.strokes.lay();
    drawAll(this);
    readOut2(this);
    this.toolbar.offer(this.edits.history(this.canvas.key));
  }
  /** @param {string} sentence */
  speak(sentence) {
    this.spoken.textContent = "";
    this.spoken.textContent = sentence;
  }
};

// viz/front/paint/card.js
var LOSS_DIGITS = 4;
var HandCard = class {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {AskSheet} ask
   * @param {Words} labels what it says itself
   */
  constructor(root, store, ask2, labels) {
    this.root = root;
    this.store = store;
    this.ask = ask2;
    this.labels = labels;
    const head3 = element(root, "header");
    element(head3, "h3", "head", labels.heading);
    const close = () => store.change({ hand: "", plane: "" });
    button(head3, labels.close, "change", close).title = labels.close_help;
    const pickers = element(root, "div", "pickers");
    const picker = element(pickers, "label", "picker");
    this.tensor = element(picker, "select", "", "", { ariaLabel: labels.tensor });
    this.tensor.addEventListener("change", () => {
      store.change({ hand: this.tensor.value, plane: "" });
    });
    this.axes = element(pickers, "div", "pickers");
    this.about = element(root, "p", "about");
    this.problem = element(root, "p", "problem", "", { role: "alert" });
    this.board = /** @type {Board | null} */
    null;
    this.paper = element(root, "div", "paint");
    this.effect = element(root, "p", "effect");
    this.discards = element(root, "div", "pickers");
    this.sheet = /** @type {Sheet | null} */
    null;
    this.loss = /** @type {Floats} */
    new Float64Array();
    this.ends = [
      store.subscribe(({ hand, plane }, { before }) => {
        if (hand !== before.hand || plane !== before.plane) this.load();
      }),
      store.edits.subscribe(() => this.follow())
    ];
    root.hidden = true;
  }
  remove() {
    for (const end of this.ends) end();
    this.board?.remove();
  }
  /** Show the tensor that is chosen, as the run that there is has it. */
  async load() {
    const { hand, plane } = this.store.view;
    this.root.hidden = !hand;
    if (!hand || this.sheet?.key === hand && this.sheet.at === plane) return;
    const sheet = await this.ask(hand, plane);
    const { view } = this.store;
    if (!sheet || view.hand !== hand || view.plane !== plane) return;
    this.show({ ...sheet, labels: this.labels });
  }
  /** What runs has changed: what is shown may be out of date. */
  renew() {
    if (this.sheet) this.sheet = { ...this.sheet, at: "?" };
    this.load();
  }
  /** @param {Sheet} sheet */
  show(sheet) {
    this.sheet = sheet;
    this.pick(sheet.axes);
    this.about.textContent = sheet.about;
    this.problem.textContent = sheet.problems.join(" ");
    this.problem.hidden = !sheet.problems.length;
    if (this.board) this.board.show(sheet);
    else this.board = new Board(this.paper, sheet, this.store.edits);
    this.follow();
    this.store.change({ hand: sheet.key, plane: sheet.at });
  }
  /** @param {Axis[]} axes */
  pick(axes) {
    const at = axes.map((axis) => axis.at);
    if (this.axes.childElementCount && this.axes.contains(document.activeElement)) return;
    this.axes.replaceChildren();
    axes.forEach((axis, which) => {
      if (axis.size === 1) return;
      const label2 = element(this.axes, "label", "picker", axis.label);
      const bounds = { min: "0", max: String(axis.size - 1), step: "1" };
      const field = element(label2, "input", "", "", { type: "number", ...bounds });
      field.value = String(axis.at);
      field.addEventListener("change", () => {
        const index = Math.min(Math.max(0, Math.round(Number(field.value))), axis.size - 1);
        field.value = String(index);
        at[which] = index;
        const plane = at.some(Boolean) ? at.join("x") : "";
        this.store.change(axis.sample ? { plane, sample: index } : { plane });
      });
    });
  }
  /** Say what is changed, and what that did. */
  follow() {
    const { sheet, store } = this;
    if (!sheet) return;
    const tensors = sheet.tensors.map(({ name: name2, label: tensor }) => {
      const count2 = store.edits.of(name2).size;
      const text2 = count2 ? fill(this.labels.changed_cells, { tensor, count: count2 }) : tensor;
      return (
        /** @type {const} */
        [name2, text2]
      );
    });
    offer(this.tensor, tensors);
    this.tensor.value = sheet.key;
    this.offerBack(sheet.key);
    this.compare();
  }
  /**
   * Offer to bring cells back.
   * @param {string} key of the tensor that is shown
   */
  offerBack(key) {
    const { labels, store } = this;
    const { names } = store.edits;
    this.discards.replaceChildren();
    if (names.includes(key)) {
      const words = fill(labels.discard, { tensor: key });
      button(this.discards, words, "", () => store.edits.discard([key]));
    }
    if (names.some((name2) => name2 !== key)) {
      button(this.discards, labels.discard_all, "", () => store.edits.discard(names));
    }
  }
  /**
   * The loss of the run that is shown now.
   * @param {Floats} loss
   */
  lost(loss) {
    this.loss = loss;
    this.compare();
  }
  /** Write the loss before and after. */
  compare() {
    const { sheet, loss } = this;
    this.effect.replaceChildren();
    if (!sheet || !sheet.loss.length || !loss.length) return;
    const [first, now] = [Number(sheet.loss[0]), Number(loss[0])];
    const { theme, labels } = sheet;
    element(this.effect, "span", "", `${labels.loss} `);
    element(this.effect, "b", "", shortNumber(first, LOSS_DIGITS, theme));
    if (Object.is(first, now)) return;
    this.effect.append(" → ");
    element(this.effect, "b", "", shortNumber(now, LOSS_DIGITS, theme));
    const change = now - first;
    const signed = `${change > 0 ? "+" : ""}${shortNumber(change, theme.digits, theme)}`;
    element(this.effect, "span", "", ` (${signed})`);
  }
};

// viz/front/workbench/address.js
var NONE = "all";
function written3(value) {
  if (typeof value === "boolean") return value ? "1" : "0";
  return value === null ? NONE : String(value);
}
function said(view, begun) {
  const names = (
    /** @type {(keyof View)[]} */
    Object.keys(begun)
  );
  const differing = names.filter((name2) => view[name2] !== begun[name2]);
  return Object.fromEntries(differing.map((name2) => [name2, written3(view[name2])]));
}
function wholeQuery(query, version, view, begun, also = "") {
  const looks = [...Object.entries(said(view, begun)), ...new URLSearchParams(also)];
  const whole2 = new URLSearchParams(query);
  if (looks.length && !query) whole2.append("v", version);
  for (const [name2, text2] of looks) whole2.append(name2, text2);
  return whole2.toString();
}
function keep(kept) {
  window.history.replaceState({ ...window.history.state, backlight: kept }, "");
}
function write5(query, kept, push) {
  const { pathname, search } = window.location;
  const whole2 = inLanguage(forRoom(query));
  const wanted = whole2 ? `?${whole2}` : "";
  const entry = { ...window.history.state, backlight: kept };
  if (sameQuery(search, wanted)) keep(kept);
  else if (push) window.history.pushState(entry, "", pathname + wanted);
  else window.history.replaceState(entry, "", pathname + wanted);
}
function sameQuery(one, other) {
  return new URLSearchParams(one).toString() === new URLSearchParams(other).toString();
}
function viewIn(state, query) {
  const kept = (
    /** @type {any} */
    state?.backlight
  );
  return kept && kept.query === query ? kept.view : null;
}

// viz/front/workbench/history.js
var Entries = class {
  /**
   * @param {Place} place
   * @param {(view: View) => void} follow is told what is looked at in an entry that one goes to
   */
  constructor(place, follow2) {
    this.place = place;
    this.open = false;
    this.found = false;
    this.onPop = (event) => {
      const view = viewIn(event.state, this.place.query);
      this.found = view !== null;
      if (view) follow2(view);
    };
    window.addEventListener("popstate", this.onPop);
  }
  /**
   * Write what is looked at.
   * @param {View} view
   * @param {boolean} settled whether it is a choice of its own, before which Back returns
   */
  write(view, settled) {
    const { query, version, begun, also } = this.place;
    const push = settled && !this.open;
    if (settled) this.open = true;
    write5(wholeQuery(query, version, view, begun, also), { query, view }, push);
  }
  /**
   * Take over what the page tells.
   * @param {View} view
   * @param {boolean} linked whether the address stands for it: then it stays as the visitor has it
   * @param {boolean} another whether another run is told, to whose forerunner Back returns
   */
  enter(view, linked, another) {
    const { query } = this.place;
    if (linked) keep({ query, view });
    else this.write(view, another);
  }
  /** The choice has settled. */
  settle() {
    this.open = false;
  }
  /** Write no more. */
  remove() {
    window.removeEventListener("popstate", this.onPop);
  }
};

// viz/front/workbench/status.js
var SAID_FOR = 4e3;
var Status = class {
  /**
   * @param {HTMLElement} parent
   * @param {import("../types.d.ts").Words} words
   * @param {() => void} again asks anew
   */
  constructor(parent, words, again) {
    this.words = words;
    this.root = element(parent, "div", "status", "", { role: "status", hidden: true });
    this.sentence = element(this.root, "span");
    this.again = button(this.root, words.again, "", () => {
      this.clear();
      again();
    });
    this.reload = button(this.root, words.reload, "", () => window.location.reload());
    this.timer = 0;
    this.outcome = /** @type {Outcome} */
    "answered";
  }
  /**
   * Say how it goes; a refusal says why where it stands.
   * @param {Outcome} outcome
   */
  say(outcome) {
    const before = this.outcome;
    if (outcome === "answered" && (before === "failed" || before === "updated")) return;
    if (outcome === before && outcome !== "failed") return;
    this.outcome = outcome;
    clearTimeout(this.timer);
    const recovered = outcome === "answered" && before === "lost";
    const said2 = recovered ? this.words.recovered : this.words[outcome];
    this.sentence.textContent = said2 ?? "";
    this.root.dataset.outcome = recovered ? "recovered" : outcome;
    this.again.hidden = outcome !== "failed";
    this.reload.hidden = outcome !== "updated";
    this.root.hidden = !said2;
    if (recovered) this.timer = window.setTimeout(() => this.root.hidden = true, SAID_FOR);
  }
  /** What failed is of no matter any more. */
  clear() {
    clearTimeout(this.timer);
    this.outcome = "answered";
    this.root.hidden = true;
  }
  /** Say no more. */
  remove() {
    clearTimeout(this.timer);
  }
};

// viz/front/hide/board.js
var SIGNS3 = { right: "✓", wrong: "✗", unreadable: "?", empty: "" };
var LONGEST2 = 12;
var Board2 = class {
  /**
   * @param {FrontWords} words
   * @param {Asked} asked
   * @param {Theme} theme
   * @param {{grade: Grade, reveal: () => void}} acts
   */
  constructor(words, { rows, columns, note: note2 }, theme, { grade, reveal }) {
    this.words = words.hide;
    this.acts = { grade, reveal };
    this.root = element(document.createElement("div"), "div", "guess hidden-map");
    this.data = {
      value: { numbers: "", typed: [], hints: 0, revealed: false },
      heard: null,
      ...{ kind: "cells", items: [], heads: [] },
      ...{ rows, columns, marks: [], true: [], palette: [], hints: 0, solved: false },
      ...{ longest: LONGEST2, signs: SIGNS3, accent: theme.accent }
    };
    this.guess = new GuessView(this.root, this.data, words.guess);
    this.guess.reveal.classList.add("reveals");
    this.said = element(this.guess.acts, "p", "tally", "", { role: "status" });
    if (note2) element(this.root, "p", "", note2);
    this.show({});
    const inputs = this.root.querySelectorAll("input");
    for (const input of inputs) input.placeholder = "?";
  }
  /** @param {Partial<GuessData>} changes */
  show(changes) {
    this.data = { ...this.data, ...changes };
    this.guess.update(this.data, (_name, said2) => this.hear(
      /** @type {any} */
      said2
    ));
    this.said.textContent = this.tally();
  }
  /** @param {{value: GuessData["value"], since: number}} said */
  async hear({ value, since }) {
    if (value.revealed) {
      this.acts.reveal();
      return;
    }
    const graded = value.typed.length ? await this.acts.grade(value.typed) : [];
    if (value !== this.guess.kept.value) return;
    const marks = graded ?? [];
    const solved = marks.length > 0 && marks.every((mark) => mark === "right");
    this.show({ value, heard: since, marks, solved });
  }
  /** How many cells are right, once some were checked. */
  tally() {
    const { marks, solved } = this.data;
    if (!marks.length) return "";
    if (solved) return this.words.solved;
    const right = marks.filter((mark) => mark === "right").length;
    return fill(this.words.tally, { right, count: marks.length });
  }
};

// viz/front/hide/names.js
var BETWEEN2 = ",";
var MOST3 = 4;
function namesIn2(hidden) {
  return hidden.split(BETWEEN2).filter(Boolean);
}
function withName(hidden, name2) {
  const names = namesIn2(hidden);
  if (names.includes(name2)) return hidden;
  return names.length < MOST3 ? [...names, name2].join(BETWEEN2) : null;
}
function withoutName(hidden, name2) {
  return namesIn2(hidden).filter((each) => name2 !== each && !name2.startsWith(`${each} `)).join(BETWEEN2);
}

// viz/front/hide/hiding.js
var MOST_BOARDS = 32;
var Hiding = class {
  /**
   * @param {HTMLElement} bar
   * @param {Store} store
   * @param {FrontWords} words
   * @param {Check | null} check null where nothing can be hidden, and nobody grades
   */
  constructor(bar, store, words, check) {
    this.bar = bar;
    this.store = store;
    this.words = words;
    this.check = check;
    this.theme = /** @type {Theme | null} */
    null;
    this.boards = /* @__PURE__ */ new Map();
    this.query = "";
    this.bar.hidden = true;
  }
  /**
   * Say what is hidden in a run.
   * @param {Concealed[]} concealed
   * @param {Theme} theme
   * @param {string} query of the run: of another one other cells are asked for
   */
  show(concealed, theme, query) {
    this.theme = theme;
    if (query !== this.query) this.boards.clear();
    this.query = query;
    this.bar.hidden = !concealed.length;
    this.bar.replaceChildren();
    if (this.bar.hidden) return;
    const list = element(this.bar, "div", "named");
    for (const each of concealed) {
      const line2 = element(list, "p", "", each.sentence);
      const words = each.hides ? this.words.hide.reveal : this.words.hide.drop;
      if (this.check) button(line2, words, "reveal", () => this.reveal(each.name));
    }
    const hides = concealed.some((each) => each.hides);
    if (this.check && hides) element(this.bar, "p", "limits", this.words.hide.limits);
  }
  /** @param {string} hidden */
  reveal(hidden) {
    this.store.change({ hidden: withoutName(this.store.view.hidden, hidden) }, true);
  }
  /**
   * Put on a card what can be done with its map.
   * @param {View} view
   */
  card(view) {
    const { asked, hides = "" } = view.spec;
    view.card.querySelector(".hide-map")?.remove();
    view.filling.replaceChildren();
    view.filling.hidden = !asked || !this.check;
    if (asked && this.check) {
      view.missing.hidden = true;
      view.filling.append(this.board(view).root);
    }
    const next = hides && this.check ? withName(this.store.view.hidden, hides) : null;
    if (next === null) return;
    const act = () => this.store.change({ hidden: next }, true);
    const made = iconButton(view.card, "visibility_off", "", "hide-map", act);
    name(made, this.words.hide.hide);
  }
  /**
   * The cells that are filled in for a map; equal ones are one board, unless both are on screen.
   * @param {View} view
   */
  board({ spec, stage, row }) {
    const { asked } = spec;
    if (!asked || !this.theme || !this.check) throw new Error(`${spec.key} is not filled in`);
    const { check } = this;
    const same2 = `${asked.name} ${spec.shape} ${asked.start}`;
    const twins = stage.packet.rows.flat().filter((each) => each.asked?.name === asked.name);
    const key = twins.length > 1 ? `${same2} ${row} ${spec.key}` : same2;
    const grade = (typed2) => check(this.keys.get(key) ?? "", typed2);
    this.keys.set(key, spec.key);
    const found = this.boards.get(key) ?? new Board2(this.words, asked, this.theme, { grade, reveal: () => this.reveal(asked.name) });
    this.boards.delete(key);
    this.boards.set(key, found);
    const [oldest] = this.boards.keys();
    if (this.boards.size > MOST_BOARDS) this.boards.delete(oldest);
    return found;
  }
  /** Key of the map in which a board stands last, by its own. @type {Map<string, string>} */
  keys = /* @__PURE__ */ new Map();
};

// viz/front/pins/button.js
var PinButton = class {
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
    const { part: part2, sample, channel, show: show2 } = view;
    return { node, part: part2, sample, channel, show: show2 };
  }
  press() {
    const { said: said2, store, words } = this;
    const pins = toggled(store.view.pins, this.pin);
    const more = readPins(pins).length > readPins(store.view.pins).length;
    store.change({ pins }, true);
    said2.replaceChildren();
    element(said2, "span", "", more ? words.pin_done : words.unpin_done);
  }
  /** Show whether what is shown is pinned, and how many are. */
  show() {
    const { words } = this;
    const pins = readPins(this.store.view.pins);
    const pressed = pins.some((pin2) => writePin(pin2) === writePin(this.pin));
    const full = !pressed && pins.length >= MOST2;
    this.root.hidden = false;
    this.button.ariaPressed = String(pressed);
    this.button.title = full ? words.pin_most : pressed ? words.unpin_help : words.pin_help;
    idle(this.button, full);
    this.count.hidden = !pins.length;
    this.count.textContent = `↓ ${pins.length}`;
    name(this.count, fill(words.pins_go, { count: pins.length }));
  }
};

// viz/front/pins/tray.js
var ROOM3 = { height: 200, cell: 72 };
var MOST_PIECES = 8;
var Tray = class {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {FrontWords} words
   * @param {Source} source
   */
  constructor(root, store, words, source) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.source = source;
    const head3 = element(root, "header");
    this.title = element(head3, "h3", "tray-head", words.workbench.pins, { tabIndex: -1 });
    this.scales = new Scales(store, words.maps, "pinned-scale");
    head3.append(this.scales.root);
    this.lost = element(root, "p", "lost", "", { role: "status", hidden: true });
    this.row = element(root, "div", "pinned");
    root.hidden = true;
    root.addEventListener("keydown", (event) => this.key(event));
    this.leave = () => {
    };
    this.cards = /* @__PURE__ */ new Map();
    this.pieces = /* @__PURE__ */ new Map();
    this.scene = /** @type {Scene | null} */
    null;
    this.drawing = /** @type {Drawing | null} */
    null;
    this.turn = 0;
  }
  get pins() {
    return readPins(this.store.view.pins);
  }
  remove() {
    for (const { maps } of this.cards.values()) maps.remove();
  }
  /**
   * Show the pins of a run.
   * @param {Scene} scene
   * @param {Drawing} drawing
   * @param {string[]} lost names of pins whose layers it does not have
   */
  take(scene, drawing, lost) {
    this.scene = scene;
    this.drawing = drawing;
    this.pieces.clear();
    this.say(lost);
    this.draw();
  }
  /**
   * Say which layers are gone.
   * @param {string[]} names
   */
  say(names) {
    this.lost.hidden = !names.length;
    this.lost.textContent = fill(this.words.workbench.pin_lost, { names: names.join(", ") });
  }
  /** Pins or their scale have changed. */
  follow() {
    this.say([]);
    this.draw();
  }
  /** Draw all pins, at once where their nodes have been sent. */
  async draw() {
    const { pins, scene } = this;
    this.root.hidden = !pins.length && this.lost.hidden;
    this.scales.show();
    if (!scene) return;
    this.turn += 1;
    const { turn } = this;
    const found = await Promise.all(pins.map((pin2) => this.find(pin2)));
    if (turn === this.turn) this.place(found.filter((each) => each !== null));
  }
  /**
   * What there is to draw of a pin: the first maps of its page.
   * @param {Pin} pin
   * @returns {Promise<Found | null>}
   */
  async find(pin2) {
    const node = await this.source.node(pin2.node);
    if (!node) return null;
    const first = `gradient ${node.first_part}`;
    const wanted = pin2.show === "gradient" ? `gradient ${pin2.part ?? node.first_part}` : pin2.show;
    const tab = wanted in node.pages ? wanted : first;
    const page2 = node.pages[tab];
    return { pin: pin2, node, tab, page: page2, chosen: picked(page2, pin2) };
  }
  /** @param {Found[]} found */
  place(found) {
    const { drawing, store } = this;
    if (!drawing) return;
    this.build(found);
    const asked = [];
    const rows = found.map((each) => this.pick(each, drawing, asked));
    const scales = drawing.scales(rows.flat(), store.view.scale);
    const all = rows.map(
      (row, at) => row.map((each) => drawing.specify(each, scales, found[at].chosen))
    );
    const alike3 = store.view.scale === "own" ? void 0 : all.flat();
    all.forEach((specs, at) => {
      const around2 = { links: [], answer: null, between: [], arrow: found[at].page.arrow };
      const { maps } = (
        /** @type {Card} */
        this.cards.get(writePin(found[at].pin))
      );
      const how = { scaling: store.view.scale, held: null, theme: drawing.theme };
      maps.show({ rows: [specs], alike: alike3, ...around2, ...how });
    });
    for (const each of asked) this.fetch(each);
  }
  /**
   * The chosen cells of the first maps of a pin, under keys that no other pin has.
   * @param {Found} found
   * @param {Drawing} drawing
   * @param {Asked[]} asked gets what has to be asked for
   * @returns {(Picked | MapPage)[]}
   */
  pick({ pin: pin2, node, tab, page: page2, chosen: chosen3 }, drawing, asked) {
    return (page2.rows[0] ?? []).map((map) => {
      const key = `${writePin(pin2)} ${map.key}`;
      const missing = [];
      const found = () => this.pieces.get(key) ?? null;
      const cells = drawing.pick({ ...map, key }, chosen3, found, missing);
      for (const { start, count: count2 } of missing)
        asked.push({ key, of: { node: node.id, page: tab, map: map.key, start, count: count2 } });
      return cells;
    });
  }
  /** @param {Asked} asked */
  async fetch({ key, of }) {
    const { scene } = this;
    const cells = await this.source.cells(of);
    if (!cells || this.scene !== scene) return;
    this.pieces.set(key, cells.values);
    for (const first of [...this.pieces.keys()].slice(0, -MOST_PIECES)) this.pieces.delete(first);
    await this.draw();
  }
  /**
   * Make cards for what is pinned, in its order, and take away the others.
   * @param {Found[]} found
   */
  build(found) {
    const wanted = new Map(found.map((each) => [writePin(each.pin), each]));
    for (const [key, { root, maps }] of this.cards) {
      if (wanted.has(key)) continue;
      maps.remove();
      root.remove();
      this.cards.delete(key);
    }
    [...wanted].forEach(([key, each], at) => {
      const card = this.cards.get(key) ?? this.card(each.pin);
      this.cards.set(key, card);
      const there = this.row.children[at];
      if (there !== card.root) this.row.insertBefore(card.root, there);
      card.title.textContent = this.told(each);
      name(card.close, fill(this.words.workbench.pin_close, { name: card.title.textContent }));
    });
  }
  /**
   * @param {Pin} pin
   * @returns {Card}
   */
  card(pin2) {
    const root = element(this.row, "section", "pin");
    const head3 = element(root, "header");
    const title = element(head3, "h4", "head");
    const close = button(head3, "✕", "close", () => this.close(pin2));
    const onCell = () => {
    };
    const options = { onCell, roomOf: () => ROOM3 };
    return { root, title, close, maps: new Maps(element(root, "div"), this.words, options) };
  }
  /**
   * What is pinned, in words.
   * @param {Found} found
   */
  told({ pin: pin2, node, page: page2, chosen: chosen3 }) {
    const { workbench: words } = this.words;
    const { sample, channel } = chosen3;
    return [
      node.title,
      words[pin2.show],
      page2.samples > 1 ? fill(words.sample, { index: sample }) : "",
      channel === null ? "" : fill(page2.by_row ? words.row : words.channel, { index: channel })
    ].filter(Boolean).join(" · ");
  }
  /**
   * Unpin; the focus goes to the next one, or back to where one pins.
   * @param {Pin} pin
   */
  close(pin2) {
    const at = this.pins.findIndex((each) => writePin(each) === writePin(pin2));
    this.store.change({ pins: toggled(this.store.view.pins, pin2) }, true);
    const next = this.pins[Math.min(at, this.pins.length - 1)];
    const card = next && this.cards.get(writePin(next));
    if (card) card.close.focus();
    else this.leave();
  }
  /** Show the tray. */
  reveal() {
    this.root.scrollIntoView({ block: "nearest" });
    this.title.focus({ preventScroll: true });
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.leave();
  }
};

// viz/front/profile/profile.js
var TOP2 = 13;
var FLOOR = { usual: 5, room: 10 };
var ABOVE = { points: 9, numbers: 21 };
var BELOW3 = { points: 17, numbers: 40 };
var NAMES = 16;
var WRITTEN = 58;
var LONG = 84;
var ONE_NAME = 74;
var PILL = { height: 16, letter: 6.7, padding: 14 };
var ProfileView = class {
  /**
   * @param {HTMLElement} parent
   * @param {Words} words
   * @param {{onChoose: (at: number) => void, onWindow: (at: number) => void}} told
   */
  constructor(parent, words, told2) {
    this.words = words;
    this.told = told2;
    this.root = element(parent, "div", "backlight-profile", "", { ariaHidden: "true" });
    this.svg = shape(this.root, "svg", {});
    this.plan = /** @type {Plan | null} */
    null;
    this.count = 0;
    this.dragged = /** @type {boolean | null} */
    null;
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.release(event));
    this.svg.addEventListener("pointercancel", () => this.dragged = null);
  }
  /**
   * @param {StripData} data
   * @param {Theme} theme
   * @param {Plan} plan
   */
  draw(data, theme, plan) {
    this.plan = plan;
    this.count = data.boxes.length;
    const height = this.root.clientHeight;
    const floor = height - (plan.window ? NAMES : inRoom() ? FLOOR.room : FLOOR.usual);
    const [highest, lowest, unchanged] = data.axis;
    const axis = { highest, lowest, top: TOP2, floor };
    const states = data.boxes.map(({ state }) => state);
    const marks = marksOf(data.peaks, states, axis).map(
      (mark, at) => plan.ahead[at] ? null : mark
    );
    this.svg.replaceChildren();
    this.svg.setAttribute("width", String(plan.width));
    this.svg.setAttribute("height", String(height));
    this.root.classList.toggle("windowed", Boolean(plan.window));
    const low = states.some((state, at) => state === "number" && data.peaks[at] <= unchanged);
    const marked = low ? unchanged : null;
    drawGrid(this.svg, axis, plan, this.words, marked);
    if (plan.window) this.range(floor);
    const lines = drawLinks(this.svg, linesOf2(data.links, data.path, marks), plan.middle, marks);
    if (plan.window) this.long(data, theme, marks, floor);
    else this.short(data, theme, marks, floor);
    const beside2 = !plan.window && plan.column >= WRITTEN ? "numbers" : "points";
    const points = marks.map((mark, at) => {
      return { mark, peak: data.peaks[at], x: plan.middle(at), of: "" };
    });
    const where = { ...plan, above: TOP2 + BELOW3[beside2], below: floor - ABOVE[beside2] };
    explain2(
      this.svg,
      { points, lines },
      where,
      axis,
      marked,
      this.words,
      (value) => shortNumber(value, 2, theme)
    );
    this.targets(height);
  }
  /**
   * What is drawn of a box and of what it passes on.
   * @param {number} at
   */
  partsOf(at) {
    return [...this.svg.querySelectorAll(`[data-at="${at}"]`)];
  }
  /**
   * Points, numbers and ratios, each under its column.
   * @param {StripData} data
   * @param {Theme} theme
   * @param {(Mark | null)[]} marks
   * @param {number} floor
   */
  short({ peaks, ratios: ratios2, marked }, theme, marks, floor) {
    const { middle: middle4, column, chosen: chosen3 } = (
      /** @type {Plan} */
      this.plan
    );
    const digits = column >= LONG ? theme.digits : theme.digits - 1;
    const write6 = (value) => shortNumber(value, digits, theme);
    marks.forEach((mark, at) => {
      if (!mark) return;
      this.point(mark, middle4(at), at === chosen3).setAttribute("data-at", String(at));
      const sized = mark.look === "number" || mark.look === "below";
      const kept = at === chosen3 || at === marks.length - 1;
      if (column < WRITTEN && sized && !kept) return;
      const [x, y] = [middle4(at), Math.max(mark.y - 7, 11) + (mark.y <= TOP2 ? 14 : 0)];
      shape(this.svg, "text", { class: "value", "data-at": at, x, y }, write6(peaks[at]));
    });
    Array.from(ratios2).forEach((ratio, at) => {
      const [from, to] = [marks[at], marks[at - 1]];
      const named = at === marked;
      if (Number.isNaN(ratio) || !from || !(to || named) || column < WRITTEN && !named) return;
      const y = (from.y + (to?.y ?? from.y)) / 2;
      const text2 = `×${shortNumber(ratio, 2, theme)}`;
      const label2 = this.label(
        text2,
        // In a narrow column the number of the chosen box stands over both of its neighbours.
        middle4(at) - column / 2 - (column < WRITTEN ? column : 0),
        y + 17 < floor ? y + 17 : y - 16,
        named
      );
      label2.setAttribute("data-at", String(at - 1));
    });
  }
  /**
   * One line, of which only the worst layer and the chosen one are marked.
   * @param {StripData} data
   * @param {Theme} theme
   * @param {(Mark | null)[]} marks
   * @param {number} floor
   */
  long({ boxes, ratios: ratios2, marked }, theme, marks, floor) {
    const { middle: middle4, chosen: chosen3, width, gutter } = (
      /** @type {Plan} */
      this.plan
    );
    marks.forEach((mark2, at) => {
      if (mark2 && (at === chosen3 || mark2.look !== "number"))
        this.point(mark2, middle4(at), at === chosen3);
    });
    const every = namedEvery(boxes.length, width - gutter, ONE_NAME);
    const last = boxes.length - 1;
    boxes.forEach(({ name: name2 }, at) => {
      if (at !== last && (at % every || at > last - every / 2)) return;
      const end = at === 0 ? "first" : at === last ? "last" : "";
      shape(this.svg, "text", { class: `tick ${end}`, x: middle4(at), y: floor + 13 }, name2);
    });
    const mark = marked === null ? null : marks[marked];
    if (marked === null || !mark || Number.isNaN(ratios2[marked])) return;
    const text2 = `${boxes[marked].name} ×${shortNumber(ratios2[marked], 2, theme)}`;
    const y = mark.y + 30 < floor ? mark.y + 24 : mark.y - 24;
    shape(this.svg, "path", { class: "stem", d: `M${middle4(marked)} ${mark.y}V${y}` });
    this.label(text2, middle4(marked), y, true);
  }
  /**
   * @param {Mark} mark
   * @param {number} x
   * @param {boolean} chosen
   */
  point({ y, look }, x, chosen3) {
    if (look === "above" || look === "below") {
      const tip = look === "above" ? -4 : 4;
      const d = `M${x - 5} ${y - tip}L${x} ${y + tip}L${x + 5} ${y - tip}Z`;
      return shape(this.svg, "path", { class: `point ${look}`, d });
    }
    const r = chosen3 ? 5.5 : 4;
    return shape(this.svg, "circle", { class: `point ${look}`, cx: x, cy: y, r });
  }
  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {boolean} worst
   */
  label(text2, x, y, worst) {
    const width = text2.length * PILL.letter + PILL.padding;
    const right = (
      /** @type {Plan} */
      this.plan.width - width / 2
    );
    const middle4 = Math.max(width / 2, Math.min(x, right));
    if (worst) {
      const box = { x: middle4 - width / 2, y: y - PILL.height / 2, width, height: PILL.height };
      shape(this.svg, "rect", { class: "worst", ...box, rx: PILL.height / 2 });
    }
    const kind = worst ? "ratio worst" : "ratio";
    return shape(this.svg, "text", { class: kind, x: middle4, y: y + 4 }, text2);
  }
  /**
   * Mark which boxes are shown above.
   * @param {number} floor
   */
  range(floor) {
    const { x, width } = this.shown;
    shape(this.svg, "rect", { class: "window", x, y: 1, width, height: floor - 1 });
  }
  /** Where the boxes above stand on the long profile, px. */
  get shown() {
    const { window: window2, middle: middle4, column } = (
      /** @type {Plan} */
      this.plan
    );
    if (!window2) return { x: 0, width: 0 };
    const [from, to] = [middle4(window2.first) - column / 2, middle4(window2.last) + column / 2];
    const width = Math.max(to - from, 12);
    return { x: (from + to - width) / 2, width };
  }
  /**
   * Parts that nobody sees, which say what stands there.
   * @param {number} height
   */
  targets(height) {
    const { middle: middle4, column, tell } = (
      /** @type {Plan} */
      this.plan
    );
    for (let at = 0; at < this.count; at += 1) {
      const box = { x: middle4(at) - column / 2, y: 0, width: column, height };
      shape(shape(this.svg, "rect", { class: "target", ...box }), "title", {}, tell(at));
    }
  }
  /**
   * The box whose column a pointer is in.
   * @param {PointerEvent} event
   */
  at({ clientX }) {
    const { middle: middle4, column } = (
      /** @type {Plan} */
      this.plan
    );
    const x = clientX - this.svg.getBoundingClientRect().left;
    return Math.min(Math.max(Math.round((x - middle4(0)) / column), 0), this.count - 1);
  }
  /** @param {PointerEvent} event */
  press(event) {
    if (!this.plan || event.button) return;
    this.dragged = false;
    if (!this.plan.window) return;
    this.svg.setPointerCapture(event.pointerId);
    this.told.onWindow(this.at(event));
  }
  /** @param {PointerEvent} event */
  move(event) {
    if (this.dragged === null || !this.plan?.window) return;
    this.dragged ||= Math.abs(event.movementX) > 1;
    this.told.onWindow(this.at(event));
  }
  /** @param {PointerEvent} event */
  release(event) {
    if (this.dragged === false && this.plan) this.told.onChoose(this.at(event));
    this.dragged = null;
  }
};

// viz/front/strip/box.js
var AROUND = { name: 16, beside: 17, indent: 10, below: 4 };
var ACROSS = 1.9;
var LANES2 = (
  /** @type {const} */
  ["value", "gradient"]
);
var ROOMY2 = { usual: 74, room: 130 };
var REASONS = (
  /** @type {Record<string, [string, string]>} */
  {
    "not asked": ["not_asked", "not_asked_short"],
    nothing: ["nothing", "nothing_short"],
    cut: ["cut", "cut_short"],
    "not kept": ["not_kept", "not_kept_short"],
    hidden: ["hidden", "hidden"]
  }
);
var UNRECORDED = ["unrecorded", "unrecorded"];
var SAME = ["same", "same_short"];
function makeBox(parent, box, sizes, words, act) {
  const made = button(parent, "", `box ${box.kind}`, act);
  const { node, layer, state } = box;
  Object.assign(made.dataset, { node, layer, state });
  if (!node) idle(made, true);
  const name2 = element(made, "span", "name", box.name);
  const measure2 = measureIn(name2);
  name2.textContent = endOf(box.name, (text2) => measure2(text2) <= roomForName(sizes));
  element(made, "span", "detail", box.detail);
  const lanes2 = (
    /** @type {Lanes} */
    {}
  );
  for (const lane of LANES2) {
    const part2 = element(made, "span", `lane ${lane}`);
    element(part2, "span", "said", words[lane]);
    lanes2[lane] = {
      part: part2,
      canvas: element(part2, "canvas", "", "", { ariaHidden: "true" }),
      number: element(part2, "span", "number"),
      absent: element(part2, "span", "absent-here")
    };
  }
  return { button: made, lanes: lanes2 };
}
function fillBox(made, box, pictures, how) {
  const touched = how.changed && LANES2.some((lane) => !isUntouched(pictures?.[lane] ?? null));
  for (const lane of LANES2) fillLane(made.lanes[lane], lane, box, pictures, how);
  made.button.classList.toggle("reached", touched);
  made.button.classList.toggle("untouched", how.changed && !touched);
}
function roomForName({ kind, box, staggered }) {
  if (staggered) return ACROSS * box;
  return box - (isBeside(kind) ? AROUND.name : AROUND.below);
}
function isBeside(kind) {
  return kind === "large" || kind === "snug";
}
function isShort({ box }) {
  return box < (inRoom() ? ROOMY2.room : ROOMY2.usual);
}
function fillLane({ part: part2, canvas, number: number2, absent }, lane, box, pictures, how) {
  const { paints, sizes, theme, words, changed: changed2 } = how;
  const picture = pictures ? pictures[lane] : null;
  const shown = picture && !(changed2 && isUntouched(picture)) ? picture : null;
  part2.classList.toggle("none", !shown);
  const roomy = sizes.kind === "large" && !changed2;
  const digits = roomy ? theme.digits : theme.digits - 1;
  const size = shown && sizeOf(shown, lane, sizes[lane]);
  const reason = pictures ? why(lane, box, Boolean(picture), isShort(sizes), words) : words.unsent;
  absent.textContent = shown ? "" : reason;
  number2.textContent = "";
  if (!shown || !size) return;
  paint2(canvas, shown, paints, size, changed2);
  const measure2 = measureIn(number2);
  const room = roomForNumber(sizes, lane, size.width);
  number2.textContent = numberIn(
    shown.largest,
    digits,
    theme,
    changed2,
    (text2) => measure2(text2) <= room
  );
}
function roomForNumber({ kind, box }, lane, picture) {
  if (!isBeside(kind)) return box - AROUND.below;
  return box - AROUND.beside - picture - (lane === "value" ? AROUND.indent : 0);
}
function why(lane, { state, hides_value }, same2, short, words) {
  const known = lane === "value" ? hides_value && "hidden" : state;
  const reasons = known && REASONS[known] || UNRECORDED;
  return words[(same2 ? SAME : reasons)[short ? 1 : 0]];
}
function tellBox(box, { peak, ratio, pictures, changed: changed2 }, theme, words) {
  const write6 = (value, signed = false) => amount(value, theme.digits, theme, signed);
  const said2 = [box.name, box.detail, box.kind === "loss" ? "" : box.shape];
  for (const lane of LANES2) {
    const picture = pictures?.[lane];
    if (!picture) continue;
    const sentence = words[changed2 ? `changed_${lane}` : `sample_${lane}`];
    said2.push(fill(sentence, { value: write6(picture.largest, changed2) }));
    if ((changed2 || lane === "gradient") && picture.plane >= 0)
      said2.push(fill(words.channel, { number: picture.plane }));
  }
  if (box.state in REASONS) said2.push(words[REASONS[box.state][0]], box.why);
  else said2.push(fill(words.batch_gradient, { value: write6(peak) }));
  if (!Number.isNaN(ratio)) said2.push(fill(words.passes, { ratio: `×${write6(ratio)}` }));
  if (!box.node) said2.push(words.inert);
  return said2.filter(Boolean).join(" · ");
}

// viz/front/strip/sizes.js
var PHONE2 = 560;
var GUTTER2 = 88;
var MOST4 = 24;
var WINDOW = 7;
var LARGE = 130;
var SNUG = 112;
var MEDIUM = 60;
var SMALL = 40;
var WIDEST = 200;
var ROOM4 = { gutter: 112, box: 112, gap: 14, staggered: 80 };
var ON_PHONE = { column: 104, box: 82 };
var SIDES3 = { value: 34, gradient: 54 };
function sizesFor(count2, width, large = false) {
  const phone = width < PHONE2;
  const gutter = gutterOf(phone, large);
  const room = width - gutter;
  const windowed = count2 > MOST4 || !phone && room / count2 < SMALL;
  const shown = windowed ? WINDOW : count2;
  const column = phone ? ON_PHONE.column : Math.min(room / shown, WIDEST);
  const kind = phone ? "medium" : kindOf(column, large);
  const box = phone ? ON_PHONE.box : boxOf2(column, kind, large);
  const staggered = kind === "small" || large && column < ROOM4.staggered;
  const most = kind === "snug" || staggered ? 46 : SIDES3.gradient;
  const gradient2 = Math.min(most, box - 8);
  return { kind, windowed, shown, gutter, column, box, value: SIDES3.value, gradient: gradient2, staggered };
}
function gutterOf(phone, large) {
  if (phone) return 0;
  return large ? ROOM4.gutter : GUTTER2;
}
function kindOf(column, large) {
  if (column >= LARGE && !large) return "large";
  if (column >= SNUG && !large) return "snug";
  return column >= MEDIUM ? "medium" : "small";
}
function boxOf2(column, kind, large) {
  if (large && kind === "medium") return Math.min(ROOM4.box, column - ROOM4.gap);
  if (kind === "large") return Math.min(122, column - 22);
  if (kind === "snug") return column - 16;
  return kind === "medium" ? Math.min(82, column - 9) : column - 6;
}
function middle3({ gutter, column }, at) {
  return gutter + (at + 0.5) * column;
}
function firstAround(count2, shown, centre2) {
  return Math.min(Math.max(Math.round(centre2) - Math.floor(shown / 2), 0), count2 - shown);
}

// viz/front/strip/ways.js
var LEVELS = 4;
var BASE = 7;
var STEP4 = 6;
function waysOf(links) {
  const placed2 = [];
  const shortFirst = links.toSorted(([a, b], [c, d]) => b - a - (d - c));
  for (const [source, target, flows] of shortFirst) {
    const next = target === source + 1;
    const taken = placed2.filter((way) => way.level && way.source < target && source < way.target).map(({ level: level2 }) => level2);
    let level = next ? 0 : 1;
    while (!next && level < LEVELS && taken.includes(level)) level += 1;
    placed2.push({ source, target, flows, level });
  }
  return placed2;
}
function roomBelow(ways) {
  const lowest = Math.max(0, ...ways.map(({ level }) => level));
  return lowest ? BASE + lowest * STEP4 : 0;
}
function below(level, from, to, bottom) {
  const down = bottom + BASE + (level - 1) * STEP4;
  return `M${from} ${bottom}V${down}H${to}V${bottom + 1}`;
}
function head2(x, y, way) {
  if (way === "up") return `M${x - 3} ${y + 4}L${x} ${y}L${x + 3} ${y + 4}`;
  const back = way === "left" ? 4 : -4;
  return `M${x + back} ${y - 3.5}L${x} ${y}L${x + back} ${y + 3.5}`;
}

// viz/front/strip/lines.js
function drawLines2(svg, boxes, ways, sizes, first, heights) {
  svg.replaceChildren();
  const width = sizes.gutter + sizes.shown * sizes.column;
  const height = heights.bottom + roomBelow(ways);
  for (const [name2, value] of Object.entries({ width, height }))
    svg.setAttribute(name2, String(value));
  for (const way of ways) {
    const [source, target] = [way.source - first, way.target - first];
    if (target < 0 || source >= sizes.shown) continue;
    const ends2 = { source: middle3(sizes, source), target: middle3(sizes, target) };
    const nodes = { from: boxes[way.target].node, to: boxes[way.source].node };
    if (way.level) drawBelow(svg, way, ends2, heights.bottom, nodes);
    else drawBetween(svg, way, ends2, sizes.box / 2, heights, nodes);
  }
}
function drawBetween(svg, { flows }, ends2, half, { value, gradient: gradient2 }, nodes) {
  const [left2, right] = [ends2.source + half + 2.5, ends2.target - half - 2.5];
  shape(svg, "path", { class: "forward", d: `M${left2} ${value}H${right}` });
  shape(svg, "path", { class: "forward", d: head2(right, value, "right") });
  if (!flows) return;
  const line2 = { class: "backward", d: `M${right} ${gradient2}H${left2}` };
  shape(svg, "path", { ...line2, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head2(left2, gradient2, "left") });
}
function drawBelow(svg, { flows, level }, ends2, bottom, nodes) {
  const [from, to] = [ends2.target - 7, ends2.source + 7];
  const d = below(level, from, to, bottom);
  if (!flows) {
    shape(svg, "path", { class: "forward", d });
    return;
  }
  shape(svg, "path", { class: "backward", d, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head2(to, bottom + 1, "up") });
}

// viz/front/strip/strip.js
var StripView = class {
  /**
   * @param {HTMLElement} parent
   * @param {Store} store
   * @param {Words} words
   * @param {{onMissing?: (sample: number) => void, tools?: HTMLElement}} [options] told of a sample
   *   without pictures; what stands beside the sentence
   */
  constructor(parent, store, words, options = {}) {
    this.words = words;
    this.store = store;
    this.options = options;
    this.root = element(parent, "div", "backlight-strip");
    this.legends = this.legend();
    this.scroller = element(this.root, "div", "scroller");
    this.band = element(this.scroller, "div", "band", "", { hidden: true });
    this.row = element(this.scroller, "div", "row", "", { role: "group", ariaLabel: words.strip });
    this.named = this.lanes();
    this.lines = shape(this.row, "svg", { class: "lines", "aria-hidden": "true" });
    this.row.addEventListener("keydown", (event) => this.key(event));
    const line2 = element(this.scroller, "div", "line");
    this.fan = shape(line2, "svg", { class: "fan", "aria-hidden": "true" });
    const told2 = element(line2, "div", "told");
    if (options.tools) told2.append(options.tools);
    this.verdict = element(element(told2, "p", "verdict"), "span");
    this.profile = new ProfileView(this.scroller, words, {
      onChoose: (at) => this.chooseAt(at),
      onWindow: (at) => this.moveTo(at)
    });
    this.data = /** @type {StripData | null} */
    null;
    this.theme = /** @type {Theme | null} */
    null;
    this.sizes = /** @type {Sizes | null} */
    null;
    this.width = 0;
    this.ways = /** @type {Way[]} */
    [];
    this.first = 0;
    this.built = "";
    this.boxes = [];
    this.pictures = /* @__PURE__ */ new Map();
    this.drawn = /** @type {Pair[]} */
    [];
    this.asked = -1;
    this.choosing = false;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.root);
    this.root.addEventListener("transitionend", ({ target }) => {
      if (target === this.root) this.paint();
    });
    this.unsubscribe = store.subscribe(({ node, step: step2, sample }, { before }) => {
      if (node !== before.node || step2 !== before.step) this.follow(!this.choosing);
      if (sample !== before.sample) this.paint();
    });
  }
  /** On a narrow page the lanes are named above the boxes. */
  legend() {
    const legend = element(this.root, "div", "legend", "", { ariaHidden: "true" });
    return ["", "back"].map((way) => element(legend, "span", way));
  }
  lanes() {
    const lanes2 = element(this.row, "div", "lanes", "", {
      ariaHidden: "true",
      title: this.words.own_colours
    });
    return ["value", "gradient"].map((lane) => {
      const part2 = element(lanes2, "span", lane);
      return [element(part2, "b"), element(part2, "span")];
    });
  }
  /** Name the lanes: what went through the boxes, or what changed in them. */
  name() {
    const { words } = this;
    const names = this.changed ? [words.delta_values, words.delta_gradients] : [words.values, words.gradients];
    const ways = this.changed ? [words.minus, words.minus] : [words.forward, words.backward];
    this.named.forEach(([name2, way], lane) => {
      name2.textContent = names[lane];
      way.textContent = ways[lane];
    });
    const [forward, back] = this.legends;
    forward.title = back.title = this.words.own_colours;
    forward.textContent = this.changed ? names[0] : `${names[0]} → ${ways[0]}`;
    back.textContent = this.changed ? `${names[1]} (${ways[1]})` : `${ways[1]} ← ${names[1]}`;
  }
  /** Whether the boxes show what changes by hand did. */
  get changed() {
    return Boolean(this.data?.reach);
  }
  remove() {
    this.unsubscribe();
    this.watcher.disconnect();
    this.root.remove();
  }
  /**
   * @param {StripData} data
   * @param {Theme} theme
   */
  show(data, theme) {
    this.data = data;
    this.theme = theme;
    this.built = "";
    this.asked = -1;
    this.ways = waysOf(data.links);
    this.pictures = new Map(data.pictures.map((each) => [each.sample, unpacked(each)]));
    this.drawn = this.pictures.get(0) ?? [];
    this.root.dataset.state = data.state;
    this.root.classList.toggle("changed", this.changed);
    this.name();
    this.sizes = null;
    this.follow(true);
  }
  /**
   * Take the pictures of a sample that was not sent with the run.
   * @param {Pictures} pictures
   */
  add(pictures) {
    this.pictures.set(pictures.sample, unpacked(pictures));
    this.paint();
  }
  /**
   * There are no pictures of a sample: those of another one would be taken for its own.
   * @param {number} sample
   */
  lack(sample) {
    this.pictures.set(sample, []);
    this.paint();
  }
  /** The page has become wider or narrower. */
  fit() {
    if (this.data && this.root.clientWidth !== this.width) this.follow(true);
  }
  get chosen() {
    return this.data ? placeOf5(this.data.boxes, this.store.node) : -1;
  }
  /**
   * Show what is chosen, and how far the engine is while somebody steps.
   * @param {boolean} reveal
   */
  follow(reveal) {
    const { data, root } = this;
    this.width = root.clientWidth;
    if (!data || !this.width) return;
    const count2 = data.boxes.length;
    this.sizes = sizesFor(count2, this.width, inRoom());
    const { shown } = this.sizes;
    const { chosen: chosen3 } = this;
    const around2 = chosen3 < this.first || chosen3 >= this.first + shown;
    if (chosen3 >= 0 && (around2 || reveal)) this.first = firstAround(count2, shown, chosen3);
    this.first = Math.min(this.first, count2 - shown);
    this.draw(reveal);
  }
  /**
   * Draw the boxes from the first on, and all that belongs to them.
   * @param {boolean} reveal
   */
  draw(reveal) {
    const { data, sizes, store } = this;
    if (!data || !sizes) return;
    const built = this.build();
    this.boxes.forEach(({ button: button2 }, at) => {
      const { ranges } = data.boxes[this.first + at];
      const state = stateAt(ranges, store.view.step);
      showState(button2, state, this.words);
      button2.classList.toggle("current", state === "current");
    });
    this.light(reveal || built);
    this.drawProfile();
    this.write();
  }
  /** Say what becomes of the gradient, or what the changes by hand reach. */
  write() {
    const { data } = this;
    if (!data) return;
    const pieces2 = this.changed ? tellReach(data, this.chosen, this.lossMoved, this.words) : data.verdict;
    this.verdict.replaceChildren();
    for (const { text: text2, strong } of pieces2) {
      if (strong) element(this.verdict, "b", "", text2);
      else this.verdict.append(text2);
    }
  }
  /** By how much the loss differs, in few digits; empty where it is no single number. */
  get lossMoved() {
    const { theme } = this;
    const moved5 = this.drawn.at(-1)?.value;
    if (!theme || moved5?.cells.length !== 1) return "";
    return amount(moved5.largest, theme.digits, theme, true);
  }
  /** Make the boxes, unless they are those of before; return whether they were made. */
  build() {
    const { data, first, sizes } = this;
    if (!data || !sizes) return false;
    const key = JSON.stringify([first, sizes]);
    if (key === this.built) return false;
    const at = this.boxes.findIndex(({ button: button2 }) => button2 === focused(this.root));
    const node = at < 0 ? "" : this.boxes[at].button.dataset.node;
    this.built = key;
    this.measure(sizes);
    for (const { button: button2 } of this.boxes) button2.remove();
    this.boxes = data.boxes.slice(first, first + sizes.shown).map((box, place) => {
      const made = makeBox(this.row, box, sizes, this.words, () => this.choose(first + place));
      made.button.style.left = `${middle3(sizes, place) - sizes.box / 2}px`;
      made.button.addEventListener("focus", () => this.rove(place));
      return made;
    });
    this.paint();
    this.drawLines();
    this.rove(Math.max(this.chosen - first, 0));
    if (at >= 0) this.refocus(node ?? "");
    return true;
  }
  /** @param {Sizes} sizes */
  measure(sizes) {
    const { style: style2, dataset, classList } = this.root;
    dataset.kind = sizes.kind;
    classList.toggle("windowed", sizes.windowed);
    classList.toggle("narrow", !sizes.gutter);
    classList.toggle("staggered", sizes.staggered);
    style2.setProperty("--box", `${sizes.box}px`);
    style2.setProperty("--gutter", `${sizes.gutter}px`);
    style2.setProperty("--gradient-side", `${sizes.gradient}px`);
    style2.setProperty("--below", `${roomBelow(this.ways)}px`);
    style2.setProperty("--inside", `${sizes.gutter + sizes.shown * sizes.column}px`);
  }
  /** Fill the boxes with the pictures of the chosen sample, or ask for them. */
  paint() {
    const { data, theme, sizes, words } = this;
    if (!data || !theme || !sizes) return;
    const wanted = this.store.view.sample < data.samples ? this.store.view.sample : 0;
    const found = this.pictures.get(wanted);
    if (found) this.drawn = found;
    else if (this.asked !== wanted) this.options.onMissing?.(wanted);
    this.asked = found ? -1 : wanted;
    this.root.classList.toggle("stale", !found);
    const paints = paintsFor(theme, getComputedStyle(this.root).color);
    const how = { paints, sizes, theme, words, changed: this.changed };
    this.boxes.forEach((made, at) => {
      const box = data.boxes[this.first + at];
      fillBox(made, box, this.drawn[this.first + at] ?? null, how);
      made.button.title = this.tell(this.first + at);
    });
  }
  /**
   * Everything about a box in one line.
   * @param {number} at
   */
  tell(at) {
    const { data, theme } = this;
    if (!data || !theme) return "";
    const { changed: changed2, drawn, words } = this;
    const numbers2 = { peak: data.peaks[at], ratio: data.ratios[at], pictures: drawn[at], changed: changed2 };
    return tellBox(data.boxes[at], numbers2, theme, words);
  }
  drawLines() {
    const { data, sizes } = this;
    const lanes2 = this.boxes[0]?.lanes;
    if (!data || !sizes || !lanes2) return;
    const [value, gradient2] = [lanes2.value.part, lanes2.gradient.part].map(
      (part2) => part2.offsetTop + part2.offsetHeight / 2
    );
    const top2 = this.boxes[0].button.offsetTop;
    const bottom = top2 + this.boxes[0].button.offsetHeight;
    const heights = { value: top2 + value, gradient: top2 + gradient2, bottom };
    drawLines2(this.lines, data.boxes, this.ways, sizes, this.first, heights);
  }
  drawProfile() {
    const { data, sizes, theme } = this;
    if (!data || !sizes || !theme) return;
    const { gutter, windowed, shown } = sizes;
    const count2 = data.boxes.length;
    const width = windowed ? this.width : gutter + count2 * sizes.column;
    const column = windowed ? (width - gutter) / count2 : sizes.column;
    const { step: step2 } = this.store.view;
    this.profile.draw(data, theme, {
      ...{ width, gutter, column },
      middle: (at) => middle3({ gutter, column }, at),
      chosen: this.chosen,
      ahead: data.boxes.map(({ ranges }) => stateAt(ranges, step2) === "ahead"),
      window: windowed ? { first: this.first, last: this.first + shown - 1 } : null,
      tell: (at) => this.tell(at)
    });
    const height = this.profile.root.offsetHeight;
    this.root.parentElement?.style.setProperty("--sentence-bottom", `${height}px`);
    this.drawFan();
  }
  /** Join the boxes to their place on the profile. */
  drawFan() {
    const { fan, sizes, width } = this;
    fan.replaceChildren();
    if (!sizes?.windowed || !width) return;
    const { x, width: range } = this.profile.shown;
    const height = fan.clientHeight;
    const right = Math.min(sizes.gutter + sizes.shown * sizes.column, width);
    const d = `M${sizes.gutter} 0H${right}L${x + range} ${height}H${x}Z`;
    shape(fan, "path", { d });
  }
  /**
   * What moves at a step onward: nothing within a box that was reached before.
   * @param {number} step
   * @returns {{runs: Run[], filled: Element[], shown: Element[]}}
   */
  moving(step2) {
    const boxes = this.data?.boxes ?? [];
    const at = placeOf5(boxes, `n${step2}`);
    const made = this.boxes[at - this.first];
    if (!made || stateAt(boxes[at].ranges, step2 - 1) !== "ahead")
      return { runs: [], filled: [], shown: [] };
    const ways = this.lines.querySelectorAll(`path[data-to="${boxes[at].node}"]`);
    const { canvas, number: number2 } = made.lanes.gradient;
    return {
      runs: [...ways].map((path) => ({ path, backward: false, radius: 4 })),
      filled: [canvas],
      shown: [number2, ...this.profile.partsOf(at)]
    };
  }
  /**
   * Show the boxes around one of them.
   * @param {number} at
   */
  moveTo(at) {
    const { data, sizes } = this;
    if (!data || !sizes) return;
    const first = firstAround(data.boxes.length, sizes.shown, at);
    if (first === this.first) return;
    this.first = first;
    this.draw(false);
  }
  /**
   * Give the focus back to the box of a node; where that is gone, to the chosen one.
   * @param {string} node
   */
  refocus(node) {
    const same2 = this.boxes.findIndex(({ button: button2 }) => button2.dataset.node === node);
    const place = same2 < 0 ? Math.max(this.chosen - this.first, 0) : same2;
    this.boxes[Math.min(place, this.boxes.length - 1)].button.focus({ preventScroll: true });
  }
  /**
   * Move the single tab stop.
   * @param {number} place
   */
  rove(place) {
    const at = Math.min(place, this.boxes.length - 1);
    this.boxes.forEach(({ button: button2 }, each) => button2.tabIndex = each === at ? 0 : -1);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event) || !this.data) return;
    const last = this.data.boxes.length - 1;
    const at = this.first + this.boxes.findIndex(({ button: button2 }) => button2 === event.target);
    const places2 = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places2)) return;
    event.preventDefault();
    const wanted = Math.min(Math.max(places2[event.key], 0), last);
    if (!this.boxes[wanted - this.first]) this.moveTo(wanted);
    this.boxes[wanted - this.first].button.focus();
  }
  /**
   * What was chosen here is in sight already.
   * @param {number} at
   */
  choose(at) {
    const node = this.data?.boxes[at].node;
    if (!node) return;
    this.choosing = true;
    this.store.choose(node);
    this.choosing = false;
  }
  /**
   * A place on the profile was pressed.
   * @param {number} at
   */
  chooseAt(at) {
    this.moveTo(at);
    this.choose(at);
  }
  /** @param {boolean} reveal */
  light(reveal) {
    const { sizes, band } = this;
    const chosen3 = this.chosen - this.first;
    this.boxes.forEach(({ button: button2 }, place) => {
      button2.classList.toggle("selected", place === chosen3);
      button2.ariaPressed = String(place === chosen3);
    });
    const made = this.boxes[chosen3];
    band.hidden = !made;
    if (!made || !sizes) return;
    band.style.left = made.button.style.left;
    if (!this.row.contains(focused(this.root))) this.rove(chosen3);
    if (reveal) this.reveal(made.button);
  }
  /**
   * Scroll the boxes, never the page, until one is in view.
   * @param {HTMLElement} button
   */
  reveal(button2) {
    const frame2 = this.sizes?.windowed ? this.row : this.scroller;
    const left2 = button2.offsetLeft;
    const { scrollLeft, clientWidth } = frame2;
    const hidden = left2 < scrollLeft || left2 + button2.offsetWidth > scrollLeft + clientWidth;
    if (hidden) frame2.scrollLeft = left2 - (clientWidth - button2.offsetWidth) / 2;
  }
};

// viz/front/tour/tour.js
var STOPS = (
  /** @type {const} */
  ["flow", "cell", "sum", "proof"]
);
var TOUCHED = "(hover: none), (max-width: 640px)";
var MOVES3 = ["scroll", "resize", "backlight:painted"];
var Tour = class {
  /**
   * @param {HTMLElement} root of what is shown
   * @param {Record<Stop, string>} places selectors within it
   * @param {Partial<Record<Stop, string>>} besides what stays in sight with them
   * @param {Words} words
   * @param {HTMLElement} bar where it is offered
   * @param {(stop: Stop) => void} prepare called before a stop, to bring what it speaks of
   */
  constructor(root, places2, besides, words, bar, prepare) {
    this.root = root;
    this.places = places2;
    this.besides = besides;
    this.prepare = prepare;
    this.words = words;
    this.at = -1;
    this.opener = button(bar, words.start, "tour-start", () => this.go(0));
    this.opener.title = words.start_help;
    this.card = element(root, "div", "tour", "", { role: "dialog", ariaLabel: words.name });
    this.card.popover = "manual";
    this.card.addEventListener("keydown", (event) => this.key(event));
    const head3 = element(this.card, "h4");
    this.title = element(head3, "span");
    this.place = element(head3, "span", "place");
    this.says = element(this.card, "p", "", "", { ariaLive: "polite" });
    const acts = element(this.card, "div", "acts");
    this.back = button(acts, words.back, "act back", () => this.go(this.at - 1));
    this.next = button(acts, words.next, "act primary next", () => this.go(this.at + 1));
    this.skip = button(acts, words.skip, "act skip", () => this.end());
    this.follow = this.follow.bind(this);
  }
  /** What is spoken of now; null where it is not on screen. */
  get target() {
    const place = this.places[STOPS[this.at]];
    return place ? (
      /** @type {HTMLElement | null} */
      this.root.querySelector(place)
    ) : null;
  }
  /** What is said of it: on a touch screen in other words, where others hold there. */
  get sentence() {
    const key = `says_${STOPS[this.at]}`;
    const touched = window.matchMedia(TOUCHED).matches && this.words[`${key}_touched`];
    return touched || this.words[key];
  }
  /** Top, left and bottom of what the card covers nothing of. */
  get kept() {
    const besides = this.besides[STOPS[this.at]];
    const others = besides ? this.root.querySelectorAll(besides) : [];
    const boxes = [this.target ?? this.root, ...others].map((each) => each.getBoundingClientRect());
    return {
      left: boxes[0].left,
      top: Math.min(...boxes.map(({ top: top2 }) => top2)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom))
    };
  }
  /** @param {number} at the stop to go to; past the last one the tour ends */
  go(at) {
    if (at >= STOPS.length) return this.end();
    if (at < 0) return;
    this.leave();
    this.at = at;
    this.prepare(STOPS[at]);
    const { words } = this;
    this.title.textContent = words[STOPS[at]];
    this.says.textContent = this.sentence;
    this.place.textContent = fill(words.place, { place: at + 1, count: STOPS.length });
    idle(this.back, at === 0);
    this.skip.hidden = at === STOPS.length - 1;
    this.next.textContent = this.skip.hidden ? words.done : words.next;
    this.card.showPopover();
    for (const move2 of MOVES3) window.addEventListener(move2, this.follow, true);
    this.root.addEventListener("scroll", this.follow, true);
    this.follow();
    this.target?.scrollIntoView({ block: "nearest" });
    this.next.focus({ preventScroll: true });
  }
  /** Outline what is spoken of, which may have been drawn anew, and stand beside it. */
  follow() {
    this.target?.classList.add("toured");
    const { left: left2, top: top2 } = placed(this.kept, this.card.getBoundingClientRect(), {
      width: document.documentElement.clientWidth,
      height: document.documentElement.clientHeight
    });
    Object.assign(this.card.style, { left: `${left2}px`, top: `${top2}px` });
  }
  leave() {
    for (const toured of this.root.querySelectorAll(".toured")) toured.classList.remove("toured");
    for (const move2 of MOVES3) window.removeEventListener(move2, this.follow, true);
    this.root.removeEventListener("scroll", this.follow, true);
  }
  /** Go, and give the focus back. */
  end() {
    this.leave();
    this.at = -1;
    this.card.hidePopover();
    this.opener.focus({ preventScroll: true });
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    if (event.key === "Escape") this.end();
    else if (event.key === "ArrowRight" || event.key === "PageDown") this.go(this.at + 1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") this.go(this.at - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
};

// viz/front/workbench/channels.js
var MOST5 = 64;
var Channels = class {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Words} words
   */
  constructor(root, store, words) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.drawn = "";
  }
  /**
   * Draw the channels, unless they stand there already.
   * @param {Page} page
   * @param {{drawing: Drawing, sample: number, channel: number | null}} chosen
   */
  show(page2, { drawing, sample, channel }) {
    const map = page2.rows[0]?.find((each) => each.channels === page2.channels && each.values);
    this.root.hidden = !map || page2.by_row || page2.channels < 2;
    if (!map || this.root.hidden) return;
    this.root.replaceChildren();
    const first = page2.first_channels[sample] ?? null;
    const words = page2.largest_first && channel === first ? "largest_channel" : "chosen_channel";
    if (channel !== null) {
      const said2 = fill(this.words[words], { index: channel, count: page2.channels });
      element(this.root, "span", "said", said2);
    }
    for (let at = 0; at < Math.min(page2.channels, MOST5); at += 1) {
      this.build(map, at, { sample, chosen: at === channel, theme: drawing.theme });
    }
    const every = fill(this.words.all_channels, { count: page2.channels });
    const all = button(this.root, every, "every", () => this.store.change({ channel: "all" }));
    all.ariaPressed = String(channel === null);
  }
  /**
   * @param {MapPage} map
   * @param {number} channel
   * @param {{sample: number, chosen: boolean, theme: Theme}} how
   */
  build(map, channel, { sample, chosen: chosen3, theme }) {
    const made = button(this.root, "", "channel", () => this.store.change({ channel }));
    made.ariaPressed = String(chosen3);
    made.ariaLabel = fill(this.words.channel, { index: channel });
    made.title = made.ariaLabel;
    const { values, one, strides } = map;
    if (!values || !one) return;
    const [perSample, perChannel] = strides;
    const start = sample * perSample + channel * perChannel;
    paint3(element(made, "canvas"), values.subarray(start, start + one.count), one, theme);
  }
};
function paint3(canvas, cells, { rows, columns }, theme) {
  [canvas.width, canvas.height] = [columns, rows];
  const dark = isDark(getComputedStyle(canvas.closest(".maps") ?? document.body).backgroundColor);
  const table = dark ? theme.dark : theme.light;
  const scale2 = largestOf(cells);
  const picture = new ImageData(columns, rows);
  for (let k = 0; k < cells.length; k += 1) {
    const place = Number.isFinite(cells[k]) ? placeOn(cells[k], scale2, "own") : 0;
    const at = 4 * (theme.half + Math.round(theme.half * place));
    picture.data.set([table[at], table[at + 1], table[at + 2], 255], 4 * k);
  }
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
}

// viz/front/workbench/compared.js
var CHANGED2 = "what_changed";
var Compared = class {
  /**
   * @param {Store} store
   * @param {Words} words
   */
  constructor(store, words) {
    this.store = store;
    this.root = element(document.createElement("div"), "div", "segments", "", { hidden: true });
    this.root.ariaLabel = words.pick_compare;
    segments(
      this.root,
      "compare",
      (value) => store.change({ compare: value === CHANGED2 }),
      ["as_it_is", CHANGED2].map((each) => {
        return [each, words[each], `${words[each]}: ${words[`${each}_help`]}`];
      })
    );
  }
  /** @param {boolean} offered whether something is changed by hand */
  show(offered) {
    this.root.hidden = !offered;
    for (const input of this.root.querySelectorAll("input")) {
      input.checked = input.value === CHANGED2 === this.store.view.compare;
    }
  }
};

// viz/front/workbench/formula.js
var MATHML = "http://www.w3.org/1998/Math/MathML";
var PLAIN2 = /^(display|displaystyle|scriptlevel|mathvariant|stretchy|fence|separator|form|accent|width|lspace|rspace|minsize|maxsize|movablelimits|linethickness|columnalign|rowspacing|columnspacing)$/;
function readFormula(text2) {
  const read3 = new DOMParser().parseFromString(text2, "application/xml").documentElement;
  if (read3.namespaceURI !== MATHML || read3.localName !== "math") return null;
  for (const part2 of [read3, ...read3.querySelectorAll("*")]) {
    if (part2.namespaceURI !== MATHML || /^(annotation|annotation-xml|maction|semantics)$/.test(part2.localName)) {
      return null;
    }
    for (const { name: name2 } of [...part2.attributes]) {
      if (name2 !== "xmlns" && !PLAIN2.test(name2)) part2.removeAttribute(name2);
    }
  }
  return document.importNode(read3, true);
}

// viz/front/workbench/frame.js
function frame(root) {
  const flow = element(root, "div", "flow");
  const concealed = element(root, "section", "concealed");
  const columns = element(root, "div", "columns");
  const graphCard = element(columns, "section", "card-frame graph-card");
  const graphHead = element(graphCard, "header");
  const hand = element(columns, "section", "card-frame hand-card");
  const inspector = element(columns, "section", "card-frame inspector-card");
  const head3 = element(inspector, "header");
  const title = element(head3, "h3", "head");
  const subtitle = element(head3, "p", "head subtitle");
  const pinning = element(head3, "div");
  const pickers = element(head3, "div", "controls");
  return {
    root,
    flow,
    concealed,
    graphCard,
    graphHead,
    graphTitle: element(graphHead, "h3", "head"),
    graphNames: element(graphCard, "div", "graph-names"),
    graph: element(graphCard, "div", "graph-host"),
    hand,
    inspector,
    title,
    subtitle,
    pinning,
    pickers,
    maps: element(inspector, "div", "maps"),
    absent: element(inspector, "p", "absent"),
    channels: element(inspector, "div", "channels", "", { hidden: true }),
    proof: element(inspector, "div"),
    finding: element(inspector, "p", "finding"),
    formula: element(inspector, "div", "formula"),
    tools: element(inspector, "div", "tools"),
    pins: element(root, "section", "card-frame pins")
  };
}

// viz/front/graph/menu.js
var FIELDS2 = (
  /** @type {const} */
  ["saved", "attributes", "tint"]
);
var GAP5 = 4;
var ShowMenu = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.root = element(parent, "div", "backlight-show");
    this.button = button(this.root, words.show, "open", () => {
    });
    this.button.ariaExpanded = "false";
    const said2 = { role: "group", ariaLabel: words.show };
    this.panel = element(this.root, "div", "panel", "", { popover: "auto", ...said2 });
    this.button.popoverTargetElement = this.panel;
    this.panel.addEventListener("beforetoggle", () => this.place());
    this.panel.addEventListener("toggle", ({ newState }) => this.toggled(newState === "open"));
    this.switches = FIELDS2.map((field) => this.makeSwitch(field, words));
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
    const label2 = element(this.panel, "label");
    const input = element(label2, "input", "", "", { type: "checkbox", role: "switch" });
    input.setAttribute("aria-describedby", `backlight-show-${field}`);
    input.addEventListener("change", () => this.store.change({ [field]: input.checked }));
    label2.append(words[field]);
    element(this.panel, "p", "help", words[`${field}_help`]).id = `backlight-show-${field}`;
    return input;
  }
  follow() {
    FIELDS2.forEach((field, at) => this.switches[at].checked = this.store.view[field]);
  }
  /** Put the panel below the button, where that is now. */
  place() {
    const { left: left2, bottom } = this.button.getBoundingClientRect();
    this.panel.style.setProperty("--left", `${left2}px`);
    this.panel.style.setProperty("--top", `${bottom + GAP5}px`);
  }
  /** @param {boolean} open */
  toggled(open2) {
    this.button.ariaExpanded = String(open2);
    this.opened.abort();
    if (!open2) return this.takeFocus();
    this.opened = new AbortController();
    const { signal } = this.opened;
    window.addEventListener("scroll", () => this.place(), { capture: true, signal });
  }
  /** Take the focus back, unless the press that closed the panel gave it to another part. */
  takeFocus() {
    const root = this.root.getRootNode();
    const within3 = root instanceof ShadowRoot ? root.host : this.root;
    const held = focused(this.root) ?? document.activeElement;
    const lost = !held || held.contains(within3) || this.panel.contains(held);
    if (lost) this.button.focus({ preventScroll: true });
  }
};

// viz/front/graph/names.js
var NAMES2 = (
  /** @type {const} */
  ["plain", "pytorch"]
);
var Names = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   */
  constructor(parent, store, words) {
    this.store = store;
    this.root = element(parent, "div", "segments names", "", { ariaLabel: words.names });
    segments(
      this.root,
      "names",
      (name2) => store.change({ collapsed: name2 === "plain" }),
      NAMES2.map((name2) => [name2, words[name2], `${words[name2]}: ${words[`${name2}_help`]}`])
    );
    this.unsubscribe = store.subscribe(() => this.follow());
    this.follow();
  }
  remove() {
    this.unsubscribe();
    this.root.remove();
  }
  follow() {
    const chosen3 = NAMES2[this.store.view.collapsed ? 0 : 1];
    for (const input of this.root.querySelectorAll("input")) input.checked = input.value === chosen3;
  }
};

// viz/front/workbench/head.js
var Head = class {
  /** @param {Workbench} workbench */
  constructor(workbench) {
    this.workbench = workbench;
    this.hand = element(workbench.parts.tools, "div", "hand");
    this.words = workbench.words.workbench;
    this.labelled = false;
  }
  /** Name everything, once it is known what can be done. */
  label() {
    if (this.labelled) return;
    this.labelled = true;
    const { words } = this;
    const { parts, store, run } = this.workbench;
    parts.graphTitle.textContent = words.graph;
    parts.graphTitle.title = words.graph_help;
    this.folds();
    if (!run?.fixed) {
      this.menu = new ShowMenu(parts.graphHead, store, words);
      this.names = new Names(parts.graphNames, store, words);
    }
    if (run?.layers) {
      const change = button(parts.graphHead, words.change, "change", () => this.change("input"));
      change.title = words.change_help;
    }
    this.pictures();
  }
  /** On a phone the graph is folded until it is asked for. */
  folds() {
    const { graphHead, graphCard } = this.workbench.parts;
    const fold = button(graphHead, this.words.graph, "fold", () => {
      fold.ariaExpanded = String(graphCard.classList.toggle("open"));
    });
    fold.ariaExpanded = "false";
  }
  /** A list of the pictures that the browser can save. */
  pictures() {
    const { words, workbench } = this;
    const files = [
      ["maps", words.maps_png],
      ["svg", words.graph_svg],
      ["png", words.graph_png]
    ];
    actionList(
      workbench.parts.tools,
      "pictures",
      words.pictures,
      files,
      (what) => workbench.save(
        /** @type {Saved} */
        what
      )
    );
  }
  /** @param {NodePage} node */
  show(node) {
    const { parts, run, store } = this.workbench;
    parts.title.replaceChildren();
    element(parts.title, "bdi", "", node.title, { dir: "ltr" });
    parts.title.title = node.title;
    parts.subtitle.textContent = node.subtitle;
    parts.subtitle.title = node.subtitle;
    this.hand.replaceChildren();
    if (!run?.layers) return;
    for (const tensor of node.hand[store.view.show]) {
      const words = fill(this.words.by_hand, { tensor });
      button(this.hand, words, "", () => this.change(tensor));
    }
  }
  /**
   * Open the card in which the cells of a tensor are changed by hand.
   * @param {string} tensor
   */
  change(tensor) {
    this.workbench.store.change({ hand: tensor, plane: "" });
  }
};

// viz/front/workbench/workbench.js
var TOURED = {
  flow: ".backlight-strip",
  cell: ".inspector-card .maps > .row",
  sum: ".inspector-card .sum",
  proof: ".inspector-card .proof"
};
var BESIDE_TOURED = { sum: ".inspector-card .maps > .row:first-child" };
var SUMS_AFTER = 60;
var MOST_NODES = 24;
var MOST_PIECES2 = 8;
var COMPARED = ["scene", "nodes", "cells", "thumbnails"];
var SEPARATOR = "_";
var GRAPH_LOOKS = (
  /** @type {const} */
  ["saved", "attributes", "tint", "collapsed"]
);
var INSPECTED = (
  /** @type {const} */
  [
    "node",
    "step",
    "part",
    "sample",
    "channel",
    "show",
    "scale"
  ]
);
var MAP = { least: 200, most: 340, cell: 136, besides: 508 };
var MAP_IN_ROOM = { least: 120, most: 420, cell: 160, besides: 111 };
var Workbench = class {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Answerer} answerer
   * @param {FrontWords} words
   * @param {object} [told]
   * @param {(cell: Pinned) => void} [told.onPinned] a cell was pinned, or is no more
   * @param {boolean} [told.hides] whether maps can be hidden, and filled in
   * @param {boolean} [told.keys] whether keys step wherever on the page they are pressed
   */
  constructor(root, store, answerer, words, { onPinned, hides = false, keys } = {}) {
    this.store = store;
    this.answerer = answerer;
    this.words = words;
    this.parts = frame(root);
    this.root = root;
    const onMissing = (step2) => this.moreSteps(step2);
    this.steps = new StepsView(this.parts.flow, store, words.steps, { onMissing, keys });
    this.compared = new Compared(store, words.strip);
    this.strip = new StripView(this.parts.flow, store, words.strip, {
      onMissing: (sample) => this.morePictures(sample),
      tools: this.compared.root
    });
    this.graph = new GraphView(this.parts.graph, store, words.graph);
    this.scales = new Scales(store, words.maps);
    const check = hides ? this.check.bind(this) : null;
    this.hiding = new Hiding(this.parts.concealed, store, words, check);
    this.maps = new Maps(this.parts.maps, words, {
      onCell: (cell) => this.askCell(cell),
      onPinned,
      eager: true,
      roomOf: () => this.roomOf(),
      tools: this.scales.root,
      onCard: (view) => this.hiding.card(view)
    });
    this.pickers = new Pickers(this.parts.pickers, store, words.workbench);
    this.channels = new Channels(this.parts.channels, store, words.workbench);
    this.proof = new ProofView(this.parts.proof);
    this.tray = new Tray(this.parts.pins, store, words, {
      node: (id) => this.scene?.nodes[id] ?? this.fetchNode(id),
      cells: (of) => this.asked("cells", of)
    });
    this.pinning = new PinButton(this.parts.pinning, store, words.workbench, this.tray);
    this.head = new Head(this);
    this.tour = new Tour(root, TOURED, BESIDE_TOURED, words.tour, this.steps.bar.root, (stop) => {
      if (stop !== "flow") this.lookAtBoth();
    });
    this.run = /** @type {Run | null} */
    null;
    this.first = /** @type {string | null} */
    null;
    this.scene = /** @type {Scene | null} */
    null;
    this.drawing = /** @type {Drawing | null} */
    null;
    this.drawn = /** @type {{key: string, packet: Packet} | null} */
    null;
    this.pieces = /* @__PURE__ */ new Map();
    this.sumsTimer = 0;
    this.motion = new Motion();
    this.over = new AbortController();
    document.addEventListener(CHANGED, () => this.resize(), { signal: this.over.signal });
    root.classList.toggle("in-room", inRoom());
    this.onScene = /** @type {((scene: Scene) => void) | null} */
    null;
    const ends2 = [
      store.subscribe((view, { before }) => this.changed(view, before)),
      store.edits.subscribe(() => this.offerComparison())
    ];
    this.unsubscribe = () => ends2.forEach((end) => end());
    this.parts.inspector.classList.add("unknown");
    root.dataset.state = "loading";
  }
  /** Go, and ask nothing more. */
  remove() {
    clearTimeout(this.sumsTimer);
    this.unsubscribe();
    this.over.abort();
    this.tour.leave();
    const { graph, maps, steps, strip, tray } = this;
    for (const view of [strip, steps, graph, maps, tray]) view.remove();
    this.root.replaceChildren();
  }
  /**
   * Show a run; what is on screen stays until its scene has come.
   * @param {Run} run
   */
  async show(run) {
    this.run = run;
    this.scene = null;
    clearTimeout(this.sumsTimer);
    this.placeGraph();
    this.root.dataset.state = "loading";
    this.first = this.store.wanted;
    const graph = this.askGraph();
    const scene = await this.asked("scene", { node: this.first });
    if (!scene) return;
    this.take(scene);
    await this.showGraph(graph);
  }
  /** The view for a room was entered or left: all is larger or smaller, the graph in layers or not. */
  resize() {
    this.root.classList.toggle("in-room", inRoom());
    if (!this.scene) return;
    this.strip.follow(true);
    this.maps.repaint();
    this.showGraph();
  }
  /** How large a map may be: in a room the sum stands below the maps, and covers none of them. */
  roomOf() {
    const room = inRoom();
    const { least, most, cell, besides } = room ? MAP_IN_ROOM : MAP;
    const all = room ? this.parts.inspector.clientHeight : window.innerHeight;
    const height = Math.min(most, Math.max(least, all - besides));
    return { height, cell, scroll: room ? height + 1 : void 0 };
  }
  /** Show boxes and maps with, or without, what changes by hand did to them. */
  async compare() {
    if (!this.edited) return;
    if (!this.scene) {
      if (this.run) await this.show(this.run);
    } else if (this.scene.whole) {
      const scene = await this.asked("scene", { node: this.first });
      if (scene) this.take(scene);
    } else {
      this.scene = { ...this.scene, nodes: {} };
      this.drawn = null;
      this.draw();
    }
  }
  /** Whether cells of the run were changed by hand. */
  get edited() {
    return new URLSearchParams(this.run?.query).has("edits");
  }
  /** Offer to see what changes by hand do, from the first one on. */
  offerComparison() {
    const { edited, run, store } = this;
    this.compared.show(!run?.fixed && (edited || store.edits.count > 0));
  }
  /** Have the other maps before somebody flips the switch. */
  async prepareComparison() {
    const { answerer, first, run, scene, store } = this;
    if (!run || !scene || run.fixed || !this.edited) return;
    const [name2, of] = scene.whole ? ["scene", { node: first }] : ["nodes", { nodes: store.node }];
    const changes = store.view.compare ? null : 1;
    await answerer.answer(run.query, name2, { ...of, changes }, { prefetch: true }).catch(() => {
    });
  }
  /**
   * Whether what changes by hand did is asked for too, as the question ``name`` says it.
   * @param {string} name
   */
  changes(name2) {
    return this.edited && this.store.view.compare && COMPARED.includes(name2) ? 1 : null;
  }
  /**
   * Ask about the run that is shown; null where there is no answer, which is said, or where the
   * answer comes too late.
   * @param {string} name
   * @param {import("./ask.js").Parameters} parameters
   * @param {{prefetch?: boolean, quiet?: boolean}} [how] `quiet`: a refusal is not said
   */
  async asked(name2, parameters, how = {}) {
    const { run } = this;
    if (!run) return null;
    const changes = this.changes(name2);
    try {
      const answer = await this.answerer.answer(run.query, name2, { ...parameters, changes }, how);
      return this.run === run && changes === this.changes(name2) ? answer : null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const said2 = !how.prefetch && !how.quiet;
      if (error.message && this.run === run && said2) this.refuse(error.message);
      return null;
    }
  }
  /**
   * Say why there is no answer; of a node that never came nothing else is there to be seen.
   * @param {string} sentence
   */
  refuse(sentence) {
    this.root.dataset.state = "refused";
    this.parts.inspector.classList.toggle("unknown", !this.node);
    if (!this.node) this.parts.title.textContent = this.store.node;
    this.parts.absent.hidden = false;
    this.parts.absent.textContent = sentence;
  }
  /** @param {Scene} scene */
  take(scene) {
    const lost = this.store.know(scene.first, { boxes: scene.strip.boxes, count: scene.count });
    this.scene = scene;
    this.drawing = new Drawing2(this.words.maps, scene.theme);
    this.drawn = null;
    this.pieces.clear();
    this.placeGraph();
    setColours(this.root, scene.theme);
    this.head.label();
    this.offerComparison();
    this.hiding.show(scene.hidden, scene.theme, this.run?.query ?? "");
    this.strip.show(scene.strip, scene.theme);
    this.steps.show(scene.steps);
    this.draw();
    this.tray.take(scene, this.drawing, lost);
    this.onScene?.(scene);
  }
  /**
   * @param {View} view
   * @param {View} before
   */
  changed(view, before) {
    if (!this.run) return;
    if (view.hidden !== before.hidden) {
      this.show({ ...this.run });
      return;
    }
    const compared2 = this.edited && view.compare !== before.compare;
    if (view.compare !== before.compare) this.offerComparison();
    if (compared2) this.compare();
    if (!this.scene) return;
    this.placeGraph();
    this.move(view.step, before.step);
    this.followPins(view, before);
    if (!compared2 && INSPECTED.some((name2) => view[name2] !== before[name2])) this.draw();
    if (GRAPH_LOOKS.some((name2) => view[name2] !== before[name2])) this.showGraph();
  }
  /**
   * @param {View} view
   * @param {View} before
   */
  followPins(view, before) {
    this.pinning.show();
    if (view.pins !== before.pins) this.tray.follow();
    else if (view.scale !== before.scale) this.tray.draw();
  }
  /**
   * A step onward moves along its arrows; any other choice stands at once.
   * @param {number | null} step
   * @param {number | null} before
   */
  move(step2, before) {
    if (step2 === before) return;
    if (step2 === null || step2 - 1 !== (before ?? -1)) {
      this.motion.stop();
      return;
    }
    const { strip, graph, motion } = this;
    const { runs, filled, shown } = strip.moving(step2);
    motion.begin([...runs, ...graph.moving()], filled, shown);
  }
  /** While cells are changed by hand, the card for that has the graph's place. */
  placeGraph() {
    this.root.classList.toggle("by-hand", Boolean(this.store.view.hand));
  }
  /** The page of the chosen node, as far as it has been sent. */
  get node() {
    return (
      /** @type {NodePage | undefined} */
      this.scene?.nodes[this.store.node]
    );
  }
  /** Look at what arrives and what is handed on: where one is missing, at the first node. */
  lookAtBoth() {
    const { node, store } = this;
    if (!node) return;
    const { arrow, rows } = this.chosen(node).page;
    if (arrow === "backward" && rows[0]?.every(({ shape: shape2 }) => shape2)) return;
    store.change({ show: "gradient" });
    store.choose(store.first);
  }
  /**
   * Which of its pages is chosen.
   * @param {NodePage} node
   */
  chosen(node) {
    const { show: show2 } = this.store.view;
    const name2 = show2 === "gradient" ? `gradient ${this.part(node)}` : show2;
    return { name: name2, page: node.pages[name2] };
  }
  /**
   * The downstream gradient that is shown of a node: the picked one, where it has that.
   * @param {NodePage} node
   */
  part(node) {
    const { part: part2 } = this.store.view;
    return part2 !== null && node.pages[`gradient ${part2}`] ? part2 : node.first_part;
  }
  /** Draw the maps of the choice, at once where they have been sent. */
  draw() {
    clearTimeout(this.sumsTimer);
    const { node } = this;
    if (!node) {
      this.await(this.store.node);
      return;
    }
    const { name: name2, page: page2 } = this.chosen(node);
    const { sample, channel } = this.picked(page2);
    this.root.dataset.state = "shown";
    this.parts.inspector.classList.remove("unknown");
    this.head.show(node);
    this.pickers.show(node, page2, { part: this.part(node), channel });
    this.scales.show();
    this.pinning.show();
    this.parts.finding.textContent = this.found(node);
    const key = `${node.id} ${name2} ${sample} ${channel}`;
    this.paint(page2, key, this.drawn?.key === key ? this.drawn.packet : null);
    const formula = this.store.view.show === "gradient" ? readFormula(node.formula) : null;
    this.parts.formula.replaceChildren(...formula ? [formula] : []);
    this.proof.wait(this.store.view.show === "gradient");
    document.dispatchEvent(new CustomEvent("backlight:painted", { detail: { node: node.id } }));
    this.sumsTimer = window.setTimeout(() => this.explain(node, page2, key), SUMS_AFTER);
  }
  /**
   * @param {Page} page
   * @param {string} key
   * @param {Packet | null} before the same choice, as it was drawn last
   */
  paint(page2, key, before) {
    const { drawing, scene } = this;
    if (!drawing || !scene) return;
    const { rows, missing } = drawing.rows(
      page2,
      this.picked(page2),
      ({ key: map }) => this.pieces.get(`${key} ${map}`) ?? null,
      this.store.view.scale
    );
    const packet = {
      rows,
      links: before?.links ?? [],
      answer: before?.answer ?? null,
      between: page2.between,
      arrow: page2.arrow,
      scaling: this.store.view.scale,
      held: null,
      awaited: before ? before.awaited : page2.sums,
      theme: scene.theme
    };
    this.drawn = { key, packet };
    this.parts.maps.hidden = !rows.length;
    this.parts.absent.hidden = Boolean(rows.length);
    this.parts.absent.textContent = this.words.workbench.nothing;
    if (rows.length) this.maps.show(packet);
    this.channels.show(page2, { drawing, ...this.picked(page2) });
    for (const run of missing) this.fetchCells(run, key);
  }
  /**
   * Ask for a node that has not been sent; what is on screen stays until it has come.
   * @param {string} id
   * @param {{prefetch?: boolean}} [how]
   */
  async await(id, how = {}) {
    const { scene } = this;
    if (!scene || scene.whole || scene.nodes[id] || !this.exists(id)) return;
    if (!how.prefetch) this.root.dataset.state = "loading";
    const answer = await this.asked("nodes", { nodes: id }, how);
    if (!answer || this.scene !== scene) return;
    this.keep(answer.nodes);
    if (this.store.node !== id || how.prefetch) return;
    this.draw();
  }
  /**
   * A node of a run that is not sent whole, for somebody who does not look at it.
   * @param {string} id
   * @returns {Promise<NodePage | null>}
   */
  async fetchNode(id) {
    const { scene } = this;
    if (!scene || scene.whole || !this.exists(id)) return null;
    const answer = await this.asked("nodes", { nodes: id }, { quiet: true });
    return this.scene === scene ? answer?.nodes[id] ?? null : null;
  }
  /** @param {string} id */
  exists(id) {
    const number2 = Number(id.slice(1));
    return number2 >= 0 && number2 < (this.scene?.count ?? 0);
  }
  /**
   * Keep nodes of a run that was not sent whole, and forget those that came first.
   * @param {Record<string, NodePage>} nodes
   */
  keep(nodes) {
    if (!this.scene) return;
    this.scene.nodes = { ...this.scene.nodes, ...nodes };
    const ids = Object.keys(this.scene.nodes).filter((id) => id !== this.store.node);
    for (const id of ids.slice(0, Math.max(0, ids.length - MOST_NODES)))
      delete this.scene.nodes[id];
  }
  /**
   * Say what is behind the drawn cells: sums, then the proof; then what may be chosen next.
   * @param {NodePage} node
   * @param {Page} page
   * @param {string} key
   */
  async explain(node, page2, key) {
    if (page2.sums && !this.drawn?.packet.links.length) {
      const sums = await this.asked("sums", this.question(node));
      if (this.drawn?.key !== key) return;
      this.add({ links: sums?.links ?? [], awaited: false });
    }
    if (this.store.view.show === "gradient") await this.prove(node, key);
    if (this.drawn?.key !== key) return;
    this.root.dataset.state = "explained";
    for (const next of [node.order, node.order - 2]) {
      await this.await(`n${next}`, { prefetch: true });
    }
    await this.prepareComparison();
  }
  /**
   * @param {NodePage} node
   * @param {string} key
   */
  async prove(node, key) {
    const proof = await this.asked("proof", { node: node.id });
    if (this.drawn?.key !== key) return;
    if (proof) this.proof.show(proof, this.part(node));
    else this.proof.wait(false);
  }
  /**
   * The picked sample and channel, as a question names them: those that this page has.
   * @param {Page} page
   */
  picked(page2) {
    return picked(page2, this.store.view);
  }
  /**
   * What the network is there to show, where that is about this node.
   * @param {NodePage} node
   */
  found({ layer }) {
    const { finding } = this.scene ?? {};
    const said2 = finding?.layers.includes(layer) && this.store.view.show === "gradient";
    return finding && said2 ? finding.sentence : "";
  }
  /**
   * The choice, as a question names it.
   * @param {NodePage} node
   */
  question(node) {
    const { name: name2, page: page2 } = this.chosen(node);
    return { ...this.picked(page2), node: node.id, page: name2 };
  }
  /**
   * Add to what is drawn.
   * @param {Partial<Packet>} more
   */
  add(more) {
    if (!this.drawn) return;
    this.drawn.packet = { ...this.drawn.packet, ...more };
    this.maps.show(this.drawn.packet);
  }
  /**
   * Ask what is behind a cell that cannot be explained by what has been sent.
   * @param {import("../maps/types.d.ts").Pointed} cell
   */
  async askCell({ map, index, atRest: atRest2 }) {
    const { drawn, node } = this;
    if (!drawn || !node) return;
    if (index === null) {
      this.add({ answer: null });
      return;
    }
    const of = { ...this.question(node), map, index: index.join("x") };
    const answer = await this.asked("cell", of, { quiet: atRest2 });
    if (answer && this.drawn?.key === drawn.key) this.add({ answer: answer.answer });
  }
  /**
   * Ask how cells of a hidden map are to be graded.
   * @param {string} map
   * @param {string[]} typed
   * @returns {Promise<string[] | null>}
   */
  async check(map, typed2) {
    const { node } = this;
    if (!node) return null;
    const of = { ...this.question(node), map, typed: typed2.join(SEPARATOR) };
    const answer = await this.asked("check", of);
    return answer?.marks ?? null;
  }
  /**
   * A run of cells that came later than its node.
   * @param {import("./drawing.js").Run} run
   * @param {string} key of the choice that it is for
   */
  async fetchCells(run, key) {
    const { node, scene } = this;
    if (!node) return;
    const { key: map, start, count: count2 } = run;
    const of = { node: node.id, page: this.chosen(node).name };
    const cells = await this.asked("cells", { ...of, map, start, count: count2 });
    if (!cells || this.scene !== scene || this.drawn?.key !== key) return;
    this.pieces.set(`${key} ${map}`, cells.values);
    for (const first of [...this.pieces.keys()].slice(0, -MOST_PIECES2)) this.pieces.delete(first);
    this.draw();
  }
  /** Ask for the graph as it is wished; null where it is wished otherwise by then. */
  async askGraph() {
    const { view } = this.store;
    const room = inRoom();
    const wished = { ...view, collapsed: view.collapsed || room && !this.run?.fixed };
    const looks = GRAPH_LOOKS.map((name2) => (
      /** @type {const} */
      [name2, wished[name2] ? 1 : null]
    ));
    const data = await this.asked("graph", Object.fromEntries(looks));
    const stale = GRAPH_LOOKS.some((name2) => this.store.view[name2] !== view[name2]);
    return stale || room !== inRoom() ? null : data;
  }
  /** Show the graph as it is wished. */
  async showGraph(asked = this.askGraph()) {
    const { run } = this;
    const data = await asked;
    if (data && this.scene && this.run === run) this.graph.show(data);
  }
  /**
   * Ask for what the boxes of the strip show of a sample.
   * @param {number} sample
   */
  async morePictures(sample) {
    const { scene } = this;
    const pictures = await this.asked("thumbnails", { sample });
    if (!scene || this.scene !== scene) return;
    if (pictures) this.strip.add(pictures);
    else this.strip.lack(sample);
  }
  /**
   * Ask for the sentences around a step.
   * @param {number} step
   */
  async moreSteps(step2) {
    const { scene } = this;
    const data = await this.asked("steps", { step: step2 });
    if (data && scene && this.scene === scene) this.steps.show(data);
  }
  /**
   * Save a picture of what is on screen.
   * @param {Saved} what
   */
  save(what) {
    const file = this.run?.file ?? "backlight";
    const title = this.node?.title ?? "";
    if (what === "maps") this.maps.save(`${file}-${title.replace(/[^A-Za-z0-9._-]+/g, "_")}.png`);
    else this.graph.save(what, `${file}-graph.${what}`);
  }
};

// viz/front/workbench/mount.js
var Mounted2 = class {
  /**
   * @param {HTMLElement} root
   * @param {Data} data
   * @param {FrontWords} words
   */
  constructor(root, data, words) {
    this.root = root;
    this.words = words;
    this.data = data;
    this.taking = false;
    this.store = new Store(data.view, data.edits);
    this.status = new Status(root, words.status, () => this.show());
    this.ask = new Ask(base(data), data.language, (outcome) => this.status.say(outcome));
    this.ask.hidden = () => this.store.view.hidden;
    const bench = element(root, "div", "bench");
    this.workbench = new Workbench(bench, this.store, this.ask, words, { hides: true, keys: true });
    this.card = /** @type {HandCard | null} */
    null;
    this.editor = /** @type {Editor | null} */
    null;
    this.beside = /** @type {Beside | null} */
    null;
    this.looks = /** @type {string | null} */
    null;
    this.shown = data.query;
    this.workbench.onScene = ({ loss }) => this.card?.lost(loss);
    this.entries = new Entries(data, (view) => this.store.change(view));
    const settled = () => this.entries.settle();
    this.teller = new Teller(root, () => this.state(), settled);
    this.store.subscribe((view, { settled: settled2 }) => {
      if (this.status.outcome === "failed") this.status.clear();
      if (!this.taking) this.entries.write(view, settled2);
      this.teller.changed();
      if (view.hand) this.openCard();
      if (view.editing) this.openEditor();
      if (!this.taking && this.misplaced) this.show();
    });
    this.edited = this.store.edits.count;
    this.store.edits.subscribe(() => this.follow());
    this.teller.known();
    this.enter(data.linked, false);
    this.show();
  }
  /** Cells are changed: the first of them lets the boxes show what that does. */
  follow() {
    const { count: count2 } = this.store.edits;
    const first = count2 > 0 && !this.edited && !this.taking;
    this.edited = count2;
    if (first) this.store.change({ compare: true });
    this.teller.changed();
  }
  /** What the server must know. */
  state() {
    const { base: base2, begun, decided } = this.data;
    const { view, edits } = this.store;
    const run = this.editor?.history ? this.editor.run : null;
    return { base: base2, decided, run, view: said(view, begun), edits: edits.plain };
  }
  /** Whether the editor runs what the page has not heard of yet. */
  get ahead() {
    return Boolean(this.editor?.history) && this.editor?.run !== this.data.run;
  }
  /** Whether the page knows all that the browser has decided. */
  get agrees() {
    const { view, edits } = this.store;
    return !this.ahead && isSame(this.data.view, view) && isSame(this.data.edits, edits.plain);
  }
  /** The query of what is shown; changes by hand are written into it by the page. */
  get query() {
    return this.ahead && !this.store.edits.count ? this.editor?.run ?? "" : this.data.query;
  }
  get runs() {
    return this.editor ? this.editor.runs : this.data.runs;
  }
  /**
   * @param {Data} data
   * @param {Send} say
   */
  update(data, say2) {
    this.teller.send = (state) => say2("said", state);
    this.teller.answered(data.since);
    if (JSON.stringify(data) === JSON.stringify(this.data)) return;
    const before = this.data;
    this.data = data;
    const ran = this.runs;
    this.editor?.hear(data.run, data.runs, data.decided !== before.decided);
    const another = this.query !== this.shown;
    const elsewhere = data.answers !== before.answers;
    if (elsewhere) {
      this.status.clear();
      this.ask.move(base(data));
    }
    if (another) this.workbench.run = null;
    this.take(data, before, another);
    if (elsewhere || data.run !== before.run) this.card?.renew();
    if (another || elsewhere || this.runs !== ran || this.misplaced) this.show();
  }
  /**
   * Take over what the page has changed since both sides knew of it; all of it where only the
   * address is known.
   * @param {Data} data
   * @param {Data} before
   * @param {boolean} another whether another run is told
   */
  take(data, before, another) {
    const known = this.knownOf(data, before, another);
    const told2 = changedBy(data.view, known && known.view);
    this.taking = true;
    if (another) this.expect(told2, known ? before.decided : -1);
    this.store.change(told2);
    if (!known || !isSame(data.edits, known.edits)) this.store.edits.take(data.edits);
    if (another && !this.ahead) this.look();
    this.taking = false;
    this.enter(data.linked && !this.ahead, another);
    const late = data.base !== before.base || data.decided !== before.decided;
    if (this.agrees) this.teller.known();
    else if (late) this.teller.changed();
  }
  /**
   * What both sides knew before the page changed it; null where only the address is known. An entry
   * of the same run was found here before the page: what it says of that one is nothing new.
   * @param {Data} data
   * @param {Data} before
   * @param {boolean} another whether another run is told
   * @returns {State | null}
   */
  knownOf(data, before, another) {
    if (data.heard || !data.linked) return data.heard ?? before;
    return this.entries.found && !another ? data : null;
  }
  /**
   * Another run is to come: whatever the page says of it is meant of that one.
   * @param {Partial<View>} told
   * @param {number} decided how often the page had decided which network there is
   */
  expect(told2, decided) {
    if (decided !== this.data.decided) this.store.await("all");
    else if ("node" in told2 || "step" in told2) this.store.await("choice");
  }
  /**
   * Write the address of what is shown now.
   * @param {boolean} linked whether the address of the page stands for it already
   * @param {boolean} another whether it is another run
   */
  enter(linked, another) {
    const { also, begun, version } = this.data;
    this.shown = this.query;
    this.entries.place = { query: this.shown, version, begun, also };
    this.entries.enter(this.store.view, linked, another);
  }
  openEditor() {
    if (!this.data.layers || this.editor) return;
    this.root.classList.toggle("awaiting-editor", !this.workbench.scene);
    const root = document.createElement("section");
    this.root.prepend(root);
    const onRun = this.ran.bind(this);
    this.editor = new Editor(root, this.store, this.ask, this.words.editor, onRun);
    this.editor.onSettled = () => this.root.classList.remove("awaiting-editor");
    this.editor.hear(this.data.run, this.data.runs, true);
  }
  /**
   * The editor runs something else: show it, and tell the page.
   * @param {string} node to look at
   */
  ran(node) {
    this.looks = node;
    this.teller.changed();
    if (this.query === this.shown) return;
    this.workbench.run = null;
    this.taking = true;
    this.look();
    this.taking = false;
    this.enter(false, true);
    this.card?.renew();
    this.show();
  }
  /** Look at the layer that is edited, in the run that has come. */
  look() {
    const node = this.looks;
    this.looks = null;
    if (node === null) return;
    this.store.await("choice");
    this.store.change({ node, part: null, sample: 0, channel: null, step: null });
  }
  /** Show the run that there is. */
  show() {
    const { layers, file } = this.data;
    const { query, runs } = this;
    this.root.classList.toggle("without-run", !runs);
    if (this.store.view.editing) this.openEditor();
    if (runs && this.store.view.hand) this.openCard();
    this.placeBeside();
    if (runs && !this.beside) this.workbench.show({ query, layers, file });
  }
  /**
   * What is compared in the place of the workbench; nothing while network or cells are changed, nor
   * while a map is hidden, which another run could give away.
   */
  get pair() {
    const { editing, hand, hidden } = this.store.view;
    return this.runs && !editing && !hand && !hidden ? this.data.beside : null;
  }
  /** Whether others than these two runs, or one alone, are to be shown. */
  get misplaced() {
    return !isSame(this.pair, this.beside?.pair ?? null);
  }
  /** Show two runs in the place of the workbench, where there are two to show. */
  placeBeside() {
    const { pair } = this;
    this.root.classList.toggle("two-runs", Boolean(pair));
    if (!pair) {
      this.beside?.remove();
      this.beside = null;
      return;
    }
    this.workbench.run = null;
    this.beside ??= new Beside(this.root, this.store, this.ask, this.words);
    this.beside.show(pair);
  }
  /** Show what is changed by hand. */
  openCard() {
    const { hand } = this.workbench.parts;
    if (this.card) return;
    this.card = new HandCard(hand, this.store, this.sheet.bind(this), this.words.paint);
    if (this.workbench.scene) this.card.lost(this.workbench.scene.loss);
    this.card.load();
  }
  /**
   * Ask for a tensor as it is without changes. A network that runs as it is has none to change;
   * of anything else the status says why there is no answer.
   * @param {string} tensor
   * @param {string} plane
   */
  async sheet(tensor, plane) {
    try {
      const run = this.editor?.run ?? this.data.run;
      return await this.ask.answer(run, "canvas", { tensor, plane: plane || null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.outcome === "refused") this.store.change({ hand: "", plane: "" });
      return null;
    }
  }
  remove() {
    this.ask.close();
    const { beside: beside2, card, editor, entries, status, teller, workbench } = this;
    for (const part2 of [teller, entries, status, card, editor, beside2, workbench]) part2?.remove();
  }
};
function base({ answers }) {
  return new URL(answers, document.baseURI).href;
}
function changedBy(view, known) {
  const names = (
    /** @type {(keyof View)[]} */
    Object.keys(view)
  );
  const changed2 = names.filter((name2) => known === null || view[name2] !== known[name2]);
  return Object.fromEntries(changed2.map((name2) => [name2, view[name2]]));
}
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
var mount_default17 = mounting(
  "workbench",
  (root, data, words) => new Mounted2(root, data, words)
);

// viz/front/page/page.js
var mount = hosting({
  actions: mount_default,
  cells: mount_default2,
  glossary: mount_default3,
  graph: mount_default4,
  guess: mount_default5,
  language: mount_default6,
  line: mount_default7,
  maps: mount_default8,
  number: mount_default9,
  overlay: mount_default10,
  proof: mount_default11,
  room: mount_default12,
  share: mount_default13,
  start: mount_default14,
  timeline: mount_default15,
  walk: mount_default16,
  workbench: mount_default17
});
export {
  mount
};
