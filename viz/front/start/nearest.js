// The next cell for an arrow key, wherever the boxes stand.

/** @typedef {{x: number, y: number}} Point */

/** @type {Record<string, [number, number]>} */
const WAYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const ASIDE = 3; // what is aside of the way is as far as this many times ahead

/**
 * The place of the nearest point in the direction of a key; -1 where there is none.
 * @param {Point[]} points
 * @param {Point} from
 * @param {string} key
 */
export function nearest(points, from, key) {
  const [right, down] = WAYS[key];
  let [best, least] = [-1, Infinity];
  points.forEach(({ x, y }, at) => {
    const [across, along] = [x - from.x, y - from.y];
    const ahead = across * right + along * down;
    const far = ahead + ASIDE * Math.abs(across * down + along * right);
    if (ahead > 1 && far < least) [best, least] = [at, far];
  });
  return best;
}

/** @param {string} key */
export function isArrow(key) {
  return key in WAYS;
}
