import assert from "node:assert/strict";
import { test } from "node:test";

import { lit, litEntries, partnersOf, saidOf } from "../../../../viz/front/maps/lit/lights.js";

/** @import {Entry, Stage, View} from "../../../../viz/front/maps/types.d.ts" */

const SHAPES = { x: [2], matrix: [4, 2], y: [4] };
const EVERY = [0, 1, 2, 3, 4, 5, 6, 7];

/** Entry (i, j) of a 4x2 matrix with output i, and with input j. */
const LIGHTS = [
  { to: "y", places: EVERY.map((k) => Math.floor(k / 2)) },
  { to: "x", places: EVERY.map((k) => k % 2) },
].map(({ to, places }) => ({
  from: "matrix",
  to,
  cells: Uint32Array.from(EVERY),
  places: Uint32Array.from(places),
}));

const ENTRIES = /** @type {Entry[]} */ ([
  { map: "y", cells: [1] },
  { map: "matrix", cells: [2, 3] },
  { map: "x", cells: [1] },
]);

/**
 * A matrix with its input and its output; one cell is pointed at.
 * @param {keyof typeof SHAPES} [key]
 * @param {number} [k]
 * @param {Partial<Stage>} [more]
 */
function stageOf(key, k = 0, more = {}) {
  const views = Object.entries(SHAPES).map(([name, shape]) => {
    const values = Float32Array.from(EVERY.slice(0, shape[0] * (shape[1] ?? 1)), (at) => at / 4);
    const spec = { key: name, title: name, shape, start: 0, count: values.length, values };
    return { spec, pinned: null, hovered: name === key ? k : null };
  });
  const stage = {
    views,
    byKey: new Map(views.map((view) => [view.spec.key, view])),
    pointing: views.find(({ hovered }) => hovered !== null),
    packet: { lights: LIGHTS, links: [] },
    words: { sum: { more_cells: "and {count} more" } },
    subject: null,
    entries: ENTRIES,
    entry: { hovered: null, held: null },
    ...more,
  };
  return /** @type {Stage} */ (/** @type {unknown} */ (stage));
}

/** @param {Map<View, Set<number>>} found */
const cellsOf = (found) =>
  Object.fromEntries([...found].map(([view, cells]) => [view.spec.key, [...cells]]));

test("an entry of a matrix belongs to its output and its input, and they to its row and column", () => {
  for (const k of EVERY) {
    const partners = partnersOf(LIGHTS, "matrix", k);
    assert.deepEqual(partners, [
      ["y", Math.floor(k / 2)],
      ["x", k % 2],
    ]);
  }
  assert.deepEqual(
    partnersOf(LIGHTS, "y", 2).map(([, k]) => k),
    [4, 5],
  );
  assert.deepEqual(
    partnersOf(LIGHTS, "x", 1).map(([, k]) => k),
    [1, 3, 5, 7],
  );
});

test("the partners of the cell that is pointed at light up without a sum", () => {
  assert.deepEqual(cellsOf(lit(stageOf("matrix", 5))), { y: [2], x: [1] });
  assert.deepEqual(cellsOf(lit(stageOf("x", 0))), { matrix: [0, 2, 4, 6] });
  assert.deepEqual(cellsOf(lit(stageOf())), {});
});

test("what is pinned counts before what is pointed at", () => {
  const stage = stageOf("x", 0);
  stage.views[2].pinned = 3;
  assert.deepEqual(cellsOf(lit(stage)), { matrix: [6, 7] });
});

test("the partners are added to the cells of a sum", () => {
  const stage = stageOf("y", 1);
  const link = { to: "x", places: Uint32Array.of(0, 1), tap: null, undrawn: null };
  const terms = [0, 1].map((at) => ({ link, at }));
  const subject = { view: stage.views[2], k: 1, kind: "sum", terms };
  stage.subject = /** @type {Stage["subject"]} */ (/** @type {unknown} */ (subject));
  assert.deepEqual(cellsOf(lit(stage)), { x: [0, 1], matrix: [2, 3] });
  assert.equal(saidOf(stage, lit(stage)), null); // the sum is said
});

test("without such pairs nothing lights up, and nothing is said", () => {
  const stage = stageOf("matrix", 5, { entries: [] });
  stage.packet = { ...stage.packet, lights: undefined };
  assert.deepEqual(cellsOf(lit(stage)), {});
  assert.equal(saidOf(stage, lit(stage)), null);
});

test("an entry of a table lights its own cells alone, by mouse before by focus", () => {
  const [held, hovered] = ENTRIES;
  const stage = stageOf(undefined, 0, { entry: { hovered, held } });
  assert.deepEqual(cellsOf(lit(stage)), { matrix: [2, 3] });
  assert.deepEqual(litEntries(stage), [hovered]);
  stage.entry = { hovered: null, held };
  assert.deepEqual(cellsOf(lit(stage)), { y: [1] });
});

test("whoever points at a map has left the entry that holds the focus", () => {
  const stage = stageOf("matrix", 3, { entry: { hovered: null, held: ENTRIES[0] } });
  assert.deepEqual(cellsOf(lit(stage)), { y: [1], x: [1] });
});

test("the entries that stand for a cell light up with it", () => {
  assert.deepEqual(litEntries(stageOf("matrix", 3)), [ENTRIES[1]]);
  assert.deepEqual(litEntries(stageOf("y", 1)), [ENTRIES[0]]);
  assert.deepEqual(litEntries(stageOf("y", 2)), []);
  assert.deepEqual(litEntries(stageOf()), []);
});

test("a screen reader hears which cells belong together", () => {
  const stage = stageOf("matrix", 5);
  assert.deepEqual(saidOf(stage, lit(stage)), ["matrix [2,1] = 1.25", "y [2]", "x [1]"]);
  const entry = { hovered: null, held: ENTRIES[1] };
  const held = stageOf(undefined, 0, { entry });
  assert.deepEqual(saidOf(held, lit(held)), ["matrix [1,0], [1,1]"]);
  assert.deepEqual(saidOf(stageOf(), new Map()), []);
});

test("of many cells the first are said, and how many more there are", () => {
  const entry = { hovered: /** @type {Entry} */ ({ map: "matrix", cells: EVERY }), held: null };
  const stage = stageOf(undefined, 0, { entry });
  const first = "[0,0], [0,1], [1,0], [1,1], [2,0], [2,1]";
  assert.deepEqual(saidOf(stage, lit(stage)), [`matrix ${first} and 2 more`]);
});
