// A word with a dotted line, whose explanation appears on pointing, focus and tap.

import { button, element } from "../element.js";

/** @import {Words} from "../types.d.ts" */

const GAP = 6; // px between a word and its explanation
const EDGE = 8; // px that stay free beside it

let count = 0;

/**
 * A term of the glossary where it stands.
 * @param {Node & ParentNode} parent
 * @param {string} key of `viz.words.glossary`
 * @param {string} text what is written
 * @param {Words} glossary
 */
export function term(parent, key, text, glossary) {
  const word = button(parent, text, "glossed", () => {});
  explain(word, glossary[key], parent);
  return word;
}

/**
 * Let a word explain itself.
 * @param {HTMLElement} word
 * @param {string} sentence
 * @param {Node & ParentNode} home of the explanation, in the same tree as the word
 */
export function explain(word, sentence, home) {
  const bubble = element(home, "span", "explanation", sentence, { role: "tooltip" });
  bubble.popover = "auto"; // above everything, and one at a time
  bubble.id = `explanation-${(count += 1)}`;
  word.setAttribute("aria-describedby", bubble.id);
  const show = () => open(word, bubble);
  const hide = () => bubble.matches(":popover-open") && bubble.hidePopover();
  word.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && show());
  word.addEventListener("pointerleave", hide);
  word.addEventListener("focus", show);
  word.addEventListener("blur", hide);
  word.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
  word.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bubble.matches(":popover-open")) return;
    event.stopPropagation();
    hide();
  });
}

/**
 * @param {HTMLElement} word
 * @param {HTMLElement} bubble
 */
function open(word, bubble) {
  if (!word.isConnected || bubble.matches(":popover-open")) return;
  bubble.showPopover();
  const { left, top } = placed(word.getBoundingClientRect(), bubble.getBoundingClientRect(), {
    width: document.documentElement.clientWidth,
    height: document.documentElement.clientHeight,
  });
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
  const leave = () => bubble.matches(":popover-open") && bubble.hidePopover();
  document.addEventListener("scroll", leave, { capture: true, once: true });
}

/**
 * Where an explanation stands: below its word, or above where there is no room, within the window.
 * @param {{left: number, top: number, bottom: number}} word
 * @param {{width: number, height: number}} bubble
 * @param {{width: number, height: number}} page
 */
export function placed(word, bubble, page) {
  const below = word.bottom + GAP;
  const fits = below + bubble.height + EDGE <= page.height;
  const most = page.width - bubble.width - EDGE;
  return {
    left: Math.max(Math.min(word.left, most), EDGE),
    top: fits ? below : Math.max(word.top - GAP - bubble.height, EDGE),
  };
}
