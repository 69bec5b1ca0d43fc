// What is looked at as a part of the address, and the entries of the browser's history.
//
// The workbench alone writes the address of its page: the server gives it the query of what runs.

/** @import {View} from "../types.d.ts" */

import { inLanguage } from "../language/language.js";
import { forRoom } from "../room/room.js";

const NONE = "all"; // as `experiment.parameter.NOTHING` writes that no single one is chosen

/** @param {View[keyof View]} value */
function written(value) {
  if (typeof value === "boolean") return value ? "1" : "0";
  return value === null ? NONE : String(value);
}

/**
 * The fields that differ from how the run begins, as they stand in an address.
 * @param {View} view
 * @param {View} begun
 * @returns {Record<string, string>}
 */
export function said(view, begun) {
  const names = /** @type {(keyof View)[]} */ (Object.keys(begun));
  const differing = names.filter((name) => view[name] !== begun[name]);
  return Object.fromEntries(differing.map((name) => [name, written(view[name])]));
}

/**
 * The whole query: what runs, and what is looked at.
 * @param {string} query of what runs; empty for what is seen without any
 * @param {string} version that stands in a query which says anything
 * @param {View} view
 * @param {View} begun
 * @param {string} [also] what it says besides, as a query
 */
export function wholeQuery(query, version, view, begun, also = "") {
  const looks = [...Object.entries(said(view, begun)), ...new URLSearchParams(also)];
  const whole = new URLSearchParams(query);
  if (looks.length && !query) whole.append("v", version);
  for (const [name, text] of looks) whole.append(name, text);
  return whole.toString();
}

/** @typedef {{query: string, view: View}} Kept what Back and Forward find without the server */

/**
 * Keep with the address as it stands what is looked at.
 * @param {Kept} kept
 */
export function keep(kept) {
  window.history.replaceState({ ...window.history.state, backlight: kept }, "");
}

/**
 * Put a query into the address.
 * @param {string} query
 * @param {Kept} kept
 * @param {boolean} push whether Back returns to what was before
 */
export function write(query, kept, push) {
  const { pathname, search } = window.location;
  const whole = inLanguage(forRoom(query));
  const wanted = whole ? `?${whole}` : "";
  const entry = { ...window.history.state, backlight: kept };
  if (sameQuery(search, wanted)) keep(kept);
  else if (push) window.history.pushState(entry, "", pathname + wanted);
  else window.history.replaceState(entry, "", pathname + wanted);
}

/**
 * Whether two queries say the same, however they are escaped.
 * @param {string} one
 * @param {string} other
 */
function sameQuery(one, other) {
  return new URLSearchParams(one).toString() === new URLSearchParams(other).toString();
}

/**
 * What was looked at in the entry that the browser has gone to, where it is of this run.
 * @param {unknown} state
 * @param {string} query
 * @returns {View | null}
 */
export function viewIn(state, query) {
  const kept = /** @type {any} */ (state)?.backlight;
  return kept && kept.query === query ? kept.view : null;
}
