// What was filled in and not checked yet, while another step of a lesson is looked at; and, over a
// reload, whatever was filled in: the link holds of it only what was checked and is a number.

/** @type {Map<string, string[]>} by page, exercise and its numbers; gone when the tab is */
const drafts = new Map();

/**
 * Where a draft is kept.
 * @param {string} name of the exercise; without one nothing is kept
 * @param {string} question
 */
function placeOf(name, question) {
  return `${globalThis.location?.pathname} ${name} ${question}`;
}

/**
 * Keep what is filled in, unless it is what was checked.
 * @param {string} name
 * @param {string} question
 * @param {string[]} typed
 * @param {string[]} checked
 */
export function keepDraft(name, question, typed, checked) {
  if (name && typed.some(Boolean) && typed.join(" ") !== checked.join(" ")) {
    drafts.set(placeOf(name, question), typed);
  }
}

/**
 * Keep what is filled in while the page is left; it is taken by the same link alone.
 * @param {string} name
 * @param {string} question
 * @param {string[]} typed
 */
export function keepOverReload(name, question, typed) {
  if (!name || !typed.some(Boolean)) return;
  const kept = JSON.stringify([globalThis.location?.search, typed]);
  storage()?.setItem(placeOf(name, question), kept);
}

/**
 * Take what was kept; null where nothing was.
 * @param {string} name
 * @param {string} question
 */
export function takeDraft(name, question) {
  const place = placeOf(name, question);
  const typed = drafts.get(place) ?? reloaded(place);
  drafts.delete(place);
  return typed;
}

/**
 * @param {string} place
 * @returns {string[] | null}
 */
function reloaded(place) {
  const kept = storage()?.getItem(place);
  if (!kept) return null;
  storage()?.removeItem(place);
  const [search, typed] = JSON.parse(kept);
  return search === globalThis.location?.search ? typed : null;
}

/** The storage of this tab; undefined where the browser has none or lets nobody at it. */
function storage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
