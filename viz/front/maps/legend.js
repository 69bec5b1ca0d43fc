// The scale below a map.

import { element } from "../element.js";

/** @import {Palette, View} from "./types.d.ts" */

const STEPS = 30; // of the gradient that shows a scale; more look the same

/**
 * The colours of a scale from end to end.
 * @param {Palette} palette
 * @param {number} half
 */
export function scaleColours({ table }, half) {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const at = Math.round((step * 2 * half) / STEPS);
    return `rgb(${table.subarray(4 * at, 4 * at + 3).join(" ")})`;
  });
}

/**
 * @param {View} view
 * @param {Palette} palette
 */
export function showLegend({ spec, legend, stage }, palette) {
  const { half, non_finite: odd, hatch } = stage.packet.theme;
  const colours = scaleColours(palette, half).join(", ");
  legend.replaceChildren();
  const scale = element(legend, "div", "scale");
  element(scale, "div", "bar").style.background = `linear-gradient(90deg, ${colours})`;
  const ends = element(scale, "div", "ends");
  for (const end of spec.ends) element(ends, "span", "", end);
  if (!spec.non_finite) return;
  const note = element(legend, "span", "odd");
  const swatch = element(note, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note.append(spec.non_finite);
}
