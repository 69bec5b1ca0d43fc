// Questions to the server. Whatever goes wrong on the way is tried again and said; nothing that
// was asked is lost by it.

import { readPacket } from "../packet.js";

const LONGEST_ADDRESS = 4000; // characters; beyond that the question travels in the body
const GIVEN_UP_AFTER = 30_000; // ms without an answer, then it is asked once more
const FIRST_WAIT = 500; // ms until the second try, then twice as long each time
const LONGEST_WAIT = 8000; // ms
const MOST_KEPT = 48 * 2 ** 20; // bytes of answers

/**
 * How the last question went.
 * @typedef {"answered" | "lost" | "busy" | "updated" | "refused" | "failed"} Outcome
 */

/** An answer that says why there is none. */
export class Refusal extends Error {
  /**
   * @param {string} sentence
   * @param {Outcome} outcome
   * @param {number} [after] ms until it may be asked again
   */
  constructor(sentence, outcome, after) {
    super(sentence);
    this.outcome = outcome;
    this.after = after;
  }
}

/** @typedef {Record<string, string | number | null | undefined>} Parameters */

/**
 * Somebody who answers: the server, what a file holds, or a notebook's kernel.
 * @typedef {object} Answerer
 * @property {(query: string, name: string, parameters?: Parameters, how?: {prefetch?: boolean}) => Promise<any>} answer
 */

/** Asks the server. @implements {Answerer} */
export class Ask {
  /**
   * @param {string} base where answers are, with a slash at the end
   * @param {string} language
   * @param {(outcome: Outcome) => void} tell is told how it goes
   */
  constructor(base, language, tell) {
    this.base = base;
    this.language = language;
    this.tell = tell;
    /** Names what is hidden from whoever asks. */
    this.hidden = () => "";
    /** @type {Map<string, {answer: Promise<any>, bytes: number, prefetch: boolean}>} the least lately used first */
    this.kept = new Map();
    this.over = new AbortController();
  }

  /**
   * Ask elsewhere from now on.
   * @param {string} base
   */
  move(base) {
    this.base = base;
    this.kept.clear();
  }

  /** Ask nothing any more. */
  close() {
    this.over.abort();
  }

  /**
   * Ask, or return what was answered before. Raises Refusal where there is no answer.
   * @param {string} query of the setting
   * @param {string} name
   * @param {Parameters} [parameters]
   * @param {{prefetch?: boolean}} [how] a prefetch that finds the server at work is given up
   * @returns {Promise<any>}
   */
  answer(query, name, parameters = {}, { prefetch = false } = {}) {
    const asked = new URLSearchParams(query);
    const always = { language: this.language, hidden: this.hidden() || null };
    for (const [key, value] of Object.entries({ ...parameters, ...always })) {
      if (value !== null && value !== undefined) asked.append(`of.${key}`, String(value));
    }
    const key = `${name}?${asked}`;
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      if (!known.prefetch || prefetch) return known.answer;
      // Nobody waited for it yet, so it may be given up: then it is asked for in earnest.
      return known.answer.catch(() => this.answer(query, name, parameters));
    }
    if (prefetch) asked.append("of.prefetch", "1");
    const entry = { answer: this.fetched(name, asked, prefetch), bytes: 0, prefetch };
    this.kept.set(key, entry);
    entry.answer = this.remembered(entry, key);
    return entry.answer;
  }

  /**
   * @param {{answer: Promise<any>, bytes: number, prefetch: boolean}} entry
   * @param {string} key
   */
  async remembered(entry, key) {
    try {
      const { value, bytes } = await entry.answer;
      entry.bytes = bytes;
      entry.prefetch = false;
      withinBounds(this.kept);
      return value;
    } catch (error) {
      if (this.kept.get(key) === entry) this.kept.delete(key);
      throw error;
    }
  }

  /**
   * Try until there is an answer or a refusal.
   * @param {string} name
   * @param {URLSearchParams} asked
   * @param {boolean} prefetch
   * @returns {Promise<{value: any, bytes: number}>}
   */
  async fetched(name, asked, prefetch) {
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      const came = await this.tried(name, asked);
      if (this.over.signal.aborted) throw new Refusal("", "refused");
      if (!(came instanceof Refusal)) {
        if (!prefetch) this.tell("answered");
        return came;
      }
      if (prefetch) throw came;
      this.tell(came.outcome);
      if (came.outcome !== "lost" && came.outcome !== "busy") throw came;
      await this.pause(came.after ?? wait);
    }
  }

  /**
   * Ask once.
   * @param {string} name
   * @param {URLSearchParams} asked
   * @returns {Promise<{value: any, bytes: number} | Refusal>}
   */
  async tried(name, asked) {
    const text = asked.toString();
    const signal = AbortSignal.any([this.over.signal, AbortSignal.timeout(GIVEN_UP_AFTER)]);
    try {
      const response = await (text.length <= LONGEST_ADDRESS
        ? fetch(`${this.base}${name}?${text}`, { signal })
        : fetch(this.base + name, { method: "POST", body: asked, signal }));
      return response.ok ? await readAnswer(response) : await refusalOf(response);
    } catch {
      return new Refusal("", "lost"); // or cut off on its way
    }
  }

  /**
   * Wait, or until the browser is connected again.
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  pause(milliseconds) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        this.over.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      window.addEventListener("online", done);
      this.over.signal.addEventListener("abort", done);
    });
  }
}

/**
 * Forget the least lately used answers, which stand first, where all together are too large.
 * @param {Map<string, {bytes: number}>} kept
 */
export function withinBounds(kept) {
  let bytes = 0;
  for (const entry of kept.values()) bytes += entry.bytes;
  for (const [key, entry] of kept) {
    if (bytes <= MOST_KEPT) return;
    bytes -= entry.bytes;
    kept.delete(key);
  }
}

/** @param {Response} response */
async function readAnswer(response) {
  const data = await response.arrayBuffer();
  const isText = response.headers.get("Content-Type")?.startsWith("application/json");
  const value = isText ? JSON.parse(new TextDecoder().decode(data)) : readPacket(data);
  return { value, bytes: data.byteLength };
}

/** @param {Response} response */
async function refusalOf(response) {
  const { sentence = "" } = await response.json().catch(() => ({}));
  const outcomes = /** @type {Record<number, Outcome>} */ ({ 410: "updated", 503: "busy" });
  const otherwise = response.status >= 500 ? "failed" : "refused";
  const outcome = outcomes[response.status] ?? otherwise;
  const after = 1000 * (Number(response.headers.get("Retry-After")) || 1);
  return new Refusal(String(sentence), outcome, outcome === "busy" ? after : undefined);
}
