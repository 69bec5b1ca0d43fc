// Puts the maps in their places: side by side where there is room, else below each other.

import { exactNumber } from "../numbers.js";
import { BIGGEST_CELL, layOut, SCROLLBAR, share, shareByCells } from "./layout.js";
import { showLegend } from "./legend.js";
import { chooseTexts, contextOf, paintCells, readPalette } from "./paint.js";
import { readOut, relate } from "./pointing.js";
import { reserve } from "./sum.js";

/** @import {Drawn, Stage, View} from "./types.d.ts" */

const SCROLL_HEIGHT = 420; // px that are shown of a map that does not fit
const CARD_WIDTH = 200; // px that title, readout and legend need
const TITLE_LETTER = 8.8; // px a letter of a title, which is not broken where there is room
const BETWEEN_WIDTH = { text: 170, tight: 96, arrow: 40 }; // px of the column between the first two maps
const TIGHT_BELOW = 640; // px of width under which that column is tight, and the maps have more room
const EVEN_CELL = 64; // px at most where three maps share a row: a number fits, and a slide is not filled
const COLUMN_GAP = 22; // px between columns, as in maps.css
const STACK_BELOW = 560; // px of width under which maps stand below each other
const MOST_MEASURED = 256; // cells of which every number is written to find the longest
const LONGEST_NUMBER = 24; // characters of any exact number

/**
 * Place and paint what has changed. With `all`, also what has not: a font may have arrived.
 * @param {Stage} stage
 * @param {boolean} [all]
 */
export function arrange(stage, all = false) {
  const width = stage.root.clientWidth;
  stage.width = width;
  if (!width) return; // nobody sees it; it comes again once somebody does
  stage.palette = readPalette(stage, all ? undefined : stage.palette);
  stage.packet.rows.forEach((_, row) => arrangeRow(stage, row));
  reserve(stage);
  relate(stage);
}

/**
 * @param {Stage} stage
 * @param {number} row
 */
function arrangeRow(stage, row) {
  const views = stage.views.filter((view) => view.row === row);
  const parent = views[0]?.card.parentElement;
  if (!parent) return;
  const between = parent.querySelector(".between");
  const stacked = stage.width < STACK_BELOW;
  const text = stage.width < TIGHT_BELOW ? "tight" : "text";
  const column = BETWEEN_WIDTH[stage.packet.between.length ? text : "arrow"];
  const taken = (views.length - 1) * COLUMN_GAP + (between ? column + COLUMN_GAP : 0);
  const { shares, most } = stacked
    ? { shares: views.map(() => stage.width), most: BIGGEST_CELL }
    : sharesOf(views, stage.width - taken);
  const columns = shares.map((each) => `${each}px`);
  if (between) columns.splice(1, 0, `${column}px`);
  parent.classList.toggle("stacked", stacked);
  parent.style.gridTemplateColumns = stacked ? "" : columns.join(" ");
  /** @type {HTMLElement[]} */ ([...parent.children]).forEach((child, at) => {
    child.style.gridColumn = stacked ? "" : String(at + 1);
  });
  views.forEach((view, at) => placeAnew(view, shares[at], most));
}

/**
 * Widths of maps side by side, and the largest cell they may have.
 * @param {View[]} views
 * @param {number} room
 */
function sharesOf(views, room) {
  const wishes = views.map(({ spec }) => {
    const title = Math.min(spec.title.length * TITLE_LETTER, room / views.length);
    return Math.max(CARD_WIDTH, title, spec.missing ? 0 : layOut(spec, room).width);
  });
  const tight = views.length > 2 && wishes.reduce((sum, wish) => sum + wish, 0) > room;
  const specs = views.map((view) => view.spec);
  const even = tight ? shareByCells(specs, room) : null;
  return { shares: even ?? share(wishes, room), most: even ? EVEN_CELL : BIGGEST_CELL };
}

/**
 * Place and paint a map, unless that would change nothing.
 * @param {View} view
 * @param {number} width
 * @param {number} most
 */
function placeAnew(view, width, most) {
  const { spec, stage, placed } = view;
  const { hint, channel } = stage.words.maps;
  const place = [spec, width, most, stage.palette, hint, channel];
  if (spec.missing || place.every((each, at) => each === placed[at])) return;
  view.placed = place;
  view.layout = layOut(spec, width, most);
  fit(view, width);
  view.texts = chooseTexts(view);
  keepReadout(view, width);
  showLegend(view);
  readOut(view);
  paintCells(view);
}

/**
 * Give the scrolling part of a map and its canvases their sizes.
 * @param {View} view
 * @param {number} width
 */
function fit(view, width) {
  const { scroller, content, layout } = view;
  const scrollsDown = layout.height > SCROLL_HEIGHT;
  const bar = scrollsDown ? SCROLLBAR : 0;
  const scrollsAcross = layout.width > width - bar;
  resize(scroller, {
    width: Math.min(width, layout.width + bar),
    height: Math.min(layout.height, SCROLL_HEIGHT) + (scrollsAcross ? SCROLLBAR : 0),
  });
  resize(content, layout);
  for (const part of /** @type {const} */ (["cell", "across", "label", "stepX", "stepY"])) {
    scroller.dataset[part] = String(layout[part]);
  }
  // What is seen whole has its own size; reading a size lays the page out.
  view.seen =
    scrollsDown || scrollsAcross
      ? {
          width: Math.min(scroller.clientWidth, layout.width),
          height: Math.min(scroller.clientHeight, layout.height),
        }
      : layout;
  resize(view.window, view.seen);
  for (const canvas of [view.cells, view.outlines]) {
    canvas.width = Math.ceil(view.seen.width * window.devicePixelRatio);
    canvas.height = Math.ceil(view.seen.height * window.devicePixelRatio);
    resize(canvas, view.seen);
  }
}

/**
 * @param {HTMLElement} part
 * @param {{width: number, height: number}} size
 */
function resize({ style }, { width, height }) {
  style.width = `${width}px`;
  style.height = `${height}px`;
}

/**
 * Keep room below a map for the longest text that pointing at it can bring.
 * @param {View} view
 * @param {number} width
 */
function keepReadout(view, width) {
  const { spec, stage, readout } = view;
  const { palette } = stage;
  palette.readout ??= sizesOf(readout);
  const { fontSize, lineHeight } = palette.readout;
  const context = contextOf(view.cells);
  const wide = (/** @type {string} */ family, /** @type {string} */ text) => {
    context.font = `650 ${fontSize} ${family}`;
    return context.measureText(text).width;
  };
  const hint = wide(palette.family, stage.words.maps.hint);
  const lines = Math.max(hint, wide(palette.numbers, longestReadout(spec))) > width ? 2 : 1;
  readout.style.minHeight = `${lines * parseFloat(lineHeight)}px`;
}

/** @param {Element} element */
function sizesOf(element) {
  const { fontSize, lineHeight } = getComputedStyle(element);
  return { fontSize, lineHeight };
}

/** @param {Drawn} spec */
function longestReadout({ values, shape }) {
  const index = shape.map((size) => size - 1).join(",");
  const few = values.length <= MOST_MEASURED;
  const texts = few ? Array.from(values, (value) => exactNumber(value, values)) : [];
  const longest = Math.max(few ? 0 : LONGEST_NUMBER, ...texts.map((text) => text.length));
  return `[${index}] = ${"0".repeat(longest)}`;
}
