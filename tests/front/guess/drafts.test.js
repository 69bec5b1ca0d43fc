import assert from "node:assert/strict";
import { test } from "node:test";

import { keepDraft, keepOverReload, takeDraft } from "../../../viz/front/guess/drafts.js";

test("what is not checked yet is kept for its exercise and its numbers, and taken once", () => {
  keepDraft("output", "seed 0", ["1", ""], []);
  assert.equal(takeDraft("kernel", "seed 0"), null);
  assert.equal(takeDraft("output", "seed 1"), null);
  assert.deepEqual(takeDraft("output", "seed 0"), ["1", ""]);
  assert.equal(takeDraft("output", "seed 0"), null);
});

test("nothing is kept that is empty, was checked, or has no name", () => {
  keepDraft("output", "seed 0", ["", ""], []);
  keepDraft("output", "seed 0", ["1", "2"], ["1", "2"]);
  keepDraft("", "seed 0", ["1", "2"], []);
  assert.equal(takeDraft("output", "seed 0"), null);
  assert.equal(takeDraft("", "seed 0"), null);
});

test("over a reload all that is typed is kept, for the same link alone", (context) => {
  const held = new Map();
  const storage = {
    /** @param {string} key */
    getItem: (key) => held.get(key) ?? null,
    /** @param {string} key @param {string} text */
    setItem: (key, text) => held.set(key, text),
    /** @param {string} key */
    removeItem: (key) => held.delete(key),
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "sessionStorage");
  /** @param {string} search */
  const at = (search) => {
    Object.defineProperty(globalThis, "location", {
      value: { pathname: "/lesson", search },
      configurable: true,
    });
  };
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
  context.after(() => {
    Reflect.deleteProperty(globalThis, "location");
    Reflect.deleteProperty(globalThis, "sessionStorage");
    if (before) Object.defineProperty(globalThis, "sessionStorage", before);
  });
  at("?step=after");
  keepOverReload("output", "seed 0", ["abc", ""]);
  assert.deepEqual(takeDraft("output", "seed 0"), ["abc", ""]);
  assert.equal(takeDraft("output", "seed 0"), null);
  keepOverReload("output", "seed 0", ["abc", ""]);
  at("?step=after&output=1_2");
  assert.equal(takeDraft("output", "seed 0"), null);
  keepOverReload("output", "seed 0", ["", ""]);
  assert.equal(takeDraft("output", "seed 0"), null);
});
