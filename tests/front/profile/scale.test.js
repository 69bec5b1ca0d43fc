import assert from "node:assert/strict";
import { test } from "node:test";

import {
  beyondOf,
  linesOf,
  marksOf,
  namedEvery,
  scaleOf,
} from "../../../viz/front/profile/scale.js";

const AXIS = { highest: 10, lowest: 1e-9, top: 10, floor: 110 };

test("every power of ten is as high as every other", () => {
  const scale = scaleOf(10, 1e-9, 10, 110);
  const heights = [10, 1, 0.1, 1e-9].map((value) => Math.round(scale(value)));
  assert.deepEqual(heights, [10, 20, 30, 110]);
});

test("what is off the axis stands at its edge, and zero, NaN and nothing look different", () => {
  const states = ["number", "number", "number", "zero", "not finite", "not asked"];
  const marks = marksOf([1, 50, 1e-12, 0, NaN, NaN], states, AXIS);
  assert.deepEqual(
    marks.map((mark) => mark && [Math.round(mark.y), mark.look]),
    [[20, "number"], [10, "above"], [110, "below"], [110, "zero"], [10, "odd"], null],
  );
});

test("lines join what a gradient flows between; those off the longest way are thin", () => {
  /** @type {[number, number, boolean][]} */
  const links = [
    [0, 1, false],
    [1, 2, true],
    [1, 3, true],
    [2, 3, true],
    [3, 4, true],
  ];
  const states = ["not asked", "number", "number", "number", "number"];
  const marks = marksOf([NaN, 1, 1, 1, 1], states, AXIS);
  assert.deepEqual(linesOf(links, [4, 3, 2, 1], marks), [
    { source: 1, target: 2, main: true },
    { source: 1, target: 3, main: false },
    { source: 2, target: 3, main: true },
    { source: 3, target: 4, main: true },
  ]);
  marks[2] = null; // not reached yet
  const left = linesOf(links, [4, 3, 2, 1], marks).map(({ source, target }) => [source, target]);
  assert.deepEqual(left, [
    [1, 3],
    [3, 4],
  ]);
});

test("so many names stand below as have room", () => {
  assert.deepEqual([namedEvery(202, 1000, 74), namedEvery(30, 1000, 74)], [20, 5]);
});

test("what is off the axis is known by where it stands and how far off it is", () => {
  const peaks = [1, 1e-12, 3e-14, 0, 50, 5e5];
  const states = peaks.map((peak) => (peak ? "number" : "zero"));
  const marks = marksOf(peaks, states, AXIS);
  const points = marks.map((mark, at) => ({ mark, peak: peaks[at], x: 10 * at, of: "" }));
  const [below, above] = [new Map([["", 3e-14]]), new Map([["", 5e5]])];
  assert.deepEqual(beyondOf(points, "below"), { from: 10, to: 20, farthest: below });
  assert.deepEqual(beyondOf(points, "above"), { from: 40, to: 50, farthest: above });
  assert.equal(beyondOf(points.slice(0, 1), "below"), null);
  assert.equal(beyondOf(points.slice(0, 4), "above"), null);
  const runs = points.map((point, at) => ({ ...point, of: at === 1 ? "A" : "B" }));
  const farthest = new Map(Object.entries({ A: 1e-12, B: 3e-14 }));
  assert.deepEqual(beyondOf(runs, "below")?.farthest, farthest);
});
