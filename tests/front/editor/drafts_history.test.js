import assert from "node:assert/strict";
import { test } from "node:test";

import { remove, rename } from "../../../viz/front/editor/draft.js";
import { STEPS, amended, begin, gone, same, then } from "../../../viz/front/editor/history.js";
import { chain } from "./drafts.js";

const ONE = chain("a < input", "b < a");
const TWO = rename(ONE, 1, "two");
const THREE = rename(ONE, 1, "three");

test("what is undone can be redone", () => {
  const history = then(then(begin(ONE), TWO), THREE);
  const back = gone(gone(history, "undo"), "undo");
  assert.equal(back.present, ONE);
  assert.equal(gone(back, "redo").present, TWO);
  assert.deepEqual(gone(gone(back, "redo"), "redo"), history);
});

test("a change after Undo forgets what was undone", () => {
  const history = then(gone(then(begin(ONE), TWO), "undo"), THREE);
  assert.deepEqual(history, { present: THREE, past: [ONE], future: [] });
  assert.equal(gone(history, "redo"), history);
});

test("nothing happens at the ends and without a change", () => {
  const history = begin(ONE);
  assert.equal(gone(history, "undo"), history);
  assert.equal(gone(history, "redo"), history);
  assert.equal(then(history, rename(ONE, 1, "a")), history);
});

test("the history is bounded", () => {
  let history = begin(ONE);
  for (let step = 0; step < STEPS + 5; step += 1)
    history = then(history, rename(ONE, 1, `s${step}`));
  assert.equal(history.past.length, STEPS);
  assert.equal(history.past[0].layers[0].name, "s4");
});

test("what the server adds to a draft is no step of its own", () => {
  const history = amended(then(begin(ONE), TWO), THREE);
  assert.deepEqual(history, { present: THREE, past: [ONE], future: [] });
});

test("the same network is told by names, order, reads and fields, not by keys", () => {
  const other = {
    ...ONE,
    layers: ONE.layers.map((layer) => ({
      ...layer,
      key: layer.key + 5,
      reads: layer.reads.map((key) => (key ? key + 5 : 0)),
      fresh: true,
    })),
  };
  assert.ok(same(ONE, other));
  assert.ok(!same(ONE, TWO));
  assert.ok(!same(ONE, remove(ONE, 2)));
  assert.ok(!same(chain("a < input", "b < a"), chain("a < input", "b < input")));
});
