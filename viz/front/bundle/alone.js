// Made by python -m scripts.front bundle; change the modules it names.

// viz/front/element.js
function element(parent, tag, className = "", text = "", more = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent.append(Object.assign(made, more));
  return made;
}
function focused(part) {
  const root = part.getRootNode();
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
function word({ lastElementChild: part }, words) {
  if (part && part.textContent !== words) part.textContent = words;
}
function name(part, words) {
  part.title = words;
  part.ariaLabel = words;
}
function idle(button2, nothing) {
  button2.ariaDisabled = String(nothing);
}
function offer(list, options) {
  list.replaceChildren();
  for (const [value, text] of options) element(list, "option", "", text, { value });
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

// viz/front/paint/edits.js
var MOST_UNDOS = 200;
function sorted(plain) {
  const names = Object.keys(plain).filter((name2) => plain[name2].length);
  return Object.fromEntries(
    names.sort().map((name2) => [name2, plain[name2].toSorted(([one], [other]) => one - other)])
  );
}
var Edits = class {
  /** @param {Plain} [plain] */
  constructor(plain = {}) {
    this.cells = /* @__PURE__ */ new Map();
    this.histories = /* @__PURE__ */ new Map();
    this.listeners = /* @__PURE__ */ new Set();
    this.take(plain);
  }
  /**
   * Take over what a page has decided; strokes before that cannot be undone.
   * @param {Plain} plain
   */
  take(plain) {
    const [now, then] = [sorted(plain), this.plain];
    const names = /* @__PURE__ */ new Set([...Object.keys(now), ...Object.keys(then)]);
    const other = [...names].filter(
      (name2) => JSON.stringify(now[name2]) !== JSON.stringify(then[name2])
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
    return [...this.cells.values()].reduce((count, cells) => count + cells.size, 0);
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
    const done = changes.map(([place2, value]) => (
      /** @type {Change} */
      [place2, cells.get(place2) ?? null, value]
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
        [...this.of(name2).keys()].map((place2) => [place2, null])
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
    const stroke = from.pop();
    if (!stroke) return false;
    to.push(stroke);
    this.put(name2, stroke, way === "undo" ? 1 : 2);
    return true;
  }
  /**
   * @param {string} name
   * @param {Change[]} stroke
   * @param {1 | 2} side of a change
   */
  put(name2, stroke, side) {
    const cells = new Map(this.of(name2));
    for (const change of stroke) {
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
    this.count = 0;
    this.listeners = /* @__PURE__ */ new Set();
  }
  /**
   * Learn which node is seen first and how many there are.
   * @param {string} first
   * @param {number} count
   */
  know(first, count) {
    this.first = first;
    this.count = count;
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
    const at = step2 === null ? null : Math.min(Math.max(step2, 0), this.count - 1);
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
    const changed = (
      /** @type {(keyof View)[]} */
      Object.keys(fields).some(
        (name2) => fields[name2] !== before[name2]
      )
    );
    if (!changed) return;
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

// viz/front/numbers.js
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name2) => String(values[name2] ?? whole));
}
function oddNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : null;
}
function shortNumber(value, digits, theme) {
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
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
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

// viz/front/states.js
function stateAt(ranges, step2) {
  if (step2 === null || !ranges.length) return "";
  if (ranges.some(([first, last]) => first <= step2 && step2 <= last)) return "current";
  if (ranges.every(([first]) => first > step2)) return "ahead";
  return ranges.every(([, last]) => last < step2) ? "done" : "begun";
}
function showState(part, state, text) {
  part.classList.toggle("ahead", state === "ahead");
  part.ariaDescription = state ? text[`step_${state}`] : null;
}

// viz/front/svg.js
function parseSvg(text) {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!(svg instanceof SVGSVGElement)) throw new Error("The drawing is not SVG.");
  for (const bad of svg.querySelectorAll("script, foreignObject, image, style, a, use")) {
    bad.remove();
  }
  for (const part of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name: name2 } of [...part.attributes]) {
      if (/^on|href$|^style$/i.test(name2)) part.removeAttribute(name2);
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
  const scale = pictureScale(width, height);
  svg.setAttribute("width", String(width * scale));
  svg.setAttribute("height", String(height * scale));
  const image = new Image();
  image.src = URL.createObjectURL(svgFile(svg));
  await image.decode();
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), file);
}

// viz/front/graph/boxes.js
var PREFIX = "node-";
function idOf(part) {
  const box = part instanceof Element ? part.closest("g.node") : null;
  return box?.id.slice(PREFIX.length) ?? "";
}
function partsOf(svg) {
  const boxes = svg.querySelectorAll("g.node");
  return new Map([...boxes].map((box) => [idOf(box), box]));
}
function placeOf(box) {
  const written = box.querySelector("polygon")?.getAttribute("points") ?? "0,0";
  const points = written.trim().split(/\s+/);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => Number(point.split(",")[axis])));
  const [left, right, top, bottom] = [...ends(xs), ...ends(ys)];
  return { x: (left + right) / 2, y: (top + bottom) / 2, left, right, top, bottom };
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
var PAGE = "body, main, .stMain";
function isTyping(event) {
  const [part] = event.composedPath();
  return part instanceof Element && part.matches(FIELDS) && !part.matches(PRESSED);
}
function nothingFocused() {
  return document.activeElement?.matches(PAGE) ?? true;
}

// viz/front/room/room.js
var NAME = "present";
var CHANGED = "backlight:room";
var classes = () => document.documentElement.classList;
function inRoom() {
  return classes().contains(NAME);
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
    const readable = inRoom() ? IN_ROOM : READABLE;
    if (this.fitScale * FONT_SIZE >= readable) return this.place(this.fitScale);
    const scale = readable / FONT_SIZE;
    const { width, height } = this.size;
    const left = clientWidth / 2 - this.start.x * scale;
    const top = clientHeight / 2 - this.start.y * scale;
    const x = within(left, clientWidth - width * scale);
    this.place(scale, x, within(top, clientHeight - height * scale));
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
  place(scale, x, y) {
    if (!this.svg) return;
    const { clientWidth, clientHeight } = this.frame;
    this.scale = scale;
    this.x = x ?? (clientWidth - this.size.width * scale) / 2;
    this.y = y ?? (clientHeight - this.size.height * scale) / 2;
    this.svg.style.transform = `translate(${this.x}px, ${this.y}px) scale(${scale})`;
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
    const scale = Math.min(Math.max(this.scale * factor, smallest), LARGEST_SCALE);
    if (scale === this.scale) return false;
    const ratio = scale / this.scale;
    this.moved = true;
    this.place(scale, x - (x - this.x) * ratio, y - (y - this.y) * ratio);
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
  reveal(part, central = false) {
    const frame2 = this.frame.getBoundingClientRect();
    const box = part.getBoundingClientRect();
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
    const share3 = other ? 0.5 : 1;
    this.pan((now.x - before.x) * share3, (now.y - before.y) * share3);
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
  constructor(places, lines) {
    this.places = places;
    this.above = new Map([...places.keys()].map((id) => [id, []]));
    this.below = new Map([...places.keys()].map((id) => [id, []]));
    for (const [upper, lower] of lines) {
      if (!places.has(upper) || !places.has(lower)) continue;
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
    const ahead = (place2) => (place2.x - from.x) * side;
    const [beside2] = [...this.places].filter(([, place2]) => Math.abs(place2.y - from.y) < LEVEL && ahead(place2) > 0).sort(([, one], [, other]) => ahead(one) - ahead(other));
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
  constructor(parent, choose) {
    this.choose = choose;
    this.frame = element(parent, "div", "frame");
    this.camera = new Camera(this.frame);
    this.parts = /* @__PURE__ */ new Map();
    this.walk = new Walk(/* @__PURE__ */ new Map(), []);
    this.stop = "";
    this.frame.addEventListener("click", ({ target }) => {
      if (idOf(target) && !this.camera.dragged) choose(idOf(target));
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
  show(text, boxes, chosen2) {
    const held = idOf(focused(this.frame));
    const svg = document.importNode(parseSvg(text), true);
    svg.role = "group";
    this.parts = partsOf(svg);
    const places = [...this.parts].map(([id, part]) => (
      /** @type {const} */
      [id, placeOf(part)]
    ));
    this.walk = new Walk(new Map(places), linesOf(svg));
    for (const part of this.parts.values()) {
      makeButton(part);
      part.style.setProperty("--squeezed", String(squeezed(part)));
    }
    for (const edge of svg.querySelectorAll("g.edge")) readLine(edge);
    const end = boxes.find((box) => box.kind === "output") ?? boxes[0];
    const { x, y } = this.walk.placeOf(chosen2 || end?.id);
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
      const part = this.parts.get(id);
      if (!part) continue;
      part.ariaLabel = title;
      part.firstElementChild.textContent = help;
    }
  }
  /**
   * Draw a ring around one box: its fill says how large its gradient is, not that it is chosen.
   * @param {string} [id]
   */
  encircle(id = "") {
    this.frame.querySelector(".ring")?.remove();
    const part = this.parts.get(id);
    if (part) around(part, "ring", RING, RING);
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
    const part = this.parts.get(id);
    if (part) this.camera.reveal(part, inRoom());
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
function squeezed(part) {
  const { left, right } = placeOf(part);
  const name2 = part.querySelector("text")?.textContent ?? "";
  return Math.min(1, (name2.length * LETTER + 2 * BESIDE_NAME) / (right - left));
}
function around(part, name2, beside2, above2) {
  const { left, right, top, bottom } = placeOf(part);
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", name2);
  made.setAttribute("x", String(left - beside2));
  made.setAttribute("y", String(top - above2));
  made.setAttribute("width", String(right - left + 2 * beside2));
  made.setAttribute("height", String(bottom - top + 2 * above2));
  part.append(made);
}
function readLine(edge) {
  const title = edge.querySelector("title");
  if (title && !edge.classList.contains("back")) edge.setAttribute("data-upper", endsOf(title)[0]);
  title?.remove();
  edge.ariaHidden = "true";
}
function makeButton(part) {
  part.querySelector(":scope > title")?.remove();
  part.prepend(document.createElementNS(SVG, "desc"));
  around(part, "target", ...TARGET);
  Object.assign(part, { role: "button", ariaPressed: "false", tabIndex: -1 });
}

// viz/front/graph/list.js
var COLUMNS = ["order", "node", "layer", "shape", "peak"];
var List = class {
  /**
   * @param {Node & ParentNode} parent
   * @param {Words} words
   * @param {(id: string) => void} choose
   */
  constructor(parent, words, choose) {
    this.words = words;
    this.choose = choose;
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
    const head2 = table.createTHead().insertRow();
    for (const column of COLUMNS) {
      element(head2, "th", "", this.words[`column_${column}`], { scope: "col" });
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
    const head2 = this.root.querySelector("thead");
    if (!row || !head2) return;
    const top = row.offsetTop - head2.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - this.root.clientHeight;
    this.root.scrollTop = Math.min(Math.max(this.root.scrollTop, bottom), top);
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
    const count = hits.length;
    const said = fill(count ? this.words.matches_some : this.words.matches_none, { count });
    this.count.textContent = wanted ? said : "";
    this.onFound();
  }
  /** @param {number} by */
  turn(by) {
    const count = this.found.length;
    const from = this.at < 0 && by < 0 ? 0 : this.at;
    this.at = (from + by + count) % count;
    this.count.textContent = fill(this.words.matches, { index: this.at + 1, count });
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

// viz/front/graph/tip.js
var GAP = 8;
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
  show({ name: name2, help }, part) {
    this.bubble.replaceChildren();
    element(this.bubble, "b", "", name2);
    element(this.bubble, "span", "", help);
    this.bubble.hidden = false;
    const [frame2, at] = [this.root.getBoundingClientRect(), part.getBoundingClientRect()];
    const { offsetWidth, offsetHeight } = this.bubble;
    const left = Math.min(Math.max(at.left - frame2.left, 0), frame2.width - offsetWidth);
    const below2 = at.bottom - frame2.top + GAP;
    const above2 = at.top - frame2.top - GAP - offsetHeight;
    const top = below2 + offsetHeight <= frame2.height ? below2 : Math.max(above2, 0);
    this.bubble.style.translate = `${Math.max(left, 0)}px ${top}px`;
  }
  hide() {
    this.bubble.hidden = true;
  }
};

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
    this.tip = new Tip(this.root, (part) => this.boxAt(part));
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
  label({ note, legend }) {
    this.notes.replaceChildren();
    this.root.classList.toggle("tinted", Boolean(legend.fill));
    if (note) element(this.notes, "p", "note", note);
    if (legend.fill) {
      const line = element(this.notes, "p", "legend");
      const colours = `linear-gradient(to right, ${legend.stops.join(", ")})`;
      element(line, "span", "scale").style.background = colours;
      line.append(legend.fill);
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
    const chosen2 = home ? [home.id] : [];
    this.mark("selected", chosen2);
    this.drawing.encircle(chosen2[0]);
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
      for (const part of this.partsOf(box.id)) showState(part, state, this.words);
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
    for (const part of this.partsOf(id)) {
      part.classList.toggle(className, on);
      if (className === "selected") part.ariaPressed = String(on);
    }
  }
  /**
   * What stands for a box in the drawing and in the list.
   * @param {string} id
   * @returns {Element[]}
   */
  partsOf(id) {
    const parts = [this.drawing.parts.get(id), this.list.rows.get(id)];
    return parts.filter((part) => part !== void 0);
  }
  /**
   * The box in whose part of the drawing or row of the list something lies.
   * @param {Element} part
   */
  boxAt(part) {
    const row = part.closest("tr");
    const listed = [...this.list.rows].find(([, each]) => each.closest("tr") === row)?.[0];
    return this.boxes.get(idOf(part) || (row ? listed ?? "" : ""));
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

// viz/front/guess/answers.js
var BETWEEN_PASTED = /[\s;]+/;
function pastedNumbers(text) {
  return text.replace(/[[\]]|,(?=\s)/g, " ").trim().split(BETWEEN_PASTED);
}
function nextEmpty(texts, at) {
  const step2 = texts.findIndex((_, ahead) => !texts[(at + ahead) % texts.length].trim());
  return step2 < 0 ? null : (at + step2) % texts.length;
}
function shade(text, palette) {
  const most = Math.max(...palette.map((each) => Math.abs(Number(each))));
  const part = text.trim() && most ? Number(text) / most : 0;
  const shown = Number.isFinite(part) ? Math.max(-1, Math.min(1, part)) : 0;
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
function tint(part, text, palette) {
  const { sign, percent } = shade(text, palette);
  part.style.setProperty("--part", `${percent}%`);
  part.dataset.sign = String(sign);
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
   * @param {string[]} palette
   * @param {Words} words
   */
  offer(palette, words) {
    this.root.replaceChildren();
    this.root.hidden = !palette.length;
    this.root.ariaLabel = words.palette;
    this.swatches = (palette.length ? [...palette, ""] : []).map((value, at) => {
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
    this.swatches.forEach((swatch, place2) => swatch.tabIndex = place2 === at ? 0 : -1);
    this.swatches[at].focus();
  }
};

// viz/front/guess/guess.js
var MOST_ROOMY = 5;
var GuessView = class {
  /** @type {Cell[]} */
  cells = [];
  signature = "";
  offered = "";
  painting = false;
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
    this.table = element(form, "table");
    this.palette = new Palette(form, (brush) => this.onTake(brush));
    const acts = element(form, "div", "acts");
    element(acts, "button", "check", words.check, { type: "submit" });
    const offer2 = (icon, change) => iconButton(acts, icon, "", "act", () => this.change(change(this.kept.value)));
    this.hint = offer2("help", ({ hints }) => ({ hints: hints + 1 }));
    this.reveal = offer2("visibility", ({ revealed }) => ({ revealed: !revealed }));
    this.anew = offer2("restart_alt", () => this.emptied());
    word(this.anew, words.anew);
    this.note = element(form, "p");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => this.mark(this.placeOf(event.target)));
    this.listenForStrokes();
  }
  /** @returns {Partial<Attempt>} */
  emptied() {
    for (const { input } of this.cells) input.value = "";
    return { typed: [], hints: 0, revealed: false };
  }
  /** @param {Partial<Attempt>} fields */
  change(fields) {
    this.kept.set({ ...this.kept.value, ...fields });
    this.show();
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
    table.addEventListener("lostpointercapture", () => this.painting = false);
  }
  /**
   * Number of the cell in which this stands; -1 outside of one.
   * @param {EventTarget | null} target
   */
  placeOf(target) {
    return this.cells.findIndex(({ part }) => target instanceof Node && part.contains(target));
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
   * @param {string} value
   */
  put(at, value) {
    this.cells[at].input.value = value;
    this.mark(at);
  }
  /** @param {Brush} brush */
  onTake(brush) {
    this.table.classList.toggle("painted", brush !== null);
    for (const { input } of this.cells) input.readOnly = brush !== null;
  }
  answer() {
    this.change({ typed: this.cells.map(({ input }) => input.value.trim()) });
  }
  /**
   * @param {GuessData} data
   * @param {Send} say
   */
  update(data, say) {
    const { value: before } = this.kept;
    const { rows, columns, palette } = data;
    this.data = data;
    this.kept.say = say;
    const other = this.kept.hear(data.value, data.heard);
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", String(columns));
    this.root.classList.toggle("wide", columns > MOST_ROOMY);
    const signature = `${this.kept.value.numbers} ${rows} ${columns}`;
    if (signature !== this.signature) this.build();
    else if (other) this.follow(before);
    if (signature + palette !== this.offered) this.palette.offer(palette, this.words);
    this.signature = signature;
    this.offered = signature + palette;
    this.show();
  }
  /**
   * What was checked comes back tidied, or from the address; what was typed since stays.
   * @param {Attempt} before
   */
  follow(before) {
    this.cells.forEach(({ input }, at) => {
      if (input.value.trim() === (before.typed[at] ?? "")) input.value = this.typed(at);
    });
  }
  /**
   * What was typed into a cell when it was checked.
   * @param {number} at
   */
  typed(at) {
    return this.kept.value.typed[at] ?? "";
  }
  /** Show how far the attempt is. */
  show() {
    const { words } = this;
    const { hints: count, palette, solved } = this.data;
    const { typed, hints, revealed } = this.kept.value;
    this.note.textContent = palette.length ? `${words.brush} ${words.hint}` : words.hint;
    word(this.hint, fill(words.next, { next: hints + 1, count }));
    this.hint.hidden = solved || hints >= count;
    word(this.reveal, revealed ? words.hide : words.show);
    this.reveal.hidden = solved;
    this.anew.hidden = !typed.some(Boolean) && !hints && !revealed;
    this.cells.forEach((_, at) => this.mark(at));
  }
  build() {
    const { rows, columns } = this.data;
    this.table.replaceChildren();
    this.cells = [];
    for (let row = 1; row <= rows; row += 1) {
      const line = this.table.insertRow();
      for (let column = 1; column <= columns; column += 1) {
        this.cells.push(this.cell(line, row, column));
      }
    }
  }
  /**
   * @param {HTMLTableRowElement} line
   * @param {number} row
   * @param {number} column
   * @returns {Cell}
   */
  cell(line, row, column) {
    const part = line.insertCell();
    const value = this.typed(this.cells.length);
    const input = element(part, "input", "", "", { maxLength: this.data.longest, value });
    input.dataset.label = fill(this.words.cell, { row, column });
    const sign = element(part, "span", "sign", "", { ariaHidden: "true" });
    return { part, input, sign, truth: element(part, "span", "true") };
  }
  /**
   * Show what is right; what was typed since the last check keeps no mark.
   * @param {number} at
   */
  mark(at) {
    const { marks, signs, palette, value: checked } = this.data;
    const { part, input, sign, truth } = this.cells[at];
    const fresh = input.value.trim() === (checked.typed[at] ?? "");
    const mark = fresh && marks[at] || "";
    const value = this.data.true[at];
    part.className = mark;
    tint(input, input.value, palette);
    sign.textContent = signs[mark] ?? "";
    truth.textContent = value ?? "";
    const spoken = [input.dataset.label, this.words[mark]];
    if (value !== void 0) spoken.push(fill(this.words.true, { value }));
    input.ariaLabel = spoken.filter(Boolean).join(", ");
    input.ariaInvalid = String(mark === "wrong" || mark === "unreadable");
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
    if (this.palette.brush !== null && this.brushKey(event, at)) return;
    if (event.key === "Enter") this.enter(event, at);
    else if (this.step(event.key, at)) event.preventDefault();
  }
  /**
   * Go on to the next empty cell; where none is left or nothing was typed, the form is sent.
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  enter(event, at) {
    const texts = this.cells.map(({ input }) => input.value);
    const next = nextEmpty(texts, at);
    if (next === null || !texts[at].trim()) return;
    event.preventDefault();
    this.focus(next);
  }
  /**
   * @param {string} key
   * @param {number} at
   */
  step(key, at) {
    const { columns } = this.data;
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
      return true;
    }
    const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (typed || ["Escape", "Backspace", "Delete"].includes(event.key)) this.palette.take(null);
    return false;
  }
  /**
   * Several numbers fill the cells from here on.
   * @param {ClipboardEvent} event
   */
  paste(event) {
    const numbers = pastedNumbers(event.clipboardData?.getData("text") ?? "");
    if (numbers.length < 2) return;
    event.preventDefault();
    const at = this.placeOf(event.target);
    numbers.slice(0, this.cells.length - at).forEach((number2, step2) => {
      this.put(at + step2, number2.slice(0, this.data.longest));
    });
  }
};

// viz/front/hide/board.js
var SIGNS = { right: "✓", wrong: "✗", unreadable: "?", empty: "" };
var LONGEST = 12;
var Board = class {
  /**
   * @param {FrontWords} words
   * @param {Asked} asked
   * @param {Theme} theme
   * @param {{grade: Grade, reveal: () => void}} acts
   */
  constructor(words, { rows, columns, note }, theme, { grade, reveal }) {
    this.words = words.hide;
    this.acts = { grade, reveal };
    this.root = element(document.createElement("div"), "div", "guess hidden-map");
    this.data = {
      value: { numbers: "", typed: [], hints: 0, revealed: false },
      heard: null,
      ...{ rows, columns, marks: [], true: [], palette: [], hints: 0, solved: false },
      ...{ longest: LONGEST, signs: SIGNS, accent: theme.accent }
    };
    this.guess = new GuessView(this.root, this.data, words.guess);
    this.said = element(this.root, "p", "tally", "", { role: "status" });
    if (note) element(this.root, "p", "", note);
    this.show({});
    for (const { input } of this.guess.cells) input.placeholder = "?";
  }
  /** @param {Partial<GuessData>} changes */
  show(changes) {
    this.data = { ...this.data, ...changes };
    this.guess.update(this.data, (_name, said) => this.hear(
      /** @type {any} */
      said
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
var BETWEEN = ",";
var MOST = 4;
function namesIn(hidden) {
  return hidden.split(BETWEEN).filter(Boolean);
}
function withName(hidden, name2) {
  const names = namesIn(hidden);
  if (names.includes(name2)) return hidden;
  return names.length < MOST ? [...names, name2].join(BETWEEN) : null;
}
function withoutName(hidden, name2) {
  return namesIn(hidden).filter((each) => name2 !== each && !name2.startsWith(`${each} `)).join(BETWEEN);
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
      const line = element(list, "p", "", each.sentence);
      const words = each.hides ? this.words.hide.reveal : this.words.hide.drop;
      if (this.check) button(line, words, "reveal", () => this.reveal(each.name));
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
    const same = `${asked.name} ${spec.shape} ${asked.start}`;
    const twins = stage.packet.rows.flat().filter((each) => each.asked?.name === asked.name);
    const key = twins.length > 1 ? `${same} ${row} ${spec.key}` : same;
    const grade = (typed) => check(this.keys.get(key) ?? "", typed);
    this.keys.set(key, spec.key);
    const found = this.boards.get(key) ?? new Board(this.words, asked, this.theme, { grade, reveal: () => this.reveal(asked.name) });
    this.boards.delete(key);
    this.boards.set(key, found);
    const [oldest] = this.boards.keys();
    if (this.boards.size > MOST_BOARDS) this.boards.delete(oldest);
    return found;
  }
  /** Key of the map in which a board stands last, by its own. @type {Map<string, string>} */
  keys = /* @__PURE__ */ new Map();
};

// viz/front/maps/layout.js
var BIGGEST_CELL = 92;
var SCROLLBAR = 16;
var TILE_GAP = 6;
var SMALLEST_TILE = 36;
var SMALLEST_STRIP = { side: 48, cell: 6 };
var ONE_TILE_HEIGHT = 280;
var LABELS_HEIGHT = 20;
var NARROWEST = 120;
var LABEL_HEIGHT = 18;
function layOut(spec, width, { height: one = ONE_TILE_HEIGHT, cell: most = BIGGEST_CELL } = {}) {
  const height = one + 1 + (spec.tiles > 1 ? LABELS_HEIGHT : 0);
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
  const fitting = Math.max(1, Math.floor((width + gap) / stepX));
  const across = Math.min(spec.across ?? fitting, spec.tiles);
  const labelled = many && spec.columns * cell >= SMALLEST_TILE;
  const label = labelled ? LABEL_HEIGHT : 0;
  const stepY = spec.rows * cell + gap + label;
  const down = Math.ceil(spec.tiles / across);
  const [allWidth, allHeight] = [across * stepX - gap + 1, down * stepY - gap + 1];
  return { cell, across, down, label, stepX, stepY, width: allWidth, height: allHeight };
}
function share(wishes, total) {
  const shares = [];
  let left = total;
  const order = wishes.map((_, at) => at).sort((a, b) => wishes[a] - wishes[b]);
  order.forEach((at, done) => {
    shares[at] = Math.floor(Math.min(wishes[at], left / (order.length - done)));
    left -= shares[at];
  });
  return shares;
}
function shareByCells(specs, total) {
  const columns = specs.reduce((sum, spec) => sum + spec.columns, 0);
  const cell = Math.floor((total - specs.length) / columns);
  const shares = specs.map((spec) => spec.columns * cell + 1);
  const simple = specs.every((spec) => spec.tiles === 1 && !spec.missing);
  return simple && Math.min(...shares) >= NARROWEST ? shares : null;
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

// viz/front/maps/digits.js
var SIGNIFICANT = 4;
var LEAST_PLAIN = -3;
var MOST_PLAIN = 5;
var ROUNDED_AWAY = "≈0";
var RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function typographic(text) {
  return text.replaceAll("-", "−");
}
function styleOf(largest2, numbers = []) {
  if (!(largest2 > 0) || !Number.isFinite(largest2)) return { decimals: 0, power: 0, exponent: 0 };
  const exponent = Number(largest2.toExponential(SIGNIFICANT - 1).split("e")[1]);
  const plain = exponent > LEAST_PLAIN && exponent <= MOST_PLAIN;
  const power = plain ? 0 : exponent;
  const most = Math.max(0, SIGNIFICANT - 1 - (exponent - power));
  let decimals = 0;
  while (decimals < most && !areExact(numbers, decimals, power)) decimals += 1;
  return { decimals, power, exponent };
}
function areExact(numbers, decimals, power) {
  const all = [...numbers];
  if (!all.length || power) return false;
  return all.every((values) => values.every((value) => Number(value.toFixed(decimals)) === value));
}
function inUnit(value, { decimals, power }) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  if (value === 0) return Object.is(value, -0) ? "−0" : "0";
  const text = (value * 10 ** -power).toFixed(decimals);
  return /[1-9]/.test(text) ? typographic(text) : ROUNDED_AWAY;
}
function styled(value, style) {
  const text = inUnit(value, style);
  return style.power && /\d$/.test(text) && !/^[−≈]?0$/.test(text) ? `${text}e${typographic(String(style.power))}` : text;
}
function withoutZero(text) {
  return text.replace(/^(−?)0\./, "$1.");
}
function powerOfTen(power) {
  const raised = [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${raised}`;
}

// viz/front/maps/legend.js
var STEPS = 30;
function scaleColours(table, half) {
  return Array.from({ length: STEPS + 1 }, (_, step2) => {
    const at = Math.round(step2 * 2 * half / STEPS);
    return `rgb(${table.subarray(4 * at, 4 * at + 3).join(" ")})`;
  });
}
function writeScale(parent, colours, said) {
  const scale = element(parent, "div", "scale");
  const gradient = `linear-gradient(90deg, ${colours.join(", ")})`;
  element(scale, "div", "bar").style.background = gradient;
  const ends2 = element(scale, "div", "ends");
  for (const end of said) element(ends2, "span", "", end);
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
  const colours = scaleColours(palette.table, packet.theme.half);
  writeScale(parent, colours, views[0].spec.ends.map(typographic));
  if (packet.scaling === "log") element(parent, "span", "decades", words.maps.decades);
  const units = new Set(views.map(({ texts }) => texts?.power ?? 0));
  units.delete(0);
  if (!units.size) return;
  const unit = [...units].map(powerOfTen).join(", ");
  element(parent, "span", "unit", fill(words.maps.unit, { unit }));
}
function showOdd({ packet }, spec, legend) {
  const { non_finite: odd, hatch: hatch2 } = packet.theme;
  if (!spec.non_finite) return;
  const note = element(legend, "span", "odd");
  const swatch = element(note, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch2} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note.append(spec.non_finite);
}

// viz/front/maps/scaling.js
var DECADES = 6;
function placeOn(value, largest2, scaling) {
  if (!largest2) return 0;
  const part = value / largest2;
  if (scaling !== "log") return part;
  const steps = 10 ** DECADES;
  return Math.sign(part) * Math.log1p(Math.abs(part) * steps) / Math.log1p(steps);
}

// viz/front/maps/paint.js
var BORDERS_FROM = 10;
var MOST_NUMBERS = 4096;
var FONT = { smallest: 10.5, small: 11.5, usual: 12.5, largest: 17, perCell: 0.19, room: 18 };
var PADDING = { least: 2, usual: 5 };
function contextOf(canvas) {
  return (
    /** @type {CanvasRenderingContext2D} */
    canvas.getContext("2d")
  );
}
function readPalette({ root, packet: { theme } }, before) {
  const style = getComputedStyle(root);
  const read2 = {
    text: style.color,
    background: style.backgroundColor,
    border: style.getPropertyValue("--st-border-color") || style.color,
    accent: style.getPropertyValue("--st-primary-color") || style.color,
    linked: theme.linked[0],
    linkedEdge: theme.linked[1],
    family: style.fontFamily,
    numbers: style.getPropertyValue("--st-code-font") || "monospace",
    type: Number(style.getPropertyValue("--backlight-type")) || 1
  };
  const key = JSON.stringify([read2, theme.non_finite, theme.inks, theme.hatch]);
  const dark = before?.background === read2.background ? before.dark : isDark(read2.background);
  const table = dark ? theme.dark : theme.light;
  if (before?.key === key && before.table === table) return before;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  return {
    ...read2,
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
function chooseTexts({ spec, layout, stage, cells }) {
  if (spec.count > MOST_NUMBERS || layout.cell < FONT.smallest) return null;
  const { palette, styles } = stage;
  const style = (
    /** @type {Style} */
    styles.get(spec.key)
  );
  const context = contextOf(cells);
  const usual = Math.min(FONT.largest, Math.max(FONT.usual, layout.cell * FONT.perCell));
  const room = palette.type > 1;
  const large = Math.max(usual * palette.type, FONT.room);
  const sizes = room ? [large, FONT.room] : [usual, FONT.usual, FONT.small];
  const smallest = room ? FONT.room : FONT.smallest;
  for (const [{ texts, power }, size] of writings(spec.values, style, sizes, smallest)) {
    const font = `${size}px ${palette.numbers}`;
    const longest2 = texts.reduce((a, b) => b.length > a.length ? b : a);
    context.font = font;
    const padding = size === smallest ? PADDING.least : PADDING.usual;
    if (context.measureText(longest2).width + padding <= layout.cell) return { texts, font, power };
  }
  return null;
}
function* writings(values, style, sizes, smallest) {
  const write = (as) => ({
    texts: Array.from(values, (value) => inUnit(value, as)),
    power: as.power
  });
  const whole = write(style);
  const short = { ...whole, texts: whole.texts.map(withoutZero) };
  for (const writing of [whole, short]) for (const size of sizes) yield [writing, size];
  for (const writing of [whole, short]) yield [writing, smallest];
  if (!style.decimals) return;
  for (const decimals of [2, 1]) {
    const writing = write({ decimals, power: style.exponent });
    for (const size of sizes) yield [writing, size];
  }
}
function coloursOf(view, value) {
  const { packet, palette } = view.stage;
  const at = step(view, value);
  const [colour, ink] = at < 0 ? [packet.theme.non_finite, 0] : [`rgb(${palette.table.subarray(4 * at, 4 * at + 3).join(" ")})`, palette.table[4 * at + 3]];
  return { colour, ink: packet.theme.inks[ink] };
}
function scrolled({ scroller, layout, seen }) {
  const whole = seen.width >= layout.width && seen.height >= layout.height;
  return whole ? { left: 0, top: 0 } : { left: scroller.scrollLeft, top: scroller.scrollTop };
}
function begin(view, canvas = view.cells) {
  const context = contextOf(canvas);
  const ratio = view.ratio ?? window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { left, top } = scrolled(view);
  context.clearRect(0, 0, view.seen.width, view.seen.height);
  context.translate(-left, -top);
  return context;
}
function paintCells(view) {
  const { spec, layout, seen } = view;
  begin(view);
  const { left, top } = scrolled(view);
  const down = Math.floor(top / layout.stepY);
  const across = Math.floor(left / layout.stepX);
  const lastDown = Math.min(layout.down - 1, (top + seen.height) / layout.stepY);
  const lastAcross = Math.min(layout.across - 1, (left + seen.width) / layout.stepX);
  for (let y = down; y <= lastDown; y += 1) {
    for (let x = across; x <= lastAcross; x += 1) {
      const tile = y * layout.across + x;
      if (tile < spec.tiles) paintTile(view, tile);
    }
  }
}
function paintTile(view, tile) {
  const { cells, layout, stage } = view;
  const part = visiblePart(view, tile);
  if (layout.label) paintLabel(view, part);
  if (part.top >= part.bottom || part.left >= part.right) return;
  paintColours(view, part);
  if (layout.cell < BORDERS_FROM) return;
  eachCell(view, part, (k, x, y) => paintNumber(view, k, x, y));
  const context = contextOf(cells);
  context.beginPath();
  eachCell(view, part, (_, x, y) => context.rect(x + 0.5, y + 0.5, layout.cell, layout.cell));
  context.strokeStyle = stage.palette.border;
  context.lineWidth = 1;
  context.stroke();
}
function visiblePart(view, tile) {
  const { spec, layout, seen } = view;
  const { x, y } = cornerOf(view, tile * spec.rows * spec.columns);
  const { left, top } = scrolled(view);
  return {
    ...{ tile, x, y },
    top: Math.max(0, Math.floor((top - y) / layout.cell)),
    bottom: Math.min(spec.rows, Math.ceil((top + seen.height - y) / layout.cell)),
    left: Math.max(0, Math.floor((left - x) / layout.cell)),
    right: Math.min(spec.columns, Math.ceil((left + seen.width - x) / layout.cell))
  };
}
function eachCell({ spec, layout }, { tile, x, y, top, bottom, left, right }, draw) {
  for (let row = top; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let column = left; column < right && first + column < spec.count; column += 1) {
      draw(first + column, x + column * layout.cell, y + row * layout.cell);
    }
  }
}
function paintColours(view, { tile, x, y, top, bottom, left, right }) {
  const { cells, spec, layout, stage } = view;
  const { palette } = stage;
  const context = contextOf(cells);
  const picture = new ImageData(right - left, bottom - top);
  const pixels = new Uint32Array(picture.data.buffer);
  let at = 0;
  for (let row = top; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let k = first + left; k < first + right; k += 1, at += 1) {
      if (k >= spec.count) continue;
      const entry = step(view, spec.values[k]);
      pixels[at] = entry < 0 ? palette.oddPixel : palette.pixels[entry];
    }
  }
  const { width, height } = picture;
  const scratch = new OffscreenCanvas(width, height);
  scratch.getContext("2d")?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  const corner = { x: x + left * layout.cell, y: y + top * layout.cell };
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
  const middle3 = { x: x + layout.cell / 2, y: y + layout.cell / 2 + 1 };
  if (entry < 0) {
    const width = context.measureText(texts.texts[k]).width + 4;
    context.fillStyle = theme.non_finite;
    context.fillRect(middle3.x - width / 2, middle3.y - 10, width, 18);
  }
  context.fillStyle = theme.inks[entry < 0 ? 0 : stage.palette.table[4 * entry + 3]];
  context.fillText(texts.texts[k], middle3.x, middle3.y);
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
  context.font = `${FONT.usual * palette.type}px ${palette.numbers}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = palette.text;
  const room = layout.stepX - TILE_GAP / 2;
  const choices = spec.named_channels ? [named, index] : [index];
  const text = choices.find((each) => context.measureText(each).width <= room);
  if (text) context.fillText(text, x, y - 5);
}

// viz/front/maps/links.js
var NOWHERE = 4294967295;
function offsetOf(spec, index) {
  return index.reduce((flat, at, axis) => flat * spec.shape[axis] + at, 0) - spec.start;
}
function pinnedOf({ views }) {
  return views.find((view) => view.pinned !== null);
}
function findSubject(stage) {
  const view = pinnedOf(stage) ?? stage.pointing;
  const k = view?.pinned ?? view?.hovered ?? null;
  return !view || k === null ? atRest(stage) : subjectOf(stage, view, k);
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
  const chosen2 = explaining.length ? explaining : feeding(links, key);
  const note = answered?.note ?? "";
  if (!chosen2.length) return noted(stage, view, k, note);
  const about = { view, k, links: chosen2, words: wordsOf(stage.words, chosen2[0]), note };
  const found = explaining.length ? sumOf(stage, about) : reachOf(about);
  return { ...about, ...found ?? { kind: answered ? "too large" : "large" } };
}
function wordsOf({ sum }, link) {
  return { ...sum, ...link.words };
}
function answerAbout({ packet: { answer } }, spec, k) {
  return answer?.map === spec.key && offsetOf(spec, answer.index) === k ? answer : null;
}
function noted({ packet: { links }, words }, view, k, note) {
  if (!note || !links.length) return null;
  return { view, k, links: [], words: wordsOf(words, links[0]), note, kind: "note" };
}
function feeding(links, key) {
  const all = links.filter((link) => link.to === key);
  return all[0]?.large ? all : all.filter((link) => !link.large);
}
function rowOf({ cells }, k) {
  let low = 0;
  let high = cells.length - 1;
  while (low <= high) {
    const middle3 = low + high >> 1;
    if (cells[middle3] === k) return middle3;
    if (cells[middle3] < k) low = middle3 + 1;
    else high = middle3 - 1;
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
  const { title, shape: shape2, start, count } = summedCells(known, link);
  const flat = slot < count ? start + slot : link.hidden[slot - count];
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
function sumOf(known, { view, k, links, note = "" }) {
  if (links.some((link) => link.large || rowOf(link, k) < 0)) return null;
  const single = isSingle(known, links);
  const round = single ? Math.fround : Number;
  const terms = links.flatMap((link) => termsOf(known, link, rowOf(link, k), round));
  const total = addUp(terms, round);
  const recorded = view.spec.values[k];
  const kind = links[0].adds ? "sum" : "mixed";
  const found = { kind, terms, total, recorded, single, round, note: note || noteOf(links[0], k) };
  return { ...found, ...compare(total, recorded, terms, links) };
}
function termsOf(known, link, row, round) {
  const { values, count } = summedCells(known, link);
  const terms = [];
  for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
    const slot = link.places[at];
    const cell = slot < count ? values[slot] : link.hidden_values[slot - count];
    const value = slot === NOWHERE ? 1 : cell;
    const factor = link.function ? 1 : value;
    terms.push({ link, at, value, product: round(link.coefficients[at] * factor) });
  }
  return terms;
}
function compare(total, recorded, terms, links) {
  const same = total === recorded || Number.isNaN(total) && Number.isNaN(recorded);
  const difference = same ? 0 : Math.abs(total - recorded);
  const size = terms.reduce((sum, { product }) => sum + Math.abs(product), 0);
  const share3 = Math.max(...links.map((link) => link.rounding)) * Math.sqrt(terms.length + 4);
  const tolerance = share3 * size + Math.max(...links.map((link) => link.slack));
  return { difference, agrees: same || difference <= tolerance && difference < Infinity };
}
function transposed(link, count) {
  if (link.transposed) return link.transposed;
  const offsets = new Uint32Array(count + 1);
  for (const slot of link.places) if (slot < count) offsets[slot + 1] += 1;
  for (let slot = 0; slot < count; slot += 1) offsets[slot + 1] += offsets[slot];
  const next = offsets.slice();
  const cells = new Uint32Array(offsets[count]);
  const coefficients = new Uint32Array(offsets[count]);
  link.cells.forEach((cell, row) => {
    for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
      const slot = link.places[at];
      if (slot >= count) continue;
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
  const add = (key, k) => {
    const view = byKey.get(key);
    if (!found.has(view)) found.set(view, /* @__PURE__ */ new Set());
    if (view && k < view.spec.count) found.get(view).add(k);
  };
  if (subject?.kind === "reach") {
    for (const { link, cell } of subject.terms) add(link.from, cell);
    return found;
  }
  for (const { link, at } of subject?.terms ?? []) {
    if (!link.undrawn) add(link.to, link.places[at]);
    if (link.tap && link.taps && link.coefficients[at] !== 0) add(link.tap, link.taps[at]);
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
  const chosen2 = new Set(shown);
  return { shown, rest: terms.filter((term) => !chosen2.has(term)) };
}

// viz/front/maps/moves.js
var PAGE_ROWS = 10;
var MOVES = {
  ArrowLeft: (tiles, k) => beside(tiles, k, -1, 0),
  ArrowRight: (tiles, k) => beside(tiles, k, 1, 0),
  ArrowUp: (tiles, k) => beside(tiles, k, 0, -1),
  ArrowDown: (tiles, k) => beside(tiles, k, 0, 1),
  Home: (tiles, k, control) => control ? 0 : cellOf(tiles, 0, placeOf2(tiles, k).y),
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
function placeOf2({ spec, layout }, k) {
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  return {
    x: tile % layout.across * spec.columns + k % spec.columns,
    y: Math.floor(tile / layout.across) * spec.rows + Math.floor(k % size / spec.columns)
  };
}
function cellOf({ spec, layout }, x, y) {
  if (x < 0 || y < 0 || x >= layout.across * spec.columns) return -1;
  const tile = Math.floor(y / spec.rows) * layout.across + Math.floor(x / spec.columns);
  return (tile * spec.rows + y % spec.rows) * spec.columns + x % spec.columns;
}
function beside(tiles, k, right, down) {
  const { x, y } = placeOf2(tiles, k);
  return cellOf(tiles, x + right, y + down);
}
function endOfRow(tiles, k) {
  const { y } = placeOf2(tiles, k);
  let x = tiles.layout.across * tiles.spec.columns - 1;
  while (cellOf(tiles, x, y) >= tiles.spec.count) x -= 1;
  return cellOf(tiles, x, y);
}
function page(tiles, k, step2) {
  const { tiles: count, rows, columns } = tiles.spec;
  if (count > 1) return k + step2 * rows * columns;
  const { x, y } = placeOf2(tiles, k);
  return cellOf(tiles, x, Math.min(Math.max(y + step2 * PAGE_ROWS, 0), rows - 1));
}

// viz/front/maps/outlines.js
var FRAMED_FROM = 44;
var FRAME = { inset: 2.5, widths: [5, 3] };
var RIM = { inset: 2, widths: [4, 2] };
function paintOutlines(view, groups) {
  const context = begin(view, view.outlines);
  context.lineCap = "square";
  for (const { cells, colour, edge, together } of groups) {
    const framed = view.layout.cell >= FRAMED_FROM && !together;
    const path = framed ? frames(view, cells) : rim(view, new Set(cells));
    [edge, colour].forEach((stroke, at) => {
      context.lineWidth = (framed ? FRAME : RIM).widths[at];
      context.strokeStyle = stroke;
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
  const within2 = (at, size) => Math.min(Math.max(at + 0.5, RIM.inset), size - RIM.inset);
  for (const k of group) {
    const { x, y } = cornerOf(view, k);
    const column = k % spec.columns;
    const row = Math.floor(k / spec.columns) % spec.rows;
    const [left, right] = [x, x + layout.cell].map((at) => within2(at, layout.width));
    const [top, bottom] = [y, y + layout.cell].map((at) => within2(at, layout.height));
    const sides = [
      [row === 0 || !group.has(k - spec.columns), left, top, right, top],
      [row === spec.rows - 1 || !group.has(k + spec.columns), left, bottom, right, bottom],
      [column === 0 || !group.has(k - 1), left, top, left, bottom],
      [column === spec.columns - 1 || !group.has(k + 1), right, top, right, bottom]
    ];
    for (const [open2, fromX, fromY, toX, toY] of sides) {
      if (!open2) continue;
      path.moveTo(fromX, fromY);
      path.lineTo(toX, toY);
    }
  }
  return path;
}

// viz/front/maps/exact.js
var NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/;
function read(text) {
  const [over, under] = text.trim().replaceAll("−", "-").split("/");
  if (under === void 0) return decimal(over);
  const parts = [decimal(over), decimal(under)];
  if (!parts[0] || !parts[1]?.over) return null;
  return { over: parts[0].over * parts[1].under, under: parts[0].under * parts[1].over };
}
function decimal(text) {
  const found = NUMBER.exec(text);
  if (!found || !`${found[2]}${found[3] ?? ""}`) return null;
  const [, sign, whole, part = "", power = "0"] = found;
  const digits = BigInt(`${whole}${part}`) * (sign === "-" ? -1n : 1n);
  const shift = Number(power) - part.length;
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift < 0 ? { over: digits, under: scale } : { over: digits * scale, under: 1n };
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
    for (const text of factors) {
      const factor = read(text);
      if (!factor) return false;
      product = times(product, factor);
    }
    sum = plus(sum, product);
  }
  return wanted !== null && sum.over * wanted.under === wanted.over * sum.under;
}

// viz/front/maps/lines.js
var MOST_TERMS = 10;
var MOST_NAMED = 4;
var MOST_FED = 3;
var SAYS_ITS_NUMBER = /^[-+]?[\d./]+( ?\(.*\))?$|=/;
function lineOf(stage, subject) {
  const { kind, words, view, note } = subject;
  if (kind === "sum") return sumLine(stage, subject);
  if (kind === "mixed") return mixedLine(stage, subject);
  if (kind === "reach") return reachLine(stage, subject);
  if (kind === "note") return plainLine(note ?? "");
  const asked = view.pinned === null ? words.large : words.asking;
  return plainLine(kind === "large" ? asked : words.too_large);
}
function number(stage, value) {
  const { theme } = stage.packet;
  return typographic(shortNumber(value, theme.digits, theme));
}
function asOn(stage, key, value) {
  const style = stage.styles.get(key);
  return style ? styled(value, style) : number(stage, value);
}
function sumLine(stage, subject) {
  const { view, terms, recorded, total, round, words } = subject;
  const { shown, rest } = largest(terms, MOST_TERMS, ({ product }) => product);
  const write = (value) => asOn(stage, view.spec.key, value);
  const left = { count: rest.length, value: write(addUp(rest, round)) };
  const more = rest.length ? fill(words.more, left) : "";
  const parts = shown.map((term) => partsOf2(stage, subject, term));
  const factors = [...parts.map((each) => each.factors), ...rest.length ? [[left.value]] : []];
  const start = write(recorded);
  const sign = addsUp(start, factors) ? "=" : "≈";
  const odds = fill(words.differs, { difference: number(stage, subject.difference) });
  const note = subject.note || (terms.length ? "" : words.nothing);
  const totals = { total: write(total), recorded: start, odds };
  const written = parts.map(({ text }) => text).join(" + ") || "0";
  const verdict = verdictOf(subject, totals);
  return {
    write: (box) => writeTerms(box, subject, parts, { start, sign, more, note }),
    verdict: (box) => writeVerdict(box, verdict, subject, odds),
    spoken: [`${start} ${sign} ${written} ${more}`, ...verdict.said, note],
    data: { ...dataOf(subject, shown.length), sign }
  };
}
function writeTerms(box, { view, recorded }, parts, { start, sign, more, note }) {
  box.classList.toggle("many", parts.length > MOST_NAMED);
  writeChip(box, "value", start, view, recorded);
  box.append(` ${sign} `);
  parts.forEach((part, at) => {
    if (at) box.append(" + ");
    writePart(box, part);
  });
  if (!parts.length) box.append("0");
  if (more) element(box, "span", "more", ` ${more}`);
  if (note) element(box, "span", "note", ` ${note}`);
}
function writeChip(box, className, text, view, value) {
  const { colour, ink } = coloursOf(view, value);
  const chip = element(box, "span", `chip ${className}`, text);
  Object.assign(chip.style, { background: colour, color: ink });
}
function verdictOf({ agrees, words }, { total, recorded, odds }) {
  const said = fill(words.recorded, { value: recorded });
  if (agrees && total === recorded) {
    const same = fill(words.too, { recorded: said });
    return { shown: [["recorded tick", same]], said: [same] };
  }
  const both = [fill(words.total, { value: total }), said];
  const shown = [
    ["total", both[0]],
    ["recorded", both[1]],
    agrees ? ["tick", "✓"] : ["cross", `✗ ${odds}`]
  ];
  return { shown, said: [...both, agrees ? words.agrees : odds] };
}
function writeVerdict(box, { shown }, { agrees, difference }, odds) {
  for (const [className, text] of shown) {
    const part = element(box, "span", className, text);
    if (className.endsWith("tick") && agrees && difference) part.title = odds;
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
function partsOf2(stage, { view, terms }, term) {
  const { link, value, product } = term;
  const on = stage.byKey.get(link.to);
  const summed = asOn(stage, on ? link.to : view.spec.key, value);
  const cell = summedCell(stage, term);
  const around2 = placeOf3(cell, on, value);
  if (link.function) {
    const text2 = `${link.function}(${summed})`;
    const factors = [asOn(stage, view.spec.key, product)];
    return { ...around2, coefficient: text2, name: "", value: "", text: text2, factors, implied: false };
  }
  const { coefficient, name: name2, text } = factorOf(stage, term);
  const named = name2 ? `${coefficient} ${name2}` : coefficient;
  const implied = terms.length > 1 && terms.every((other) => isCopy(other, term));
  const parts = { ...around2, coefficient, name: name2, implied };
  if (!cell) return { ...parts, value: "", text: named, factors: [text] };
  return { ...parts, value: summed, text: `${named} × ${summed}`, factors: [text, summed] };
}
function placeOf3(cell, view, value) {
  if (!cell) return { where: "", from: "", chip: null };
  const where = `${cell.title} [${cell.index.join(", ")}]`;
  return { where, from: cell.index.join(","), chip: view ? { view, value } : null };
}
function factorOf(stage, { link, at }) {
  const name2 = link.name_of ? link.names[link.name_of[at]] : "";
  if (!SAYS_ITS_NUMBER.test(name2)) {
    const coefficient = number(stage, link.coefficients[at]);
    return { coefficient, name: name2, text: coefficient };
  }
  const [text] = /[-+]?[\d./]+(e[-+]?\d+)?(?= |$)/.exec(name2) ?? [""];
  return { coefficient: typographic(name2), name: "", text };
}
function isCopy({ link, at }, other) {
  const nameOf = (each) => {
    const { name_of: which, names } = each.link;
    return which ? names[which[each.at]] : "";
  };
  return link.coefficients[at] === 1 && !link.function && nameOf({ link, at, value: 0 }) === nameOf(other);
}
function writePart(parent, { coefficient, name: name2, value, where, from, chip, implied }) {
  const line = element(parent, "span", "term");
  const factor = element(line, "span", implied ? "factor implied" : "factor");
  element(factor, "span", "coefficient", coefficient);
  if (name2) element(factor, "span", "name", ` ${name2}`);
  if (value) factor.append(" × ");
  if (chip) writeChip(line, "summed", value, chip.view, chip.value);
  else if (value) line.append(value);
  if (!where) return;
  line.dataset.from = from;
  line.title = [name2, where].filter(Boolean).join(" × ");
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
  const count = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count] ?? words.feeds;
  const start = fill(sentence, { value: asOn(stage, view.spec.key, value), count });
  const fed = shown.map((term) => {
    const spec = stage.byKey.get(term.link.from)?.spec;
    const index = spec ? fullIndex(spec, term.cell) : [];
    const cell = `${wordsOf(stage.words, term.link).explained}[${index.join(",")}]`;
    if (!adds) return slopeText(stage, cell, term);
    return fill(words.gets, { cell, term: termText(stage, term) });
  });
  const data = { cells: String(count), terms: String(terms.length) };
  return listLine(start, fed, terms.length, words, data);
}
function slopeText(stage, cell, term) {
  return fill(stage.words.sum.slope, { cell, value: number(stage, slopeOf(term)) });
}
function listLine(start, listed, count, words, data) {
  const left = count - listed.length;
  const more = left > 0 ? [fill(words.more_cells, { count: left })] : [];
  const text = `${start} ${[...listed, ...more].join("; ")}`;
  return plainLine(text, { ...data, shown: String(listed.length) });
}
function plainLine(text, data = {}) {
  const write = (box) => element(box, "span", "plain", text);
  return { write, verdict() {
  }, spoken: [text], data };
}

// viz/front/maps/sum.js
var MOST_HEIGHT = 190;
var SAMPLES = 12;
function buildSum(root) {
  const box = element(root, "div", "sum");
  const terms = element(box, "div", "terms");
  const verdict = element(box, "div", "verdict");
  const spoken = element(root, "div", "spoken", "", { ariaLive: "polite" });
  return { box, terms, verdict, spoken };
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
  const line = lineOf(stage, subject);
  line.write(terms);
  line.verdict(verdict);
  if (pinned) element(verdict, "span", "pinned", words.pinned);
  const cell = fullIndex(view.spec, k).join(",");
  Object.assign(box.dataset, line.data, { map: view.spec.key, cell, pinned: String(pinned) });
  terms.scrollTop = 0;
  speak(stage, [`${view.spec.title} [${cell}]`, ...line.spoken]);
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
    const said = sentences.map((sentence) => sentence.trim()).filter(Boolean);
    stage.sum.spoken.textContent = said.join(". ");
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
  const line = lineOf(stage, subject);
  const tried = element(measure2, "div", "trial");
  line.write(element(tried, "div", "terms"));
  const verdict = element(tried, "div", "verdict");
  line.verdict(verdict);
  element(verdict, "span", "pinned", subject.words.pinned);
  return tried;
}
function samples(stage) {
  const { links, answer } = stage.packet;
  const subjects = [];
  const add = (view, k) => {
    const subject = view && k >= 0 && k < view.spec.count && subjectOf(stage, view, k);
    if (subject) subjects.push(subject);
  };
  const about = answer && stage.byKey.get(answer.map);
  if (about) add(about, offsetOf(about.spec, answer.index));
  for (const link of links) {
    for (const k of explainedSamples(link)) add(stage.byKey.get(link.from), k);
    const to = stage.byKey.get(link.to);
    if (to && !link.large && link.cells.length) {
      for (let part = 0; part < SAMPLES; part += 1) {
        add(to, Math.floor(part * to.spec.count / SAMPLES));
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
    (_, part) => Math.floor(part * cells.length / SAMPLES)
  );
  return [longest2, ...noted2, ...spread].filter((row) => row >= 0).map((row) => cells[row]);
}

// viz/front/maps/pointing.js
var SIGHT_GAP = 16;
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
function outline(stage) {
  const { palette } = stage;
  const linked = outlined(stage);
  for (const view of stage.views) {
    if (view.spec.missing || !palette) continue;
    const cells = linked.get(view) ?? /* @__PURE__ */ new Set();
    const groups = groupsOf(view, cells);
    if (groups.length || view.marked) paintOutlines(view, groups);
    view.marked = groups.length > 0;
    view.scroller.dataset.linkedCount = String(cells.size);
    const listed = [...cells].slice(0, MOST_LISTED);
    view.scroller.dataset.linked = listed.map((k) => view.spec.start + k).join(",");
  }
}
function groupsOf(view, linked) {
  const { stage, pinned, hovered } = view;
  const { accent, background, text, linked: orange, linkedEdge } = stage.palette;
  const groups = [];
  if (view.spec.reach) {
    groups.push({ cells: reachOf2(view), colour: text, edge: background, together: true });
  }
  if (linked.size) groups.push({ cells: linked, colour: orange, edge: linkedEdge });
  if (hovered !== null && hovered !== pinned) {
    const explained = stage.subject?.view === view && stage.subject.k === hovered;
    const [colour, edge] = explained ? [orange, linkedEdge] : [text, background];
    groups.push({ cells: [hovered], colour, edge });
  }
  const resting = restingOn(view);
  if (resting !== null) groups.push({ cells: [resting], colour: orange, edge: linkedEdge });
  if (pinned !== null) groups.push({ cells: [pinned], colour: accent, edge: background });
  return groups;
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
  outline(stage);
  if (!stage.sum.box.hidden) writeSum(stage);
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
function pinAnswered({ packet, touched, byKey, asked }) {
  const place2 = packet.answer ?? packet.held;
  const view = place2 ? byKey.get(place2.map) : void 0;
  if (!place2 || !view || touched || isAtRest(asked, place2)) return;
  const k = offsetOf(view.spec, place2.index);
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
function scrollTo(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  const within2 = (scroll, at, visible) => Math.min(Math.max(scroll, at + layout.cell + 4 - visible), at - 4);
  scroller.scrollLeft = within2(scroller.scrollLeft, x, seen.width);
  scroller.scrollTop = within2(scroller.scrollTop, y, seen.height);
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
function listen(view) {
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
var TITLE_LETTER = 8.8;
var BETWEEN_WIDTH = { most: 190, least: 118, arrow: 40 };
var EVEN_CELL = 64;
var COLUMN_GAP = 22;
var NARROW_GAP = 12;
var STACK_BELOW = 560;
var FILLED_CELL = 66;
var ROOM = { height: ONE_TILE_HEIGHT, cell: BIGGEST_CELL };
function arrange(stage, all = false) {
  const width = stage.root.clientWidth;
  stage.width = width;
  if (!width) return;
  stage.palette = readPalette(stage, all ? void 0 : stage.palette);
  stage.packet.rows.forEach((_, row) => arrangeRow(stage, row));
  reserve(stage);
  relate(stage);
}
function arrangeRow(stage, row) {
  const views = stage.views.filter((view) => view.row === row);
  const parent = views[0]?.card.parentElement;
  if (!parent) return;
  const narrow = stage.width < STACK_BELOW;
  const stacked = narrow && standBelow(views);
  const between = (
    /** @type {HTMLElement | null} */
    parent.querySelector(".between")
  );
  const column = between && !narrow ? betweenWidth(stage, views) : 0;
  const gap = narrow ? NARROW_GAP : COLUMN_GAP;
  const taken = (views.length - 1) * gap + (column ? column + gap : 0);
  const { shares, most } = stacked ? { shares: views.map(() => stage.width), most: roomOf(stage).cell } : sharesOf(views, stage.width - taken, narrow);
  const columns = shares.map((each) => `${each}px`);
  if (column) columns.splice(1, 0, `${column}px`);
  parent.classList.toggle("stacked", stacked);
  parent.classList.toggle("narrow", narrow && !stacked);
  parent.style.gridTemplateColumns = stacked ? "" : columns.join(" ");
  views.forEach(({ card }, at) => {
    card.style.gridColumn = stacked ? "" : String(at + 1 + Number(at > 0 && column > 0));
  });
  views.forEach((view, at) => placeAnew(view, shares[at], most));
  showLegends(stage, views, stage.scales[row]);
}
function standBelow(views) {
  return views.length > 2 || views.some(({ spec }) => spec.asked);
}
function roomOf(stage) {
  return stage.roomOf?.() ?? ROOM;
}
function betweenWidth(stage, views) {
  const { most, least, arrow } = BETWEEN_WIDTH;
  if (!stage.packet.between.length && !stage.tools) return arrow;
  const left = stage.width - views.length * (roomOf(stage).height + 1 + COLUMN_GAP);
  return Math.min(most, Math.max(least, left));
}
function sharesOf(views, total, narrow) {
  const room = roomOf(views[0].stage);
  if (narrow && views.length > 1) {
    return { shares: views.map(() => Math.floor(total / views.length)), most: room.cell };
  }
  const wishes = views.map(({ spec }) => {
    const title = Math.min(spec.title.length * TITLE_LETTER, total / views.length);
    const filled = (spec.asked?.columns ?? 0) * FILLED_CELL;
    return Math.max(CARD_WIDTH, title, spec.missing ? filled : layOut(spec, total, room).width);
  });
  const tight = views.length > 2 && wishes.reduce((sum, wish) => sum + wish, 0) > total;
  const specs = views.map((view) => view.spec);
  const even = tight ? shareByCells(specs, total) : null;
  return { shares: even ?? share(wishes, total), most: even ? EVEN_CELL : room.cell };
}
function placeAnew(view, width, most) {
  const { spec, stage, placed: placed2 } = view;
  const { height } = roomOf(stage);
  const { decimals, power } = stage.styles.get(spec.key) ?? {};
  const looks = [stage.palette, stage.words.maps.channel, stage.packet.scaling, decimals, power];
  const place2 = [spec, width, most, height, ...looks];
  if (spec.missing || place2.every((each, at) => each === placed2[at])) return;
  view.placed = place2;
  view.layout = layOut(spec, width, { height, cell: most });
  fit(view, width);
  view.texts = chooseTexts(view);
  view.scroller.dataset.numbers = view.texts?.font ?? "";
  readOut(view);
  paintCells(view);
}
function fit(view, width) {
  const { scroller, content, layout } = view;
  const most = roomOf(view.stage).scroll ?? SCROLL_HEIGHT;
  const scrollsDown = layout.height > most;
  const bar = scrollsDown ? SCROLLBAR : 0;
  const scrollsAcross = layout.width > width - bar;
  resize(scroller, {
    width: Math.min(width, layout.width + bar),
    height: Math.min(layout.height, most) + (scrollsAcross ? SCROLLBAR : 0)
  });
  resize(content, layout);
  for (
    const part of
    /** @type {const} */
    ["cell", "across", "label", "stepX", "stepY"]
  ) {
    scroller.dataset[part] = String(layout[part]);
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
function resize({ style }, { width, height }) {
  style.width = `${width}px`;
  style.height = `${height}px`;
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
  const scale = pictureScale(width, height);
  const canvas = canvasOf(width * scale, height * scale);
  const context = contextOf(canvas);
  context.scale(scale, scale);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  for (const still of stills) {
    paintWords(context, still);
    paintMap(context, scale, still);
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
  let [top, right] = [MARGIN3, 0];
  packet.rows.forEach((_, row) => {
    const inRow = views.filter((view) => view.row === row);
    const words = Math.max(0, ...inRow.map((view) => wordsOf2(view).length)) * LINE2;
    let [left, tallest] = [MARGIN3, 0];
    for (const view of inRow) {
      const layout = view.spec.missing ? null : layOut(view.spec, WIDTH);
      stills.push({ view, layout, left, top, words });
      left += Math.max(layout?.width ?? 0, CARD) + MARGIN3;
      tallest = Math.max(tallest, layout?.height ?? 0);
    }
    right = Math.max(right, left);
    top += words + tallest + LEGEND.height + MARGIN3;
  });
  return { stills, width: right, height: top };
}
function wordsOf2({ spec }) {
  const { title, subtitle, notes, missing } = spec;
  const lines = [
    { text: title, size: LINES.title, weight: "650 " },
    { text: subtitle, size: LINES.subtitle, weight: "" },
    { text: notes, size: LINES.notes, weight: "" },
    { text: missing, size: LINES.notes, weight: "" }
  ];
  return lines.filter(({ text }) => text);
}
function paintWords(context, { view, layout, left, top }) {
  const { text: ink, family } = view.stage.palette;
  context.fillStyle = ink;
  wordsOf2(view).forEach(({ text, size, weight }, line) => {
    context.font = `${weight}${size}px ${family}`;
    context.fillText(text, left, top + (line + 0.7) * LINE2, Math.max(layout?.width ?? 0, CARD));
  });
}
function paintMap(context, scale, { view, layout, left, top, words }) {
  if (!layout) return;
  const { width, height } = layout;
  const cells = canvasOf(width * scale, height * scale);
  const scroller = { scrollLeft: 0, scrollTop: 0 };
  const { stage, spec } = view;
  const texts = chooseTexts({ stage, spec, layout, cells });
  paintCells({ stage, spec, layout, cells, texts, scroller, seen: layout, ratio: scale });
  context.drawImage(cells, left, top + words, width, height);
  paintScale(context, view, { left, top: top + words + height + 6 });
}
function paintScale(context, { stage, spec }, { left, top }) {
  const { width, bar } = LEGEND;
  const { palette } = stage;
  const colours = scaleColours(palette.table, stage.packet.theme.half);
  const gradient = context.createLinearGradient(left, 0, left + width, 0);
  colours.forEach((colour, at) => gradient.addColorStop(at / (colours.length - 1), colour));
  context.fillStyle = gradient;
  context.fillRect(left, top, width, bar);
  context.fillStyle = palette.text;
  context.font = `13px ${palette.numbers}`;
  const three = [
    ["left", 0],
    ["center", 0.5],
    ["right", 1]
  ];
  const places = spec.ends.length > 1 ? three : [three[1]];
  places.forEach(([align, part], at) => {
    context.textAlign = align;
    context.fillText(typographic(spec.ends[at]), left + part * width, top + bar + 14);
  });
  context.textAlign = "left";
}

// viz/front/maps/styles.js
function stylesOf(views) {
  const drawn = views.map(({ spec }) => spec).filter(({ missing }) => !missing);
  const styles = /* @__PURE__ */ new Map();
  for (const group of new Set(drawn.map((spec) => spec.group))) {
    const specs = drawn.filter((spec) => spec.group === group);
    const numbers = specs.map(({ values }) => values);
    const style = styleOf(Math.max(...numbers.map(largestOf)), numbers);
    for (const { key } of specs) styles.set(key, style);
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
      roomOf: roomOf3,
      tools,
      onCard
    } = options;
    root.classList.add("maps");
    for (const transition of root.getAnimations()) transition.cancel();
    const told = { onCell, onPinned, resting, eager, roomOf: roomOf3, tools, onCard };
    const empty = { root, words, ...told, views: [], signature: "" };
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
    stage.styles = stylesOf(stage.views);
    stage.byKey = new Map(stage.views.map((view) => [view.spec.key, view]));
    stage.root.style.setProperty("--maps-linked", packet.theme.linked[0]);
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
}
function buildBetween(parent, { between, arrow }) {
  if (!between.length && !arrow) return null;
  const block = element(parent, "div", "between");
  if (arrow) {
    element(block, "div", "arrow", ARROWS[arrow], { ariaHidden: "true" }).dataset.to = arrow;
  }
  for (const line of between) element(block, "p", "", line);
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
  const [title, subtitle, notes] = ["title", "subtitle", "notes"].map(
    (name2) => element(card, "div", name2)
  );
  Object.assign(title, { role: "heading", ariaLevel: "4" });
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
  const words = { title, subtitle, notes, missing, filling, readout, legend };
  const parts = { card, scroller, content, window: window2, cells, outlines, ...words };
  const state = { hovered: null, pinned: null, cursor: null, marked: false };
  const empty = { stage, row, ...parts, ...state };
  const view = (
    /** @type {View} */
    empty
  );
  listen(view);
  return view;
}
function update(view, spec) {
  if (view.spec === spec) return;
  forget(view, spec);
  view.spec = /** @type {Drawn} */
  spec;
  view.placed = [];
  view.largest = void 0;
  view.stage.asked = void 0;
  view.title.textContent = spec.title;
  view.subtitle.textContent = spec.subtitle;
  view.notes.textContent = spec.notes ?? "";
  view.missing.textContent = spec.missing ?? "";
  view.missing.hidden = !spec.missing;
  for (const part of [view.scroller, view.readout, view.legend]) part.hidden = !!spec.missing;
  view.card.dataset.shape = spec.shape?.join(",") ?? "";
  view.card.dataset.scale = String(spec.scale ?? "");
  view.scroller.tabIndex = spec.missing ? -1 : 0;
  view.scroller.ariaLabel = spec.summary ?? "";
  view.stage.onCard?.(view);
}
function forget(view, spec) {
  const same = (
    /** @type {const} */
    ["title", "subtitle", "start", "shape"].every(
      (part) => JSON.stringify(view.spec?.[part]) === JSON.stringify(spec[part])
    )
  );
  for (
    const cell of
    /** @type {const} */
    ["pinned", "hovered", "cursor"]
  ) {
    if (!same || (view[cell] ?? 0) >= (spec.count ?? 0)) view[cell] = null;
  }
}

// viz/front/strip/place.js
function placeOf4(boxes, node) {
  const number2 = node ? Number(node.slice(1)) : -1;
  return boxes.findIndex(
    (box) => box.ranges.some(([first, last]) => first <= number2 && number2 <= last)
  );
}

// viz/front/pins/pins.js
var MOST2 = 4;
var PIN = /^(n\d{1,6})(g\d{1,6}|v|p)?(?:s(\d{1,6}))?(?:c(\d{1,6}|all))?$/;
var TABS = (
  /** @type {Record<string, Show>} */
  { v: "values", p: "parameters" }
);
function readPins(text) {
  return [...new Set(text.split(","))].flatMap((each) => readPin(each) ?? []).slice(0, MOST2);
}
function readPin(text) {
  const found = PIN.exec(text);
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
function writePin({ node, show, part, sample, channel }) {
  const gradient = part === null ? "" : `g${part}`;
  const tab = show === "gradient" ? gradient : show[0];
  return `${node}${tab}${sample ? `s${sample}` : ""}${channel === null ? "" : `c${channel}`}`;
}
function writePins(pins) {
  return pins.map(writePin).join(",");
}
function toggled(text, pin2) {
  const pins = readPins(text);
  const written = writePin(pin2);
  const others = pins.filter((each) => writePin(each) !== written);
  if (others.length < pins.length) return writePins(others);
  return pins.length < MOST2 ? writePins([...pins, pin2]) : text;
}
function standingOf(boxes, node) {
  const at = placeOf4(boxes, node);
  if (at < 0) return null;
  const { kind, name: name2, ranges } = boxes[at];
  const turn = alike(boxes.slice(0, at), kind, name2).length;
  return { kind, name: name2, turn, rank: numbersOf(ranges).indexOf(Number(node.slice(1))) };
}
function nodeAt(boxes, { kind, name: name2, turn, rank }) {
  const box = alike(boxes, kind, name2)[turn];
  if (!box?.node) return null;
  const number2 = numbersOf(box.ranges)[rank];
  return number2 === void 0 ? box.node : `n${number2}`;
}
function alike(boxes, kind, name2) {
  return boxes.filter((box) => box.kind === kind && box.name === name2);
}
function numbersOf(ranges) {
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)).sort((one, other) => one - other);
}

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
    tray.leave = () => this.button.focus();
  }
  /** What the inspector shows, as a pin. */
  get pin() {
    const { node, view } = this.store;
    const { part, sample, channel, show } = view;
    return { node, part, sample, channel, show };
  }
  press() {
    const { store } = this;
    store.change({ pins: toggled(store.view.pins, this.pin) }, true);
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

// viz/front/workbench/drawing.js
function picked({ samples: samples2, channels, first_channels: first }, choice) {
  const sample = choice.sample < samples2 ? choice.sample : 0;
  const channel = choice.channel ?? first[sample] ?? null;
  return {
    sample,
    channel: channel !== "all" && channel !== null && channel < channels ? channel : null
  };
}
function chosen(map, { sample, channel }) {
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
    const { tiling, start } = chosen(map, view);
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
    const nameOf = (map) => scaling === "own" ? map.key : map.group;
    const scales = /* @__PURE__ */ new Map();
    for (const each of picked2) {
      if (!("cells" in each) || !each.cells) continue;
      const { smallest, largest: largest2 } = measure(each.cells);
      const size = Math.max(Math.abs(smallest), Math.abs(largest2)) || 0;
      const name2 = nameOf(each.map);
      scales.set(name2, Math.max(scales.get(name2) ?? 0, size));
    }
    return new Map(
      picked2.map((each) => {
        const map = "map" in each ? each.map : each;
        return [map.key, scales.get(nameOf(map)) ?? 0];
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
    const notes = map.reach ? [this.reached(measured, tiling.count), ...odd, tiling.note].filter(Boolean) : this.notes(measured, odd, tiling.note);
    const scale = scales.get(map.key) ?? 0;
    const { tiles, rows, columns, across, label_axes, named_channels, count } = tiling;
    return {
      key: map.key,
      title: map.title,
      subtitle: tiling.rectangle ? fill(this.words.as_rectangle, { subtitle: map.subtitle, rows, columns }) : map.subtitle,
      group: map.group,
      notes: notes.join(" · "),
      summary: [this.summary(map, measured), ...notes.map((note) => `${note}.`)].join(" "),
      non_finite: odd.join(", "),
      scale,
      ends: (scale ? [-scale, 0, scale] : [0]).map((end) => this.short(end)),
      shape: map.shape,
      ...{ start, count, tiles, rows, columns, across, label_axes, named_channels },
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
    const { key, title, subtitle, shape: shape2, hides } = map;
    return { key, title, subtitle, missing, shape: shape2, hides, asked: this.asked(map, view) };
  }
  /**
   * Which cells of a hidden map are filled in.
   * @param {MapPage} map
   * @param {Chosen} view
   */
  asked(map, view) {
    if (!map.hidden || !map.all) return null;
    const { tiling, start } = chosen(map, view);
    const [rows, columns] = tiling.window ?? [0, 0];
    const whole = rows * columns === tiling.count;
    const first = tiling.tiles > 1 && rows === tiling.rows && columns === tiling.columns;
    const words = first ? this.words.asked_first : this.words.asked_corner;
    const note = whole ? "" : fill(words, { rows, columns });
    return { name: map.hidden, start, rows, columns, note };
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
    return counts.filter(([, count]) => count).map(([words, count]) => fill(words, { count }));
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
   * What neither the colours nor their scale say.
   * @param {ReturnType<typeof measure>} measured
   * @param {string[]} odd
   * @param {string} left
   */
  notes({ smallest, largest: largest2 }, odd, left) {
    const zero = smallest === 0 && largest2 === 0 && !odd.length;
    const notes = zero ? [this.words.all_zero] : odd;
    return left ? [...notes, left] : notes;
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
  for (const [value, text, called = ""] of options) {
    const segment = element(root, "label", "", "", { title: called });
    const input = element(segment, "input", "", "", { type: "radio", name: name2, value });
    if (called) input.ariaLabel = called;
    element(segment, "span", "", text);
    input.addEventListener("change", () => take(value));
  }
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

// viz/front/pins/tray.js
var ROOM2 = { height: 200, cell: 72 };
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
    const head2 = element(root, "header");
    this.title = element(head2, "h3", "tray-head", words.workbench.pins, { tabIndex: -1 });
    this.scales = new Scales(store, words.maps, "pinned-scale");
    head2.append(this.scales.root);
    this.lost = element(root, "p", "lost", "", { role: "status", hidden: true });
    this.row = element(root, "div", "pinned");
    root.hidden = true;
    root.addEventListener("keydown", (event) => this.key(event));
    this.leave = () => {
    };
    this.cards = /* @__PURE__ */ new Map();
    this.standings = /* @__PURE__ */ new Map();
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
   * Show the pins of a run; they are the same layers as before, wherever these stand now.
   * @param {Scene} scene
   * @param {Drawing} drawing
   */
  take(scene, drawing) {
    this.scene = scene;
    this.drawing = drawing;
    this.pieces.clear();
    const moved2 = this.pins.map((pin2) => this.moved(pin2, scene));
    const gone = this.pins.filter((_, at) => !moved2[at]);
    const names = gone.map(({ node }) => this.standings.get(node)?.name ?? node);
    this.standings.clear();
    this.store.change({ pins: writePins(moved2.filter((pin2) => pin2 !== null)) });
    this.say(names);
    this.draw();
  }
  /**
   * A pin in another run; null where its layer is not there any more.
   * @param {Pin} pin
   * @param {Scene} scene
   */
  moved(pin2, { count, strip }) {
    const standing = this.standings.get(pin2.node);
    const node = standing ? nodeAt(strip.boxes, standing) : pin2.node;
    return node && Number(node.slice(1)) < count ? { ...pin2, node } : null;
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
    for (const { node } of pins) {
      const standing = standingOf(scene.strip.boxes, node);
      if (standing) this.standings.set(node, standing);
    }
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
    rows.forEach((row, at) => {
      const specs = row.map((each) => drawing.specify(each, scales, found[at].chosen));
      const around2 = { links: [], answer: null, between: [], arrow: found[at].page.arrow };
      const { maps } = (
        /** @type {Card} */
        this.cards.get(writePin(found[at].pin))
      );
      const how = { scaling: store.view.scale, held: null, theme: drawing.theme };
      maps.show({ rows: [specs], ...around2, ...how });
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
  pick({ pin: pin2, node, tab, page: page2, chosen: chosen2 }, drawing, asked) {
    return (page2.rows[0] ?? []).map((map) => {
      const key = `${writePin(pin2)} ${map.key}`;
      const missing = [];
      const found = () => this.pieces.get(key) ?? null;
      const cells = drawing.pick({ ...map, key }, chosen2, found, missing);
      for (const { start, count } of missing)
        asked.push({ key, of: { node: node.id, page: tab, map: map.key, start, count } });
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
    const head2 = element(root, "header");
    const title = element(head2, "h4", "head");
    const close = button(head2, "✕", "close", () => this.close(pin2));
    const onCell = () => {
    };
    const options = { onCell, roomOf: () => ROOM2 };
    return { root, title, close, maps: new Maps(element(root, "div"), this.words, options) };
  }
  /**
   * What is pinned, in words.
   * @param {Found} found
   */
  told({ pin: pin2, node, page: page2, chosen: chosen2 }) {
    const { workbench: words } = this.words;
    const { sample, channel } = chosen2;
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

// viz/front/steps/motion.js
var RUN = 450;
var FILL = 350;
var APPEAR = 150;
var STEP = RUN + FILL + APPEAR;
var POINTS = 12;
var SVG2 = "http://www.w3.org/2000/svg";
var ROWS = 6;
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
    for (const part of filled) {
      const cut = [{ clipPath: "inset(0 0 100% 0)" }, { clipPath: "inset(0 0 0 0)" }];
      this.move(part, cut, { delay: after, duration: FILL, easing: `steps(${ROWS})` });
    }
    const late = after + (filled.length ? FILL : 0);
    for (const part of shown)
      this.move(part, [{ opacity: 0 }, { opacity: 1 }], { delay: late, duration: APPEAR });
  }
  /** @param {Run} run */
  run({ path, backward, radius }) {
    const dot = document.createElementNS(SVG2, "circle");
    dot.setAttribute("class", "dot");
    dot.setAttribute("r", String(radius));
    path.parentNode?.append(dot);
    const length = path.getTotalLength();
    const frames2 = Array.from({ length: POINTS + 1 }, (_, at) => {
      const share3 = at / POINTS;
      const { x, y } = path.getPointAtLength(length * (backward ? 1 - share3 : share3));
      return { transform: `translate(${x}px, ${y}px)` };
    });
    const moved2 = this.move(dot, frames2, { duration: RUN, easing: "ease-in-out" });
    moved2.addEventListener("finish", () => dot.remove());
  }
  /**
   * @param {Element} part
   * @param {Keyframe[]} frames
   * @param {KeyframeAnimationOptions} how
   */
  move(part, frames2, how) {
    const moved2 = part.animate(frames2, { fill: "backwards", ...how });
    this.moving.push(moved2);
    return moved2;
  }
};

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
  const place2 = element(bar, "span", "place on");
  const stop = button(bar, "✕", "on stop", acts.stop);
  const sentence = element(root, "p", "sentence", "", { ariaLive: "polite" });
  return {
    root: bar,
    buttons: { first, previous, play, next, last, stop },
    slider,
    place: place2,
    sentence
  };
}

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
    return STEP + PAUSE.ms / ((this.data?.count ?? 0) < PAUSE.many ? 1 : 3);
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
    const place2 = fill(this.words.position, { place: this.at + 1, count: this.data.count });
    this.bar.place.textContent = place2;
    this.bar.slider.ariaValueText = place2;
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
    for (const part of [buttons.stop, slider]) this.allow(part, on);
  }
  /**
   * What is switched off loses the focus, and with it the keys: hand it on.
   * @param {HTMLButtonElement | HTMLInputElement} part
   * @param {boolean} allowed
   */
  allow(part, allowed) {
    if (!allowed && focused(part) === part) this.bar.buttons.play.focus();
    part.disabled = !allowed;
  }
  /** The sentence of this step, or none while it is asked for. */
  say() {
    const { first, sentences } = (
      /** @type {StepsData} */
      this.data
    );
    const said = sentences[this.at - first];
    const asked = this.missing === this.at;
    this.missing = said === void 0 ? this.at : null;
    if (said === void 0 && !asked) this.options.onMissing?.(this.at);
    return said ?? "";
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

// viz/front/profile/scale.js
function scaleOf(highest, lowest, top, floor) {
  const decades = Math.log10(highest / lowest);
  return (value) => top + (floor - top) * Math.log10(highest / value) / decades;
}
function marksOf(peaks, states, { highest, lowest, top, floor }) {
  const scale = scaleOf(highest, lowest, top, floor);
  return Array.from(peaks, (value, at) => {
    if (states[at] === "not finite") return { y: top, look: "odd" };
    if (states[at] === "zero") return { y: floor, look: "zero" };
    if (states[at] !== "number") return null;
    if (value > highest) return { y: top, look: "above" };
    if (value < lowest) return { y: floor, look: "below" };
    return { y: scale(value), look: "number" };
  });
}
function linesOf2(links, path, marks) {
  const next = new Map(path.map((at, place2) => [at, path[place2 + 1]]));
  return links.filter(([source, target, flows]) => flows && isDrawn(marks[source]) && isDrawn(marks[target])).map(([source, target]) => ({ source, target, main: next.get(target) === source }));
}
function isDrawn(mark) {
  return mark !== null && mark.look !== "odd";
}
function namedEvery(count, room, each) {
  const fitting = Math.max(1, Math.floor(room / each));
  const every = Math.ceil(count / fitting);
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3].find((step2) => step2 >= every) ?? every;
}

// viz/front/profile/shapes.js
var SVG3 = "http://www.w3.org/2000/svg";
function shape(parent, tag, attributes, text = "") {
  const made = document.createElementNS(SVG3, tag);
  for (const [name2, value] of Object.entries(attributes)) made.setAttribute(name2, String(value));
  if (text) made.textContent = text;
  parent.append(made);
  return made;
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
function drawGrid(svg, { highest, lowest, top, floor }, { gutter, width }, words, unchanged) {
  const scale = scaleOf(highest, lowest, top, floor);
  for (const [value, name2] of LINES2) {
    const y2 = Math.round(scale(value)) + 0.5;
    const line = { class: `grid ${name2}`, d: `M${gutter ? gutter - 4 : 0} ${y2}H${width}` };
    shape(svg, "path", line);
    const at = gutter ? { class: `axis ${name2}`, x: gutter - 9, y: y2 + 4 } : { class: "inside", x: 2, y: y2 - 3 };
    shape(svg, "text", at, words[name2]);
  }
  if (unchanged === null) return;
  const y = Math.round(scale(unchanged)) + 0.5;
  shape(svg, "path", { class: "unchanged", d: `M${gutter} ${y}H${width}` });
  shape(svg, "text", { class: "unchanged", x: width - 4, y: y + 12 }, words.unchanged);
}

// viz/front/profile/profile.js
var TOP = 13;
var FLOOR = { usual: 5, room: 10 };
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
  constructor(parent, words, told) {
    this.words = words;
    this.told = told;
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
    const axis = { highest, lowest, top: TOP, floor };
    const states = data.boxes.map(({ state }) => state);
    const marks = marksOf(data.peaks, states, axis).map(
      (mark, at) => plan.ahead[at] ? null : mark
    );
    this.svg.replaceChildren();
    this.svg.setAttribute("width", String(plan.width));
    this.svg.setAttribute("height", String(height));
    this.root.classList.toggle("windowed", Boolean(plan.window));
    const low = states.some((state, at) => state === "number" && data.peaks[at] <= unchanged);
    drawGrid(this.svg, axis, plan, this.words, low ? unchanged : null);
    if (plan.window) this.range(floor);
    this.lines(data, marks);
    if (plan.window) this.long(data, theme, marks, floor);
    else this.short(data, theme, marks, floor);
    this.targets(height);
  }
  /**
   * @param {StripData} data
   * @param {(Mark | null)[]} marks
   */
  lines({ links, path }, marks) {
    const { middle: middle3 } = (
      /** @type {Plan} */
      this.plan
    );
    const point = (at) => `${middle3(at)} ${marks[at]?.y}`;
    const drawn = linesOf2(links, path, marks);
    for (const main of [false, true]) {
      const d = drawn.filter((line) => line.main === main).map(({ source, target }) => `M${point(target)}L${point(source)}`).join("");
      if (d) shape(this.svg, "path", { class: main ? "main" : "side", d });
    }
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
  short({ peaks, ratios, marked }, theme, marks, floor) {
    const { middle: middle3, column, chosen: chosen2 } = (
      /** @type {Plan} */
      this.plan
    );
    const digits = column >= LONG ? theme.digits : theme.digits - 1;
    const write = (value) => shortNumber(value, digits, theme);
    marks.forEach((mark, at) => {
      if (!mark) return;
      this.point(mark, middle3(at), at === chosen2).setAttribute("data-at", String(at));
      const outside = mark.look !== "number";
      const kept = at === chosen2 || at === marks.length - 1;
      if (column < WRITTEN && !outside && !kept) return;
      const [x, y] = [middle3(at), Math.max(mark.y - 7, 11) + (mark.y <= TOP ? 14 : 0)];
      shape(this.svg, "text", { class: "value", "data-at": at, x, y }, write(peaks[at]));
    });
    Array.from(ratios).forEach((ratio, at) => {
      const [from, to] = [marks[at], marks[at - 1]];
      const named = at === marked;
      if (Number.isNaN(ratio) || !from || !(to || named) || column < WRITTEN && !named) return;
      const y = (from.y + (to?.y ?? from.y)) / 2;
      const text = `×${shortNumber(ratio, 2, theme)}`;
      const label = this.label(
        text,
        middle3(at) - column / 2,
        y + 17 < floor ? y + 17 : y - 16,
        named
      );
      label.setAttribute("data-at", String(at - 1));
    });
  }
  /**
   * One line, of which only the worst layer and the chosen one are marked.
   * @param {StripData} data
   * @param {Theme} theme
   * @param {(Mark | null)[]} marks
   * @param {number} floor
   */
  long({ boxes, ratios, marked }, theme, marks, floor) {
    const { middle: middle3, chosen: chosen2, width, gutter } = (
      /** @type {Plan} */
      this.plan
    );
    marks.forEach((mark2, at) => {
      if (mark2 && (at === chosen2 || mark2.look !== "number"))
        this.point(mark2, middle3(at), at === chosen2);
    });
    const every = namedEvery(boxes.length, width - gutter, ONE_NAME);
    const last = boxes.length - 1;
    boxes.forEach(({ name: name2 }, at) => {
      if (at !== last && (at % every || at > last - every / 2)) return;
      const end = at === 0 ? "first" : at === last ? "last" : "";
      shape(this.svg, "text", { class: `tick ${end}`, x: middle3(at), y: floor + 13 }, name2);
    });
    const mark = marked === null ? null : marks[marked];
    if (marked === null || !mark || Number.isNaN(ratios[marked])) return;
    const text = `${boxes[marked].name} ×${shortNumber(ratios[marked], 2, theme)}`;
    const y = mark.y + 30 < floor ? mark.y + 24 : mark.y - 24;
    shape(this.svg, "path", { class: "stem", d: `M${middle3(marked)} ${mark.y}V${y}` });
    this.label(text, middle3(marked), y, true);
  }
  /**
   * @param {Mark} mark
   * @param {number} x
   * @param {boolean} chosen
   */
  point({ y, look }, x, chosen2) {
    if (look === "above" || look === "below") {
      const tip = look === "above" ? -4 : 4;
      const d = `M${x - 5} ${y - tip}L${x} ${y + tip}L${x + 5} ${y - tip}Z`;
      return shape(this.svg, "path", { class: `point ${look}`, d });
    }
    const r = chosen2 ? 5.5 : 4;
    return shape(this.svg, "circle", { class: `point ${look}`, cx: x, cy: y, r });
  }
  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {boolean} worst
   */
  label(text, x, y, worst) {
    const width = text.length * PILL.letter + PILL.padding;
    const right = (
      /** @type {Plan} */
      this.plan.width - width / 2
    );
    const middle3 = Math.max(width / 2, Math.min(x, right));
    if (worst) {
      const box = { x: middle3 - width / 2, y: y - PILL.height / 2, width, height: PILL.height };
      shape(this.svg, "rect", { class: "worst", ...box, rx: PILL.height / 2 });
    }
    const kind = worst ? "ratio worst" : "ratio";
    return shape(this.svg, "text", { class: kind, x: middle3, y: y + 4 }, text);
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
    const { window: window2, middle: middle3, column } = (
      /** @type {Plan} */
      this.plan
    );
    if (!window2) return { x: 0, width: 0 };
    const [from, to] = [middle3(window2.first) - column / 2, middle3(window2.last) + column / 2];
    const width = Math.max(to - from, 12);
    return { x: (from + to - width) / 2, width };
  }
  /**
   * Parts that nobody sees, which say what stands there.
   * @param {number} height
   */
  targets(height) {
    const { middle: middle3, column, tell } = (
      /** @type {Plan} */
      this.plan
    );
    for (let at = 0; at < this.count; at += 1) {
      const box = { x: middle3(at) - column / 2, y: 0, width: column, height };
      shape(shape(this.svg, "rect", { class: "target", ...box }), "title", {}, tell(at));
    }
  }
  /**
   * The box whose column a pointer is in.
   * @param {PointerEvent} event
   */
  at({ clientX }) {
    const { middle: middle3, column } = (
      /** @type {Plan} */
      this.plan
    );
    const x = clientX - this.svg.getBoundingClientRect().left;
    return Math.min(Math.max(Math.round((x - middle3(0)) / column), 0), this.count - 1);
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

// viz/front/strip/changes.js
function isUntouched(picture) {
  return !picture || picture.largest === 0;
}
function amount(value, digits, theme, signed) {
  const written = shortNumber(value, digits, theme);
  return signed && value > 0 ? `+${written}` : written;
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
  const all = boxes.map((_, place2) => countsOf(reach, place2));
  const count = (name2) => all.filter((each) => each[name2] > 0).length;
  const inAll = fill(words.in_all, {
    values: count("values"),
    all_values: count("allValues"),
    gradients: count("gradients"),
    all_gradients: count("allGradients")
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
  return sentence.split("**").map((text, place2) => ({ text, strong: place2 % 2 === 1 })).filter(({ text }) => text);
}

// viz/front/strip/thumbnail.js
var ODD = -128;
var FULL = 127;
var TINT = 36;
var SINGLE = { value: 14, gradient: 22 };
var THINNEST = 12;
var MOST_LINE = 1.5;
var LINED = 7;
function unpacked({ cells, looks, largest: largest2 }) {
  const found = [];
  let start = 0;
  for (let at = 0; at < largest2.length; at += 1) {
    const [count, columns, plane] = looks.subarray(3 * at, 3 * at + 3);
    const own = cells.subarray(start, start + count);
    start += count;
    const rows = Math.ceil(count / columns);
    const picture = { cells: own, columns, rows, plane: plane - 1, largest: largest2[at] };
    found.push(count ? picture : null);
  }
  return Array.from({ length: found.length / 2 }, (_, at) => {
    return { value: found[2 * at], gradient: found[2 * at + 1] };
  });
}
function sizeOf({ rows, columns }, lane, side) {
  if (rows * columns === 1) return { width: SINGLE[lane], height: SINGLE[lane] };
  const scale = side / Math.max(rows, columns);
  return {
    width: Math.max(columns * scale, Math.min(THINNEST, side)),
    height: Math.max(rows * scale, Math.min(THINNEST, side))
  };
}
function paintsFor(theme, ink) {
  const table = isDark(ink) ? theme.light : theme.dark;
  const colour = (share3) => {
    const entry = 4 * (theme.half + Math.round(share3 * theme.half / FULL));
    return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
  };
  const colours = Array.from({ length: 2 * FULL + 1 }, (_, at) => colour(at - FULL));
  return { colours, odd: theme.non_finite, hatch: theme.hatch, ink };
}
function paint(canvas, picture, paints, { width, height }, outlined2 = false) {
  const { cells, columns, rows } = picture;
  const ratio = window.devicePixelRatio;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  if (!context) return;
  const [across, down] = [canvas.width / columns, canvas.height / rows];
  const gap = Math.min(across, down) / ratio >= LINED ? 1 : 0;
  cells.forEach((cell, at) => {
    const share3 = cells.length === 1 ? Math.sign(cell) * TINT : cell;
    const [left, top] = [at % columns * across, Math.floor(at / columns) * down];
    const [x, y] = [Math.round(left), Math.round(top)];
    const [w, h] = [Math.round(left + across) - x, Math.round(top + down) - y];
    context.fillStyle = cell === ODD ? paints.odd : paints.colours[share3 + FULL];
    context.fillRect(x, y, w - gap, h - gap);
    if (cell === ODD) hatch(context, x, y, w - gap, h - gap, paints.hatch);
  });
  if (outlined2) outline2(context, picture, paints.ink, ratio);
}
function outline2(context, picture, ink, ratio) {
  const { width, height } = context.canvas;
  const [across, down] = [width / picture.columns, height / picture.rows];
  const line = Math.max(1, Math.min(MOST_LINE * ratio, Math.min(across, down) / 3));
  const within2 = (at, most) => Math.min(Math.max(at, line / 2), most - line / 2);
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of rimOf(picture)) {
    context.moveTo(within2(fromX * across, width), within2(fromY * down, height));
    context.lineTo(within2(toX * across, width), within2(toY * down, height));
  }
  context.strokeStyle = ink;
  context.lineWidth = line;
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

// viz/front/strip/box.js
var LANES = (
  /** @type {const} */
  ["value", "gradient"]
);
var ROOMY = { usual: 74, room: 130 };
var REASONS = (
  /** @type {Record<string, [string, string]>} */
  {
    "not asked": ["not_asked", "not_asked_short"],
    nothing: ["nothing", "nothing_short"],
    "not kept": ["not_kept", "not_kept_short"],
    hidden: ["hidden", "hidden"]
  }
);
var UNRECORDED = ["unrecorded", "unrecorded"];
var SAME = ["same", "same_short"];
function makeBox(parent, box, words, act) {
  const made = button(parent, "", `box ${box.kind}`, act);
  const { node, layer, state } = box;
  Object.assign(made.dataset, { node, layer, state });
  if (!node) idle(made, true);
  element(made, "span", "name", box.name);
  element(made, "span", "detail", box.detail);
  const lanes = (
    /** @type {Lanes} */
    {}
  );
  for (const lane of LANES) {
    const part = element(made, "span", `lane ${lane}`);
    element(part, "span", "said", words[lane]);
    lanes[lane] = {
      part,
      canvas: element(part, "canvas", "", "", { ariaHidden: "true" }),
      number: element(part, "span", "number"),
      absent: element(part, "span", "absent-here")
    };
  }
  return { button: made, lanes };
}
function fillBox(made, box, pictures, how) {
  const touched = how.changed && LANES.some((lane) => !isUntouched(pictures?.[lane] ?? null));
  for (const lane of LANES) fillLane(made.lanes[lane], lane, box, pictures, how);
  made.button.classList.toggle("reached", touched);
  made.button.classList.toggle("untouched", how.changed && !touched);
}
function isShort({ box }) {
  return box < (inRoom() ? ROOMY.room : ROOMY.usual);
}
function fillLane({ part, canvas, number: number2, absent }, lane, box, pictures, how) {
  const { paints, sizes, theme, words, changed } = how;
  const picture = pictures ? pictures[lane] : null;
  const shown = picture && !(changed && isUntouched(picture)) ? picture : null;
  part.classList.toggle("none", !shown);
  const roomy = sizes.kind === "large" && !changed;
  const digits = roomy ? theme.digits : theme.digits - 1;
  number2.textContent = shown ? amount(shown.largest, digits, theme, changed) : "";
  const reason = pictures ? why(lane, box, Boolean(picture), isShort(sizes), words) : words.unsent;
  absent.textContent = shown ? "" : reason;
  if (shown) paint(canvas, shown, paints, sizeOf(shown, lane, sizes[lane]), changed);
}
function why(lane, { state, hides_value }, same, short, words) {
  const known = lane === "value" ? hides_value && "hidden" : state;
  const reasons = known && REASONS[known] || UNRECORDED;
  return words[(same ? SAME : reasons)[short ? 1 : 0]];
}
function tellBox(box, { peak, ratio, pictures, changed }, theme, words) {
  const write = (value, signed = false) => amount(value, theme.digits, theme, signed);
  const said = [box.name, box.detail, box.kind === "loss" ? "" : box.shape];
  for (const lane of LANES) {
    const picture = pictures?.[lane];
    if (!picture) continue;
    const sentence = words[changed ? `changed_${lane}` : `sample_${lane}`];
    said.push(fill(sentence, { value: write(picture.largest, changed) }));
    if ((changed || lane === "gradient") && picture.plane >= 0)
      said.push(fill(words.channel, { number: picture.plane }));
  }
  if (box.state in REASONS) said.push(words[REASONS[box.state][0]]);
  else said.push(fill(words.batch_gradient, { value: write(peak) }));
  if (!Number.isNaN(ratio)) said.push(fill(words.passes, { ratio: `×${write(ratio)}` }));
  if (!box.node) said.push(words.inert);
  return said.filter(Boolean).join(" · ");
}

// viz/front/strip/sizes.js
var PHONE2 = 560;
var GUTTER = 88;
var MOST3 = 24;
var WINDOW = 7;
var LARGE = 130;
var SNUG = 112;
var MEDIUM = 60;
var SMALL = 40;
var WIDEST = 200;
var ROOM3 = { gutter: 112, box: 112, gap: 14 };
var ON_PHONE = { column: 104, box: 82 };
var SIDES = { value: 34, gradient: 54 };
function sizesFor(count, width, large = false) {
  const phone = width < PHONE2;
  const gutter = gutterOf(phone, large);
  const room = width - gutter;
  const windowed = count > MOST3 || !phone && room / count < SMALL;
  const shown = windowed ? WINDOW : count;
  const column = phone ? ON_PHONE.column : Math.min(room / shown, WIDEST);
  const kind = phone ? "medium" : kindOf(column, large);
  const box = phone ? ON_PHONE.box : boxOf(column, kind, large);
  const beside2 = kind === "snug" ? 50 : SIDES.gradient;
  const gradient = Math.min(beside2, box - 8);
  return { kind, windowed, shown, gutter, column, box, value: SIDES.value, gradient };
}
function gutterOf(phone, large) {
  if (phone) return 0;
  return large ? ROOM3.gutter : GUTTER;
}
function kindOf(column, large) {
  if (column >= LARGE && !large) return "large";
  if (column >= SNUG && !large) return "snug";
  return column >= MEDIUM ? "medium" : "small";
}
function boxOf(column, kind, large) {
  if (large && kind === "medium") return Math.min(ROOM3.box, column - ROOM3.gap);
  if (kind === "large") return Math.min(122, column - 22);
  if (kind === "snug") return column - 16;
  return kind === "medium" ? Math.min(82, column - 9) : column - 6;
}
function middle2({ gutter, column }, at) {
  return gutter + (at + 0.5) * column;
}
function firstAround(count, shown, centre) {
  return Math.min(Math.max(Math.round(centre) - Math.floor(shown / 2), 0), count - shown);
}

// viz/front/strip/ways.js
var LEVELS = 4;
var BASE = 7;
var STEP2 = 6;
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
  return lowest ? BASE + lowest * STEP2 : 0;
}
function below(level, from, to, bottom) {
  const down = bottom + BASE + (level - 1) * STEP2;
  return `M${from} ${bottom}V${down}H${to}V${bottom + 1}`;
}
function head(x, y, way) {
  if (way === "up") return `M${x - 3} ${y + 4}L${x} ${y}L${x + 3} ${y + 4}`;
  const back = way === "left" ? 4 : -4;
  return `M${x + back} ${y - 3.5}L${x} ${y}L${x + back} ${y + 3.5}`;
}

// viz/front/strip/lines.js
function drawLines(svg, boxes, ways, sizes, first, heights) {
  svg.replaceChildren();
  const width = sizes.gutter + sizes.shown * sizes.column;
  const height = heights.bottom + roomBelow(ways);
  for (const [name2, value] of Object.entries({ width, height }))
    svg.setAttribute(name2, String(value));
  for (const way of ways) {
    const [source, target] = [way.source - first, way.target - first];
    if (target < 0 || source >= sizes.shown) continue;
    const ends2 = { source: middle2(sizes, source), target: middle2(sizes, target) };
    const nodes = { from: boxes[way.target].node, to: boxes[way.source].node };
    if (way.level) drawBelow(svg, way, ends2, heights.bottom, nodes);
    else drawBetween(svg, way, ends2, sizes.box / 2, heights, nodes);
  }
}
function drawBetween(svg, { flows }, ends2, half, { value, gradient }, nodes) {
  const [left, right] = [ends2.source + half + 2.5, ends2.target - half - 2.5];
  shape(svg, "path", { class: "forward", d: `M${left} ${value}H${right}` });
  shape(svg, "path", { class: "forward", d: head(right, value, "right") });
  if (!flows) return;
  const line = { class: "backward", d: `M${right} ${gradient}H${left}` };
  shape(svg, "path", { ...line, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head(left, gradient, "left") });
}
function drawBelow(svg, { flows, level }, ends2, bottom, nodes) {
  const [from, to] = [ends2.target - 7, ends2.source + 7];
  const d = below(level, from, to, bottom);
  if (!flows) {
    shape(svg, "path", { class: "forward", d });
    return;
  }
  shape(svg, "path", { class: "backward", d, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head(to, bottom + 1, "up") });
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
    const line = element(this.scroller, "div", "line");
    this.fan = shape(line, "svg", { class: "fan", "aria-hidden": "true" });
    const told = element(line, "div", "told");
    if (options.tools) told.append(options.tools);
    this.verdict = element(element(told, "p", "verdict"), "span");
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
    const lanes = element(this.row, "div", "lanes", "", { ariaHidden: "true" });
    return ["value", "gradient"].map((lane) => {
      const part = element(lanes, "span", lane);
      return [element(part, "b"), element(part, "span")];
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
    return this.data ? placeOf4(this.data.boxes, this.store.node) : -1;
  }
  /**
   * Show what is chosen, and how far the engine is while somebody steps.
   * @param {boolean} reveal
   */
  follow(reveal) {
    const { data, root } = this;
    this.width = root.clientWidth;
    if (!data || !this.width) return;
    const count = data.boxes.length;
    this.sizes = sizesFor(count, this.width, inRoom());
    const { shown } = this.sizes;
    const { chosen: chosen2 } = this;
    const around2 = chosen2 < this.first || chosen2 >= this.first + shown;
    if (chosen2 >= 0 && (around2 || reveal)) this.first = firstAround(count, shown, chosen2);
    this.first = Math.min(this.first, count - shown);
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
    const pieces = this.changed ? tellReach(data, this.chosen, this.lossMoved, this.words) : data.verdict;
    this.verdict.replaceChildren();
    for (const { text, strong } of pieces) {
      if (strong) element(this.verdict, "b", "", text);
      else this.verdict.append(text);
    }
  }
  /** By how much the loss differs, in few digits; empty where it is no single number. */
  get lossMoved() {
    const { theme } = this;
    const moved2 = this.drawn.at(-1)?.value;
    if (!theme || moved2?.cells.length !== 1) return "";
    return amount(moved2.largest, theme.digits, theme, true);
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
    this.boxes = data.boxes.slice(first, first + sizes.shown).map((box, place2) => {
      const made = makeBox(this.row, box, this.words, () => this.choose(first + place2));
      made.button.style.left = `${middle2(sizes, place2) - sizes.box / 2}px`;
      made.button.addEventListener("focus", () => this.rove(place2));
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
    const { style, dataset, classList } = this.root;
    dataset.kind = sizes.kind;
    classList.toggle("windowed", sizes.windowed);
    classList.toggle("narrow", !sizes.gutter);
    style.setProperty("--box", `${sizes.box}px`);
    style.setProperty("--gutter", `${sizes.gutter}px`);
    style.setProperty("--gradient-side", `${sizes.gradient}px`);
    style.setProperty("--below", `${roomBelow(this.ways)}px`);
    style.setProperty("--inside", `${sizes.gutter + sizes.shown * sizes.column}px`);
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
    const { changed, drawn, words } = this;
    const numbers = { peak: data.peaks[at], ratio: data.ratios[at], pictures: drawn[at], changed };
    return tellBox(data.boxes[at], numbers, theme, words);
  }
  drawLines() {
    const { data, sizes } = this;
    const lanes = this.boxes[0]?.lanes;
    if (!data || !sizes || !lanes) return;
    const [value, gradient] = [lanes.value.part, lanes.gradient.part].map(
      (part) => part.offsetTop + part.offsetHeight / 2
    );
    const top = this.boxes[0].button.offsetTop;
    const bottom = top + this.boxes[0].button.offsetHeight;
    const heights = { value: top + value, gradient: top + gradient, bottom };
    drawLines(this.lines, data.boxes, this.ways, sizes, this.first, heights);
  }
  drawProfile() {
    const { data, sizes, theme } = this;
    if (!data || !sizes || !theme) return;
    const { gutter, windowed, shown } = sizes;
    const count = data.boxes.length;
    const width = windowed ? this.width : gutter + count * sizes.column;
    const column = windowed ? (width - gutter) / count : sizes.column;
    const { step: step2 } = this.store.view;
    this.profile.draw(data, theme, {
      ...{ width, gutter, column },
      middle: (at) => middle2({ gutter, column }, at),
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
    const at = placeOf4(boxes, `n${step2}`);
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
    const same = this.boxes.findIndex(({ button: button2 }) => button2.dataset.node === node);
    const place2 = same < 0 ? Math.max(this.chosen - this.first, 0) : same;
    this.boxes[Math.min(place2, this.boxes.length - 1)].button.focus({ preventScroll: true });
  }
  /**
   * Move the single tab stop.
   * @param {number} place
   */
  rove(place2) {
    const at = Math.min(place2, this.boxes.length - 1);
    this.boxes.forEach(({ button: button2 }, each) => button2.tabIndex = each === at ? 0 : -1);
  }
  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event) || !this.data) return;
    const last = this.data.boxes.length - 1;
    const at = this.first + this.boxes.findIndex(({ button: button2 }) => button2 === event.target);
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    const wanted = Math.min(Math.max(places[event.key], 0), last);
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
    const chosen2 = this.chosen - this.first;
    this.boxes.forEach(({ button: button2 }, place2) => {
      button2.classList.toggle("selected", place2 === chosen2);
      button2.ariaPressed = String(place2 === chosen2);
    });
    const made = this.boxes[chosen2];
    band.hidden = !made;
    if (!made || !sizes) return;
    band.style.left = made.button.style.left;
    if (!this.row.contains(focused(this.root))) this.rove(chosen2);
    if (reveal) this.reveal(made.button);
  }
  /**
   * Scroll the boxes, never the page, until one is in view.
   * @param {HTMLElement} button
   */
  reveal(button2) {
    const frame2 = this.sizes?.windowed ? this.row : this.scroller;
    const left = button2.offsetLeft;
    const { scrollLeft, clientWidth } = frame2;
    const hidden = left < scrollLeft || left + button2.offsetWidth > scrollLeft + clientWidth;
    if (hidden) frame2.scrollLeft = left - (clientWidth - button2.offsetWidth) / 2;
  }
};

// viz/front/glossary/term.js
var GAP2 = 6;
var EDGE = 8;
function placed(word2, bubble, page2) {
  const below2 = word2.bottom + GAP2;
  const fits = below2 + bubble.height + EDGE <= page2.height;
  const most = page2.width - bubble.width - EDGE;
  return {
    left: Math.max(Math.min(word2.left, most), EDGE),
    top: fits ? below2 : Math.max(word2.top - GAP2 - bubble.height, EDGE)
  };
}

// viz/front/tour/tour.js
var STOPS = (
  /** @type {const} */
  ["flow", "cell", "sum", "proof"]
);
var Tour = class {
  /**
   * @param {HTMLElement} root of what is shown
   * @param {Record<Stop, string>} places selectors within it
   * @param {Words} words
   * @param {HTMLElement} bar where it is offered
   */
  constructor(root, places, words, bar) {
    this.root = root;
    this.places = places;
    this.words = words;
    this.at = -1;
    this.opener = button(bar, words.start, "tour-start", () => this.go(0));
    this.opener.title = words.start_help;
    this.card = element(root, "div", "tour", "", { role: "dialog", ariaLabel: words.name });
    this.card.popover = "manual";
    this.card.addEventListener("keydown", (event) => this.key(event));
    const head2 = element(this.card, "h4");
    this.title = element(head2, "span");
    this.place = element(head2, "span", "place");
    this.says = element(this.card, "p", "", "", { ariaLive: "polite" });
    const acts = element(this.card, "div", "acts");
    this.back = button(acts, words.back, "act back", () => this.go(this.at - 1));
    this.next = button(acts, words.next, "act primary next", () => this.go(this.at + 1));
    this.skip = button(acts, words.skip, "act skip", () => this.end());
    this.follow = this.follow.bind(this);
  }
  /** What is spoken of now; null where it is not on screen. */
  get target() {
    const place2 = this.places[STOPS[this.at]];
    return place2 ? (
      /** @type {HTMLElement | null} */
      this.root.querySelector(place2)
    ) : null;
  }
  /** @param {number} at the stop to go to; past the last one the tour ends */
  go(at) {
    if (at >= STOPS.length) return this.end();
    if (at < 0) return;
    this.leave();
    this.at = at;
    const { words } = this;
    this.title.textContent = words[STOPS[at]];
    this.says.textContent = words[`says_${STOPS[at]}`];
    this.place.textContent = fill(words.place, { place: at + 1, count: STOPS.length });
    idle(this.back, at === 0);
    this.skip.hidden = at === STOPS.length - 1;
    this.next.textContent = this.skip.hidden ? words.done : words.next;
    this.card.showPopover();
    this.target?.classList.add("toured");
    this.target?.scrollIntoView({ block: "nearest" });
    for (const move of ["scroll", "resize"]) window.addEventListener(move, this.follow, true);
    this.follow();
    this.next.focus({ preventScroll: true });
  }
  /** Stand beside what is spoken of. */
  follow() {
    const target = this.target ?? this.root;
    const { left, top } = placed(
      target.getBoundingClientRect(),
      this.card.getBoundingClientRect(),
      {
        width: document.documentElement.clientWidth,
        height: document.documentElement.clientHeight
      }
    );
    Object.assign(this.card.style, { left: `${left}px`, top: `${top}px` });
  }
  leave() {
    for (const toured of this.root.querySelectorAll(".toured")) toured.classList.remove("toured");
    for (const move of ["scroll", "resize"]) window.removeEventListener(move, this.follow, true);
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

// viz/front/packet.js
var KINDS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array
};
function readPacket(data) {
  const whole = new Uint8Array(data);
  const length = new DataView(whole.buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  const text = new TextDecoder().decode(whole.subarray(4, 4 + length));
  return JSON.parse(text, (_, value) => {
    if (!value || !(value.type in KINDS)) return value;
    const Numbers = KINDS[
      /** @type {keyof typeof KINDS} */
      value.type
    ];
    return new Numbers(whole.buffer, start + value.offset, value.count);
  });
}

// viz/front/workbench/ask.js
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
function withinBounds(kept) {
  let bytes = 0;
  for (const entry of kept.values()) bytes += entry.bytes;
  for (const [key, entry] of kept) {
    if (bytes <= MOST_KEPT) return;
    bytes -= entry.bytes;
    kept.delete(key);
  }
}

// viz/front/workbench/channels.js
var MOST4 = 64;
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
    const words = channel !== null && channel === first ? "largest_channel" : "chosen_channel";
    if (channel !== null) {
      const said = fill(this.words[words], { index: channel, count: page2.channels });
      element(this.root, "span", "said", said);
    }
    for (let at = 0; at < Math.min(page2.channels, MOST4); at += 1) {
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
  build(map, channel, { sample, chosen: chosen2, theme }) {
    const made = button(this.root, "", "channel", () => this.store.change({ channel }));
    made.ariaPressed = String(chosen2);
    made.ariaLabel = fill(this.words.channel, { index: channel });
    made.title = made.ariaLabel;
    const { values, one, strides } = map;
    if (!values || !one) return;
    const [perSample, perChannel] = strides;
    const start = sample * perSample + channel * perChannel;
    paint2(element(made, "canvas"), values.subarray(start, start + one.count), one, theme);
  }
};
function paint2(canvas, cells, { rows, columns }, theme) {
  [canvas.width, canvas.height] = [columns, rows];
  const dark = isDark(getComputedStyle(canvas.closest(".maps") ?? document.body).backgroundColor);
  const table = dark ? theme.dark : theme.light;
  const scale = largestOf(cells);
  const picture = new ImageData(columns, rows);
  for (let k = 0; k < cells.length; k += 1) {
    const place2 = Number.isFinite(cells[k]) ? placeOn(cells[k], scale, "own") : 0;
    const at = 4 * (theme.half + Math.round(theme.half * place2));
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
var PLAIN = /^(display|displaystyle|scriptlevel|mathvariant|stretchy|fence|separator|form|accent|width|lspace|rspace|minsize|maxsize|movablelimits|linethickness|columnalign|rowspacing|columnspacing)$/;
function readFormula(text) {
  const read2 = new DOMParser().parseFromString(text, "application/xml").documentElement;
  if (read2.namespaceURI !== MATHML || read2.localName !== "math") return null;
  for (const part of [read2, ...read2.querySelectorAll("*")]) {
    if (part.namespaceURI !== MATHML || /^(annotation|annotation-xml|maction|semantics)$/.test(part.localName)) {
      return null;
    }
    for (const { name: name2 } of [...part.attributes]) {
      if (name2 !== "xmlns" && !PLAIN.test(name2)) part.removeAttribute(name2);
    }
  }
  return document.importNode(read2, true);
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
  const head2 = element(inspector, "header");
  const title = element(head2, "h3", "head");
  const subtitle = element(head2, "p", "head subtitle");
  const pinning = element(head2, "div");
  const pickers = element(head2, "div", "controls");
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
var GAP3 = 4;
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
    const said = { role: "group", ariaLabel: words.show };
    this.panel = element(this.root, "div", "panel", "", { popover: "auto", ...said });
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
    const label = element(this.panel, "label");
    const input = element(label, "input", "", "", { type: "checkbox", role: "switch" });
    input.setAttribute("aria-describedby", `backlight-show-${field}`);
    input.addEventListener("change", () => this.store.change({ [field]: input.checked }));
    label.append(words[field]);
    element(this.panel, "p", "help", words[`${field}_help`]).id = `backlight-show-${field}`;
    return input;
  }
  follow() {
    FIELDS2.forEach((field, at) => this.switches[at].checked = this.store.view[field]);
  }
  /** Put the panel below the button, where that is now. */
  place() {
    const { left, bottom } = this.button.getBoundingClientRect();
    this.panel.style.setProperty("--left", `${left}px`);
    this.panel.style.setProperty("--top", `${bottom + GAP3}px`);
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
    const within2 = root instanceof ShadowRoot ? root.host : this.root;
    const held = focused(this.root) ?? document.activeElement;
    const lost = !held || held.contains(within2) || this.panel.contains(held);
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
    const chosen2 = NAMES2[this.store.view.collapsed ? 0 : 1];
    for (const input of this.root.querySelectorAll("input")) input.checked = input.value === chosen2;
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
    parts.title.textContent = node.title;
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
  show(node, page2, { part, channel }) {
    const pickers = [this.shows(node)];
    if (page2.samples > 1) pickers.push(this.samples(page2.samples));
    if (page2.channels > 1) pickers.push(this.channels(page2, channel));
    if (this.store.view.show === "gradient" && node.parts.length > 1) {
      pickers.push(this.parts(node, part));
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
    const without = node.pages.parameters.rows.length ? "" : this.words.no_parameters;
    return {
      name: "show",
      label: this.words.pick_show,
      options: SHOWS.map((show) => [show, this.words[show]]),
      missing: without ? { parameters: without } : {},
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
  samples(count) {
    const { sample } = this.store.view;
    return {
      name: "sample",
      label: this.words.pick_sample,
      options: numbered(count, this.words.sample).map(
        ([index, name2]) => index === "0" ? [index, name2] : [index, index, name2]
      ),
      value: String(sample < count ? sample : 0),
      list: count > SEGMENTS,
      take: (value) => this.store.change({ sample: Number(value) })
    };
  }
  /**
   * @param {Page} page
   * @param {number | null} channel that is shown
   * @returns {Picker}
   */
  channels({ channels: count, by_row: byRow }, channel) {
    const { words } = this;
    const every = fill(byRow ? words.all_rows : words.all_channels, { count });
    return {
      name: "channel",
      label: byRow ? words.pick_row : words.pick_channel,
      options: [["all", every], ...numbered(count, byRow ? words.row : words.channel)],
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
  parts(node, part) {
    return {
      name: "part",
      label: this.words.pick_part,
      options: node.parts.map((each) => [String(each.part), each.label]),
      value: String(part),
      list: true,
      take: (value) => this.store.change({ part: Number(value) })
    };
  }
  /** @param {Picker} picker */
  build({ name: name2, label, options, list, take }) {
    const tag = list ? "select" : "div";
    const made = element(this.root, tag, list ? "" : "segments", "", { ariaLabel: label });
    made.dataset.picks = name2;
    if (made instanceof HTMLSelectElement) {
      const named = options.map(
        ([value, text, called]) => (
          /** @type {const} */
          [value, called ?? text]
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
function numbered(count, words) {
  return Array.from({ length: count }, (_, index) => [String(index), fill(words, { index })]);
}

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
  show(proof, part) {
    const handed = proof.handovers[String(part)];
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

// viz/front/workbench/workbench.js
var TOURED = {
  flow: ".backlight-strip",
  cell: ".inspector-card .maps > .row",
  sum: ".inspector-card .sum",
  proof: ".inspector-card .proof"
};
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
var MAP_IN_ROOM = { least: 180, most: 420, cell: 160, besides: 436 };
function roomOf2() {
  const { least, most, cell, besides } = inRoom() ? MAP_IN_ROOM : MAP;
  const height = Math.min(most, Math.max(least, window.innerHeight - besides));
  return { height, cell, scroll: inRoom() ? height : void 0 };
}
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
      roomOf: roomOf2,
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
    this.tour = new Tour(root, TOURED, words.tour, this.steps.bar.root);
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
    const { node, step: step2 } = this.store.view;
    this.first = step2 === null ? node || null : `n${step2}`;
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
      const said = !how.prefetch && !how.quiet;
      if (error.message && this.run === run && said) this.refuse(error.message);
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
    this.scene = scene;
    this.drawing = new Drawing2(this.words.maps, scene.theme);
    this.drawn = null;
    this.pieces.clear();
    this.store.know(scene.first, scene.count);
    this.placeGraph();
    setColours(this.root, scene.theme);
    this.head.label();
    this.offerComparison();
    this.hiding.show(scene.hidden, scene.theme, this.run?.query ?? "");
    this.strip.show(scene.strip, scene.theme);
    this.steps.show(scene.steps);
    this.draw();
    this.tray.take(scene, this.drawing);
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
    const compared = this.edited && view.compare !== before.compare;
    if (view.compare !== before.compare) this.offerComparison();
    if (compared) this.compare();
    if (!this.scene) return;
    this.placeGraph();
    this.move(view.step, before.step);
    this.followPins(view, before);
    if (!compared && INSPECTED.some((name2) => view[name2] !== before[name2])) this.draw();
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
  /**
   * Which of its pages is chosen.
   * @param {NodePage} node
   */
  chosen(node) {
    const { show } = this.store.view;
    const name2 = show === "gradient" ? `gradient ${this.part(node)}` : show;
    return { name: name2, page: node.pages[name2] };
  }
  /**
   * The downstream gradient that is shown of a node: the picked one, where it has that.
   * @param {NodePage} node
   */
  part(node) {
    const { part } = this.store.view;
    return part !== null && node.pages[`gradient ${part}`] ? part : node.first_part;
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
    const said = finding?.layers.includes(layer) && this.store.view.show === "gradient";
    return finding && said ? finding.sentence : "";
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
  async check(map, typed) {
    const { node } = this;
    if (!node) return null;
    const of = { ...this.question(node), map, typed: typed.join(SEPARATOR) };
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
    const { key: map, start, count } = run;
    const of = { node: node.id, page: this.chosen(node).name };
    const cells = await this.asked("cells", { ...of, map, start, count });
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

// viz/front/notebook/kernel.js
var PATIENCE = 5e3;
var Kernel = class {
  /**
   * @param {Model} model
   * @param {string} gone what is said where no question can be sent
   * @param {(waiting: boolean) => void} tell whether an answer is long in coming
   * @param {number} [patience]
   */
  constructor(model, gone, tell, patience = PATIENCE) {
    this.model = model;
    this.gone = gone;
    this.tell = tell;
    this.patience = patience;
    this.name = Math.random().toString(36).slice(2);
    this.count = 0;
    this.timer = /** @type {ReturnType<typeof setTimeout> | undefined} */
    void 0;
    this.awaited = /* @__PURE__ */ new Map();
    this.kept = /* @__PURE__ */ new Map();
    this.onReply = (reply, buffers) => this.take(reply, buffers);
    model.on("msg:custom", this.onReply);
  }
  /** Ask nothing any more. */
  close() {
    clearTimeout(this.timer);
    this.model.off("msg:custom", this.onReply);
    for (const { reject } of this.awaited.values()) reject(new Refusal("", "refused"));
    this.awaited.clear();
  }
  /**
   * Ask, or return what was answered before. Raises Refusal where there is no answer.
   * @param {string} _query one run is all there is
   * @param {string} name
   * @param {Parameters} [parameters]
   * @returns {Promise<any>}
   */
  answer(_query, name2, parameters = {}) {
    const said = Object.entries(parameters).filter(([, value]) => (value ?? null) !== null);
    const parts = Object.fromEntries(said.map(([part, value]) => [part, String(value)]));
    const key = JSON.stringify([name2, parts]);
    const entry = this.kept.get(key) ?? { answer: this.asked(key, name2, parts), bytes: 0 };
    this.kept.delete(key);
    this.kept.set(key, entry);
    return entry.answer;
  }
  /**
   * @param {string} key
   * @param {string} name
   * @param {Record<string, string>} parts
   */
  async asked(key, name2, parts) {
    try {
      const { value, bytes } = await this.sent(name2, parts);
      const entry = this.kept.get(key);
      if (entry) entry.bytes = bytes;
      withinBounds(this.kept);
      return value;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
  /**
   * @param {string} name
   * @param {Record<string, string>} parts
   * @returns {Promise<{value: any, bytes: number}>}
   */
  sent(name2, parts) {
    const id = `${this.name} ${this.count++}`;
    const { promise, resolve, reject } = Promise.withResolvers();
    this.awaited.set(id, { resolve, reject });
    this.post({ id, name: name2, parts });
    this.wait();
    return promise;
  }
  /** @param {Question} question */
  async post(question) {
    try {
      await this.model.send(question);
    } catch {
      this.take({ id: question.id, sentence: this.gone }, []);
    }
  }
  /**
   * @param {Reply} reply
   * @param {readonly DataView[]} buffers
   */
  take({ id, packet, sentence }, buffers) {
    const asked = this.awaited.get(id);
    if (!asked) return;
    this.awaited.delete(id);
    this.wait();
    if (sentence !== void 0) {
      asked.reject(new Refusal(sentence, "refused"));
      return;
    }
    const { buffer, byteOffset, byteLength } = buffers[0];
    const data = new Uint8Array(buffer, byteOffset, byteLength);
    const value = packet ? readPacket(data) : JSON.parse(new TextDecoder().decode(data));
    asked.resolve({ value, bytes: byteLength });
  }
  /** Say so when the next answer is long in coming. */
  wait() {
    clearTimeout(this.timer);
    this.tell(false);
    if (this.awaited.size) this.timer = setTimeout(() => this.tell(true), this.patience);
  }
};

// viz/front/notebook/theme.js
var CLEAR = ["rgba(0, 0, 0, 0)", "transparent", ""];
function followTheme(part, take) {
  let last = "";
  const look = () => {
    const colour = part.isConnected ? behind(part) : "";
    if (colour && colour !== last) take(colour, isDark(colour));
    last = colour || last;
  };
  const changed = new MutationObserver(look);
  for (const each of [document.documentElement, document.body]) {
    changed.observe(each, { attributes: true });
  }
  document.head.addEventListener("load", look, true);
  const placed2 = new ResizeObserver(look);
  placed2.observe(part);
  look();
  return () => {
    changed.disconnect();
    document.head.removeEventListener("load", look, true);
    placed2.disconnect();
  };
}
function behind(part) {
  for (let each = (
    /** @type {Element | null} */
    above(part)
  ); each; each = above(each)) {
    const { backgroundColor } = getComputedStyle(each);
    if (!CLEAR.includes(backgroundColor)) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
}
function above(part) {
  const root = part.getRootNode();
  return part.assignedSlot ?? part.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

// viz/front/notebook/notebook.js
var RUN2 = { query: "", layers: false, file: "backlight" };
var BEGUN = {
  node: "",
  part: null,
  sample: 0,
  channel: null,
  show: "gradient",
  scale: "shared",
  saved: false,
  attributes: false,
  tint: false,
  collapsed: false,
  step: null,
  editing: false,
  hand: "",
  plane: "",
  compare: false,
  pins: "",
  hidden: ""
};
function render({ model, el }) {
  const given = model.get("_given");
  const { root, leave } = place(el, given);
  const said = { role: "status", hidden: true };
  const waiting = element(root, "p", "waiting", given.waiting, said);
  const kernel = new Kernel(model, given.waiting, (long) => waiting.hidden = !long);
  const store = new Store({ ...BEGUN, ...model.get("view") });
  const workbench = new Workbench(element(root, "div", "bench"), store, kernel, given.words, {
    onPinned: (cell) => {
      model.set("cell", cell);
      model.save_changes();
    }
  });
  const unfollow = share2(model, store);
  workbench.show(RUN2);
  return () => {
    unfollow();
    workbench.remove();
    kernel.close();
    leave();
  };
}
function place(el, { light, dark, sheet }) {
  const host = element(el, "div");
  host.dataset.lmSuppressShortcuts = "true";
  for (const kind of ["keydown", "keyup", "keypress"]) {
    host.addEventListener(kind, (event) => event.stopPropagation());
  }
  const shadow = host.attachShadow({ mode: "open" });
  element(shadow, "style", "", light);
  const darkening = element(shadow, "style", "", dark);
  element(shadow, "style", "", sheet);
  const unfollow = followTheme(host, (colour, isDark2) => {
    darkening.media = isDark2 ? "all" : "not all";
    host.style.setProperty("--st-background-color", colour);
  });
  const leave = () => {
    unfollow();
    host.remove();
  };
  return { root: element(shadow, "div", "workbench"), leave };
}
function share2(model, store) {
  const said = () => JSON.stringify(looked(store));
  const unsubscribe = store.subscribe(() => {
    if (said() === JSON.stringify(model.get("view"))) return;
    model.set("view", looked(store));
    model.save_changes();
  });
  const onView = () => store.change(model.get("view"), true);
  model.on("change:view", onView);
  return () => {
    unsubscribe();
    model.off("change:view", onView);
  };
}
function looked({ view: { step: step2, part, sample, channel, show }, node }) {
  return { node, step: step2, part, sample, channel, show };
}

// viz/front/offline/held.js
var IN_PLACE = ["cell", "cells", "thumbnails"];
var Held = class {
  /** @param {Holding} holding */
  constructor({ packets, texts, refusals }) {
    this.packets = packets;
    this.texts = texts;
    this.refusals = refusals;
  }
  /**
   * @param {string} _query one run is all there is
   * @param {string} name
   * @param {Parameters} [parameters]
   * @returns {Promise<any>}
   */
  async answer(_query, name2, parameters = {}) {
    const key = keyOf(name2, parameters);
    if (Object.hasOwn(this.packets, key)) {
      return this.alone(name2, readPacket(await inflated(this.packets[key])));
    }
    if (Object.hasOwn(this.texts, key)) {
      return JSON.parse(new TextDecoder().decode(await inflated(this.texts[key])));
    }
    const sentence = this.refusals[key] ?? this.refusals[name2];
    throw new Refusal(IN_PLACE.includes(name2) ? "" : sentence, "refused");
  }
  /**
   * Let no words promise what only a server can do.
   * @param {string} name
   * @param {any} value
   */
  alone(name2, value) {
    if (name2 !== "sums") return value;
    const links = (
      /** @type {Link[]} */
      value.links
    );
    const large = this.refusals.cell;
    return { links: links.map((link) => ({ ...link, words: { ...link.words, large } })) };
  }
};
function keyOf(name2, parameters) {
  const said = Object.keys(parameters).filter((key) => key !== "changes" && (parameters[key] ?? null) !== null).map((key) => `${key}=${parameters[key]}`);
  return [name2, ...said.sort()].join(" ");
}
function inflated(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

// viz/front/offline/offline.js
function open() {
  const written = document.querySelector("script#backlight[type='application/json']");
  const bench = document.getElementById("bench");
  if (!written || !bench) return;
  const data = JSON.parse(written.textContent);
  const store = new Store(data.view);
  new Workbench(bench, store, new Held(data), data.words, { keys: true }).show(data.run);
}

// viz/front/alone/alone.js
open();
var alone_default = { render };
export {
  alone_default as default
};
