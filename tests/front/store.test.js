import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../viz/front/store.js";
import { VIEW } from "./view.js";

/** @import {View} from "../../viz/front/types.d.ts" */

/** @param {Partial<View>} [fields] */
function made(fields = {}) {
  const store = new Store({ ...VIEW, ...fields });
  store.know("n3", { boxes: [], count: 10 });
  /** @type {[View, View, boolean][]} */
  const told = [];
  const end = store.subscribe((view, { before, settled }) => told.push([view, before, settled]));
  return { store, told, end };
}

test("before anything is chosen the first node is seen", () => {
  assert.equal(new Store(VIEW).node, "");
  assert.equal(made().store.node, "n3");
  assert.equal(made({ node: "n5" }).store.node, "n5");
  assert.equal(made({ node: "n5", step: 7 }).store.node, "n7");
});

test("a choice starts with the node's own part and all channels, and keeps the rest", () => {
  const { store, told } = made({ part: 1, channel: 2, sample: 3, tint: true });
  const before = store.view;
  store.choose("n5");
  const after = { ...VIEW, node: "n5", sample: 3, tint: true };
  assert.deepEqual(told, [[after, before, true]]);
  assert.equal(store.view, told[0][0]);
});

test("what is chosen already is not chosen again", () => {
  const { store, told } = made({ part: 1 });
  store.choose("n3");
  assert.deepEqual(told, []);
  assert.equal(store.view.part, 1);
});

test("while somebody steps a choice is a jump", () => {
  const { store } = made({ step: 2 });
  store.choose("n8");
  assert.equal(store.view.step, 8);
  assert.equal(store.node, "n8");
});

test("a step chooses its node and ends at both ends", () => {
  const { store, told } = made({ part: 1, channel: 2 });
  for (const [step, at] of [
    [4, 4],
    [-1, 0],
    [99, 9],
  ]) {
    store.step(step);
    assert.deepEqual(store.view, { ...VIEW, step: at, node: `n${at}` });
  }
  assert.deepEqual(
    told.map(([, , settled]) => settled),
    [true, true, true],
  );
});

test("the same step again changes nothing, at an end neither", () => {
  const { store, told } = made({ step: 9, part: 1 });
  store.step(9);
  store.step(10);
  assert.deepEqual(told, []);
  assert.equal(store.view.part, 1);
});

test("who leaves the steps stays at their node", () => {
  const { store } = made({ step: 4, node: "n1", part: 1 });
  store.step(null);
  assert.deepEqual(store.view, { ...VIEW, node: "n4", part: 1 });
});

test("leaving the steps when nobody steps is no choice", () => {
  const { store, told } = made();
  store.step(null);
  assert.deepEqual(told, []);
  assert.equal(store.view.node, "");
});

test("a change of looks is told and not settled, equal values are not told", () => {
  const { store, told } = made();
  store.change({ tint: true, sample: 0 });
  store.change({ tint: true });
  store.change({});
  assert.deepEqual(
    told.map(([view, before, settled]) => [view.tint, before.tint, settled]),
    [[true, false, false]],
  );
});

test("a listener that has ended is told nothing, another one still is", () => {
  const { store, told, end } = made();
  let others = 0;
  store.subscribe(() => (others += 1));
  end();
  store.choose("n1");
  assert.deepEqual(told, []);
  assert.equal(others, 1);
});

test("a listener that ends another one while both are told does not upset the round", () => {
  const { store } = made();
  /** @type {string[]} */
  const order = [];
  store.subscribe(() => {
    order.push("first");
    end();
  });
  const end = store.subscribe(() => order.push("second"));
  store.choose("n1");
  store.choose("n2");
  assert.deepEqual(order, ["first", "second", "first"]);
});

test("what was told can be kept: a view never changes, and not from outside", () => {
  const given = { ...VIEW };
  const store = new Store(given);
  const { view } = store;
  given.tint = true;
  assert.throws(() => Object.assign(view, { sample: 5 }), TypeError);
  store.change({ sample: 1 });
  assert.deepEqual(view, VIEW);
  assert.throws(() => Object.assign(store.view, { sample: 5 }), TypeError);
});

/** @param {number} at of the one node of the layer */
function relu(at) {
  const boxes = [{ kind: "layer", name: "relu", node: `n${at}`, ranges: [[at, at]] }];
  return /** @type {import("../../viz/front/carried.js").Known} */ ({ boxes, count: 10 });
}

test("what is looked at stays the same layer in a run that takes the place of another", () => {
  const { store, told } = made({ node: "n4", pins: "n4" });
  assert.equal(store.wanted, "n4");
  store.know("n0", relu(4));
  assert.deepEqual([store.view.node, store.wanted, told], ["n4", null, []]);
  store.know("n0", relu(6));
  assert.deepEqual([store.view.node, store.view.pins], ["n6", "n6"]);
  assert.deepEqual(
    told.map(([, , settled]) => settled),
    [false],
  );
});

test("a choice that was made for the run to come is left, and pins move to it", () => {
  const { store } = made({ node: "n4", pins: "n4" });
  store.know("n0", relu(4));
  store.await("choice");
  assert.equal(store.wanted, "n4");
  store.know("n0", relu(6));
  assert.deepEqual([store.view.node, store.view.pins], ["n4", "n6"]);
  store.know("n0", relu(7)); // where n4 is a node that no box holds, as before
  assert.deepEqual([store.view.node, store.view.pins], ["n4", "n7"]);
});

test("what an address says of a run is left whole; a pin that is not there is named", () => {
  const { store } = made({ node: "n4", pins: "n4,n99" });
  store.know("n0", relu(4));
  store.await("all");
  store.change({ node: "n4", pins: "n4,n99" });
  assert.deepEqual(store.know("n0", relu(6)), ["n99"]);
  assert.deepEqual([store.view.node, store.view.pins], ["n4", "n4"]);
});
