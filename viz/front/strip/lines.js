// Draws the lines between boxes. Every line of a gradient is a path of its own, from the box that
// hands it on to the one that gets it: `data-from` and `data-to` are their nodes.

/** @import {StripBox} from "../types.d.ts" */
/** @import {Sizes} from "./sizes.js" */
/** @import {Way} from "./ways.js" */

import { shape } from "../profile/shapes.js";
import { middle } from "./sizes.js";
import { below, head, roomBelow } from "./ways.js";

/** Heights within the boxes. @typedef {{value: number, gradient: number, bottom: number}} Heights */

/**
 * @param {SVGSVGElement} svg
 * @param {StripBox[]} boxes
 * @param {Way[]} ways
 * @param {Sizes} sizes
 * @param {number} first place of the first box that is shown
 * @param {Heights} heights px
 */
export function drawLines(svg, boxes, ways, sizes, first, heights) {
  svg.replaceChildren();
  const width = sizes.gutter + sizes.shown * sizes.column;
  const height = heights.bottom + roomBelow(ways);
  for (const [name, value] of Object.entries({ width, height }))
    svg.setAttribute(name, String(value));
  for (const way of ways) {
    const [source, target] = [way.source - first, way.target - first];
    if (target < 0 || source >= sizes.shown) continue;
    const ends = { source: middle(sizes, source), target: middle(sizes, target) };
    const nodes = { from: boxes[way.target].node, to: boxes[way.source].node };
    if (way.level) drawBelow(svg, way, ends, heights.bottom, nodes);
    else drawBetween(svg, way, ends, sizes.box / 2, heights, nodes);
  }
}

/** @typedef {{from: string, to: string}} Nodes */
/** @typedef {{source: number, target: number}} Ends px */

/**
 * @param {SVGSVGElement} svg
 * @param {Way} way
 * @param {Ends} ends
 * @param {number} half of a box
 * @param {Heights} heights
 * @param {Nodes} nodes
 */
function drawBetween(svg, { flows }, ends, half, { value, gradient }, nodes) {
  const [left, right] = [ends.source + half + 2.5, ends.target - half - 2.5];
  shape(svg, "path", { class: "forward", d: `M${left} ${value}H${right}` });
  shape(svg, "path", { class: "forward", d: head(right, value, "right") });
  if (!flows) return;
  const line = { class: "backward", d: `M${right} ${gradient}H${left}` };
  shape(svg, "path", { ...line, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head(left, gradient, "left") });
}

/**
 * @param {SVGSVGElement} svg
 * @param {Way} way
 * @param {Ends} ends
 * @param {number} bottom
 * @param {Nodes} nodes
 */
function drawBelow(svg, { flows, level }, ends, bottom, nodes) {
  const [from, to] = [ends.target - 7, ends.source + 7];
  const d = below(level, from, to, bottom);
  if (!flows) {
    shape(svg, "path", { class: "forward", d });
    return;
  }
  shape(svg, "path", { class: "backward", d, "data-from": nodes.from, "data-to": nodes.to });
  shape(svg, "path", { class: "backward", d: head(to, bottom + 1, "up") });
}
