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
 * What stands at a place of all layers: of several, each is named, and so is the place once where
 * it has one row and one column in all of them.
 * @param {LayerData[]} layers
 * @param {Place} place
 * @param {Theme} theme
 * @param {Words} words
 */
export function toldOfAll(layers, place, theme, words) {
  const seen = layers.filter(({ picture, cells }) => picture || cells);
  const pictures = seen.flatMap(({ picture, cells }) => (picture && !cells ? [picture] : []));
  const places = pictures.map((picture) => spotAt(place, picture));
  const [first] = places;
  const alike = places.every(({ row, column }) => row === first.row && column === first.column);
  if (seen.length > 1 && pictures.length === seen.length && alike) {
    const { row, column } = first;
    const value = seen
      .map(({ title }, at) => {
        const grid = pictures[at];
        return `${title} ${colourAt(grid, row * grid.columns + column)}`;
      })
      .join(" · ");
    return fill(words.pictures, { row, column, values: value });
  }
  return seen
    .map((layer) => {
      const texts = told(layer, place, theme, words).join(" · ");
      return layers.length > 1 ? `${layer.title} · ${texts}` : texts;
    })
    .join("\n");
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
