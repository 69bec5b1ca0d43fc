// What the graph of a few variables needs, and one of a run does not.

import { FONT_SIZE } from "./camera.js";

/** @import {GraphBox} from "../types.d.ts" */
/** @typedef {Pick<GraphBox, "id" | "kind" | "name" | "help">} SmallBox */

export const LEAST = 10; // pixels of a letter in a first view
const NOTES = 44; // pixels of the words below the drawing
const LOWEST = 310; // pixels of both together, as in small.css
const HIGHEST = 720;

/**
 * How high the graph is on a page, in pixels: a deep one is higher, so that it can be read.
 * @param {number} drawn height of the drawing, in its own units
 */
export function heightOf(drawn) {
  const readable = Math.ceil((drawn * LEAST) / FONT_SIZE) + NOTES;
  return Math.min(Math.max(readable, LOWEST), HIGHEST);
}

/**
 * A box as the drawing wants it: no node stands behind it.
 * @param {SmallBox} box
 * @returns {GraphBox}
 */
export function whole(box) {
  const without = { layer: "", layer_title: "", node: "", order: 0, shape: "", peak: "" };
  return { ...box, ...without, ranges: [], title: box.name };
}
