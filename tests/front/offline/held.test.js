import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { Held } from "../../../viz/front/offline/held.js";
import { Refusal } from "../../../viz/front/workbench/ask.js";

/** @param {object} header */
function packed(header) {
  const text = Buffer.from(JSON.stringify(header));
  const whole = Buffer.alloc(4 + text.length);
  whole.writeUInt32LE(text.length);
  text.copy(whole, 4);
  return deflateSync(whole).toString("base64");
}

const LINK = { words: { large: "Click a cell", hint: "Point" } };
const held = new Held({
  packets: {
    "scene node=n1": packed({ count: 2 }),
    "sums channel=2 node=n1 page=gradient 0 sample=0": packed({ links: [LINK] }),
    "sums node=n1 page=gradient 0 sample=0": packed({ links: [] }),
  },
  texts: { graph: deflateSync('{"svg":"<svg/>"}').toString("base64") },
  refusals: { sums: "No sum.", "sums node=n2": "No rule.", cell: "No cell.", cells: "No cells." },
});
const AT = { sample: 0, node: "n1", page: "gradient 0" };

/**
 * The refusal of a question.
 * @param {string} name
 * @param {import("../../../viz/front/workbench/ask.js").Parameters} [parameters]
 * @returns {Promise<Refusal>}
 */
async function refused(name, parameters) {
  try {
    await held.answer("", name, parameters);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`${name} was answered`);
}

test("a question finds its answer in whatever order its parts stand", async () => {
  const all = await held.answer("", "sums", { ...AT, channel: null, changes: 1 });
  assert.deepEqual(all, { links: [] });
  const one = await held.answer("", "sums", { channel: 2, ...AT });
  assert.equal(one.links.length, 1);
  assert.deepEqual(await held.answer("", "graph", { tint: null }), { svg: "<svg/>" });
});

test("no words promise an answer that only a server can give", async () => {
  assert.deepEqual(await held.answer("", "scene", { node: "n1" }), { count: 2 });
  const { links } = await held.answer("", "sums", { ...AT, channel: 2 });
  assert.deepEqual(links[0].words, { large: "No cell.", hint: "Point" });
});

test("what the file does not hold is refused in its words", async () => {
  assert.equal((await refused("sums", { ...AT, sample: 1 })).message, "No sum.");
  assert.equal((await refused("sums", { node: "n2" })).message, "No rule.");
  assert.equal((await refused("graph", { tint: 1 })).outcome, "refused");
  assert.equal((await refused("constructor")).outcome, "refused");
});

test("a sentence that stands in the place of a picture is not said twice", async () => {
  assert.equal((await refused("cells", AT)).message, "");
  assert.equal((await refused("cell", AT)).message, "");
});
