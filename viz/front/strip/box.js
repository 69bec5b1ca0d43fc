// One box of the strip, and the arrows between two.

import { button, element, idle, name } from "../element.js";

/** @import {StripBox} from "../types.d.ts" */

/**
 * @param {Node & ParentNode} parent
 * @param {StripBox} box
 * @param {() => void} act
 */
export function boxButton(parent, box, act) {
  const made = button(parent, "", `box ${box.kind}`, act);
  const { node, layer, state } = box;
  name(made, box.title);
  Object.assign(made.dataset, { node, layer, state });
  if (!node) idle(made, true);
  element(made, "span", "name", box.name);
  if (box.kind === "gap") return made;
  element(made, "span", "detail", box.detail);
  element(made, "span", "shape", box.shape);
  const measure = element(made, "span", "measure");
  const bar = element(element(measure, "span", "bar"), "span", "fill");
  bar.style.width = `${box.state === "not finite" ? 100 : box.share * 100}%`;
  element(measure, "span", "peak", box.peak);
  return made;
}

/** @param {Node & ParentNode} parent */
export function arrows(parent) {
  const made = element(parent, "span", "arrows", "", { ariaHidden: "true" });
  element(made, "span", "forward", "→");
  element(made, "span", "backward", "←");
}
