// Which box holds a node.

/** @import {StripBox} from "../types.d.ts" */

/**
 * The place of the box that holds a node; -1 where none does.
 * @param {Pick<StripBox, "ranges">[]} boxes
 * @param {string} node
 */
export function placeOf(boxes, node) {
  const number = node ? Number(node.slice(1)) : -1;
  return boxes.findIndex((box) =>
    box.ranges.some(([first, last]) => first <= number && number <= last),
  );
}
