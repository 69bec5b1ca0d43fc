// What is explained stays in sight: maps scroll to it, and the page where a pinned sum covers it.

import { element } from "../element.js";
import { cornerOf } from "./layout.js";

/** @import {Stage, View} from "./types.d.ts" */

const SIGHT_GAP = 16; // px between a pinned sum and the cell it is about

/**
 * Scroll to what is explained while nobody points, once after it was chosen or placed anew; maps of
 * one size show the same part.
 * @param {Pick<Stage, "pointing" | "sighted" | "subject" | "views">} stage
 * @param {Map<View, Set<number>>} linked the cells of each map that belong to it
 */
export function bringInSight(stage, linked) {
  const { pointing, sighted, subject, views } = stage;
  if (!subject || pointing) return;
  const { view, k } = subject;
  if (sighted?.layout === view.layout && sighted.k === k) return;
  stage.sighted = { layout: view.layout, k };
  if (view.pinned === k && isSeen(view, k)) return;
  for (const each of views.filter(({ spec }) => !spec.missing)) {
    if (isAlike(each, view)) centre(each, k);
    else for (const first of [...(linked.get(each) ?? [])].slice(0, 1)) centre(each, first);
  }
}

/**
 * @param {View} one
 * @param {View} other
 */
function isAlike({ spec: one }, { spec: other }) {
  return one.start === other.start && String(one.shape) === String(other.shape);
}

/**
 * Whether a cell stands wholly in the part of its map that is seen.
 * @param {View} view
 * @param {number} k
 */
function isSeen(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  const [left, top] = [x - scroller.scrollLeft, y - scroller.scrollTop];
  const within = left + layout.cell <= seen.width && top + layout.cell <= seen.height;
  return left >= 0 && top >= 0 && within;
}

/**
 * Scroll a map so that a cell stands in the middle of what is seen of it.
 * @param {View} view
 * @param {number} k
 */
function centre(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  scroller.scrollLeft = x + (layout.cell - seen.width) / 2;
  scroller.scrollTop = y + (layout.cell - seen.height) / 2;
}

/**
 * Scroll a map no further than a cell needs that is walked to.
 * @param {View} view
 * @param {number} k
 */
export function scrollTo(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  /**
   * @param {number} scroll
   * @param {number} at
   * @param {number} visible
   */
  const within = (scroll, at, visible) =>
    Math.min(Math.max(scroll, at + layout.cell + 4 - visible), at - 4);
  scroller.scrollLeft = within(scroller.scrollLeft, x, seen.width);
  scroller.scrollTop = within(scroller.scrollTop, y, seen.height);
}

/**
 * A pinned sum stays at the rim of the window: scroll if it would cover the cell it is about.
 * @param {View} view
 * @param {number} k
 */
export function keepInSight(view, k) {
  const { window: parent, scroller, layout, stage } = view;
  if (stage.sum.box.hidden) return;
  const { x, y } = cornerOf(view, k);
  const anchor = element(parent, "div", "anchor");
  Object.assign(anchor.style, {
    left: `${x - scroller.scrollLeft}px`,
    top: `${y - scroller.scrollTop}px`,
    width: `${layout.cell}px`,
    height: `${layout.cell}px`,
    scrollMarginBottom: `${stage.sum.box.offsetHeight + SIGHT_GAP}px`,
  });
  anchor.scrollIntoView({ block: "nearest", inline: "nearest" });
  anchor.remove();
}
