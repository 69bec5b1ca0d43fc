import assert from "node:assert/strict";
import { test } from "node:test";

import { clearPlace, crosses } from "../../../viz/front/profile/clear.js";

const NOTE = { x: 0, y: 50, width: 100, height: 12 };
const ROOM = { from: 0, to: 400 };
const line = (/** @type {number[]} */ ...[x1, y1, x2, y2]) => {
  return { from: { x: x1, y: y1 }, to: { x: x2, y: y2 } };
};

test("a note stands where it is wished if it is clear there, and always inside of its room", () => {
  assert.equal(clearPlace(NOTE, 120, ROOM, [], []), 120);
  assert.equal(clearPlace(NOTE, -20, ROOM, [], []), 0);
  assert.equal(clearPlace(NOTE, 380, ROOM, [], []), 300);
  assert.equal(
    clearPlace(NOTE, 120, ROOM, [{ ...NOTE, x: 120, y: 80 }], [line(0, 9, 400, 9)]),
    120,
  );
});

test("it goes aside for a badge and for a curve, as little as it must", () => {
  const badge = { x: 60, y: 45, width: 90, height: 16 };
  assert.equal(clearPlace(NOTE, 0, ROOM, [badge], []), 156);
  assert.equal(clearPlace(NOTE, 300, ROOM, [], [line(400, 0, 300, 100)]), 232);
  const everywhere = line(0, 56, 400, 56);
  assert.equal(clearPlace(NOTE, 0, ROOM, [badge], [everywhere]), 156);
});

test("a line crosses a box only where some of it is inside", () => {
  const across = [line(-10, 40, 110, 70), line(50, 0, 50, 99), line(10, 52, 20, 55)];
  assert.deepEqual(
    across.map((each) => crosses(NOTE, each)),
    [true, true, true],
  );
  const beside = [
    line(-10, 0, 110, 30),
    line(101, 0, 101, 99),
    line(0, 62, 9, 62),
    line(0, 0, 50, 49),
  ];
  assert.deepEqual(
    beside.map((each) => crosses(NOTE, each)),
    [false, false, false, false],
  );
});
