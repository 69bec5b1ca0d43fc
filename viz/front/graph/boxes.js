// What Graphviz drew: its boxes, where they stand, and the lines between them.

const PREFIX = "node-"; // before the id of a box in the drawing

/**
 * The box in which a part of the drawing lies; empty for none.
 * @param {EventTarget | null} part
 */
export function idOf(part) {
  const box = part instanceof Element ? part.closest("g.node") : null;
  return box?.id.slice(PREFIX.length) ?? "";
}

/**
 * @param {SVGSVGElement} svg
 * @returns {Map<string, SVGGElement>}
 */
export function partsOf(svg) {
  /** @type {NodeListOf<SVGGElement>} */
  const boxes = svg.querySelectorAll("g.node");
  return new Map([...boxes].map((box) => [idOf(box), box]));
}

/**
 * @param {SVGGElement} box
 */
export function placeOf(box) {
  const written = box.querySelector("polygon")?.getAttribute("points") ?? "0,0";
  const points = written.trim().split(/\s+/);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => Number(point.split(",")[axis])));
  const [left, right, top, bottom] = [...ends(xs), ...ends(ys)];
  return { x: (left + right) / 2, y: (top + bottom) / 2, left, right, top, bottom };
}

/** @param {number[]} values */
function ends(values) {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * The lines that decide what stands above what.
 * @param {SVGSVGElement} svg
 * @returns {[string, string][]}
 */
export function linesOf(svg) {
  return [...svg.querySelectorAll("g.edge:not(.back) > title")].map((title) => {
    const [upper, lower] = endsOf(title);
    return [upper, lower];
  });
}

/**
 * The ids of the boxes that a line joins, the upper one first.
 * @param {Element} title
 */
export function endsOf(title) {
  return title.textContent.split("->");
}
