// The lines between boxes: straight where one feeds the next, below them where it feeds another.

/** @import {StripLink} from "../types.d.ts" */

const LEVELS = 4; // lines below one another; further ones share the lowest
const BASE = 7; // px from the boxes to the highest of them
const STEP = 6; // px from one to the next

/**
 * @typedef {object} Way
 * @property {number} source place of the box that is read
 * @property {number} target place of the box that reads
 * @property {boolean} flows whether a gradient goes back this way
 * @property {number} level 0: straight, to the next box; else how far below
 */

/**
 * Give every line its level, so that none lies on another: the shorter, the higher.
 * @param {StripLink[]} links
 * @returns {Way[]}
 */
export function waysOf(links) {
  /** @type {Way[]} */
  const placed = [];
  const shortFirst = links.toSorted(([a, b], [c, d]) => b - a - (d - c));
  for (const [source, target, flows] of shortFirst) {
    const next = target === source + 1;
    const taken = placed
      .filter((way) => way.level && way.source < target && source < way.target)
      .map(({ level }) => level);
    let level = next ? 0 : 1;
    while (!next && level < LEVELS && taken.includes(level)) level += 1;
    placed.push({ source, target, flows, level });
  }
  return placed;
}

/**
 * How much room the lines below the boxes need.
 * @param {Way[]} ways
 */
export function roomBelow(ways) {
  const lowest = Math.max(0, ...ways.map(({ level }) => level));
  return lowest ? BASE + lowest * STEP : 0;
}

/**
 * A line below the boxes, from the box that hands on to the one that gets it.
 * @param {number} level
 * @param {number} from px
 * @param {number} to px
 * @param {number} bottom px of the boxes
 */
export function below(level, from, to, bottom) {
  const down = bottom + BASE + (level - 1) * STEP;
  return `M${from} ${bottom}V${down}H${to}V${bottom + 1}`;
}

/**
 * The head of an arrow that ends here.
 * @param {number} x
 * @param {number} y
 * @param {"left" | "right" | "up"} way
 */
export function head(x, y, way) {
  if (way === "up") return `M${x - 3} ${y + 4}L${x} ${y}L${x + 3} ${y + 4}`;
  const back = way === "left" ? 4 : -4;
  return `M${x + back} ${y - 3.5}L${x} ${y}L${x + back} ${y + 3.5}`;
}
