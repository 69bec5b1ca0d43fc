// A value that the browser holds and the page follows: what is said is the whole of it.

/** @import {Send} from "./mounting.js" */

/** @template Value */
export class Kept {
  /** @param {Value} value */
  constructor(value) {
    this.value = value;
    /** @type {number[]} when each of what the page has not confirmed was said */
    this.waiting = [];
    this.last = 0;
    /** @type {Send} */
    this.say = () => {};
  }

  /**
   * Take another value and say it. The time tells a value that is said again from the first time.
   * @param {Value} value
   */
  set(value) {
    this.value = value;
    this.last = Math.max(Date.now(), this.last + 1);
    this.waiting.push(this.last);
    this.say("said", { value, since: this.last });
  }

  /**
   * Hear what the page holds, and since when what it took from here was said. What is under way
   * goes before; once the page has taken all of it, the page goes before.
   * @param {Value} value
   * @param {number | null} heard
   * @returns {boolean} whether another value was taken over
   */
  hear(value, heard) {
    this.waiting = this.waiting.filter((since) => since > (heard ?? 0));
    if (this.waiting.length || JSON.stringify(value) === JSON.stringify(this.value)) return false;
    this.value = value;
    return true;
  }
}
