import assert from "node:assert/strict";
import { test } from "node:test";

import { minus, pageOf, sourceOf } from "../../../viz/front/beside/difference.js";

const words = {
  map_a: "A: {title}",
  map_b: "B: {title}",
  map_minus: "B - A",
  no_layer: "none in B",
  no_difference: "no difference",
  other_shape: "{a} and {b}",
  cell_by_cell: "cell by cell",
};

/**
 * @param {string} key
 * @param {number[]} values
 * @param {number[]} [shape]
 */
const map = (key, values, shape = [values.length]) =>
  /** @type {any} */ ({
    ...{ key, title: key, subtitle: "", missing: "", group: "gradient", shape },
    values: Float32Array.from(values),
  });

/** @param {any[][]} rows */
const page = (...rows) => /** @type {any} */ ({ rows, between: ["times w"], arrow: "backward" });

test("what arrives comes first, and beside both stands B minus A in their own precision", () => {
  const a = page([map("downstream", [1]), map("upstream", [0.1, 2])]);
  const b = page([map("downstream", [4]), map("upstream", [0.3, -2])]);
  const { rows, between, arrow } = pageOf(a, b, "gradient", "shared", words);
  assert.deepEqual(
    rows.map((row) => row.map(({ key }) => key)),
    [
      ["a:upstream", "b:upstream", "minus:upstream"],
      ["a:downstream", "b:downstream", "minus:downstream"],
    ],
  );
  const [first, second] = [0.3, 0.1].map(Math.fround);
  assert.deepEqual([...(rows[0][2].values ?? [])], [Math.fround(first - second), -4]);
  assert.deepEqual([between, arrow], [[], ""]);
  assert.deepEqual(new Set(rows[0].map(({ group }) => group)).size, 1);
});

test("on scales of their own no two maps are written alike", () => {
  const a = page([map("upstream", [1])]);
  const [row] = pageOf(a, a, "gradient", "own", words).rows;
  assert.equal(new Set(row.map(({ group }) => group)).size, 3);
});

test("no difference is made of unequal shapes, and it is said why", () => {
  const a = page([map("upstream", [1, 2, 3, 4], [2, 2])]);
  const b = page([map("upstream", [1, 2, 3, 4], [1, 4])]);
  const [, , third] = pageOf(a, b, "gradient", "own", words).rows[0];
  assert.deepEqual([third.missing, third.values], ["2×2 and 1×4", null]);
});

test("a layer that B lacks is shown alone", () => {
  const [one, other, third] = pageOf(page([map("upstream", [1])]), null, "gradient", "own", words)
    .rows[0];
  assert.deepEqual([one.missing, other.missing, third.missing], ["", "none in B", "no difference"]);
});

test("every parameter is compared with the one of its name", () => {
  const a = page([map("w", [1]), map("v", [5])], [map("u", [2])]);
  const b = page([map("v", [7]), map("w", [4])], [map("u", [2])]);
  const { rows } = pageOf(a, b, "parameters", "own", words);
  assert.deepEqual(
    rows.map((row) => row[2].values?.[0]),
    [3, 2, 0],
  );
});

test("the difference goes as far as both are known, and keeps doubles", () => {
  assert.deepEqual([...minus(Float32Array.of(3, 5), Float32Array.of(1))], [2]);
  assert.ok(minus(Float64Array.of(0.3), Float32Array.of(0.1)) instanceof Float64Array);
});

test("cells of a difference come from both", () => {
  assert.deepEqual(sourceOf("minus:gradient:fc.weight"), {
    sides: ["a", "b"],
    map: "gradient:fc.weight",
  });
  assert.deepEqual(sourceOf("b:upstream"), { sides: ["b"], map: "upstream" });
});
