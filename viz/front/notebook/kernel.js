// Questions to the run in a notebook's kernel, as messages of the widget.

/** @import {Model, OnReply, Question, Reply} from "./model.d.ts" */
/** @import {Answerer, Parameters} from "../workbench/ask.js" */

import { readPacket } from "../packet.js";
import { Refusal, withinBounds } from "../workbench/ask.js";

const PATIENCE = 5000; // ms without an answer until that is said

/**
 * @typedef {object} Awaited
 * @property {(value: {value: any, bytes: number}) => void} resolve
 * @property {(reason: Refusal) => void} reject
 */

/** @implements {Answerer} */
export class Kernel {
  /**
   * @param {Model} model
   * @param {string} gone what is said where no question can be sent
   * @param {(waiting: boolean) => void} tell whether an answer is long in coming
   * @param {number} [patience]
   */
  constructor(model, gone, tell, patience = PATIENCE) {
    this.model = model;
    this.gone = gone;
    this.tell = tell;
    this.patience = patience;
    // Every view of a widget hears the answers to all of them.
    this.name = Math.random().toString(36).slice(2);
    this.count = 0;
    this.timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
    /** @type {Map<string, Awaited>} by the id of the question */
    this.awaited = new Map();
    /** @type {Map<string, {answer: Promise<any>, bytes: number}>} the least lately used first */
    this.kept = new Map();
    /** @type {OnReply} */
    this.onReply = (reply, buffers) => this.take(reply, buffers);
    model.on("msg:custom", this.onReply);
  }

  /** Ask nothing any more. */
  close() {
    clearTimeout(this.timer);
    this.model.off("msg:custom", this.onReply);
    for (const { reject } of this.awaited.values()) reject(new Refusal("", "refused"));
    this.awaited.clear();
  }

  /**
   * Ask, or return what was answered before. Raises Refusal where there is no answer.
   * @param {string} _query one run is all there is
   * @param {string} name
   * @param {Parameters} [parameters]
   * @returns {Promise<any>}
   */
  answer(_query, name, parameters = {}) {
    const said = Object.entries(parameters).filter(([, value]) => (value ?? null) !== null);
    const parts = Object.fromEntries(said.map(([part, value]) => [part, String(value)]));
    const key = JSON.stringify([name, parts]);
    const entry = this.kept.get(key) ?? { answer: this.asked(key, name, parts), bytes: 0 };
    this.kept.delete(key);
    this.kept.set(key, entry);
    return entry.answer;
  }

  /**
   * @param {string} key
   * @param {string} name
   * @param {Record<string, string>} parts
   */
  async asked(key, name, parts) {
    try {
      const { value, bytes } = await this.sent(name, parts);
      const entry = this.kept.get(key);
      if (entry) entry.bytes = bytes;
      withinBounds(this.kept);
      return value;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} parts
   * @returns {Promise<{value: any, bytes: number}>}
   */
  sent(name, parts) {
    const id = `${this.name} ${this.count++}`;
    const { promise, resolve, reject } = Promise.withResolvers();
    this.awaited.set(id, { resolve, reject });
    this.post({ id, name, parts });
    this.wait();
    return promise;
  }

  /** @param {Question} question */
  async post(question) {
    try {
      await this.model.send(question);
    } catch {
      this.take({ id: question.id, sentence: this.gone }, []); // the kernel was shut down
    }
  }

  /**
   * @param {Reply} reply
   * @param {readonly DataView[]} buffers
   */
  take({ id, packet, sentence }, buffers) {
    const asked = this.awaited.get(id);
    if (!asked) return; // another view's
    this.awaited.delete(id);
    this.wait();
    if (sentence !== undefined) {
      asked.reject(new Refusal(sentence, "refused"));
      return;
    }
    const { buffer, byteOffset, byteLength } = buffers[0];
    const data = new Uint8Array(buffer, byteOffset, byteLength);
    const value = packet ? readPacket(data) : JSON.parse(new TextDecoder().decode(data));
    asked.resolve({ value, bytes: byteLength });
  }

  /** Say so when the next answer is long in coming. */
  wait() {
    clearTimeout(this.timer);
    this.tell(false);
    if (this.awaited.size) this.timer = setTimeout(() => this.tell(true), this.patience);
  }
}
