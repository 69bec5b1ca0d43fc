import assert from "node:assert/strict";
import { test } from "node:test";

import { baseOf, Editor } from "../../../viz/front/editor/editor.js";
import { read, written } from "../../../viz/front/editor/form.js";
import { add, rename } from "../../../viz/front/editor/draft.js";
import { Store } from "../../../viz/front/store.js";
import { KINDS, chain, kindOf } from "./drafts.js";

/** @import {Diagnosis, Draft} from "../../../viz/front/editor/types.d.ts" */
/** @import {View} from "../../../viz/front/types.d.ts" */

test("the base of a query is what the browser does not decide", () => {
  assert.equal(
    baseOf("v=2&net=abc&input_shape=2x1&seed=3&edits=x&model=lenet"),
    "v=2&seed=3&model=lenet",
  );
  assert.equal(baseOf("v=2&net=abc"), "");
  assert.equal(baseOf(""), "");
});

test("a text field reads numbers, words of the field, and keeps anything else", () => {
  const field = { choices: ["same", "valid"] };
  for (const [text, value] of /** @type {[string, unknown][]} */ ([
    ["3", 3],
    ["3x5", [3, 5]],
    ["(3, 5)", [3, 5]],
    ["3 \u00d7 5", [3, 5]],
    ["-1", -1],
    ["same", "same"],
    ["three", "three"],
    ["1.5", "1.5"],
    ["12345678901", "12345678901"],
    ["", ""],
  ])) {
    assert.deepEqual(read(text, field), value, text);
  }
  assert.equal(written([3, 5]), "3x5");
  assert.equal(written(true), "true");
});

/** A server that answers when it is told to, and a root that takes anything. */
function server() {
  /** @type {{query: string, draft: Draft, answer: (told?: Partial<Diagnosis>) => void}[]} */
  const asked = [];
  const root = /** @type {any} */ ({ dataset: {}, hidden: true, remove() {} });
  /** @type {string[]} */
  const ran = [];
  const answerer = {
    /** @type {any} */
    answer(/** @type {string} */ query, /** @type {string} */ _name, /** @type {any} */ parts) {
      return new Promise((resolve) => {
        const draft = parts.draft ? JSON.parse(parts.draft) : chain("a < input");
        const plain = {
          ...{ draft, first: 1, layers: {}, totals: "", problem: null, fixes: [], remedies: [] },
          ...{ run: `${query}&net=${draft.layers.length}`, nodes: {} },
        };
        asked.push({ query, draft, answer: (told = {}) => resolve({ ...plain, ...told }) });
      });
    },
  };
  const store = new Store(
    /** @type {View} */ (/** @type {unknown} */ ({ editing: false, step: null })),
  );
  const editor = new Editor(root, store, answerer, {}, () => ran.push(editor.run));
  editor.hear("seed=1", true, true);
  editor.load();
  return { asked, editor, ran };
}

/** Let what waits for an answer take it. */
async function settled() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test("changes are quicker than the server: each counts, and only what is there at last is run", async () => {
  const { asked, editor, ran } = server();
  asked[0].answer({ run: "seed=1" });
  await settled();
  const grow = (/** @type {Draft} */ draft, /** @type {number} */ chosen) =>
    add(draft, chosen, kindOf("ReLU"), KINDS, []);
  for (let press = 0; press < 20; press += 1) editor.change(grow);
  assert.equal(editor.draft.layers.length, 21);
  assert.equal(asked.length, 2); // one question under way
  asked[1].answer();
  await settled();
  assert.deepEqual(ran, []); // it was about a draft that is gone
  assert.equal(asked[2].draft.layers.length, 21);
  asked[2].answer();
  await settled();
  assert.deepEqual(ran, ["seed=1&net=21"]);
  for (let press = 0; press < 20; press += 1) editor.go("undo");
  assert.equal(editor.draft.layers.length, 1);
  asked[3].answer(); // about the draft after the first of them
  await settled();
  asked[4].answer({ run: "seed=1" });
  await settled();
  assert.deepEqual(ran, ["seed=1&net=21", "seed=1"]);
});

test("a fresh layer takes the sizes that come in, unless the draft has gone on meanwhile", async () => {
  const { asked, editor } = server();
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.change((draft) => add(draft, 1, kindOf("Conv2d"), KINDS, []));
  const [first] = asked.slice(-1);
  const fitted = {
    ...first.draft,
    layers: first.draft.layers.map((layer) => ({
      ...layer,
      fields: { in_channels: 8, out_channels: 8 },
    })),
  };
  editor.change((draft) => rename(draft, 1, "stem"));
  first.answer({ draft: fitted });
  await settled();
  assert.equal(editor.draft.layers[1].fields.in_channels, 1);
  assert.equal(editor.draft.layers[0].name, "stem");
  const [second] = asked.slice(-1);
  assert.equal(second.draft.layers[1].fresh, true); // so it is fitted now
  second.answer();
  await settled();
  editor.go("undo");
  editor.go("undo");
  assert.equal(editor.draft.layers.length, 1);
});

test("a network from nothing is asked about with an input and a loss of its own", async () => {
  const { asked, editor } = server();
  editor.known = /** @type {any} */ ({ from_nothing: { input: "random", loss: "mse" } });
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.empty();
  assert.equal(editor.draft.layers.length, 0);
  assert.equal(asked[1].query, "seed=1&input=random&loss=mse");
  editor.hear("seed=1", true, false); // the page says again what it still runs
  asked[1].answer({ run: null });
  await settled();
  editor.change((draft) => add(draft, 0, kindOf("ReLU"), KINDS, []));
  assert.equal(asked[2].query, "seed=1&input=random&loss=mse");
  asked[2].answer();
  await settled();
  editor.go("undo");
  asked[3].answer({ run: null });
  await settled();
  editor.go("undo");
  assert.equal(editor.draft.layers.length, 1);
});

test("leaving nothing again brings back what ran", async () => {
  const { asked, editor } = server();
  editor.known = /** @type {any} */ ({ from_nothing: { input: "random" } });
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.empty();
  asked[1].answer({ run: null });
  await settled();
  editor.go("undo");
  assert.equal(asked[2].query, "seed=1");
});

test("a network from elsewhere is the next step, so that Undo brings back what was edited", async () => {
  const { asked, editor } = server();
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.change((draft) => rename(draft, 1, "mine"));
  asked[1].answer({ run: null });
  await settled();
  editor.hear("seed=1", true, true);
  editor.load();
  asked[2].answer({ run: "seed=1" });
  await settled();
  assert.equal(editor.draft.layers[0].name, "a");
  editor.go("undo");
  assert.equal(editor.draft.layers[0].name, "mine");
});

test("what the page changes beside the network is asked about anew, and the draft stays", async () => {
  const { asked, editor, ran } = server();
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.change((draft) => rename(draft, 1, "mine"));
  asked[1].answer();
  await settled();
  editor.hear("seed=2", true, false); // it had not heard of the change
  assert.equal(asked[2].query, "seed=2");
  asked[2].answer();
  await settled();
  assert.deepEqual(ran, ["seed=1&net=1", "seed=2&net=1"]);
  editor.hear("seed=2&net=old", true, false); // late
  assert.equal(editor.run, "seed=2&net=1");
  assert.equal(asked.length, 3);
});

test("a network that came while the editor was closed stays, whatever is switched then", async () => {
  const { asked, editor, ran } = server();
  asked[0].answer({ run: "seed=1" });
  await settled();
  editor.hear("seed=1&model=other", true, true);
  editor.hear("seed=1&model=other&training=0", true, false);
  assert.equal(editor.run, "seed=1&model=other&training=0");
  assert.equal(asked.length, 1); // nothing is asked about the draft that was there before
  await settled();
  assert.deepEqual(ran, []);
});
