// Which box an arrow key leads to.

/** @typedef {{x: number, y: number}} Place middle of a box */
/** @typedef {Map<string, string[]>} Ways the boxes one line away from each */

export const LEVEL = 5; // boxes less apart than this, in the drawing's units, stand in one row

export class Walk {
  /**
   * @param {Map<string, Place>} places
   * @param {[string, string][]} lines each from the upper box to the lower
   */
  constructor(places, lines) {
    this.places = places;
    /** @type {Ways} */
    this.above = new Map([...places.keys()].map((id) => [id, []]));
    /** @type {Ways} */
    this.below = new Map([...places.keys()].map((id) => [id, []]));
    for (const [upper, lower] of lines) {
      if (!places.has(upper) || !places.has(lower)) continue;
      this.above.get(lower)?.push(upper);
      this.below.get(upper)?.push(lower);
    }
    this.heights = longest(this.above);
    this.depths = longest(this.below);
  }

  /**
   * The box one step away, if any; Up and Down follow the longest path, so the main road.
   * @param {string} id
   * @param {string} key
   * @returns {string | undefined}
   */
  step(id, key) {
    if (key === "ArrowUp") return this.farthest(id, this.above, this.heights);
    if (key === "ArrowDown") return this.farthest(id, this.below, this.depths);
    const side = key === "ArrowLeft" ? -1 : 1;
    const from = this.placeOf(id);
    const ahead = (/** @type {Place} */ place) => (place.x - from.x) * side;
    const [beside] = [...this.places]
      .filter(([, place]) => Math.abs(place.y - from.y) < LEVEL && ahead(place) > 0)
      .sort(([, one], [, other]) => ahead(one) - ahead(other));
    return beside?.[0];
  }

  /**
   * Of the boxes one line away the one from which the way is longest; of equal ones the nearest.
   * @param {string} id
   * @param {Ways} ways
   * @param {Map<string, number>} lengths
   * @returns {string | undefined}
   */
  farthest(id, ways, lengths) {
    const { x } = this.placeOf(id);
    const length = (/** @type {string} */ other) => lengths.get(other) ?? 0;
    const away = (/** @type {string} */ other) => Math.abs(this.placeOf(other).x - x);
    return (ways.get(id) ?? []).toSorted(
      (one, other) => length(other) - length(one) || away(one) - away(other),
    )[0];
  }

  /**
   * @param {string} id
   * @returns {Place}
   */
  placeOf(id) {
    return this.places.get(id) ?? { x: 0, y: 0 };
  }
}

/**
 * Boxes on the longest path from every box, itself included; without recursion.
 * @param {Ways} ways
 */
export function longest(ways) {
  /** @type {Map<string, number>} */
  const lengths = new Map();
  for (const start of ways.keys()) {
    if (lengths.has(start)) continue;
    const stack = [start];
    const waiting = new Set(stack);
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const next = ways.get(id) ?? [];
      const open = next.find((other) => !lengths.has(other) && !waiting.has(other));
      if (open !== undefined) {
        stack.push(open);
        waiting.add(open);
      } else {
        lengths.set(id, 1 + Math.max(0, ...next.map((other) => lengths.get(other) ?? 0)));
        stack.pop();
      }
    }
  }
  return lengths;
}
