import assert from "node:assert/strict";
import { test } from "node:test";

import { longest, Walk } from "../../../viz/front/graph/walk.js";

// A residual block: in -> a -> b -> out, in -> out beside it, and a leaf at b.
const PLACES = new Map([
  ["in", { x: 0, y: 0 }],
  ["a", { x: 50, y: 20 }],
  ["leaf", { x: 10, y: 21 }],
  ["b", { x: 50, y: 40 }],
  ["out", { x: 0, y: 60 }],
]);
/** @type {[string, string][]} */
const LINES = [
  ["in", "out"],
  ["in", "a"],
  ["a", "b"],
  ["leaf", "b"],
  ["b", "out"],
];
const walk = new Walk(PLACES, LINES);

/**
 * @param {string} key
 * @param {string} from
 * @param {Walk} [way]
 */
function path(key, from, way = walk) {
  const found = [];
  /** @type {string | undefined} */
  let id = from;
  while ((id = way.step(id, key))) found.push(id);
  return found;
}

test("Down and Up follow the longest way, not the short cut", () => {
  assert.deepEqual(path("ArrowDown", "in"), ["a", "b", "out"]);
  assert.deepEqual(path("ArrowUp", "out"), ["b", "a", "in"]);
});

test("of ways of one length the nearest box is taken, on either side", () => {
  const fork = ["left", "right"];
  for (const x of [-10, 10]) {
    const places = new Map([
      ["top", { x, y: 0 }],
      ["left", { x: -30, y: 20 }],
      ["right", { x: 30, y: 20 }],
    ]);
    const way = new Walk(
      places,
      fork.map((id) => ["top", id]),
    );
    assert.equal(way.step("top", "ArrowDown"), x < 0 ? "left" : "right");
  }
});

test("Left and Right go to the nearest box of the row", () => {
  const places = new Map([["other row", { x: 31, y: 15 }]]);
  for (const index of [2, 0, 3, 1]) places.set(`r${index}`, { x: index * 30, y: 9 });
  const way = new Walk(places, []);
  assert.deepEqual(path("ArrowRight", "r0", way), ["r1", "r2", "r3"]);
  assert.deepEqual(path("ArrowLeft", "r3", way), ["r2", "r1", "r0"]);
  assert.equal(way.step("other row", "ArrowRight"), undefined);
});

test("boxes that stand almost in one row are beside each other", () => {
  assert.equal(walk.step("a", "ArrowLeft"), "leaf");
  assert.equal(walk.step("leaf", "ArrowRight"), "a");
});

test("at an end, and from a box that nobody drew, no key leads on", () => {
  assert.equal(walk.step("out", "ArrowDown"), undefined);
  assert.equal(walk.step("in", "ArrowUp"), undefined);
  assert.equal(walk.step("gone", "ArrowDown"), undefined);
});

test("lines to boxes that were not drawn are left out", () => {
  const way = new Walk(PLACES, [...LINES, ["out", "gone"], ["gone", "in"]]);
  assert.equal(way.step("out", "ArrowDown"), undefined);
  assert.equal(way.step("in", "ArrowUp"), undefined);
});

test("the longest path is counted in boxes, the same as by recursion", () => {
  let random = 1;
  const next = () => (random = (random * 48271) % 2147483647);
  const ids = Array.from({ length: 40 }, (_, index) => String(index));
  const ways = new Map(
    ids.map((id, index) => [id, ids.slice(index + 1).filter(() => next() % 6 === 0)]),
  );
  /** @type {(id: string) => number} */
  const recursive = (id) => 1 + Math.max(0, ...(ways.get(id) ?? []).map(recursive));
  assert.deepEqual(longest(ways), new Map(ids.map((id) => [id, recursive(id)])));
});

test("a chain of 20,000 boxes does not exhaust the stack", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => index);
  const ways = new Map(ids.map((id) => [String(id), id + 1 < ids.length ? [String(id + 1)] : []]));
  assert.equal(longest(ways).get("0"), 20_000);
});

test("boxes in a circle have an end too", () => {
  const ways = new Map([
    ["a", ["b"]],
    ["b", ["a"]],
  ]);
  assert.equal(longest(ways).get("b"), 1);
});
