// Outlines of cells, on a canvas of their own over the colours, which need no repainting.

import { cornerOf } from "../layout.js";
import { begin } from "../paint.js";

/** @import {View} from "../types.d.ts" */
/** `together`: no cell has a frame of its own. @typedef {{cells: Iterable<number>, colour: string, edge: string, together?: boolean}} Group */

const FRAMED_FROM = 44; // px of a cell from which on each linked cell has a frame of its own
const FRAME = { inset: 2.5, widths: [5, 3] }; // px: edge, then colour
const RIM = { inset: 2, widths: [4, 2] };

/**
 * Outline groups of cells, and nothing else.
 * @param {View} view
 * @param {Group[]} groups
 */
export function paintOutlines(view, groups) {
  const context = begin(view, view.outlines);
  context.lineCap = "square";
  for (const { cells, colour, edge, together } of groups) {
    const framed = view.layout.cell >= FRAMED_FROM && !together;
    const path = framed ? frames(view, cells) : rim(view, new Set(cells));
    [edge, colour].forEach((stroke, at) => {
      context.lineWidth = (framed ? FRAME : RIM).widths[at];
      context.strokeStyle = stroke;
      context.stroke(path);
    });
  }
}

/**
 * A frame inside each large cell.
 * @param {View} view
 * @param {Iterable<number>} cells
 */
function frames(view, cells) {
  const path = new Path2D();
  const side = view.layout.cell + 1 - 2 * FRAME.inset;
  for (const k of cells) {
    const { x, y } = cornerOf(view, k);
    path.rect(x + FRAME.inset, y + FRAME.inset, side, side);
  }
  return path;
}

/**
 * A line around small cells, drawn only where a cell of the group meets another one.
 * @param {View} view
 * @param {Set<number>} group
 */
function rim(view, group) {
  const { spec, layout } = view;
  const path = new Path2D();
  const within = (/** @type {number} */ at, /** @type {number} */ size) =>
    Math.min(Math.max(at + 0.5, RIM.inset), size - RIM.inset);
  for (const k of group) {
    const { x, y } = cornerOf(view, k);
    const column = k % spec.columns;
    const row = Math.floor(k / spec.columns) % spec.rows;
    const [left, right] = [x, x + layout.cell].map((at) => within(at, layout.width));
    const [top, bottom] = [y, y + layout.cell].map((at) => within(at, layout.height));
    /** @type {[boolean, number, number, number, number][]} */
    const sides = [
      [row === 0 || !group.has(k - spec.columns), left, top, right, top],
      [row === spec.rows - 1 || !group.has(k + spec.columns), left, bottom, right, bottom],
      [column === 0 || !group.has(k - 1), left, top, left, bottom],
      [column === spec.columns - 1 || !group.has(k + 1), right, top, right, bottom],
    ];
    for (const [open, fromX, fromY, toX, toY] of sides) {
      if (!open) continue;
      path.moveTo(fromX, fromY);
      path.lineTo(toX, toY);
    }
  }
  return path;
}
