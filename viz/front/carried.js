// What is looked at, found again in another run: a node's number changes with the loss, the
// network and what asks for a gradient, its place in its layer does not.

/** @import {StripBox, View} from "./types.d.ts" */
/** @import {Pin} from "./pins/pins.js" */

import { readPins, writePins } from "./pins/pins.js";
import { placeOf } from "./strip/place.js";

const UNBOXED = { kind: "unboxed", name: "", node: "" };

/** @typedef {Pick<StripBox, "kind" | "name" | "node" | "ranges">} Holder */
/** What is known of a run: its boxes in forward order, and how many nodes it has. @typedef {{boxes: Holder[], count: number}} Known */

/**
 * What a node is within its network, whatever its number: which box holds it, and where in it.
 * @typedef {object} Standing
 * @property {string} kind
 * @property {string} name
 * @property {number} turn among the boxes of that name
 * @property {number} rank among the nodes of the box
 */

/**
 * @param {Known} run
 * @param {string} node
 * @returns {Standing | null} null where the run has no such node
 */
export function standingOf(run, node) {
  const boxes = holders(run);
  const at = placeOf(boxes, node);
  if (at < 0) return null;
  const { kind, name, ranges } = boxes[at];
  const turn = alike(boxes.slice(0, at), kind, name).length;
  return { kind, name, turn, rank: numbersOf(ranges).indexOf(Number(node.slice(1))) };
}

/**
 * The node that stands there in another run of the network; null where nothing does.
 * @param {Known} run
 * @param {Standing} standing
 */
export function nodeAt(run, { kind, name, turn, rank }) {
  const box = alike(holders(run), kind, name)[turn];
  if (!box) return null;
  const number = numbersOf(box.ranges)[rank];
  return number === undefined ? box.node || null : `n${number}`;
}

/**
 * What is looked at of a run, in the one that takes its place: a choice that is not there any more
 * is left to the run, and pins without a layer are named.
 * @param {View} view
 * @param {Known} before
 * @param {Known} now
 * @param {boolean} chosen whether the choice is one of the run before, as pins always are
 * @returns {{fields: Partial<View>, lost: string[]}}
 */
export function carried(view, before, now, chosen) {
  const pins = readPins(view.pins).map((pin) => ({ pin, to: moved(pin.node, before, now) }));
  const lost = pins.filter(({ to }) => to === null);
  const kept = pins.flatMap(({ pin, to }) => (to === null ? [] : { ...pin, node: to }));
  return {
    fields: { ...(chosen ? choice(view, before, now) : {}), pins: writePins(kept) },
    lost: lost.map(({ pin }) => standingOf(before, pin.node)?.name || pin.node),
  };
}

/**
 * @param {View} view
 * @param {Known} before
 * @param {Known} now
 * @returns {Partial<View>}
 */
function choice({ node, step }, before, now) {
  const at = step === null ? null : moved(`n${step}`, before, now);
  return {
    node: node && (moved(node, before, now) ?? ""),
    step: at === null ? null : Number(at.slice(1)),
  };
}

/**
 * @param {Pin["node"]} node
 * @param {Known} before
 * @param {Known} now
 */
function moved(node, before, now) {
  const standing = standingOf(before, node);
  return standing && nodeAt(now, standing);
}

/**
 * The boxes, and one of all nodes that none of them holds, such as a model's own parameters.
 * @param {Known} run
 * @returns {Holder[]}
 */
function holders({ boxes, count }) {
  const held = new Set(boxes.flatMap(({ ranges }) => numbersOf(ranges)));
  const others = Array.from({ length: count }, (_, at) => at).filter((at) => !held.has(at));
  return [...boxes, { ...UNBOXED, ranges: others.map((at) => [at, at]) }];
}

/**
 * @param {Holder[]} boxes
 * @param {string} kind
 * @param {string} name
 */
function alike(boxes, kind, name) {
  return boxes.filter((box) => box.kind === kind && box.name === name);
}

/** @param {[number, number][]} ranges */
function numbersOf(ranges) {
  return ranges
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))
    .sort((one, other) => one - other);
}
