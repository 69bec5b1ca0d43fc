import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera, FONT_SIZE } from "../../../viz/front/graph/camera.js";
import { LEAST, heightOf, whole } from "../../../viz/front/graph/small.js";

const nowhere = /** @type {any} */ (globalThis);
nowhere.ResizeObserver = class {
  observe() {}
};
nowhere.document = { documentElement: { classList: { contains: () => false } } };

/**
 * The camera of a frame of 300 x 260 pixels on a drawing, first seen around a point.
 * @param {{width: number, height: number}} size
 * @param {{x: number, y: number}} start
 */
function seen(size, start) {
  const frame = {
    clientWidth: 300,
    clientHeight: 260,
    addEventListener() {},
    replaceChildren() {},
  };
  const svg = { viewBox: { baseVal: size }, setAttribute() {}, style: {} };
  const camera = new Camera(/** @type {any} */ (frame));
  camera.least = LEAST;
  camera.show(/** @type {any} */ (svg), start);
  return camera;
}

test("a page gives a deep graph the height in which it can be read, and no less to a flat one", () => {
  assert.equal(heightOf(100), 310);
  assert.equal(heightOf(400), 444);
  assert.equal(heightOf(5000), 720);
});

test("a graph that fits is seen whole", () => {
  const camera = seen({ width: 200, height: 200 }, { x: 100, y: 190 });
  assert.equal(camera.scale, 260 / 200);
  assert.equal(camera.y, 0);
});

test("a graph that does not is first seen at its result, in letters that can be read", () => {
  const camera = seen({ width: 200, height: 1000 }, { x: 100, y: 990 });
  assert.equal(camera.scale * FONT_SIZE, LEAST);
  assert.equal(camera.y, 260 - 1000, "its lower end");
});

test("a box that no node of a run stands behind is called by its own name", () => {
  const box = { id: "vx", kind: "leaf", name: "x (2)", help: "a leaf" };
  const drawn = whole(/** @type {any} */ (box));
  assert.deepEqual([drawn.title, drawn.help, drawn.node], ["x (2)", "a leaf", ""]);
});
