import assert from "node:assert/strict";
import { test } from "node:test";

import { moved } from "../../../viz/front/number/number.js";

test("a step leads on within the bounds and nowhere past them", () => {
  const bounds = { least: 0, most: 6, around: false };
  assert.equal(moved(0, 1, bounds), 1);
  assert.equal(moved(6, 1, bounds), null);
  assert.equal(moved(0, -1, bounds), null);
  assert.equal(moved(6, -1, bounds), 5);
});

test("around, the first comes after the last and the last before the first", () => {
  const bounds = { least: 3, most: 5, around: true };
  assert.equal(moved(5, 1, bounds), 3);
  assert.equal(moved(3, -1, bounds), 5);
  assert.equal(moved(4, 1, bounds), 5);
  assert.equal(moved(4294967295, 1, { least: 0, most: 4294967295, around: true }), 0);
});

test("twenty steps are twenty", () => {
  const bounds = { least: 0, most: 9999, around: true };
  let value = 9990;
  for (let press = 0; press < 20; press += 1) value = moved(value, 1, bounds) ?? -1;
  assert.equal(value, 10);
});
