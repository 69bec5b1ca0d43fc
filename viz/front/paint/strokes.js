// One plane of a tensor as it is shown: its own cells, the changes by hand, an unfinished stroke.

/** @import {Edits, Setting} from "./edits.js" */
/** @import {Canvas} from "./types.d.ts" */

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
  /**
   * @param {Canvas} canvas
   * @param {Edits} edits
   */
  constructor(canvas, edits) {
    this.canvas = canvas;
    this.edits = edits;
    /** What the unfinished stroke makes of its cells. @type {Map<number, Setting> | null} */
    this.stroke = null;
    this.values = canvas.original.slice();
    /** @type {Set<number>} */
    this.edited = new Set();
    this.lay();
  }

  /**
   * Show another plane, or the same anew; whether it is the same.
   * @param {Canvas} canvas
   */
  receive(canvas) {
    const { key, start, count } = this.canvas;
    const same = key === canvas.key && start === canvas.start && count === canvas.count;
    if (!same) this.stroke = null;
    this.canvas = canvas;
    this.lay();
    return same;
  }

  /** Lay the changes, and the unfinished stroke, over the cells as they came. */
  lay() {
    const { key, start, count, original } = this.canvas;
    this.values = original.slice();
    this.edited = new Set();
    for (const [place, value] of this.edits.of(key)) {
      if (place >= start && place < start + count) this.put(place - start, value);
    }
    for (const [k, value] of this.stroke ?? []) this.put(k, value);
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

  begin() {
    this.stroke = new Map();
  }

  /**
   * Change one cell within the stroke that has begun.
   * @param {number} k
   * @param {Setting} value
   */
  touch(k, value) {
    this.put(k, value);
    this.stroke?.set(k, this.settingOf(k));
  }

  /** End the stroke; how many cells it changed, null where they would be too many. */
  finish() {
    const { key, start, most } = this.canvas;
    const { edits } = this;
    /** @type {[number, Setting][]} */
    const changes = [...(this.stroke ?? [])].map(([k, value]) => [start + k, value]);
    this.stroke = null;
    const cells = edits.of(key);
    const more = changes.filter(([place, value]) => value !== null && !cells.has(place));
    if (edits.count + more.length > most) {
      this.lay();
      return null;
    }
    return edits.change(key, changes);
  }
}
