import assert from "node:assert/strict";
import { test } from "node:test";

import { shortened } from "../../../viz/front/timeline/drawing.js";
import { frameOf, keyTo, layerAt, stepAt, strength } from "../../../viz/front/timeline/frame.js";

const LAYERS = ["conv1", "fc1", "fc2"];
const AXIS = { title: "", low: 0, high: 2, ticks: [{ at: 0, text: "0" }], log: false };

/** @param {Partial<import("../../../viz/front/timeline/types.d.ts").TimelineData>} more */
function data(more = {}) {
  return /** @type {any} */ ({ axis: AXIS, layers: LAYERS, steps: 100, ...more });
}

test("a step is found again where it is drawn, and none that was not done", () => {
  const frame = frameOf(data(), 800, 14);
  for (const step of [0, 1, 50, 99]) assert.equal(stepAt(frame.x(step), frame, 100, 100), step);
  assert.equal(stepAt(frame.x(99), frame, 100, 40), 39);
  assert.equal(stepAt(0, frame, 100, 40), 0);
  assert.equal(stepAt(0, frame, 100, 0), 0);
});

test("columns of steps fill the width from end to end", () => {
  const frame = frameOf(data(), 800, 14);
  assert.equal(frame.x(-0.5), frame.left);
  assert.equal(frame.x(99.5), frame.right);
});

test("a loss stands by its value, or by its logarithm where the axis says so", () => {
  const even = frameOf(data(), 800, 14);
  assert.equal(even.y(1), (even.top + even.bottom) / 2);
  const log = frameOf(data({ axis: { ...AXIS, low: 1e-4, high: 1e4, log: true } }), 800, 14);
  assert.equal(log.y(1), (log.top + log.bottom) / 2);
  assert.equal(log.y(1e-4), log.bottom);
  assert.equal(log.y(1e4), log.top);
});

test("a layer is found at every height of its row, and none above or below", () => {
  const frame = frameOf(data(), 800, 14);
  LAYERS.forEach((layer, at) => {
    assert.equal(layerAt(frame.rows + at * frame.row, frame, LAYERS), layer);
    assert.equal(layerAt(frame.rows + (at + 1) * frame.row - 1, frame, LAYERS), layer);
  });
  assert.equal(layerAt(frame.rows - 1, frame, LAYERS), null);
  assert.equal(layerAt(frame.end, frame, LAYERS), null);
});

test("rows of many layers are lower, but never than a letter", () => {
  const few = frameOf(data(), 800, 14);
  const many = frameOf(data({ layers: Array(12).fill("layer") }), 800, 14);
  const most = frameOf(data({ layers: Array(60).fill("layer") }), 800, 14);
  assert.ok(few.row > many.row);
  assert.ok(many.row > most.row);
  assert.equal(most.row, 14);
});

test("long names leave most of a phone to the picture, and their end stays", () => {
  const name = "encoder.layers.0.self_attention.out_proj";
  const frame = frameOf(data({ layers: [name] }), 340, 14);
  assert.ok(frame.left < 340 / 3);
  const short = shortened(name, frame.left - 12, 14);
  assert.ok(short.startsWith("…") && name.endsWith(short.slice(1)));
  assert.equal(shortened("fc1", frame.left - 12, 14), "fc1");
});

test("arrows walk over steps and layers and stop at the ends", () => {
  const place = { step: 5, layer: "fc1" };
  /** @param {string} key @param {boolean} [shiftKey] */
  const to = (key, shiftKey = false) => keyTo({ key, shiftKey }, place, LAYERS, 41);
  assert.deepEqual(to("ArrowRight"), { step: 6, layer: "fc1" });
  assert.deepEqual(to("ArrowLeft"), { step: 4, layer: "fc1" });
  assert.deepEqual(to("ArrowRight", true), { step: 9, layer: "fc1" });
  assert.deepEqual(to("ArrowLeft", true), { step: 1, layer: "fc1" });
  assert.deepEqual(to("ArrowUp"), { step: 5, layer: "conv1" });
  assert.deepEqual(to("ArrowDown"), { step: 5, layer: "fc2" });
  assert.deepEqual(to("End"), { step: 40, layer: "fc1" });
  assert.deepEqual(to("Home"), { step: 0, layer: "fc1" });
  assert.equal(to("PageDown"), null);
  const last = { step: 40, layer: "fc2" };
  assert.deepEqual(keyTo({ key: "ArrowRight", shiftKey: false }, last, LAYERS, 41), last);
  assert.deepEqual(keyTo({ key: "ArrowDown", shiftKey: false }, last, LAYERS, 41), last);
});

test("colours grow with the logarithm of a norm, and only 0 has none", () => {
  const ends = { low: 0.01, high: 1 };
  assert.equal(strength(0, ends), 0);
  assert.equal(strength(1, ends), 1);
  assert.equal(strength(10, ends), 1);
  const [faint, middle] = [strength(0.01, ends), strength(0.1, ends)];
  assert.ok(faint > 0);
  assert.equal(strength(1e-9, ends), faint);
  assert.ok(Math.abs(middle - (faint + 1) / 2) < 1e-9);
});
