// Maps in a lesson: the adapter to Streamlit.

import { element } from "../element.js";
import { readPacket } from "../packet.js";
import { Maps } from "./maps.js";

/** @typedef {object} Component what Streamlit calls a component with
 * @property {ArrayBuffer | Uint8Array | null} data packed by `viz.maps.rows.pack`
 * @property {HTMLElement | ShadowRoot} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** Streamlit calls again with other data, and keeps nothing for a component but its element.
 * @type {WeakMap<Element, {maps: Maps, send: Component["setTriggerValue"]}>}
 */
const mounted = new WeakMap();

/**
 * @param {Component} component
 * @returns {(() => void) | undefined}
 */
export default function mount({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined;
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".maps") ?? element(parentElement, "div", "maps");
  const known = mounted.get(root);
  const place = known ?? { maps: new Maps(root, { onCell }), send: setTriggerValue };
  /** @param {unknown} cell */
  function onCell(cell) {
    mounted.get(root)?.send("cell", cell);
  }
  mounted.set(root, place);
  place.send = setTriggerValue;
  place.maps.show(readPacket(data));
  return () => {
    place.maps.remove();
    mounted.delete(root);
  };
}
