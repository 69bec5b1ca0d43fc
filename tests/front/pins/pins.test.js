import assert from "node:assert/strict";
import { test } from "node:test";

import { readPins, toggled, writePin, writePins } from "../../../viz/front/pins/pins.js";

/** @typedef {ReturnType<typeof readPins>[number]} Pin */

/** @type {Pin} */
const FIRST = { node: "n5", show: "gradient", part: null, sample: 0, channel: null };

test("what is seen first of a node is its id alone, anything else is said", () => {
  /** @type {[string, Partial<Pin>][]} */
  const written = [
    ["n5", {}],
    ["n5g1", { part: 1 }],
    ["n5v", { show: "values" }],
    ["n5p", { show: "parameters" }],
    ["n5g0s2c3", { part: 0, sample: 2, channel: 3 }],
    ["n5vcall", { show: "values", channel: "all" }],
    ["n5c0", { channel: 0 }],
  ];
  for (const [text, more] of written) {
    assert.equal(writePin({ ...FIRST, ...more }), text);
    assert.deepEqual(readPins(text), [{ ...FIRST, ...more }]);
  }
  // Which gradient was picked does not matter where values are shown.
  assert.equal(writePin({ ...FIRST, show: "values", part: 1 }), "n5v");
});

test("what is no pin, stands twice or is one too many is left out", () => {
  assert.deepEqual(readPins(""), []);
  assert.deepEqual(readPins("5,n5x,n1234567,n5g,<b>"), []);
  assert.equal(writePins(readPins("n5,n5,n3v,n5")), "n5,n3v");
  assert.equal(writePins(readPins("n1,n2,n3,n4,n5")), "n1,n2,n3,n4");
});

test("a press pins and unpins, and a fifth one changes nothing", () => {
  let text = "";
  for (const node of ["n1", "n2", "n3", "n4"]) text = toggled(text, { ...FIRST, node });
  assert.equal(text, "n1,n2,n3,n4");
  assert.equal(toggled(text, FIRST), text);
  assert.equal(toggled(text, { ...FIRST, node: "n2" }), "n1,n3,n4");
  assert.equal(toggled("n5", { ...FIRST, sample: 1 }), "n5,n5s1");
});
