// One column of the two flows: the box of A above that of B, and both names between them.

/** @import {StripBox, Words} from "../types.d.ts" */
/** @import {Picture} from "../strip/thumbnail.js" */
/** @import {Column} from "./align.js" */
/** @import {Side} from "./side.js" */

import { button, element, idle } from "../element.js";
import { paint, sizeOf } from "../strip/thumbnail.js";

const LANES = /** @type {const} */ (["value", "gradient"]);
const SIDES = /** @type {const} */ (["a", "b"]);
const PX = { value: 22, gradient: 34 }; // of the longer side of a picture

/** @typedef {Record<"a" | "b", Side>} Sides */
/** @typedef {Record<"a" | "b", Record<"value" | "gradient", HTMLCanvasElement>>} Canvases */
/** @typedef {{button: HTMLButtonElement, canvases: Partial<Canvases>}} Made */

/**
 * @param {Node & ParentNode} parent
 * @param {Column} column
 * @param {Sides} sides
 * @param {Words} words
 * @param {() => void} act
 * @returns {Made}
 */
export function makeColumn(parent, column, sides, words, act) {
  const made = button(parent, "", "column", act);
  const boxes = boxesOf(column, sides);
  if (!boxes.a?.node) idle(made, true);
  made.dataset.a = boxes.a?.name ?? "";
  made.dataset.b = boxes.b?.name ?? "";
  /** @type {Made} */
  const result = { button: made, canvases: {} };
  for (const side of SIDES) {
    const box = boxes[side];
    const part = element(made, "span", `box ${side}${box ? "" : " gap"}`);
    part.classList.toggle("hands-on", handsOn(column[side], sides[side]));
    if (side === "a") namesIn(made, boxes);
    if (!box) {
      part.title = words[side === "a" ? "only_b" : "only_a"];
      continue;
    }
    const canvases = LANES.map((lane) => element(part, "canvas", lane, "", { ariaHidden: "true" }));
    result.canvases[side] = { value: canvases[0], gradient: canvases[1] };
  }
  return result;
}

/**
 * Whether a gradient goes from a box to the one before it.
 * @param {number | null} at
 * @param {Side} side
 */
function handsOn(at, { scene }) {
  if (at === null) return false;
  return scene.strip.links.some(
    ([source, target, flows]) => flows && target === at && source === at - 1,
  );
}

/**
 * @param {Column} column
 * @param {Sides} sides
 */
export function boxesOf(column, sides) {
  const of = (/** @type {"a" | "b"} */ side) => {
    const at = column[side];
    return at === null ? null : sides[side].boxes[at];
  };
  return { a: of("a"), b: of("b") };
}

/**
 * What a column is called, once where both agree.
 * @param {{a: StripBox | null, b: StripBox | null}} boxes
 * @param {Words} words
 */
export function nameOf({ a, b }, words) {
  if (a && b && a.name !== b.name)
    return words.both_names.replace("{a}", a.name).replace("{b}", b.name);
  return (a ?? b)?.name ?? "";
}

/**
 * @param {HTMLElement} parent
 * @param {{a: StripBox | null, b: StripBox | null}} boxes
 */
function namesIn(parent, { a, b }) {
  const names = element(parent, "span", "names");
  if (a && b && a.name === b.name) {
    element(names, "span", "both", a.name);
    return;
  }
  element(names, "span", "a", a?.name ?? "");
  element(names, "span", "b", b?.name ?? "");
}

/**
 * Paint the pictures of a sample.
 * @param {Made} made
 * @param {Column} column
 * @param {Sides} sides
 * @param {number} sample
 * @param {ReturnType<typeof import("../strip/thumbnail.js").paintsFor>} paints
 */
export function paintColumn({ canvases }, column, sides, sample, paints) {
  for (const side of SIDES) {
    const at = column[side];
    const here = canvases[side];
    if (at === null || !here) continue;
    const { pictures, scene } = sides[side];
    const found = pictures.get(sample < scene.strip.samples ? sample : 0);
    for (const lane of LANES) paintLane(here[lane], lane, found?.[at][lane] ?? null, paints);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {"value" | "gradient"} lane
 * @param {Picture | null} picture
 * @param {ReturnType<typeof import("../strip/thumbnail.js").paintsFor>} paints
 */
function paintLane(canvas, lane, picture, paints) {
  canvas.classList.toggle("none", !picture);
  if (picture) paint(canvas, picture, paints, sizeOf(picture, lane, PX[lane]));
}
