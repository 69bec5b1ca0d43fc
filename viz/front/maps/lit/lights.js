// Which cells light up: those of the sum behind the cell that is pointed at, those that belong to
// it though no sum says so, or those that an entry of a table stands for. Nothing here draws.

import { exactNumber, fill, fullIndex, typographic } from "../../numbers.js";
import { cellOf, outlined } from "./links.js";

/** @import {Lights} from "../../types.d.ts" */
/** @import {Entry, Stage, View} from "../types.d.ts" */

const MOST_SAID = 6; // cells of a map that a screen reader hears of

/**
 * The cells that belong to a cell, by the maps they are on.
 * @param {Lights[]} lights
 * @param {string} key of the cell's map
 * @param {number} k
 * @returns {[key: string, k: number][]}
 */
export function partnersOf(lights, key, k) {
  /** @type {[string, number][]} */
  const found = [];
  for (const { from, to, cells, places } of lights) {
    cells.forEach((cell, at) => {
      if (from === key && cell === k) found.push([to, places[at]]);
      if (to === key && places[at] === k) found.push([from, cell]);
    });
  }
  return found;
}

/**
 * The entry of a table that is pointed at; else the one that is held, while nobody points at a map.
 * @param {Pick<Stage, "entry" | "pointing">} stage
 */
export function entryOf({ entry, pointing }) {
  return entry.hovered ?? (pointing ? null : entry.held);
}

/**
 * The cells of every map that are lit.
 * @param {Stage} stage
 * @returns {Map<View, Set<number>>}
 */
export function lit(stage) {
  const entry = entryOf(stage);
  if (entry) return gathered(stage, new Map(), partsOf(entry));
  const cell = cellOf(stage) ?? stage.subject;
  const { lights = [] } = stage.packet;
  const partners = cell ? partnersOf(lights, cell.view.spec.key, cell.k) : [];
  return gathered(stage, outlined(stage), partners);
}

/**
 * @param {Entry} entry
 * @returns {[key: string, k: number][]}
 */
function partsOf({ map, cells }) {
  return cells.map((k) => [map, k]);
}

/**
 * Add cells to those of their maps.
 * @param {Stage} stage
 * @param {Map<View, Set<number>>} found
 * @param {[key: string, k: number][]} more
 */
function gathered({ byKey }, found, more) {
  for (const [key, k] of more) {
    const view = byKey.get(key);
    if (view) found.set(view, (found.get(view) ?? new Set()).add(k));
  }
  return found;
}

/**
 * The entries of tables that are lit: the one that is pointed at, or those that stand for the cell.
 * @param {Pick<Stage, "entries" | "entry" | "pointing" | "views">} stage
 */
export function litEntries(stage) {
  const entry = entryOf(stage);
  if (entry) return [entry];
  const cell = cellOf(stage);
  if (!cell) return [];
  const { view, k } = cell;
  return stage.entries.filter(({ map, cells }) => map === view.spec.key && cells.includes(k));
}

/**
 * What a screen reader hears of cells that light up without a sum; null where it hears the sum.
 * @param {Stage} stage
 * @param {Map<View, Set<number>>} linked
 */
export function saidOf(stage, linked) {
  const { entries, packet, subject } = stage;
  const entry = entryOf(stage);
  const sums = !packet.lights?.length && !entries.length;
  if (sums || (subject && !entry)) return null;
  if (!linked.size) return [];
  const cell = entry ? null : cellOf(stage);
  const said = [...linked].map(([view, cells]) => cellsInWords(stage, view, [...cells]));
  if (!cell) return said;
  const { spec } = cell.view;
  const value = typographic(exactNumber(spec.values[cell.k], spec.values));
  return [`${cellsInWords(stage, cell.view, [cell.k])} = ${value}`, ...said];
}

/**
 * @param {Stage} stage
 * @param {View} view
 * @param {number[]} cells
 */
function cellsInWords({ words }, { spec }, cells) {
  const named = cells.slice(0, MOST_SAID).map((k) => `[${fullIndex(spec, k).join(",")}]`);
  const left = cells.length - named.length;
  const more = left ? ` ${fill(words.sum.more_cells, { count: left })}` : "";
  return `${spec.title} ${named.join(", ")}${more}`;
}
