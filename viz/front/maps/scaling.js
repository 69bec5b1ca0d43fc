// Which place on the colour scale a value has: in proportion to it, or to its logarithm.

/** @import {Scaling} from "../types.d.ts" */

export const DECADES = 6; // below the largest magnitude that a logarithmic scale tells apart

/**
 * Where a finite value stands between -1 and 1 on a scale up to `largest`.
 *
 * The logarithmic scale is symmetric and passes through zero: with the threshold t = largest /
 * 10^6 it is sign(v) log(1 + |v| / t) / log(1 + largest / t), in proportion to v far below t, and
 * to its logarithm far above.
 * @param {number} value
 * @param {number} largest
 * @param {Scaling} scaling
 */
export function placeOn(value, largest, scaling) {
  if (!largest) return 0;
  const part = value / largest;
  if (scaling !== "log") return part;
  const steps = 10 ** DECADES;
  return (Math.sign(part) * Math.log1p(Math.abs(part) * steps)) / Math.log1p(steps);
}
