import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "../../../viz/front/strip/place.js";
import { firstAround, middle, sizesFor, WINDOW } from "../../../viz/front/strip/sizes.js";

test("seven boxes are large on a desk and say a little less on a projector", () => {
  assert.equal(sizesFor(7, 1100).kind, "large");
  assert.equal(sizesFor(7, 940).kind, "snug");
});

for (const [count, width, kind] of /** @type {[number, number, string][]} */ ([
  [12, 940, "medium"],
  [20, 940, "small"],
  [24, 1100, "small"],
])) {
  test(`${count} boxes are all in view at ${width} px, and do not touch`, () => {
    const sizes = sizesFor(count, width);
    assert.equal(sizes.kind, kind);
    assert.equal(sizes.windowed, false);
    assert.ok(sizes.box < sizes.column);
    assert.ok(sizes.gradient <= sizes.box - 8);
    assert.ok(middle(sizes, count - 1) + sizes.box / 2 <= width);
  });
}

test("of more than 24 boxes, or of fewer without room, seven are shown", () => {
  assert.deepEqual(
    [sizesFor(25, 1100), sizesFor(200, 940), sizesFor(20, 700)].map(({ shown }) => shown),
    [WINDOW, WINDOW, WINDOW],
  );
});

test("on a phone boxes keep their size and scroll", () => {
  const few = sizesFor(7, 366);
  assert.deepEqual([few.gutter, few.column, few.shown, few.windowed], [0, 104, 7, false]);
  assert.deepEqual([sizesFor(200, 366).shown, sizesFor(200, 366).windowed], [WINDOW, true]);
});

test("a window stays within the network", () => {
  const firsts = [0, 2, 3, 100, 197, 199].map((centre) => firstAround(200, 7, centre));
  assert.deepEqual(firsts, [0, 0, 0, 97, 193, 193]);
});

test("a node that no box holds has no place", () => {
  /** @type {{ranges: [number, number][]}[]} */
  const boxes = [{ ranges: [] }, { ranges: [[3, 4]] }, { ranges: [[0, 1]] }];
  assert.deepEqual(
    ["n4", "n0", "n2", ""].map((node) => placeOf(boxes, node)),
    [1, 2, -1, -1],
  );
});

test("in a room names of narrow boxes stand in two rows, and not those of wide ones", () => {
  const staggered = [20, 8].map((count) => sizesFor(count, 1400, true).staggered);
  assert.deepEqual(staggered, [true, false]);
  assert.equal(sizesFor(12, 940).staggered, false);
});
