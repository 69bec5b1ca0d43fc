// Which cells belong to the one pointed at: the cells it sums, or the cells it feeds.
//
// A link is a sparse linear relation from viz/linking.py. Cells are named as on screen; a slot
// past the cells on screen is a summed cell that is not shown. Nothing here draws.

const NOWHERE = 0xffffffff; // no cell: the coefficient itself is the term; no tap

// Where in the cells on screen a full index stands; it may lie outside them.
function offsetOf(spec, index) {
  return index.reduce((flat, at, axis) => flat * spec.shape[axis] + at, 0) - spec.start;
}

// The index of a row-major position in a whole array.
function indexOf(spec, flat) {
  return fullIndex(spec, flat - spec.start);
}

// The cell that the outlines and the sum are about: the pinned one, or the one pointed at.
function findSubject(stage) {
  const view = stage.views.find((each) => each.pinned !== null) ?? stage.pointing;
  const k = view?.pinned ?? view?.hovered ?? null;
  return k === null ? null : subjectOf(stage, view, k);
}

// What is known about a cell; null when no link is about its map.
function subjectOf(stage, view, k) {
  const { answer } = stage.packet;
  const { key } = view.spec;
  const answered = answer?.map === key && offsetOf(view.spec, answer.index) === k ? answer : null;
  const links = answered?.links ?? stage.packet.links;
  const explaining = links.filter((link) => link.from === key);
  const feeding = links.filter((link) => link.to === key);
  // Of what a cell feeds, the first map decides: a reach without it would mislead.
  const fed = feeding[0]?.large ? feeding : feeding.filter((link) => !link.large);
  const chosen = explaining.length ? explaining : fed;
  if (!chosen.length) return answered?.note ? noted(stage, view, k, answered.note) : null;
  const { words } = chosen[0];
  const subject = { view, k, links: chosen, words, note: answered?.note ?? "" };
  const unknown = { ...subject, kind: answered ? "too large" : "large" };
  if (chosen.some((link) => link.large)) return unknown;
  const found = explaining.length ? sumOf(stage, subject) : reachOf(stage, subject);
  if (found && explaining.length) found.note = subject.note || noteOf(chosen[0], k);
  return found ? { ...subject, ...found } : unknown;
}

// A cell of which the server could only say why there is no sum.
function noted(stage, view, k, note) {
  return { view, k, links: [], words: stage.packet.links[0].words, note, kind: "note" };
}

function rowOf(link, k) {
  let low = 0;
  let high = link.cells.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (link.cells[middle] === k) return middle;
    if (link.cells[middle] < k) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

// The sentence that the sum of cell k needs; empty for a plain one.
function noteOf(link, k) {
  const which = link.note_of?.[rowOf(link, k)] ?? NOWHERE;
  return which === NOWHERE ? "" : link.notes[which];
}

function viewOf(stage, key) {
  return stage.byKey.get(key);
}

// The map whose cells a link sums; of one that is not drawn, its title and shape without cells.
function summedSpec(stage, link) {
  if (!link.undrawn) return viewOf(stage, link.to).spec;
  return { ...link.undrawn, start: 0, count: 0, values: link.hidden_values };
}

// The summed cell behind coefficient number `at`; 1 for a constant term.
function summedValue(stage, link, at) {
  const slot = link.places[at];
  if (slot === NOWHERE) return 1;
  const spec = summedSpec(stage, link);
  return slot < spec.count ? spec.values[slot] : link.hidden_values[slot - spec.count];
}

// Whether every number is a float32, so that products and sums are rounded as in the engine.
function isSingle(stage, links) {
  return links.every(
    (link) =>
      link.coefficients instanceof Float32Array &&
      summedSpec(stage, link).values instanceof Float32Array,
  );
}

// Add in the order in which the terms stand, rounding after every step.
function addUp(terms, round) {
  if (!terms.length) return 0;
  return terms.reduce((sum, { product }, at) => (at ? round(sum + product) : product), 0);
}

// The terms of cell k and their total; null when some link does not know this cell.
function sumOf(stage, { view, k, links }) {
  const rows = links.map((link) => rowOf(link, k));
  if (rows.includes(-1)) return null;
  const single = isSingle(stage, links);
  const round = single ? Math.fround : Number;
  const terms = [];
  let size = 0;
  links.forEach((link, part) => {
    for (let at = link.offsets[rows[part]]; at < link.offsets[rows[part] + 1]; at += 1) {
      const value = summedValue(stage, link, at);
      const factor = link.function ? 1 : value;
      const product = round(link.coefficients[at] * factor);
      terms.push({ link, at, value, product });
      size += Math.abs(product);
    }
  });
  const total = addUp(terms, round);
  const recorded = view.spec.values[k];
  const same = total === recorded || (Number.isNaN(total) && Number.isNaN(recorded));
  const difference = same ? 0 : Math.abs(total - recorded);
  const share = Math.max(...links.map((link) => link.rounding)) * Math.sqrt(terms.length + 4);
  const tolerance = share * size + Math.max(...links.map((link) => link.slack));
  return {
    kind: links[0].adds ? "sum" : "mixed", terms, total, recorded, difference, single, round,
    agrees: difference <= tolerance,
  };
}

// For every summed cell on screen, the rows and coefficients it stands in. Made once a link.
function transposed(link, count) {
  if (link.transposed) return link.transposed;
  const offsets = new Uint32Array(count + 1);
  for (const slot of link.places) if (slot < count) offsets[slot + 1] += 1;
  for (let slot = 0; slot < count; slot += 1) offsets[slot + 1] += offsets[slot];
  const next = offsets.slice();
  const cells = new Uint32Array(offsets[count]);
  const coefficients = new Uint32Array(offsets[count]);
  link.cells.forEach((cell, row) => {
    for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
      const slot = link.places[at];
      if (slot >= count) continue;
      cells[next[slot]] = cell;
      coefficients[next[slot]] = at;
      next[slot] += 1;
    }
  });
  link.transposed = { offsets, cells, coefficients };
  return link.transposed;
}

// The explained cells that cell k feeds.
function reachOf(stage, { view, k, links }) {
  const value = view.spec.values[k];
  const terms = [];
  for (const link of links) {
    const { offsets, cells, coefficients } = transposed(link, view.spec.count);
    for (let entry = offsets[k]; entry < offsets[k + 1]; entry += 1) {
      terms.push({ link, at: coefficients[entry], cell: cells[entry], value });
    }
  }
  return { kind: "reach", terms, value, single: isSingle(stage, links) };
}

// The cells of every map that are outlined for this subject: Map(view -> Set of cells).
function outlined(stage, subject) {
  const found = new Map();
  const add = (key, k) => {
    const view = viewOf(stage, key);
    if (!found.has(view)) found.set(view, new Set());
    if (k < view.spec.count) found.get(view).add(k);
  };
  for (const { link, at, cell } of subject?.terms ?? []) {
    if (subject.kind === "reach") {
      add(link.from, cell);
      continue;
    }
    if (!link.undrawn) add(link.to, link.places[at]);
    if (link.tap && link.coefficients[at] !== 0) add(link.tap, link.taps[at]);
  }
  return found;
}

function slopeOf({ link, at }) {
  return link.coefficients[at];
}

// The terms to write out: all, or the largest first where there are too many.
function largest(terms, most, sizeOf = ({ product }) => product) {
  if (terms.length <= most) return { shown: terms, rest: [] };
  const size = (term) => (Number.isFinite(sizeOf(term)) ? Math.abs(sizeOf(term)) : Infinity);
  const shown = [];
  for (const term of terms) {
    let at = shown.length;
    while (at > 0 && size(shown[at - 1]) < size(term)) at -= 1;
    if (at < most) shown.splice(at, 0, term);
    if (shown.length > most) shown.pop();
  }
  const chosen = new Set(shown);
  return { shown, rest: terms.filter((term) => !chosen.has(term)) };
}
