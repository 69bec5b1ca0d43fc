import assert from "node:assert/strict";
import { test } from "node:test";

import { align, ratioOf } from "../../../viz/front/beside/align.js";

/** @param {string} text names, each with its shape where that is not 4 */
const boxes = (text) =>
  text.split(" ").map((each) => {
    const [name, shape = "4"] = each.split(":");
    const kind = name === "input" || name === "loss" ? name : "layer";
    return { kind, name, shape };
  });

/**
 * @param {string} one
 * @param {string} other
 */
function aligned(one, other) {
  const [a, b] = [boxes(one), boxes(other)];
  const name = (/** @type {number | null} */ at, /** @type {typeof a} */ of) =>
    at === null ? "-" : of[at].name;
  return align(a, b).map((column) => `${name(column.a, a)}|${name(column.b, b)}`);
}

test("layers that are exchanged stand in the place of each other", () => {
  assert.deepEqual(
    aligned("input fc1 sigmoid1 fc2 sigmoid2 loss", "input fc1 relu1 fc2 relu2 loss"),
    ["input|input", "fc1|fc1", "sigmoid1|relu1", "fc2|fc2", "sigmoid2|relu2", "loss|loss"],
  );
});

test("where a layer is left out there is a gap, on whichever side", () => {
  const [all, without] = ["input fc1 relu1 fc2 relu2 loss", "input fc1 fc2 relu2 loss"];
  const columns = ["input|input", "fc1|fc1", "relu1|-", "fc2|fc2", "relu2|relu2", "loss|loss"];
  assert.deepEqual(aligned(all, without), columns);
  assert.deepEqual(
    aligned(without, all),
    columns.map((each) => each.split("|").reverse().join("|")),
  );
});

test("of several that could stand beside a layer the one of its shape does", () => {
  assert.deepEqual(aligned("input old:8 loss", "input new:2 same:8 loss"), [
    "input|input",
    "-|new",
    "old|same",
    "loss|loss",
  ]);
});

test("every box has one column, and the order stays, also of networks that share nothing", () => {
  const [a, b] = [boxes("input a:1 b:2 c:3 loss"), boxes("x:7 loss")];
  const columns = align(a, b);
  const places = (/** @type {"a" | "b"} */ side) =>
    columns.map((column) => column[side]).filter((at) => at !== null);
  assert.deepEqual(places("a"), [0, 1, 2, 3, 4]);
  assert.deepEqual(places("b"), [0, 1]);
  assert.equal(columns.length, 5);
});

test("a ratio says how many times as large B is, and nothing where there is nothing to say", () => {
  const of = (/** @type {string} */ state, peak = 0) => ({ state, peak });
  assert.equal(ratioOf(of("number", 2), of("number", 7)), 3.5);
  assert.equal(ratioOf(of("number", 2), of("zero")), 0);
  assert.equal(ratioOf(of("zero"), of("number", 1)), Infinity);
  assert.equal(ratioOf(of("zero"), of("zero")), null);
  assert.equal(ratioOf(of("not finite", NaN), of("number", 1)), null);
  assert.equal(ratioOf(of("number", 1), null), null);
});
