// The parts of the step control, in their order.

import { button, element } from "../element.js";

/** @typedef {"first" | "previous" | "play" | "next" | "last" | "stop"} Act */

/**
 * @param {HTMLElement} root
 * @param {Record<Act, () => void>} acts
 * @param {(step: number) => void} slide
 */
export function stepBar(root, acts, slide) {
  const first = button(root, "⇤", "on", acts.first);
  const previous = button(root, "←", "on", acts.previous);
  const play = button(root, "▶", "", acts.play);
  const next = button(root, "→", "on", acts.next);
  const last = button(root, "⇥", "on", acts.last);
  const slider = element(root, "input", "on", "", { type: "range", min: "0" });
  slider.addEventListener("input", () => slide(slider.valueAsNumber));
  const place = element(root, "span", "place on");
  const sentence = element(root, "p", "sentence", "", { ariaLive: "polite" });
  const stop = button(root, "✕", "on", acts.stop);
  return { buttons: { first, previous, play, next, last, stop }, slider, place, sentence };
}
