// A list of actions, as it is changed.

/**
 * The list with one more action; null where there is no room for it.
 * @param {string[]} keys
 * @param {string} key
 * @param {number} most
 */
export function appended(keys, key, most) {
  return keys.length < most ? [...keys, key] : null;
}

/**
 * The list without the action at a place.
 * @param {string[]} keys
 * @param {number} at
 */
export function without(keys, at) {
  return keys.filter((_, place) => place !== at);
}

/**
 * The place that has the focus after one is gone: what moved up to it, or the last; -1 for none.
 * @param {number} at
 * @param {number} left how many there are now
 */
export function placeAfter(at, left) {
  return Math.min(at, left - 1);
}
