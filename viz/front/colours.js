// The colours that Python decides, as custom properties for style sheets, and what a page has.

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

/** @param {string} colour */
export function isDark(colour) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!dot) return false;
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
  return red + green + blue < 384;
}
