// Keys that mean the same in every view.

/** @typedef {Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">} Modifiers */

/**
 * Whether a key is pressed together with one that makes it the browser's, or another command.
 * @param {Modifiers} event
 */
export function isCommand({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}

const FIELDS = "input, textarea, select, [contenteditable], [role=slider], [role=combobox]";
const PRESSED = "[type=button], [type=checkbox], [type=radio]"; // inputs in which nobody types
const ARROWS_ONLY = "[data-takes=arrows]"; // a clicker's keys go on turning pages
const NOT_TYPED = `${PRESSED}, ${ARROWS_ONLY}`;
const PAGE = "body, main, .stMain"; // what has the focus where no part of the page has

/**
 * Whether a key belongs to a field in which somebody types or chooses.
 * @param {Event} event
 */
export function isTyping(event) {
  const [part] = event.composedPath();
  return part instanceof Element && part.matches(FIELDS) && !part.matches(NOT_TYPED);
}

/**
 * Whether it is a clicker's key in a field of one line or on a slider: it turns pages there, too.
 * @param {KeyboardEvent} event
 */
export function turnsFromField(event) {
  const [part] = event.composedPath();
  const turns = event.key === "PageUp" || event.key === "PageDown";
  return turns && part instanceof Element && part.matches("input, [role=slider]");
}

/** Whether no part of the page has the focus. */
export function nothingFocused() {
  return document.activeElement?.matches(PAGE) ?? true;
}

/**
 * Which way Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z go through a history; null for any other key.
 * @param {KeyboardEvent} event
 * @returns {"undo" | "redo" | null}
 */
export function wayOf(event) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : null;
}
