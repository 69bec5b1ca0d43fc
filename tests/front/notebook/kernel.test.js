import assert from "node:assert/strict";
import { test } from "node:test";

import { Kernel } from "../../../viz/front/notebook/kernel.js";
import { Refusal } from "../../../viz/front/workbench/ask.js";

/** @import {Model, OnReply, Question, Reply} from "../../../viz/front/notebook/model.d.ts" */

const GONE = "The kernel is gone.";

/** A widget's model, and what was sent to the kernel. */
class Sends {
  constructor() {
    this.sent = /** @type {Question[]} */ ([]);
    this.listeners = /** @type {Set<OnReply>} */ (new Set());
    this.broken = false;
  }

  /** @param {Question} question */
  send(question) {
    if (this.broken) throw new Error("no comm");
    this.sent.push(question);
  }

  /**
   * @param {string} _event
   * @param {any} listener
   */
  on(_event, listener) {
    this.listeners.add(listener);
  }

  /**
   * @param {string} _event
   * @param {any} listener
   */
  off(_event, listener) {
    this.listeners.delete(listener);
  }

  /**
   * Answer to every view.
   * @param {Reply} reply
   * @param {Uint8Array[]} [buffers]
   */
  reply(reply, buffers = []) {
    const views = buffers.map(
      (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    );
    for (const listener of this.listeners) listener(reply, views);
  }

  /** The last question's id. */
  get id() {
    return this.sent[this.sent.length - 1].id;
  }
}

/**
 * @param {Sends} sends
 * @param {(waiting: boolean) => void} [tell]
 * @param {number} [patience]
 */
function kernel(sends, tell = () => {}, patience = 60_000) {
  return new Kernel(/** @type {Model} */ (/** @type {unknown} */ (sends)), GONE, tell, patience);
}

/** JSON in the middle of a larger buffer, as a websocket's message brings it. @param {any} value */
function text(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const whole = new Uint8Array(bytes.length + 7);
  whole.set(bytes, 3);
  return whole.subarray(3, 3 + bytes.length);
}

/** Two float32 in a packet that begins at an odd place. */
function packet() {
  const header = text({ values: { type: "float32", offset: 0, count: 2 } });
  const start = Math.ceil((4 + header.length) / 8) * 8;
  const whole = new Uint8Array(1 + start + 8);
  const view = new DataView(whole.buffer, 1);
  view.setUint32(0, header.length, true);
  whole.set(header, 5);
  view.setFloat32(start, 0.5, true);
  view.setFloat32(start + 4, -2, true);
  return whole.subarray(1);
}

test("a question is a message whose parts are texts, without what is not said", async () => {
  const sends = new Sends();
  const asked = kernel(sends).answer("", "proof", { node: "n1", sample: 2, channel: null });
  const { id, ...question } = sends.sent[0];
  assert.deepEqual(question, { name: "proof", parts: { node: "n1", sample: "2" } });
  sends.reply({ id, packet: false }, [text({ checks: [] })]);
  assert.deepEqual(await asked, { checks: [] });
});

test("numbers come out of a buffer wherever they stand in it", async () => {
  const sends = new Sends();
  const asked = kernel(sends).answer("", "sums");
  sends.reply({ id: sends.id, packet: true }, [packet()]);
  assert.deepEqual([...(await asked).values], [0.5, -2]);
});

test("answers find their questions in whatever order, and another view's are left", async () => {
  const sends = new Sends();
  const [one, other] = [kernel(sends), kernel(sends)];
  const asked = [one.answer("", "steps"), one.answer("", "graph"), other.answer("", "steps")];
  const ids = sends.sent.map(({ id }) => id);
  assert.equal(new Set(ids).size, 3);
  for (const at of [2, 1, 0]) sends.reply({ id: ids[at] }, [text(at)]);
  assert.deepEqual(await Promise.all(asked), [0, 1, 2]);
});

test("what was answered is not asked again, and what was refused is", async () => {
  const sends = new Sends();
  const asks = kernel(sends);
  const first = asks.answer("", "proof", { node: "n1" });
  const again = asks.answer("", "proof", { node: "n1", channel: undefined });
  sends.reply({ id: sends.id }, [text(1)]);
  assert.deepEqual(await Promise.all([first, again]), [1, 1]);
  assert.equal(await asks.answer("", "proof", { node: "n1" }), 1);
  assert.equal(sends.sent.length, 1);
  const refused = asks.answer("", "proof", { node: "n2" });
  sends.reply({ id: sends.id, sentence: "No node n2." });
  await assert.rejects(refused, new Refusal("No node n2.", "refused"));
  const retried = asks.answer("", "proof", { node: "n2" });
  sends.reply({ id: sends.id }, [text(2)]);
  assert.equal(await retried, 2);
});

test("a kernel that is gone is said, and asked again next time", async () => {
  const sends = new Sends();
  sends.broken = true;
  const asks = kernel(sends);
  await assert.rejects(asks.answer("", "scene"), new Refusal(GONE, "refused"));
  sends.broken = false;
  const asked = asks.answer("", "scene");
  sends.reply({ id: sends.id }, [text("here")]);
  assert.equal(await asked, "here");
});

test("an answer that is long in coming is said, until it has come", async () => {
  const sends = new Sends();
  const told = /** @type {boolean[]} */ ([]);
  const { promise: late, resolve } = Promise.withResolvers();
  const asks = kernel(
    sends,
    (waiting) => {
      told.push(waiting);
      if (waiting) resolve(undefined);
    },
    0,
  );
  const asked = asks.answer("", "scene");
  await late;
  sends.reply({ id: sends.id }, [text("here")]);
  await asked;
  assert.deepEqual(told, [false, true, false]);
});

test("after the end nobody waits and nobody listens", async () => {
  const sends = new Sends();
  const asks = kernel(sends);
  const asked = asks.answer("", "scene");
  asks.close();
  await assert.rejects(asked, new Refusal("", "refused"));
  assert.equal(sends.listeners.size, 0);
});
