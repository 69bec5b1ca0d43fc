// One box of the strip: what the layer computed above, the gradient that arrived there below.

/** @import {StripBox, Theme, Words} from "../types.d.ts" */
/** @import {Sizes} from "./sizes.js" */
/** @import {Lane, Picture} from "./thumbnail.js" */

import { button, element, idle } from "../element.js";
import { fill, shortNumber } from "../numbers.js";
import { inRoom } from "../room/room.js";
import { paint, sizeOf } from "./thumbnail.js";

const LANES = /** @type {const} */ (["value", "gradient"]);
const ROOMY = { usual: 74, room: 130 }; // px of a box from which on it says in full why there is no gradient
/** Words, in full and short. */
const REASONS = /** @type {Record<string, [string, string]>} */ ({
  "not asked": ["not_asked", "not_asked_short"],
  nothing: ["nothing", "nothing_short"],
  "not kept": ["not_kept", "not_kept_short"],
});
const UNRECORDED = ["unrecorded", "unrecorded"];

/** @typedef {Record<Lane, {part: HTMLElement, canvas: HTMLCanvasElement, number: HTMLElement, absent: HTMLElement}>} Lanes */
/** @typedef {{button: HTMLButtonElement, lanes: Lanes}} Box */

/**
 * @param {Node & ParentNode} parent
 * @param {StripBox} box
 * @param {Words} words
 * @param {() => void} act
 * @returns {Box}
 */
export function makeBox(parent, box, words, act) {
  const made = button(parent, "", `box ${box.kind}`, act);
  const { node, layer, state } = box;
  Object.assign(made.dataset, { node, layer, state });
  if (!node) idle(made, true);
  element(made, "span", "name", box.name);
  element(made, "span", "detail", box.detail);
  const lanes = /** @type {Lanes} */ ({});
  for (const lane of LANES) {
    const part = element(made, "span", `lane ${lane}`);
    element(part, "span", "said", words[lane]);
    lanes[lane] = {
      part,
      canvas: element(part, "canvas", "", "", { ariaHidden: "true" }),
      number: element(part, "span", "number"),
      absent: element(part, "span", "absent-here"),
    };
  }
  return { button: made, lanes };
}

/**
 * Show the pictures of a sample in a box.
 * @param {Box} made
 * @param {StripBox} box
 * @param {Record<Lane, Picture | null> | null} pictures null where none of the sample came
 * @param {{paints: ReturnType<typeof import("./thumbnail.js").paintsFor>, sizes: Sizes, theme: Theme, words: Words}} how
 */
export function fillBox({ lanes }, box, pictures, { paints, sizes, theme, words }) {
  for (const lane of LANES) {
    const { part, canvas, number, absent } = lanes[lane];
    const picture = pictures ? pictures[lane] : null;
    part.classList.toggle("none", !picture);
    const digits = sizes.kind === "large" ? theme.digits : theme.digits - 1;
    number.textContent = picture ? shortNumber(picture.largest, digits, theme) : "";
    const reason = pictures ? why(lane, box, isShort(sizes), words) : words.unsent;
    absent.textContent = picture ? "" : reason;
    if (picture) paint(canvas, picture, paints, sizeOf(picture, lane, sizes[lane]));
  }
}

/** @param {Sizes} sizes */
function isShort({ box }) {
  return box < (inRoom() ? ROOMY.room : ROOMY.usual);
}

/**
 * @param {Lane} lane
 * @param {StripBox} box
 * @param {boolean} short
 * @param {Words} words
 */
function why(lane, { state }, short, words) {
  const reasons = lane === "value" ? UNRECORDED : (REASONS[state] ?? UNRECORDED);
  return words[reasons[short ? 1 : 0]];
}

/**
 * Everything about a box in one line, for whoever points at it.
 * @param {StripBox} box
 * @param {{peak: number, ratio: number, pictures: Record<Lane, Picture | null> | undefined}} numbers
 * @param {Theme} theme
 * @param {Words} words
 */
export function tellBox(box, { peak, ratio, pictures }, theme, words) {
  const write = (/** @type {number} */ value) => shortNumber(value, theme.digits, theme);
  const said = [box.name, box.detail, box.kind === "loss" ? "" : box.shape];
  for (const lane of LANES) {
    const picture = pictures?.[lane];
    if (!picture) continue;
    said.push(fill(words[`sample_${lane}`], { value: write(picture.largest) }));
    if (lane === "gradient" && picture.plane >= 0)
      said.push(fill(words.channel, { number: picture.plane }));
  }
  if (box.state in REASONS) said.push(words[REASONS[box.state][0]]);
  else said.push(fill(words.batch_gradient, { value: write(peak) }));
  if (!Number.isNaN(ratio)) said.push(fill(words.passes, { ratio: `×${write(ratio)}` }));
  if (!box.node) said.push(words.inert);
  return said.filter(Boolean).join(" · ");
}
