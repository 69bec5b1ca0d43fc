// The lines of the axis, which is the same for every run, and what is said of the points around them.

/** @import {Words} from "../types.d.ts" */
/** @import {Line} from "./clear.js" */
/** @import {Mark, Point} from "./scale.js" */

import { fill } from "../numbers.js";
import { clearPlace } from "./clear.js";
import { beyondOf, scaleOf } from "./scale.js";
import { shape } from "./shapes.js";

const LINES = /** @type {const} */ ([
  [1, "one"],
  [1e-3, "thousandth"],
  [1e-6, "millionth"],
  [1e-9, "billionth"],
]);

/**
 * @param {SVGSVGElement} svg
 * @param {{highest: number, lowest: number, top: number, floor: number}} axis
 * @param {{gutter: number, width: number}} plan px; without a gutter the names stand inside
 * @param {Words} words
 * @param {number | null} unchanged what changes no float32 weight of 1, where a point is under it
 */
export function drawGrid(
  svg,
  { highest, lowest, top, floor },
  { gutter, width },
  words,
  unchanged,
) {
  const scale = scaleOf(highest, lowest, top, floor);
  for (const [value, name] of LINES) {
    const y = Math.round(scale(value)) + 0.5;
    const line = { class: `grid ${name}`, d: `M${gutter ? gutter - 4 : 0} ${y}H${width}` };
    shape(svg, "path", line);
    const at = gutter
      ? { class: `axis ${name}`, x: gutter - 9, y: y + 4 }
      : { class: "inside", x: 2, y: y - 3 };
    shape(svg, "text", at, words[name]);
  }
  if (unchanged === null) return;
  const y = Math.round(scale(unchanged)) + 0.5;
  shape(svg, "path", { class: "unchanged", d: `M${gutter} ${y}H${width}` });
}

/**
 * Draw the lines between the points, the longest way thicker; tell where they are.
 * @param {SVGSVGElement} svg
 * @param {{source: number, target: number, main: boolean}[]} links
 * @param {(at: number) => number} x
 * @param {(Mark | null)[]} marks
 * @param {string} [run]
 * @returns {Line[]}
 */
export function drawLinks(svg, links, x, marks, run = "") {
  const point = (/** @type {number} */ at) => ({ x: x(at), y: marks[at]?.y ?? 0 });
  const lines = links.map(({ source, target, main }) => {
    return { main, from: point(target), to: point(source) };
  });
  for (const kind of [false, true]) {
    const d = lines
      .filter(({ main }) => main === kind)
      .map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`)
      .join("");
    if (d) shape(svg, "path", { class: `${kind ? "main" : "side"} ${run}`.trim(), d });
  }
  return lines;
}

/**
 * Say what the marks at the edges of the axis mean and how far beyond it they go, and what changes no
 * weight, where neither a line nor another text is.
 * @param {SVGSVGElement} svg with all else in it
 * @param {{points: Point[], lines: Line[]}} drawn
 * @param {{gutter: number, width: number, above: number, below: number}} where px; the last two are
 *   where what is said of these stands
 * @param {{highest: number, lowest: number, top: number, floor: number}} axis
 * @param {number | null} unchanged as in drawGrid
 * @param {Words} words
 * @param {(value: number) => string} write
 */
export function explain(svg, { points, lines }, where, axis, unchanged, words, write) {
  const { gutter, width } = where;
  for (const look of /** @type {const} */ (["below", "above"])) {
    const beyond = beyondOf(points, look);
    if (!beyond) continue;
    const { from, to, farthest } = beyond;
    const value = [...farthest].map(([of, size]) => `${of} ${write(size)}`.trim()).join(", ");
    const text = fill(words[look === "above" ? "above_axis" : "below_axis"], { value });
    const wish = from + to < width ? { from } : { to };
    note(svg, look, text, where[look], wish, { from: gutter, to: width }, lines);
  }
  if (unchanged === null) return;
  const { highest, lowest, top, floor } = axis;
  const y = Math.round(scaleOf(highest, lowest, top, floor)(unchanged)) + 0.5;
  const below = y + 12 <= floor ? y + 12 : y - 4; // names may stand below the floor
  const room = { from: gutter + 4, to: width - 4 };
  note(svg, "unchanged", words.unchanged, below, { to: room.to }, room, lines);
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} name of its class
 * @param {string} text
 * @param {number} y px
 * @param {{from?: number, to?: number}} wish where it begins or ends where all is free, px
 * @param {{from: number, to: number}} room px
 * @param {Line[]} lines
 */
function note(svg, name, text, y, { from, to = 0 }, room, lines) {
  const others = [...svg.querySelectorAll("text, rect.worst, path.stem")];
  const made = shape(svg, "text", { class: `${name} first`, x: 0, y }, text);
  const { x: left, y: upper } = svg.getBoundingClientRect();
  const boxOf = (/** @type {Element} */ part) => {
    const { x, y: top, width, height } = part.getBoundingClientRect();
    return { x: x - left, y: top - upper, width, height };
  };
  const box = boxOf(made);
  const wished = from ?? to - box.width;
  made.setAttribute("x", String(clearPlace(box, wished, room, others.map(boxOf), lines)));
}
