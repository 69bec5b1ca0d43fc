import assert from "node:assert/strict";
import { test } from "node:test";

import { cornerOf, layOut } from "../../../viz/front/maps/layout.js";
import { bringInSight } from "../../../viz/front/maps/sight.js";

/** @import {Stage, Subject, View} from "../../../viz/front/maps/types.d.ts" */

const KERNELS = { tiles: 72, rows: 3, columns: 3, across: 6, count: 648, start: 0 };
const SEEN = 243; // px

/**
 * A map of kernels of which only a part is seen, scrolled to its beginning.
 * @param {object} [more]
 */
function view(more = {}) {
  const spec = { ...KERNELS, shape: [12, 6, 3, 3], ...more };
  const layout = layOut(spec, 300);
  const seen = { width: layout.width, height: SEEN };
  const scroller = { scrollLeft: 0, scrollTop: 0 };
  const made = { spec, layout, seen, scroller, pinned: null };
  return /** @type {View} */ (/** @type {unknown} */ (made));
}

/**
 * @param {View[]} views
 * @param {number} k of the first of them, which is explained
 * @returns {Pick<Stage, "pointing" | "sighted" | "subject" | "views">}
 */
function stageOf(views, k) {
  return { pointing: undefined, subject: /** @type {Subject} */ ({ view: views[0], k }), views };
}

/**
 * @param {View} view
 * @param {number} k
 */
function isInSight(view, k) {
  const { y } = cornerOf(view, k);
  const top = y - view.scroller.scrollTop;
  return top >= 0 && top + view.layout.cell <= SEEN;
}

test("a map scrolls to the cell that is explained, and one of its size with it", () => {
  const views = [view(), view(), view({ shape: [72, 9], tiles: 1, rows: 72, columns: 9 })];
  const k = 500;
  assert.ok(!isInSight(views[0], k));
  bringInSight(stageOf(views, k), new Map());
  assert.ok(isInSight(views[0], k) && isInSight(views[1], k));
  assert.equal(views[2].scroller.scrollTop, 0);
});

test("another map scrolls to the first of the cells that belong to the explained one", () => {
  const views = [view(), view({ shape: [6, 12, 3, 3] })];
  bringInSight(stageOf(views, 4), new Map([[views[1], new Set([600, 601])]]));
  assert.ok(isInSight(views[1], 600));
});

test("who scrolls on afterwards, points or pins what is seen is left in peace", () => {
  const views = [view()];
  const stage = stageOf(views, 500);
  bringInSight(stage, new Map());
  views[0].scroller.scrollTop = 0;
  bringInSight(stage, new Map());
  assert.equal(views[0].scroller.scrollTop, 0);
  bringInSight({ ...stageOf(views, 620), pointing: views[0] }, new Map());
  views[0].pinned = 2;
  bringInSight(stageOf(views, 2), new Map());
  assert.equal(views[0].scroller.scrollTop, 0);
});

test("a map that was placed anew is scrolled anew", () => {
  const views = [view()];
  const stage = stageOf(views, 500);
  bringInSight(stage, new Map());
  views[0].scroller.scrollTop = 0;
  views[0].layout = { ...views[0].layout };
  bringInSight(stage, new Map());
  assert.ok(isInSight(views[0], 500));
});
