// Keys on the grid, and the field in which a number is typed.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BEGINS_NUMBER = /^[-+.,\d]$/;
const FIELD = { width: 76, height: 30 }; // px at least

// The number in a text, or null when it is none that a cell can hold.
function readNumber(board, text) {
  const plain = text.trim().replace(",", ".").replace("\u2212", "-");
  const value = Number(plain);
  const { largest, whole } = board.spec;
  const inside = whole ? Number.isInteger(value) && value >= 0 : value >= -largest;
  return NUMBER.test(plain) && inside && value <= largest ? value : null;
}

function wrong(board, came) {
  const { labels, largest, key, whole } = board.spec;
  const words = { largest, came, name: key };
  board.problem.textContent = fill(whole ? labels.wrong_id : labels.wrong, words);
  board.problem.hidden = false;
}

// Open the field over a cell; `text` is what was typed already.
function openField(board, k, text = null) {
  closeField(board, true);
  const { size, spec, grid } = board;
  const field = make(grid, "input", "field");
  field.type = "text";
  field.inputMode = "decimal";
  field.autocomplete = "off";
  field.setAttribute("aria-label", fill(spec.labels.typed, { index: indexText(board, k) }));
  const width = Math.max(size, FIELD.width);
  const height = Math.max(size, FIELD.height);
  const centre = ((k % spec.columns) + 0.5) * size;
  const middle = (Math.floor(k / spec.columns) + 0.5) * size;
  const widest = Math.max(0, spec.columns * size - width);
  Object.assign(field.style, {
    width: `${width}px`,
    height: `${height}px`,
    left: `${Math.min(Math.max(0, centre - width / 2), widest)}px`,
    top: `${middle - height / 2}px`,
  });
  field.value = text ?? exactNumber(board.values[k], board.values);
  board.field = { field, k };
  field.addEventListener("keydown", (event) => onFieldKey(board, event));
  field.addEventListener("blur", () => board.field?.field === field && closeField(board, true));
  field.addEventListener("pointerdown", (event) => event.stopPropagation());
  field.focus({ preventScroll: true });
  if (text === null) field.select();
}

// Close the field; `keep` takes its number over. False when it holds none and stays open.
function closeField(board, keep, insist = false) {
  if (!board.field) return true;
  const { field, k } = board.field;
  const empty = !field.value.trim();
  const value = keep && !empty ? readNumber(board, field.value) : null;
  if (keep && !empty && value === null) {
    wrong(board, field.value);
    field.setAttribute("aria-invalid", "true");
    if (insist) return false;
  } else board.problem.hidden = true;
  board.field = null;
  field.remove();
  if (value !== null) strokeOf(board, [[k, value]]);
  return true;
}

function onFieldKey(board, event) {
  const { k } = board.field;
  event.stopPropagation();
  const down = { ArrowDown: board.spec.columns, ArrowUp: -board.spec.columns }[event.key];
  if (event.key === "Escape") closeField(board, false);
  else if (event.key === "Enter" || down) {
    if (!closeField(board, true, true)) return;
  } else return;
  event.preventDefault();
  const to = k + (down ?? 0);
  focusCell(board, to >= 0 && to < board.spec.count ? to : k);
}

// Where a key leads from a cell; the cell itself at the rim.
function moved(board, k, event) {
  const { columns, count } = board.spec;
  const row = k - (k % columns);
  const last = Math.min(row + columns, count) - 1;
  const to = {
    ArrowLeft: () => Math.max(k - 1, row),
    ArrowRight: () => Math.min(k + 1, last),
    ArrowUp: () => k - columns,
    ArrowDown: () => k + columns,
    Home: () => (event.ctrlKey ? 0 : row),
    End: () => (event.ctrlKey ? count - 1 : last),
  }[event.key]?.();
  if (to === undefined) return null;
  return to >= 0 && to < count ? to : k;
}

function focusCell(board, k) {
  board.cells[board.focused]?.setAttribute("tabindex", "-1");
  board.focused = k;
  const cell = board.cells[k];
  cell.tabIndex = 0;
  cell.focus({ preventScroll: false });
  readOut(board);
}

// Which way Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z go through the history, if it is one of these.
function wayOf(event) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  return { z: event.shiftKey ? redo : undo, y: redo }[key] ?? null;
}

function onKey(board, event) {
  const k = board.focused;
  if (event.target.tagName === "INPUT") return;
  const way = wayOf(event);
  if (way) way(board);
  else if (event.target.getAttribute("role") !== "gridcell") return;
  else if (moved(board, k, event) !== null) focusCell(board, moved(board, k, event));
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "Delete" || event.key === "Backspace") strokeOf(board, [[k, null]]);
  else if (event.key === " ") strokeOf(board, [[k, board.tool === "eraser" ? null : board.brush]]);
  else if (event.key === "Enter") openField(board, k);
  else if (BEGINS_NUMBER.test(event.key)) openField(board, k, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
