// The small pictures in the boxes: one colour a cell, each on a scale of its own.

/** @import {Theme, Pictures} from "../types.d.ts" */

import { isDark } from "../colours.js";
import { rimOf } from "./changes.js";

const ODD = -128; // stands for NaN and infinity
const FULL = 127; // for the largest magnitude
const SINGLE = { value: 14, gradient: 22 }; // px of its side
const THINNEST = 12; // px of the shorter side of a long picture
const MOST_LINE = 1.5; // px of the line around what a change reaches
const LINED = 7; // px of a cell from which on cells have lines between them

/** @typedef {"value" | "gradient"} Lane */

/**
 * Of one picture, its cells and how they are laid out.
 * @typedef {object} Picture
 * @property {Int8Array} cells
 * @property {number} columns
 * @property {number} rows
 * @property {number} plane which channel; -1 where there is one only
 * @property {number} largest
 */

/** Of one box; null where there is none. @typedef {Record<Lane, Picture | null>} Pair */

/**
 * All pictures of a sample, two a box: value and gradient.
 * @param {Pictures} packed
 * @returns {Pair[]}
 */
export function unpacked({ cells, looks, largest }) {
  /** @type {(Picture | null)[]} */
  const found = [];
  let start = 0;
  for (let at = 0; at < largest.length; at += 1) {
    const [count, columns, plane] = looks.subarray(3 * at, 3 * at + 3);
    const own = cells.subarray(start, start + count);
    start += count;
    const rows = Math.ceil(count / columns);
    const picture = { cells: own, columns, rows, plane: plane - 1, largest: largest[at] };
    found.push(count ? picture : null);
  }
  return Array.from({ length: found.length / 2 }, (_, at) => {
    return { value: found[2 * at], gradient: found[2 * at + 1] };
  });
}

/**
 * How large a picture is drawn within a square.
 * @param {Picture} picture
 * @param {Lane} lane
 * @param {number} side px
 */
export function sizeOf({ rows, columns }, lane, side) {
  if (rows * columns === 1) return { width: SINGLE[lane], height: SINGLE[lane] };
  const scale = side / Math.max(rows, columns);
  return {
    width: Math.max(columns * scale, Math.min(THINNEST, side)),
    height: Math.max(rows * scale, Math.min(THINNEST, side)),
  };
}

/**
 * What to paint with on a page of this colour of text.
 * @param {Theme} theme
 * @param {string} ink
 */
export function paintsFor(theme, ink) {
  const table = isDark(ink) ? theme.light : theme.dark; // dark text stands on light paper
  const colour = (/** @type {number} */ share) => {
    const entry = 4 * (theme.half + Math.round((share * theme.half) / FULL));
    return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
  };
  const colours = Array.from({ length: 2 * FULL + 1 }, (_, at) => colour(at - FULL));
  return { colours, odd: theme.non_finite, hatch: theme.hatch, ink };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {ReturnType<typeof paintsFor>} paints
 * @param {{width: number, height: number}} size px
 * @param {boolean} [outlined] whether cells that are not 0 are
 */
export function paint(canvas, picture, paints, { width, height }, outlined = false) {
  const { cells, columns, rows } = picture;
  const ratio = window.devicePixelRatio;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  if (!context) return;
  const [across, down] = [canvas.width / columns, canvas.height / rows];
  const gap = Math.min(across, down) / ratio >= LINED ? 1 : 0;
  cells.forEach((cell, at) => {
    const [left, top] = [(at % columns) * across, Math.floor(at / columns) * down];
    const [x, y] = [Math.round(left), Math.round(top)];
    const [w, h] = [Math.round(left + across) - x, Math.round(top + down) - y];
    context.fillStyle = cell === ODD ? paints.odd : paints.colours[cell + FULL];
    context.fillRect(x, y, w - gap, h - gap);
    if (cell === ODD) hatch(context, x, y, w - gap, h - gap, paints.hatch);
  });
  if (outlined) outline(context, picture, paints.ink, ratio);
}

/**
 * Draw a line around what a change reaches.
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 * @param {string} ink
 * @param {number} ratio pixels of the canvas for one of the page
 */
function outline(context, picture, ink, ratio) {
  const { width, height } = context.canvas;
  const [across, down] = [width / picture.columns, height / picture.rows];
  const line = Math.max(1, Math.min(MOST_LINE * ratio, Math.min(across, down) / 3));
  const within = (/** @type {number} */ at, /** @type {number} */ most) =>
    Math.min(Math.max(at, line / 2), most - line / 2);
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of rimOf(picture)) {
    context.moveTo(within(fromX * across, width), within(fromY * down, height));
    context.lineTo(within(toX * across, width), within(toY * down, height));
  }
  context.strokeStyle = ink;
  context.lineWidth = line;
  context.lineCap = "square";
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {string} colour
 */
function hatch(context, x, y, w, h, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.beginPath();
  for (let shift = 2; shift < w + h; shift += 6) {
    context.moveTo(x + shift, y);
    context.lineTo(x + shift - h, y + h);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}
