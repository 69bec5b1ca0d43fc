// How curves are told apart: by colour, and without colour by strokes, signs and fillings.

/** @import {CurveData, Look} from "./types.d.ts" */

export const COLOURS = 5;
const PLAIN = ["solid", "dashed", "dotted", "mixed", "long"];
const DASHED = ["dashed", "long", "mixed", "dotted"];
const SIGNS = ["circle", "square", "diamond", "cross"];
const FILLINGS = ["full", "hollow", "half"];

/** How a line is broken, in widths of the line. @type {Record<string, number[]>} */
export const DASHES = {
  solid: [],
  dashed: [3.2, 2.4],
  dotted: [0.01, 2.2],
  mixed: [5, 2.2, 0.01, 2.2],
  long: [7, 3],
};

/**
 * @param {Pick<CurveData, "kind" | "dashed">[]} curves
 * @returns {Look[]}
 */
export function looksOf(curves) {
  /** @type {Map<number, string>} */
  const patterns = new Map();
  /** @param {(curve: Pick<CurveData, "kind" | "dashed">) => boolean} chosen @param {string[]} offered */
  const share = (chosen, offered) => {
    curves.forEach((curve, at) => {
      if (!chosen(curve)) return;
      const used = [...patterns.values()];
      const free = offered.find((pattern) => !used.includes(pattern));
      patterns.set(at, free ?? offered[at % offered.length]);
    });
  };
  share(({ kind }) => kind === "dots", SIGNS);
  share(({ kind }) => kind === "bars", FILLINGS);
  share(({ kind, dashed }) => isLine(kind) && dashed, DASHED);
  share(({ kind, dashed }) => isLine(kind) && !dashed, PLAIN);
  return curves.map((_, at) => ({ colour: at % COLOURS, pattern: patterns.get(at) ?? "solid" }));
}

/** @param {CurveData["kind"]} kind */
export function isLine(kind) {
  return kind === "line" || kind === "steps";
}
