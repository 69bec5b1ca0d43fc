// The step control: walk the backward pass node by node, in the order the engine ran it.
//
// data: {step, turn, count, first, sentences, text, colours}, see viz/step.py. A step is
// announced to the other components at once (the event "backlight:step" on document, the number
// on the root element) and sent as the trigger `step` with {step, turn}; a step of null leaves the
// steps. The server repeats the last turn that it took: until it is ours, its step is an old one.

const BUS = "backlight:step";
const SELECT_BUS = "backlight:select";
const BEAT = 1400; // milliseconds of one step while playing: time to read its sentence

const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new StepView(parentElement));
  const view = views.get(parentElement);
  view.update(data, (step, turn) => setTriggerValue("step", { step, turn }));
  return () => {
    view.remove();
    views.delete(parentElement);
  };
}

class StepView {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "backlight-step idle";
    this.root.setAttribute("role", "group");
    this.buttons = {
      first: this.button("⇤", "on", () => this.go(0)),
      previous: this.button("←", "on", () => this.go(this.step - 1)),
      play: this.button("▶", "", () => (this.timer ? this.pause() : this.play())),
      next: this.button("→", "on", () => this.go(this.step + 1)),
      last: this.button("⇥", "on", () => this.go(this.data.count - 1)),
    };
    this.slider = document.createElement("input");
    this.slider.type = "range";
    this.slider.className = "on";
    this.slider.min = "0";
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.place = this.text("span", "place on");
    this.sentence = this.text("p", "sentence");
    this.sentence.setAttribute("aria-live", "polite");
    this.buttons.stop = this.button("✕", "on", () => this.go(null));
    const { first, previous, play, next, last, stop } = this.buttons;
    this.root.append(first, previous, play, next, last, this.slider, this.place, this.sentence, stop);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.onBus = (event) => this.follow(event.detail);
    document.addEventListener(SELECT_BUS, this.onBus);
    parent.append(this.root);
    this.step = null;
  }

  button(sign, className, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.className = className;
    made.addEventListener("click", act);
    return made;
  }

  text(tag, className) {
    const made = document.createElement(tag);
    made.className = className;
    return made;
  }

  remove() {
    this.pause();
    clearTimeout(this.waiting);
    document.removeEventListener(SELECT_BUS, this.onBus);
    this.root.remove();
    delete document.documentElement.dataset.backlightStep;
    document.dispatchEvent(new CustomEvent(BUS, { detail: { step: null } }));
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.root.style.setProperty("--accent", data.colours.accent);
    this.root.style.setProperty("--accent-ink", data.colours.ink);
    this.root.setAttribute("aria-label", data.text.bar);
    this.slider.max = String(data.count - 1);
    this.slider.setAttribute("aria-label", data.text.bar);
    const known = this.turn === undefined || data.turn === this.turn;
    if (known && data.step !== this.said) {
      this.said = data.step;
      this.step = data.step;
      this.announce();
    }
    this.show();
  }

  /** Take a step: show it at once, and tell the server when the visitor has settled. */
  go(step) {
    const next = step === null ? null : Math.min(Math.max(step, 0), this.data.count - 1);
    if (next === null || next === this.data.count - 1) this.pause();
    if (next === this.step) return;
    this.step = next;
    this.announce();
    this.show();
    this.turn = Date.now();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.said = this.step;
      this.sent = this.turn;
      this.send(this.step, this.turn);
    }, 60);
  }

  /** The visitor chose a node elsewhere: the steps go on from there, and no older one is sent. */
  follow({ node, chosen }) {
    if (!chosen || this.step === null) return;
    clearTimeout(this.waiting);
    this.turn = this.sent;
    this.said = Number(node.slice(1));
    this.step = this.said;
    this.tell();
    this.show();
  }

  play() {
    if (this.step === null || this.step === this.data.count - 1) this.go(0);
    this.timer = setInterval(() => this.go(this.step + 1), BEAT);
    this.show();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.data) this.show();
  }

  /** Say which step it is. */
  tell() {
    const root = document.documentElement.dataset;
    if (this.step === null) delete root.backlightStep;
    else root.backlightStep = String(this.step);
    document.dispatchEvent(new CustomEvent(BUS, { detail: { step: this.step } }));
  }

  /** Say which step it is, and choose its node. */
  announce() {
    this.tell();
    if (this.step === null) return;
    const node = `n${this.step}`;
    document.documentElement.dataset.backlightNode = node;
    document.dispatchEvent(new CustomEvent(SELECT_BUS, { detail: { node, layer: "", origin: this } }));
  }

  show() {
    const { text, count, first, sentences } = this.data;
    const on = this.step !== null;
    this.root.classList.toggle("idle", !on);
    this.root.dataset.step = on ? String(this.step) : "";
    for (const [name, button] of Object.entries(this.buttons)) {
      const label = name === "play" && this.timer ? text.pause : text[name];
      button.title = label;
      button.setAttribute("aria-label", label);
    }
    this.buttons.play.textContent = this.timer ? "❚❚" : on ? "▶" : `▶ ${text.begin}`;
    this.buttons.play.classList.toggle("primary", on);
    if (!on) {
      this.sentence.textContent = "";
      return;
    }
    this.slider.value = String(this.step);
    const place = text.position.replace("{place}", this.step + 1).replace("{count}", count);
    this.slider.setAttribute("aria-valuetext", place);
    this.place.textContent = place;
    this.sentence.textContent = sentences[this.step - first] ?? "";
    for (const name of ["first", "previous"]) this.disable(name, this.step === 0);
    for (const name of ["next", "last"]) this.disable(name, this.step === count - 1);
  }

  /** A button that is switched off loses the focus, and with it the keys: hand it on. */
  disable(name, off) {
    const button = this.buttons[name];
    if (off && button.getRootNode().activeElement === button) this.buttons.play.focus();
    button.disabled = off;
  }

  key(event) {
    if (event.target === this.slider && event.key.startsWith("Arrow")) return;
    if (this.step === null) return;
    const moves = { ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.data.count - 1 };
    if (event.key in moves) this.go(moves[event.key]);
    else if (event.key === "Escape") this.go(null);
    else return;
    event.preventDefault();
  }
}
