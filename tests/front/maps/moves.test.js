import assert from "node:assert/strict";
import { test } from "node:test";

import { isMove, moved } from "../../../viz/front/maps/moves.js";

// Five tiles of 2 x 3 cells, two side by side; as they stand on the screen:
//    0  1  2 |  6  7  8
//    3  4  5 |  9 10 11
//   12 13 14 | 18 19 20
//   15 16 17 | 21 22 23
//   24 25 26
//   27 28 29
const TILES = {
  spec: { tiles: 5, rows: 2, columns: 3, count: 30, across: 2 },
  layout: { across: 2 },
};
// One matrix of 25 rows of 2, whose last row has one cell.
const MATRIX = {
  spec: { tiles: 1, rows: 25, columns: 2, count: 49, across: null },
  layout: { across: 1 },
};

/** @type {(tiles: typeof TILES | typeof MATRIX, key: string, pairs: [number, number][]) => void} */
function check(tiles, key, pairs) {
  for (const [from, to] of pairs) {
    assert.equal(moved(tiles, from, key, false), to, `${key} from ${from}`);
  }
}

test("arrows lead to the neighbour on the screen, over the edges of tiles, and stop at the rim", () => {
  check(TILES, "ArrowRight", [
    [0, 1],
    [2, 6],
    [8, 8],
    [26, 26],
  ]);
  check(TILES, "ArrowLeft", [
    [1, 0],
    [6, 2],
    [21, 17],
    [0, 0],
    [12, 12],
  ]);
  check(TILES, "ArrowDown", [
    [0, 3],
    [3, 12],
    [10, 19],
    [22, 22],
    [28, 28],
  ]);
  check(TILES, "ArrowUp", [
    [12, 3],
    [19, 10],
    [7, 7],
  ]);
});

test("Home and End lead to the ends of the row, and with Control of the map", () => {
  check(TILES, "Home", [
    [8, 0],
    [23, 15],
    [25, 24],
  ]);
  check(TILES, "End", [
    [0, 8],
    [15, 23],
    [24, 26],
    [27, 29],
  ]);
  check(MATRIX, "End", [
    [48, 48],
    [0, 1],
  ]);
  assert.equal(moved(TILES, 17, "Home", true), 0);
  assert.equal(moved(TILES, 17, "End", true), 29);
});

test("a page is the same cell of the next tile, or ten rows of a single matrix", () => {
  check(TILES, "PageDown", [
    [4, 10],
    [22, 28],
    [25, 25],
  ]);
  check(TILES, "PageUp", [
    [10, 4],
    [4, 4],
  ]);
  check(MATRIX, "PageDown", [
    [1, 21],
    [40, 48],
    [41, 41],
  ]);
  check(MATRIX, "PageUp", [
    [48, 28],
    [3, 1],
  ]);
});

test("other keys are no moves", () => {
  assert.deepEqual(["ArrowUp", "End", "Enter", "a", "toString"].map(isMove), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
