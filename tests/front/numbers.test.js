import assert from "node:assert/strict";
import { test } from "node:test";

import { exactNumber, fill, fullIndex, shortNumber } from "../../viz/front/numbers.js";

const theme = { smallest_plain: 1e-4, largest_plain: 1e6 };

test("a few digits never make zero of a number that is not zero", () => {
  assert.equal(shortNumber(0.16524, 3, theme), "0.165");
  assert.equal(shortNumber(1.25e-30, 3, theme), "1.25e−30");
  assert.equal(shortNumber(-0, 3, theme), "−0");
  assert.equal(shortNumber(Number.NaN, 3, theme), "NaN");
});

test("the fewest digits that name a float32 are read back as that float32", () => {
  for (const value of [0.1, 1 / 3, 16777217, 1e-45, 3.4e38]) {
    const single = Math.fround(value);
    const text = exactNumber(single, new Float32Array());
    assert.equal(Math.fround(Number(text)), single);
    assert.ok(text.length <= exactNumber(single, new Float64Array()).length);
  }
});

test("cells of a run count from its start in row-major order", () => {
  assert.deepEqual(fullIndex({ shape: [2, 3, 4], start: 12 }, 5), [1, 1, 1]);
  assert.deepEqual(fullIndex({ shape: [], start: 0 }, 0), []);
});

test("a sentence keeps a place for which nothing came", () => {
  assert.equal(fill("{count} cells of {name}", { count: 3 }), "3 cells of {name}");
});
