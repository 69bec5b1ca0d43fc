import assert from "node:assert/strict";
import { test } from "node:test";

import { endOf, numberIn } from "../../../viz/front/strip/fit.js";

const THEME = { smallest_plain: 1e-4, largest_plain: 1e6 };
const within = (/** @type {number} */ most) => (/** @type {string} */ text) => text.length <= most;

test("of a long name the end stays, which tells it apart", () => {
  const names = ["backbone.0.conv", "backbone.1.conv", "fc"].map((name) => endOf(name, within(8)));
  assert.deepEqual(names, ["…0.conv", "…1.conv", "fc"]);
  assert.equal(endOf("sigmoid1", within(5)), "…oid1");
});

test("a name without any room stays whole, for the box to cut it", () => {
  assert.equal(endOf("conv", within(0)), "conv");
});

test("a number keeps its digits, or else an exponent, or else fewer digits, or it is left out", () => {
  const write = (/** @type {number} */ value, /** @type {number} */ most, signed = false) =>
    numberIn(value, 3, THEME, signed, within(most));
  assert.equal(write(0.000123, 8), "0.000123");
  assert.equal(write(0.000123, 7), "1.23e−4");
  assert.equal(write(-0.000123, 7), "−1.2e−4");
  assert.equal(write(-0.00043, 5), "−4e−4");
  assert.equal(write(0.0046, 5), "0.005");
  assert.equal(write(0.5, 4, true), "+0.5");
  assert.equal(write(-1.23e-10, 4), "");
  assert.equal(write(0, 1), "0");
});
