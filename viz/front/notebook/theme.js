// The notebook's theme: what stands behind the workbench decides whether it is light or dark.

import { isDark } from "../colours.js";

const CLEAR = ["rgba(0, 0, 0, 0)", "transparent", ""];

/**
 * Call `take` with the colour behind an element, now and whenever the notebook's theme changes.
 * @param {HTMLElement} part
 * @param {(colour: string, dark: boolean) => void} take
 * @returns {() => void} ends it
 */
export function followTheme(part, take) {
  let last = "";
  const look = () => {
    const colour = part.isConnected ? behind(part) : "";
    if (colour && colour !== last) take(colour, isDark(colour));
    last = colour || last;
  };
  const changed = new MutationObserver(look);
  for (const each of [document.documentElement, document.body]) {
    changed.observe(each, { attributes: true });
  }
  document.head.addEventListener("load", look, true); // a theme's style sheet has come
  const placed = new ResizeObserver(look); // a widget is made before it has its place
  placed.observe(part);
  look();
  return () => {
    changed.disconnect();
    document.head.removeEventListener("load", look, true);
    placed.disconnect();
  };
}

/**
 * The first colour behind an element that is not clear; a page without any is white.
 * @param {HTMLElement} part
 */
function behind(part) {
  for (let each = /** @type {Element | null} */ (above(part)); each; each = above(each)) {
    const { backgroundColor } = getComputedStyle(each);
    if (!CLEAR.includes(backgroundColor)) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
}

/** @param {Element} part */
function above(part) {
  const root = part.getRootNode();
  return part.assignedSlot ?? part.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
