// Choices that stand side by side: a value, what stands there, and what it is called if that is more.

import { element } from "../element.js";

/**
 * @param {HTMLElement} root
 * @param {string} name
 * @param {(value: string) => void} take
 * @param {[value: string, text: string, called?: string][]} options
 */
export function segments(root, name, take, options) {
  root.role = "radiogroup";
  for (const [value, text, called = ""] of options) {
    const segment = element(root, "label", "", "", { title: called });
    const input = element(segment, "input", "", "", { type: "radio", name, value });
    if (called) input.ariaLabel = called;
    element(segment, "span", "", text);
    input.addEventListener("change", () => take(value));
  }
}
