import assert from "node:assert/strict";
import { test } from "node:test";

import { readCell, readCells, writtenCell } from "../../../viz/front/cells/reading.js";

const LIMITS = { least: -99, most: 99, decimals: 3 };

test("a number is read as people write it", () => {
  /** @type {[string, number][]} */
  const written = [
    ["3", 3],
    [" -2.5 ", -2.5],
    ["+1.", 1],
    [".125", 0.125],
    ["1,5", 1.5],
    ["−4", -4],
    ["１２", 12],
    ["99", 99],
    ["-99.000", -99],
  ];
  for (const [text, value] of written) assert.equal(readCell(text, LIMITS), value, text);
});

test("minus zero is zero", () => {
  assert.ok(Object.is(readCell("-0", LIMITS), 0));
  assert.equal(writtenCell(-0, 3), "0");
});

test("what is half typed, no number, too long or out of bounds is not read", () => {
  for (const text of ["", " ", "-", ".", "1e2", "1/4", "x", "1 2", "--1", "0x1", "Infinity"]) {
    assert.equal(readCell(text, LIMITS), null, text);
  }
  for (const text of ["1.0001", ".0001", "99.001", "-100", "1e-3"]) {
    assert.equal(readCell(text, LIMITS), null, text);
  }
});

test("what is written into a cell is read as the same number", () => {
  for (const value of [0, 1, -2.5, 0.1, 0.125, 99, -0.001]) {
    assert.equal(readCell(writtenCell(value, 3), LIMITS), value);
  }
  assert.equal(writtenCell(0.1 + 0.2, 3), "0.3");
});

test("a cell that cannot be read keeps its last number, and the others are taken", () => {
  assert.deepEqual(readCells(["1", "-", "7"], [4, 5, 6], LIMITS), {
    numbers: [1, 5, 7],
    wrong: [1],
  });
  assert.deepEqual(readCells(["1", "2"], [4, 5], LIMITS), { numbers: [1, 2], wrong: [] });
});

test("a number with more decimals than can be typed stays whole until its cell is changed", () => {
  const before = [1 / 3, 1 / 3];
  assert.deepEqual(readCells(["0.333", "0.33"], before, LIMITS).numbers, [1 / 3, 0.33]);
});
