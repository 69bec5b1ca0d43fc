import assert from "node:assert/strict";
import { test } from "node:test";

import { Edits } from "../../../viz/front/paint/edits.js";

test("a new stroke ends what could be redone", () => {
  const edits = new Edits();
  edits.change("input", [[0, 7]]);
  edits.go("input", "undo");
  edits.change("input", [[1, 7]]);
  assert.equal(edits.go("input", "redo"), false);
  assert.ok(edits.go("input", "undo"));
  assert.equal(edits.go("input", "undo"), false);
  assert.deepEqual(edits.plain, {});
});

test("200 strokes of a tensor can be undone and no more, in order", () => {
  const edits = new Edits();
  for (let value = 1; value <= 201; value += 1) edits.change("input", [[0, value]]);
  const seen = [];
  while (edits.go("input", "undo")) seen.push(edits.of("input").get(0));
  assert.equal(seen.length, 200);
  assert.deepEqual(seen.slice(0, 2), [200, 199]);
  assert.equal(seen.at(-1), 1);
});

test("each tensor has a history of its own", () => {
  const edits = new Edits();
  edits.change("input", [[0, 7]]);
  edits.change("fc.bias", [[0, 1]]);
  assert.ok(edits.go("input", "undo"));
  assert.deepEqual(edits.plain, { "fc.bias": [[0, 1]] });
  assert.ok(edits.go("input", "redo"));
  assert.deepEqual(edits.names, ["fc.bias", "input"]);
});

test("equal edits are written alike, in whatever order they were made", () => {
  const [one, other] = [new Edits(), new Edits()];
  one.change("b", [
    [3, 1],
    [1, 2],
  ]);
  one.change("a", [[0, 1]]);
  other.change("a", [[0, 1]]);
  other.change("b", [[1, 2]]);
  other.change("b", [[3, 1]]);
  assert.equal(JSON.stringify(one.plain), JSON.stringify(other.plain));
  assert.equal(one.count, 3);
});

test("what is discarded can be undone", () => {
  const edits = new Edits({ input: [[2, 5]], "fc.bias": [[0, 1]] });
  edits.discard(edits.names);
  assert.deepEqual(edits.plain, {});
  assert.ok(edits.go("input", "undo"));
  assert.deepEqual(edits.plain, { input: [[2, 5]] });
});

test("what a page decides ends the history of the tensors that it concerns", () => {
  const edits = new Edits();
  edits.change("input", [[0, 7]]);
  edits.change("fc.bias", [[0, 1]]);
  let told = 0;
  edits.subscribe(() => (told += 1));
  edits.take({ input: [[0, 7]], "fc.bias": [[0, 2]] });
  assert.equal(told, 1);
  assert.equal(edits.go("fc.bias", "undo"), false);
  assert.ok(edits.go("input", "undo"));
  edits.take({ "fc.bias": [[0, 2]] }); // nothing that it does not know
  assert.equal(told, 2);
});
