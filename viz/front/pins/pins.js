// Layers that stay beside the chosen one: as they stand in an address, and found again in another run.

/** @import {Show, StripBox, View} from "../types.d.ts" */

import { placeOf } from "../strip/place.js";

export const MOST = 4;
// As `experiment.view.PINS` reads it: node, what is shown of it, sample, channel.
const PIN = /^(n\d{1,6})(g\d{1,6}|v|p)?(?:s(\d{1,6}))?(?:c(\d{1,6}|all))?$/;
const TABS = /** @type {Record<string, Show>} */ ({ v: "values", p: "parameters" });

/**
 * What of a node is pinned.
 * @typedef {Pick<View, "part" | "sample" | "channel" | "show"> & {node: string}} Pin
 */

/**
 * The pins that stand in an address; what stands twice, or is none, is left out.
 * @param {string} text
 * @returns {Pin[]}
 */
export function readPins(text) {
  return [...new Set(text.split(","))].flatMap((each) => readPin(each) ?? []).slice(0, MOST);
}

/**
 * @param {string} text
 * @returns {Pin | null}
 */
function readPin(text) {
  const found = PIN.exec(text);
  if (!found) return null;
  const [, node, tab = "", sample = "0", channel] = found;
  return {
    node,
    show: TABS[tab] ?? "gradient",
    part: tab.startsWith("g") ? Number(tab.slice(1)) : null,
    sample: Number(sample),
    channel: channel === undefined ? null : channel === "all" ? "all" : Number(channel),
  };
}

/**
 * As it stands in an address; what is seen first is not said.
 * @param {Pin} pin
 */
export function writePin({ node, show, part, sample, channel }) {
  const gradient = part === null ? "" : `g${part}`;
  const tab = show === "gradient" ? gradient : show[0];
  return `${node}${tab}${sample ? `s${sample}` : ""}${channel === null ? "" : `c${channel}`}`;
}

/** @param {Pin[]} pins */
export function writePins(pins) {
  return pins.map(writePin).join(",");
}

/**
 * With one more pin, or without it where it is there; the same where there are too many.
 * @param {string} text
 * @param {Pin} pin
 */
export function toggled(text, pin) {
  const pins = readPins(text);
  const written = writePin(pin);
  const others = pins.filter((each) => writePin(each) !== written);
  if (others.length < pins.length) return writePins(others);
  return pins.length < MOST ? writePins([...pins, pin]) : text;
}

/**
 * What a node is within its network, whatever its number: which box holds it, and where in it.
 * @typedef {object} Standing
 * @property {string} kind
 * @property {string} name
 * @property {number} turn among the boxes of that name
 * @property {number} rank among the nodes of the box
 */

/** @typedef {Pick<StripBox, "kind" | "name" | "node" | "ranges">} Holder */

/**
 * @param {Holder[]} boxes
 * @param {string} node
 * @returns {Standing | null} null where no box holds it
 */
export function standingOf(boxes, node) {
  const at = placeOf(boxes, node);
  if (at < 0) return null;
  const { kind, name, ranges } = boxes[at];
  const turn = alike(boxes.slice(0, at), kind, name).length;
  return { kind, name, turn, rank: numbersOf(ranges).indexOf(Number(node.slice(1))) };
}

/**
 * The node that stands there in another run of the network; null where nothing does.
 * @param {Holder[]} boxes
 * @param {Standing} standing
 */
export function nodeAt(boxes, { kind, name, turn, rank }) {
  const box = alike(boxes, kind, name)[turn];
  if (!box?.node) return null;
  const number = numbersOf(box.ranges)[rank];
  return number === undefined ? box.node : `n${number}`;
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
