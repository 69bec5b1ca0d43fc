import assert from "node:assert/strict";
import { test } from "node:test";

import { left } from "../../viz/front/undo/undo.js";

/** @import {Press} from "../../viz/front/undo/undo.js" */

test("what is left counts the presses that the server has not answered", () => {
  const counts = { past: 2, future: 1 };
  assert.deepEqual(left(counts, []), { undo: 2, redo: 1 });
  assert.deepEqual(left(counts, [[1, "undo"]]), { undo: 1, redo: 2 });
  assert.deepEqual(left(counts, [[1, "redo"]]), { undo: 3, redo: 0 });
});

test("a press that has nothing to do changes nothing, and the next one counts on", () => {
  const idle = left({ past: 1, future: 0 }, [[1, "redo"]]);
  assert.deepEqual(idle, { undo: 1, redo: 0 });
  /** @type {Press[]} */
  const waiting = [
    [1, "undo"],
    [2, "undo"],
    [3, "redo"],
  ];
  assert.deepEqual(left({ past: 1, future: 0 }, waiting), { undo: 1, redo: 0 });
  assert.deepEqual(left({ past: 1, future: 0 }, waiting.slice(0, 2)), { undo: 0, redo: 1 });
});
