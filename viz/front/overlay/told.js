// What a layer is and what stands at a place of it, in words.

import { fill, shortNumber } from "../numbers.js";
import { spotAt } from "./place.js";

/** @import {Theme, Words} from "../types.d.ts" */
/** @import {LayerData, PictureData, Place} from "./types.d.ts" */

/**
 * @param {LayerData} layer
 * @param {Words} words
 */
export function described({ title, picture, cells }, words) {
  const told = [title];
  if (picture) told.push(fill(words.size, { rows: picture.rows, columns: picture.columns }));
  if (cells) {
    const { rows, columns, smallest, largest } = cells;
    told.push(fill(words.map_size, { rows, columns, smallest, largest }));
  }
  if (!picture && !cells) told.push(words.missing);
  return told.filter(Boolean).join(", ");
}

/**
 * @param {LayerData} layer
 * @param {Place} place
 * @param {Theme} theme
 * @param {Words} words
 * @returns {string[]} one text for the picture and one for the map, where there are
 */
export function told({ picture, cells }, place, theme, words) {
  const texts = [];
  if (picture) {
    const { row, column } = spotAt(place, picture);
    const value = colourAt(picture, row * picture.columns + column);
    texts.push(fill(words.picture, { row, column, value }));
  }
  if (cells) {
    const { row, column } = spotAt(place, cells);
    const value = shortNumber(cells.values[row * cells.columns + column], theme.digits, theme);
    texts.push(fill(words.cells, { row, column, value }));
  }
  return texts;
}

/**
 * What stands at a place of all layers: a line a layer, or one for all where they are pictures of one
 * size.
 * @param {LayerData[]} layers
 * @param {Place} place
 * @param {Theme} theme
 * @param {Words} words
 */
export function toldOfAll(layers, place, theme, words) {
  const pictures = alike(layers);
  if (pictures.length > 1) {
    const { row, column } = spotAt(place, pictures[0]);
    const values = pictures.map((picture, at) => {
      return `${layers[at].title}: ${colourAt(picture, row * picture.columns + column)}`;
    });
    return fill(words.pictures, { row, column, values: values.join(" | ") });
  }
  const named = layers.length > 1 ? layers.map(({ title }) => [title]) : [[]];
  const lines = layers.map((layer, at) => [...named[at], ...told(layer, place, theme, words)]);
  return lines.map((line) => line.join(" · ")).join("\n");
}

/**
 * The pictures of layers, where none has a map and all have one size; else none.
 * @param {LayerData[]} layers
 */
function alike(layers) {
  const pictures = layers.flatMap(({ picture, cells }) => (picture && !cells ? [picture] : []));
  const sizes = new Set(pictures.map(({ rows, columns }) => `${rows} ${columns}`));
  return pictures.length === layers.length && sizes.size === 1 ? pictures : [];
}

/**
 * A grey level, or red, green and blue.
 * @param {Pick<PictureData, "channels" | "values">} picture
 * @param {number} at
 */
function colourAt({ channels, values }, at) {
  const parts = [...values.subarray(channels * at, channels * (at + 1))];
  return channels === 3 ? `(${parts.join(", ")})` : String(parts[0]);
}
