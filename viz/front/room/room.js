// The view for a room, on whatever page is open: a class of the document, which the server gives it
// by a link that says so, and a part of the address. The browser alone decides it.

import { inLanguage } from "../language/language.js";

const NAME = "present"; // class and part, as in viz/room.py
const UNFOLDED = "unfolded"; // class of a document whose controls are out
const PART = /(^|&)present=[^&]*/;
export const CHANGED = "backlight:room";

const classes = () => document.documentElement.classList;

/** Whether the page is shown to a room. */
export function inRoom() {
  return classes().contains(NAME);
}

/** Whether the controls, which a room does not need, are out. */
export function isUnfolded() {
  return classes().contains(UNFOLDED);
}

/** @param {boolean} on */
export function unfold(on) {
  if (on === isUnfolded()) return;
  classes().toggle(UNFOLDED, on);
}

/** @param {boolean} on */
export function show(on) {
  classes().toggle(NAME, on);
  classes().remove(UNFOLDED);
  keepAddress();
  document.dispatchEvent(new Event(CHANGED));
}

/**
 * A query with what the address says of the room.
 * @param {string} query without a question mark
 */
export function forRoom(query) {
  if (inRoom() === /(^|&)present=1(&|$)/.test(query)) return query;
  const without = query.replace(PART, "").replace(/^&/, "");
  return inRoom() ? [without, `${NAME}=1`].filter(Boolean).join("&") : without;
}

/** Whoever writes the address, it says whether the page is shown to a room, and in which language. */
export function keepAddress() {
  const { pathname, search, hash } = window.location;
  const query = inLanguage(forRoom(search.slice(1)));
  if (query === search.slice(1)) return;
  const address = `${pathname}${query ? `?${query}` : ""}${hash}`;
  window.history.replaceState(window.history.state, "", address);
}
