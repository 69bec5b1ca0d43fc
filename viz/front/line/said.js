// A line of text in which **bold** and `code` may occur.

import { element } from "../element.js";

const MARKED = /\*\*(.+?)\*\*|`([^`]+)`/g;

/** @typedef {{tag: "span" | "strong" | "code", text: string}} Piece */

/**
 * @param {string} said
 * @returns {Piece[]}
 */
export function pieces(said) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of said.matchAll(MARKED)) {
    found.push({ tag: "span", text: said.slice(end, match.index) });
    found.push(match[1] ? { tag: "strong", text: match[1] } : { tag: "code", text: match[2] });
    end = match.index + match[0].length;
  }
  found.push({ tag: "span", text: said.slice(end) });
  return found.filter(({ text }) => text);
}

/**
 * The same without marks, to be spoken.
 * @param {string} said
 */
export function plain(said) {
  return pieces(said)
    .map(({ text }) => text)
    .join("");
}

/**
 * Let a part of the page say it, and nothing else.
 * @param {HTMLElement} part
 * @param {string} said
 */
export function write(part, said) {
  part.replaceChildren();
  for (const { tag, text } of pieces(said)) element(part, tag, "", text);
}
