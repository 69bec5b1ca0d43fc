import assert from "node:assert/strict";
import { test } from "node:test";

import { linesFor } from "../../../../viz/front/maps/written/lines.js";

test("what fits stands on one line, and no piece is broken", () => {
  assert.equal(linesFor([6, 4, 10], 20), 1);
  assert.equal(linesFor([6, 4, 11], 20), 2);
  assert.equal(linesFor([6, 15, 15], 20), 3);
  assert.equal(linesFor([6, 15, 4], Infinity), 1);
});
