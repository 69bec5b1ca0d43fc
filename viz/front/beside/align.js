// Which boxes of two runs stand in one column: those of one name, then those of one shape.

/** @import {StripBox} from "../types.d.ts" */

/** The places of a column's boxes; null where a run has none. @typedef {{a: number | null, b: number | null}} Column */
/** What of a box tells where it belongs. @typedef {Pick<StripBox, "kind" | "name" | "shape">} Known */

const NAMED = 6; // a name is worth more than two neighbours of one shape
const SHAPED = 2;
const LEAST = 1; // of one kind: better beside one another than in two columns

/**
 * Align two sequences of boxes so that as much as possible agrees; the order stays.
 * @param {Known[]} one
 * @param {Known[]} other
 * @returns {Column[]}
 */
export function align(one, other) {
  const best = scores(one, other);
  /** @type {Column[]} */
  const columns = [];
  let [a, b] = [0, 0];
  while (a < one.length || b < other.length) {
    const here = best[a][b];
    const both = a < one.length && b < other.length ? likeness(one[a], other[b]) : 0;
    if (both && here === both + best[a + 1][b + 1]) columns.push({ a: a++, b: b++ });
    else if (a < one.length && here === best[a + 1][b]) columns.push({ a: a++, b: null });
    else columns.push({ a: null, b: b++ });
  }
  return columns;
}

/**
 * How well the rest of both agrees from every pair of places on.
 * @param {Known[]} one
 * @param {Known[]} other
 */
function scores(one, other) {
  const best = Array.from({ length: one.length + 1 }, () => new Float64Array(other.length + 1));
  for (let a = one.length - 1; a >= 0; a -= 1) {
    for (let b = other.length - 1; b >= 0; b -= 1) {
      const both = likeness(one[a], other[b]);
      best[a][b] = Math.max(both && both + best[a + 1][b + 1], best[a + 1][b], best[a][b + 1]);
    }
  }
  return best;
}

/**
 * How much speaks for putting two boxes in one column; 0: nothing.
 * @param {Known} one
 * @param {Known} other
 */
function likeness(one, other) {
  if (one.kind !== other.kind) return 0;
  if (one.name === other.name) return NAMED;
  return one.shape === other.shape ? SHAPED : LEAST;
}

/**
 * How many times as large the gradient of B is; null where that says nothing.
 * @param {{state: string, peak: number} | null} a
 * @param {{state: string, peak: number} | null} b
 */
export function ratioOf(a, b) {
  if (!a || !b || !isSized(a.state) || !isSized(b.state)) return null;
  if (a.state === "zero") return b.state === "zero" ? null : Infinity;
  return b.state === "zero" ? 0 : b.peak / a.peak;
}

/** @param {string} state */
export function isSized(state) {
  return state === "number" || state === "zero";
}
