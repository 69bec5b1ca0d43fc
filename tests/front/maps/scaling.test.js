import assert from "node:assert/strict";
import { test } from "node:test";

import { DECADES, placeOn } from "../../../viz/front/maps/scaling.js";

test("both scales run from -1 over 0 to 1, and are odd", () => {
  for (const scaling of /** @type {const} */ (["shared", "own", "log"])) {
    assert.equal(placeOn(0, 0.5, scaling), 0);
    assert.ok(Math.abs(placeOn(0.5, 0.5, scaling) - 1) < 1e-12);
    assert.equal(placeOn(-0.1, 0.5, scaling), -placeOn(0.1, 0.5, scaling));
    assert.equal(placeOn(3, 0, scaling), 0); // all zero: there is no scale
  }
});

test("on the logarithmic scale each decade has the same room, and near zero it is linear", () => {
  const at = (/** @type {number} */ value) => placeOn(value, 1, "log");
  const decade = 1 / DECADES;
  for (const power of [0, -1, -2, -3]) {
    const step = at(10 ** power) - at(10 ** (power - 1));
    assert.ok(Math.abs(step - decade) < 0.01, `${power}: ${step}`);
  }
  const tiny = 10 ** -(DECADES + 3);
  assert.ok(Math.abs(at(2 * tiny) / at(tiny) - 2) < 0.01);
});
