// Which maps are written alike: those that share a colour scale by what they are.

import { styleOf } from "./written/digits.js";

/** @import {MapSpec} from "../types.d.ts" */
/** @import {Drawn, Style} from "./types.d.ts" */

/**
 * How the numbers of every map are written: all maps of a group with one number of decimals.
 * @param {MapSpec[]} specs
 * @returns {Map<string, Style>} by the key of the map
 */
export function stylesOf(specs) {
  const drawn = /** @type {Drawn[]} */ (specs.filter(({ missing }) => !missing));
  /** @type {Map<string, Style>} */
  const styles = new Map();
  for (const group of new Set(drawn.map((spec) => spec.group))) {
    const maps = drawn.filter((spec) => spec.group === group);
    const numbers = maps.map(({ values }) => values);
    const style = styleOf(Math.max(...numbers.map(largestOf)), numbers);
    for (const { key } of maps) styles.set(key, style);
  }
  return styles;
}

/**
 * The largest finite magnitude; 0 where there is none.
 * @param {ArrayLike<number>} values
 */
export function largestOf(values) {
  let largest = 0;
  for (let k = 0; k < values.length; k += 1) {
    const size = Math.abs(values[k]);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}
