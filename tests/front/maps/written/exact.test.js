import assert from "node:assert/strict";
import { test } from "node:test";

import { addsUp } from "../../../../viz/front/maps/written/exact.js";

test("texts add up digit by digit, where floating point would not", () => {
  assert.ok(addsUp("0.1652", [["0.0582"], ["0.0924"], ["0.0061"], ["0.0085"]]));
  assert.ok(addsUp("0.3", [["0.1"], ["0.2"]]));
  assert.ok(!addsUp("0.1652", [["0.0582"], ["0.0924"], ["0.0061"], ["0.0084"]]));
});

test("signs, exponents, products and fractions count", () => {
  assert.ok(addsUp("−0.1", [["0.2"], ["−0.3"]]));
  assert.ok(addsUp("1.5e−8", [["1.0e−8"], ["0.5e−8"]]));
  assert.ok(addsUp("0.0298", [["1", "0.0298"]]));
  assert.ok(addsUp("0.25", [["1/4", "1"]]));
  assert.ok(addsUp("1/3", [["1/3", "1"]]));
  assert.ok(!addsUp("0.3333", [["1/3", "1"]]));
});

test("an empty sum is zero, and what is no number adds up to nothing", () => {
  assert.ok(addsUp("0", []));
  assert.ok(!addsUp("0.1", []));
  assert.ok(!addsUp("≈0", [["≈0"]]));
  assert.ok(!addsUp("NaN", [["NaN"]]));
  assert.ok(!addsUp("0", [[""]]));
});
