// One box of the strip: what the layer computed above, the gradient that arrived there below.

/** @import {StripBox, Theme, Words} from "../types.d.ts" */
/** @import {Sizes} from "./sizes.js" */
/** @import {Lane, Pair} from "./thumbnail.js" */

import { button, element, idle } from "../element.js";
import { fill } from "../numbers.js";
import { amount, isUntouched } from "./changes.js";
import { endOf, measureIn, numberIn } from "./fit.js";
import { inRoom } from "../room/room.js";
import { paint, sizeOf } from "./thumbnail.js";

const AROUND = { name: 16, beside: 17, indent: 10, below: 4 }; // px that no text has
const ACROSS = 1.9; // boxes that a name is wide where these stand in two rows
const LANES = /** @type {const} */ (["value", "gradient"]);
const ROOMY = { usual: 74, room: 130 }; // px of a box from which on it says in full why there is no gradient
/** Words, in full and short. */
const REASONS = /** @type {Record<string, [string, string]>} */ ({
  "not asked": ["not_asked", "not_asked_short"],
  nothing: ["nothing", "nothing_short"],
  cut: ["cut", "cut_short"],
  "not kept": ["not_kept", "not_kept_short"],
  hidden: ["hidden", "hidden"],
});
const UNRECORDED = ["unrecorded", "unrecorded"];
const SAME = ["same", "same_short"];

/** @typedef {Record<Lane, {part: HTMLElement, canvas: HTMLCanvasElement, number: HTMLElement, absent: HTMLElement}>} Lanes */
/** @typedef {{button: HTMLButtonElement, lanes: Lanes}} Box */

/**
 * @param {Node & ParentNode} parent
 * @param {StripBox} box
 * @param {Sizes} sizes
 * @param {Words} words
 * @param {() => void} act
 * @returns {Box}
 */
export function makeBox(parent, box, sizes, words, act) {
  const made = button(parent, "", `box ${box.kind}`, act);
  const { node, layer, state } = box;
  Object.assign(made.dataset, { node, layer, state });
  if (!node) idle(made, true);
  const name = element(made, "span", "name", box.name);
  const measure = measureIn(name);
  name.textContent = endOf(box.name, (text) => measure(text) <= roomForName(sizes));
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
 * Show the pictures of a sample in a box, or of what changed in it.
 * @param {Box} made
 * @param {StripBox} box
 * @param {Pair | null} pictures null where none of the sample came
 * @param {{paints: ReturnType<typeof import("./thumbnail.js").paintsFor>, sizes: Sizes, theme: Theme, words: Words, changed: boolean}} how
 */
export function fillBox(made, box, pictures, how) {
  const touched = how.changed && LANES.some((lane) => !isUntouched(pictures?.[lane] ?? null));
  for (const lane of LANES) fillLane(made.lanes[lane], lane, box, pictures, how);
  made.button.classList.toggle("reached", touched);
  made.button.classList.toggle("untouched", how.changed && !touched);
}

/** @param {Sizes} sizes */
function roomForName({ kind, box, staggered }) {
  if (staggered) return ACROSS * box;
  return box - (isBeside(kind) ? AROUND.name : AROUND.below);
}

/**
 * Whether numbers stand beside the pictures, and not below.
 * @param {Sizes["kind"]} kind
 */
function isBeside(kind) {
  return kind === "large" || kind === "snug";
}

/** @param {Sizes} sizes */
function isShort({ box }) {
  return box < (inRoom() ? ROOMY.room : ROOMY.usual);
}

/**
 * @param {Lanes[Lane]} made
 * @param {Lane} lane
 * @param {StripBox} box
 * @param {Pair | null} pictures
 * @param {Parameters<typeof fillBox>[3]} how
 */
function fillLane({ part, canvas, number, absent }, lane, box, pictures, how) {
  const { paints, sizes, theme, words, changed } = how;
  const picture = pictures ? pictures[lane] : null;
  const shown = picture && !(changed && isUntouched(picture)) ? picture : null;
  part.classList.toggle("none", !shown);
  const roomy = sizes.kind === "large" && !changed; // a sign takes the room of a digit
  const digits = roomy ? theme.digits : theme.digits - 1;
  const size = shown && sizeOf(shown, lane, sizes[lane]);
  const reason = pictures ? why(lane, box, Boolean(picture), isShort(sizes), words) : words.unsent;
  absent.textContent = shown ? "" : reason;
  number.textContent = "";
  if (!shown || !size) return;
  paint(canvas, shown, paints, size, changed);
  const measure = measureIn(number);
  const room = roomForNumber(sizes, lane, size.width);
  number.textContent = numberIn(
    shown.largest,
    digits,
    theme,
    changed,
    (text) => measure(text) <= room,
  );
}

/**
 * @param {Sizes} sizes
 * @param {Lane} lane
 * @param {number} picture px across
 */
function roomForNumber({ kind, box }, lane, picture) {
  if (!isBeside(kind)) return box - AROUND.below;
  return box - AROUND.beside - picture - (lane === "value" ? AROUND.indent : 0);
}

/**
 * Why there is no picture.
 * @param {Lane} lane
 * @param {StripBox} box
 * @param {boolean} same whether nothing has changed
 * @param {boolean} short
 * @param {Words} words
 */
function why(lane, { state, hides_value }, same, short, words) {
  const known = lane === "value" ? hides_value && "hidden" : state;
  const reasons = (known && REASONS[known]) || UNRECORDED;
  return words[(same ? SAME : reasons)[short ? 1 : 0]];
}

/**
 * Everything about a box in one line, for whoever points at it.
 * @param {StripBox} box
 * @param {{peak: number, ratio: number, pictures: Pair | undefined, changed: boolean}} numbers
 * @param {Theme} theme
 * @param {Words} words
 */
export function tellBox(box, { peak, ratio, pictures, changed }, theme, words) {
  const write = (/** @type {number} */ value, signed = false) =>
    amount(value, theme.digits, theme, signed);
  const said = [box.name, box.detail, box.kind === "loss" ? "" : box.shape];
  for (const lane of LANES) {
    const picture = pictures?.[lane];
    if (!picture) continue;
    const sentence = words[changed ? `changed_${lane}` : `sample_${lane}`];
    said.push(fill(sentence, { value: write(picture.largest, changed) }));
    if ((changed || lane === "gradient") && picture.plane >= 0)
      said.push(fill(words.channel, { number: picture.plane }));
  }
  if (box.state in REASONS) said.push(words[REASONS[box.state][0]], box.why);
  else said.push(fill(words.batch_gradient, { value: write(peak) }));
  if (!Number.isNaN(ratio)) said.push(fill(words.passes, { ratio: `×${write(ratio)}` }));
  if (!box.node) said.push(words.inert);
  return said.filter(Boolean).join(" · ");
}
