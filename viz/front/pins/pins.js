// Layers that stay beside the chosen one, as they stand in an address.

/** @import {Show, View} from "../types.d.ts" */

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
