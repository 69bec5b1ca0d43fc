import assert from "node:assert/strict";
import { test } from "node:test";

import {
  inUnit,
  powerOfTen,
  styled,
  styleOf,
  withoutZero,
} from "../../../../viz/front/maps/written/digits.js";

test("a pair has the decimals of four significant digits of its largest number", () => {
  const style = styleOf(0.16522, [Float32Array.of(0.16522, -0.0030931), Float32Array.of(0.05823)]);
  assert.deepEqual(
    [0.16522, -0.0030931, 0.05823].map((value) => inUnit(value, style)),
    ["0.1652", "−0.0031", "0.0582"],
  );
  assert.equal(styleOf(12.345).decimals, 2);
  assert.equal(styleOf(0.99996).decimals, 3); // it is written 1.000
});

test("whole numbers and halves have no more decimals than they need", () => {
  assert.equal(styleOf(3, [Float32Array.of(1, -3, 0)]).decimals, 0);
  assert.equal(styleOf(1.5, [Float32Array.of(1.5, 0.25)]).decimals, 2);
  assert.equal(styleOf(0, [Float32Array.of(0, 0)]).decimals, 0);
});

test("what is rounded away is never written as zero, and a zero never as anything else", () => {
  const style = styleOf(0.1652);
  assert.equal(inUnit(0.00004, style), "≈0");
  assert.equal(inUnit(-0.00004, style), "≈0");
  assert.equal(inUnit(0.00006, style), "0.0001");
  assert.equal(inUnit(0, style), "0");
  assert.equal(inUnit(-0, style), "−0");
});

test("very small and very large numbers stand in a unit", () => {
  const style = styleOf(4.7231e-8);
  assert.deepEqual([style.power, style.decimals], [-8, 3]);
  assert.equal(inUnit(4.7231e-8, style), "4.723");
  assert.equal(styled(-4.7231e-8, style), "−4.723e−8");
  assert.equal(styled(0, style), "0");
  assert.equal(styled(1e-12, style), "≈0");
  assert.equal(powerOfTen(-8), "10⁻⁸");
  assert.equal(powerOfTen(12), "10¹²");
});

test("what is no number is said", () => {
  const style = styleOf(1);
  assert.deepEqual(
    [NaN, Infinity, -Infinity].map((value) => styled(value, style)),
    ["NaN", "inf", "−inf"],
  );
});

test("only a zero before the point is left out", () => {
  assert.deepEqual(["0.0582", "−0.0031", "10.5", "≈0", "0"].map(withoutZero), [
    ".0582",
    "−.0031",
    "10.5",
    "≈0",
    "0",
  ]);
});
