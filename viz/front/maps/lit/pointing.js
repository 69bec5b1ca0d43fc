// Pointing at a cell by mouse, touch and keys; what is pointed at, in words and in outline.

import { element } from "../../element.js";
import { exactNumber, fullIndex, typographic } from "../../numbers.js";
import { cellAt } from "../layout.js";
import { lit, saidOf } from "./lights.js";
import { findSubject, offsetOf, pinnedOf } from "./links.js";
import { isMove, moved } from "../moves.js";
import { paintOutlines } from "./outlines.js";
import { paintCells } from "../paint.js";
import { bringInSight, keepInSight, scrollTo } from "../sight.js";
import { speak, writeSum } from "../written/sum.js";
import { markEntries } from "./table.js";

/** @import {Stage, View} from "../types.d.ts" */
/** @import {Group} from "./outlines.js" */

const MOST_LISTED = 512; // outlined cells that are listed for tests

/**
 * Show in words what of this map is pointed at, or else what is pinned.
 * @param {View} view
 */
export function readOut({ hovered, pinned, spec, readout }) {
  const k = hovered ?? pinned;
  readout.replaceChildren();
  readout.classList.toggle("idle", k === null);
  if (k === null) {
    delete readout.dataset.index;
    delete readout.dataset.value;
    return;
  }
  const index = fullIndex(spec, k).join(",");
  const value = exactNumber(spec.values[k], spec.values);
  Object.assign(readout.dataset, { index, value });
  element(readout, "span", "index", `[${index}] =`);
  readout.append(" ");
  element(readout, "span", "value", typographic(value));
}

/**
 * Outline in every map what belongs to the subject, and what is pointed at or pinned.
 * @param {Stage} stage
 */
function outline(stage, linked = lit(stage)) {
  const { palette } = stage;
  for (const view of stage.views) {
    if (view.spec.missing || !palette) continue;
    const cells = linked.get(view) ?? new Set();
    const groups = groupsOf(view, cells, linked.size > 0);
    if (groups.length || view.marked) paintOutlines(view, groups);
    view.marked = groups.length > 0;
    view.scroller.dataset.linkedCount = String(cells.size);
    const listed = [...cells].slice(0, MOST_LISTED);
    view.scroller.dataset.linked = listed.map((k) => view.spec.start + k).join(",");
  }
}

/**
 * @param {View} view
 * @param {Set<number>} linked
 * @param {boolean} some whether any map has such cells
 */
function groupsOf(view, linked, some) {
  const { stage, pinned, hovered } = view;
  const { accent, background, text, linked: orange, linkedEdge } = stage.palette;
  /** @type {Group[]} */
  const groups = [];
  if (view.spec.reach) {
    groups.push({ cells: reachOf(view), colour: text, edge: background, together: true });
  }
  if (linked.size) groups.push({ cells: linked, colour: orange, edge: linkedEdge });
  if (hovered !== null && hovered !== pinned) {
    const [colour, edge] = lights(view, some) ? [orange, linkedEdge] : [text, background];
    groups.push({ cells: [hovered], colour, edge });
  }
  const resting = restingOn(view);
  if (resting !== null) groups.push({ cells: [resting], colour: orange, edge: linkedEdge });
  if (pinned !== null) groups.push({ cells: [pinned], colour: accent, edge: background });
  return groups;
}

/**
 * Whether the cell that is pointed at is the one to which the outlined cells belong.
 * @param {View} view
 * @param {boolean} some whether there are any
 */
function lights(view, some) {
  const { subject } = view.stage;
  if (!subject) return some && !pinnedOf(view.stage);
  return subject.view === view && subject.k === view.hovered;
}

/**
 * The cells of what a change did that are not 0.
 * @param {View} view
 */
function reachOf({ spec: { values } }) {
  return Array.from(values.keys()).filter((k) => values[k] !== 0);
}

/**
 * The cell of this map that is explained while nobody points.
 * @param {View} view
 */
function restingOn({ hovered, pinned, stage: { subject }, spec }) {
  const here = subject?.view.spec === spec && hovered === null && pinned === null;
  return here ? subject.k : null;
}

/**
 * Show what has changed by pointing, pinning or other data.
 * @param {Stage} stage
 */
export function relate(stage) {
  stage.subject = findSubject(stage);
  const linked = lit(stage);
  bringInSight(stage, linked);
  outline(stage, linked);
  markEntries(stage);
  if (!stage.sum.box.hidden) writeSum(stage);
  const said = saidOf(stage, linked);
  if (said) speak(stage, said);
  askAtRest(stage);
}

/**
 * Ask for the sum of the cell that is explained while nobody points, where it has not been sent.
 * @param {Stage} stage
 */
function askAtRest(stage) {
  const { pointing, subject } = stage;
  if (subject?.kind !== "large" || pinnedOf(stage) || pointing) return;
  const { view, k } = subject;
  const cell = { map: view.spec.key, index: fullIndex(view.spec, k) };
  if (stage.asked === JSON.stringify(cell)) return;
  stage.asked = JSON.stringify(cell);
  stage.onCell({ ...cell, atRest: true });
}

/**
 * @param {View} view
 * @param {number | null} k
 */
function hover(view, k) {
  if (k === view.hovered) return;
  const { stage } = view;
  view.hovered = k;
  view.cursor = k ?? view.cursor;
  stage.pointing = k === null ? pointedAt(stage) : view;
  readOut(view);
  relate(stage);
}

/** @param {Stage} stage */
function pointedAt({ views }) {
  return views.find((each) => each.hovered !== null);
}

/**
 * One cell of all maps is pinned at a time; null frees it.
 * @param {View} view
 * @param {number | null} k
 */
function pin(view, k) {
  const { stage } = view;
  view.hovered = null;
  stage.pointing = pointedAt(stage);
  hold(view, k);
  stage.touched = true;
  stage.entry = { ...stage.entry, held: null };
  relate(stage);
  if (k !== null) keepInSight(view, k);
  ask(view);
  tellPinned(stage);
}

/**
 * Hold a cell in place of the one that was pinned; null holds none.
 * @param {View} view
 * @param {number | null} k
 */
function hold(view, k) {
  const before = pinnedOf(view.stage);
  if (before) before.pinned = null;
  view.pinned = k;
  view.cursor = k ?? view.cursor;
  if (before && before !== view) readOut(before);
  readOut(view);
}

/**
 * Tell which cell is pinned, where it is another one than was told last.
 * @param {Stage} stage
 */
export function tellPinned(stage) {
  const view = pinnedOf(stage);
  const at = view?.pinned ?? null;
  const cell = view && at !== null ? { map: view.spec.key, index: fullIndex(view.spec, at) } : null;
  if (JSON.stringify(cell) === JSON.stringify(stage.pinned ?? null)) return;
  stage.pinned = cell;
  stage.onPinned?.(cell);
}

/**
 * Only what the browser cannot say by itself is asked of the server; a freed answer is taken back.
 * Of the map of which a cell is held the page is told every pinned one.
 * @param {View} view
 */
function ask({ stage, spec, pinned }) {
  const { subject, packet } = stage;
  if (pinned === null) {
    stage.asked = undefined;
    if (packet.answer) stage.onCell({ map: spec.key, index: null });
  } else if (subject?.kind === "large" || packet.held?.map === spec.key) {
    stage.onCell({ map: spec.key, index: fullIndex(spec, pinned) });
  }
}

/**
 * Ask about a cell that was pinned before the links came, and which they do not explain.
 * @param {Stage} stage
 */
export function askLate({ subject, packet }) {
  const asked = packet.held && packet.held.map === subject?.view.spec.key;
  if (subject?.kind === "large" && subject.view.pinned !== null && !asked) ask(subject.view);
}

/**
 * Show the cell that the server was asked about, or the one that is held, unless the visitor went
 * on meanwhile.
 * @param {Stage} stage
 */
export function pinAnswered({ packet, touched, byKey, asked }) {
  const place = packet.answer ?? packet.held;
  const view = place ? byKey.get(place.map) : undefined;
  if (!place || !view || touched || isAtRest(asked, place)) return;
  const k = offsetOf(view.spec, place.index);
  if (k >= 0 && k < (view.spec.count ?? 0)) hold(view, k);
}

/**
 * Whether nobody asked for this cell, but it is explained while nobody points.
 * @param {string | undefined} asked
 * @param {{map: string, index: number[]}} place
 */
function isAtRest(asked, { map, index }) {
  return asked === JSON.stringify({ map, index });
}

/**
 * The cell under the pointer.
 * @param {View} view
 * @param {MouseEvent} event
 */
function pointed(view, event) {
  const box = view.outlines.getBoundingClientRect();
  const x = event.clientX - box.left + view.scroller.scrollLeft;
  const y = event.clientY - box.top + view.scroller.scrollTop;
  return cellAt(view, x, y);
}

/**
 * @param {View} view
 * @param {KeyboardEvent} event
 */
function onKey(view, event) {
  const k = view.hovered ?? view.pinned;
  if (isMove(event.key)) {
    const from = k ?? view.cursor;
    const to = from === null ? 0 : moved(view, from, event.key, event.ctrlKey);
    scrollTo(view, to);
    hover(view, to);
  } else if ((event.key === "Enter" || event.key === " ") && k !== null) {
    pin(view, k === view.pinned ? null : k);
  } else if (event.key !== "Escape" || !free(view)) return;
  event.preventDefault();
}

/**
 * Free what is pinned, and point at nothing; false where there was nothing to do.
 * @param {View} view
 */
function free(view) {
  const pinned = pinnedOf(view.stage);
  if (!pinned && view.hovered === null) return false;
  if (pinned) pin(pinned, null);
  hover(view, null);
  return true;
}

/** @param {View} view */
export function listen(view) {
  const { scroller, stage } = view;
  const byMouse = (/** @type {PointerEvent} */ event) => event.pointerType !== "touch";
  scroller.addEventListener("pointermove", (event) => {
    if (byMouse(event)) hover(view, pointed(view, event));
  });
  scroller.addEventListener("pointerleave", (event) => {
    if (byMouse(event)) hover(view, null);
  });
  scroller.addEventListener("click", (event) => {
    const k = pointed(view, event);
    if (k !== null) pin(view, k === view.pinned ? null : k);
  });
  scroller.addEventListener("keydown", (event) => onKey(view, event));
  scroller.addEventListener("blur", () => hover(view, null));
  scroller.addEventListener("scroll", () => {
    if (stage.palette) paintCells(view);
    outline(stage);
  });
}
