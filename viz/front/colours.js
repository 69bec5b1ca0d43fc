// The colours that Python decides, as custom properties for style sheets.

/** @import {Theme} from "./types.d.ts" */

/**
 * @param {HTMLElement} root of one or more views
 * @param {Partial<Pick<Theme, "accent" | "accent_ink" | "non_finite">>} theme
 */
export function setColours(root, { accent, accent_ink, non_finite }) {
  const colours = { accent, "accent-ink": accent_ink, "non-finite": non_finite };
  for (const [name, colour] of Object.entries(colours)) {
    if (colour) root.style.setProperty(`--${name}`, colour);
  }
}
