// Which cells belong to the one pointed at: the cells it sums, or the cells it feeds.
//
// A link is a sparse linear relation from viz/maps/packed_sums.py. Cells are named as on screen; a slot
// past the cells on screen is a summed cell that is not shown. Nothing here draws.

import { fullIndex } from "../../numbers.js";

/** @import {Link} from "../../types.d.ts" */
/** @import {Drawn, Fed, Known, MapWords, Reach, Stage, Subject, Sum, Summed, Term, View} from "../types.d.ts" */
/** @typedef {{view: {spec: Drawn}, k: number, links: Link[], note?: string}} Asked */
/** @typedef {Pick<Drawn, "title" | "shape" | "start" | "count" | "values">} Cells */

const NOWHERE = 0xffffffff; // no cell: the coefficient itself is the term; no tap

/**
 * Where in the cells on screen a full index stands; it may lie outside them.
 * @param {Drawn} spec
 * @param {number[]} index
 */
export function offsetOf(spec, index) {
  return index.reduce((flat, at, axis) => flat * spec.shape[axis] + at, 0) - spec.start;
}

/**
 * The map of which a cell is pinned.
 * @param {Pick<Stage, "views">} stage
 */
export function pinnedOf({ views }) {
  return views.find((view) => view.pinned !== null);
}

/**
 * The cell that is pinned, or else pointed at; null where none is.
 * @param {Pick<Stage, "pointing" | "views">} stage
 */
export function cellOf(stage) {
  const view = pinnedOf(stage) ?? stage.pointing;
  const k = view?.pinned ?? view?.hovered ?? null;
  return !view || k === null ? null : { view, k };
}

/**
 * The cell that the outlines and the sum are about: the pinned one, the one pointed at, or the
 * largest.
 * @param {Stage} stage
 */
export function findSubject(stage) {
  const cell = cellOf(stage);
  return cell ? subjectOf(stage, cell.view, cell.k) : atRest(stage);
}

/**
 * The largest cell of the first map whose sums are known: what is explained while nobody points.
 * @param {Stage} stage
 */
function atRest(stage) {
  const { byKey, eager, packet } = stage;
  const view = packet.links.length ? byKey.get(packet.links[0].from) : undefined;
  if (!eager || packet.awaited || !view) return null;
  view.largest ??= largestCell(view.spec.values);
  return subjectOf(stage, view, view.largest);
}

/**
 * Where the largest finite magnitude stands first.
 * @param {ArrayLike<number>} values
 */
export function largestCell(values) {
  let found = 0;
  let largest = -1;
  for (let k = 0; k < values.length; k += 1) {
    const size = Math.abs(values[k]);
    if (size > largest && size < Infinity) [found, largest] = [k, size];
  }
  return found;
}

/**
 * What is known about a cell; null when no link is about its map.
 * @param {Stage} stage
 * @param {View} view
 * @param {number} k
 * @returns {Subject | null}
 */
export function subjectOf(stage, view, k) {
  const { links: sent } = stage.packet;
  const { key } = view.spec;
  const answered = answerAbout(stage, view.spec, k);
  const links = answered?.links ?? sent;
  const explaining = links.filter((link) => link.from === key);
  const chosen = explaining.length ? explaining : feeding(links, key);
  const note = answered?.note ?? "";
  if (!chosen.length) return noted(stage, view, k, note);
  const about = { view, k, links: chosen, words: wordsOf(stage.words, chosen[0]), note };
  const found = explaining.length ? sumOf(stage, about) : reachOf(about);
  return { ...about, ...(found ?? { kind: answered ? "too large" : "large" }) };
}

/**
 * The words around the sum of a link, some of which are its own.
 * @param {MapWords} words
 * @param {Link} link
 */
export function wordsOf({ sum }, link) {
  return { ...sum, ...link.words };
}

/**
 * What the server found out about this cell.
 * @param {Stage} stage
 * @param {Drawn} spec
 * @param {number} k
 */
function answerAbout({ packet: { answer } }, spec, k) {
  return answer?.map === spec.key && offsetOf(spec, answer.index) === k ? answer : null;
}

/**
 * A cell of which the server could only say why there is no sum.
 * @param {Stage} stage
 * @param {View} view
 * @param {number} k
 * @param {string} note
 * @returns {Subject | null}
 */
function noted({ packet: { links }, words }, view, k, note) {
  if (!note || !links.length) return null;
  return { view, k, links: [], words: wordsOf(words, links[0]), note, kind: "note" };
}

/**
 * The links that sum cells of a map.
 * @param {Link[]} links
 * @param {string} key
 */
function feeding(links, key) {
  const all = links.filter((link) => link.to === key);
  // The first map decides: a reach without it would mislead.
  return all[0]?.large ? all : all.filter((link) => !link.large);
}

/**
 * The row of a link that explains cell k; -1 where none does.
 * @param {Pick<Link, "cells">} link
 * @param {number} k
 */
export function rowOf({ cells }, k) {
  let low = 0;
  let high = cells.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (cells[middle] === k) return middle;
    if (cells[middle] < k) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * The sentence that the sum of cell k needs; empty for a plain one.
 * @param {Link} link
 * @param {number} k
 */
function noteOf(link, k) {
  const which = link.note_of?.[rowOf(link, k)] ?? NOWHERE;
  return which === NOWHERE ? "" : link.notes[which];
}

/**
 * The cells that a link sums; of an array that is not drawn, title and shape without cells.
 * @param {Known} known
 * @param {Link} link
 * @returns {Cells}
 */
function summedCells(known, link) {
  if (link.undrawn) return { ...link.undrawn, start: 0, count: 0, values: link.hidden_values };
  const map = known.byKey.get(link.to);
  if (!map) throw new Error(`No map has the key ${link.to}.`);
  return map.spec;
}

/**
 * The summed cell behind a term, by the title of its array and its full index there; null for a
 * constant.
 * @param {Known} known
 * @param {Term} term
 */
export function summedCell(known, { link, at }) {
  const slot = link.places[at];
  if (slot === NOWHERE) return null;
  const { title, shape, start, count } = summedCells(known, link);
  const flat = slot < count ? start + slot : link.hidden[slot - count];
  return { title, index: fullIndex({ shape, start: 0 }, flat) };
}

/**
 * Whether every number is a float32, so that products and sums are rounded as in the engine.
 * @param {Known} known
 * @param {Link[]} links
 */
function isSingle(known, links) {
  return links.every(
    (link) =>
      link.coefficients instanceof Float32Array &&
      summedCells(known, link).values instanceof Float32Array,
  );
}

/**
 * Add in the order in which the terms stand, rounding after every step.
 * @param {Summed[]} terms
 * @param {(value: number) => number} round
 */
export function addUp(terms, round) {
  if (!terms.length) return 0;
  return terms.reduce((sum, { product }, at) => (at ? round(sum + product) : product), 0);
}

/**
 * The terms of cell k and their total; null when some link does not know this cell.
 * @param {Known} known
 * @param {Asked} asked
 * @returns {Sum | null}
 */
export function sumOf(known, { view, k, links, note = "" }) {
  if (links.some((link) => link.large || rowOf(link, k) < 0)) return null;
  const single = isSingle(known, links);
  const round = single ? Math.fround : Number;
  const terms = links.flatMap((link) => termsOf(known, link, rowOf(link, k), round));
  const total = addUp(terms, round);
  const recorded = view.spec.values[k];
  /** @type {Sum["kind"]} */
  const kind = links[0].adds ? "sum" : "mixed";
  const found = { kind, terms, total, recorded, single, round, note: note || noteOf(links[0], k) };
  return { ...found, ...compare(total, recorded, terms, links) };
}

/**
 * @param {Known} known
 * @param {Link} link
 * @param {number} row
 * @param {(value: number) => number} round
 */
function termsOf(known, link, row, round) {
  const { values, count } = summedCells(known, link);
  /** @type {Summed[]} */
  const terms = [];
  for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
    const slot = link.places[at];
    const cell = slot < count ? values[slot] : link.hidden_values[slot - count];
    const value = slot === NOWHERE ? 1 : cell;
    const factor = link.function ? 1 : value;
    terms.push({ link, at, value, product: round(link.coefficients[at] * factor) });
  }
  return terms;
}

/**
 * Whether rounding explains how far a total is from what autograd recorded.
 * @param {number} total
 * @param {number} recorded
 * @param {Summed[]} terms
 * @param {Link[]} links
 */
function compare(total, recorded, terms, links) {
  const same = total === recorded || (Number.isNaN(total) && Number.isNaN(recorded));
  const difference = same ? 0 : Math.abs(total - recorded);
  const size = terms.reduce((sum, { product }) => sum + Math.abs(product), 0);
  const share = Math.max(...links.map((link) => link.rounding)) * Math.sqrt(terms.length + 4);
  const tolerance = share * size + Math.max(...links.map((link) => link.slack));
  // Of what is not finite no tolerance can be said.
  const agrees = same || (difference <= tolerance && difference < Infinity);
  const cancels = agrees && recorded !== 0 && Math.abs(recorded) <= share * size;
  return { difference, agrees, cancels };
}

/**
 * For every summed cell on screen, the rows and coefficients it stands in. Made once a link.
 * @param {Link} link
 * @param {number} count
 */
export function transposed(link, count) {
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

/**
 * The explained cells that cell k feeds; null when some link has not been sent.
 * @param {Asked} asked
 * @returns {Reach | null}
 */
export function reachOf({ view, k, links }) {
  if (links.some((link) => link.large)) return null;
  const value = view.spec.values[k];
  /** @type {Fed[]} */
  const terms = [];
  for (const link of links) {
    const { offsets, cells, coefficients } = transposed(link, view.spec.count);
    for (let entry = offsets[k]; entry < offsets[k + 1]; entry += 1) {
      terms.push({ link, at: coefficients[entry], cell: cells[entry], value });
    }
  }
  return { kind: "reach", terms, value };
}

/**
 * The cells of every map that are outlined for this subject.
 * @param {Stage} stage
 * @returns {Map<View, Set<number>>}
 */
export function outlined({ subject, byKey }) {
  const found = new Map();
  /**
   * @param {string} key
   * @param {number} k
   */
  const add = (key, k) => {
    const view = byKey.get(key);
    if (!found.has(view)) found.set(view, new Set());
    if (view && k < view.spec.count) found.get(view).add(k);
  };
  if (subject?.kind === "reach") {
    for (const { link, cell } of subject.terms) add(link.from, cell);
    return found;
  }
  for (const { link, at } of subject?.terms ?? []) {
    if (!link.undrawn) add(link.to, link.places[at]);
    if (link.tap && link.taps && link.coefficients[at] !== 0) add(link.tap, link.taps[at]);
  }
  return found;
}

/** @param {Term} term */
export function slopeOf({ link, at }) {
  return link.coefficients[at];
}

/**
 * The terms to write out: all, or the largest first where there are too many.
 * @template {Term} Kind
 * @param {Kind[]} terms
 * @param {number} most
 * @param {(term: Kind) => number} sizeOf
 */
export function largest(terms, most, sizeOf) {
  if (terms.length <= most) return { shown: terms, rest: [] };
  /** @param {Kind} term */
  const size = (term) => (Number.isFinite(sizeOf(term)) ? Math.abs(sizeOf(term)) : Infinity);
  /** @type {Kind[]} */
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
