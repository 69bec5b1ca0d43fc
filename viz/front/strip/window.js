// Which boxes of a long strip are shown: both ends and a window around the chosen one.

import { fill } from "../numbers.js";

/** @import {StripBox} from "../types.d.ts" */

export const BOX_LIMIT = 90; // more boxes than this are shown as a window
export const WINDOW = 60; // boxes of that window

/**
 * The place of the box that holds a node; -1 where none does.
 * @param {Pick<StripBox, "ranges">[]} boxes
 * @param {string} node
 */
export function placeOf(boxes, node) {
  const number = node ? Number(node.slice(1)) : -1;
  return boxes.findIndex((box) =>
    box.ranges.some(([first, last]) => first <= number && number <= last),
  );
}

/**
 * The boxes to show; a gap stands for those left out and leads to the nearest of them. The window
 * moves in steps of half its size, so most choices leave it where it is.
 * @param {StripBox[]} boxes
 * @param {number} place of the chosen box
 * @param {Record<string, string>} text
 */
export function windowAround(boxes, place, text) {
  if (boxes.length <= BOX_LIMIT) return boxes;
  const step = WINDOW / 2;
  const wanted = Math.max(1, Math.floor(place / step) * step - step / 2);
  const last = Math.min(wanted + WINDOW, boxes.length - 1);
  const first = Math.max(1, last - WINDOW);
  const [before, after] = [boxes.slice(1, first), boxes.slice(last, -1)];
  return [
    boxes[0],
    ...gap(before, before.at(-1), text),
    ...boxes.slice(first, last),
    ...gap(after, after[0], text),
    boxes[boxes.length - 1],
  ];
}

/**
 * One box for many, or none for none; choosing it chooses the hidden box next to the window.
 * @param {StripBox[]} hidden
 * @param {StripBox | undefined} nearest
 * @param {Record<string, string>} text
 * @returns {StripBox[]}
 */
function gap(hidden, nearest, text) {
  if (!nearest) return [];
  const count = hidden.length.toLocaleString("en");
  const made = {
    kind: "gap",
    name: fill(text.more, { count }),
    detail: "",
    shape: "",
    peak: "",
    share: 0,
    state: "none",
    ranges: merged(hidden.flatMap((box) => box.ranges)),
    title: fill(text.say_more, { count }),
  };
  return [{ ...nearest, ...made }];
}

/**
 * Join ranges that touch or overlap.
 * @param {[number, number][]} ranges
 */
export function merged(ranges) {
  /** @type {[number, number][]} */
  const joined = [];
  for (const [low, high] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const end = joined.at(-1);
    if (end && low <= end[1] + 1) end[1] = Math.max(end[1], high);
    else joined.push([low, high]);
  }
  return joined;
}
