import assert from "node:assert/strict";
import { test } from "node:test";

import {
  above,
  add,
  changeKind,
  duplicate,
  frozen,
  keysOf,
  layerOf,
  move,
  remove,
  rename,
  rewire,
  setField,
  setSwitch,
} from "../../../viz/front/editor/draft.js";
import { EMPTY, KINDS, chain, kindOf, wiring } from "./drafts.js";

/** @import {Draft} from "../../../viz/front/editor/types.d.ts" */

const THREE = frozen(chain("a < input", "b < a", "c < b"));

/**
 * @param {Draft} draft
 * @param {string} kind
 * @param {number} after
 */
function added(draft, kind, after) {
  return add(draft, after, kindOf(kind), KINDS, ["frozen"]);
}

test("a new layer stands in the way to the next one", () => {
  assert.deepEqual(wiring(added(THREE, "ReLU", 1)), [
    "a < input",
    "relu1 < a",
    "b < relu1",
    "c < b",
  ]);
  assert.deepEqual(wiring(added(THREE, "ReLU", 0)).slice(0, 2), ["relu1 < input", "a < relu1"]);
  assert.deepEqual(wiring(added(THREE, "ReLU", 3)).at(-1), "relu1 < c");
});

test("a new layer does not take over the skips past it", () => {
  const skipping = chain("a < input", "b < a", "c < b + a");
  assert.deepEqual(wiring(added(skipping, "ReLU", 1)).at(-1), "c < b + a");
});

test("a new layer has the defaults of its kind, a free name and a key of its own, and is fresh", () => {
  const draft = added(added(EMPTY, "Conv2d", 0), "Conv2d", 1);
  assert.deepEqual(
    draft.layers.map(({ key, name }) => [key, name]),
    [
      [1, "conv1"],
      [2, "conv2"],
    ],
  );
  const { fields, fresh, switches } = draft.layers[1];
  assert.deepEqual(
    { fields, fresh, switches },
    {
      fields: { in_channels: 1, out_channels: 1 },
      fresh: true,
      switches: { frozen: false },
    },
  );
  assert.equal(layerOf(setField(draft, 2, "in_channels", 5), 2)?.fresh, false);
});

test("a new join makes a way around the layer it stands after", () => {
  assert.equal(wiring(added(THREE, "Add", 1))[1], "add1 < a + input");
  assert.equal(wiring(added(THREE, "Add", 0))[0], "add1 < input + input");
});

test("what needs indices takes those of the nearest layer that hands some on", () => {
  const pooled = added(added(EMPTY, "MaxPool2d", 0), "ReLU", 1);
  assert.equal(wiring(added(pooled, "MaxUnpool2d", 2)).at(-1), "maxunpool1 < relu1 + maxpool1");
});

test("the readers of a removed layer read its first input", () => {
  assert.deepEqual(wiring(remove(remove(THREE, 2), 1)), ["c < input"]);
});

test("a copy stands after its original with its settings", () => {
  const copied = duplicate(setField(THREE, 1, "out_channels", 4), 1);
  assert.deepEqual(wiring(copied), ["a < input", "a1 < a", "b < a1", "c < b"]);
  assert.deepEqual(copied.layers[1].fields, copied.layers[0].fields);
});

test("moving a layer of a chain takes the way along, and back", () => {
  const up = move(THREE, 2, true);
  assert.deepEqual(wiring(up), ["b < input", "a < b", "c < a"]);
  assert.deepEqual(move(up, 2, false), THREE);
  assert.deepEqual(move(THREE, 1, false), up);
});

test("moving past a layer that is not read changes only the order", () => {
  const moved = move(rewire(THREE, 2, [0]), 2, true);
  assert.deepEqual(wiring(moved), ["b < input", "a < input", "c < b"]);
});

test("nothing moves past the ends, and what is gone changes nothing", () => {
  for (const [key, up] of /** @type {[number, boolean][]} */ ([
    [1, true],
    [3, false],
    [0, true],
    [9, true],
  ]))
    assert.equal(move(THREE, key, up), THREE);
  assert.equal(remove(THREE, 9), THREE);
  assert.equal(duplicate(THREE, 0), THREE);
  assert.equal(setField(THREE, 1, "colour", 1), THREE);
  assert.equal(setSwitch(THREE, 9, "frozen", true), THREE);
  assert.equal(rewire(THREE, 2, [9]), THREE);
});

test("a new name reaches the readers, and two equal names keep their own", () => {
  assert.deepEqual(wiring(rename(THREE, 1, "stem")).slice(0, 2), ["stem < input", "b < stem"]);
  const twice = rename(THREE, 2, "a");
  assert.deepEqual(rename(twice, 2, "b"), THREE);
});

test("a field keeps what was typed, in or out of its bounds", () => {
  assert.equal(layerOf(setField(THREE, 1, "in_channels", -5), 1)?.fields.in_channels, -5);
  assert.equal(layerOf(setField(THREE, 1, "in_channels", "three"), 1)?.fields.in_channels, "three");
});

test("another kind keeps the fields that both have, and reads as many layers as it needs", () => {
  const wide = changeKind(setField(THREE, 2, "in_channels", 4), 2, kindOf("Wide"), KINDS);
  assert.deepEqual(layerOf(wide, 2)?.fields, { in_channels: 4, width: 3 });
  const joined = changeKind(THREE, 2, kindOf("Add"), KINDS);
  assert.equal(wiring(joined)[1], "b < a + a");
  assert.equal(wiring(changeKind(joined, 2, kindOf("ReLU"), KINDS))[1], "b < a");
  assert.equal(changeKind(THREE, 2, kindOf("Conv2d"), KINDS), THREE);
});

test("a layer may read the input and the layers above it", () => {
  assert.deepEqual(above(THREE, 3), [0, 1, 2]);
  assert.deepEqual(above(THREE, 1), [0]);
});

test("whatever is done, nobody reads a layer that is gone, and the draft before stays", () => {
  let seed = 7;
  const draw = (/** @type {number} */ below) => (seed = (seed * 16807) % 2147483647) % below;
  let draft = THREE;
  const names = [...KINDS.keys()];
  for (let step = 0; step < 500; step += 1) {
    const before = JSON.stringify(draft);
    const key = [0, ...keysOf(draft)][draw(draft.layers.length + 1)];
    const other = [0, ...keysOf(draft)][draw(draft.layers.length + 1)];
    const kind = kindOf(names[draw(names.length)]);
    const changes = [
      () => added(draft, kind.name, key),
      () => duplicate(draft, key),
      () => remove(draft, key),
      () => move(draft, key, Boolean(draw(2))),
      () => rewire(draft, key, [other]),
      () => changeKind(draft, key, kind, KINDS),
    ];
    const after = changes[draw(changes.length)]();
    assert.equal(JSON.stringify(draft), before);
    draft = after;
    const keys = keysOf(draft);
    assert.equal(new Set(keys).size, keys.length);
    for (const { reads } of draft.layers) {
      assert.ok(reads.every((source) => source === 0 || keys.includes(source)));
    }
  }
});
