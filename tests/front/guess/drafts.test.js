import assert from "node:assert/strict";
import { test } from "node:test";

import { keepDraft, takeDraft } from "../../../viz/front/guess/drafts.js";

test("what is not checked yet is kept for its exercise and its numbers, and taken once", () => {
  keepDraft("output", "seed 0", ["1", ""], []);
  assert.equal(takeDraft("kernel", "seed 0"), null);
  assert.equal(takeDraft("output", "seed 1"), null);
  assert.deepEqual(takeDraft("output", "seed 0"), ["1", ""]);
  assert.equal(takeDraft("output", "seed 0"), null);
});

test("nothing is kept that is empty, was checked, or has no name", () => {
  keepDraft("output", "seed 0", ["", ""], []);
  keepDraft("output", "seed 0", ["1", "2"], ["1", "2"]);
  keepDraft("", "seed 0", ["1", "2"], []);
  assert.equal(takeDraft("output", "seed 0"), null);
  assert.equal(takeDraft("", "seed 0"), null);
});
