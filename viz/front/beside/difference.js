// The maps of A and B, and between them their difference: a page of the inspector with three maps
// a row, of which the third is made here.

/** @import {Floats, MapPage, Page, Scaling, Words} from "../types.d.ts" */
/** @import {Run} from "../workbench/drawing.js" */

import { fill } from "../numbers.js";

/** Finds a run of cells that came later than its node. @typedef {(run: Run) => Floats | null} Fetched */

const [A, B, MINUS] = ["a:", "b:", "minus:"];

/**
 * The maps of a page that are compared: what arrives before what is handed on.
 * @param {Page} page
 * @param {string} show
 */
export function compared(page, show) {
  if (show === "parameters") return page.rows.flat();
  return [...(page.rows[0] ?? [])].reverse();
}

/**
 * A page that shows both, and the difference.
 * @param {Page} one of A
 * @param {Page | null} other of B, null where it has no such layer
 * @param {string} show
 * @param {Scaling} scaling
 * @param {Words} words
 * @returns {Page}
 */
export function pageOf(one, other, show, scaling, words) {
  const maps = compared(one, show);
  const others = other ? compared(other, show) : [];
  const known = new Set(maps.map(({ key }) => key));
  const rows = maps.map((map, at) => {
    const here = others[at] && !known.has(others[at].key) ? others[at] : null;
    const match = others.find(({ key }) => key === map.key) ?? here;
    return rowOf(map, match, at, scaling, words);
  });
  return { ...one, rows, between: [], arrow: "" };
}

/**
 * @param {MapPage} a
 * @param {MapPage | null} b
 * @param {number} row
 * @param {Scaling} scaling
 * @param {Words} words
 */
function rowOf(a, b, row, scaling, words) {
  const named = (/** @type {MapPage} */ map, /** @type {string} */ before, title = map.title) => ({
    ...map,
    key: before + map.key,
    title,
    group: scaling === "own" ? before + map.key : `row ${row}`,
  });
  const absent = {
    ...a,
    values: null,
    shape: null,
    missing: words.no_layer,
    subtitle: "",
    term: "",
  };
  const minus = { ...a, term: "", ...minusOf(a, b, words) };
  return [
    named(a, A, fill(words.map_a, { title: a.title })),
    named(b ?? absent, B, b ? fill(words.map_b, { title: b.title }) : "B"),
    named(minus, MINUS, words.map_minus),
  ];
}

/**
 * B - A, or why there is none.
 * @param {MapPage} a
 * @param {MapPage | null} b
 * @param {Words} words
 * @returns {Partial<MapPage>}
 */
function minusOf(a, b, words) {
  const none = (/** @type {string} */ missing) => ({ values: null, missing, subtitle: "" });
  if (!b || a.missing || b.missing || !a.values || !b.values) return none(words.no_difference);
  if (String(a.shape) !== String(b.shape)) {
    const [one, other] = [a, b].map(({ shape }) => (shape ?? []).join("×") || "1");
    return none(fill(words.other_shape, { a: one, b: other }));
  }
  const values = minus(b.values, a.values);
  return { values, subtitle: words.cell_by_cell, equal: words.map_equal };
}

/**
 * Cell by cell as far as both are known, in the precision of the numbers.
 * @param {Floats} b
 * @param {Floats} a
 * @returns {Floats}
 */
export function minus(b, a) {
  const count = Math.min(a.length, b.length);
  const single = a instanceof Float32Array && b instanceof Float32Array;
  const cells = single ? new Float32Array(count) : new Float64Array(count);
  for (let k = 0; k < count; k += 1) cells[k] = b[k] - a[k];
  return cells;
}

/**
 * Where a run of cells of such a page comes from: that of A, of B, or both.
 * @param {string} key
 * @returns {{sides: ("a" | "b")[], map: string}}
 */
export function sourceOf(key) {
  if (key.startsWith(A)) return { sides: ["a"], map: key.slice(A.length) };
  if (key.startsWith(B)) return { sides: ["b"], map: key.slice(B.length) };
  return { sides: ["a", "b"], map: key.slice(MINUS.length) };
}
