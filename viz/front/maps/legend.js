// The scale below a map.

import { element } from "../element.js";

/** @import {View} from "./types.d.ts" */

const STEPS = 30; // of the gradient that shows a scale; more look the same

/**
 * The colours of a scale from end to end.
 * @param {Uint8Array} table
 * @param {number} half
 */
export function scaleColours(table, half) {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const at = Math.round((step * 2 * half) / STEPS);
    return `rgb(${table.subarray(4 * at, 4 * at + 3).join(" ")})`;
  });
}

/**
 * @param {HTMLElement} parent
 * @param {string[]} colours
 * @param {string[]} said at its ends and in the middle
 */
export function writeScale(parent, colours, said) {
  const scale = element(parent, "div", "scale");
  const gradient = `linear-gradient(90deg, ${colours.join(", ")})`;
  element(scale, "div", "bar").style.background = gradient;
  const ends = element(scale, "div", "ends");
  for (const end of said) element(ends, "span", "", end);
}

/** @param {View} view */
export function showLegend({ spec, legend, stage }) {
  const { half, non_finite: odd, hatch } = stage.packet.theme;
  legend.replaceChildren();
  writeScale(legend, scaleColours(stage.palette.table, half), spec.ends);
  if (!spec.non_finite) return;
  const note = element(legend, "span", "odd");
  const swatch = element(note, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note.append(spec.non_finite);
}
