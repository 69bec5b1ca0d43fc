// The parts of the step control, in their order.

import { button, element } from "../element.js";

/** @import {Words} from "../types.d.ts" */

/** @typedef {"first" | "previous" | "play" | "next" | "last" | "stop"} Act */

/**
 * @param {HTMLElement} root
 * @param {Record<Act, () => void>} acts
 * @param {(step: number) => void} slide
 * @param {Words} words
 */
export function stepBar(root, acts, slide, words) {
  const bar = element(root, "div", "bar");
  const first = button(bar, "⇤", "on end", acts.first);
  const previous = button(bar, `← ${words.back}`, "on back", acts.previous);
  const play = button(bar, "▶", "play", acts.play);
  const next = button(bar, `${words.onward} →`, "next", acts.next);
  const last = button(bar, "⇥", "on end", acts.last);
  const slider = element(bar, "input", "on", "", { type: "range", min: "0" });
  slider.addEventListener("input", () => slide(slider.valueAsNumber));
  const place = element(bar, "span", "place on");
  const stop = button(bar, "✕", "on stop", acts.stop);
  const sentence = element(root, "p", "sentence", "", { ariaLive: "polite" });
  return {
    root: bar,
    buttons: { first, previous, play, next, last, stop },
    slider,
    place,
    sentence,
  };
}
