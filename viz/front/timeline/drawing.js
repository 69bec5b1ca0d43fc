// What of a timeline is drawn: axes, the loss, a pixel a step and layer, and what is looked at.

import { linePath } from "../line/paths.js";
import { shape } from "../profile/shapes.js";
import { strength } from "./frame.js";

/** @import {Words} from "../types.d.ts" */
/** @import {Frame, Place, TimelineData} from "./types.d.ts" */

const ASPECT = 0.6; // a letter's mean width, in letters' heights

/**
 * @param {Element} parent emptied
 * @param {TimelineData} data
 * @param {Frame} frame
 * @param {Words} words
 */
export function drawStill(parent, data, frame, words) {
  const { left, right, top, bottom, rows, row, end, letter } = frame;
  parent.replaceChildren();
  for (const { at, text } of data.axis.ticks) {
    const y = frame.y(at);
    shape(parent, "path", { class: "grid", d: `M${left} ${y}H${right}` });
    shape(parent, "text", { class: "tick up", x: left - 8, y: y + 0.34 * letter }, text);
  }
  shape(parent, "path", { class: "axis", d: `M${left} ${top}V${bottom}` });
  const name = data.axis.log ? words.log_loss : words.loss;
  shape(parent, "text", { class: "name", x: 2, y: letter }, name);
  data.layers.forEach((layer, at) => {
    const y = rows + (at + 0.5) * row + 0.34 * letter;
    const label = shape(parent, "text", { class: "tick up layer", x: left - 8, y });
    label.dataset.layer = layer;
    label.textContent = shortened(layer, left - 12, letter);
  });
  for (const { at, text } of data.ticks) {
    const x = frame.x(at);
    shape(parent, "path", { class: "axis", d: `M${x} ${end}v5` });
    shape(parent, "text", { class: "tick", x, y: end + 1.45 * letter }, text);
  }
  shape(parent, "path", { class: "axis", d: `M${left} ${rows}V${end}H${right}` });
  const below = { class: "name across", x: right, y: end + 2.7 * letter };
  shape(parent, "text", below, words.step);
  drawLoss(parent, data, frame, words);
}

/**
 * @param {Element} parent
 * @param {TimelineData} data
 * @param {Frame} frame
 * @param {Words} words
 */
function drawLoss(parent, { losses }, frame, words) {
  if (!losses.length) {
    const middle = { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
    shape(parent, "text", { class: "none", ...middle }, words.none);
    return;
  }
  const points = losses.map((loss, step) => /** @type {[number, number | null]} */ ([step, loss]));
  shape(parent, "path", { class: "loss", d: linePath(points, frame) });
}

/**
 * A name with as many letters as there is room for; its end tells layers apart.
 * @param {string} name
 * @param {number} room px
 * @param {number} letter
 */
export function shortened(name, room, letter) {
  const most = Math.max(2, Math.floor(room / (ASPECT * letter)));
  return name.length <= most ? name : `…${name.slice(name.length - most + 1)}`;
}

/**
 * Paint a pixel a step and layer; the style sheet stretches them.
 * @param {HTMLCanvasElement} canvas
 * @param {TimelineData} data
 * @param {number[]} ink red, green and blue of the largest norm
 * @param {number[]} odd of what is not finite
 */
export function paint(canvas, { norms, losses, layers, scale }, ink, odd) {
  canvas.width = Math.max(1, losses.length);
  canvas.height = Math.max(1, layers.length);
  const pen = canvas.getContext("2d");
  if (!pen || !losses.length || !layers.length) return;
  const image = pen.createImageData(canvas.width, canvas.height);
  norms.flat().forEach((norm, at) => {
    const share = norm === null ? 1 : strength(norm, scale);
    const [red, green, blue] = norm === null ? odd : ink;
    image.data.set([red, green, blue, Math.round(255 * share)], 4 * at);
  });
  pen.putImageData(image, 0, 0);
}

/**
 * @param {Element} parent emptied
 * @param {TimelineData} data
 * @param {Place} place
 * @param {Frame} frame
 */
export function drawPlace(parent, { losses, layers }, { step, layer }, frame) {
  const { left, right, top, rows, row, end, letter } = frame;
  parent.replaceChildren();
  if (!losses.length) return;
  const x = frame.x(step);
  const loss = losses[step];
  shape(parent, "path", { class: "lead", d: `M${x} ${top}V${end}` });
  const at = layers.indexOf(layer);
  if (at >= 0) {
    const sizes = { x: left, y: rows + at * row, width: right - left, height: row };
    shape(parent, "rect", { class: "chosen", ...sizes });
  }
  if (loss !== null && loss !== undefined) {
    shape(parent, "circle", { class: "on", cx: x, cy: frame.y(loss), r: 0.4 * letter });
  }
  shape(parent, "circle", { class: "handle", cx: x, cy: end, r: 0.5 * letter });
}

/**
 * A colour of the page as numbers.
 * @param {string} colour
 * @returns {number[]}
 */
export function rgb(colour) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!dot) return [0, 0, 0];
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  return [...dot.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
