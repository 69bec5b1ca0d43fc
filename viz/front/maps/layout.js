// How large a map is drawn, and where on it every cell stands.

/** @import {Drawn, Layout, Place, Room, Tiled} from "./types.d.ts" */

export const BIGGEST_CELL = 92; // px; larger cells only waste room
export const SCROLLBAR = 16; // px kept free for a scroll bar
export const TILE_GAP = 6; // px between tiles
const SMALLEST_TILE = 36; // px of a tile's longer side; below it one scrolls
const SMALLEST_STRIP = { side: 48, cell: 6 }; // px of a matrix's shorter side, and most px a cell for it
export const ONE_TILE_HEIGHT = 280; // px that one matrix should fit in
const LABELS_HEIGHT = 20; // px more that all channels should fit in, for their labels
const NARROWEST = 90; // px of a map beside two others
const SMALLEST_EVEN = 24; // px of a cell there
const LABEL_HEIGHT = 18; // px above a tile for its label

/**
 * Find the largest cells with which the whole map fits; else the smallest, and one scrolls.
 * @param {Tiled} spec
 * @param {number} width
 * @param {Partial<Room>} [room]
 * @returns {Layout}
 */
export function layOut(
  spec,
  width,
  { height: one = ONE_TILE_HEIGHT, cell: most = BIGGEST_CELL, scroll: seen = Infinity } = {},
) {
  const height = Math.min(one + 1 + (spec.tiles > 1 ? LABELS_HEIGHT : 0), seen);
  const least = smallestCell(spec);
  for (let cell = most; cell > least; cell -= 1) {
    const layout = layOutCells(spec, width, cell);
    if (layout.width <= width && layout.height <= height) return layout;
  }
  return layOutCells(spec, width - SCROLLBAR, least);
}

/** @param {Tiled} spec */
function smallestCell({ tiles, rows, columns }) {
  if (tiles > 1) return Math.max(2, Math.ceil(SMALLEST_TILE / Math.max(rows, columns)));
  return Math.min(SMALLEST_STRIP.cell, Math.ceil(SMALLEST_STRIP.side / Math.min(rows, columns)));
}

/**
 * @param {Tiled} spec
 * @param {number} width
 * @param {number} cell
 * @returns {Layout}
 */
function layOutCells(spec, width, cell) {
  const many = spec.tiles > 1;
  const gap = many ? TILE_GAP : 0;
  const stepX = spec.columns * cell + gap;
  const fitting = Math.max(1, Math.floor((width + gap) / stepX));
  const across = Math.min(spec.across ?? fitting, spec.tiles);
  const labelled = many && spec.columns * cell >= SMALLEST_TILE;
  const label = labelled ? LABEL_HEIGHT : 0;
  const stepY = spec.rows * cell + gap + label;
  const down = Math.ceil(spec.tiles / across);
  // One pixel more, so that the borders of the last cells are whole.
  const [allWidth, allHeight] = [across * stepX - gap + 1, down * stepY - gap + 1];
  return { cell, across, down, label, stepX, stepY, width: allWidth, height: allHeight };
}

/**
 * Narrow maps get what they wish, wide ones an equal part of the rest.
 * @param {number[]} wishes px
 * @param {number} total px
 */
export function share(wishes, total) {
  /** @type {number[]} */
  const shares = [];
  let left = total;
  const order = wishes.map((_, at) => at).sort((a, b) => wishes[a] - wishes[b]);
  order.forEach((at, done) => {
    shares[at] = Math.floor(Math.min(wishes[at], left / (order.length - done)));
    left -= shares[at];
  });
  return shares;
}

/**
 * Where three maps have not the room they wish, cells of one size compare best; null where that
 * leaves one of them too narrow.
 * @param {Drawn[]} specs
 * @param {number} total px
 * @param {number[]} least px that each needs at least, for its words
 * @returns {{shares: number[], cell: number} | null}
 */
export function shareByCells(specs, total, least) {
  /** @type {Set<number>} those whose words are wider than their cells */
  const wide = new Set();
  const widths = () => {
    const free = specs.filter((_, at) => !wide.has(at));
    const words = least.reduce((sum, each, at) => sum + (wide.has(at) ? each : 0), 0);
    const columns = free.reduce((sum, spec) => sum + spec.columns, 0);
    return Math.floor((total - words - free.length) / Math.max(1, columns));
  };
  let cell = widths();
  for (let before = -1; before < wide.size; cell = widths()) {
    before = wide.size;
    specs.forEach((spec, at) => spec.columns * cell + 1 < least[at] && wide.add(at));
  }
  const shares = specs.map((spec, at) => Math.max(spec.columns * cell + 1, least[at]));
  const simple = specs.every((spec) => spec.tiles === 1 && !spec.missing);
  const fits = cell >= SMALLEST_EVEN && Math.min(...shares) >= NARROWEST;
  return simple && fits ? { shares, cell } : null;
}

/**
 * Top left corner of a cell on the whole map, in px.
 * @param {{spec: Tiled, layout: Layout}} map
 * @param {number} k
 * @returns {Place}
 */
export function cornerOf({ spec, layout }, k) {
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  const row = Math.floor((k % size) / spec.columns);
  return {
    x: (tile % layout.across) * layout.stepX + (k % spec.columns) * layout.cell,
    y: Math.floor(tile / layout.across) * layout.stepY + layout.label + row * layout.cell,
  };
}

/**
 * The cell at a point of the whole map; null on gaps, labels and past the end.
 * @param {{spec: Tiled, layout: Layout}} map
 * @param {number} x
 * @param {number} y
 */
export function cellAt({ spec, layout }, x, y) {
  const across = Math.floor(x / layout.stepX);
  const down = Math.floor(y / layout.stepY);
  const column = Math.floor((x - across * layout.stepX) / layout.cell);
  const row = Math.floor((y - down * layout.stepY - layout.label) / layout.cell);
  const inside = row >= 0 && row < spec.rows && column >= 0 && column < spec.columns;
  if (!inside || across < 0 || across >= layout.across || down < 0) return null;
  const k = ((down * layout.across + across) * spec.rows + row) * spec.columns + column;
  return k < spec.count ? k : null;
}
