// Where a gradient stands on the axis, which is the same for every run, and how its point looks.

/** @typedef {"number" | "above" | "below" | "zero" | "odd"} Look */
/** @typedef {{y: number, look: Look}} Mark */

/**
 * Map sizes to px from above.
 * @param {number} highest at the top
 * @param {number} lowest at the floor
 * @param {number} top px
 * @param {number} floor px
 */
export function scaleOf(highest, lowest, top, floor) {
  const decades = Math.log10(highest / lowest);
  return (/** @type {number} */ value) =>
    top + ((floor - top) * Math.log10(highest / value)) / decades;
}

/**
 * The point of every box; null where no gradient is.
 * @param {ArrayLike<number>} peaks
 * @param {string[]} states of the boxes
 * @param {{highest: number, lowest: number, top: number, floor: number}} axis
 * @returns {(Mark | null)[]}
 */
export function marksOf(peaks, states, { highest, lowest, top, floor }) {
  const scale = scaleOf(highest, lowest, top, floor);
  return Array.from(peaks, (value, at) => {
    if (states[at] === "not finite") return { y: top, look: "odd" };
    if (states[at] === "zero") return { y: floor, look: "zero" };
    if (states[at] !== "number") return null;
    if (value > highest) return { y: top, look: "above" };
    if (value < lowest) return { y: floor, look: "below" };
    return { y: scale(value), look: "number" };
  });
}

/**
 * Which links of the gradient are drawn as lines, and which of them lie on the longest way. What is
 * not finite is no place on the axis to draw a line to.
 * @param {[number, number, boolean][]} links
 * @param {number[]} path
 * @param {(Mark | null)[]} marks
 */
export function linesOf(links, path, marks) {
  const next = new Map(path.map((at, place) => [at, path[place + 1]]));
  return links
    .filter(([source, target, flows]) => flows && isDrawn(marks[source]) && isDrawn(marks[target]))
    .map(([source, target]) => ({ source, target, main: next.get(target) === source }));
}

/** @param {Mark | null} mark */
function isDrawn(mark) {
  return mark !== null && mark.look !== "odd";
}

/**
 * Every so manyth name fits below a long profile.
 * @param {number} count
 * @param {number} room px for all
 * @param {number} each px for one
 */
export function namedEvery(count, room, each) {
  const fitting = Math.max(1, Math.floor(room / each));
  const every = Math.ceil(count / fitting);
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => step >= every) ?? every;
}

/** A point, and of which run it is, if there are several. @typedef {{mark: Mark | null, peak: number, x: number, of: string}} Point */

/**
 * From where to where points stand that are too large or too small for the axis, and the largest or
 * least of each run; null for none.
 * @param {Point[]} points
 * @param {"above" | "below"} look
 */
export function beyondOf(points, look) {
  const beyond = points.filter(({ mark }) => mark?.look === look);
  if (!beyond.length) return null;
  const places = beyond.map(({ x }) => x);
  const farther = look === "above" ? Math.max : Math.min;
  /** @type {Map<string, number>} */
  const farthest = new Map();
  for (const { of, peak } of beyond) farthest.set(of, farther(peak, farthest.get(of) ?? peak));
  return { from: Math.min(...places), to: Math.max(...places), farthest };
}
