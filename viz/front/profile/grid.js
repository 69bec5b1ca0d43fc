// The lines of the axis, which is the same for every run, and what changes no weight.

/** @import {Words} from "../types.d.ts" */
/** @import {Point} from "./scale.js" */

import { fill } from "../numbers.js";
import { belowOf, scaleOf } from "./scale.js";
import { shape } from "./shapes.js";

const LINES = /** @type {const} */ ([
  [1, "one"],
  [1e-3, "thousandth"],
  [1e-6, "millionth"],
  [1e-9, "billionth"],
]);

/**
 * @param {SVGSVGElement} svg
 * @param {{highest: number, lowest: number, top: number, floor: number}} axis
 * @param {{gutter: number, width: number}} plan px; without a gutter the names stand inside
 * @param {Words} words
 * @param {number | null} unchanged what changes no float32 weight of 1, where a point is under it
 */
export function drawGrid(
  svg,
  { highest, lowest, top, floor },
  { gutter, width },
  words,
  unchanged,
) {
  const scale = scaleOf(highest, lowest, top, floor);
  for (const [value, name] of LINES) {
    const y = Math.round(scale(value)) + 0.5;
    const line = { class: `grid ${name}`, d: `M${gutter ? gutter - 4 : 0} ${y}H${width}` };
    shape(svg, "path", line);
    const at = gutter
      ? { class: `axis ${name}`, x: gutter - 9, y: y + 4 }
      : { class: "inside", x: 2, y: y - 3 };
    shape(svg, "text", at, words[name]);
  }
  if (unchanged === null) return;
  const y = Math.round(scale(unchanged)) + 0.5;
  shape(svg, "path", { class: "unchanged", d: `M${gutter} ${y}H${width}` });
  const below = y + 12 <= floor ? y + 12 : y - 4; // names may stand below the floor
  shape(svg, "text", { class: "unchanged", x: width - 4, y: below }, words.unchanged);
}

/**
 * Say what the marks at the floor mean, where they stand, and how small the smallest is.
 * @param {SVGSVGElement} svg
 * @param {Point[]} points
 * @param {{y: number, width: number}} where px
 * @param {Words} words
 * @param {(value: number) => string} write
 */
export function explainBelow(svg, points, { y, width }, words, write) {
  const below = belowOf(points);
  if (!below) return;
  const left = below.from + below.to < width;
  const at = { class: left ? "below first" : "below last", x: left ? below.from : below.to, y };
  const value = [...below.least].map(([of, least]) => `${of} ${write(least)}`.trim()).join(", ");
  shape(svg, "text", at, fill(words.below_axis, { value }));
}
