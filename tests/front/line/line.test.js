import assert from "node:assert/strict";
import { test } from "node:test";

import { frameOf, nearest, scale } from "../../../viz/front/line/frame.js";
import { looksOf } from "../../../viz/front/line/looks.js";
import { keyTo } from "../../../viz/front/line/marker.js";
import { linePath, stepsPath } from "../../../viz/front/line/paths.js";
import { pieces, plain } from "../../../viz/front/line/said.js";

/** @import {AxisData, CurveData, LineData} from "../../../viz/front/line/types.d.ts" */

const TEN = { x: scale({ low: 0, high: 10 }, 0, 100), y: scale({ low: 0, high: 10 }, 100, 0) };

/** @param {string} title @returns {AxisData} */
const axis = (title) => ({ title, low: 0, high: 1, ticks: [{ at: 0, text: "0.0" }] });

/** @type {LineData} */
const DATA = {
  title: "",
  height: 200,
  axes: [axis("x"), axis("y")],
  curves: [],
  bar: 0,
  value: 0,
  heard: null,
  moving: null,
};

test("a number stands as far along its axis as it is between the ends", () => {
  const down = scale({ low: -1, high: 3 }, 200, 100);
  assert.deepEqual([-1, 0, 3].map(down), [200, 175, 100]);
});

test("the axes leave room for their texts, and a phone has a lower picture", () => {
  const frame = frameOf(DATA, 600, 10);
  assert.equal(frame.height, 200);
  assert.ok(frame.left > 3 * 0.6 * 10);
  assert.ok(frame.bottom < 200 - 2 * 10);
  assert.deepEqual([frame.x(0), frame.x(1)], [frame.left, frame.right]);
  assert.deepEqual([frame.y(0), frame.y(1)], [frame.bottom, frame.top]);
  assert.equal(frameOf(DATA, 390, 10).height, 170);
});

test("a point with another name than the axis has a line of its own for it", () => {
  const moving = { places: [0], said: [""], values: [], follows: [], label: "x" };
  const same = frameOf({ ...DATA, moving }, 600, 10);
  assert.equal(same.bottom, frameOf(DATA, 600, 10).bottom);
  const other = frameOf({ ...DATA, moving: { ...moving, label: "t" } }, 600, 10);
  assert.ok(other.bottom < same.bottom - 10);
});

test("the nearest place is found between unequal places, and past both ends", () => {
  const places = [0, 10, 40];
  assert.deepEqual(
    [-99, 4, 5, 6, 24, 26, 99].map((px) => nearest(places, px)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test("a line goes from point to point and has a gap where a number is missing", () => {
  assert.equal(
    linePath(
      [
        [0, 0],
        [5, 10],
        [6, null],
        [10, 5],
      ],
      TEN,
    ),
    "M0 100h0L50 0M100 50h0",
  );
});

test("steps hold their value up to the next x", () => {
  assert.equal(
    stepsPath(
      [
        [0, 0],
        [5, 10],
        [10, 10],
      ],
      TEN,
    ),
    "M0 100h0H50V0H100V0",
  );
});

test("no two curves look alike without colour, and what is to be dashed is", () => {
  /** @type {Pick<CurveData, "kind" | "dashed">[]} */
  const curves = [
    { kind: "line", dashed: false },
    { kind: "steps", dashed: false },
    { kind: "line", dashed: true },
    { kind: "dots", dashed: false },
    { kind: "dots", dashed: false },
    { kind: "bars", dashed: false },
  ];
  const looks = looksOf(curves);
  assert.deepEqual(
    looks.map(({ pattern }) => pattern),
    ["solid", "dotted", "dashed", "circle", "square", "full"],
  );
  assert.equal(new Set(looks.slice(0, 5).map(({ colour }) => colour)).size, 5);
});

test("arrow keys step within the places, with Shift by a tenth, and other keys are left", () => {
  /** @param {string} key @param {number} at */
  const key = (key, at, shiftKey = false) => keyTo({ key, shiftKey }, at, 101);
  assert.equal(key("ArrowRight", 37), 38);
  assert.equal(key("ArrowUp", 37), 38);
  assert.equal(key("ArrowLeft", 37), 36);
  assert.equal(key("ArrowDown", 37), 36);
  assert.equal(key("ArrowRight", 37, true), 47);
  assert.equal(key("ArrowRight", 100), 100);
  assert.equal(key("ArrowLeft", 3, true), 0);
  assert.equal(keyTo({ key: "ArrowRight", shiftKey: true }, 1, 4), 2);
  for (const other of ["Home", "End", "PageUp", "PageDown"]) assert.equal(key(other, 37), null);
});

test("bold and code are told apart from the rest, which stays as it is", () => {
  assert.deepEqual(pieces("a **b c** = `d * e`, <i> * f"), [
    { tag: "span", text: "a " },
    { tag: "strong", text: "b c" },
    { tag: "span", text: " = " },
    { tag: "code", text: "d * e" },
    { tag: "span", text: ", <i> * f" },
  ]);
  assert.equal(plain("**13.7** = `a` * b"), "13.7 = a * b");
  assert.deepEqual(pieces(""), []);
});
