import assert from "node:assert/strict";
import { test } from "node:test";

import { movedTo, scrolling } from "../../viz/front/dag/dag.js";

test("keys walk over the boxes in their order and stop at both ends", () => {
  const ids = ["0", "1", "2"];
  assert.equal(movedTo(ids, "1", "ArrowRight"), "2");
  assert.equal(movedTo(ids, "2", "ArrowDown"), "2");
  assert.equal(movedTo(ids, "1", "ArrowUp"), "0");
  assert.equal(movedTo(ids, "0", "ArrowLeft"), "0");
  assert.equal(movedTo(ids, "1", "Home"), "0");
  assert.equal(movedTo(ids, "1", "End"), "2");
  assert.equal(movedTo(ids, "1", "a"), undefined);
});

test("a picture scrolls only as far as a box needs, with some room around it", () => {
  assert.equal(scrolling(100, 150, 0, 400), 0);
  assert.equal(scrolling(20, 70, 0, 400), -28);
  assert.equal(scrolling(340, 390, 0, 400), 38);
});
