// Cells to fill in: typed, pasted or painted, walked by arrow keys, sent only when checked.
//
// With a number of the palette chosen, the pointer, a finger or the space bar writes it into cells;
// `brush` is that number, "" the eraser, null while one types.
//
// data: see viz/guess.py. "Check" sends the trigger `answer` with {identity, cells}; until then
// what is typed stays here, so that nothing reruns while one thinks.

const views = new WeakMap();
const MOST_ROOMY = 5; // columns; more need smaller type
const BETWEEN_PASTED = /[\s;]+/;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".guess");
  if (!data || !root) return undefined;
  if (!views.has(root)) views.set(root, new GuessView(root));
  views.get(root).update(data, (cells) =>
    setTriggerValue("answer", { identity: data.identity, cells }),
  );
  return undefined;
}

class GuessView {
  constructor(root) {
    this.root = root;
    this.form = document.createElement("form");
    this.form.noValidate = true;
    this.form.autocomplete = "off";
    this.table = document.createElement("table");
    this.palette = document.createElement("div");
    this.palette.className = "palette";
    this.palette.setAttribute("role", "toolbar");
    this.button = document.createElement("button");
    this.button.type = "submit";
    this.button.className = "check";
    this.note = document.createElement("p");
    this.form.append(this.table, this.palette, this.button, this.note);
    root.append(this.form);
    this.inputs = [];
    this.swatches = [];
    this.signature = "";
    this.offered = "";
    this.sent = null;
    this.brush = null;
    this.painting = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sent = this.inputs.map((input) => input.value.trim());
      this.send(this.sent);
    });
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => this.clear(event.target));
    this.palette.addEventListener("keydown", (event) => this.walk(event));
    this.listenForStrokes();
  }

  listenForStrokes() {
    this.table.addEventListener("pointerdown", (event) => {
      if (this.brush === null || event.button !== 0) return;
      this.painting = true;
      this.table.setPointerCapture(event.pointerId);
      event.target.closest("td")?.querySelector("input").focus();
      this.stroke(event);
    });
    this.table.addEventListener("mousedown", (event) => {
      if (this.brush !== null) event.preventDefault(); // no text is selected on the way
    });
    this.table.addEventListener("pointermove", (event) => this.painting && this.stroke(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.table.addEventListener(end, () => (this.painting = false));
    }
  }

  // Write the brush into every cell under the way of the pointer since the last event.
  stroke(event) {
    const way = event.getCoalescedEvents?.() ?? [];
    for (const { clientX, clientY } of way.length ? way : [event]) {
      const cell = this.root.getRootNode().elementFromPoint(clientX, clientY)?.closest("td");
      const input = cell && this.table.contains(cell) && cell.querySelector("input");
      if (input) this.put(input, this.brush);
    }
  }

  put(input, value) {
    input.value = value;
    this.clear(input);
  }

  // Choose a number to paint with; null: none, one types.
  take(brush) {
    this.brush = brush;
    this.table.classList.toggle("painted", brush !== null);
    this.inputs.forEach((input) => (input.readOnly = brush !== null)); // no keyboard on a phone
    this.swatches.forEach((swatch) => {
      swatch.setAttribute("aria-pressed", String(swatch.dataset.value === brush));
    });
  }

  offer() {
    const { palette, text } = this.data;
    this.palette.replaceChildren();
    this.palette.hidden = !palette.length;
    this.palette.setAttribute("aria-label", text.palette);
    this.swatches = (palette.length ? [...palette, ""] : []).map((value, at) => {
      const swatch = document.createElement("button");
      swatch.type = "button";
      swatch.className = "swatch";
      swatch.dataset.value = value;
      swatch.textContent = value || text.erase;
      swatch.tabIndex = at ? -1 : 0;
      this.tint(swatch, value);
      swatch.addEventListener("click", () => this.take(this.brush === value ? null : value));
      this.palette.append(swatch);
      return swatch;
    });
    this.take(null);
  }

  // One stop of the tab key for the whole palette; arrow keys go from number to number.
  walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.take(null);
    if (!step) return;
    event.preventDefault();
    const { length } = this.swatches;
    const at = (this.swatches.indexOf(event.target) + step + length) % length;
    this.swatches.forEach((swatch, place) => (swatch.tabIndex = place === at ? 0 : -1));
    this.swatches[at].focus();
  }

  // The colour of a number, as in the maps: blue below zero, red above.
  tint(element, text) {
    const most = Math.max(...this.data.palette.map((each) => Math.abs(Number(each))));
    const part = text.trim() && most ? Number(text) / most : 0;
    const shown = Number.isFinite(part) ? Math.max(-1, Math.min(1, part)) : 0;
    element.style.setProperty("--part", `${Math.round(100 * Math.abs(shown) ** 0.7)}%`);
    element.dataset.sign = Math.sign(shown);
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", data.columns);
    this.root.classList.toggle("wide", data.columns > MOST_ROOMY);
    const signature = `${data.identity} ${data.rows} ${data.columns}`;
    if (signature !== this.signature) this.build();
    if (signature + data.palette !== this.offered) this.offer();
    this.signature = signature;
    this.offered = signature + data.palette;
    this.button.textContent = data.text.check;
    this.note.textContent = data.palette.length
      ? `${data.text.brush} ${data.text.hint}`
      : data.text.hint;
    this.inputs.forEach((input, at) => {
      // What was checked comes back tidied; what was typed since stays.
      if (input.value.trim() === this.sent?.[at]) input.value = data.typed[at];
      this.mark(input, at);
    });
  }

  build() {
    const { rows, columns, typed, text, longest } = this.data;
    this.table.replaceChildren();
    this.inputs = [];
    this.sent = null;
    for (let row = 0; row < rows; row += 1) {
      const line = this.table.insertRow();
      for (let column = 0; column < columns; column += 1) {
        const cell = line.insertCell();
        const input = document.createElement("input");
        const place = { row: row + 1, column: column + 1 };
        input.dataset.label = text.cell.replace(/\{(\w+)\}/g, (_, name) => place[name]);
        input.maxLength = longest;
        input.value = typed[this.inputs.length];
        const sign = document.createElement("span");
        sign.className = "sign";
        sign.setAttribute("aria-hidden", "true");
        const truth = document.createElement("span");
        truth.className = "true";
        cell.append(input, sign, truth);
        this.inputs.push(input);
      }
    }
  }

  // What was typed since the last check keeps no mark.
  mark(input, at) {
    const { typed, marks, signs, text, true: truths } = this.data;
    const fresh = input.value.trim() === typed[at];
    const mark = (fresh && marks[at]) || "";
    const cell = input.parentElement;
    cell.className = mark;
    this.tint(input, input.value);
    cell.querySelector(".sign").textContent = signs[mark] ?? "";
    const truth = truths[at];
    cell.querySelector(".true").textContent = truth ?? "";
    const spoken = [input.dataset.label, text[mark]];
    if (truth !== undefined) spoken.push(text.true.replace("{value}", truth));
    input.setAttribute("aria-label", spoken.filter(Boolean).join(", "));
    input.setAttribute("aria-invalid", String(mark === "wrong" || mark === "unreadable"));
  }

  clear(input) {
    this.mark(input, this.inputs.indexOf(input));
  }

  focus(at) {
    const input = this.inputs[at];
    if (!input) return false;
    input.focus();
    input.select();
    return true;
  }

  key(event) {
    const { columns } = this.data;
    const at = this.inputs.indexOf(event.target);
    if (this.brush !== null && this.brushKey(event)) return;
    const { selectionStart: from, selectionEnd: to, value } = event.target;
    const all = from === 0 && to === value.length;
    const steps = {
      ArrowUp: -columns,
      ArrowDown: columns,
      ArrowLeft: (all || to === 0) && at % columns ? -1 : 0,
      ArrowRight: (all || from === value.length) && (at + 1) % columns ? 1 : 0,
    };
    if (event.key === "Enter") {
      const empty = (_, step) => !this.inputs[(at + step) % this.inputs.length].value.trim();
      const next = this.inputs.findIndex(empty);
      if (next < 0 || !event.target.value.trim()) return; // the form is sent
      event.preventDefault();
      this.focus((at + next) % this.inputs.length);
    } else if (steps[event.key] && this.focus(at + steps[event.key])) {
      event.preventDefault();
    }
  }

  // Space paints; whoever types, types.
  brushKey(event) {
    if (event.key === " ") {
      event.preventDefault();
      this.put(event.target, this.brush);
      return true;
    }
    const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (typed || ["Escape", "Backspace", "Delete"].includes(event.key)) this.take(null);
    return false;
  }

  // Several numbers, as a spreadsheet or Python prints them, fill the cells from here on.
  paste(event) {
    const pasted = event.clipboardData.getData("text").replace(/[[\]]|,(?=\s)/g, " ").trim();
    const numbers = pasted.split(BETWEEN_PASTED);
    if (numbers.length < 2) return;
    event.preventDefault();
    const at = this.inputs.indexOf(event.target);
    numbers.slice(0, this.inputs.length - at).forEach((number, step) => {
      this.put(this.inputs[at + step], number.slice(0, this.data.longest));
    });
  }
}
