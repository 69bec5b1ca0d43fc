// All maps as one picture: each as large as it needs, with its title and scale, nothing cut off.

import { pictureScale, saveFile } from "../save.js";
import { layOut } from "./layout.js";
import { scaleColours } from "./legend.js";
import { contextOf, paintCells } from "./paint.js";
import { textsOf, unitMark, written } from "./written/texts.js";

/** @import {Layout, Stage, Texts, View} from "./types.d.ts" */

/** @typedef {object} Still a map and where it stands
 * @property {View} view
 * @property {Layout | null} layout null of a map without a picture
 * @property {Texts | null} texts its numbers, where they fit
 * @property {number} left
 * @property {number} top
 * @property {number} words px that its words need above it
 */

const WIDTH = 900; // px that one map may take
const CARD = 240; // px that its words need
const MARGIN = 24; // px around the maps and between them
const LINES = { title: 15, subtitle: 13.5, notes: 13.5 }; // px, as in maps.css
const LINE = 20; // px from line to line
const LEGEND = { width: 170, bar: 8, height: 34 }; // px

/**
 * @param {Stage} stage
 * @param {string} file
 */
export function savePicture(stage, file) {
  const { palette } = stage;
  if (!palette) return;
  const { stills, width, height } = composition(stage);
  const scale = pictureScale(width, height);
  const canvas = canvasOf(width * scale, height * scale);
  const context = contextOf(canvas);
  context.scale(scale, scale);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  for (const still of stills) {
    paintWords(context, still);
    paintMap(context, scale, still);
  }
  canvas.toBlob((blob) => blob && saveFile(blob, file), "image/png");
}

/**
 * @param {number} width
 * @param {number} height
 */
function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  return canvas;
}

/**
 * Where each map stands: rows as on the page, every map at its own size.
 * @param {Stage} stage
 */
function composition({ views, packet }) {
  /** @type {Still[]} */
  const stills = [];
  let [top, right] = [MARGIN, 0];
  packet.rows.forEach((_, row) => {
    const inRow = views.filter((view) => view.row === row);
    const words = Math.max(0, ...inRow.map((view) => wordsOf(view).length)) * LINE;
    let [left, tallest] = [MARGIN, 0];
    for (const view of inRow) {
      const layout = view.spec.missing ? null : layOut(view.spec, WIDTH);
      stills.push({ view, layout, texts: null, left, top, words });
      left += Math.max(layout?.width ?? 0, CARD) + MARGIN;
      tallest = Math.max(tallest, layout?.height ?? 0);
    }
    right = Math.max(right, left);
    top += words + tallest + LEGEND.height + MARGIN;
  });
  return { stills: withTexts(stills), width: right, height: top };
}

/**
 * Write the numbers of maps that belong together alike.
 * @param {Still[]} stills
 */
function withTexts(stills) {
  const drawn = stills.filter(({ layout }) => layout);
  const texts = textsOf(
    drawn.map(({ view: { stage, spec, cells }, layout }) => ({
      spec,
      written: written({ stage, spec, layout: /** @type {Layout} */ (layout), cells }),
    })),
  );
  drawn.forEach((still, at) => (still.texts = texts[at]));
  return stills;
}

/**
 * @param {View} view
 * @param {Texts | null} [texts]
 */
function wordsOf({ spec }, texts = null) {
  const { title, subtitle, notes, missing } = spec;
  const lines = [
    { text: [title, unitMark(texts)].join(" ").trim(), size: LINES.title, weight: "650 " },
    { text: subtitle, size: LINES.subtitle, weight: "" },
    { text: notes, size: LINES.notes, weight: "" },
    { text: missing, size: LINES.notes, weight: "" },
  ];
  return lines.filter(({ text }) => text);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Still} still
 */
function paintWords(context, { view, layout, texts, left, top }) {
  const { text: ink, family } = view.stage.palette;
  context.fillStyle = ink;
  wordsOf(view, texts).forEach(({ text, size, weight }, line) => {
    context.font = `${weight}${size}px ${family}`;
    context.fillText(text, left, top + (line + 0.7) * LINE, Math.max(layout?.width ?? 0, CARD));
  });
}

/**
 * A map that is painted whole, with its scale below it.
 * @param {CanvasRenderingContext2D} context
 * @param {number} scale
 * @param {Still} still
 */
function paintMap(context, scale, { view, layout, texts, left, top, words }) {
  if (!layout) return;
  const { width, height } = layout;
  const cells = canvasOf(width * scale, height * scale);
  const scroller = { scrollLeft: 0, scrollTop: 0 };
  const { stage, spec } = view;
  paintCells({ stage, spec, layout, cells, texts, scroller, seen: layout, ratio: scale });
  context.drawImage(cells, left, top + words, width, height);
  paintScale(context, view, { left, top: top + words + height + 6 });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {{left: number, top: number}} corner
 */
function paintScale(context, { stage, spec }, { left, top }) {
  if (!spec.scale) return; // all cells are 0
  const { width, bar } = LEGEND;
  const { palette } = stage;
  const colours = scaleColours(palette.table, stage.packet.theme.half);
  const gradient = context.createLinearGradient(left, 0, left + width, 0);
  colours.forEach((colour, at) => gradient.addColorStop(at / (colours.length - 1), colour));
  context.fillStyle = gradient;
  context.fillRect(left, top, width, bar);
  context.fillStyle = palette.text;
  context.font = `13px ${palette.numbers}`;
  /** @type {[CanvasTextAlign, number][]} */
  const places = [
    ["left", 0],
    ["center", 0.5],
    ["right", 1],
  ];
  places.forEach(([align, part], at) => {
    context.textAlign = align;
    context.fillText(spec.ends[at], left + part * width, top + bar + 14);
  });
  context.textAlign = "left";
}
