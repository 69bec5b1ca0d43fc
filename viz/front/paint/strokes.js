// What is changed: strokes, undo and redo, and what the server has not answered yet.

/** @import {Canvas} from "./types.d.ts" */

/** What a cell is set to; null: as it came. @typedef {number | null} Setting */
/** @typedef {[place: number, before: Setting, after: Setting]} Change */
/** @typedef {{past: Change[][], future: Change[][]}} History */

const MOST_UNDOS = 200;

/**
 * All cells on the straight line from one to another, so that a quick stroke has no gaps.
 * @param {Pick<Canvas, "columns" | "count">} canvas
 * @param {number} from
 * @param {number} to
 */
export function line({ columns, count }, from, to) {
  const [x0, y0] = [from % columns, Math.floor(from / columns)];
  const [x1, y1] = [to % columns, Math.floor(to / columns)];
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  const cells = [];
  for (let step = 0; step <= steps; step += 1) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    if (y * columns + x < count) cells.push(y * columns + x);
  }
  return cells;
}

export class Strokes {
  /** @param {Canvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.values = canvas.values.slice();
    this.edited = new Set(canvas.edited);
    this.serial = canvas.answered;
    /** What the cells of the unfinished stroke were before. @type {Map<number, Setting> | null} */
    this.stroke = null;
    /** By tensor. @type {Map<string, History>} */
    this.histories = new Map();
    /** @type {Map<string, string>} */
    this.origins = new Map();
    /** By tensor, then by place. @type {Map<string, Map<number, Setting>>} */
    this.waiting = new Map();
  }

  /**
   * Take over what the server says, under what it has not seen yet; whether the plane is the same.
   * @param {Canvas} canvas
   */
  receive(canvas) {
    const { key, start, count } = this.canvas;
    const same = key === canvas.key && start === canvas.start && count === canvas.count;
    if (canvas.answered >= this.serial) this.waiting.clear();
    if (this.origins.get(canvas.key) !== canvas.origin) this.histories.delete(canvas.key);
    this.origins.set(canvas.key, canvas.origin);
    if (!same) this.stroke = null;
    /** @type {[number, Setting][]} */
    const unfinished = [...(this.stroke ?? [])].map(([k]) => [k, this.settingOf(k)]);
    this.canvas = canvas;
    this.values = canvas.values.slice();
    this.edited = new Set(canvas.edited);
    this.putPlaces(this.waiting.get(canvas.key) ?? []);
    for (const [k, value] of unfinished) this.put(k, value);
    return same;
  }

  /**
   * @param {number} k
   * @returns {Setting}
   */
  settingOf(k) {
    return this.edited.has(k) ? this.values[k] : null;
  }

  /**
   * Give a cell a value; null or its own first value brings it back.
   * @param {number} k
   * @param {Setting} value
   */
  put(k, value) {
    const { original } = this.canvas;
    const rounded = value === null ? original[k] : Math.fround(value);
    this.values[k] = rounded;
    if (rounded === original[k]) this.edited.delete(k);
    else this.edited.add(k);
  }

  /** @param {Iterable<[place: number, value: Setting]>} changes of which some may be elsewhere */
  putPlaces(changes) {
    const { start, count } = this.canvas;
    for (const [place, value] of changes) {
      if (place >= start && place < start + count) this.put(place - start, value);
    }
  }

  begin() {
    this.stroke = new Map();
  }

  /**
   * Change one cell within the stroke that has begun.
   * @param {number} k
   * @param {Setting} value
   */
  touch(k, value) {
    if (!this.stroke?.has(k)) this.stroke?.set(k, this.settingOf(k));
    this.put(k, value);
  }

  /** End the stroke, and remember how to take it back; how many cells it changed. */
  finish() {
    const { key, start } = this.canvas;
    /** @type {Change[]} */
    const done = [...(this.stroke ?? [])]
      .filter(([k, before]) => this.settingOf(k) !== before)
      .map(([k, before]) => [start + k, before, this.settingOf(k)]);
    this.stroke = null;
    if (!done.length) return 0;
    const past = [...this.history.past, done].slice(-MOST_UNDOS);
    this.histories.set(key, { past, future: [] });
    this.await(done.map(([place, , after]) => [place, after]));
    return done.length;
  }

  /** @returns {History} of the tensor that is shown */
  get history() {
    return this.histories.get(this.canvas.key) ?? { past: [], future: [] };
  }

  /** Take the last stroke back; false when there is none. */
  undo() {
    const { past, future } = this.history;
    return this.move(past, future, 1);
  }

  /** Make the stroke again that was taken back last; false when there is none. */
  redo() {
    const { past, future } = this.history;
    return this.move(future, past, 2);
  }

  /**
   * @param {Change[][]} from
   * @param {Change[][]} to
   * @param {1 | 2} side of a change
   */
  move(from, to, side) {
    const stroke = from.pop();
    if (!stroke) return false;
    to.push(stroke);
    /** @type {[number, Setting][]} */
    const changes = stroke.map((change) => [change[0], change[side]]);
    this.putPlaces(changes);
    this.await(changes);
    return true;
  }

  /** @param {[place: number, value: Setting][]} changes that the server has to answer */
  await(changes) {
    const { key } = this.canvas;
    this.waiting.set(key, new Map([...(this.waiting.get(key) ?? []), ...changes]));
    this.serial += 1;
  }

  /** All that is not answered yet: of two messages in a row the server may see only the second. */
  get message() {
    /** @type {[name: string, cells: [place: number, value: Setting][]][]} */
    const tensors = [...this.waiting].map(([name, cells]) => [name, [...cells]]);
    return { serial: this.serial, tensors };
  }
}
