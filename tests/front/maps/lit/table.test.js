import assert from "node:assert/strict";
import { test } from "node:test";

import { entryBeside, numberColumns } from "../../../../viz/front/maps/lit/table.js";

test("a column of numbers holds some number and no word", () => {
  const rows = [
    ["y₀", "−0.25", "1/4", "1e−3", "", "12"],
    ["y₁", "0.75", "–", "4", "", "none"],
  ];
  assert.deepEqual([...numberColumns(rows)], [1, 2, 3]);
  assert.deepEqual([...numberColumns([])], []);
});

test("the keys lead to the next entry of the row or the column, over places without cells", () => {
  const places = [
    [0, 0],
    [0, 2],
    [1, 0],
    [1, 1],
    [3, 2],
  ].map(([row, column]) => ({ table: 0, row, column }));
  const entries = [...places, { table: 1, row: 0, column: 3 }];
  /**
   * @param {number} at
   * @param {string} key
   */
  const led = (at, key) =>
    entries.indexOf(/** @type {any} */ (entryBeside(entries, entries[at], key)));
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => led(0, key)),
    [-1, 1, -1, 2],
  );
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => led(1, key)),
    [0, -1, -1, 4],
  );
  assert.deepEqual([led(4, "ArrowUp"), led(3, "ArrowLeft"), led(5, "ArrowLeft")], [1, 2, -1]);
});
