import assert from "node:assert/strict";
import { test } from "node:test";

import { nextEmpty, pastedNumbers, shade, stepOf } from "../../../viz/front/guess/answers.js";

test("numbers are pasted as a spreadsheet, Python or a list writes them", () => {
  for (const text of ["1\t-2.5\n3\t4", "[[1, -2.5],\n [3, 4]]", "1; -2.5; 3; 4", " 1 -2.5 3 4\n"]) {
    assert.deepEqual(pastedNumbers(text), ["1", "-2.5", "3", "4"], text);
  }
  assert.deepEqual(pastedNumbers("1,5"), ["1,5"]);
  assert.deepEqual(pastedNumbers("1,5 2"), ["1,5", "2"]);
});

test("Enter leads to the next empty cell, from the end to the beginning", () => {
  assert.equal(nextEmpty(["", "1", " ", "1"], 1), 2);
  assert.equal(nextEmpty(["", "1", "1", "1"], 1), 0);
  assert.equal(nextEmpty(["1", "", "1"], 1), 1);
  assert.equal(nextEmpty(["1", "1"], 0), null);
});

test("a number has the colour of its share of the largest one to paint with", () => {
  const palette = ["-2", "0.5", "1"];
  assert.deepEqual(shade("-2", palette), { sign: -1, percent: 100 });
  assert.deepEqual(shade("9", palette), { sign: 1, percent: 100 });
  assert.deepEqual(shade("1", palette), { sign: 1, percent: Math.round(100 * 0.5 ** 0.7) });
  for (const text of ["", " ", "0", "x", "1e999"]) {
    assert.deepEqual(shade(text, palette), { sign: 0, percent: 0 }, text);
  }
  assert.equal(shade("1", []).percent, 0);
});

test("an arrow leaves a cell only from the rim of its text, or where all of it is selected", () => {
  const inside = { columns: 3, from: 1, to: 1, length: 2 };
  const start = { columns: 3, from: 0, to: 0, length: 2 };
  const end = { columns: 3, from: 2, to: 2, length: 2 };
  const all = { columns: 3, from: 0, to: 2, length: 2 };
  const steps = (/** @type {typeof all} */ text, at = 4) =>
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => stepOf(key, { at, ...text }));
  assert.deepEqual(steps(inside), [0, 0, -3, 3]);
  assert.deepEqual(steps(start), [-1, 0, -3, 3]);
  assert.deepEqual(steps(end), [0, 1, -3, 3]);
  assert.deepEqual(steps(all), [-1, 1, -3, 3]);
  assert.deepEqual(steps(all, 3), [0, 1, -3, 3]);
  assert.deepEqual(steps(all, 5), [-1, 0, -3, 3]);
  assert.equal(stepOf("Home", { at: 4, ...all }), 0);
});
