import assert from "node:assert/strict";
import { test } from "node:test";

import { Edits } from "../../../viz/front/paint/edits.js";
import { line, Strokes } from "../../../viz/front/paint/strokes.js";

/** @import {Canvas} from "../../../viz/front/paint/types.d.ts" */

/**
 * Two rows of three cells of a tensor, from place 6 on.
 * @param {Partial<Canvas>} [fields]
 * @returns {Canvas}
 */
function canvas(fields) {
  const plane = { key: "input", start: 6, count: 6, rows: 2, columns: 3, most: 8 };
  const original = Float32Array.of(0, 1, 2, 3, 4, 5);
  return /** @type {Canvas} */ ({ ...plane, original, ...fields });
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

/** @param {Strokes} strokes */
function shown(strokes) {
  strokes.lay();
  return [...strokes.values];
}

test("a stroke is one step back, however often it came through a cell", () => {
  const edits = new Edits();
  const strokes = new Strokes(canvas(), edits);
  assert.equal(stroke(strokes, [0, 7], [1, 7], [0, 8]), 2);
  assert.deepEqual(shown(strokes), [8, 7, 2, 3, 4, 5]);
  assert.ok(edits.go("input", "undo"));
  assert.deepEqual(shown(strokes), [0, 1, 2, 3, 4, 5]);
  assert.equal(strokes.edited.size, 0);
  assert.ok(edits.go("input", "redo"));
  assert.deepEqual(shown(strokes), [8, 7, 2, 3, 4, 5]);
  assert.deepEqual([...strokes.edited], [0, 1]);
});

test("a stroke that changes nothing is none, and a value counts as the single that it becomes", () => {
  const edits = new Edits();
  const strokes = new Strokes(canvas(), edits);
  assert.equal(stroke(strokes, [3, 3]), 0);
  assert.equal(stroke(strokes, [3, null]), 0);
  assert.equal(edits.go("input", "undo"), false);
  stroke(strokes, [3, 0.1]);
  assert.equal(strokes.values[3], Math.fround(0.1));
  assert.equal(stroke(strokes, [3, 0.1]), 0);
});

test("changes are kept by their place in the whole tensor", () => {
  const edits = new Edits();
  const strokes = new Strokes(canvas(), edits);
  stroke(strokes, [0, 7], [1, 8]);
  stroke(strokes, [1, null], [5, -1]);
  assert.deepEqual(edits.plain, {
    input: [
      [6, 7],
      [11, -1],
    ],
  });
});

test("a stroke that changes too many cells is refused as a whole", () => {
  const edits = new Edits({
    bias: [
      [0, 1],
      [1, 1],
    ],
  });
  const strokes = new Strokes(canvas({ most: 4 }), edits);
  assert.equal(stroke(strokes, [0, 7], [1, 7], [2, 7]), null);
  assert.deepEqual([...strokes.values], [0, 1, 2, 3, 4, 5]);
  assert.equal(edits.count, 2);
  assert.equal(stroke(strokes, [0, 7], [1, 7]), 2);
  assert.equal(stroke(strokes, [0, 8], [1, null]), 2);
});

test("a plane that is told anew in the middle of a stroke leaves its cells alone", () => {
  const strokes = new Strokes(canvas(), new Edits());
  strokes.begin();
  strokes.touch(2, 9);
  strokes.receive(canvas());
  assert.equal(strokes.values[2], 9);
  assert.equal(strokes.finish(), 1);
});

test("another plane ends a stroke and shows its own changes only", () => {
  const strokes = new Strokes(canvas(), new Edits());
  stroke(strokes, [0, 7]);
  strokes.begin();
  strokes.touch(2, 9);
  assert.equal(strokes.receive(canvas({ start: 0 })), false);
  assert.equal(strokes.stroke, null);
  assert.deepEqual([...strokes.values], [0, 1, 2, 3, 4, 5]); // place 6 is not on this plane
  strokes.receive(canvas());
  assert.deepEqual([...strokes.values], [7, 1, 2, 3, 4, 5]);
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
