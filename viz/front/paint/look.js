// How the cells look: size, colour, number, mark, legend, what is read out.

import { isDark } from "../colours.js";
import { focused } from "../element.js";
import { scaleColours, writeScale } from "../maps/legend.js";
import { exactNumber, fill, fullIndex, shortNumber, typographic } from "../numbers.js";

/** @import {Theme} from "../types.d.ts" */
/** @import {Board} from "./board.js" */

const CELL = { smallest: 5, biggest: 72 }; // px
const GRID_HEIGHT = 400; // px that a map should fit in
const FONT = { smallest: 12, largest: 15, perCell: 0.24, letter: 0.62 }; // px, px a px of cell, em

/**
 * Find the cells' size, and lay the whole map out anew.
 * @param {Board} board
 */
export function layOut(board) {
  const { grid, root } = board;
  const { rows, columns, theme } = board.canvas;
  const width = root.clientWidth;
  if (!width) return;
  const most = Math.min(width / columns, GRID_HEIGHT / rows, CELL.biggest);
  board.size = Math.max(CELL.smallest, Math.floor(most));
  board.table = isDark(getComputedStyle(root).backgroundColor) ? theme.dark : theme.light;
  grid.style.gridTemplateColumns = `repeat(${columns}, ${board.size}px)`;
  grid.style.setProperty("--cell", `${board.size}px`);
  drawAll(board);
}

/**
 * Draw every cell: the scale or the numbers' length may have changed.
 * @param {Board} board
 */
export function drawAll(board) {
  const { values } = board.strokes;
  board.scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  board.text = chooseText(values, board.size, board.canvas.theme);
  board.grid.style.fontSize = board.text ? `${board.text.font}px` : "";
  board.cells.forEach((_, k) => drawCell(board, k));
  drawLegend(board);
}

/**
 * How many digits let every number fit in its cell; null when none does.
 * @param {Float32Array} values
 * @param {number} size of a cell
 * @param {Theme} theme
 */
export function chooseText(values, size, theme) {
  const font = Math.min(FONT.largest, Math.max(FONT.smallest, size * FONT.perCell));
  for (let digits = theme.digits; digits > 0; digits -= 1) {
    const texts = Array.from(values, (value) => shortNumber(value, digits, theme));
    const longest = Math.max(...texts.map((text) => text.length));
    for (const each of [font, FONT.smallest]) {
      if (longest * each * FONT.letter + 4 <= size) return { digits, font: each };
    }
  }
  return null;
}

/**
 * @param {Board} board
 * @param {number} k
 */
export function drawCell(board, k) {
  const { table, scale, text } = board;
  const { half, inks } = board.canvas.theme;
  const { values, edited } = board.strokes;
  const cell = board.cells[k];
  const value = values[k];
  const entry = 4 * (scale ? half + Math.round((half * value) / scale) : half);
  cell.style.backgroundColor = `rgb(${table.subarray(entry, entry + 3).join(" ")})`;
  cell.style.color = inks[table[entry + 3]];
  cell.textContent = text ? shortNumber(value, text.digits, board.canvas.theme) : "";
  cell.classList.toggle("edited", edited.has(k));
  cell.dataset.value = exactNumber(value, values);
  cell.ariaLabel = describe(board, k);
}

/**
 * @param {Board} board
 * @param {number} k
 */
export function indexText({ canvas }, k) {
  return `[${fullIndex(canvas, k).join(", ")}]`;
}

/**
 * @param {Board} board
 * @param {number} k
 */
function describe(board, k) {
  const { labels, original } = board.canvas;
  const { values, edited } = board.strokes;
  return fill(edited.has(k) ? labels.changed : labels.cell, {
    index: indexText(board, k),
    value: typographic(exactNumber(values[k], values)),
    before: typographic(exactNumber(original[k], original)),
  });
}

/**
 * Say what is pointed at or focused, or else what can be done.
 * @param {Board} board
 */
export function readOut(board) {
  const { labels } = board.canvas;
  const isFocused = board.grid.contains(focused(board.grid));
  const k = board.hovered ?? (isFocused ? board.focused : null);
  const idle = `${labels[`${board.tool}_help`]} ${labels.hint}`;
  board.readout.textContent = k === null ? idle : describe(board, k);
  board.readout.classList.toggle("idle", k === null);
}

/** @param {Board} board */
function drawLegend({ legend, scale, table, canvas }) {
  const { digits, half } = canvas.theme;
  const ends = scale ? [-scale, 0, scale] : [0];
  const said = ends.map((end) => shortNumber(end, digits, canvas.theme));
  legend.replaceChildren();
  writeScale(legend, scaleColours(table, half), said);
}
