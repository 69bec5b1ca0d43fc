// Colours of pictures and of maps, four bytes a pixel as a canvas takes them.

import { placeOn } from "../maps/scaling.js";

/** @import {Theme} from "../types.d.ts" */
/** @import {CellsData, PictureData} from "./types.d.ts" */

const OPAQUE = 255;

/** @param {Pick<PictureData, "channels" | "values">} picture */
export function picturePixels({ channels, values }) {
  const count = values.length / channels;
  const pixels = new Uint8ClampedArray(4 * count).fill(OPAQUE);
  for (let at = 0; at < count; at += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      pixels[4 * at + colour] = values[channels * at + (channels === 3 ? colour : 0)];
    }
  }
  return pixels;
}

/**
 * @param {Pick<CellsData, "scale" | "values">} cells
 * @param {Pick<Theme, "half" | "light" | "dark" | "non_finite">} theme
 * @param {boolean} dark
 */
export function cellPixels({ scale, values }, theme, dark) {
  const table = dark ? theme.dark : theme.light;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  const pixels = new Uint8ClampedArray(4 * values.length).fill(OPAQUE);
  values.forEach((value, at) => {
    const step = theme.half + Math.round(theme.half * placeOn(value, scale, "shared"));
    const colour = Number.isFinite(value)
      ? table.subarray(4 * step, 4 * step + 3)
      : [odd >> 16, (odd >> 8) & 255, odd & 255];
    pixels.set(colour, 4 * at);
  });
  return pixels;
}

/**
 * The colours from one end of the scale to the other, for a style sheet.
 * @param {Pick<Theme, "light" | "dark">} theme
 * @param {boolean} dark
 */
export function gradient({ light, dark: night }, dark) {
  const table = dark ? night : light;
  const count = table.length / 4;
  const stops = Array.from({ length: 9 }, (_, at) => {
    const step = Math.round((at / 8) * (count - 1));
    return `rgb(${table.subarray(4 * step, 4 * step + 3).join(" ")})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
