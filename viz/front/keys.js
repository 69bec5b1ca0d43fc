// Keys that mean the same in every view.

/** @typedef {Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">} Modifiers */

/**
 * Whether a key is pressed together with one that makes it the browser's, or another command.
 * @param {Modifiers} event
 */
export function isCommand({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
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
