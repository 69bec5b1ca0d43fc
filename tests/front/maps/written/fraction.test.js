import assert from "node:assert/strict";
import { test } from "node:test";

import { fraction, fractionOr } from "../../../../viz/front/maps/written/fraction.js";

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

test("every fraction with a denominator up to 64 comes back in lowest terms", () => {
  for (let under = 1; under <= 64; under += 1) {
    for (let over = -2 * under; over <= 2 * under; over += 1) {
      const by = divisor(Math.abs(over), under);
      const [top, bottom] = [over / by, under / by];
      const expected = (bottom === 1 ? `${top}` : `${top}/${bottom}`).replace("-", "−");
      if (over) assert.equal(fraction(over / under), expected);
      if (over) assert.equal(fraction(Math.fround(over / under)), expected); // as a map holds it
    }
  }
});

test("halves, quarters and thirds are written as by hand, and whole numbers as such", () => {
  const written = [0.25, 9 / 16, -3 / 8, 12.5, 1 / 3, 2, -7, 0].map(fraction);
  assert.deepEqual(written, ["1/4", "9/16", "−3/8", "25/2", "1/3", "2", "−7", "0"]);
});

test("what is further than a millionth from such a fraction is none", () => {
  assert.equal(fraction(0.25 + 0.9e-6), "1/4");
  assert.equal(fraction(0.25 + 1.1e-6), null);
  for (const value of [1 / 65, 0.333, Math.PI, Math.SQRT2, 0.0582]) {
    assert.equal(fraction(value), null, `${value}`);
  }
});

test("a number that is nearly zero is no zero, and what is not finite no fraction", () => {
  for (const value of [1e-7, -1e-7, -0, NaN, Infinity, -Infinity, 1e300]) {
    assert.equal(fraction(value), null, `${value}`);
  }
});

test("a number that is no fraction is written as the others of its map", () => {
  const style = { decimals: 3, power: 0 };
  const written = [0.75, 0.3331, 1e-7, NaN].map((value) => fractionOr(value, style));
  assert.deepEqual(written, ["3/4", "0.333", "≈0", "NaN"]);
});
