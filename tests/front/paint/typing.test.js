import assert from "node:assert/strict";
import { test } from "node:test";

import { moved, readNumber } from "../../../viz/front/paint/typing.js";

const any = { largest: 1000, whole: false };
const ids = { largest: 9, whole: true };

test("a number may be written as people write it", () => {
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ["2", 2],
    [" -0.5 ", -0.5],
    ["+.5", 0.5],
    ["5.", 5],
    ["1,25", 1.25],
    ["\u22123", -3],
    ["1e-3", 0.001],
    ["1000", 1000],
    ["-1000", -1000],
  ])) {
    assert.equal(readNumber(text, any), value, text);
  }
});

test("anything else is no number", () => {
  for (const text of ["", " ", "-", ".", "1e", "1 2", "1,2,3", "0x10", "NaN", "Infinity", "1001"]) {
    assert.equal(readNumber(text, any), null, text);
  }
  assert.equal(readNumber("-1000.5", any), null);
});

test("an id is a whole number from 0 on", () => {
  assert.equal(readNumber("9", ids), 9);
  assert.equal(readNumber("0", ids), 0);
  for (const text of ["10", "-1", "1.5"]) assert.equal(readNumber(text, ids), null, text);
});

test("keys walk over the cells and stop at the rim, also of a last row that is short", () => {
  // 0 1 2
  // 3 4
  const plane = { columns: 3, count: 5 };
  const to = (/** @type {number} */ k, /** @type {string} */ key, ctrlKey = false) =>
    moved(plane, k, { key, ctrlKey });
  assert.deepEqual([to(1, "ArrowLeft"), to(0, "ArrowLeft"), to(3, "ArrowLeft")], [0, 0, 3]);
  assert.deepEqual([to(3, "ArrowRight"), to(4, "ArrowRight"), to(2, "ArrowRight")], [4, 4, 2]);
  assert.deepEqual([to(4, "ArrowUp"), to(1, "ArrowUp")], [1, 1]);
  assert.deepEqual([to(1, "ArrowDown"), to(2, "ArrowDown"), to(4, "ArrowDown")], [4, 2, 4]);
  assert.deepEqual([to(4, "Home"), to(4, "Home", true)], [3, 0]);
  assert.deepEqual([to(0, "End"), to(0, "End", true), to(3, "End")], [2, 4, 4]);
  assert.equal(to(0, "a"), null);
});
