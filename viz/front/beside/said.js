// What is said of two runs: at the layer where the gradient ends, and at the one that is chosen.

/** @import {FrontWords, Words} from "../types.d.ts" */
/** @import {Column} from "./align.js" */
/** @import {Sides} from "./column.js" */

import { fill } from "../numbers.js";
import { isSized, ratioOf } from "./align.js";
import { boxesOf, nameOf } from "./column.js";
import { sizeText } from "./flows.js";
import { ratioText } from "./lines.js";

const BLANK = 20; // times smaller: on one scale such a map has next to no colour

/**
 * What the gradients are at the first layer where both have one.
 * @param {Column[]} columns
 * @param {Sides} sides
 * @param {Words} words
 */
export function atFirst(columns, sides, words) {
  const { theme } = sides.a.scene;
  for (const column of columns) {
    const [a, b] = [sides.a.gradient(column.a), sides.b.gradient(column.b)];
    if (!a || !b || !isSized(a.state) || !isSized(b.state)) continue;
    const layer = nameOf(boxesOf(column, sides), words);
    const ratio = ratioOf(a, b);
    if (ratio === null) return fill(words.first_zero, { layer });
    if (ratio === 0) return fill(words.first_b_zero, { layer });
    if (ratio === Infinity) return fill(words.first_a_zero, { layer });
    if (ratio === 1) return fill(words.first_equal, { layer });
    return fill(words.first_ratio, { layer, ratio: ratioText(ratio, theme.digits, theme) });
  }
  return words.first_none;
}

/**
 * How large the gradients are in a column, and whether one of them is too small to be seen beside
 * the other.
 * @param {Column} column
 * @param {Sides} sides
 * @param {FrontWords} words
 */
export function atChosen(column, sides, { beside, strip }) {
  const { theme } = sides.a.scene;
  const [a, b] = [sides.a.gradient(column.a), sides.b.gradient(column.b)];
  const texts = [a, b].map((each) => each && sizeText(each, theme, strip));
  if (!texts[1]) return beside.only_a;
  const said = [fill(beside.largest, { a: texts[0] ?? "", b: texts[1] })];
  const ratio = ratioOf(a, b);
  if (ratio && ratio !== Infinity && Math.max(ratio, 1 / ratio) >= BLANK) {
    const factor = ratioText(Math.max(ratio, 1 / ratio), 2, theme);
    said.push(fill(beside.blank, { name: ratio > 1 ? "A" : "B", factor }));
  }
  return said.join(" ");
}
