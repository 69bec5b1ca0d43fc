// How numbers, indices and sentences with numbers in them are written.

/** @import {Floats, Theme} from "./types.d.ts" */

/**
 * Put values into a sentence of the visitor's language: "{count} cells".
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The minus sign that stands as high as a plus and is as wide, which a hyphen is not.
 * @param {string} text
 */
export function typographic(text) {
  return text.replaceAll("-", "−");
}

/**
 * @param {number} value
 * @returns {string | null}
 */
function oddNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : null;
}

/**
 * Write a number in few digits: the same text as `viz.theme.format_number`.
 * @param {number} value
 * @param {number} digits
 * @param {Pick<Theme, "smallest_plain" | "largest_plain">} theme
 */
export function shortNumber(value, digits, theme) {
  return typographic(plainNumber(value, digits, theme));
}

/**
 * The same with a hyphen for a minus.
 * @param {number} value
 * @param {number} digits
 * @param {Pick<Theme, "smallest_plain" | "largest_plain">} theme
 */
function plainNumber(value, digits, theme) {
  const odd = oddNumber(value);
  if (odd || value === 0) return odd ?? "0";
  const [mantissa, exponent] = value
    .toExponential(digits - 1)
    .split("e")
    .map(Number);
  const size = Math.abs(value);
  if (size < theme.smallest_plain || size >= theme.largest_plain) return `${mantissa}e${exponent}`;
  return String(Number(exponent >= digits ? value.toFixed(0) : value.toPrecision(digits)));
}

/**
 * Write the fewest digits that name this number and no other of its type.
 * @param {number} value
 * @param {Floats} values one of the same type
 */
export function exactNumber(value, values) {
  const odd = oddNumber(value);
  if (odd) return odd;
  for (let digits = 1; values instanceof Float32Array && digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(values instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}

/**
 * The full index of cell k of a run that begins at `start` of an array of this shape.
 * @param {{shape: number[], start: number}} run
 * @param {number} k
 * @returns {number[]}
 */
export function fullIndex({ shape, start }, k) {
  const index = [];
  let rest = start + k;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
