// What is changed: strokes, undo and redo, and what the server has not answered yet.
//
// A stroke is a Map of cell -> what it was before: a number, or null when it was as it came. Once
// finished it is a list of [place, before, after], and the history of a tensor is two such lists.

const MOST_UNDOS = 200;
const AGAIN = 1000; // ms after an answer that left changes out, before they are sent once more

function stateOf(board, k) {
  return board.edited.has(k) ? board.values[k] : null;
}

// Give a cell a value on screen; null or its own first value brings it back.
function put(board, k, value) {
  const { original } = board.spec;
  const rounded = value === null ? original[k] : Math.fround(value);
  board.values[k] = rounded;
  if (rounded === original[k]) board.edited.delete(k);
  else board.edited.add(k);
}

// Change one cell within the stroke that has begun.
function touch(board, k, value) {
  if (!board.stroke.has(k)) board.stroke.set(k, stateOf(board, k));
  put(board, k, value);
  if (Math.abs(board.values[k]) > board.scale) drawAll(board);
  else drawCell(board, k);
}

// All cells on the straight line from one to another, so that a quick stroke has no gaps.
function line(board, from, to) {
  const { columns, count } = board.spec;
  const [x0, y0] = [from % columns, Math.floor(from / columns)];
  const [x1, y1] = [to % columns, Math.floor(to / columns)];
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  const places = [];
  for (let step = 0; step <= steps; step += 1) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    if (y * columns + x < count) places.push(y * columns + x);
  }
  return places;
}

// Change cells in one stroke: [[cell, value or null], ...].
function strokeOf(board, changes) {
  board.stroke = new Map();
  for (const [k, value] of changes) touch(board, k, value);
  finish(board);
}

// End the stroke: remember how to take it back, and send it once.
function finish(board) {
  const { stroke, spec } = board;
  board.stroke = null;
  board.last = null;
  const changed = [...(stroke ?? [])].filter(([k, before]) => stateOf(board, k) !== before);
  if (!changed.length) return;
  const done = changed.map(([k, before]) => [spec.start + k, before, stateOf(board, k)]);
  const past = [...historyOf(board).past, done].slice(-MOST_UNDOS);
  board.history.set(spec.key, { past, future: [] });
  hand(board, done.map(([place, , after]) => [place, after]));
  speak(board, fill(spec.labels.done, { count: changed.length }));
}

function historyOf(board) {
  return board.history.get(board.spec.key) ?? { past: [], future: [] };
}

function undo(board) {
  const { past, future } = historyOf(board);
  const stroke = past.pop();
  if (!stroke) return speak(board, board.spec.labels.nothing);
  future.push(stroke);
  return again(board, stroke.map(([place, before]) => [place, before]), "undone");
}

function redo(board) {
  const { past, future } = historyOf(board);
  const stroke = future.pop();
  if (!stroke) return speak(board, board.spec.labels.nothing_again);
  past.push(stroke);
  return again(board, stroke.map(([place, , after]) => [place, after]), "redone");
}

function again(board, changes, word) {
  const { spec } = board;
  for (const [place, value] of changes) {
    const k = place - spec.start;
    if (k >= 0 && k < spec.count) put(board, k, value);
  }
  hand(board, changes);
  speak(board, spec.labels[word]);
}

// Hand changes to the server, with all that it has not answered yet: of two messages in a row it
// may see only the second.
function hand(board, changes) {
  const { spec, waiting } = board;
  const cells = waiting.get(spec.key) ?? new Map();
  for (const [place, value] of changes) cells.set(place, value);
  waiting.set(spec.key, cells);
  board.serial += 1;
  post(board);
  drawAll(board);
  readOut(board);
  offer(board);
}

function post(board) {
  const tensors = [...board.waiting].map(([name, each]) => [name, [...each]]);
  board.send({ serial: board.serial, tensors });
}

// Take over what the server says, under what it has not seen yet.
function receive(board, spec) {
  const before = board.spec;
  const same = before?.key === spec.key && before.start === spec.start && before.count === spec.count;
  if (!before) board.serial = spec.answered;
  if (spec.answered >= board.serial) board.waiting.clear();
  clearTimeout(board.again);
  if (board.waiting.size) board.again = setTimeout(() => post(board), AGAIN);
  if (board.origins.get(spec.key) !== spec.origin) board.history.delete(spec.key);
  board.origins.set(spec.key, spec.origin);
  const unfinished = same ? [...(board.stroke ?? [])].map(([k]) => [k, stateOf(board, k)]) : [];
  if (!same) Object.assign(board, { stroke: null, last: null, hovered: null });
  board.spec = spec;
  board.values = spec.values.slice();
  board.edited = new Set(spec.edited);
  for (const [place, value] of board.waiting.get(spec.key) ?? []) {
    const k = place - spec.start;
    if (k >= 0 && k < spec.count) put(board, k, value);
  }
  for (const [k, value] of unfinished) put(board, k, value);
  return same;
}

function speak(board, sentence) {
  board.spoken.textContent = "";
  board.spoken.textContent = sentence;
}
