// Where loss curve and rows stand, what is at a place of the screen, and where a key leads.

import { scale } from "../line/frame.js";

/** @import {Frame, Place, TimelineData} from "./types.d.ts" */

const CURVE = 9; // letters' heights of the loss curve
const ROWS = 16; // of all rows together, where they are many
const HIGHEST = 1.75; // of one row
const LOWEST = 1;
const ASPECT = 0.66; // a bold letter's mean width, in letters' heights
const MOST = 0.32; // part of the width that names may take
const BELOW = 2.9; // letters' heights: ticks, and the name of the axis

/**
 * @param {TimelineData} data
 * @param {number} width px
 * @param {number} letter px of a letter's height
 * @returns {Frame}
 */
export function frameOf({ axis, layers, steps }, width, letter) {
  const names = [...layers, ...axis.ticks.map(({ text }) => text)].map((name) => name.length);
  const left = Math.ceil(Math.min(Math.max(3, ...names) * ASPECT * letter + 12, MOST * width));
  const right = width - Math.ceil(letter);
  const top = Math.ceil(1.9 * letter);
  const bottom = top + Math.round(CURVE * letter);
  const rows = bottom + Math.round(0.8 * letter);
  const fit = ROWS / Math.max(1, layers.length);
  const row = Math.round(Math.min(HIGHEST, Math.max(LOWEST, fit)) * letter);
  const end = rows + row * layers.length;
  const height = end + Math.ceil(BELOW * letter);
  const x = scale({ low: -0.5, high: steps - 0.5 }, left, right);
  const y = axis.log ? logScale(axis, bottom, top) : scale(axis, bottom, top);
  return { width, height, left, right, top, bottom, rows, row, end, letter, x, y };
}

/**
 * @param {{low: number, high: number}} axis of numbers above 0
 * @param {number} from px
 * @param {number} to px
 */
function logScale({ low, high }, from, to) {
  const even = scale({ low: Math.log10(low), high: Math.log10(high) }, from, to);
  return (/** @type {number} */ value) => even(Math.log10(value));
}

/**
 * The step whose column is nearest; 0 where none was done.
 * @param {number} across px
 * @param {Pick<Frame, "left" | "right">} frame
 * @param {number} steps planned
 * @param {number} done
 */
export function stepAt(across, { left, right }, steps, done) {
  const step = Math.floor(((across - left) / (right - left)) * steps);
  return Math.max(0, Math.min(step, done - 1));
}

/**
 * The layer of the row at a height; null above and below the rows.
 * @param {number} up px
 * @param {Pick<Frame, "rows" | "row">} frame
 * @param {string[]} layers
 */
export function layerAt(up, { rows, row }, layers) {
  return layers[Math.floor((up - rows) / row)] ?? null;
}

/**
 * Where a key leads; null where it is none of its own.
 * @param {Pick<KeyboardEvent, "key" | "shiftKey">} event with Shift a tenth of the way
 * @param {Place} place
 * @param {string[]} layers
 * @param {number} done
 * @returns {Place | null}
 */
export function keyTo({ key, shiftKey }, { step, layer }, layers, done) {
  const tenth = shiftKey ? Math.max(1, Math.round((done - 1) / 10)) : 1;
  const row = layers.indexOf(layer);
  /** @param {number} to */
  const at = (to) => Math.max(0, Math.min(to, done - 1));
  switch (key) {
    case "ArrowLeft":
      return { step: at(step - tenth), layer };
    case "ArrowRight":
      return { step: at(step + tenth), layer };
    case "Home":
      return { step: 0, layer };
    case "End":
      return { step: at(done - 1), layer };
    case "ArrowUp":
      return { step, layer: layers[Math.max(0, row - 1)] ?? layer };
    case "ArrowDown":
      return { step, layer: layers[Math.min(layers.length - 1, row + 1)] ?? layer };
    default:
      return null;
  }
}

/**
 * How strong the colour of a norm is, from 0 to 1; a faint one can still be told from none.
 * @param {number} norm
 * @param {{low: number, high: number}} ends
 */
export function strength(norm, { low, high }) {
  if (norm <= 0) return 0;
  const share = Math.log(norm / low) / Math.log(high / low);
  return FAINT + (1 - FAINT) * Math.max(0, Math.min(1, share));
}

const FAINT = 0.08;
