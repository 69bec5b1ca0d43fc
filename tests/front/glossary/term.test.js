import assert from "node:assert/strict";
import { test } from "node:test";

import { placed } from "../../../viz/front/glossary/term.js";

const PAGE = { width: 390, height: 844 };
const BUBBLE = { width: 300, height: 90 };

test("an explanation stands below its word where there is room, else above", () => {
  assert.deepEqual(placed({ left: 20, top: 100, bottom: 120 }, BUBBLE, PAGE), {
    left: 20,
    top: 126,
  });
  assert.equal(placed({ left: 20, top: 780, bottom: 800 }, BUBBLE, PAGE).top, 684);
});

test("it is never cut by the edge of the window", () => {
  assert.equal(placed({ left: 350, top: 100, bottom: 120 }, BUBBLE, PAGE).left, 82);
  const { left, top } = placed({ left: 5, top: 10, bottom: 40 }, { width: 400, height: 900 }, PAGE);
  assert.deepEqual([left, top], [8, 8]);
});
