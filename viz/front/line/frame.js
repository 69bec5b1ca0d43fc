// Where the axes of a picture stand, and where on the screen a number is.

/** @import {AxisData, Frame, LineData} from "./types.d.ts" */

const NARROW = 480; // px of a picture on a phone
const LOWER = 0.85; // part of the height that is left there
const ASPECT = 0.62; // a tick text's mean width, in letters' heights
const TWO = 3.1; // letters' heights below the x axis: its ticks, and the name of it or of the point
const THREE = 4.2; // and both names
const BESIDE = 8; // px between a tick text and its axis

/**
 * @param {LineData} data
 * @param {number} width px
 * @param {number} letter px of a letter's height
 * @returns {Frame}
 */
export function frameOf({ axes: [xAxis, yAxis], height, moving }, width, letter) {
  const tall = Math.round(width < NARROW ? height * LOWER : height);
  const widest = Math.max(1, ...yAxis.ticks.map(({ text }) => text.length));
  const last = xAxis.ticks.at(-1)?.text.length ?? 0;
  const left = Math.ceil(widest * ASPECT * letter + BESIDE + 4);
  const right = width - Math.ceil(Math.max((last * ASPECT * letter) / 2, letter));
  const top = Math.ceil(1.9 * letter); // the name of y stands above its axis
  const lines = moving && moving.label !== xAxis.title ? THREE : TWO;
  const bottom = tall - Math.ceil(lines * letter);
  const x = scale(xAxis, left, right);
  return { width, height: tall, left, right, top, bottom, letter, x, y: scale(yAxis, bottom, top) };
}

/**
 * @param {Pick<AxisData, "low" | "high">} axis
 * @param {number} from px of its lower end
 * @param {number} to px of its upper end
 * @returns {(value: number) => number}
 */
export function scale({ low, high }, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * The place that is nearest to a number; of two that are equally near the first.
 * @param {number[]} places ascending
 * @param {number} value
 */
export function nearest(places, value) {
  let best = 0;
  places.forEach((place, at) => {
    if (Math.abs(place - value) < Math.abs(places[best] - value)) best = at;
  });
  return best;
}
