// Cells changed by hand, of every tensor: what they are, and the way back and forth.

/** What a cell is set to; null: as it came. @typedef {number | null} Setting */
/** @typedef {[place: number, before: Setting, after: Setting]} Change */
/** @typedef {{past: Change[][], future: Change[][]}} History */
/** By tensor; as a page tells them, and as it is told. @typedef {Record<string, [place: number, value: number][]>} Plain */

const MOST_UNDOS = 200;

/**
 * The same in an order of its own, so that equal edits are written alike.
 * @param {Plain} plain
 * @returns {Plain}
 */
function sorted(plain) {
  const names = Object.keys(plain).filter((name) => plain[name].length);
  return Object.fromEntries(
    names.sort().map((name) => [name, plain[name].toSorted(([one], [other]) => one - other)]),
  );
}

export class Edits {
  /** @param {Plain} [plain] */
  constructor(plain = {}) {
    /** @type {Map<string, Map<number, number>>} */
    this.cells = new Map();
    /** @type {Map<string, History>} */
    this.histories = new Map();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.take(plain);
  }

  /**
   * Take over what a page has decided; strokes before that cannot be undone.
   * @param {Plain} plain
   */
  take(plain) {
    const [now, then] = [sorted(plain), this.plain];
    const names = new Set([...Object.keys(now), ...Object.keys(then)]);
    const other = [...names].filter(
      (name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]),
    );
    if (!other.length) return;
    for (const name of other) {
      this.histories.delete(name);
      this.cells.set(name, new Map(now[name] ?? []));
    }
    this.tell();
  }

  /** @returns {Plain} */
  get plain() {
    return sorted(Object.fromEntries([...this.cells].map(([name, cells]) => [name, [...cells]])));
  }

  /** How many cells are changed in all. */
  get count() {
    return [...this.cells.values()].reduce((count, cells) => count + cells.size, 0);
  }

  /** The tensors with changed cells. */
  get names() {
    return [...this.cells.keys()].filter((name) => this.of(name).size).sort();
  }

  /**
   * The changed cells of a tensor.
   * @param {string} name
   * @returns {ReadonlyMap<number, number>}
   */
  of(name) {
    return this.cells.get(name) ?? new Map();
  }

  /**
   * @param {string} name
   * @returns {History}
   */
  history(name) {
    return this.histories.get(name) ?? { past: [], future: [] };
  }

  /**
   * Change cells of a tensor in one stroke; how many are others than before.
   * @param {string} name
   * @param {[place: number, value: Setting][]} changes
   */
  change(name, changes) {
    const cells = this.of(name);
    /** @type {Change[]} */
    const done = changes
      .map(([place, value]) => /** @type {Change} */ ([place, cells.get(place) ?? null, value]))
      .filter(([, before, after]) => before !== after);
    if (!done.length) return 0;
    const past = [...this.history(name).past, done].slice(-MOST_UNDOS);
    this.histories.set(name, { past, future: [] });
    this.put(name, done, 2);
    return done.length;
  }

  /**
   * Bring all cells of some tensors back, one stroke each.
   * @param {string[]} names
   */
  discard(names) {
    for (const name of names) {
      this.change(
        name,
        [...this.of(name).keys()].map((place) => [place, null]),
      );
    }
  }

  /**
   * Go one stroke of a tensor back or forth; whether there is one.
   * @param {string} name
   * @param {"undo" | "redo"} way
   */
  go(name, way) {
    const { past, future } = this.history(name);
    const [from, to] = way === "undo" ? [past, future] : [future, past];
    const stroke = from.pop();
    if (!stroke) return false;
    to.push(stroke);
    this.put(name, stroke, way === "undo" ? 1 : 2);
    return true;
  }

  /**
   * @param {string} name
   * @param {Change[]} stroke
   * @param {1 | 2} side of a change
   */
  put(name, stroke, side) {
    const cells = new Map(this.of(name));
    for (const change of stroke) {
      const value = change[side];
      if (value === null) cells.delete(change[0]);
      else cells.set(change[0], value);
    }
    this.cells.set(name, cells);
    this.tell();
  }

  tell() {
    for (const listener of [...this.listeners]) listener();
  }

  /**
   * Be told of every change; the returned function ends it.
   * @param {() => void} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
