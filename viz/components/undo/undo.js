// Undo and Redo: two buttons and their keys, which lose no press however quickly they come.
//
// data: {past, future, answered, text}, see viz/undo.py. Presses are numbered; each message, the
// trigger `presses` with [[number, "undo" or "redo"], ...], holds all that the server has not
// answered yet, since of two messages in a row it may see only the second.

const AGAIN = 3000; // milliseconds without an answer before presses are sent once more
const MOST_WAITING = 100; // the server keeps no more changes than that
const KEYS = { z: "undo", y: "redo" };
const NOT_TYPED = ["button", "checkbox", "radio", "range", "submit", "reset", "color", "file"];

const views = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".undo");
  if (!data || !root) return undefined;
  if (!views.has(root)) views.set(root, new UndoView(root));
  const view = views.get(root);
  view.update(data, (presses) => setTriggerValue("presses", presses));
  return () => {
    view.remove();
    views.delete(root);
  };
}

/** Whether a text is being typed there, which has an undo of its own. */
function isTyped(target) {
  if (target?.isContentEditable || target?.tagName === "TEXTAREA") return true;
  if (target?.tagName !== "INPUT" || target.readOnly) return false;
  const list = target.getAttribute("role") === "combobox"; // closed, its text is a choice
  return list ? target.getAttribute("aria-expanded") === "true" : !NOT_TYPED.includes(target.type);
}

class UndoView {
  constructor(root) {
    this.root = root;
    this.waiting = [];
    this.buttons = { undo: this.button("undo"), redo: this.button("redo") };
    root.replaceChildren(...Object.values(this.buttons));
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  button(way) {
    const made = document.createElement("button");
    made.type = "button";
    const icon = document.createElement("span");
    icon.className = "icon";
    icon.textContent = way;
    icon.setAttribute("aria-hidden", "true");
    made.append(icon, document.createElement("span"));
    made.addEventListener("click", () => this.press(way));
    return made;
  }

  remove() {
    clearTimeout(this.again);
    document.removeEventListener("keydown", this.onKey);
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.serial = Math.max(this.serial ?? 0, data.answered);
    this.waiting = this.waiting.filter(([number]) => number > data.answered);
    if (!this.waiting.length) clearTimeout(this.again);
    this.show();
  }

  /** How many changes can be undone and redone once everything that waits is done. */
  left() {
    let { past, future } = this.data;
    for (const [, way] of this.waiting) {
      const moved = way === "undo" ? Math.min(past, 1) : -Math.min(future, 1);
      past -= moved;
      future += moved;
    }
    return { undo: past, redo: future };
  }

  press(way) {
    if (!this.left()[way] || this.waiting.length >= MOST_WAITING) return;
    this.serial += 1;
    this.waiting.push([this.serial, way]);
    this.hand();
    this.show();
  }

  hand() {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.hand(), AGAIN);
    this.send(this.waiting);
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const way = event.key.toLowerCase() === "z" && event.shiftKey ? "redo" : KEYS[event.key.toLowerCase()];
    if (!way || isTyped(event.composedPath()[0])) return;
    event.preventDefault();
    this.press(way);
  }

  /** A button that has nothing to do keeps the focus, and with it the place of the keys. */
  show() {
    const left = this.left();
    for (const [way, button] of Object.entries(this.buttons)) {
      button.lastElementChild.textContent = this.data.text[way];
      button.title = this.data.text[`${way}_help`];
      button.setAttribute("aria-disabled", String(!left[way]));
    }
  }
}
