import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing } from "../../../viz/front/workbench/drawing.js";

const theme = /** @type {any} */ ({ digits: 3, smallest: 1e-3, largest: 1e5 });

/** @param {number[]} cells of B − A */
function drawn(cells) {
  const tiling = { count: 2, tiles: 1, rows: 1, columns: 2, across: null, note: "" };
  const map = {
    ...{ key: "minus:upstream", title: "B − A", equal: "equal", subtitle: "", group: "minus" },
    ...{ shape: [2], samples: 0, channels: 0, strides: [0, 0], all: tiling, one: null },
    values: Float32Array.from(cells),
  };
  const page = /** @type {any} */ ({ rows: [[map]] });
  const words = /** @type {any} */ ({ summary: "", all_zero: "all zero", nan: "{count} NaN" });
  const chosen = { sample: 0, channel: null };
  return new Drawing(words, theme).rows(page, chosen, () => null, "own").rows[0][0];
}

test("a difference of equal cells says so in its title, and has no scale", () => {
  const { title, notes, scale } = drawn([0, -0]);
  assert.deepEqual([title, notes, scale], ["equal", "all zero", 0]);
});

test("where a cell differs, or is no number, cells are not called equal", () => {
  assert.deepEqual([drawn([0, 1e-30]).title, drawn([0, NaN]).title], ["B − A", "B − A"]);
  assert.equal(drawn([0, NaN]).notes, "1 NaN");
});
