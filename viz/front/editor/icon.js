// Buttons with an icon of the page's own font.

import { button, element } from "../element.js";

/**
 * A button with an icon and words.
 * @param {HTMLElement} parent
 * @param {string} icon
 * @param {string} words
 * @param {() => void} act
 */
export function iconButton(parent, icon, words, act) {
  const made = button(parent, "", "", act);
  if (icon) element(made, "span", "icon", icon).setAttribute("aria-hidden", "true");
  element(made, "span", "words", words);
  return made;
}
