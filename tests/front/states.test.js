import assert from "node:assert/strict";
import { test } from "node:test";

import { stateAt } from "../../viz/front/states.js";

test("a box is ahead, current, begun between its nodes, and done", () => {
  /** @type {[number, number][]} */
  const ranges = [
    [2, 3],
    [6, 6],
  ];
  const states = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => stateAt(ranges, step));
  const begun = ["begun", "begun"];
  assert.deepEqual(states, ["ahead", "ahead", "current", "current", ...begun, "current", "done"]);
});

test("a box without nodes has no state, and none has one when nobody steps", () => {
  assert.equal(stateAt([], 3), "");
  assert.equal(stateAt([[0, 9]], null), "");
});
