import assert from "node:assert/strict";
import { test } from "node:test";

import { cellAt, cornerOf, layOut, share, shareByCells } from "../../../viz/front/maps/layout.js";

/** @import {Drawn} from "../../../viz/front/maps/types.d.ts" */

/**
 * @param {number} tiles
 * @param {number} rows
 * @param {number} columns
 * @param {Partial<Drawn>} [more]
 */
function tiled(tiles, rows, columns, more = {}) {
  const spec = { tiles, rows, columns, across: null, count: tiles * rows * columns, ...more };
  return /** @type {Drawn} */ (spec);
}

const TILINGS = [
  { spec: tiled(1, 4, 4), width: 500 },
  { spec: tiled(1, 3, 32, { count: 70 }), width: 700 }, // a vector that continues on the next row
  { spec: tiled(6, 5, 7), width: 300 }, // with labels, several rows of tiles
  { spec: tiled(6, 5, 7, { across: 3 }), width: 300 },
  { spec: tiled(64, 2, 2), width: 90 }, // too many to fit: one scrolls
];

test("the cell at the corner and at the last point of every cell is that cell", () => {
  for (const { spec, width } of TILINGS) {
    const map = { spec, layout: layOut(spec, width) };
    const seen = new Set();
    for (let k = 0; k < spec.count; k += 1) {
      const { x, y } = cornerOf(map, k);
      const last = map.layout.cell - 0.5;
      assert.deepEqual([cellAt(map, x, y), cellAt(map, x + last, y + last)], [k, k]);
      assert.ok(x + map.layout.cell < map.layout.width && y + map.layout.cell < map.layout.height);
      seen.add(`${x} ${y}`);
    }
    assert.equal(seen.size, spec.count);
  }
});

test("gaps, labels and what lies past the end are no cell", () => {
  const four = tiled(4, 3, 3, { across: 2 });
  const map = { spec: four, layout: layOut(four, 400) };
  const { cell, label, stepX, stepY } = map.layout;
  assert.ok(label > 0);
  assert.equal(cellAt(map, 1, label - 1), null);
  assert.equal(cellAt(map, 3 * cell + 1, label + 1), null);
  assert.equal(cellAt(map, 1, stepY - 1), null);
  assert.equal(cellAt(map, stepX, stepY + label), 3 * 9);
  assert.equal(cellAt(map, -1, label + 1), null);
  const short = { spec: tiled(1, 2, 32, { count: 40 }), layout: layOut(tiled(1, 2, 32), 700) };
  assert.equal(cellAt(short, 7.5 * short.layout.cell, 1.5 * short.layout.cell), 39);
  assert.equal(cellAt(short, 8.5 * short.layout.cell, 1.5 * short.layout.cell), null);
});

test("cells are the largest with which the map fits, and none is larger than 92 px", () => {
  assert.equal(layOut(tiled(1, 2, 2), 500).cell, 92);
  assert.equal(layOut(tiled(1, 4, 4), 500).cell, 70); // 4 * 70 of 280 px of height, and the rim
  assert.equal(layOut(tiled(1, 4, 4), 500, { height: 220, cell: 136 }).cell, 55);
  assert.equal(layOut(tiled(1, 2, 10), 500).cell, 49); // 10 * 49 + 1 of 500 px of width
  assert.equal(layOut(tiled(1, 2, 10), 500, { cell: 20 }).cell, 20);
});

test("a map that does not fit has cells one can still tell apart, and keeps a scroll bar free", () => {
  const layout = layOut(tiled(64, 2, 2), 90);
  assert.equal(layout.cell, 18); // tiles of 36 px
  assert.equal(layout.across, 1); // 2 * 36 + 6 are more than 90 - 16
  assert.equal(layout.height, 64 * layout.stepY - 6 + 1);
});

test("narrow maps get what they wish and wide ones an equal part of the rest", () => {
  assert.deepEqual(share([100, 900, 500], 900), [100, 400, 400]);
  assert.deepEqual(share([100, 200], 900), [100, 200]);
});

test("three maps with too little room get cells of one size, unless one is too narrow then", () => {
  assert.deepEqual(
    shareByCells([tiled(1, 4, 4), tiled(1, 4, 6), tiled(1, 4, 5)], 633, [0, 0, 0])?.shares,
    [169, 253, 211],
  );
  assert.deepEqual(
    shareByCells([tiled(1, 2, 2), tiled(1, 4, 4), tiled(1, 2, 2)], 437, [0, 0, 0])?.shares,
    [109, 217, 109],
  );
  assert.deepEqual(
    shareByCells([tiled(1, 2, 2), tiled(1, 4, 4), tiled(1, 2, 2)], 437, [130, 90, 0]),
    { shares: [130, 201, 101], cell: 50 },
    "a word has its room, and all cells stay of one size",
  );
  assert.equal(
    shareByCells([tiled(1, 4, 1), tiled(1, 4, 20), tiled(1, 4, 20)], 600, [0, 0, 0]),
    null,
  );
  assert.equal(
    shareByCells([tiled(2, 4, 4), tiled(1, 4, 4), tiled(1, 4, 4)], 633, [0, 0, 0]),
    null,
  );
});

test("where all is to be seen at once, a map and its labels are no higher than that", () => {
  for (const spec of [tiled(1, 4, 4), tiled(6, 5, 7)]) {
    const { height } = layOut(spec, 900, { height: 283, cell: 160, scroll: 284 });
    assert.ok(height <= 284, `${height} px`);
  }
});
