// The depth profile of two runs on the one axis that never changes, and below it B : A.

/** @import {Theme, Words} from "../types.d.ts" */
/** @import {Mark} from "../profile/scale.js" */
/** @import {Column} from "./align.js" */
/** @import {Sides} from "./column.js" */

import { drawGrid, drawLinks, explain } from "../profile/grid.js";
import { linesOf, marksOf } from "../profile/scale.js";
import { shape } from "../profile/shapes.js";
import { shortNumber } from "../numbers.js";
import { ratioOf } from "./align.js";

const SIDES = /** @type {const} */ (["a", "b"]);
const TOP = 12; // px
const BELOW = 26; // px for the ratios
const BESIDE = 9; // px from a point to its number
const EXPLAINED = { above: 17, below: 9 }; // px below the top and above the floor
const SQUARE = 7; // px of a point of B
const [LETTER, GAP] = [6.7, 4]; // px of a ratio's letter, and between two ratios
const APART = 13; // px between two numbers at least

/**
 * How it is drawn.
 * @typedef {object} Plan
 * @property {number} width px
 * @property {number} gutter px
 * @property {number} height px
 * @property {number} column px of a column
 * @property {(at: number) => number} middle of a column
 * @property {number} chosen column
 * @property {boolean[]} ahead which columns the engine has not reached, while somebody steps
 */

/**
 * @param {{lines: SVGSVGElement, axis: SVGSVGElement}} drawings the axis once more, which stays in view
 * @param {Column[]} columns
 * @param {Sides} sides
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {Words} words of the strip
 */
export function drawLines({ lines: svg, axis: aside }, columns, sides, plan, theme, words) {
  svg.replaceChildren();
  svg.setAttribute("width", String(plan.width));
  svg.setAttribute("height", String(plan.height));
  const [highest, lowest, unchanged] = sides.a.scene.strip.axis;
  const axis = { highest, lowest, top: TOP, floor: plan.height - BELOW };
  const low = SIDES.some((side) => {
    const { boxes, peaks } = sides[side].scene.strip;
    return boxes.some(({ state }, at) => state === "number" && peaks[at] <= unchanged);
  });
  const marked = low ? unchanged : null;
  drawGrid(svg, axis, plan, words, marked);
  aside.replaceChildren();
  aside.setAttribute("height", String(plan.height));
  if (plan.gutter) drawGrid(aside, axis, { ...plan, width: plan.gutter }, words, null);
  const ends = [...SIDES].reverse().map((side) => {
    const { boxes, peaks, links, path } = sides[side].scene.strip;
    const states = boxes.map(({ state }) => state);
    const places = new Map(columns.map((column, at) => [column[side], at]));
    const x = (/** @type {number} */ at) => plan.middle(places.get(at) ?? 0);
    const marks = marksOf(peaks, states, axis).map((mark, at) =>
      plan.ahead[places.get(at) ?? 0] ? null : mark,
    );
    const drawn = drawLinks(svg, linesOf(links, path, marks), x, marks, side);
    marks.forEach((mark, at) => mark && point(svg, side, mark, x(at)));
    return { side, at: marks.findIndex(Boolean), marks, x, drawn };
  });
  const points = [...ends].reverse().flatMap(({ side, marks, x }) =>
    marks.map((mark, at) => {
      return { mark, peak: sides[side].scene.strip.peaks[at], x: x(at), of: side.toUpperCase() };
    }),
  );
  numbers(svg, ends, sides, plan.gutter, theme);
  ratios(svg, columns, sides, plan, theme);
  const where = {
    ...plan,
    above: axis.top + EXPLAINED.above,
    below: axis.floor - EXPLAINED.below,
  };
  const found = { points, lines: ends.flatMap(({ drawn }) => drawn) };
  explain(svg, found, where, axis, marked, words, (value) => shortNumber(value, 2, theme));
}

/**
 * @param {SVGSVGElement} svg
 * @param {"a" | "b"} side
 * @param {Mark} mark
 * @param {number} x
 */
function point(svg, side, { y, look }, x) {
  const name = `point ${side} ${look}`;
  if (look === "above" || look === "below") {
    const tip = look === "above" ? -4 : 4;
    shape(svg, "path", {
      class: name,
      d: `M${x - 5} ${y - tip}L${x} ${y + tip}L${x + 5} ${y - tip}Z`,
    });
  } else if (side === "a") {
    shape(svg, "circle", { class: name, cx: x, cy: y, r: 4 });
  } else {
    const [left, top] = [x, y].map((middle) => middle - SQUARE / 2);
    shape(svg, "rect", { class: name, x: left, y: top, width: SQUARE, height: SQUARE });
  }
}

/**
 * How large both are at the end of their way back, unless that is told of the marks at the floor.
 * @param {SVGSVGElement} svg
 * @param {{side: "a" | "b", at: number, marks: (Mark | null)[], x: (at: number) => number}[]} ends
 * @param {Sides} sides
 * @param {number} gutter px
 * @param {Theme} theme
 */
function numbers(svg, ends, sides, gutter, theme) {
  const heights = ends.map(({ at, marks }) => (marks[at]?.y ?? 0) + 4);
  if (Math.abs(heights[0] - heights[1]) < APART) {
    const upper = heights[0] <= heights[1] ? 0 : 1;
    const middle = (heights[0] + heights[1]) / 2;
    heights[upper] = Math.max(middle - APART / 2, TOP);
    heights[1 - upper] = heights[upper] + APART;
  }
  ends.forEach(({ side, at, marks, x }, place) => {
    if (at < 0 || marks[at]?.look === "below") return;
    const { state, peak } = /** @type {{state: string, peak: number}} */ (sides[side].gradient(at));
    const number = state === "zero" ? "0" : shortNumber(peak, 2, theme);
    const text = `${side.toUpperCase()} ${number}`;
    const before = x(at) - BESIDE - text.length * LETTER >= gutter;
    shape(
      svg,
      "text",
      {
        class: before ? `value ${side} last` : `value ${side} first`,
        x: x(at) + (before ? -BESIDE : BESIDE),
        y: heights[place],
      },
      text,
    );
  });
}

/**
 * @param {SVGSVGElement} svg
 * @param {Column[]} columns
 * @param {Sides} sides
 * @param {Plan} plan
 * @param {Theme} theme
 */
function ratios(svg, columns, sides, { middle, column, height, chosen, ahead }, theme) {
  const texts = columns.map(({ a, b }, at) =>
    ahead[at] ? "" : ratioText(ratioOf(sides.a.gradient(a), sides.b.gradient(b)), 2, theme),
  );
  const widths = texts.map((text) => text.length * LETTER + GAP);
  for (const at of thatFit(widths, column, chosen)) {
    if (!texts[at]) continue;
    const name = at === chosen ? "ratio chosen" : "ratio";
    shape(svg, "text", { class: name, x: middle(at), y: height - 6 }, texts[at]);
  }
}

/**
 * Which texts in the middle of their columns are written, so that none touches another: the chosen
 * one, and the others as far as they have room.
 * @param {number[]} widths px
 * @param {number} column px
 * @param {number} chosen -1 for none
 */
export function thatFit(widths, column, chosen) {
  const wide = chosen < 0 ? 0 : widths[chosen];
  const fits = (/** @type {number} */ at) => {
    const apart = Math.abs(at - chosen) * column;
    return at === chosen || (widths[at] <= column && 2 * apart >= wide + widths[at]);
  };
  return widths.map((_, at) => at).filter(fits);
}

/**
 * @param {number | null} ratio
 * @param {number} digits
 * @param {Theme} theme
 */
export function ratioText(ratio, digits, theme) {
  if (ratio === null) return "–";
  return ratio === Infinity ? "∞" : shortNumber(ratio, digits, theme);
}
