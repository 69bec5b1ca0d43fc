// How a number of a cell is read and written.

const NUMBER = /^[+-]?(\d+\.?(\d*)|\.(\d+))$/;

/**
 * @typedef {object} Limits
 * @property {number} least
 * @property {number} most
 * @property {number} decimals
 */

/**
 * The number in a text; null where it is none that a cell can hold.
 * @param {string} text
 * @param {Limits} limits
 */
export function readCell(text, { least, most, decimals }) {
  const plain = text.normalize("NFKC").trim().replace(",", ".").replace("\u2212", "-");
  const [, , after = "", alone = ""] = NUMBER.exec(plain) ?? [];
  const value = Number(plain) + 0; // -0 is 0
  const fits = NUMBER.test(plain) && (after || alone).length <= decimals;
  return fits && least <= value && value <= most ? value : null;
}

/**
 * What stands in a cell that holds a number.
 * @param {number} value
 * @param {number} decimals
 */
export function writtenCell(value, decimals) {
  return String(Number(value.toFixed(decimals)) + 0);
}

/**
 * Read every cell. One whose text is as it was written keeps its number, which may have more
 * decimals; so does one whose text is no number for it.
 * @param {string[]} texts
 * @param {number[]} before
 * @param {Limits} limits
 * @returns {{numbers: number[], wrong: number[]}} and the places of those that were not read
 */
export function readCells(texts, before, limits) {
  const read = texts.map((text, at) =>
    text === writtenCell(before[at], limits.decimals) ? before[at] : readCell(text, limits),
  );
  const numbers = read.map((value, at) => value ?? before[at]);
  return { numbers, wrong: [...read.keys()].filter((at) => read[at] === null) };
}
