// What was filled in and not checked yet, while another step of a lesson is looked at.

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
 * Take what was kept; null where nothing was.
 * @param {string} name
 * @param {string} question
 */
export function takeDraft(name, question) {
  const place = placeOf(name, question);
  const typed = drafts.get(place) ?? null;
  drafts.delete(place);
  return typed;
}
