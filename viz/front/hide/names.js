// Names of hidden maps, as a link says them.

const BETWEEN = ",";
const MOST = 4; // as `viz.hidden.MOST_HIDDEN`

/** @param {string} hidden */
export function namesIn(hidden) {
  return hidden.split(BETWEEN).filter(Boolean);
}

/**
 * Hide one more; null where no more can be.
 * @param {string} hidden
 * @param {string} name
 */
export function withName(hidden, name) {
  const names = namesIn(hidden);
  if (names.includes(name)) return hidden;
  return names.length < MOST ? [...names, name].join(BETWEEN) : null;
}

/**
 * Reveal what was hidden under a name, in whatever order its cells stand.
 * @param {string} hidden
 * @param {string} name as a map says it: cells in another order have words behind it
 */
export function withoutName(hidden, name) {
  return namesIn(hidden)
    .filter((each) => name !== each && !name.startsWith(`${each} `))
    .join(BETWEEN);
}
