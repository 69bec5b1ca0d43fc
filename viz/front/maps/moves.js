// Where the keys lead on a map.

/** @import {Layout, Tiled} from "./types.d.ts" */

const PAGE_ROWS = 10; // rows that PageUp and PageDown go in a single matrix

/** @typedef {{spec: Tiled, layout: Pick<Layout, "across">}} Tiles */

/** @type {Record<string, (tiles: Tiles, k: number, control: boolean) => number>} */
const MOVES = {
  ArrowLeft: (tiles, k) => beside(tiles, k, -1, 0),
  ArrowRight: (tiles, k) => beside(tiles, k, 1, 0),
  ArrowUp: (tiles, k) => beside(tiles, k, 0, -1),
  ArrowDown: (tiles, k) => beside(tiles, k, 0, 1),
  Home: (tiles, k, control) => (control ? 0 : cellOf(tiles, 0, placeOf(tiles, k).y)),
  End: (tiles, k, control) => (control ? tiles.spec.count - 1 : endOfRow(tiles, k)),
  PageUp: (tiles, k) => page(tiles, k, -1),
  PageDown: (tiles, k) => page(tiles, k, 1),
};

/** @param {string} key */
export function isMove(key) {
  return Object.hasOwn(MOVES, key);
}

/**
 * Where a key leads from cell k: to a neighbour, over the edge of a tile too, to an end of the
 * row (with Control: of the map), or to the same cell of another tile. Back to k at the rim.
 * @param {Tiles} tiles
 * @param {number} k
 * @param {string} key
 * @param {boolean} control
 */
export function moved(tiles, k, key, control) {
  const target = MOVES[key](tiles, k, control);
  return target >= 0 && target < tiles.spec.count ? target : k;
}

/**
 * Column and row of cell k, counted over all tiles as they stand.
 * @param {Tiles} tiles
 * @param {number} k
 */
function placeOf({ spec, layout }, k) {
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  return {
    x: (tile % layout.across) * spec.columns + (k % spec.columns),
    y: Math.floor(tile / layout.across) * spec.rows + Math.floor((k % size) / spec.columns),
  };
}

/**
 * The cell at a place; -1 outside, and past the last cell a number that no cell has.
 * @param {Tiles} tiles
 * @param {number} x
 * @param {number} y
 */
function cellOf({ spec, layout }, x, y) {
  if (x < 0 || y < 0 || x >= layout.across * spec.columns) return -1;
  const tile = Math.floor(y / spec.rows) * layout.across + Math.floor(x / spec.columns);
  return (tile * spec.rows + (y % spec.rows)) * spec.columns + (x % spec.columns);
}

/**
 * @param {Tiles} tiles
 * @param {number} k
 * @param {number} right
 * @param {number} down
 */
function beside(tiles, k, right, down) {
  const { x, y } = placeOf(tiles, k);
  return cellOf(tiles, x + right, y + down);
}

/**
 * @param {Tiles} tiles
 * @param {number} k
 */
function endOfRow(tiles, k) {
  const { y } = placeOf(tiles, k);
  let x = tiles.layout.across * tiles.spec.columns - 1;
  while (cellOf(tiles, x, y) >= tiles.spec.count) x -= 1;
  return cellOf(tiles, x, y);
}

/**
 * @param {Tiles} tiles
 * @param {number} k
 * @param {number} step
 */
function page(tiles, k, step) {
  const { tiles: count, rows, columns } = tiles.spec;
  if (count > 1) return k + step * rows * columns;
  const { x, y } = placeOf(tiles, k);
  return cellOf(tiles, x, Math.min(Math.max(y + step * PAGE_ROWS, 0), rows - 1));
}
