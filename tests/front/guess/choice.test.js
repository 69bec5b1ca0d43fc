import assert from "node:assert/strict";
import { test } from "node:test";

import { optionMark } from "../../../viz/front/guess/choice.js";
import { orderOf, swapped } from "../../../viz/front/guess/order.js";

/**
 * How three options are marked after this one was checked.
 * @param {{checked?: string, picked?: string, marks?: string[], truth?: string[]}} attempt
 */
function marked({ checked, picked = checked, marks = [], truth = [] }) {
  const typed = checked === undefined ? [] : [checked];
  const value = { numbers: "", typed, hints: 0, revealed: truth.length > 0 };
  return ["0", "1", "2"].map((place) => optionMark(place, picked, { marks, true: truth, value }));
}

test("only the option that was checked has a mark, until another one is picked", () => {
  assert.deepEqual(marked({}), ["", "", ""]);
  assert.deepEqual(marked({ picked: "1" }), ["", "", ""]);
  assert.deepEqual(marked({ checked: "1", marks: ["wrong"] }), ["", "wrong", ""]);
  assert.deepEqual(marked({ checked: "1", picked: "2", marks: ["wrong"] }), ["", "", ""]);
  assert.deepEqual(marked({ checked: "2", marks: ["right"] }), ["", "", "right"]);
});

test("the true option is told from the others once it is revealed, whatever is picked", () => {
  assert.deepEqual(marked({ truth: ["2"] }), ["", "", "true"]);
  assert.deepEqual(marked({ checked: "1", marks: ["wrong"], truth: ["2"] }), ["", "wrong", "true"]);
  assert.deepEqual(marked({ checked: "1", picked: "2", truth: ["2"] }), ["", "", "true"]);
});

test("rows stand as they were given until they were put in another order", () => {
  assert.deepEqual(orderOf([], 3), [0, 1, 2]);
  assert.deepEqual(orderOf(["2", "0", "1"], 3), [2, 0, 1]);
});

test("what an address says and is no order of the rows leaves them as they were given", () => {
  for (const typed of [
    ["2", "0"],
    ["0", "0", "1"],
    ["x", "1", "2"],
    ["0", "1", "3"],
    ["", "", ""],
  ]) {
    assert.deepEqual(orderOf(typed, 3), [0, 1, 2], String(typed));
  }
  assert.deepEqual(orderOf(["1", "0", "0"], 2), [1, 0]);
  assert.deepEqual(orderOf(["1", "1", "0"], 2), [0, 1]);
});

test("a row and its neighbour change places, and nothing moves past an end", () => {
  assert.deepEqual(swapped([2, 0, 1], 1, -1), [0, 2, 1]);
  assert.deepEqual(swapped([2, 0, 1], 1, 1), [2, 1, 0]);
  assert.equal(swapped([2, 0, 1], 0, -1), null);
  assert.equal(swapped([2, 0, 1], 2, 1), null);
});
