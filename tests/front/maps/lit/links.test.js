import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addUp,
  largest,
  offsetOf,
  reachOf,
  rowOf,
  subjectOf,
  summedCell,
  sumOf,
  transposed,
} from "../../../../viz/front/maps/lit/links.js";

/** @import {Floats, Link} from "../../../../viz/front/types.d.ts" */
/** @import {Drawn, Stage, View} from "../../../../viz/front/maps/types.d.ts" */

const CONSTANT = 2 ** 32 - 1;

/**
 * A link of "down", whose terms are given row by row: [place, coefficient].
 * @param {[number, [number, number][]][]} rows
 * @param {Partial<Link>} [more]
 */
function linkOf(rows, more = {}) {
  const terms = rows.flatMap(([, row]) => row);
  const ends = rows.map((_, at) => rows.slice(0, at + 1).reduce((n, [, row]) => n + row.length, 0));
  const link = {
    from: "down",
    to: "up",
    adds: true,
    large: false,
    function: "",
    words: {},
    tap: null,
    rounding: 16 * 2 ** -24,
    slack: 0,
    names: [],
    notes: [],
    undrawn: null,
    cells: Uint32Array.from(rows, ([cell]) => cell),
    offsets: Uint32Array.of(0, ...ends),
    places: Uint32Array.from(terms, ([place]) => place),
    coefficients: Float32Array.from(terms, ([, coefficient]) => coefficient),
    hidden: new Uint32Array(),
    hidden_values: new Float32Array(),
    ...more,
  };
  return /** @type {Link} */ (link);
}

/**
 * @param {string} key
 * @param {Floats} values
 * @returns {View}
 */
function viewOf(key, values) {
  const { length: count } = values;
  /** @type {Partial<Drawn>} */
  const spec = { key, title: key, shape: [count], start: 0, count, values };
  /** @type {Partial<View>} */
  const view = { spec: /** @type {Drawn} */ (spec) };
  return /** @type {View} */ (view);
}

/**
 * Two maps; what is recorded and summed.
 * @param {Floats} down
 * @param {Floats} up
 */
function mapsOf(down, up) {
  const views = { down: viewOf("down", down), up: viewOf("up", up) };
  return { ...views, known: { byKey: new Map(Object.entries(views)) } };
}

test("the row of a cell is found by its number, and a cell without a row has none", () => {
  const link = { cells: Uint32Array.of(2, 3, 5, 8, 13) };
  for (const [row, k] of [2, 3, 5, 8, 13].entries()) assert.equal(rowOf(link, k), row);
  for (const k of [0, 4, 7, 14]) assert.equal(rowOf(link, k), -1);
  assert.equal(rowOf({ cells: new Uint32Array() }, 0), -1);
});

test("an index is found among the cells on screen, which may begin inside the array", () => {
  const { spec } = viewOf("a", new Float32Array(12));
  assert.equal(offsetOf({ ...spec, shape: [2, 3, 4], start: 12 }, [1, 1, 2]), 6);
  assert.equal(offsetOf({ ...spec, shape: [2, 3, 4], start: 12 }, [0, 2, 3]), -1);
});

test("float32 terms are added one after the other and rounded after every step", () => {
  // 2^24 + 1 is no float32: it rounds to 2^24, so that both ones are lost in this order only.
  const [first, ones] = [2 ** 24, [1, 1]];
  const up = Float32Array.of(first, ...ones);
  const { down, known } = mapsOf(Float32Array.of(first, first + 2), up);
  const links = [
    linkOf([
      [
        0,
        [
          [0, 1],
          [1, 1],
          [2, 1],
        ],
      ],
      [
        1,
        [
          [1, 1],
          [2, 1],
          [0, 1],
        ],
      ],
    ]),
  ];
  assert.equal(sumOf(known, { view: down, k: 0, links })?.total, 16777216);
  assert.equal(sumOf(known, { view: down, k: 1, links })?.total, 16777218);
});

test("a float32 product is rounded before it is added, and a float64 one is not", () => {
  // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24 lies halfway between two float32s: the even 1 + 2^-11 is
  // taken, and once more when 2^-12 * 2^-12 is added to it.
  const [one, small] = [1 + 2 ** -12, 2 ** -12];
  const link = linkOf([
    [
      0,
      [
        [0, one],
        [1, small],
      ],
    ],
  ]);
  const single = mapsOf(new Float32Array(1), Float32Array.of(one, small));
  const sum = sumOf(single.known, { view: single.down, k: 0, links: [link] });
  assert.deepEqual([sum?.total, sum?.single], [1 + 2 ** -11, true]);
  const double = mapsOf(new Float64Array(1), Float64Array.of(one, small));
  const exact = sumOf(double.known, { view: double.down, k: 0, links: [link] });
  assert.deepEqual([exact?.total, exact?.single], [1 + 2 ** -11 + 2 ** -23, false]);
});

test("constants and cells that are not shown are summed, in the order of the links", () => {
  const { down, up, known } = mapsOf(Float32Array.of(0, 27.5), Float32Array.of(2, 3));
  up.spec.shape = [8, 8];
  const hidden = { hidden: Uint32Array.of(40), hidden_values: Float32Array.of(5) };
  const first = linkOf(
    [
      [
        1,
        [
          [1, 4],
          [2, 3],
        ],
      ],
    ],
    hidden,
  );
  const second = linkOf([[1, [[CONSTANT, 0.5]]]]);
  const sum = sumOf(known, { view: down, k: 1, links: [first, second] });
  assert.deepEqual(
    sum?.terms.map(({ value, product }) => [value, product]),
    [
      [3, 12],
      [5, 15],
      [1, 0.5],
    ],
  );
  assert.deepEqual([sum?.total, sum?.agrees, sum?.difference], [27.5, true, 0]);
  assert.deepEqual(
    sum?.terms.map((term) => summedCell(known, term)),
    [{ title: "up", index: [0, 1] }, { title: "up", index: [5, 0] }, null],
  );
  assert.equal(sumOf(known, { view: down, k: 0, links: [first, second] }), null);
});

test("a difference agrees up to rounding * sqrt(terms + 4) * sum of magnitudes, plus slack", () => {
  // Five terms of magnitude 1 with signs: sqrt(9) * 5 * 2^-10 = 15/1024, though the total is 1.
  const up = Float64Array.of(1, -1, 1, -1, 1);
  const terms = /** @type {[number, number][]} */ ([0, 1, 2, 3, 4].map((place) => [place, 1]));
  const link = linkOf([[0, terms]], { rounding: 2 ** -10 });
  for (const [off, slack, agrees] of /** @type {[number, number, boolean][]} */ ([
    [15 / 1024, 0, true],
    [15.001 / 1024, 0, false],
    [15.001 / 1024, 1e-5, true],
    [Number.NaN, 1, false],
  ])) {
    const { down, known } = mapsOf(Float64Array.of(1 + off), up);
    const sum = sumOf(known, { view: down, k: 0, links: [{ ...link, slack }] });
    assert.equal(sum?.agrees, agrees, `off by ${off}, slack ${slack}`);
  }
});

test("of terms that cancel so little may be left that it is rounding", () => {
  const terms = /** @type {[number, number][]} */ ([0, 1, 2, 3].map((place) => [place, 1]));
  const link = linkOf([[0, terms]], { rounding: 2 ** -10 });
  for (const [rest, cancels] of /** @type {[number, boolean][]} */ ([
    [0, false],
    [2 ** -10, true],
    [0.5, false],
  ])) {
    const { down, known } = mapsOf(Float64Array.of(rest), Float64Array.of(1, -1, 1, rest - 1));
    assert.equal(sumOf(known, { view: down, k: 0, links: [link] })?.cancels, cancels, `${rest}`);
  }
});

test("NaN and infinity agree with themselves and with nothing else", () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const link = linkOf([[0, [[0, 1]]]]);
  for (const summed of [nan, infinity, -infinity, 1]) {
    for (const recorded of [nan, infinity, -infinity, 1]) {
      const { down, known } = mapsOf(Float32Array.of(recorded), Float32Array.of(summed));
      const sum = sumOf(known, { view: down, k: 0, links: [link] });
      assert.equal(sum?.agrees, Object.is(summed, recorded), `${summed} for ${recorded}`);
    }
  }
});

test("what a cell feeds is every row in which it stands", () => {
  const rows = /** @type {[number, [number, number][]][]} */ ([
    [
      0,
      [
        [1, 10],
        [0, 20],
      ],
    ],
    [
      2,
      [
        [1, 30],
        [3, 40],
        [CONSTANT, 50],
      ],
    ],
    [3, [[1, 60]]],
  ]);
  const link = linkOf(rows);
  const { up } = mapsOf(new Float32Array(4), Float32Array.of(7, 8, 9)); // slot 3 is not shown
  for (let k = 0; k < 3; k += 1) {
    const expected = rows.flatMap(([cell, row]) =>
      row.filter(([place]) => place === k).map(([, coefficient]) => [cell, coefficient]),
    );
    const reach = reachOf({ view: up, k, links: [link] });
    const found = reach?.terms.map(({ cell, at }) => [cell, link.coefficients[at]]);
    assert.deepEqual([found, reach?.value], [expected, 7 + k]);
  }
  assert.equal(transposed(link, 3), transposed(link, 3)); // made once
});

test("an answer of the server explains its own cell and no other", () => {
  const { down, up, known } = mapsOf(Float32Array.of(1, 2), Float32Array.of(1, 2));
  const links = [linkOf([], { large: true, words: { hint: "Click" } })];
  const answered = linkOf([[1, [[1, 1]]]]);
  const answer = { map: "down", index: [1], note: "Said so.", links: [answered] };
  const packet = /** @type {Stage["packet"]} */ ({ ...{ links, answer } });
  const words = /** @type {Stage["words"]} */ ({
    ...{ maps: {}, sum: { hint: "Point", pinned: "pinned" } },
  });
  const stage = /** @type {Stage} */ ({ ...known, packet, words });
  const subject = subjectOf(stage, down, 1);
  assert.deepEqual([subject?.kind, subject?.note], ["sum", "Said so."]);
  assert.deepEqual(subjectOf(stage, down, 0)?.words, { hint: "Click", pinned: "pinned" });
  assert.deepEqual(
    [subjectOf(stage, down, 0)?.kind, subjectOf(stage, up, 1)?.kind],
    ["large", "large"],
  );
  packet.answer = { ...answer, links };
  assert.equal(subjectOf(stage, down, 1)?.kind, "too large");
  packet.answer = { ...answer, links: [] };
  assert.equal(subjectOf(stage, down, 1)?.kind, "note");
});

test("of too many terms the largest stand first, and what is no number before all", () => {
  const { down, known } = mapsOf(new Float32Array(1), Float32Array.of(1, -5, Number.NaN, 3, -3));
  const row = /** @type {[number, number][]} */ ([0, 1, 2, 3, 4].map((place) => [place, 1]));
  const terms = sumOf(known, { view: down, k: 0, links: [linkOf([[0, row]])] })?.terms ?? [];
  const { shown, rest } = largest(terms, 3, ({ product }) => product);
  assert.deepEqual(
    [shown, rest].map((each) => each.map(({ at }) => at)),
    [
      [2, 1, 3],
      [0, 4],
    ],
  );
  assert.equal(addUp(rest, Math.fround), -2);
  assert.equal(addUp([], Math.fround), 0);
});
