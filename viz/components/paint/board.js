// A map to be set by hand: brush, eraser, numbers, undo and redo. By pointer, touch and keys.
//
// viz/paint.py joins the files named there to one module. A `board` is one mounted component; a
// cell is named by its offset k among the cells that were sent. What is changed goes to the
// server as the trigger `stroke`: {serial, tensors: [[name, [[place, value or null], ...]], ...]}.

const TOOLS = ["brush", "number", "eraser"];
const boards = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".paint");
  if (!data || !root) return undefined;
  const board = boards.get(root) ?? build(root);
  boards.set(root, board);
  board.send = (value) => setTriggerValue("stroke", value);
  show(board, readPacket(data));
  const watcher = new ResizeObserver(() => root.clientWidth !== board.width && arrange(board));
  const repaint = (event) => event.target === root && layOut(board); // another theme, see paint.css
  watcher.observe(root);
  root.addEventListener("transitionend", repaint);
  return () => {
    clearTimeout(board.again);
    watcher.disconnect();
    root.removeEventListener("transitionend", repaint);
  };
}

function arrange(board) {
  board.width = board.root.clientWidth;
  layOut(board);
}

function show(board, spec) {
  const other = board.spec?.key !== spec.key;
  const same = receive(board, spec);
  if (!same) closeField(board, false);
  if (!same || board.cells.length !== spec.count) buildCells(board);
  if (other) choose(board, spec.tool);
  words(board);
  board.width = board.root.clientWidth;
  layOut(board);
  readOut(board);
}

function build(root) {
  const board = {
    root, history: new Map(), origins: new Map(), waiting: new Map(), edited: new Set(), cells: [], serial: 0,
    tool: "brush", brush: 1, stroke: null, last: null, hovered: null, focused: 0, field: null,
  };
  board.toolbar = make(root, "div", "toolbar");
  board.toolbar.setAttribute("role", "toolbar");
  const tools = make(board.toolbar, "div", "tools");
  board.tools = TOOLS.map((tool) => button(tools, tool, () => choose(board, tool)));
  board.undo = button(board.toolbar, "undo", () => undo(board));
  board.redo = button(board.toolbar, "redo", () => redo(board));
  board.brushes = make(board.toolbar, "div", "brushes");
  buildBrush(board);
  board.fill = button(board.brushes, "fill", () => {
    strokeOf(board, board.cells.map((_, k) => [k, board.brush]));
  });
  board.problem = make(root, "p", "problem");
  board.problem.setAttribute("role", "alert");
  board.problem.hidden = true;
  board.grid = make(make(root, "div", "scroller"), "div", "grid");
  board.grid.setAttribute("role", "grid");
  board.readout = make(root, "div", "readout idle");
  board.cut = make(root, "div", "cut");
  board.legend = make(root, "div", "legend");
  board.spoken = make(root, "div", "spoken");
  board.spoken.setAttribute("aria-live", "polite");
  listen(board);
  return board;
}

function button(parent, className, act) {
  const made = make(parent, "button", className);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function buildBrush(board) {
  board.value = make(board.brushes, "input", "value");
  board.value.type = "text";
  board.value.inputMode = "decimal";
  board.value.addEventListener("change", () => {
    const value = readNumber(board, board.value.value);
    if (value === null) wrong(board, board.value.value);
    take(board, value ?? board.brush);
  });
  board.swatches = make(board.brushes, "div", "swatches");
}

// Take another brush value, and the brush with it.
function take(board, value) {
  board.brush = value;
  board.value.value = String(value);
  for (const each of board.swatches.children) {
    each.setAttribute("aria-pressed", String(Number(each.dataset.value) === value));
  }
}

function choose(board, tool) {
  board.tool = tool;
  board.root.dataset.tool = tool;
  board.tools.forEach((each, at) => each.setAttribute("aria-pressed", String(TOOLS[at] === tool)));
  if (board.spec) readOut(board);
}

// Write every word anew: another language or another tensor may have come.
function words(board) {
  const { labels, name, rows, columns, count, total, swatches } = board.spec;
  const label = (made, text, help = text) => {
    made.textContent = text;
    made.title = help;
  };
  board.tools.forEach((each, at) => label(each, labels[TOOLS[at]], labels[`${TOOLS[at]}_help`]));
  label(board.fill, labels.fill, labels.fill_help);
  label(board.undo, labels.undo, labels.undo_help);
  label(board.redo, labels.redo, labels.redo_help);
  offer(board);
  board.toolbar.setAttribute("aria-label", labels.tools);
  board.value.setAttribute("aria-label", labels.value);
  board.value.title = labels.value;
  board.grid.setAttribute("aria-label", fill(labels.summary, { name, rows, columns }));
  board.cut.textContent = count < total ? fill(labels.cut, { shown: count, total }) : "";
  board.swatches.replaceChildren();
  for (const value of swatches) {
    const made = button(board.swatches, "swatch", () => {
      take(board, value);
      choose(board, "brush");
    });
    made.dataset.value = value;
    label(made, String(value), fill(labels.swatch, { value }));
    made.setAttribute("aria-label", made.title);
  }
  take(board, board.brush);
}

// A button that has nothing to do keeps the focus, and with it the place of the keys.
function offer(board) {
  const { past, future } = historyOf(board);
  board.undo.setAttribute("aria-disabled", String(!past.length));
  board.redo.setAttribute("aria-disabled", String(!future.length));
}

function buildCells(board) {
  const { spec, grid } = board;
  const hadFocus = grid.contains(grid.getRootNode().activeElement);
  grid.replaceChildren();
  grid.setAttribute("aria-rowcount", spec.rows);
  grid.setAttribute("aria-colcount", spec.columns);
  board.cells = [];
  for (let row = 0; row < spec.rows; row += 1) {
    const line = make(grid, "div", "row");
    line.setAttribute("role", "row");
    const end = Math.min((row + 1) * spec.columns, spec.count);
    for (let k = row * spec.columns; k < end; k += 1) {
      const cell = make(line, "div", "cell");
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = -1;
      cell.dataset.place = spec.start + k;
      board.cells.push(cell);
    }
  }
  board.focused = Math.min(board.focused, spec.count - 1);
  board.hovered = null;
  if (hadFocus) focusCell(board, board.focused);
  else board.cells[board.focused].tabIndex = 0;
}

// The cell under a pointer; null beside the map.
function cellAt(board, event) {
  const box = board.grid.getBoundingClientRect();
  const column = Math.floor((event.clientX - box.left) / board.size);
  const row = Math.floor((event.clientY - box.top) / board.size);
  const inside = column >= 0 && column < board.spec.columns && row >= 0;
  const k = row * board.spec.columns + column;
  return inside && k < board.spec.count ? k : null;
}

function draw(board, k) {
  const value = board.tool === "eraser" ? null : board.brush;
  for (const each of line(board, board.last ?? k, k)) touch(board, each, value);
  board.last = k;
}

function onDown(board, event) {
  const k = cellAt(board, event);
  if (k === null || event.button !== 0) return;
  event.preventDefault();
  closeField(board, true);
  focusCell(board, k);
  if (board.tool === "number") return;
  board.grid.setPointerCapture(event.pointerId);
  board.stroke = new Map();
  draw(board, k);
}

function onMove(board, event) {
  const all = event.getCoalescedEvents?.() ?? [];
  for (const each of board.stroke ? (all.length ? all : [event]) : []) {
    const k = cellAt(board, each);
    if (k === null) board.last = null;
    else draw(board, k);
  }
  if (event.pointerType === "touch" && !board.stroke) return;
  board.hovered = cellAt(board, event);
  readOut(board);
}

function listen(board) {
  const { grid, root } = board;
  grid.addEventListener("pointerdown", (event) => onDown(board, event));
  grid.addEventListener("pointermove", (event) => onMove(board, event));
  for (const end of ["pointerup", "pointercancel"]) {
    grid.addEventListener(end, () => board.stroke && finish(board));
  }
  grid.addEventListener("click", (event) => {
    const k = cellAt(board, event);
    if (board.tool === "number" && k !== null && !board.field) openField(board, k);
  });
  grid.addEventListener("pointerleave", () => {
    board.hovered = null;
    readOut(board);
  });
  grid.addEventListener("focusout", () => queueMicrotask(() => readOut(board)));
  root.addEventListener("keydown", (event) => onKey(board, event));
}
