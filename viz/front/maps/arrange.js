// Puts the maps in their places: side by side where there is room, else below each other.

import { BIGGEST_CELL, layOut, ONE_TILE_HEIGHT, SCROLLBAR, share, shareByCells } from "./layout.js";
import { showLegends, showUnit } from "./legend.js";
import { paintCells, readPalette } from "./paint.js";
import { readOut, relate } from "./lit/pointing.js";
import { reserve } from "./written/sum.js";
import { textsOf, written } from "./written/texts.js";

/** @import {Room, Stage, View} from "./types.d.ts" */

const SCROLL_HEIGHT = 420; // px that are shown of a map that does not fit
const CARD_WIDTH = 200; // px that a title needs
const WORD_LETTER = 11; // px a letter of a word that is not broken
const TITLE_LETTER = 8.8; // px a letter of a title, which is not broken where there is room
const BETWEEN_WIDTH = { most: 190, least: 118, arrow: 40 }; // px of the column between the first two maps
const SCALE = { letter: 7.4, gaps: 12 }; // px of the numbers of a scale, in small type of a wide font
const EVEN_CELL = 64; // px at most where three maps share a row: a number fits, and a slide is not filled
const COLUMN_GAP = 22; // px between columns, as in maps.css
const NARROW_GAP = 12; // px between two maps on a phone, as in maps.css
const STACK_BELOW = 520; // px of width under which more than two maps stand below each other
const UNIT_LETTERS = 6; // of a unit beside a title
const HIDE_BUTTON = 30; // px beside a title, as in hide.css
const FILLED_CELL = 66; // px of a cell that is filled in
const LEAST_FILLED = 4; // columns whose px the buttons below need
const SCALE_BELOW = 41; // px of a scale below the maps, where it does not stand between them
const FEW_FILLED = 2; // columns to fill in that leave room for a map beside them on a phone
const GIVEN_HEIGHT = 220; // px of a map on a phone above or below what is filled in
/** @type {Room} */
const ROOM = { height: ONE_TILE_HEIGHT, cell: BIGGEST_CELL };

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
  stage.room = stage.roomOf?.() ?? ROOM;
  stage.packet.rows.forEach((_, row) => placeRow(stage, row));
  write(stage.views.filter(({ spec }) => !spec.missing));
  stage.packet.rows.forEach((_, row) => {
    const views = stage.views.filter((view) => view.row === row);
    showLegends(stage, views, stage.scales[row]);
  });
  reserve(stage);
  relate(stage);
}

/**
 * @param {Stage} stage
 * @param {number} row
 */
function placeRow(stage, row) {
  const views = stage.views.filter((view) => view.row === row);
  const parent = views[0]?.card.parentElement;
  if (!parent) return;
  const narrow = stage.width < STACK_BELOW;
  const stacked = narrow && standBelow(views);
  const column = narrow ? 0 : betweenWidth(stage, views, parent);
  const gap = narrow ? NARROW_GAP : COLUMN_GAP;
  const taken = (views.length - 1) * gap + (column ? column + gap : 0);
  const { shares, most } = stacked
    ? { shares: views.map(() => stage.width), most: stage.room.cell }
    : sharesOf(views, stage.width - taken, narrow);
  parent.classList.toggle("stacked", stacked);
  parent.classList.toggle("narrow", narrow && !stacked);
  putInColumns(views, parent, stacked ? [] : shares, column);
  const room = roomIn(stage, most, column > 0);
  if (stacked && views.some(({ spec }) => spec.asked)) room.height = GIVEN_HEIGHT;
  views.forEach((view, at) => placeAnew(view, shares[at], room));
}

/**
 * How large the maps of a row may be: where all are to be seen at once, with their scale.
 * @param {Stage} stage
 * @param {number} cell
 * @param {boolean} between whether the scale stands between them
 */
function roomIn({ room: { height, scroll } }, cell, between) {
  const below = scroll === undefined || between ? 0 : SCALE_BELOW;
  return { height: height - below, cell, scroll: scroll && scroll - below };
}

/**
 * @param {View[]} views
 * @param {HTMLElement} parent
 * @param {number[]} shares px; none where maps stand below each other
 * @param {number} column px of what stands between the first two maps; 0 where nothing does
 */
function putInColumns(views, parent, shares, column) {
  const columns = shares.map((each) => `${each}px`);
  if (column) columns.splice(1, 0, `${column}px`);
  parent.style.gridTemplateColumns = columns.join(" ");
  views.forEach(({ card }, at) => {
    card.style.gridColumn = shares.length ? String(at + 1 + Number(at > 0 && column > 0)) : "";
  });
}

/**
 * Write and paint the maps that were placed anew, or are written otherwise than before.
 * @param {View[]} views which have cells
 */
function write(views) {
  const texts = textsOf(views);
  views.forEach((view, at) => {
    const { stage } = view;
    if (!view.anew && view.texts === texts[at]) return;
    Object.assign(view, { anew: false, texts: texts[at] });
    view.readout.classList.toggle("over", stage.palette.type > 1 && !view.texts);
    view.scroller.dataset.numbers = view.texts?.font ?? ""; // how they are written, if they are
    showUnit(view);
    paintCells(view);
  });
}

/**
 * Whether maps have no room side by side on a phone: three, or one with much to fill in.
 * @param {View[]} views
 */
function standBelow(views) {
  return views.length > 2 || views.some(({ spec }) => (spec.asked?.columns ?? 0) > FEW_FILLED);
}

/**
 * Px of the column between the first two maps, where something stands between them: what the maps
 * leave of the row, within bounds.
 * @param {Stage} stage
 * @param {View[]} views
 * @param {HTMLElement} parent
 */
function betweenWidth(stage, views, parent) {
  const between = parent.querySelector(".between");
  if (!between) return 0;
  between.classList.toggle("short", views.length > 2);
  const { most, least, arrow } = BETWEEN_WIDTH;
  const scale = scaleWidth(stage, views);
  if (!stage.packet.between.length && !stage.tools) return Math.max(arrow, scale);
  const maps = views.map((view) => {
    const map = filledWidth(view) || stage.room.height + 1;
    return Math.max(map, titleWidth(view)) + COLUMN_GAP;
  });
  const left = stage.width - maps.reduce((sum, width) => sum + width, 0);
  return Math.max(scale, Math.min(most, Math.max(least * stage.palette.type, left)));
}

/**
 * Px that the numbers of a scale need which stands between the maps: of three, in short.
 * @param {Stage} stage
 * @param {View[]} views
 */
function scaleWidth({ palette }, views) {
  const ends = views.map(({ spec }) => spec.ends ?? []);
  if (views.some(({ spec }) => spec.scale !== views[0].spec.scale)) return 0; // each has its own
  const [letters, gaps] =
    views.length > 2
      ? [Math.max(...ends.map((each) => 1 + (each.at(-1)?.length ?? 0))), 0]
      : [Math.max(...ends.map((each) => each.join("").length)), SCALE.gaps];
  return (letters * SCALE.letter + gaps) * palette.type;
}

/**
 * Widths of maps side by side, and the largest cell they may have.
 * @param {View[]} views
 * @param {number} total
 * @param {boolean} narrow
 */
function sharesOf(views, total, narrow) {
  const { room } = views[0].stage;
  if (narrow && views.length > 1) {
    return { shares: views.map(() => Math.floor(total / views.length)), most: room.cell };
  }
  const { type } = views[0].stage.palette;
  const wishes = views.map((view) => {
    const { spec } = view;
    const title = Math.min(titleWidth(view), total / views.length + HIDE_BUTTON);
    const map = spec.missing ? filledWidth(view) : layOut(spec, total, room).width;
    return Math.max(CARD_WIDTH, title, map);
  });
  const tight = views.length > 2 && wishes.reduce((sum, wish) => sum + wish, 0) > total;
  const specs = views.map((view) => view.spec);
  const even = tight ? shareByCells(specs, total, views.map(wordWidth)) : null;
  return {
    shares: even?.shares ?? share(wishes, total),
    most: even ? Math.min(room.cell, EVEN_CELL * type, even.cell) : room.cell,
  };
}

/**
 * Px of what is filled in, in the place of a map; 0 where nothing is.
 * @param {View} view
 */
function filledWidth({ spec: { asked }, stage: { palette } }) {
  return asked ? Math.max(asked.columns, LEAST_FILLED) * FILLED_CELL * palette.type : 0;
}

/**
 * Px of the longest word of a title, which is never broken.
 * @param {View} view
 */
function wordWidth({ spec: { title }, stage: { palette } }) {
  const longest = Math.max(...title.split(/\s+/).map((word) => word.length));
  return Math.ceil(longest * WORD_LETTER * palette.type);
}

/**
 * Px that a title needs with what stands beside it.
 * @param {View} view
 */
function titleWidth({ spec, stage: { palette, styles } }) {
  const many = (spec.count ?? 0) > 1; // a single number has room for itself, unless it is tiny
  const unit = palette.type > 1 && (many || styles.get(spec.key)?.power) ? UNIT_LETTERS : 0;
  const letters = (spec.title.length + unit) * TITLE_LETTER * palette.type;
  return letters + (spec.hides ? HIDE_BUTTON : 0);
}

/**
 * Place a map, unless that would change nothing.
 * @param {View} view
 * @param {number} width
 * @param {Room} room
 */
function placeAnew(view, width, room) {
  const { spec, stage, placed } = view;
  const { decimals, power } = stage.styles.get(spec.key) ?? {};
  const looks = [stage.palette, stage.words.maps.channel, stage.packet.scaling, decimals, power];
  const place = [spec, width, room.cell, room.height, ...looks];
  if (spec.missing || place.every((each, at) => each === placed[at])) return;
  view.placed = place;
  view.layout = layOut(spec, width, room);
  fit(view, width, room.scroll);
  view.written = written(view);
  view.anew = true;
  readOut(view);
}

/**
 * Give the scrolling part of a map and its canvases their sizes.
 * @param {View} view
 * @param {number} width
 * @param {number} [most] px that are seen of its height
 */
function fit(view, width, most = SCROLL_HEIGHT) {
  const { scroller, content, layout } = view;
  const scrollsDown = layout.height > most;
  const bar = scrollsDown ? SCROLLBAR : 0;
  const scrollsAcross = layout.width > width - bar;
  resize(scroller, {
    width: Math.min(width, layout.width + bar),
    height: Math.min(layout.height, most) + (scrollsAcross ? SCROLLBAR : 0),
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
