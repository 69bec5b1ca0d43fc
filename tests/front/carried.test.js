import assert from "node:assert/strict";
import { test } from "node:test";

import { carried, nodeAt, standingOf } from "../../viz/front/carried.js";
import { VIEW } from "./view.js";

/**
 * @param {string} name
 * @param {[number, number][]} ranges
 */
function box(name, ranges, kind = "layer") {
  return { kind, name, ranges, node: ranges.length ? `n${ranges[0][0]}` : "" };
}

/** @param {ReturnType<typeof box>[]} boxes */
function run(...boxes) {
  return { boxes, count: 12 };
}

/**
 * conv, relu and a loss of so many nodes; between conv and relu stands a node that no box holds.
 * @param {number} nodes
 */
function under(nodes) {
  const boxes = [
    box("conv", [[nodes + 2, nodes + 4]]),
    box("relu", [[nodes, nodes]]),
    box("loss", nodes ? [[0, nodes - 1]] : [], "loss"),
  ];
  return { boxes, count: nodes + 5 };
}

test("a layer is found again where its nodes have other numbers", () => {
  const before = run(box("conv1", [[7, 9]]), box("relu", [[6, 6]]), box("loss", [[0, 0]], "loss"));
  const after = run(
    box("conv1", [[9, 11]]),
    box("new", [[8, 8]]),
    box("relu", [[6, 6]]),
    box("loss", [[0, 0]], "loss"),
  );
  const again = (/** @type {string} */ node) => {
    const standing = standingOf(before, node);
    return standing && nodeAt(after, standing);
  };
  assert.deepEqual(["n7", "n9", "n6", "n0"].map(again), ["n9", "n11", "n6", "n0"]);
  assert.equal(again("n12"), null); // there is none
});

test("a layer that is gone is not found, a smaller one has its first node", () => {
  const conv = standingOf(run(box("conv", [[3, 5]]), box("add", [[2, 2]], "operation")), "n5");
  assert.ok(conv);
  assert.equal(nodeAt(run(box("fc", [[3, 5]])), conv), null);
  assert.equal(nodeAt(run(box("conv", [[4, 4]])), conv), "n4");
  assert.equal(nodeAt(run(box("conv", [])), conv), null);
});

test("of operations with one name the same one of them is found", () => {
  const twins = [box("add", [[8, 8]], "operation"), box("add", [[2, 2]], "operation")];
  const second = standingOf(run(...twins), "n2");
  assert.ok(second);
  assert.equal(second.turn, 1);
  assert.equal(nodeAt(run(twins[0], box("add", [[4, 4]], "operation")), second), "n4");
  assert.equal(nodeAt(run(twins[0]), second), null);
});

test("another loss leaves what is looked at where it is, also a node that no box holds", () => {
  const seen = (/** @type {string} */ node) =>
    carried({ ...VIEW, node }, under(1), under(3), true).fields.node;
  assert.deepEqual(["n5", "n1", "n2"].map(seen), ["n7", "n3", "n4"]);
});

test("who steps stays at the node, and leaves the steps where it is gone", () => {
  const seen = carried({ ...VIEW, node: "n5", step: 3 }, under(1), under(3), true).fields;
  assert.deepEqual(seen, { node: "n7", step: 5, pins: "" });
  const gone = carried({ ...VIEW, node: "n0", step: 0 }, under(1), under(0), true).fields;
  assert.deepEqual(gone, { node: "", step: null, pins: "" });
});

test("pins follow their layers whoever made the choice, and those without one are named", () => {
  const pins = "n5g1s2c3,n1v,n0";
  const seen = carried({ ...VIEW, node: "n1", pins }, under(1), under(0), false);
  assert.deepEqual(seen, { fields: { pins: "n4g1s2c3,n0v" }, lost: ["loss"] });
});
