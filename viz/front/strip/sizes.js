// How wide boxes and columns are: large while there is room, then with less in them, then only
// those around the chosen one.

/** How much a box says. @typedef {"large" | "snug" | "medium" | "small"} Kind */

/**
 * @typedef {object} Sizes
 * @property {Kind} kind
 * @property {boolean} windowed whether only some boxes are shown
 * @property {number} shown how many
 * @property {number} gutter px on the left, for the names of lanes and lines
 * @property {number} column px from one box to the next
 * @property {number} box px
 * @property {number} value px of the side of a value's thumbnail
 * @property {number} gradient px of the side of a gradient's
 * @property {boolean} staggered whether names stand in two rows, so that each has two columns
 */

const PHONE = 560; // px of the whole; below it boxes scroll sideways
const GUTTER = 88;
const MOST = 24; // boxes that are all shown
export const WINDOW = 7; // boxes of a longer network that are shown
const LARGE = 130; // px of a column from which on a box has room for all it says
const SNUG = 112; // with two digits a number
const MEDIUM = 60; // with the number below the thumbnails, and without details
const SMALL = 40; // thumbnails only
const WIDEST = 200;
const ROOM = { gutter: 112, box: 112, gap: 14, staggered: 80 }; // px where type is large
const ON_PHONE = { column: 104, box: 82 };
const SIDES = { value: 34, gradient: 54 };

/**
 * @param {number} count of boxes
 * @param {number} width px
 * @param {boolean} [large] whether type is large, as in a room
 * @returns {Sizes}
 */
export function sizesFor(count, width, large = false) {
  const phone = width < PHONE;
  const gutter = gutterOf(phone, large);
  const room = width - gutter;
  const windowed = count > MOST || (!phone && room / count < SMALL);
  const shown = windowed ? WINDOW : count;
  const column = phone ? ON_PHONE.column : Math.min(room / shown, WIDEST);
  const kind = phone ? "medium" : kindOf(column, large);
  const box = phone ? ON_PHONE.box : boxOf(column, kind, large);
  const staggered = kind === "small" || (large && column < ROOM.staggered);
  const most = kind === "snug" || staggered ? 46 : SIDES.gradient;
  const gradient = Math.min(most, box - 8);
  return { kind, windowed, shown, gutter, column, box, value: SIDES.value, gradient, staggered };
}

/**
 * @param {boolean} phone
 * @param {boolean} large
 */
function gutterOf(phone, large) {
  if (phone) return 0;
  return large ? ROOM.gutter : GUTTER;
}

/**
 * In large type no box has room for more than a name and a number.
 * @param {number} column
 * @param {boolean} large
 * @returns {Kind}
 */
function kindOf(column, large) {
  if (column >= LARGE && !large) return "large";
  if (column >= SNUG && !large) return "snug";
  return column >= MEDIUM ? "medium" : "small";
}

/**
 * @param {number} column
 * @param {Kind} kind
 * @param {boolean} large
 */
function boxOf(column, kind, large) {
  if (large && kind === "medium") return Math.min(ROOM.box, column - ROOM.gap);
  if (kind === "large") return Math.min(122, column - 22);
  if (kind === "snug") return column - 16;
  return kind === "medium" ? Math.min(82, column - 9) : column - 6;
}

/**
 * Where the middle of a column is.
 * @param {Pick<Sizes, "gutter" | "column">} sizes
 * @param {number} at its place among those that are shown
 */
export function middle({ gutter, column }, at) {
  return gutter + (at + 0.5) * column;
}

/**
 * The first box of a window around one of them.
 * @param {number} count
 * @param {number} shown
 * @param {number} centre
 */
export function firstAround(count, shown, centre) {
  return Math.min(Math.max(Math.round(centre) - Math.floor(shown / 2), 0), count - shown);
}
