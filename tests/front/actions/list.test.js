import assert from "node:assert/strict";
import { test } from "node:test";

import { appended, placeAfter, without } from "../../../viz/front/actions/list.js";

test("an action goes to the end, again too, as long as there is room", () => {
  assert.deepEqual(appended([], "step", 2), ["step"]);
  assert.deepEqual(appended(["step"], "step", 2), ["step", "step"]);
  assert.equal(appended(["step", "step"], "zero", 2), null);
});

test("an action is removed from its place, not wherever it stands", () => {
  const keys = ["step", "zero", "step"];
  assert.deepEqual(without(keys, 0), ["zero", "step"]);
  assert.deepEqual(without(keys, 2), ["step", "zero"]);
  assert.deepEqual(keys, ["step", "zero", "step"]);
});

test("after a removal the focus is at what moved up, or at the last, or nowhere", () => {
  assert.equal(placeAfter(0, 2), 0);
  assert.equal(placeAfter(2, 2), 1);
  assert.equal(placeAfter(0, 0), -1);
});
