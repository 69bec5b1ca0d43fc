import assert from "node:assert/strict";
import { test } from "node:test";

import { amount, isUntouched, rimOf, tellReach } from "../../../viz/front/strip/changes.js";

const THEME = { smallest_plain: 1e-3, largest_plain: 1e6 };
const WORDS = {
  reaches: "{change} reaches {parts}.",
  reached_values: "**{count} of {all} values** after {name}",
  reached_input: "**{count} of {all} values** of the input",
  reached_gradients: "**{count} of {all} gradients** there",
  and: " and ",
  moves_loss: "{change} moves the loss by **{value}**.",
  keeps_loss: "{change} leaves the loss as it is.",
  in_all: "{values} of {all_values}, {gradients} of {all_gradients}.",
};

/** @param {number[]} reach four a box: input, conv, loss */
function data(reach) {
  const boxes = [
    { kind: "input", name: "input" },
    { kind: "layer", name: "conv" },
    { kind: "loss", name: "loss" },
  ];
  const made = { boxes, changing: "Changing x[0] from 1 to 3", reach: Uint32Array.from(reach) };
  return /** @type {Parameters<typeof tellReach>[0]} */ (/** @type {unknown} */ (made));
}

test("a change has its sign, and is nothing only where it is exactly 0", () => {
  assert.deepEqual(
    [0.5, -0.5, 0, NaN].map((value) => amount(value, 3, THEME, true)),
    ["+0.5", "−0.5", "0", "NaN"],
  );
  assert.equal(amount(0.5, 3, THEME, false), "0.5");
  assert.deepEqual(
    [0, 1e-45, NaN].map((largest) => isUntouched({ largest })),
    [true, false, false],
  );
  assert.ok(isUntouched(null));
});

test("the rim goes around the cells that differ, not between them", () => {
  const picture = { cells: Int8Array.from([0, 127, -1, 0, 0, 0]), columns: 3, rows: 2 };
  assert.deepEqual(rimOf(picture), [
    [1, 0, 2, 0],
    [1, 1, 2, 1],
    [1, 0, 1, 1],
    [2, 0, 3, 0],
    [2, 1, 3, 1],
    [3, 0, 3, 1],
  ]);
  // The last row of a vector may have fewer cells.
  const short = { cells: Int8Array.from([0, 0, 5]), columns: 2, rows: 2 };
  assert.equal(rimOf(short).length, 4);
});

test("the sentence tells the reach at the chosen box and in the whole run", () => {
  const sent = data([1, 8, 0, 0, 2, 8, 8, 8, 1, 1, 0, 1]);
  const text = (/** @type {number} */ at, moved = "+0.5") =>
    tellReach(sent, at, moved, WORDS)
      .map((piece) => (piece.strong ? `<${piece.text}>` : piece.text))
      .join("");
  const change = "Changing x[0] from 1 to 3";
  assert.equal(text(0), `${change} reaches <1 of 8 values> of the input. 3 of 3, 1 of 2.`);
  assert.equal(
    text(1),
    `${change} reaches <2 of 8 values> after conv and <8 of 8 gradients> there. 3 of 3, 1 of 2.`,
  );
  assert.equal(text(2), `${change} moves the loss by <+0.5>. 3 of 3, 1 of 2.`);
  assert.equal(text(-1), "3 of 3, 1 of 2.");
  const still = tellReach(data([1, 8, 0, 0, 0, 8, 0, 8, 0, 1, 0, 1]), 2, "0", WORDS);
  assert.equal(still[0].text, `${change} leaves the loss as it is. 1 of 3, 0 of 2.`);
});
