import assert from "node:assert/strict";
import { test } from "node:test";

import { line, Strokes } from "../../viz/front/paint/strokes.js";

/** @import {Canvas} from "../../viz/front/paint/types.d.ts" */

/**
 * Two rows of three cells of a tensor, from place 6 on.
 * @param {Partial<Canvas>} [fields]
 * @returns {Canvas}
 */
function canvas(fields) {
  const plane = { key: "input", start: 6, count: 6, rows: 2, columns: 3, origin: "", answered: 4 };
  const values = Float32Array.of(0, 1, 2, 3, 4, 5);
  const given = { values, original: values.slice(), edited: new Uint32Array(), ...fields };
  return /** @type {Canvas} */ ({ ...plane, ...given });
}

/**
 * @param {Strokes} strokes
 * @param {[number, number | null][]} changes
 */
function stroke(strokes, ...changes) {
  strokes.begin();
  for (const [k, value] of changes) strokes.touch(k, value);
  return strokes.finish();
}

test("a stroke is one step back, however often it came through a cell", () => {
  const strokes = new Strokes(canvas());
  assert.equal(stroke(strokes, [0, 7], [1, 7], [0, 8]), 2);
  assert.deepEqual([...strokes.values], [8, 7, 2, 3, 4, 5]);
  assert.ok(strokes.undo());
  assert.deepEqual([...strokes.values], [0, 1, 2, 3, 4, 5]);
  assert.equal(strokes.edited.size, 0);
  assert.equal(strokes.undo(), false);
  assert.ok(strokes.redo());
  assert.deepEqual([...strokes.values], [8, 7, 2, 3, 4, 5]);
  assert.deepEqual([...strokes.edited], [0, 1]);
  assert.equal(strokes.redo(), false);
});

test("a new stroke ends what could be made again", () => {
  const strokes = new Strokes(canvas());
  stroke(strokes, [0, 7]);
  strokes.undo();
  stroke(strokes, [1, 7]);
  assert.equal(strokes.redo(), false);
  assert.ok(strokes.undo());
  assert.equal(strokes.undo(), false);
});

test("200 strokes can be taken back and no more", () => {
  const strokes = new Strokes(canvas());
  for (let value = 1; value <= 201; value += 1) stroke(strokes, [0, value]);
  let undone = 0;
  while (strokes.undo()) undone += 1;
  assert.equal(undone, 200);
  assert.equal(strokes.values[0], 1);
});

test("a stroke that changes nothing is none, and a value counts as the single that it becomes", () => {
  const strokes = new Strokes(canvas());
  assert.equal(stroke(strokes, [3, 3]), 0);
  assert.equal(stroke(strokes, [3, null]), 0);
  assert.equal(strokes.undo(), false);
  stroke(strokes, [3, 0.1]);
  assert.equal(strokes.values[3], Math.fround(0.1));
  assert.equal(stroke(strokes, [3, 0.1]), 0);
});

test("a message names places of the whole tensor and holds all that is not answered", () => {
  const strokes = new Strokes(canvas());
  stroke(strokes, [0, 7], [1, 8]);
  stroke(strokes, [1, null], [5, -1]);
  const { serial, tensors } = strokes.message;
  assert.equal(serial, 6);
  assert.deepEqual(Object.fromEntries(tensors[0][1]), { 6: 7, 7: null, 11: -1 });
  assert.equal(tensors[0][0], "input");
  strokes.undo();
  assert.equal(strokes.message.serial, 7);
  assert.deepEqual(Object.fromEntries(strokes.message.tensors[0][1]), { 6: 7, 7: 8, 11: null });
});

test("what the server has not answered stays on top of what it says", () => {
  const strokes = new Strokes(canvas());
  stroke(strokes, [0, 7]);
  stroke(strokes, [1, 8]);
  const early = canvas({ answered: 5, values: Float32Array.of(7, 1, 2, 3, 4, 5) });
  assert.ok(strokes.receive({ ...early, edited: Uint32Array.of(0) }));
  assert.deepEqual([...strokes.values], [7, 8, 2, 3, 4, 5]);
  assert.equal(strokes.waiting.size, 1);
  strokes.receive(canvas({ answered: 6 })); // the server refused both
  assert.deepEqual([...strokes.values], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(strokes.message.tensors, []);
});

test("an answer in the middle of a stroke leaves its cells alone", () => {
  const strokes = new Strokes(canvas());
  strokes.begin();
  strokes.touch(2, 9);
  strokes.receive(canvas());
  assert.equal(strokes.values[2], 9);
  assert.equal(strokes.finish(), 1);
  strokes.undo();
  assert.equal(strokes.values[2], 2);
});

test("another plane ends a stroke, but what waits for its tensor is shown when it comes back", () => {
  const strokes = new Strokes(canvas());
  stroke(strokes, [0, 7]);
  strokes.begin();
  strokes.touch(2, 9);
  assert.equal(strokes.receive(canvas({ start: 0 })), false);
  assert.equal(strokes.stroke, null);
  assert.deepEqual([...strokes.values], [0, 1, 2, 3, 4, 5]); // place 6 is not on this plane
  strokes.receive(canvas());
  assert.deepEqual([...strokes.values], [7, 1, 2, 3, 4, 5]);
});

test("strokes of a tensor are forgotten when it changed by other means, those of others stay", () => {
  const strokes = new Strokes(canvas());
  strokes.receive(canvas());
  stroke(strokes, [0, 7]);
  strokes.receive(canvas({ key: "target", origin: "1" }));
  stroke(strokes, [0, 7]);
  strokes.receive(canvas({ key: "target", origin: "2", answered: 6 }));
  assert.equal(strokes.undo(), false);
  strokes.receive(canvas({ answered: 6 }));
  assert.ok(strokes.undo());
});

test("a quick stroke has no gaps and stays on the cells that there are", () => {
  const plane = { columns: 4, count: 10 };
  assert.deepEqual(line(plane, 0, 3), [0, 1, 2, 3]);
  assert.deepEqual(line(plane, 0, 5), [0, 5]);
  assert.deepEqual(new Set(line(plane, 9, 9)), new Set([9]));
  assert.deepEqual(line(plane, 9, 3), [9, 6, 3]);
  assert.deepEqual(line(plane, 7, 8), [7, 6, 9, 8]);
  assert.deepEqual(line(plane, 7, 9), [7, 9]); // a step up or down, half way: the lower row
});
