// How the numbers of a map are written in its cells: as large as they fit, and alike in all maps
// that belong together.

import { inUnit, powerOfTen, styled, withoutZero } from "./digits.js";
import { fractionOr } from "./fraction.js";
import { contextOf } from "../paint.js";

/** @import {Drawn, Painted, Style, Texts, Written} from "../types.d.ts" */
/** @typedef {{texts: string[], power: number}} Writing */

const MOST_NUMBERS = 4096; // more cells never have room for numbers
const FONT = { smallest: 10.5, small: 11.5, usual: 12.5, largest: 17, perCell: 0.19, room: 18 }; // px
const PADDING = { least: 2, usual: 5 }; // px beside a number, both sides together
const FEW = 1; // decimals fewer than a sum has that still tell what to add
const IN_A_UNIT = [2, 1]; // decimals where a unit is stated, so that short numbers fit

/**
 * Texts and size that let every number of a map fit in its cell: of numbers as they are, and of
 * numbers in a unit that is stated.
 * @param {Pick<Painted, "spec" | "layout" | "stage" | "cells">} view
 * @returns {Written}
 */
export function written(view) {
  const { spec, layout, stage } = view;
  const { alike, rows } = stage.packet;
  const none = { plain: null, unit: null };
  if (spec.written === false || spec.count > MOST_NUMBERS || layout.cell < FONT.smallest)
    return none;
  const style = /** @type {Style} */ (stage.styles.get(spec.key));
  const filled = rows.flat().some(({ asked }) => asked);
  const whole = write(spec, style);
  const units = IN_A_UNIT.map((decimals) => write(spec, { decimals, power: style.exponent }));
  return {
    plain: fitting(
      view,
      filled ? typed(spec, style) : [...inFractions(spec, style), whole, shortened(whole)],
    ),
    unit: style.decimals && !alike ? fitting(view, units, false) : null,
  };
}

/**
 * How numbers may be written beside cells to fill in: as somebody types them, where they fit so.
 * @param {Drawn} spec
 * @param {Style} style
 * @returns {Writing[]}
 */
function typed({ values }, style) {
  const write = (/** @type {number} */ decimals) => ({
    texts: Array.from(values, (value) => styled(value, { ...style, decimals })),
    power: 0,
  });
  const [whole, few] = [style.decimals, Math.max(0, style.decimals - FEW)].map(write);
  return [whole, shortened(whole), few, shortened(few)];
}

/**
 * @param {Drawn} spec
 * @param {Pick<Style, "decimals" | "power">} style
 * @returns {Writing}
 */
function write({ values }, style) {
  return { texts: Array.from(values, (value) => inUnit(value, style)), power: style.power };
}

/**
 * With fractions, where the map asks for them and no unit is stated.
 * @param {Drawn} spec
 * @param {Style} style
 * @returns {Writing[]}
 */
function inFractions({ fractions, values }, style) {
  if (!fractions || style.power) return [];
  const found = { texts: Array.from(values, (value) => fractionOr(value, style)), power: 0 };
  return [found, shortened(found)];
}

/**
 * @param {Writing} writing
 * @returns {Writing}
 */
function shortened({ texts, power }) {
  return { texts: texts.map(withoutZero), power };
}

/**
 * The first of these writings that fits, in the largest type in which it does.
 * @param {Pick<Painted, "layout" | "stage" | "cells">} view
 * @param {Writing[]} writings
 * @param {boolean} [close] whether they may be written small and close, where they fit in no other way
 * @returns {Texts | null}
 */
function fitting({ layout, stage, cells }, writings, close = true) {
  const { palette } = stage;
  const context = contextOf(cells);
  const usual = Math.min(FONT.largest, Math.max(FONT.usual, layout.cell * FONT.perCell));
  const room = palette.type > 1; // which reads nothing smaller from its back row
  const smallest = room ? FONT.room : FONT.smallest;
  const sizes = room
    ? [Math.max(usual * palette.type, FONT.room), FONT.room]
    : [usual, FONT.usual, FONT.small];
  for (const some of close ? [sizes, [smallest]] : [sizes]) {
    for (const { texts, power } of writings) {
      const longest = texts.reduce((a, b) => (b.length > a.length ? b : a));
      for (const size of some) {
        const font = `${size}px ${palette.numbers}`;
        context.font = font;
        const padding = size === smallest ? PADDING.least : PADDING.usual;
        if (context.measureText(longest).width + padding <= layout.cell)
          return { texts, font, power };
      }
    }
  }
  return null;
}

/**
 * How maps are written, those of a group alike.
 * @param {{spec: Pick<Drawn, "group">, written: Written}[]} maps
 * @returns {(Texts | null)[]}
 */
export function textsOf(maps) {
  return maps.map(({ spec, written: own }) => {
    const group = maps.filter((each) => each.spec.group === spec.group);
    return own[wayOf(group.map((each) => each.written))];
  });
}

/**
 * How maps are written that belong together: as they are where all of them fit so, else in one
 * unit; where some fit in neither way, only those have numbers that need no unit.
 * @param {Written[]} group
 * @returns {keyof Written}
 */
function wayOf(group) {
  const some = group.filter(({ plain, unit }) => plain || unit);
  return some.every(({ plain }) => plain) || !some.every(({ unit }) => unit) ? "plain" : "unit";
}

/**
 * The unit in which cells are written, as it stands beside the title of their map.
 * @param {Texts | null} texts
 */
export function unitMark(texts) {
  return texts?.power ? `×${powerOfTen(texts.power)}` : "";
}
