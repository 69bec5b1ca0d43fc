// Keys on the grid, and the field in which a number is typed.

import { element } from "../element.js";
import { isCommand, wayOf } from "../keys.js";
import { exactNumber, fill } from "../numbers.js";
import { indexText, readOut } from "./look.js";

/** @import {Board} from "./board.js" */
/** @import {Canvas} from "./types.d.ts" */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BEGINS_NUMBER = /^[-+.,\d]$/;
const FIELD = { width: 76, height: 30 }; // px at least

/**
 * The number in a text, or null when it is none that a cell can hold.
 * @param {string} text
 * @param {Pick<Canvas, "largest" | "whole">} limits
 */
export function readNumber(text, { largest, whole }) {
  const plain = text.trim().replace(",", ".").replace("\u2212", "-");
  const value = Number(plain);
  const inside = whole ? Number.isInteger(value) && value >= 0 : value >= -largest;
  return NUMBER.test(plain) && inside && value <= largest ? value : null;
}

/**
 * Where a key leads from a cell; the cell itself at the rim, null for any other key.
 * @param {Pick<Canvas, "columns" | "count">} canvas
 * @param {number} k
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey">} event
 */
export function moved({ columns, count }, k, { key, ctrlKey }) {
  const row = k - (k % columns);
  const last = Math.min(row + columns, count) - 1;
  const places = new Map([
    ["ArrowLeft", Math.max(k - 1, row)],
    ["ArrowRight", Math.min(k + 1, last)],
    ["ArrowUp", k - columns],
    ["ArrowDown", k + columns],
    ["Home", ctrlKey ? 0 : row],
    ["End", ctrlKey ? count - 1 : last],
  ]);
  const to = places.get(key);
  if (to === undefined) return null;
  return to >= 0 && to < count ? to : k;
}

/**
 * Say that a text is no number for a cell.
 * @param {Board} board
 * @param {string} came
 */
export function wrong({ canvas, problem }, came) {
  const { labels, largest, key, whole } = canvas;
  const words = { largest, came, name: key };
  problem.textContent = fill(whole ? labels.wrong_id : labels.wrong, words);
  problem.hidden = false;
}

/**
 * Open the field over a cell.
 * @param {Board} board
 * @param {number} k
 * @param {string | null} [text] what was typed already
 */
export function openField(board, k, text = null) {
  closeField(board, true);
  const { canvas, strokes } = board;
  const field = element(board.grid, "input", "field", "", {
    inputMode: "decimal",
    autocomplete: "off",
    ariaLabel: fill(canvas.labels.typed, { index: indexText(board, k) }),
    value: text ?? exactNumber(strokes.values[k], strokes.values),
  });
  placeField(board, field, k);
  board.field = { field, k };
  field.addEventListener("keydown", (event) => onFieldKey(board, event, k));
  field.addEventListener("blur", () => board.field?.field === field && closeField(board, true));
  field.addEventListener("pointerdown", (event) => event.stopPropagation());
  field.focus({ preventScroll: true });
  if (text === null) field.select();
}

/**
 * Put the field over the middle of its cell, and within the map where it can be.
 * @param {Board} board
 * @param {HTMLInputElement} field
 * @param {number} k
 */
function placeField({ size, canvas }, field, k) {
  const { columns } = canvas;
  const width = Math.max(size, FIELD.width);
  const height = Math.max(size, FIELD.height);
  const centre = ((k % columns) + 0.5) * size;
  const middle = (Math.floor(k / columns) + 0.5) * size;
  const widest = Math.max(0, columns * size - width);
  Object.assign(field.style, {
    width: `${width}px`,
    height: `${height}px`,
    left: `${Math.min(Math.max(0, centre - width / 2), widest)}px`,
    top: `${middle - height / 2}px`,
  });
}

/**
 * Close the field; false when it holds no number and stays open.
 * @param {Board} board
 * @param {boolean} keep whether to take its number over
 * @param {boolean} [insist] whether to stay open over what is no number
 */
export function closeField(board, keep, insist = false) {
  if (!board.field) return true;
  const { field, k } = board.field;
  const filled = keep && Boolean(field.value.trim());
  const value = filled ? readNumber(field.value, board.canvas) : null;
  if (filled && value === null) {
    wrong(board, field.value);
    field.ariaInvalid = "true";
    if (insist) return false;
  } else board.problem.hidden = true;
  board.field = null;
  field.remove();
  if (value !== null) board.change([[k, value]]);
  return true;
}

/**
 * @param {Board} board
 * @param {KeyboardEvent} event
 * @param {number} k
 */
function onFieldKey(board, event, k) {
  event.stopPropagation();
  const { columns, count } = board.canvas;
  const down = { ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (event.key === "Escape") closeField(board, false);
  else if (event.key === "Enter" || down) {
    if (!closeField(board, true, true)) return;
  } else return;
  event.preventDefault();
  const to = k + (down ?? 0);
  focusCell(board, to >= 0 && to < count ? to : k);
}

/**
 * @param {Board} board
 * @param {number} k
 */
export function focusCell(board, k) {
  board.cells[board.focused]?.setAttribute("tabindex", "-1");
  board.focused = k;
  board.cells[k].tabIndex = 0;
  board.cells[k].focus();
  readOut(board);
}

/**
 * @param {Board} board
 * @param {KeyboardEvent} event
 */
export function onKey(board, event) {
  if (!(event.target instanceof Element) || event.target.tagName === "INPUT") return;
  const way = wayOf(event);
  if (way) board.go(way);
  else if (event.target.getAttribute("role") !== "gridcell" || !onCellKey(board, event)) return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {Board} board
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key means something
 */
function onCellKey(board, event) {
  const k = board.focused;
  const to = moved(board.canvas, k, event);
  if (to !== null) focusCell(board, to);
  else if (isCommand(event)) return false;
  else if (event.key === "Delete" || event.key === "Backspace") board.change([[k, null]]);
  else if (event.key === " ") board.change([[k, board.setting]]);
  else if (event.key === "Enter") openField(board, k);
  else if (BEGINS_NUMBER.test(event.key)) openField(board, k, event.key);
  else return false;
  return true;
}
