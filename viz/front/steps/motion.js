// What moves when the gradient takes a step: a dot along the arrows to the box that gets it, then
// its cells fill, then its number, ratio and point appear.

const RUN = 450; // ms of the dot
const FILL = 350; // ms of the cells
const APPEAR = 150; // ms of the numbers
export const STEP = RUN + FILL + APPEAR;
const POINTS = 12; // that a way is made of
const SVG = "http://www.w3.org/2000/svg";
const ROWS = 6; // in which cells fill, whatever their number

/** Whether nothing is to move. */
export function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @typedef {{path: SVGPathElement, backward: boolean, radius: number}} Run a way, and whether it is drawn against it */

export class Motion {
  constructor() {
    /** @type {Animation[]} */
    this.moving = [];
  }

  /** What moved before stands where it leads. */
  stop() {
    for (const each of this.moving) each.finish();
    this.moving = [];
  }

  /**
   * @param {Run[]} runs
   * @param {Element[]} filled
   * @param {Element[]} shown
   */
  begin(runs, filled, shown) {
    this.stop();
    if (isCalm()) return;
    for (const run of runs) this.run(run);
    const after = runs.length ? RUN : 0;
    for (const part of filled) {
      const cut = [{ clipPath: "inset(0 0 100% 0)" }, { clipPath: "inset(0 0 0 0)" }];
      this.move(part, cut, { delay: after, duration: FILL, easing: `steps(${ROWS})` });
    }
    const late = after + (filled.length ? FILL : 0);
    for (const part of shown)
      this.move(part, [{ opacity: 0 }, { opacity: 1 }], { delay: late, duration: APPEAR });
  }

  /** @param {Run} run */
  run({ path, backward, radius }) {
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("class", "dot");
    dot.setAttribute("r", String(radius));
    path.parentNode?.append(dot);
    const length = path.getTotalLength();
    const frames = Array.from({ length: POINTS + 1 }, (_, at) => {
      const share = at / POINTS;
      const { x, y } = path.getPointAtLength(length * (backward ? 1 - share : share));
      return { transform: `translate(${x}px, ${y}px)` };
    });
    const moved = this.move(dot, frames, { duration: RUN, easing: "ease-in-out" });
    moved.addEventListener("finish", () => dot.remove());
  }

  /**
   * @param {Element} part
   * @param {Keyframe[]} frames
   * @param {KeyframeAnimationOptions} how
   */
  move(part, frames, how) {
    const moved = part.animate(frames, { fill: "backwards", ...how });
    this.moving.push(moved);
    return moved;
  }
}
