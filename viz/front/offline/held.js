// Answers from a file: those that it holds, and a sentence for every other question.

/** @import {Link} from "../types.d.ts" */
/** @import {Answerer, Parameters} from "../workbench/ask.js" */

import { readPacket } from "../packet.js";
import { Refusal } from "../workbench/ask.js";

const IN_PLACE = ["cell", "cells", "thumbnails"]; // their sentence stands where the answer would

/**
 * Answers by their question, compressed and in base64, and sentences by question or by its name.
 * @typedef {object} Holding
 * @property {Record<string, string>} packets
 * @property {Record<string, string>} texts those that are JSON
 * @property {Record<string, string>} refusals
 */

/** @implements {Answerer} */
export class Held {
  /** @param {Holding} holding */
  constructor({ packets, texts, refusals }) {
    this.packets = packets;
    this.texts = texts;
    this.refusals = refusals;
  }

  /**
   * @param {string} _query one run is all there is
   * @param {string} name
   * @param {Parameters} [parameters]
   * @returns {Promise<any>}
   */
  async answer(_query, name, parameters = {}) {
    const key = keyOf(name, parameters);
    if (Object.hasOwn(this.packets, key)) {
      return this.alone(name, readPacket(await inflated(this.packets[key])));
    }
    if (Object.hasOwn(this.texts, key)) {
      return JSON.parse(new TextDecoder().decode(await inflated(this.texts[key])));
    }
    const sentence = this.refusals[key] ?? this.refusals[name];
    throw new Refusal(IN_PLACE.includes(name) ? "" : sentence, "refused");
  }

  /**
   * Let no words promise what only a server can do.
   * @param {string} name
   * @param {any} value
   */
  alone(name, value) {
    if (name !== "sums") return value;
    const links = /** @type {Link[]} */ (value.links);
    const large = this.refusals.cell;
    return { links: links.map((link) => ({ ...link, words: { ...link.words, large } })) };
  }
}

/**
 * A question as `experiment/take_away/offline.py` writes it; whether changes by hand are shown is
 * one and the same for all.
 * @param {string} name
 * @param {Parameters} parameters
 */
function keyOf(name, parameters) {
  const said = Object.keys(parameters)
    .filter((key) => key !== "changes" && (parameters[key] ?? null) !== null)
    .map((key) => `${key}=${parameters[key]}`);
  return [name, ...said.sort()].join(" ");
}

/** @param {string} text */
function inflated(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
