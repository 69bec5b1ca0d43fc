import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BOX_LIMIT,
  merged,
  placeOf,
  WINDOW,
  windowAround,
} from "../../../viz/front/strip/window.js";

/** @import {StripBox} from "../../../viz/front/types.d.ts" */

const TEXT = { more: "… {count} more", say_more: "{count} more layers" };
const LENGTH = 2000;

/**
 * @param {string} kind
 * @param {string} layer
 * @param {[number, number][]} ranges
 * @returns {StripBox}
 */
function box(kind, layer, ranges) {
  const node = ranges.length ? `n${ranges[0][0]}` : "";
  const words = { name: layer, detail: "d", shape: "2", peak: "1", title: layer };
  return { kind, layer, node, ranges, share: 0.5, state: "number", ...words };
}

/**
 * A chain as Python sends it: the input first, which owns no node, and the loss, n0, last.
 * @param {number} length
 */
function chain(length) {
  const layers = Array.from({ length }, (_, index) =>
    box("layer", String(index), [[length - index, length - index]]),
  );
  return [box("input", "(input)", []), ...layers, box("loss", "(loss)", [[0, 0]])];
}

/**
 * @param {StripBox[]} boxes
 * @param {string} node
 */
function shown(boxes, node) {
  return windowAround(boxes, placeOf(boxes, node), TEXT);
}

for (const node of ["n0", "n1", "n2", "n700", "n1000", "n1999", "n2000"]) {
  test(`both ends, the box of ${node} and gaps that account for every other box are shown`, () => {
    const boxes = shown(chain(LENGTH), node);
    const gaps = boxes.filter(({ kind }) => kind === "gap");
    const held = gaps.map(({ ranges: [[low, high]] }) => high - low + 1);
    assert.ok(boxes.length <= WINDOW + 4);
    assert.deepEqual([boxes[0].kind, boxes.at(-1)?.kind], ["input", "loss"]);
    assert.equal(boxes[placeOf(boxes, node)].node, node);
    assert.notEqual(boxes[placeOf(boxes, node)].kind, "gap");
    assert.ok(gaps.every(({ ranges }) => ranges.length === 1));
    assert.equal(held.reduce((sum, count) => sum + count) + boxes.length - gaps.length, LENGTH + 2);
    assert.deepEqual(
      gaps.map(({ name, title }) => [name, title]),
      held.map((count) => {
        const words = count < 1000 ? `${count}` : `1,${String(count).slice(1)}`;
        return [`… ${words} more`, `${words} more layers`];
      }),
    );
  });
}

test("a gap leads to the nearest hidden layer and shows nothing of it", () => {
  const boxes = shown(chain(LENGTH), "n1000");
  const [left, right] = boxes.flatMap(({ kind }, place) => (kind === "gap" ? [place] : []));
  const [before, after] = [Number(boxes[left + 1].layer) - 1, Number(boxes[right - 1].layer) + 1];
  for (const [gap, layer] of [
    [boxes[left], before],
    [boxes[right], after],
  ]) {
    const { peak, share, state, detail, shape, node } = /** @type {StripBox} */ (gap);
    assert.equal(node, `n${LENGTH - Number(layer)}`);
    assert.deepEqual([peak, share, state, detail, shape], ["", 0, "none", "", ""]);
  }
});

test("a gap that is chosen opens the window around its box", () => {
  const all = chain(LENGTH);
  const gap = shown(all, "n1000").find(({ kind }) => kind === "gap");
  const boxes = shown(all, gap?.node ?? "");
  assert.equal(boxes[placeOf(boxes, gap?.node ?? "")].kind, "layer");
});

test("a neighbour of the chosen layer rarely moves the window", () => {
  const all = chain(500);
  const starts = all.slice(1, -1).map(({ node }) => shown(all, node)[2].name);
  const moves = starts.filter((start, place) => place && start !== starts[place - 1]);
  assert.ok(moves.length > 0);
  assert.ok(moves.length <= 500 / (WINDOW / 2));
});

test("as many boxes as fit are all shown, one more is not", () => {
  const fitting = chain(BOX_LIMIT - 2);
  assert.deepEqual(shown(fitting, "n3"), fitting);
  assert.ok(shown(chain(BOX_LIMIT - 1), "n3").length < BOX_LIMIT);
});

test("boxes that own no node stand in no range of their gap", () => {
  const all = chain(200);
  all.splice(1, 0, box("layer", "drop", []));
  const gap = shown(all, "n1").find(({ kind }) => kind === "gap");
  assert.equal(gap?.name, `… ${201 - WINDOW} more`);
  assert.deepEqual(gap?.ranges, [[WINDOW + 1, 200]]);
});

test("a node that no box holds has no place", () => {
  assert.equal(placeOf(chain(3), "n4"), -1);
  assert.equal(placeOf(chain(3), ""), -1);
  assert.equal(placeOf(chain(3), "n0"), 4);
});

test("ranges that touch or overlap are one", () => {
  /** @type {[number, number][]} */
  const ranges = [
    [7, 9],
    [1, 2],
    [3, 4],
    [8, 8],
    [6, 7],
  ];
  assert.deepEqual(merged(ranges), [
    [1, 4],
    [6, 9],
  ]);
  assert.deepEqual(ranges[0], [7, 9]);
});
