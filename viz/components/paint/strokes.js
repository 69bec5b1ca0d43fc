// What is changed: strokes, undo, and what the server has not answered yet.
//
// A stroke is a Map of cell -> what it was before: a number, or null when it was as it came.

const MOST_UNDOS = 200;

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
  const history = board.history.get(spec.key) ?? [];
  history.push(changed.map(([k, before]) => [spec.start + k, before]));
  board.history.set(spec.key, history.slice(-MOST_UNDOS));
  hand(board, changed.map(([k]) => [spec.start + k, stateOf(board, k)]));
  speak(board, fill(spec.labels.done, { count: changed.length }));
}

function undo(board) {
  const { spec } = board;
  const stroke = board.history.get(spec.key)?.pop();
  if (!stroke) return speak(board, spec.labels.nothing);
  for (const [place, before] of stroke) {
    const k = place - spec.start;
    if (k >= 0 && k < spec.count) put(board, k, before);
  }
  hand(board, stroke);
  speak(board, spec.labels.undone);
  return undefined;
}

// Hand changes to the server, with all that it has not answered yet: of two messages in a row it
// may see only the second.
function hand(board, changes) {
  const { spec, waiting } = board;
  const cells = waiting.get(spec.key) ?? new Map();
  for (const [place, value] of changes) cells.set(place, value);
  waiting.set(spec.key, cells);
  board.serial += 1;
  const tensors = [...waiting].map(([name, each]) => [name, [...each]]);
  board.send({ serial: board.serial, tensors });
  drawAll(board);
  readOut(board);
}

// Take over what the server says, under what it has not seen yet.
function receive(board, spec) {
  const before = board.spec;
  const same = before?.key === spec.key && before.start === spec.start && before.count === spec.count;
  if (!before) board.serial = spec.answered;
  if (spec.answered >= board.serial) board.waiting.clear();
  if (spec.clean && !board.waiting.has(spec.key)) board.history.delete(spec.key);
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
