// The way back and forth through whole drafts; each of them is a frozen value.

/** @import {Draft} from "./types.d.ts" */

export const STEPS = 100; // changes that can be undone

/**
 * The draft, those before it and those undone, the nearest last.
 * @typedef {object} History
 * @property {Draft} present
 * @property {readonly Draft[]} past
 * @property {readonly Draft[]} future
 */

/**
 * @param {Draft} present
 * @returns {History}
 */
export function begin(present) {
  return { present, past: [], future: [] };
}

/**
 * Go on to another draft; what was undone is gone, and so is what is STEPS ago.
 * @param {History} history
 * @param {Draft} draft
 * @returns {History}
 */
export function then(history, draft) {
  if (same(history.present, draft)) return history;
  return { present: draft, past: [...history.past, history.present].slice(-STEPS), future: [] };
}

/**
 * Say the same draft in another way, such as with the sizes that come in.
 * @param {History} history
 * @param {Draft} draft
 * @returns {History}
 */
export function amended(history, draft) {
  return { ...history, present: draft };
}

/**
 * Go one step back or forth; at either end nothing changes.
 * @param {History} history
 * @param {"undo" | "redo"} way
 * @returns {History}
 */
export function gone(history, way) {
  const from = way === "undo" ? "past" : "future";
  const to = way === "undo" ? "future" : "past";
  const present = history[from].at(-1);
  if (!present) return history;
  const left = { [from]: history[from].slice(0, -1), [to]: [...history[to], history.present] };
  return { ...history, ...left, present };
}

/**
 * Whether two drafts are the same network: neither keys count nor whether a layer is fresh.
 * @param {Draft} one
 * @param {Draft} other
 */
export function same(one, other) {
  return one === other || text(one) === text(other);
}

/** @param {Draft} draft */
function text({ name, input_shape, layers }) {
  const places = new Map(layers.map(({ key }, place) => [key, place]));
  const told = layers.map((layer) => {
    const fields = Object.entries(layer.fields).sort(([a], [b]) => (a < b ? -1 : 1));
    const reads = layer.reads.map((key) => places.get(key) ?? null);
    return [layer.name, layer.kind, reads, fields, layer.switches];
  });
  return JSON.stringify([name, input_shape, told]);
}
