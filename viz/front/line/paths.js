// The way of a curve on the screen, as the text of an SVG path.

/** @import {Frame, Point} from "./types.d.ts" */

/** @typedef {Pick<Frame, "x" | "y">} Scales */

/**
 * From point to point; a number that is missing breaks the line.
 * @param {Point[]} points
 * @param {Scales} scales
 */
export function linePath(points, scales) {
  return joined(points, scales, (x, y) => `L${x} ${y}`);
}

/**
 * Every value holds from its x to the next x.
 * @param {Point[]} points
 * @param {Scales} scales
 */
export function stepsPath(points, scales) {
  return joined(points, scales, (x, y) => `H${x}V${y}`);
}

/**
 * @param {Point[]} points
 * @param {Scales} scales
 * @param {(x: number, y: number) => string} goOn
 */
function joined(points, { x, y }, goOn) {
  let begun = false;
  return points
    .map(([across, up]) => {
      if (across === null || up === null) {
        begun = false;
        return "";
      }
      const at = /** @type {const} */ ([tenth(x(across)), tenth(y(up))]);
      const part = begun ? goOn(...at) : `M${at[0]} ${at[1]}h0`; // one alone is a dot
      begun = true;
      return part;
    })
    .join("");
}

/**
 * The sign of a dot around a place.
 * @param {string} sign
 * @param {number} x
 * @param {number} y
 * @param {number} r half its size
 */
export function signPath(sign, x, y, r) {
  const d = 1.3 * r;
  switch (sign) {
    case "square":
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    case "diamond":
      return `M${x} ${y - d}L${x + d} ${y}L${x} ${y + d}L${x - d} ${y}z`;
    case "cross":
      return `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
}

/** @param {number} px */
function tenth(px) {
  return Math.round(10 * px) / 10;
}
