// One plain sentence and the numbers behind it, each with a small caption.

import { element } from "../element.js";

/** @import {Sentence} from "./types.d.ts" */

/**
 * @param {HTMLElement} root
 * @param {Sentence} said
 */
export function say(root, { lead, rest, parts }) {
  root.replaceChildren();
  const sentence = element(root, "p", "sentence");
  element(sentence, "b", "", lead);
  sentence.append(rest);
  const row = element(root, "div", "equation");
  for (const { kind, text, caption } of parts) {
    const part = element(row, "span", `part ${kind}`);
    element(part, "span", "figure", text);
    if (caption) element(part, "small", "", caption);
  }
}
