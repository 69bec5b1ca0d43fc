import assert from "node:assert/strict";
import { test } from "node:test";

import { namesIn, withName, withoutName } from "../../../viz/front/hide/names.js";

test("a map is hidden once, and of four no more", () => {
  assert.equal(withName("", "conv2.downstream"), "conv2.downstream");
  assert.equal(withName("a.upstream", "b.upstream"), "a.upstream,b.upstream");
  assert.equal(withName("a.upstream", "a.upstream"), "a.upstream");
  assert.equal(withName("a,b,c,d", "e"), null);
  assert.deepEqual(namesIn("a,b"), ["a", "b"]);
  assert.deepEqual(namesIn(""), []);
});

test("what is revealed is one name alone, also where its cells stand in another order", () => {
  assert.equal(withoutName("add.output,add.output.1", "add.output.1"), "add.output");
  assert.equal(withoutName("add.output,add.output.1", "add.output"), "add.output.1");
  assert.equal(withoutName("fc.weight.grad,a", "fc.weight.grad in another order"), "a");
  assert.equal(withoutName("a", "b"), "a");
});
