// Which pixel and which number stand at a place, and where a key leads from there.

/** @import {Grid, Place, Spot} from "./types.d.ts" */

/**
 * @param {Place} place
 * @param {Grid} grid
 * @returns {Spot}
 */
export function spotAt({ x, y }, { rows, columns }) {
  return {
    row: within(Math.floor(y * rows), rows),
    column: within(Math.floor(x * columns), columns),
  };
}

/**
 * The middle of a spot.
 * @param {Spot} spot
 * @param {Grid} grid
 * @returns {Place}
 */
export function middleOf({ row, column }, { rows, columns }) {
  return { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
}

const WAYS = new Map([
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
]);

/**
 * Where an arrow key leads, from the middle of one spot to that of the next; null for other keys.
 * @param {string} key
 * @param {Place | null} place null: from nowhere to the first spot
 * @param {Grid} grid
 * @returns {Place | null}
 */
export function keyTo(key, place, grid) {
  const way = WAYS.get(key);
  if (!way) return null;
  if (!place) return middleOf({ row: 0, column: 0 }, grid);
  const { row, column } = spotAt(place, grid);
  const to = {
    row: within(row + way[0], grid.rows),
    column: within(column + way[1], grid.columns),
  };
  return middleOf(to, grid);
}

/**
 * @param {number} at
 * @param {number} count
 */
function within(at, count) {
  return Math.max(0, Math.min(count - 1, at));
}
