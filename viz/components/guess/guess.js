// Cells to fill in: typed, pasted, walked by arrow keys, sent only when checked.
//
// data: see viz/guess.py. "Check" sends the trigger `answer` with {identity, cells}; until then
// what is typed stays here, so that nothing reruns while one thinks.

const views = new WeakMap();
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
    this.button = document.createElement("button");
    this.button.type = "submit";
    this.note = document.createElement("p");
    this.form.append(this.table, this.button, this.note);
    root.append(this.form);
    this.inputs = [];
    this.signature = "";
    this.sent = null;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sent = this.inputs.map((input) => input.value.trim());
      this.send(this.sent);
    });
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("input", (event) => this.clear(event.target));
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.root.style.setProperty("--accent", data.accent);
    this.root.style.setProperty("--columns", data.columns);
    const signature = `${data.identity} ${data.rows} ${data.columns}`;
    if (signature !== this.signature) this.build();
    this.signature = signature;
    this.button.textContent = data.text.check;
    this.note.textContent = data.text.hint;
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
    cell.querySelector(".sign").textContent = signs[mark] ?? "";
    const truth = truths[at];
    cell.querySelector(".true").textContent = truth === undefined ? "" : `= ${truth}`;
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

  // Several numbers, as a spreadsheet or Python prints them, fill the cells from here on.
  paste(event) {
    const pasted = event.clipboardData.getData("text").replace(/[[\]]|,(?=\s)/g, " ").trim();
    const numbers = pasted.split(BETWEEN_PASTED);
    if (numbers.length < 2) return;
    event.preventDefault();
    const at = this.inputs.indexOf(event.target);
    numbers.slice(0, this.inputs.length - at).forEach((number, step) => {
      const input = this.inputs[at + step];
      input.value = number.slice(0, this.data.longest);
      this.clear(input);
    });
  }
}
