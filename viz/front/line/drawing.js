// What of a picture stands still: axes and curves.

import { shape } from "../profile/shapes.js";
import { DASHES, isLine } from "./looks.js";
import { linePath, signPath, stepsPath } from "./paths.js";

/** @import {CurveData, Frame, LineData, Look} from "./types.d.ts" */

const STROKE = 0.19; // of a letter's height
const DOT = 0.36;

/**
 * @param {Element} parent
 * @param {LineData} data
 * @param {Frame} frame
 */
export function drawAxes(parent, { axes: [xAxis, yAxis], moving }, frame) {
  const { left, right, top, bottom, letter, height } = frame;
  for (const { at, text } of yAxis.ticks) {
    const y = frame.y(at);
    shape(parent, "path", { class: at === 0 ? "grid zero" : "grid", d: `M${left} ${y}H${right}` });
    shape(parent, "text", { class: "tick up", x: left - 8, y: y + 0.34 * letter }, text);
  }
  for (const { at, text } of xAxis.ticks) {
    const x = frame.x(at);
    shape(parent, "path", { class: "axis", d: `M${x} ${bottom}v5` });
    shape(parent, "text", { class: "tick", x, y: bottom + 1.45 * letter }, text);
  }
  shape(parent, "path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` });
  shape(parent, "text", { class: "name", x: 2, y: letter }, yAxis.title);
  if (moving?.label === xAxis.title) return; // the point has that name
  const below = { class: "name across", x: right, y: height - 0.4 * letter };
  shape(parent, "text", below, xAxis.title);
}

/**
 * @param {Element} parent
 * @param {LineData} data
 * @param {Look[]} looks
 * @param {Frame} frame
 */
export function drawCurves(parent, { curves, bar }, looks, frame) {
  const barred = curves.filter(({ kind }) => kind === "bars");
  const parts = curves.map((curve, at) => {
    const { colour, pattern } = looks[at];
    const part = shape(parent, "g", { class: `curve c${colour} ${pattern}` });
    if (curve.kind === "bars") {
      drawBars(part, curve, (barred.indexOf(curve) - (barred.length - 1) / 2) * bar, bar, frame);
    } else if (isLine(curve.kind)) {
      const way = curve.kind === "line" ? linePath : stepsPath;
      stroke(part, way(curve.points, frame), looks[at], frame.letter);
    } else drawDots(part, curve, looks[at], frame);
    return part;
  });
  // Points are seen on the lines through them.
  parent.append(...parts.filter((_, at) => curves[at].kind === "dots"));
}

/**
 * @param {Element} part
 * @param {string} d
 * @param {Look} look
 * @param {number} letter
 */
export function stroke(part, d, { pattern }, letter) {
  const width = STROKE * letter;
  const dashes = DASHES[pattern].map((each) => each * width).join(" ") || "none";
  shape(part, "path", { class: "line", d, "stroke-width": width, "stroke-dasharray": dashes });
}

/**
 * @param {Element} part
 * @param {CurveData} curve
 * @param {Look} look
 * @param {Frame} frame
 */
function drawDots(part, { points }, { pattern }, { x, y, letter }) {
  for (const [across, up] of points) {
    if (across === null || up === null) continue;
    shape(part, "path", { class: "dot", d: signPath(pattern, x(across), y(up), DOT * letter) });
  }
}

/**
 * @param {Element} part
 * @param {CurveData} curve
 * @param {number} shift of its bars beside those of others, on the x axis
 * @param {number} bar
 * @param {Frame} frame
 */
function drawBars(part, { points }, shift, bar, { x, y }) {
  for (const [across, up] of points) {
    if (across === null || up === null) continue;
    const [from, to] = [x(across + shift - bar / 2), x(across + shift + bar / 2)];
    const [low, high] = [y(Math.min(up, 0)), y(Math.max(up, 0))];
    const sizes = { x: from, y: high, width: Math.max(to - from, 1), height: low - high };
    shape(part, "rect", { class: "bar", ...sizes });
  }
}

/**
 * A sample of a curve for the legend.
 * @param {Element} parent
 * @param {CurveData["kind"]} kind
 * @param {Look} look
 * @param {number} letter
 */
export function drawSample(parent, kind, look, letter) {
  const [width, height] = [2.6 * letter, letter];
  const svg = shape(parent, "svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  svg.ariaHidden = "true";
  const part = shape(svg, "g", { class: `curve c${look.colour} ${look.pattern}` });
  const middle = height / 2;
  if (kind === "bars") {
    shape(part, "rect", {
      class: "bar",
      x: width / 2 - middle,
      y: 1,
      width: height,
      height: height - 2,
    });
  } else if (kind === "dots") {
    shape(part, "path", {
      class: "dot",
      d: signPath(look.pattern, width / 2, middle, DOT * letter),
    });
  } else stroke(part, `M2 ${middle}H${width - 2}`, look, letter);
}
