import assert from "node:assert/strict";
import { test } from "node:test";

import { inLanguage } from "../../../viz/front/language/language.js";

test("an address says the language that was chosen, once and last", () => {
  assert.equal(inLanguage("", "ko"), "lang=ko");
  assert.equal(inLanguage("v=2&step=1", "ko"), "v=2&step=1&lang=ko");
  assert.equal(inLanguage("lang=en&v=2", "ko"), "v=2&lang=ko");
  assert.equal(inLanguage("v=2&lang=en&step=1", "ko"), "v=2&step=1&lang=ko");
});

test("an address that says it already stays as it is", () => {
  assert.equal(inLanguage("lang=ko&v=2", "ko"), "lang=ko&v=2");
});

test("where nothing was chosen, an address says nothing of it", () => {
  assert.equal(inLanguage("v=2&lang=ko", ""), "v=2");
  assert.equal(inLanguage("lang=ko", ""), "");
  assert.equal(inLanguage("v=2&language=ko", ""), "v=2&language=ko");
});
