import assert from "node:assert/strict";
import { test } from "node:test";

import { Kept } from "../../viz/front/kept.js";

/**
 * A number that is kept, and what it says.
 * @param {number} value
 */
function keeping(value) {
  const kept = new Kept(value);
  /** @type {{value: number, since: number}[]} */
  const said = [];
  kept.say = (_name, state) => said.push(/** @type {any} */ (state));
  return { kept, said };
}

test("every value is said whole, and no two at the same time", () => {
  const { kept, said } = keeping(0);
  for (let value = 1; value <= 20; value += 1) kept.set(value);
  assert.deepEqual(
    said.map((each) => each.value),
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
  assert.equal(new Set(said.map((each) => each.since)).size, 20);
});

test("what the page says meanwhile does not take back what is under way", () => {
  const { kept, said } = keeping(0);
  for (const value of [1, 2, 3]) kept.set(value);
  assert.equal(kept.hear(1, said[0].since), false);
  assert.equal(kept.hear(0, null), false);
  assert.equal(kept.value, 3);
  assert.equal(kept.hear(3, said[2].since), false);
  assert.equal(kept.value, 3);
});

test("once the page has heard everything, what it says counts", () => {
  const { kept, said } = keeping(0);
  kept.set(1);
  kept.set(2);
  assert.equal(kept.hear(7, said[1].since), true); // the address has decided, or it was refused
  assert.equal(kept.value, 7);
  assert.equal(kept.hear(2, said[1].since), true); // and once more, to what was said before
  assert.equal(kept.value, 2);
  assert.equal(kept.hear(2, said[1].since), false);
});

test("a message that was lost is made good by the next one", () => {
  const { kept, said } = keeping(0);
  kept.set(1); // lost
  kept.set(2);
  assert.equal(kept.hear(2, said[1].since), false);
  assert.equal(kept.hear(0, said[1].since), true);
});

test("values are compared by what is in them", () => {
  const kept = new Kept({ typed: ["1"], hints: 0 });
  assert.equal(kept.hear({ typed: ["1"], hints: 0 }, null), false);
  assert.equal(kept.hear({ typed: ["1"], hints: 1 }, null), true);
});
