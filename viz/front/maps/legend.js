// The colour scales of maps.

import { element } from "../element.js";
import { fill } from "../numbers.js";
import { powerOfTen } from "./written/digits.js";
import { unitMark } from "./written/texts.js";

/** @import {Drawn, Stage, View} from "./types.d.ts" */

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

/**
 * The scale of a row of maps once, where all have the same; else below each of them.
 * @param {Stage} stage
 * @param {View[]} views
 * @param {HTMLElement} common
 */
export function showLegends(stage, views, common) {
  const drawn = views.filter(({ spec }) => !spec.missing);
  const scales = new Set(drawn.map(({ spec }) => spec.scale));
  common.replaceChildren();
  for (const { legend } of views) legend.replaceChildren();
  if (scales.size === 1) {
    showScale(stage, drawn, common);
  } else {
    for (const view of drawn) showScale(stage, [view], view.legend);
  }
  for (const { spec, legend } of drawn) showOdd(stage, spec, legend);
}

/**
 * Where all cells are 0, no colour but one is seen, and there is no scale.
 * @param {Stage} stage
 * @param {View[]} views which have this scale
 * @param {HTMLElement} parent
 */
function showScale({ packet, palette, words }, views, parent) {
  if (!views[0].spec.scale) return;
  const colours = scaleColours(palette.table, packet.theme.half);
  writeScale(parent, colours, views[0].spec.ends);
  if (packet.scaling === "log") element(parent, "span", "decades", words.maps.decades);
  const units = new Set(views.map(({ texts }) => texts?.power ?? 0));
  units.delete(0);
  if (!units.size) return;
  const unit = [...units].map(powerOfTen).join(", ");
  element(parent, "span", "unit", fill(words.maps.unit, { unit }));
}

/**
 * In which unit the cells of a map are written, beside its title, where nothing covers it.
 * @param {View} view
 */
export function showUnit({ stage, texts, unit }) {
  unit.textContent = unitMark(texts);
  const power = powerOfTen(texts?.power ?? 0);
  unit.title = texts?.power ? fill(stage.words.maps.unit, { unit: power }) : "";
}

/**
 * What the cells are that are on no scale.
 * @param {Stage} stage
 * @param {Drawn} spec
 * @param {HTMLElement} legend
 */
function showOdd({ packet }, spec, legend) {
  const { non_finite: odd, hatch } = packet.theme;
  if (!spec.non_finite) return;
  const note = element(legend, "span", "odd");
  const swatch = element(note, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note.append(spec.non_finite);
}
