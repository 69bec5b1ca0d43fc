// The strip: one box a layer in forward order, with the size of its gradient as a bar.
//
// data: {boxes, selected, layer, legend, label, text, colours}, see viz/strip.py. Choosing a box
// sends the trigger `select` with {layer, node}. The strip's data say what is chosen; it
// tells the other components over the bus (the event "backlight:select" on document). `stepState` is in
// shared/stepping.js.

const BUS = "backlight:select";
const STEP_BUS = "backlight:step";

const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new StripView(parentElement));
  const view = views.get(parentElement);
  view.update(data, (box) => setTriggerValue("select", { layer: box.layer, node: box.node }));
  return () => {
    view.remove();
    views.delete(parentElement);
  };
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

class StripView {
  constructor(parent) {
    this.root = element("div", "backlight-strip");
    this.row = element("div", "row");
    this.row.setAttribute("role", "group");
    this.legend = element("p", "legend");
    this.root.append(this.row, this.legend);
    parent.append(this.root);
    this.buttons = [];
    this.onBus = (event) => {
      if (event.detail?.origin !== this) this.choose(event.detail?.node ?? "", true);
    };
    document.addEventListener(BUS, this.onBus);
    this.onStep = () => this.showStep();
    document.addEventListener(STEP_BUS, this.onStep);
    this.row.addEventListener("keydown", (event) => this.key(event));
  }

  remove() {
    document.removeEventListener(BUS, this.onBus);
    document.removeEventListener(STEP_BUS, this.onStep);
    this.root.remove();
  }

  update(data, send) {
    const before = this.data;
    this.send = send;
    this.data = data;
    const { accent, ink, non_finite: nonFinite } = data.colours;
    for (const [name, colour] of Object.entries({ accent, "accent-ink": ink, "non-finite": nonFinite })) {
      this.root.style.setProperty(`--${name}`, colour);
    }
    this.row.setAttribute("aria-label", data.label);
    this.legend.textContent = data.legend;
    const rebuild = JSON.stringify(before?.boxes) !== JSON.stringify(data.boxes);
    if (rebuild) this.build();
    this.showStep();
    // Streamlit also calls when nothing of ours changed; an old choice must not be announced twice.
    if (!rebuild && before?.selected === data.selected) return;
    this.choose(data.selected, true);
    this.announce(data.selected, data.layer);
  }

  /** While the visitor steps through the backward pass, show how far the engine is. */
  showStep() {
    this.buttons.forEach((button, place) => {
      showState(button, stepState(this.data.boxes[place].ranges), this.data.text);
    });
  }

  announce(node, layer, chosen = false) {
    document.documentElement.dataset.backlightNode = node;
    document.dispatchEvent(new CustomEvent(BUS, { detail: { node, layer, chosen, origin: this } }));
  }

  build() {
    const active = this.root.getRootNode().activeElement;
    const focused = this.data.boxes[this.buttons.indexOf(active)] && active.dataset.node;
    this.buttons = this.data.boxes.map((box) => this.button(box));
    const parts = this.buttons.flatMap((button, index) => (index ? [this.arrows(), button] : [button]));
    this.row.replaceChildren(...parts);
    this.rove(0);
    if (focused) this.buttons.find((button) => button.dataset.node === focused)?.focus();
  }

  arrows() {
    const arrows = element("span", "arrows");
    arrows.setAttribute("aria-hidden", "true");
    arrows.append(element("span", "forward", "→"), element("span", "backward", "←"));
    return arrows;
  }

  button(box) {
    const button = element("button", `box ${box.kind}`);
    button.type = "button";
    button.title = box.title;
    button.dataset.node = box.node;
    button.dataset.layer = box.layer;
    button.dataset.state = box.state;
    button.setAttribute("aria-label", box.title);
    button.setAttribute("aria-pressed", "false");
    if (!box.node) button.setAttribute("aria-disabled", "true");
    button.append(element("span", "name", box.name));
    if (box.kind !== "gap") {
      const bar = element("span", "bar");
      const fill = element("span", "fill");
      fill.style.width = `${box.state === "not finite" ? 100 : box.share * 100}%`;
      bar.append(fill);
      const measure = element("span", "measure");
      measure.append(bar, element("span", "peak", box.peak));
      button.append(element("span", "detail", box.detail), element("span", "shape", box.shape), measure);
    }
    button.addEventListener("click", () => this.select(box));
    button.addEventListener("focus", () => this.rove(this.buttons.indexOf(button)));
    return button;
  }

  /** Move the single tab stop. */
  rove(index) {
    this.buttons.forEach((button, place) => (button.tabIndex = place === index ? 0 : -1));
  }

  key(event) {
    const last = this.buttons.length - 1;
    const at = this.buttons.indexOf(event.target);
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    if (!(event.key in places) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.buttons[Math.min(Math.max(places[event.key], 0), last)].focus();
  }

  /** The visitor chose a box: light it, tell the other components, then the server. */
  select(box) {
    if (!box.node) return;
    this.choose(box.node, false);
    this.announce(box.node, box.layer, true);
    this.send(box);
  }

  /** Light the box that holds a node; a gap stands for the boxes it hides. */
  choose(node, reveal) {
    const number = node ? Number(node.slice(1)) : -1;
    const holds = ([first, last]) => first <= number && number <= last;
    const index = this.data?.boxes.findIndex((box) => box.ranges.some(holds)) ?? -1;
    this.buttons.forEach((button, place) => {
      button.classList.toggle("selected", place === index);
      button.setAttribute("aria-pressed", String(place === index));
    });
    if (index < 0) return;
    if (!this.row.contains(this.root.getRootNode().activeElement)) this.rove(index);
    if (reveal) this.reveal(this.buttons[index]);
  }

  /** Scroll the row, never the page, until a box is in view. */
  reveal(button) {
    const left = button.offsetLeft - this.row.offsetLeft;
    const hidden =
      left < this.row.scrollLeft ||
      left + button.offsetWidth > this.row.scrollLeft + this.row.clientWidth;
    if (hidden) this.row.scrollLeft = left - (this.row.clientWidth - button.offsetWidth) / 2;
  }
}
