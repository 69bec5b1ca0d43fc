// The point that moves: a handle on the x axis, a dot on every curve that it follows.

import { shape } from "../profile/shapes.js";

/** @import {Frame, Look, MovingData} from "./types.d.ts" */

/**
 * @param {Element} parent emptied
 * @param {MovingData} moving
 * @param {number} at
 * @param {Look[]} looks
 * @param {Frame} frame
 */
export function drawMarker(parent, moving, at, looks, frame) {
  const { left, top, bottom, letter, y } = frame;
  const x = frame.x(moving.places[at]);
  parent.replaceChildren();
  const dots = moving.values.flatMap((row, each) => {
    const value = row[at];
    return value === null ? [] : [{ y: y(value), colour: looks[moving.follows[each]].colour }];
  });
  const highest = dots.length ? Math.min(...dots.map((dot) => dot.y)) : top;
  shape(parent, "path", { class: "lead", d: `M${x} ${bottom}V${highest}` });
  for (const dot of dots) shape(parent, "path", { class: "lead", d: `M${x} ${dot.y}H${left}` });
  for (const dot of dots) {
    shape(parent, "circle", { class: `on c${dot.colour}`, cx: x, cy: dot.y, r: 0.5 * letter });
  }
  shape(parent, "circle", { class: "handle", cx: x, cy: bottom, r: 0.62 * letter });
  shape(parent, "text", { class: "label", x, y: bottom + 2.75 * letter }, moving.label);
}

/**
 * Where a key leads from a place; null where the key is none of its own.
 * @param {Pick<KeyboardEvent, "key" | "shiftKey">} event with Shift a tenth of the way
 * @param {number} at
 * @param {number} count
 */
export function keyTo({ key, shiftKey }, at, count) {
  const way = WAYS.get(key);
  if (way === undefined) return null;
  const step = shiftKey ? Math.max(1, Math.round((count - 1) / 10)) : 1;
  return Math.min(count - 1, Math.max(0, at + way * step));
}

const WAYS = new Map([
  ["ArrowLeft", -1],
  ["ArrowDown", -1],
  ["ArrowRight", 1],
  ["ArrowUp", 1],
]);
