// Where a note has room beside lines and other texts.

/** @typedef {{x: number, y: number, width: number, height: number}} Box px */
/** @typedef {{from: {x: number, y: number}, to: {x: number, y: number}}} Line px */

const STEP = 4; // px between two places that are tried
const FREE = 3; // px around a note at least

/**
 * Where a note begins: of all places in its line where it meets the fewest others, the nearest to the
 * one wished.
 * @param {Box} note of which the x is to be found
 * @param {number} wished px
 * @param {{from: number, to: number}} room px
 * @param {Box[]} boxes
 * @param {Line[]} lines
 */
export function clearPlace(note, wished, { from, to }, boxes, lines) {
  const last = Math.max(from, to - note.width);
  const first = Math.min(Math.max(wished, from), last);
  const places = [first];
  for (let x = from; x < last; x += STEP) places.push(x);
  places.push(last);
  const rated = places.map((x) => {
    const around = {
      x: x - FREE,
      y: note.y,
      width: note.width + 2 * FREE,
      height: note.height,
    };
    const met =
      boxes.filter((box) => overlap(around, box)).length +
      lines.filter((line) => crosses(around, line)).length;
    return { x, met, away: Math.abs(x - first) };
  });
  return rated.reduce((best, each) => {
    const nearer = each.met === best.met && each.away < best.away;
    return each.met < best.met || nearer ? each : best;
  }).x;
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  const across = a.x < b.x + b.width && b.x < a.x + a.width;
  return across && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Whether some of a line is in a box: what is left of it between the box's sides, cut in both
 * directions.
 * @param {Box} box
 * @param {Line} line
 */
export function crosses(box, { from, to }) {
  let [enters, leaves] = [0, 1];
  const sides = [
    { start: from.x, way: to.x - from.x, low: box.x, high: box.x + box.width },
    { start: from.y, way: to.y - from.y, low: box.y, high: box.y + box.height },
  ];
  for (const { start, way, low, high } of sides) {
    if (!way) {
      if (start <= low || start >= high) return false;
      continue;
    }
    const ends = [(low - start) / way, (high - start) / way];
    enters = Math.max(enters, Math.min(...ends));
    leaves = Math.min(leaves, Math.max(...ends));
  }
  return enters < leaves;
}
