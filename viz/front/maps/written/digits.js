// How the numbers of maps that belong together are written: all with one number of decimals.

/** @import {Floats, Theme} from "../../types.d.ts" */
/** @import {Style} from "../types.d.ts" */

import { typographic } from "../../numbers.js";

const SIGNIFICANT = 4; // digits of the largest number; the others have as many decimals
const LEAST_PLAIN = -3; // power of ten from which down a unit is stated
const MOST_PLAIN = 5; // power of ten from which up a unit is stated
const ROUNDED_AWAY = "≈0"; // not zero, but less than the last digit says
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * How numbers are written whose largest is this: four significant digits of it, and for all the
 * same decimals; fewer where that loses nothing.
 * @param {number} largest
 * @param {Iterable<Floats>} numbers
 * @returns {Style}
 */
export function styleOf(largest, numbers = []) {
  if (!(largest > 0) || !Number.isFinite(largest)) return { decimals: 0, power: 0, exponent: 0 };
  const exponent = Number(largest.toExponential(SIGNIFICANT - 1).split("e")[1]);
  const plain = exponent > LEAST_PLAIN && exponent <= MOST_PLAIN;
  const power = plain ? 0 : exponent;
  const most = Math.max(0, SIGNIFICANT - 1 - (exponent - power));
  let decimals = 0;
  while (decimals < most && !areExact(numbers, decimals, power)) decimals += 1;
  return { decimals, power, exponent };
}

/**
 * Whether this many decimals say every number to the last bit.
 * @param {Iterable<Floats>} numbers
 * @param {number} decimals
 * @param {number} power
 */
function areExact(numbers, decimals, power) {
  const all = [...numbers];
  if (!all.length || power) return false;
  return all.every((values) => values.every((value) => Number(value.toFixed(decimals)) === value));
}

/**
 * Write a number in the unit of its style, which stands elsewhere.
 * @param {number} value
 * @param {Pick<Style, "decimals" | "power">} style
 */
export function inUnit(value, { decimals, power }) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  if (value === 0) return Object.is(value, -0) ? "−0" : "0";
  const text = (value * 10 ** -power).toFixed(decimals);
  return /[1-9]/.test(text) ? typographic(text) : ROUNDED_AWAY;
}

/**
 * Write a number with its unit: `4.723e−8`.
 * @param {number} value
 * @param {Pick<Style, "decimals" | "power">} style
 */
export function styled(value, style) {
  const text = inUnit(value, style);
  return style.power && /\d$/.test(text) && !/^[−≈]?0$/.test(text)
    ? `${text}e${typographic(String(style.power))}`
    : text;
}

/**
 * Leave out a zero before the point, which costs room and says nothing.
 * @param {string} text
 */
export function withoutZero(text) {
  return text.replace(/^(−?)0\./, "$1.");
}

/**
 * A power of ten in words of mathematics: `10⁻⁹`.
 * @param {number} power
 */
export function powerOfTen(power) {
  const raised = [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${raised}`;
}
