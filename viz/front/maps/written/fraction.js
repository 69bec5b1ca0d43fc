// Numbers as fractions: what somebody writes by hand for 0.5625 is 9/16.

import { typographic } from "../../numbers.js";
import { inUnit } from "./digits.js";

/** @import {Style} from "../types.d.ts" */

const MOST_UNDER = 64; // the largest denominator that is still read at a glance
const WITHIN = 1e-6; // as far as a float32 may be from the fraction it stands for

/**
 * Write a number as a fraction in lowest terms, a whole one as such; null where it is none with a
 * small denominator. What is only nearly zero is no zero.
 * @param {number} value
 */
export function fraction(value) {
  if (!Number.isFinite(value) || Object.is(value, -0)) return null;
  for (let under = 1; under <= MOST_UNDER; under += 1) {
    const over = Math.round(value * under);
    if (Math.abs(value - over / under) > WITHIN) continue;
    if (!Number.isSafeInteger(over) || (!over && value)) return null;
    return typographic(under === 1 ? `${over}` : `${over}/${under}`);
  }
  return null;
}

/**
 * Write a number of a map that states no unit as a fraction, or else as its style says.
 * @param {number} value
 * @param {Pick<Style, "decimals" | "power">} style
 */
export function fractionOr(value, style) {
  return fraction(value) ?? inUnit(value, style);
}
