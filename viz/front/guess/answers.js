// What is typed into cells: how several numbers are pasted, where Enter leads, how a number looks.

const BETWEEN_PASTED = /[\s;]+/;

/**
 * The numbers in a text as a spreadsheet or Python prints them.
 * @param {string} text
 */
export function pastedNumbers(text) {
  return text
    .replace(/[[\]]|,(?=\s)/g, " ")
    .trim()
    .split(BETWEEN_PASTED);
}

/**
 * The first empty cell from this one on, and then from the beginning; null when none is.
 * @param {string[]} texts
 * @param {number} at
 */
export function nextEmpty(texts, at) {
  const step = texts.findIndex((_, ahead) => !texts[(at + ahead) % texts.length].trim());
  return step < 0 ? null : (at + step) % texts.length;
}

/**
 * The colour of a number among those of a palette: its sign, and how full it is in percent.
 * @param {string} text
 * @param {string[]} palette
 */
export function shade(text, palette) {
  const most = Math.max(...palette.map((each) => Math.abs(Number(each))));
  const part = text.trim() && most ? Number(text) / most : 0;
  const shown = Number.isFinite(part) ? Math.max(-1, Math.min(1, part)) : 0;
  return { sign: Math.sign(shown), percent: Math.round(100 * Math.abs(shown) ** 0.7) };
}

/**
 * How many cells an arrow key goes on from cell `at`, whose text is selected between two ends; 0
 * where the key moves within the text or there is no cell.
 * @param {string} key
 * @param {{at: number, columns: number, from: number, to: number, length: number}} place
 */
export function stepOf(key, { at, columns, from, to, length }) {
  const all = from === 0 && to === length;
  const steps = new Map([
    ["ArrowUp", -columns],
    ["ArrowDown", columns],
    ["ArrowLeft", (all || to === 0) && at % columns ? -1 : 0],
    ["ArrowRight", (all || from === length) && (at + 1) % columns ? 1 : 0],
  ]);
  return steps.get(key) ?? 0;
}
