// The network as a picture: choose a layer with pointer or keys.
//
// data: {svg, nodes, chosen, label, colours}, see viz/dag.py. Choosing a box sends the trigger
// `select` with {id}. `parseSvg` is in shared/svg.js.

const ID_PREFIX = "layer-";
const MARGIN = 48; // pixels kept free around a box that is brought into view

const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new DagView(parentElement));
  const view = views.get(parentElement);
  view.update(data, (id) => setTriggerValue("select", { id }));
  return () => {
    view.root.remove();
    views.delete(parentElement);
  };
}

class DagView {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "backlight-dag";
    parent.append(this.root);
    this.parts = new Map();
    this.root.addEventListener("click", (event) => this.select(this.idOf(event.target)));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  update(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.root.style.setProperty("--accent", data.colours.accent);
    this.root.style.setProperty("--accent-ink", data.colours.ink);
    const focused = this.idOf(this.root.getRootNode().activeElement);
    if (before?.svg !== data.svg) this.draw();
    this.name();
    this.choose(data.chosen, before?.svg !== data.svg || before?.chosen !== data.chosen);
    if (focused) this.focus(focused);
  }

  draw() {
    const svg = document.importNode(parseSvg(this.data.svg), true);
    const box = svg.viewBox.baseVal;
    svg.setAttribute("width", box.width);
    svg.setAttribute("height", box.height);
    svg.setAttribute("role", "group");
    for (const title of svg.querySelectorAll("title")) title.remove();
    this.parts = new Map();
    for (const part of svg.querySelectorAll("g.node")) {
      this.parts.set(part.id.slice(ID_PREFIX.length), part);
    }
    this.root.replaceChildren(svg);
  }

  /** Give every box its spoken name and its state. */
  name() {
    this.root.firstElementChild.setAttribute("aria-label", this.data.label);
    for (const { id, title, state } of this.data.nodes) {
      const part = this.parts.get(id);
      if (!part) continue;
      part.dataset.state = state;
      part.setAttribute("aria-label", title);
      if (state === "output") continue;
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "-1");
    }
  }

  choose(id, reveal) {
    for (const { id: other, state } of this.data.nodes) {
      if (state === "output") continue;
      this.parts.get(other)?.classList.toggle("chosen", other === id);
      this.parts.get(other)?.setAttribute("aria-pressed", String(other === id));
    }
    this.rove(id);
    if (reveal) this.reveal(this.parts.get(id));
  }

  /** Move the single tab stop. */
  rove(id) {
    for (const part of this.root.querySelectorAll("[tabindex='0']")) part.setAttribute("tabindex", "-1");
    this.parts.get(id)?.setAttribute("tabindex", "0");
  }

  /** Scroll the picture, never the page, until a box is in view. */
  reveal(part) {
    if (!part) return;
    const frame = this.root.getBoundingClientRect();
    const box = part.getBoundingClientRect();
    const shift = (low, high, from, to) =>
      low < from + MARGIN ? low - from - MARGIN : Math.max(high - to + MARGIN, 0);
    this.root.scrollLeft += shift(box.left, box.right, frame.left, frame.right);
    this.root.scrollTop += shift(box.top, box.bottom, frame.top, frame.bottom);
  }

  idOf(target) {
    const part = target?.closest?.("g.node[role=button]");
    return part ? part.id.slice(ID_PREFIX.length) : "";
  }

  key(event) {
    const id = this.idOf(event.target);
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const ids = this.data.nodes.filter(({ state }) => state !== "output").map((node) => node.id);
    const at = ids.indexOf(id);
    const last = ids.length - 1;
    const places = {
      ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: last,
    };
    if (event.key === "Enter" || event.key === " ") this.select(id);
    else if (event.key in places) this.focus(ids[Math.min(Math.max(places[event.key], 0), last)]);
    else return;
    event.preventDefault();
  }

  focus(id) {
    if (!this.parts.has(id)) return;
    this.rove(id);
    this.parts.get(id)?.focus({ preventScroll: true });
    this.reveal(this.parts.get(id));
  }

  /** The visitor chose a box: light it, then tell the server. */
  select(id) {
    if (!id) return;
    this.choose(id, false);
    this.send(id);
  }
}
