// Names and numbers in the room there is: of a name its end tells it apart, of a number the size.

/** @import {Theme} from "../types.d.ts" */

import { amount } from "./changes.js";

/** Whether a text has room. @typedef {(text: string) => boolean} Fits */

/**
 * How wide texts are in the letters of an element, px.
 * @param {Element} written
 */
export function measureIn(written) {
  const context = document.createElement("canvas").getContext("2d");
  const { fontWeight, fontSize, fontFamily, letterSpacing } = getComputedStyle(written);
  if (context) {
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    context.letterSpacing = letterSpacing === "normal" ? "0px" : letterSpacing;
  }
  return (/** @type {string} */ text) => context?.measureText(text).width ?? 0;
}

/**
 * A name, or as much of its end as has room.
 * @param {string} name
 * @param {Fits} fits
 */
export function endOf(name, fits) {
  if (fits(name)) return name;
  for (let from = 1; from < name.length; from += 1) {
    const end = `…${name.slice(from).replace(/^[._]/, "")}`;
    if (fits(end)) return end;
  }
  return name;
}

/**
 * A number in as many digits as have room, an exponent where that is shorter; empty without room.
 * @param {number} value
 * @param {number} digits
 * @param {Pick<Theme, "smallest_plain" | "largest_plain">} theme
 * @param {boolean} signed
 * @param {Fits} fits
 */
export function numberIn(value, digits, theme, signed, fits) {
  for (let left = digits; left > 0; left -= 1) {
    for (const smallest_plain of [theme.smallest_plain, Infinity]) {
      const text = amount(value, left, { ...theme, smallest_plain }, signed);
      if (fits(text)) return text;
    }
  }
  return "";
}
