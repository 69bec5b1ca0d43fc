import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Teller } from "../../../viz/front/workbench/teller.js";

const ROOT = /** @type {any} */ ({ dataset: {} });

/**
 * A teller with a clock of its own.
 * @param {import("node:test").TestContext} context
 */
function teller({ mock }) {
  mock.timers.enable({ apis: ["Date", "setTimeout"] });
  const state = { node: "n1" };
  const found = new Teller(ROOT, () => state);
  /** @type {any[]} */
  const sent = [];
  found.send = (said) => sent.push(said);
  found.known();
  return {
    found,
    sent,
    wait: (/** @type {number} */ time) => mock.timers.tick(time),
    choose: (/** @type {string} */ node) => {
      state.node = node;
      found.changed();
    },
  };
}

beforeEach(() => {
  const listening = { addEventListener: () => {}, removeEventListener: () => {} };
  Object.assign(globalThis, { document: listening, window: globalThis });
});

test("what has settled is told once", (context) => {
  const { found, sent, wait, choose } = teller(context);
  choose("n2");
  choose("n3");
  assert.equal(ROOT.dataset.told, "false");
  wait(1000);
  found.known();
  found.flush();
  wait(1000);
  found.flush();
  assert.deepEqual(
    sent.map((said) => said.node),
    ["n3"],
  );
  assert.equal(ROOT.dataset.told, "true");
});

test("a press tells at once, and what is known already is not told", (context) => {
  const { found, sent, wait, choose } = teller(context);
  choose("n2");
  found.flush();
  assert.equal(sent.length, 1);
  assert.equal(ROOT.dataset.answered, "false");
  found.answered(sent[0].since - 1);
  assert.equal(ROOT.dataset.answered, "false");
  found.answered(sent[0].since);
  assert.equal(ROOT.dataset.answered, "true");
  choose("n5");
  found.flush();
  found.known();
  assert.equal(ROOT.dataset.answered, "true");
  choose("n4");
  choose("n5");
  wait(1000);
  assert.equal(sent.length, 2);
});
