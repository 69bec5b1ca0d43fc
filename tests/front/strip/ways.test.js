import assert from "node:assert/strict";
import { test } from "node:test";

import { unpacked, sizeOf } from "../../../viz/front/strip/thumbnail.js";
import { below, roomBelow, waysOf } from "../../../viz/front/strip/ways.js";

test("neighbours are joined straight, and nothing lies below a chain", () => {
  const ways = waysOf([
    [0, 1, false],
    [1, 2, true],
  ]);
  assert.deepEqual(
    ways.map(({ level }) => level),
    [0, 0],
  );
  assert.equal(roomBelow(ways), 0);
});

test("of two skips around each other the shorter is the higher, and apart they share a line", () => {
  const ways = waysOf([
    [2, 14, true],
    [5, 10, true],
    [15, 17, true],
  ]);
  const levels = Object.fromEntries(ways.map(({ source, level }) => [source, level]));
  assert.deepEqual(levels, { 5: 1, 2: 2, 15: 1 });
  assert.ok(roomBelow(ways) > roomBelow(ways.slice(0, 1)));
});

test("a line below runs from the box that hands on to the one that gets it", () => {
  assert.equal(below(1, 200, 100, 150), "M200 150V157H100V151");
});

test("pictures are taken apart as they were packed", () => {
  const packed = {
    sample: 0,
    cells: Int8Array.of(127, -3, 0, 5, 127),
    looks: Uint16Array.of(4, 2, 3, 0, 0, 0, 1, 1, 0, 0, 0, 0),
    largest: Float64Array.of(0.5, NaN, -2, NaN),
  };
  const [first, second] = unpacked(packed);
  assert.deepEqual([...(first.value?.cells ?? [])], [127, -3, 0, 5]);
  assert.deepEqual([first.value?.rows, first.value?.columns, first.value?.plane], [2, 2, 2]);
  assert.equal(first.gradient, null);
  assert.deepEqual([...(second.value?.cells ?? [])], [127]);
  assert.equal(second.value?.largest, -2);
});

test("a picture fills its square, a long one stays to be seen, a number is small", () => {
  const size = (/** @type {number} */ rows, /** @type {number} */ columns) =>
    sizeOf({ rows, columns, cells: new Int8Array(), plane: -1, largest: 1 }, "gradient", 54);
  assert.deepEqual(size(4, 4), { width: 54, height: 54 });
  assert.deepEqual(size(9, 12), { width: 54, height: 40.5 });
  assert.deepEqual(size(1, 30), { width: 54, height: 12 });
  assert.deepEqual(size(1, 1), { width: 22, height: 22 });
});
