import assert from "node:assert/strict";
import { test } from "node:test";

import { copy } from "../../../viz/front/share/copy.js";

function field() {
  /** @type {string[]} */
  const done = [];
  return {
    value: "a link",
    done,
    focus: () => done.push("focus"),
    select: () => done.push("select"),
  };
}

const refused = async () => {
  throw new Error("not allowed");
};

test("the clipboard is asked first, and nothing else then", async () => {
  /** @type {string[]} */
  const written = [];
  const clipboard = { writeText: async (/** @type {string} */ text) => void written.push(text) };
  const command = () => assert.fail("the old way was taken");
  assert.equal(await copy(field(), { clipboard, command }), true);
  assert.deepEqual(written, ["a link"]);
});

test("without a clipboard, or where it refuses, what is selected is copied the old way", async () => {
  for (const clipboard of [undefined, { writeText: refused }]) {
    const selected = field();
    const command = () => {
      assert.deepEqual(selected.done, ["focus", "select"]);
      return true;
    };
    assert.equal(await copy(selected, { clipboard, command }), true);
  }
});

test("where nothing copies, nobody is told so, and the text is selected", async () => {
  const ways = [
    () => false,
    () => {
      throw new Error("gone");
    },
  ];
  for (const command of ways) {
    const selected = field();
    assert.equal(await copy(selected, { clipboard: { writeText: refused }, command }), false);
    assert.deepEqual(selected.done, ["focus", "select"]);
  }
});
