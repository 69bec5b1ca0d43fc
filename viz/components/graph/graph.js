// The autograd graph: choose a box with pointer or keys, pan, zoom, search, read as a list.
//
// data: {svg, height, nodes, note, legend, stops, colours, text}, see viz/graph.py.
// Choosing a box sends the trigger `select` with {id: "n5"}. What is chosen comes over the
// bus only (the event "backlight:select" on document), so `data` never changes with it and
// the drawing is sent once. `parseSvg` is in shared/svg.js, `stepState` in
// shared/stepping.js.

const BUS = "backlight:select";
const STEP_BUS = "backlight:step";
const SVG = "http://www.w3.org/2000/svg";
const ID_PREFIX = "node-";
const FONT_SIZE = 10; // of the labels, in the drawing's own units
const READABLE = 7.5; // smallest label in screen pixels of a first view
const LARGEST_FIT = 1.6; // a small graph is not blown up further
const LARGEST_SCALE = 6;
const ZOOM_STEP = 1.25;
const WHEEL_SPEED = 0.0015;
const PINCH_SPEED = 0.01; // browsers report a touchpad pinch as a wheel with the control key
const DRAG_START = 4; // pixels a pointer may shake in a click
const MARGIN = 24; // pixels kept free around a box that is brought into view

const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new GraphView(parentElement));
  const view = views.get(parentElement);
  view.update(data, (id) => setTriggerValue("select", { id }));
  return () => {
    view.remove();
    views.delete(parentElement);
  };
}

function element(tag, className = "", attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Moves and scales a drawing inside a frame. */
class Camera {
  constructor(frame) {
    this.frame = frame;
    this.pointers = new Map();
    this.moved = false; // whether the visitor chose this view
    this.dragged = false; // whether the press that ends now was a drag
    frame.addEventListener("pointerdown", (event) => this.press(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      frame.addEventListener(end, (event) => this.release(event));
    }
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.observer = new ResizeObserver(() => this.moved || this.first());
    this.observer.observe(frame);
  }

  /** Show another drawing; `start` is the point a large one is first seen at. */
  show(svg, start) {
    const box = svg.viewBox.baseVal;
    [this.svg, this.width, this.height, this.start] = [svg, box.width, box.height, start];
    svg.setAttribute("width", box.width);
    svg.setAttribute("height", box.height);
    this.frame.replaceChildren(svg);
    this.moved = false;
    this.first();
  }

  get fitScale() {
    const { clientWidth, clientHeight } = this.frame;
    return Math.min(clientWidth / this.width, clientHeight / this.height, LARGEST_FIT);
  }

  /** Fit when that can be read, else begin at the loss in a readable size. */
  first() {
    if (!this.svg || !this.frame.clientWidth) return;
    if (this.fitScale * FONT_SIZE >= READABLE) return this.place(this.fitScale);
    const { clientWidth, clientHeight } = this.frame;
    const scale = Math.max(this.fitScale, 1);
    const left = this.within(clientWidth / 2 - this.start.x * scale, clientWidth - this.width * scale);
    const top = clientHeight - MARGIN - this.start.bottom * scale;
    this.place(scale, left, this.within(top, clientHeight - this.height * scale));
  }

  /** Leave no free room at an edge while the other side is cut; `room` is what is left over. */
  within(wanted, room) {
    return room > 0 ? room / 2 : Math.min(Math.max(wanted, room), 0);
  }

  fit() {
    this.moved = false;
    this.place(this.fitScale);
  }

  /** Set scale and corner; without a corner the drawing is centred. */
  place(scale, x, y) {
    const { clientWidth, clientHeight } = this.frame;
    this.scale = scale;
    this.x = x ?? (clientWidth - this.width * scale) / 2;
    this.y = y ?? (clientHeight - this.height * scale) / 2;
    this.svg.style.transform = `translate(${this.x}px, ${this.y}px) scale(${scale})`;
  }

  /** Zoom so that the point under (x, y) stays there; false at the end of the range. */
  zoom(factor, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const smallest = Math.min(this.fitScale, 1) / 2;
    const scale = Math.min(Math.max(this.scale * factor, smallest), LARGEST_SCALE);
    if (scale === this.scale) return false;
    const ratio = scale / this.scale;
    this.moved = true;
    this.place(scale, x - (x - this.x) * ratio, y - (y - this.y) * ratio);
    return true;
  }

  pan(dx, dy) {
    this.moved = true;
    this.place(this.scale, this.x + dx, this.y + dy);
  }

  /** Pan as little as needed to see a part of the drawing. */
  reveal(part) {
    const frame = this.frame.getBoundingClientRect();
    const box = part.getBoundingClientRect();
    if (!frame.width) return;
    const shift = (low, high, from, to) =>
      low < from + MARGIN ? from + MARGIN - low : Math.min(to - MARGIN - high, 0);
    const dx = shift(box.left, box.right, frame.left, frame.right);
    const dy = shift(box.top, box.bottom, frame.top, frame.bottom);
    const hidden =
      box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
    if (hidden) this.pan(dx, dy);
  }

  local(event) {
    const frame = this.frame.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  press(event) {
    if (event.button !== 0) return;
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, { ...this.local(event), travel: 0 });
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.local(event);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const travel = before.travel + Math.hypot(dx, dy);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!this.dragged && travel < DRAG_START) return;
    if (!this.dragged) {
      this.dragged = true;
      this.frame.setPointerCapture(event.pointerId);
      this.frame.classList.add("dragging");
    }
    this.pointers.set(event.pointerId, { ...now, travel });
    if (other) {
      const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.pan(dx / 2, dy / 2);
      this.zoom(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else {
      this.pan(dx, dy);
    }
  }

  release(event) {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.frame.classList.remove("dragging");
  }

  wheel(event) {
    const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
    const { x, y } = this.local(event);
    const pixels = event.deltaMode === 1 ? event.deltaY * 20 : event.deltaY;
    if (this.svg && this.zoom(Math.exp(-pixels * speed), x, y)) event.preventDefault();
  }
}

/** Which boxes an arrow key leads to. */
class Walk {
  constructor(svg) {
    this.places = new Map();
    this.above = new Map();
    this.below = new Map();
    for (const node of svg.querySelectorAll("g.node")) {
      const points = node.querySelector("polygon").getAttribute("points").trim().split(/\s+/);
      const [xs, ys] = [0, 1].map((axis) => points.map((point) => Number(point.split(",")[axis])));
      const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
      const id = node.id.slice(ID_PREFIX.length);
      this.places.set(id, { x: middle(xs), y: middle(ys), bottom: Math.max(...ys) });
      this.above.set(id, []);
      this.below.set(id, []);
    }
    for (const title of svg.querySelectorAll("g.edge:not(.back) > title")) {
      const [source, target] = title.textContent.split("->");
      this.above.get(target)?.push(source);
      this.below.get(source)?.push(target);
    }
    this.heights = this.longest(this.above);
    this.depths = this.longest(this.below);
  }

  /** Length of the longest path from every box along `next`, without recursion. */
  longest(next) {
    const lengths = new Map();
    for (const start of next.keys()) {
      const stack = [start];
      const waiting = new Set(stack);
      while (stack.length) {
        const id = stack.at(-1);
        const open = next.get(id).find((other) => !lengths.has(other) && !waiting.has(other));
        if (open) {
          stack.push(open);
          waiting.add(open);
        } else {
          const known = next.get(id).map((other) => lengths.get(other) ?? 0);
          lengths.set(id, 1 + Math.max(0, ...known));
          stack.pop();
        }
      }
    }
    return lengths;
  }

  /** The box one step away; Up and Down follow the longest path, so the main road. */
  step(id, key) {
    if (key === "ArrowUp") return this.farthest(id, this.above, this.heights);
    if (key === "ArrowDown") return this.farthest(id, this.below, this.depths);
    const { x, y } = this.places.get(id);
    const side = key === "ArrowLeft" ? -1 : 1;
    const beside = [...this.places]
      .filter(([, place]) => Math.abs(place.y - y) < FONT_SIZE / 2 && (place.x - x) * side > 0)
      .sort((one, other) => (one[1].x - other[1].x) * side);
    return beside[0]?.[0];
  }

  farthest(id, next, lengths) {
    const { x } = this.places.get(id);
    const away = (other) => Math.abs(this.places.get(other).x - x);
    return [...next.get(id)].sort(
      (one, other) => lengths.get(other) - lengths.get(one) || away(one) - away(other),
    )[0];
  }
}

class GraphView {
  constructor(parent) {
    this.root = element("div", "backlight-graph");
    this.bar = element("div", "bar");
    this.search = element("input", "search", { type: "search", autocomplete: "off" });
    this.count = element("span", "count", { role: "status" });
    this.words = element("div", "words");
    this.frame = element("div", "frame");
    this.list = element("div", "list");
    this.list.hidden = true;
    this.bar.append(this.search, this.count);
    this.addButtons();
    this.root.append(this.bar, this.words, this.frame, this.list);
    parent.append(this.root);
    this.camera = new Camera(this.frame);
    this.chosen = document.documentElement.dataset.backlightNode ?? "";
    this.painted = [];
    this.listen();
  }

  addButtons() {
    const actions = {
      list: ["☰", () => this.toggleList()],
      zoom_out: ["−", () => this.camera.zoom(1 / ZOOM_STEP)],
      zoom_in: ["+", () => this.camera.zoom(ZOOM_STEP)],
      fit: ["⤢", () => this.camera.fit()],
      download: ["⇩", () => this.download()],
    };
    this.buttons = {};
    for (const [name, [sign, act]] of Object.entries(actions)) {
      const button = element("button", name, { type: "button" });
      button.textContent = sign;
      button.addEventListener("click", act);
      this.buttons[name] = button;
      this.bar.append(button);
    }
    this.buttons.list.setAttribute("aria-pressed", "false");
  }

  listen() {
    this.onBus = (event) => this.choose(event.detail?.node ?? "", event.detail?.origin !== this);
    document.addEventListener(BUS, this.onBus);
    this.onStep = () => this.showStep();
    document.addEventListener(STEP_BUS, this.onStep);
    this.onPicture = (event) => this.save(event.detail);
    document.addEventListener(PICTURE_BUS, this.onPicture);
    this.frame.addEventListener("click", (event) => {
      const id = this.idOf(event.target);
      if (id && !this.camera.dragged) this.select(id);
    });
    this.frame.addEventListener("focusin", (event) => this.rove(this.idOf(event.target)));
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.search.addEventListener("input", () => this.find());
    this.search.addEventListener("keydown", (event) => this.searchKey(event));
  }

  remove() {
    document.removeEventListener(BUS, this.onBus);
    document.removeEventListener(STEP_BUS, this.onStep);
    document.removeEventListener(PICTURE_BUS, this.onPicture);
    this.camera.observer.disconnect();
    this.root.remove();
  }

  update(data, send) {
    this.send = send;
    const redraw = data.svg !== this.data?.svg;
    const relist = redraw || JSON.stringify(data.nodes) !== JSON.stringify(this.data?.nodes);
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.root.style.setProperty("--accent", data.colours.accent);
    this.root.style.setProperty("--accent-ink", data.colours.ink);
    this.label();
    if (!relist) return;
    this.boxes = new Map(data.nodes.map((box) => [box.id, box]));
    if (redraw) this.draw();
    this.name();
    this.find();
    if (this.list.hidden) this.list.replaceChildren();
    else this.fillList();
    this.choose(this.chosen, true);
    this.showStep();
  }

  /** While the visitor steps through the backward pass, show how far the engine is. */
  showStep() {
    for (const box of this.data?.nodes ?? []) {
      const number = Number(box.node.slice(1));
      const own = box.node ? [[number, number]] : [];
      const state = stepState(box.ranges.length ? box.ranges : own);
      for (const part of [this.parts.get(box.id), this.rows?.get(box.id)]) {
        if (part) showState(part, state, this.data.text);
      }
    }
  }

  label() {
    const { text, note, legend, stops } = this.data;
    for (const [name, button] of Object.entries(this.buttons)) {
      button.title = name === "list" ? text.list_help : text[name];
      button.setAttribute("aria-label", button.title);
    }
    this.search.placeholder = text.search;
    this.search.setAttribute("aria-label", text.search);
    const lines = [];
    if (note) lines.push(element("p", "note"));
    if (note) lines.at(-1).textContent = note;
    if (legend) {
      const scale = element("span", "scale");
      scale.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      const line = element("p", "legend");
      line.append(...(stops.length ? [scale] : []), legend);
      lines.push(line);
    }
    this.words.replaceChildren(...lines);
  }

  draw() {
    const focused = this.idOf(this.root.getRootNode().activeElement);
    const svg = document.importNode(parseSvg(this.data.svg), true);
    svg.setAttribute("role", "group");
    this.painted = [];
    this.parts = new Map();
    for (const node of svg.querySelectorAll("g.node")) {
      this.parts.set(node.id.slice(ID_PREFIX.length), node);
    }
    this.walk = new Walk(svg);
    const end = this.data.nodes.find((box) => box.kind === "output")?.id ?? this.data.nodes[0]?.id;
    const place = this.walk.places.get(end) ?? { x: 0, bottom: 0 };
    const height = svg.viewBox.baseVal.height;
    // Graphviz moves its drawing by a margin of 4 and draws upward from the bottom.
    this.camera.show(svg, { x: place.x + 4, bottom: place.bottom + height - 4 });
    if (focused) this.parts.get(focused)?.focus({ preventScroll: true });
  }

  /** Give every box its spoken name and make one of them the tab stop. */
  name() {
    const { text, nodes } = this.data;
    this.camera.svg?.setAttribute("aria-label", text.graph.replace("{count}", nodes.length));
    for (const [id, part] of this.parts) {
      part.querySelector(":scope > title")?.remove();
      const title = document.createElementNS(SVG, "title");
      title.textContent = this.boxes.get(id)?.title ?? id;
      part.prepend(title);
      part.setAttribute("role", "button");
      part.setAttribute("aria-label", title.textContent);
      part.setAttribute("aria-pressed", "false");
      part.setAttribute("tabindex", "-1");
    }
    for (const edge of this.frame.querySelectorAll("g.edge")) {
      edge.querySelector("title")?.remove();
      edge.setAttribute("aria-hidden", "true");
    }
    this.rove(nodes[0]?.id);
  }

  idOf(target) {
    return target?.closest?.("g.node")?.id.slice(ID_PREFIX.length) ?? "";
  }

  /** Move the single tab stop. */
  rove(id) {
    if (!this.parts.has(id)) return;
    this.parts.get(this.stop)?.setAttribute("tabindex", "-1");
    this.stop = id;
    this.parts.get(id).setAttribute("tabindex", "0");
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = this.idOf(event.target);
    if (id && event.key.startsWith("Arrow")) this.goTo(this.walk.step(id, event.key));
    else if (id && (event.key === "Enter" || event.key === " ")) this.select(id);
    else if (event.key === "+" || event.key === "=") this.camera.zoom(ZOOM_STEP);
    else if (event.key === "-") this.camera.zoom(1 / ZOOM_STEP);
    else if (event.key === "0") this.camera.fit();
    else return;
    event.preventDefault();
  }

  goTo(id) {
    const part = this.parts.get(id);
    if (!part) return;
    part.focus({ preventScroll: true });
    this.camera.reveal(part);
  }

  /** The visitor chose a box: light it, tell the other components, then the server. */
  select(id) {
    const box = this.boxes.get(id);
    if (!box?.node) return;
    document.documentElement.dataset.backlightNode = box.node;
    const detail = { node: box.node, layer: box.layer, chosen: true, origin: this };
    document.dispatchEvent(new CustomEvent(BUS, { detail }));
    this.send(box.node);
  }

  /** The box that stands for a node: its own, or the group that holds it. */
  homeOf(node) {
    if (this.boxes.has(node)) return this.boxes.get(node);
    const number = Number(node.slice(1));
    const holds = ([first, last]) => first <= number && number <= last;
    return this.data.nodes.find((box) => box.ranges.some(holds));
  }

  /** Light a node and its layer. */
  choose(node, reveal) {
    this.chosen = node;
    for (const part of this.painted) {
      part.classList.remove("selected", "same-layer");
      if (part.hasAttribute("aria-pressed")) part.setAttribute("aria-pressed", "false");
    }
    this.painted = [];
    const home = node ? this.homeOf(node) : undefined;
    if (!home) return;
    const mates = home.kind === "group" || !home.layer ? [] : this.data.nodes;
    for (const box of mates) {
      if (box.layer === home.layer && box !== home) this.paint(box.id, "same-layer");
    }
    this.paint(home.id, "selected");
    this.rove(home.id);
    if (reveal && this.parts.has(home.id)) this.camera.reveal(this.parts.get(home.id));
    if (reveal) this.rows?.get(home.id)?.scrollIntoView({ block: "nearest" });
  }

  paint(id, className) {
    for (const part of [this.parts.get(id), this.rows?.get(id)]) {
      if (!part) continue;
      part.classList.add(className);
      this.painted.push(part);
      const pressed = className === "selected" && part.hasAttribute("aria-pressed");
      if (pressed) part.setAttribute("aria-pressed", "true");
    }
  }

  find() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const part of this.found ?? []) this.parts.get(part)?.classList.remove("found");
    const says = (box) => `${box.name} ${box.layer_title} ${box.title}`.toLowerCase();
    this.found = wanted ? this.data.nodes.filter((box) => says(box).includes(wanted)).map((box) => box.id) : [];
    for (const id of this.found) this.parts.get(id)?.classList.add("found");
    this.at = -1;
    const { text } = this.data;
    const some = this.found.length ? text.matches_some : text.matches_none;
    this.count.textContent = wanted ? some.replace("{count}", this.found.length) : "";
  }

  searchKey(event) {
    if (event.key === "Escape") {
      this.search.value = "";
      this.find();
    } else if (event.key === "Enter" && this.found.length) {
      const total = this.found.length;
      this.at = (this.at + (event.shiftKey ? total - 1 : 1) + total) % total;
      const id = this.found[this.at];
      this.rove(id);
      for (const other of this.found) this.parts.get(other)?.classList.toggle("current", other === id);
      this.camera.reveal(this.parts.get(id));
      this.rows?.get(id)?.scrollIntoView({ block: "center" });
      const words = this.data.text.matches.replace("{index}", this.at + 1);
      this.count.textContent = words.replace("{count}", total);
    } else return;
    event.preventDefault();
  }

  toggleList() {
    const show = this.list.hidden;
    this.list.hidden = !show;
    this.frame.hidden = show;
    this.buttons.list.setAttribute("aria-pressed", String(show));
    if (show && !this.list.childElementCount) this.fillList();
    this.choose(this.chosen, true);
  }

  /** The same graph as a table; every row's button selects. */
  fillList() {
    const { text, nodes } = this.data;
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const column of ["order", "node", "layer", "shape", "peak"]) {
      const cell = element("th", "", { scope: "col" });
      cell.textContent = text[`column_${column}`];
      head.append(cell);
    }
    const body = table.createTBody();
    this.rows = new Map();
    for (const box of nodes) {
      const row = body.insertRow();
      const button = element("button", "", { type: "button", "aria-label": box.title, "aria-pressed": "false" });
      button.textContent = box.name;
      button.disabled = !box.node;
      button.addEventListener("click", () => this.select(box.id));
      row.insertCell().textContent = box.order || "";
      row.insertCell().append(button);
      for (const value of [box.layer_title, box.shape, box.peak]) row.insertCell().textContent = value;
      this.rows.set(box.id, button);
    }
    this.list.replaceChildren(table);
  }

  download() {
    saveFile(svgFile(parseSvg(this.data.svg)), "autograd-graph.svg");
  }

  save({ what, file }) {
    const svg = parseSvg(this.data.svg);
    if (what === "graph.svg") saveFile(svgFile(svg), file);
    if (what === "graph.png") saveSvgAsPng(svg, file);
  }
}
