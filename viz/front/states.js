// How a box shows where the backward pass is while the visitor steps through it.

/** @typedef {"" | "done" | "begun" | "current" | "ahead"} State */

/**
 * The state of a box that holds these nodes; empty when nobody steps.
 * @param {[number, number][]} ranges numbers of the nodes, ends included
 * @param {number | null} step
 * @returns {State}
 */
export function stateAt(ranges, step) {
  if (step === null || !ranges.length) return "";
  if (ranges.some(([first, last]) => first <= step && step <= last)) return "current";
  if (ranges.every(([first]) => first > step)) return "ahead";
  return ranges.every(([, last]) => last < step) ? "done" : "begun";
}

/**
 * Dim what the engine has not reached, and say the state to a screen reader.
 * @param {Element} part
 * @param {State} state
 * @param {Record<string, string>} text
 */
export function showState(part, state, text) {
  part.classList.toggle("ahead", state === "ahead");
  part.ariaDescription = state ? text[`step_${state}`] : null;
}
