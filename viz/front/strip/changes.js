// What a change by hand did to the boxes: how far it reaches, in numbers, in outline and in words.

/** @import {StripBox, StripData, Theme, Words} from "../types.d.ts" */
/** @import {Picture} from "./thumbnail.js" */

import { fill, shortNumber } from "../numbers.js";

/** A sentence in pieces. @typedef {StripData["verdict"]} Pieces */

/**
 * Whether nothing of a picture has changed, or there is none.
 * @param {Pick<Picture, "largest"> | null} picture
 */
export function isUntouched(picture) {
  return !picture || picture.largest === 0;
}

/**
 * A number in few digits, a change with its sign.
 * @param {number} value
 * @param {number} digits
 * @param {Pick<Theme, "smallest_plain" | "largest_plain">} theme
 * @param {boolean} signed
 */
export function amount(value, digits, theme, signed) {
  const written = shortNumber(value, digits, theme);
  return signed && value > 0 ? `+${written}` : written;
}

/**
 * The sides at which cells that are not 0 meet others or the edge, in cells.
 * @param {Pick<Picture, "cells" | "columns" | "rows">} picture
 * @returns {[fromX: number, fromY: number, toX: number, toY: number][]}
 */
export function rimOf({ cells, columns, rows }) {
  const reached = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && x < columns && y >= 0 && y < rows && Boolean(cells[y * columns + x]);
  /** @type {[number, number, number, number][]} */
  const sides = [];
  cells.forEach((cell, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    if (!cell) return;
    if (!reached(x, y - 1)) sides.push([x, y, x + 1, y]);
    if (!reached(x, y + 1)) sides.push([x, y + 1, x + 1, y + 1]);
    if (!reached(x - 1, y)) sides.push([x, y, x, y + 1]);
    if (!reached(x + 1, y)) sides.push([x + 1, y, x + 1, y + 1]);
  });
  return sides;
}

/**
 * How many cells of a box differ, of how many.
 * @param {Uint32Array} reach
 * @param {number} at
 */
function countsOf(reach, at) {
  const [values, allValues, gradients, allGradients] = reach.subarray(4 * at, 4 * at + 4);
  return { values, allValues, gradients, allGradients };
}

/**
 * What a change reaches: at one box, and in the whole run.
 * @param {Pick<StripData, "boxes" | "changing" | "reach">} data
 * @param {number} at the place of the box; -1 for none
 * @param {string} lossMoved by how much, with its sign; empty where the loss is no number
 * @param {Words} words
 * @returns {Pieces}
 */
export function tellReach({ boxes, changing, reach }, at, lossMoved, words) {
  if (!reach || changing === null) return [];
  const here = at < 0 ? "" : atBox(boxes[at], countsOf(reach, at), changing, lossMoved, words);
  const all = boxes.map((_, place) => countsOf(reach, place));
  const count = (/** @type {keyof ReturnType<typeof countsOf>} */ name) =>
    all.filter((each) => each[name] > 0).length;
  const inAll = fill(words.in_all, {
    values: count("values"),
    all_values: count("allValues"),
    gradients: count("gradients"),
    all_gradients: count("allGradients"),
  });
  return emphasised([here, inAll].filter(Boolean).join(" "));
}

/**
 * @param {StripBox} box
 * @param {ReturnType<typeof countsOf>} counts
 * @param {string} change
 * @param {string} lossMoved
 * @param {Words} words
 */
function atBox({ kind, name }, counts, change, lossMoved, words) {
  if (kind === "loss" && lossMoved)
    return fill(counts.values ? words.moves_loss : words.keeps_loss, { change, value: lossMoved });
  const { values, allValues, gradients, allGradients } = counts;
  const sentence = kind === "input" ? words.reached_input : words.reached_values;
  const parts = [
    allValues ? fill(sentence, { count: values, all: allValues, name }) : "",
    allGradients ? fill(words.reached_gradients, { count: gradients, all: allGradients }) : "",
  ].filter(Boolean);
  return parts.length ? fill(words.reaches, { change, parts: parts.join(words.and) }) : "";
}

/**
 * A sentence in pieces; what stands between ** is emphasised. No name of ours has such marks.
 * @param {string} sentence
 * @returns {Pieces}
 */
function emphasised(sentence) {
  return sentence
    .split("**")
    .map((text, place) => ({ text, strong: place % 2 === 1 }))
    .filter(({ text }) => text);
}
