import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange } from "../../../viz/front/editor/arrange.js";
import { movedTo } from "../../../viz/front/editor/picture.js";
import { scrolling } from "../../../viz/front/element.js";

/** @import {Box} from "../../../viz/front/editor/arrange.js" */

/**
 * @param {string} id
 * @param {string[]} reads
 * @returns {Box}
 */
function box(id, reads) {
  return {
    id,
    name: id,
    lines: ["Conv2d"],
    reads,
    shape: "2\u00d71\u00d728\u00d728",
    state: "works",
  };
}

test("a chain stands in one row, from left to right, with room for the shapes", () => {
  const { boxes, arrows, width } = arrange([box("a", []), box("b", ["a"]), box("c", ["b"])]);
  assert.equal(new Set(boxes.map(({ y }) => y)).size, 1);
  for (const [left, right] of [boxes.slice(0, 2), boxes.slice(1)]) {
    assert.ok(right.x - left.x - left.width >= 11 * 6);
  }
  assert.deepEqual(
    arrows.map(({ from, to }) => `${from} ${to}`),
    ["a b", "b c"],
  );
  assert.ok(width >= boxes[2].x + boxes[2].width);
});

test("no two boxes overlap, and branches stand above each other", () => {
  const { boxes } = arrange([box("a", []), box("b", ["a"]), box("c", ["a"]), box("d", ["b", "c"])]);
  const [, b, c] = boxes;
  assert.equal(b.x, c.x);
  assert.ok(c.y >= b.y + b.height);
});

test("what skips a layer passes above all boxes, each at a height of its own", () => {
  const { boxes, arrows } = arrange([
    box("a", []),
    box("b", ["a"]),
    box("c", ["b", "a"]),
    box("d", ["c", "a"]),
  ]);
  const top = Math.min(...boxes.map(({ y }) => y));
  const skipping = arrows.filter(({ path }) => path.includes("V"));
  assert.deepEqual(
    skipping.map(({ from, to }) => `${from} ${to}`),
    ["a c", "a d"],
  );
  const lanes = skipping.map(({ path }) => Number(/V([\d.]+)/.exec(path)?.[1]));
  assert.ok(lanes.every((lane) => lane >= 0 && lane < top));
  assert.notEqual(lanes[0], lanes[1]);
});

test("a layer that reads one below it, or itself, is drawn all the same", () => {
  const { boxes, arrows } = arrange([box("a", ["b"]), box("b", ["a"]), box("c", ["c"])]);
  assert.equal(boxes.length, 3);
  assert.equal(arrows.length, 3);
  assert.ok(boxes.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
});

test("a layer that is read twice gets one arrow", () => {
  assert.equal(arrange([box("a", []), box("b", ["a", "a"])]).arrows.length, 1);
});

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
  assert.equal(scrolling(100, 150, 0, 400, 48), 0);
  assert.equal(scrolling(20, 70, 0, 400, 48), -28);
  assert.equal(scrolling(340, 390, 0, 400, 48), 38);
});
