// Colours, numbers and labels on the canvas of a map.

import { isDark } from "../colours.js";
import { fill, fullIndex } from "../numbers.js";
import { cornerOf, TILE_GAP } from "./layout.js";
import { placeOn } from "./scaling.js";

/** @import {Painted, Palette, Place, Stage} from "./types.d.ts" */
/** @typedef {Place & {tile: number, top: number, bottom: number, left: number, right: number}} Part */

const BORDERS_FROM = 10; // px of a cell from which on cells have borders and hatching
const LABEL = 12.5; // px of the name of a tile

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * What to paint with: the same object as before while nothing of it has changed.
 * @param {Stage} stage
 * @param {Palette} [before]
 * @returns {Palette}
 */
export function readPalette({ root, packet: { theme } }, before) {
  const style = getComputedStyle(root);
  const read = {
    text: style.color,
    background: style.backgroundColor,
    border: style.getPropertyValue("--st-border-color") || style.color,
    accent: style.getPropertyValue("--st-primary-color") || style.color,
    linked: theme.linked[0],
    linkedEdge: theme.linked[1],
    family: style.fontFamily,
    numbers: style.getPropertyValue("--st-code-font") || "monospace",
    type: Number(style.getPropertyValue("--backlight-type")) || 1,
  };
  const key = JSON.stringify([read, theme.non_finite, theme.inks, theme.hatch]);
  const dark = before?.background === read.background ? before.dark : isDark(read.background);
  const table = dark ? theme.dark : theme.light;
  if (before?.key === key && before.table === table) return before;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  return {
    ...read,
    key,
    dark,
    table,
    pixels: Uint32Array.from({ length: table.length / 4 }, (_, at) => pixel(table, 4 * at)),
    oddPixel: pixel([odd >> 16, (odd >> 8) & 255, odd & 255], 0),
  };
}

/**
 * One opaque pixel of an ImageData (red first in memory, whatever the byte order).
 * @param {ArrayLike<number>} colours
 * @param {number} at
 */
function pixel(colours, at) {
  const bytes = Uint8Array.of(colours[at], colours[at + 1], colours[at + 2], 255);
  return new Uint32Array(bytes.buffer)[0];
}

/**
 * Where in the colour table a value stands; -1 when it is not finite.
 * @param {Painted} view
 * @param {number} value
 */
function step({ spec, stage }, value) {
  if (!Number.isFinite(value)) return -1;
  const { scaling, theme } = stage.packet;
  return theme.half + Math.round(theme.half * placeOn(value, spec.scale, scaling));
}

/**
 * The colour of a cell and of what is written on it.
 * @param {Painted} view
 * @param {number} value
 */
export function coloursOf(view, value) {
  const { packet, palette } = view.stage;
  const at = step(view, value);
  const [colour, ink] =
    at < 0
      ? [packet.theme.non_finite, 0]
      : [`rgb(${palette.table.subarray(4 * at, 4 * at + 3).join(" ")})`, palette.table[4 * at + 3]];
  return { colour, ink: packet.theme.inks[ink] };
}

/**
 * How far a map is scrolled; one that is seen whole is not asked, which would lay the page out.
 * @param {Painted} view
 */
function scrolled({ scroller, layout, seen }) {
  const whole = seen.width >= layout.width && seen.height >= layout.height;
  return whole ? { left: 0, top: 0 } : { left: scroller.scrollLeft, top: scroller.scrollTop };
}

/**
 * Clear a canvas, and let the whole map's px count on it.
 * @param {Painted} view
 * @param {HTMLCanvasElement} [canvas]
 */
export function begin(view, canvas = view.cells) {
  const context = contextOf(canvas);
  const ratio = view.ratio ?? window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { left, top } = scrolled(view);
  context.clearRect(0, 0, view.seen.width, view.seen.height);
  context.translate(-left, -top);
  return context;
}

/**
 * Paint what is visible of a map.
 * @param {Painted} view
 */
export function paintCells(view) {
  const { spec, layout, seen } = view;
  begin(view);
  const { left, top } = scrolled(view);
  const down = Math.floor(top / layout.stepY);
  const across = Math.floor(left / layout.stepX);
  const lastDown = Math.min(layout.down - 1, (top + seen.height) / layout.stepY);
  const lastAcross = Math.min(layout.across - 1, (left + seen.width) / layout.stepX);
  for (let y = down; y <= lastDown; y += 1) {
    for (let x = across; x <= lastAcross; x += 1) {
      const tile = y * layout.across + x;
      if (tile < spec.tiles) paintTile(view, tile);
    }
  }
}

/**
 * @param {Painted} view
 * @param {number} tile
 */
function paintTile(view, tile) {
  const { cells, layout, stage } = view;
  const part = visiblePart(view, tile);
  if (layout.label) paintLabel(view, part);
  if (part.top >= part.bottom || part.left >= part.right) return;
  paintColours(view, part);
  if (layout.cell < BORDERS_FROM) return;
  eachCell(view, part, (k, x, y) => paintNumber(view, k, x, y));
  const context = contextOf(cells);
  context.beginPath();
  eachCell(view, part, (_, x, y) => context.rect(x + 0.5, y + 0.5, layout.cell, layout.cell));
  context.strokeStyle = stage.palette.border;
  context.lineWidth = 1;
  context.stroke();
}

/**
 * Where a tile begins, and which of its rows and columns are visible.
 * @param {Painted} view
 * @param {number} tile
 * @returns {Part}
 */
function visiblePart(view, tile) {
  const { spec, layout, seen } = view;
  const { x, y } = cornerOf(view, tile * spec.rows * spec.columns);
  const { left, top } = scrolled(view);
  return {
    ...{ tile, x, y },
    top: Math.max(0, Math.floor((top - y) / layout.cell)),
    bottom: Math.min(spec.rows, Math.ceil((top + seen.height - y) / layout.cell)),
    left: Math.max(0, Math.floor((left - x) / layout.cell)),
    right: Math.min(spec.columns, Math.ceil((left + seen.width - x) / layout.cell)),
  };
}

/**
 * @param {Painted} view
 * @param {Part} part
 * @param {(k: number, x: number, y: number) => void} draw
 */
function eachCell({ spec, layout }, { tile, x, y, top, bottom, left, right }, draw) {
  for (let row = top; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let column = left; column < right && first + column < spec.count; column += 1) {
      draw(first + column, x + column * layout.cell, y + row * layout.cell);
    }
  }
}

/**
 * One pixel a cell, then scaled up at once: quick for any number of cells.
 * @param {Painted} view
 * @param {Part} part
 */
function paintColours(view, { tile, x, y, top, bottom, left, right }) {
  const { cells, spec, layout, stage } = view;
  const { palette } = stage;
  const context = contextOf(cells);
  const picture = new ImageData(right - left, bottom - top);
  const pixels = new Uint32Array(picture.data.buffer);
  let at = 0;
  for (let row = top; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let k = first + left; k < first + right; k += 1, at += 1) {
      if (k >= spec.count) continue;
      const entry = step(view, spec.values[k]);
      pixels[at] = entry < 0 ? palette.oddPixel : palette.pixels[entry];
    }
  }
  const { width, height } = picture;
  const scratch = new OffscreenCanvas(width, height);
  scratch.getContext("2d")?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  const corner = { x: x + left * layout.cell, y: y + top * layout.cell };
  context.drawImage(scratch, corner.x, corner.y, width * layout.cell, height * layout.cell);
}

/**
 * The number of one cell, over hatching where it is not finite.
 * @param {Painted} view
 * @param {number} k
 * @param {number} x
 * @param {number} y
 */
function paintNumber(view, k, x, y) {
  const { cells, layout, spec, texts, stage } = view;
  const { theme } = stage.packet;
  const context = contextOf(cells);
  const entry = step(view, spec.values[k]);
  if (entry < 0) paintHatch(context, x, y, layout.cell, theme.hatch);
  if (!texts) return;
  context.font = texts.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle = { x: x + layout.cell / 2, y: y + layout.cell / 2 + 1 };
  if (entry < 0) {
    const width = context.measureText(texts.texts[k]).width + 4;
    context.fillStyle = theme.non_finite;
    context.fillRect(middle.x - width / 2, middle.y - 10, width, 18);
  }
  context.fillStyle = theme.inks[entry < 0 ? 0 : stage.palette.table[4 * entry + 3]];
  context.fillText(texts.texts[k], middle.x, middle.y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 * @param {string} colour
 */
function paintHatch(context, x, y, cell, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, cell, cell);
  context.clip();
  context.beginPath();
  for (let shift = 4; shift < 2 * cell; shift += 8) {
    context.moveTo(x + shift, y);
    context.lineTo(x + shift - cell, y + cell);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}

/**
 * @param {Painted} view
 * @param {Part} part
 */
function paintLabel({ cells, spec, layout, stage }, { tile, x, y }) {
  const { palette, words } = stage;
  const context = contextOf(cells);
  const [from, to] = spec.label_axes;
  const index = fullIndex(spec, tile * spec.rows * spec.columns)
    .slice(from, to)
    .join(",");
  const named = fill(words.maps.channel, { index });
  context.font = `${LABEL * palette.type}px ${palette.numbers}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = palette.text;
  const room = layout.stepX - TILE_GAP / 2;
  const choices = spec.named_channels ? [named, index] : [index];
  const text = choices.find((each) => context.measureText(each).width <= room);
  if (text) context.fillText(text, x, y - 5);
}
