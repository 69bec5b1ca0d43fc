import assert from "node:assert/strict";
import { test } from "node:test";

import { thatFit } from "../../../viz/front/beside/lines.js";

test("ratios wider than their column are left out, but for the chosen one", () => {
  assert.deepEqual(thatFit([30, 50, 30, 50], 42, -1), [0, 2]);
  assert.deepEqual(thatFit([30, 30, 50, 42, 30], 42, 2), [0, 1, 2, 4]); // and those it would touch
  assert.deepEqual(thatFit([30, 30, 30], 42, 1), [0, 1, 2]);
});
