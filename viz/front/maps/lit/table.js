// Tables with the maps, whose entries stand for cells: pointing at one lights up its cells.

import { element, focused } from "../../element.js";
import { read } from "../written/exact.js";
import { litEntries } from "./lights.js";
import { scrollTo } from "../sight.js";

/** @import {TableSpec} from "../../types.d.ts" */
/** @import {Entry, Stage} from "../types.d.ts" */
/** @typedef {Pick<Entry, "table" | "row" | "column">} Place */

const LETTER = /\p{L}/u;
/** Rows down and columns to the right. @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Write the tables of a packet, unless they stand there already; the focus stays in its place.
 * @param {Stage} stage
 * @param {() => void} onPoint another entry is pointed at, or none
 */
export function writeTables(stage, onPoint) {
  const { tables = [] } = stage.packet;
  const written = JSON.stringify(tables);
  if (written === stage.tabulated) return;
  const holder = focused(stage.root);
  const held = stage.entries.findIndex(({ part }) => part === holder);
  stage.tables.replaceChildren();
  Object.assign(stage, { tabulated: written, entries: [], entry: { hovered: null, held: null } });
  tables.forEach((table, at) => writeTable(stage, table, at));
  for (const entry of stage.entries) listen(stage, entry, onPoint);
  if (held >= 0) stage.entries[held]?.part.focus({ preventScroll: true });
}

/**
 * @param {Stage} stage
 * @param {TableSpec} spec
 * @param {number} at
 */
function writeTable(stage, { key, title, heads, rows }, at) {
  const frame = element(stage.tables, "div", "frame");
  const table = element(frame, "table");
  table.dataset.table = key;
  if (title) element(element(table, "caption"), "span", "", title);
  const numbers = numberColumns(rows.map((row) => row.map(({ text }) => text)));
  const kindOf = (/** @type {number} */ column) => (numbers.has(column) ? "number" : "");
  const head = element(element(table, "thead"), "tr");
  heads.forEach((text, column) => element(head, "th", kindOf(column), text, { scope: "col" }));
  const body = element(table, "tbody");
  rows.forEach((row, down) => {
    const line = element(body, "tr");
    row.forEach((entry, column) => {
      const cell = column
        ? element(line, "td", kindOf(column))
        : element(line, "th", kindOf(column), "", { scope: "row" });
      writeEntry(stage, cell, entry, { table: at, row: down, column });
    });
  });
}

/**
 * An entry without cells is only text. Of the others the keys reach one, and from it the rest.
 * @param {Stage} stage
 * @param {HTMLElement} parent
 * @param {TableSpec["rows"][number][number]} entry
 * @param {Place} place
 */
function writeEntry({ entries }, parent, { text, map, cells }, place) {
  if (!cells.length) {
    parent.textContent = text;
    return;
  }
  const first = !entries.some(({ table }) => table === place.table);
  const more = { type: /** @type {const} */ ("button"), tabIndex: first ? 0 : -1 };
  entries.push({ ...place, map, cells, part: element(parent, "button", "entry", text, more) });
}

/**
 * Mark the entries that stand for the cell that is pointed at, or the one that is pointed at itself.
 * @param {Stage} stage
 */
export function markEntries(stage) {
  const lit = new Set(litEntries(stage));
  for (const entry of stage.entries) entry.part.classList.toggle("linked", lit.has(entry));
}

/**
 * The columns that hold numbers: some number, and no word.
 * @param {string[][]} rows
 */
export function numberColumns(rows) {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
  const isOne = (/** @type {string[]} */ texts) =>
    texts.some((text) => read(text)) && texts.every((text) => read(text) || !LETTER.test(text));
  return new Set(columns.flatMap((texts, column) => (isOne(texts) ? [column] : [])));
}

/**
 * The next entry of the same table in the direction of a key; undefined at the rim.
 * @template {Place} Kind
 * @param {Kind[]} entries row by row
 * @param {Place} from
 * @param {string} key
 * @returns {Kind | undefined}
 */
export function entryBeside(entries, from, key) {
  const [down, right] = STEPS[key];
  const ahead = entries.filter(({ table, row, column }) => {
    const [y, x] = [Math.sign(row - from.row), Math.sign(column - from.column)];
    return table === from.table && y === down && x === right;
  });
  return down + right > 0 ? ahead[0] : ahead.at(-1);
}

/**
 * @param {Stage} stage
 * @param {Entry} entry
 * @param {() => void} onPoint
 */
function listen(stage, entry, onPoint) {
  const { part } = entry;
  const set = (/** @type {Partial<Stage["entry"]>} */ changed) => {
    stage.entry = { ...stage.entry, ...changed };
    const view = stage.byKey.get(entry.map);
    if (view && Object.values(changed).includes(entry)) scrollTo(view, entry.cells[0]);
    onPoint();
  };
  part.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType !== "touch") set({ hovered: entry });
  });
  part.addEventListener("pointerleave", () => {
    if (stage.entry.hovered === entry) set({ hovered: null });
  });
  part.addEventListener("focus", () => {
    for (const { part: other, table } of stage.entries) {
      if (table === entry.table) other.tabIndex = other === part ? 0 : -1;
    }
    // What is clicked or tapped is held by the click, which frees it the next time.
    if (part.matches(":focus-visible")) set({ held: entry });
  });
  part.addEventListener("blur", () => {
    if (stage.entry.held === entry) set({ held: null });
  });
  part.addEventListener("click", () => {
    const held = stage.entry.held === entry ? null : entry;
    part.focus({ preventScroll: true }); // which a tap does not everywhere
    set({ held });
  });
  part.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && stage.entry.held) set({ held: null });
    else if (event.key in STEPS) entryBeside(stage.entries, entry, event.key)?.part.focus();
    else return;
    event.preventDefault();
  });
}
