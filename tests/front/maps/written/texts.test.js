import assert from "node:assert/strict";
import { test } from "node:test";

import { stylesOf } from "../../../../viz/front/maps/styles.js";
import { textsOf, unitMark, written } from "../../../../viz/front/maps/written/texts.js";

/** @import {MapSpec, Packet} from "../../../../viz/front/types.d.ts" */
/** @import {Drawn, Layout, Stage, Texts} from "../../../../viz/front/maps/types.d.ts" */

const LETTER = 0.6; // of the size of the type, as of the numbers' own

/** A canvas on which a letter is as wide as in the numbers' own type. */
const cells = /** @type {HTMLCanvasElement} */ (
  /** @type {unknown} */ ({
    getContext: () => ({
      font: "",
      /** @param {string} text */
      measureText(text) {
        return { width: text.length * LETTER * Number.parseFloat(this.font) };
      },
    }),
  })
);

/**
 * @param {string} key
 * @param {number[]} values
 * @param {string} [group]
 */
function map(key, values, group = "gradient") {
  const spec = { key, group, count: values.length, values: Float32Array.from(values) };
  return /** @type {MapSpec} */ (/** @type {unknown} */ (spec));
}

/**
 * A map that is filled in.
 * @param {number} columns
 */
function asked(columns) {
  const spec = { key: "asked", missing: "hidden", asked: { rows: columns, columns } };
  return /** @type {MapSpec} */ (/** @type {unknown} */ (spec));
}

/**
 * How maps with cells of these sizes are written, in a room.
 * @param {MapSpec[]} specs
 * @param {number[]} sizes px
 * @param {Partial<Packet>} [packet]
 */
function writtenOn(specs, sizes, packet = {}) {
  const styles = stylesOf(packet.alike ?? specs);
  const about = {
    packet: { rows: [specs], ...packet },
    styles,
    palette: { type: 1.3, numbers: "mono" },
  };
  const stage = /** @type {Stage} */ (/** @type {unknown} */ (about));
  const drawn = /** @type {Drawn[]} */ (specs.filter(({ missing }) => !missing));
  return textsOf(
    drawn.map((spec, at) => {
      const layout = /** @type {Layout} */ ({ cell: sizes[at] });
      return { spec, written: written({ stage, cells, spec, layout }) };
    }),
  );
}

/** @param {Texts | null} texts */
const said = (texts) => texts && [texts.texts, unitMark(texts)];

const LARGE = map("handed", [0.1652, -0.0031]);
const SMALL = map("arrived", [0.0582, -0.0454]);

test("maps that belong together are in one unit as soon as one of them needs it", () => {
  assert.deepEqual(writtenOn([LARGE], [140]).map(said), [[["0.1652", "−0.0031"], ""]]);
  assert.deepEqual(writtenOn([LARGE, SMALL], [140, 47]).map(said), [
    [["1.65", "−0.03"], "×10⁻¹"],
    [["0.6", "−0.5"], "×10⁻¹"],
  ]);
});

test("a map whose cells hold no number at all keeps the others in no unit", () => {
  const maps = writtenOn([LARGE, SMALL], [140, 8]);
  assert.deepEqual(maps.map(said), [[["0.1652", "−0.0031"], ""], null]);
});

test("maps of another kind have a unit of their own, or none", () => {
  const value = map("value", [0.2643, -0.0066], "value");
  const maps = writtenOn([SMALL, value], [47, 140]);
  assert.deepEqual(maps.map(unitMark), ["×10⁻²", ""]);
});

test("beside cells to fill in numbers are in no unit, unless they fit in no other way", () => {
  const arrived = map("arrived", [0.092371, -0.045354, 0.008452]);
  const [shown, small] = [70, 47].map((cell) => writtenOn([asked(2), arrived], [cell])[0]);
  assert.deepEqual(said(shown), [[".0924", "−.0454", ".0085"], ""]);
  assert.deepEqual(said(small), [["9.2", "−4.5", "0.8"], "×10⁻²"]);
});

test("beside cells to fill in a vanished number has its power in the cell itself", () => {
  const arrived = map("arrived", [4.7231e-8, -2e-9]);
  const maps = writtenOn([asked(1), arrived], [150]);
  assert.deepEqual(maps.map(said), [[["4.723e−8", "−0.200e−8"], ""]]);
});

test("maps that others stand beside have their decimals, and no unit of their own", () => {
  const alike = [LARGE, map("far", [12.345])];
  assert.deepEqual(writtenOn([LARGE], [140], { alike }).map(said), [[["0.17", "≈0"], ""]]);
  assert.deepEqual(writtenOn([SMALL], [47], { alike: [SMALL] }), [null]);
});

test("a map writes fractions, and what is none beside them as before", () => {
  const matrix = { ...map("matrix", [0.25, 0.5625, -0.375, 1, 0, 0.3331]), fractions: true };
  const [wide, close] = [140, 49].map((cell) => writtenOn([matrix], [cell])[0]);
  assert.deepEqual(said(wide), [["1/4", "9/16", "−3/8", "1", "0", "0.333"], ""]);
  assert.deepEqual(said(close), [["1/4", "9/16", "−3/8", "1", "0", ".333"], ""]);
});

test("a map whose fractions do not fit is written as one that asks for none", () => {
  const plain = map("values", [0.0625, -0.9375]);
  const asked = { ...plain, fractions: true };
  assert.deepEqual(said(writtenOn([asked], [72])[0]), [["1/16", "−15/16"], ""]);
  assert.deepEqual(said(writtenOn([asked], [60])[0]), [["0.63", "−9.38"], "×10⁻¹"]);
  assert.deepEqual(writtenOn([asked], [60]), writtenOn([plain], [60]));
  assert.deepEqual(writtenOn([asked], [8]), [null]);
});

test("where a unit is stated there are no fractions", () => {
  for (const values of [
    [2e6, -1.5e6],
    [1e-4, 0],
  ]) {
    const plain = map("values", values);
    const asked = writtenOn([{ ...plain, fractions: true }], [140]);
    assert.deepEqual(asked.map(said), writtenOn([plain], [140]).map(said));
  }
});
