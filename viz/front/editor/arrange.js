// Where the boxes of a network stand: a column a rank, left to right in the order in which they
// run, and where the arrows between them go. What skips a column passes above all boxes.

/** What has been drawn of a layer; an `output` cannot be chosen. @typedef {"works" | "broken" | "unknown" | "input" | "output"} State */

/**
 * @typedef {object} Box
 * @property {string} id
 * @property {string} name
 * @property {string[]} lines below the name
 * @property {string[]} reads ids of the boxes it reads
 * @property {string} shape of what it hands on; empty where that is not known
 * @property {State} state
 */

/** @typedef {Box & {x: number, y: number, width: number, height: number}} Placed */
/** @typedef {{from: string, to: string, path: string}} Arrow */
/** @typedef {{boxes: Placed[], arrows: Arrow[], width: number, height: number}} Arrangement */

const LETTER = 6.7; // pixels of a letter of a name; of the lines below it is less
const SMALL_LETTER = 6.4;
const PADDING = 18; // of a box, both sides together
const NARROWEST = 52;
const HEIGHT = 48;
const BETWEEN = 14; // boxes of one column
const GAP = 36; // columns without a shape between them
const LANE = 9;
const MARGIN = 6;
const LEAVING = 6; // from a box to where an arrow turns
const ARRIVING = 10;

/**
 * @param {Box[]} boxes in the order in which they run
 * @returns {Arrangement}
 */
export function arrange(boxes) {
  const ranks = ranksOf(boxes);
  const rows = rowsOf(boxes, ranks);
  const columns = columnsOf(boxes, ranks);
  const edges = edgesOf(boxes, ranks);
  const lanes = lanesOf(edges);
  const top = MARGIN + LANE * Math.max(0, ...lanes.map((lane) => lane + 1));
  const placed = boxes.map((box, each) => {
    const { x, width } = columns[ranks[each]];
    const y = top + rows[each] * (HEIGHT + BETWEEN);
    return { ...box, x, y, width, height: HEIGHT };
  });
  const arrows = edges.map(({ from, to }, each) => ({
    from: boxes[from].id,
    to: boxes[to].id,
    path: pathOf(placed[from], placed[to], lanes[each] < 0 ? null : top - LANE * (lanes[each] + 1)),
  }));
  const last = columns[columns.length - 1];
  const height = top + (Math.max(0, ...rows) + 1) * (HEIGHT + BETWEEN) - BETWEEN + MARGIN;
  return { boxes: placed, arrows, width: last.x + last.width + MARGIN, height };
}

/**
 * How many arrows lead to each box, along the longest way. What is read and stands further below
 * cannot be run before, so it does not count.
 * @param {Box[]} boxes
 */
function ranksOf(boxes) {
  /** @type {Map<string, number>} */
  const known = new Map();
  return boxes.map(({ id, reads }) => {
    const rank = 1 + Math.max(-1, ...reads.map((source) => known.get(source) ?? -1));
    known.set(id, rank);
    return rank;
  });
}

/**
 * A box stands beside what it reads first, where that row is free, or in the next free one.
 * @param {Box[]} boxes
 * @param {number[]} ranks
 */
function rowsOf(boxes, ranks) {
  const taken = new Set();
  /** @type {Map<string, number>} */
  const known = new Map();
  return boxes.map(({ id, reads }, each) => {
    let row = Math.min(...reads.map((source) => known.get(source) ?? 0), Infinity);
    if (row === Infinity) row = 0;
    while (taken.has(`${ranks[each]} ${row}`)) row += 1;
    taken.add(`${ranks[each]} ${row}`);
    known.set(id, row);
    return row;
  });
}

/**
 * @param {Box[]} boxes
 * @param {number[]} ranks
 */
function columnsOf(boxes, ranks) {
  /** @type {{x: number, width: number, gap: number}[]} */
  const columns = [];
  boxes.forEach((box, each) => {
    const column = (columns[ranks[each]] ??= { x: 0, width: NARROWEST, gap: GAP });
    column.width = Math.max(column.width, widthOf(box));
    if (box.shape) column.gap = Math.max(column.gap, GAP + box.shape.length * SMALL_LETTER - 4);
  });
  let x = MARGIN;
  for (const column of columns) {
    column.x = x;
    x += column.width + column.gap;
  }
  return columns;
}

/** @param {Box} box */
function widthOf({ name, lines }) {
  const texts = lines.map(({ length }) => length * SMALL_LETTER);
  return PADDING + Math.max(name.length * LETTER, ...texts);
}

/** @typedef {{from: number, to: number, first: number, last: number}} Edge ends as places and as ranks */

/**
 * @param {Box[]} boxes
 * @param {number[]} ranks
 * @returns {Edge[]}
 */
function edgesOf(boxes, ranks) {
  const places = new Map(boxes.map(({ id }, place) => [id, place]));
  return boxes.flatMap(({ reads }, to) =>
    [...new Set(reads)].flatMap((source) => {
      const from = places.get(source);
      return from === undefined ? [] : [{ from, to, first: ranks[from], last: ranks[to] }];
    }),
  );
}

/**
 * The lane of each edge that skips a column, from the lowest on; -1 for one that goes straight.
 * Lanes that two edges share are of different columns.
 * @param {Edge[]} edges
 */
function lanesOf(edges) {
  /** @type {{low: number, high: number}[][]} */
  const lanes = [];
  const found = edges.map(() => -1);
  const skipping = edges.map((_, each) => each).filter((each) => spanOf(edges[each]) !== 1);
  skipping.sort((a, b) => Math.abs(spanOf(edges[a])) - Math.abs(spanOf(edges[b])));
  for (const each of skipping) {
    const { first, last } = edges[each];
    const [low, high] = first < last ? [first, last] : [last - 1, first + 1];
    let lane = 0;
    while (lanes[lane]?.some((other) => low < other.high && other.low < high)) lane += 1;
    (lanes[lane] ??= []).push({ low, high });
    found[each] = lane;
  }
  return found;
}

/** @param {Edge} edge */
function spanOf({ first, last }) {
  return last - first;
}

/**
 * @param {Placed} from
 * @param {Placed} to
 * @param {number | null} lane where it passes above the boxes
 */
function pathOf(from, to, lane) {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  if (lane !== null) {
    return `M${x1} ${y1}H${x1 + LEAVING}V${lane}H${x2 - ARRIVING}V${y2}H${x2}`;
  }
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const middle = x2 - ARRIVING;
  return `M${x1} ${y1}H${x1 + LEAVING}C${middle} ${y1} ${x1 + LEAVING} ${y2} ${middle} ${y2}H${x2}`;
}
