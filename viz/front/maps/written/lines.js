// What is said of a cell: the sum behind it with its numbers, or what it feeds.

import { element } from "../../element.js";
import { exactNumber, fill, fullIndex, shortNumber, typographic } from "../../numbers.js";
import { styled } from "./digits.js";
import { addsUp } from "./exact.js";
import { fraction, fractionOr } from "./fraction.js";
import { addUp, largest, slopeOf, summedCell, wordsOf } from "../lit/links.js";
import { coloursOf } from "../paint.js";

/** @import {About, Line, Part, Reach, Stage, Subject, Sum, Summed, Term, View} from "../types.d.ts" */
/** @import {Words} from "../../types.d.ts" */

const MOST_TERMS = 10; // terms written out, as of a 3x3 kernel and a bias; of more, the largest
// In a room a sum has two lines: px of a letter, of one of its verdict, and of the rest.
const IN_ROOM = { lines: 2, letter: 10.9, verdict: 9.6, besides: 42, around: 3 };
const MOST_NAMED = 4; // terms up to which the names of coefficients are seen; else they are its title
const MOST_FED = 3; // fed cells written out
// What a coefficient is called says its number already: "1 (copy)", "1/4 (average)", "a = 0.42".
const SAYS_ITS_NUMBER = /^[-+]?[\d./]+( ?\(.*\))?$|=/;

/**
 * What is written and spoken of a subject, and the numbers behind it.
 * @param {Stage} stage
 * @param {Subject} subject
 * @returns {Line}
 */
export function lineOf(stage, subject) {
  const { kind, words, view, note } = subject;
  if (kind === "sum") return sumLine(stage, subject);
  if (kind === "mixed") return mixedLine(stage, subject);
  if (kind === "reach") return reachLine(stage, subject);
  if (kind === "note") return plainLine(note ?? "");
  const asked = view.pinned === null ? words.large : words.asking;
  return plainLine(kind === "large" ? asked : words.too_large);
}

/**
 * A number that stands on no map, in few digits.
 * @param {Stage} stage
 * @param {number} value
 */
function number(stage, value) {
  const { theme } = stage.packet;
  return shortNumber(value, theme.digits, theme);
}

/**
 * A number as the map writes it that it is from.
 * @param {Stage} stage
 * @param {string} key
 * @param {number} value
 */
function asOn(stage, key, value) {
  const style = stage.styles.get(key);
  if (!style) return number(stage, value);
  const fractions = stage.byKey.get(key)?.spec.fractions && !style.power;
  return fractions ? fractionOr(value, style) : styled(value, style);
}

/**
 * @param {Stage} stage
 * @param {About & Sum} subject
 * @returns {Line}
 */
function sumLine(stage, subject) {
  const { view, recorded, total, words, terms } = subject;
  const write = (/** @type {number} */ value) => asOn(stage, view.spec.key, value);
  const { parts, rest, left, more, named } = writtenOut(stage, subject, write);
  const factors = [...parts.map((each) => each.factors), ...(rest.length ? [[left.value]] : [])];
  const start = write(recorded);
  const sign = addsUp(start, factors) ? "=" : "≈";
  const odds = fill(words.differs, { difference: number(stage, subject.difference) });
  const note = subject.note || (terms.length ? "" : words.nothing);
  const totals = { total: write(total), recorded: start, odds };
  const written = parts.map(({ text }) => text).join(" + ") || "0";
  const verdict = verdictOf(subject, totals);
  return {
    write: (box) => writeTerms(box, subject, parts, { start, sign, more, note, named }),
    verdict: (box) => writeVerdict(box, verdict, subject, odds),
    spoken: [`${start} ${sign} ${written} ${more}`, ...verdict.said, note],
    data: { ...dataOf(subject, parts.length), sign },
  };
}

/**
 * The largest terms of a sum as they are written, and what is said of the rest: as many as a
 * sentence holds, and in a room as have a place in its lines.
 * @param {Stage} stage
 * @param {About & Sum} subject
 * @param {(value: number) => string} write
 */
function writtenOut(stage, subject, write) {
  const { terms, recorded, round, words } = subject;
  const said = fill(words.too, { recorded: fill(words.recorded, { value: write(recorded) }) });
  const letters = lettersOfLine(stage, said.length);
  for (let most = MOST_TERMS; ; most -= 1) {
    const { shown, rest } = largest(terms, most, ({ product }) => product);
    const left = { count: rest.length, value: write(addUp(rest, round)) };
    const more = rest.length ? fill(words.more, left) : "";
    const parts = shown.map((term) => partsOf(stage, subject, term));
    const fits = (/** @type {boolean} */ named) =>
      linesFor(piecesOf(parts, write(recorded), more, named), letters) <= IN_ROOM.lines;
    const named = parts.length <= MOST_NAMED && fits(true);
    if (most === 1 || named || fits(false)) return { parts, rest, left, more, named };
  }
}

/**
 * Letters of a line in a room, beside what is said of the sum; elsewhere a sum may have any length.
 * @param {Stage} stage
 * @param {number} verdict letters of that
 */
function lettersOfLine({ palette, width }, verdict) {
  if (!(palette.type > 1)) return Infinity;
  return (width - IN_ROOM.besides - verdict * IN_ROOM.verdict) / IN_ROOM.letter;
}

/**
 * Letters of what is seen of a sum, piece by piece, each of which stands on one line.
 * @param {Part[]} parts
 * @param {string} start
 * @param {string} more
 * @param {boolean} named whether what coefficients are called is seen
 */
function piecesOf(parts, start, more, named) {
  const seen = parts.map(({ text, coefficient, name, value, implied }) => {
    if (implied) return value;
    return named || !name ? text : `${coefficient} × ${value}`;
  });
  const words = more ? more.split(" ").map((word) => word.length + 1) : [];
  return [start, ...seen].map((text) => text.length + IN_ROOM.around).concat(words);
}

/**
 * How many lines pieces fill of which none is broken.
 * @param {number[]} pieces letters
 * @param {number} most letters of a line
 */
export function linesFor(pieces, most) {
  let [lines, left] = [1, most];
  for (const piece of pieces) {
    if (piece > left) [lines, left] = [lines + 1, most];
    left -= piece;
  }
  return lines;
}

/**
 * @param {HTMLElement} box
 * @param {About & Sum} subject
 * @param {Part[]} parts
 * @param {{start: string, sign: string, more: string, note: string, named: boolean}} around
 */
function writeTerms(box, { view, recorded }, parts, { start, sign, more, note, named }) {
  box.classList.toggle("many", !named);
  writeChip(box, "value", start, view, recorded);
  box.append(` ${sign} `);
  parts.forEach((part, at) => {
    if (at) box.append(" + ");
    writePart(box, part);
  });
  if (!parts.length) box.append("0");
  if (more) element(box, "span", "more", ` ${more}`);
  if (note) element(box, "span", "note", ` ${note}`);
}

/**
 * A number on the colour of its cell.
 * @param {HTMLElement} box
 * @param {string} className
 * @param {string} text
 * @param {View} view
 * @param {number} value
 */
function writeChip(box, className, text, view, value) {
  const { colour, ink } = coloursOf(view, value);
  const chip = element(box, "span", `chip ${className}`, text);
  Object.assign(chip.style, { background: colour, color: ink });
}

/**
 * What PyTorch has instead of, or just as, the sum.
 * @param {Sum & About} subject
 * @param {{total: string, recorded: string, odds: string}} totals
 */
function verdictOf({ agrees, cancels, words }, { total, recorded, odds }) {
  const said = fill(words.recorded, { value: recorded });
  if (cancels) {
    const rounding = fill(words.cancels, { recorded: said });
    return { shown: [["recorded tick", rounding]], said: [rounding] };
  }
  if (agrees && total === recorded) {
    const same = fill(words.too, { recorded: said });
    return { shown: [["recorded tick", same]], said: [same] };
  }
  const both = [fill(words.total, { value: total }), said];
  const shown = [
    ["total", both[0]],
    ["recorded", both[1]],
    agrees ? ["tick", "✓"] : ["cross", `✗ ${odds}`],
  ];
  return { shown, said: [...both, agrees ? words.agrees : odds] };
}

/**
 * @param {HTMLElement} box
 * @param {ReturnType<typeof verdictOf>} verdict
 * @param {Sum} sum
 * @param {string} odds
 */
function writeVerdict(box, { shown }, { agrees, difference }, odds) {
  for (const [className, text] of shown) {
    const part = element(box, "span", className, text);
    if (className.endsWith("tick") && agrees && difference) part.title = odds;
  }
}

/**
 * @param {About & Sum} subject
 * @param {number} shown
 */
function dataOf({ view, total, single, recorded, difference, agrees, terms }, shown) {
  return {
    total: exactNumber(total, single ? new Float32Array() : new Float64Array()),
    autograd: exactNumber(recorded, view.spec.values),
    difference: String(difference),
    agrees: String(agrees),
    terms: String(terms.length),
    shown: String(shown),
  };
}

/**
 * One term as the parts of its line: coefficient, its name, and the summed cell; and the numbers
 * in it whose product it is.
 * @param {Stage} stage
 * @param {About & Sum} subject
 * @param {Summed} term
 * @returns {Part}
 */
function partsOf(stage, { view, terms }, term) {
  const { link, value, product } = term;
  const on = stage.byKey.get(link.to);
  const summed = asOn(stage, on ? link.to : view.spec.key, value);
  const cell = summedCell(stage, term);
  const around = placeOf(cell, on, value);
  if (link.function) {
    const text = `${link.function}(${summed})`;
    const factors = [asOn(stage, view.spec.key, product)];
    return { ...around, coefficient: text, name: "", value: "", text, factors, implied: false };
  }
  const { coefficient, name, text } = factorOf(stage, term);
  const named = name ? `${coefficient} ${name}` : coefficient;
  const implied = terms.length > 1 && terms.every((other) => isCopy(other, term));
  const parts = { ...around, coefficient, name, implied };
  if (!cell) return { ...parts, value: "", text: named, factors: [text] };
  return { ...parts, value: summed, text: `${named} × ${summed}`, factors: [text, summed] };
}

/**
 * Where the summed cell of a term stands.
 * @param {ReturnType<typeof summedCell>} cell
 * @param {View | undefined} view
 * @param {number} value
 */
function placeOf(cell, view, value) {
  if (!cell) return { where: "", from: "", chip: null };
  const where = `${cell.title} [${cell.index.join(", ")}]`;
  return { where, from: cell.index.join(","), chip: view ? { view, value } : null };
}

/**
 * The coefficient of a term, what it is called, and the number in it.
 * @param {Stage} stage
 * @param {Term} term
 */
function factorOf(stage, { link, at }) {
  const name = link.name_of ? link.names[link.name_of[at]] : "";
  if (!SAYS_ITS_NUMBER.test(name)) {
    const value = link.coefficients[at];
    const coefficient = (link.fractions && fraction(value)) || number(stage, value);
    return { coefficient, name, text: coefficient };
  }
  const [text] = /[-+]?[\d./]+(e[-+]?\d+)?(?= |$)/.exec(name) ?? [""];
  // A name with an equals sign stands in a sum that has one of its own.
  return { coefficient: typographic(name.includes(" = ") ? `(${name})` : name), name: "", text };
}

/**
 * Whether a term only copies its cell, as the other one does: a factor of 1 that all have says
 * nothing.
 * @param {Term} term
 * @param {Term} other
 */
function isCopy({ link, at }, other) {
  const nameOf = (/** @type {Term} */ each) => {
    const { name_of: which, names } = each.link;
    return which ? names[which[each.at]] : "";
  };
  return (
    link.coefficients[at] === 1 &&
    !link.function &&
    nameOf({ link, at, value: 0 }) === nameOf(other)
  );
}

/**
 * @param {HTMLElement} parent
 * @param {Part} part
 */
function writePart(parent, { coefficient, name, value, where, from, chip, implied }) {
  const line = element(parent, "span", "term");
  const factor = element(line, "span", implied ? "factor implied" : "factor");
  element(factor, "span", "coefficient", coefficient);
  if (name) element(factor, "span", "name", ` ${name}`);
  if (value) factor.append(" × ");
  if (chip) writeChip(line, "summed", value, chip.view, chip.value);
  else if (value) line.append(value);
  if (!where) return;
  line.dataset.from = from;
  line.title = [name, where].filter(Boolean).join(" × ");
}

/**
 * A term in words, as of a cell that is fed.
 * @param {Stage} stage
 * @param {Term} term
 */
function termText(stage, term) {
  const { link, value } = term;
  const summed = asOn(stage, link.to, value);
  if (link.function) return `${link.function}(${summed})`;
  const { coefficient, name } = factorOf(stage, term);
  const named = name ? `${coefficient} ${name}` : coefficient;
  return summedCell(stage, term) ? `${named} × ${summed}` : named;
}

/**
 * A cell that is made of others, but not by adding: only the slopes are said.
 * @param {Stage} stage
 * @param {About & Sum} subject
 */
function mixedLine(stage, { view, terms, recorded, words }) {
  const { shown } = largest(terms, MOST_FED, slopeOf);
  const value = asOn(stage, view.spec.key, recorded);
  const start = fill(words.mixed, { value, count: terms.length });
  const listed = shown.map((term) => {
    const cell = summedCell(stage, term);
    return slopeText(stage, cell ? `${cell.title} [${cell.index.join(",")}]` : "", term);
  });
  return listLine(start, listed, terms.length, words, { terms: String(terms.length) });
}

/**
 * @param {Stage} stage
 * @param {About & Reach} subject
 */
function reachLine(stage, { view, terms, value, words }) {
  const { adds } = terms[0]?.link ?? { adds: true };
  const shown = adds ? terms.slice(0, MOST_FED) : largest(terms, MOST_FED, slopeOf).shown;
  const count = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count] ?? words.feeds;
  const start = fill(sentence, { value: asOn(stage, view.spec.key, value), count });
  const fed = shown.map((term) => {
    const spec = stage.byKey.get(term.link.from)?.spec;
    const index = spec ? fullIndex(spec, term.cell) : [];
    const cell = `${wordsOf(stage.words, term.link).explained}[${index.join(",")}]`;
    if (!adds) return slopeText(stage, cell, term);
    return fill(words.gets, { cell, term: termText(stage, term) });
  });
  const data = { cells: String(count), terms: String(terms.length) };
  return listLine(start, fed, terms.length, words, data);
}

/**
 * @param {Stage} stage
 * @param {string} cell
 * @param {Term} term
 */
function slopeText(stage, cell, term) {
  return fill(stage.words.sum.slope, { cell, value: number(stage, slopeOf(term)) });
}

/**
 * A sentence and what it lists, as far as that is written out.
 * @param {string} start
 * @param {string[]} listed
 * @param {number} count
 * @param {Words} words
 * @param {Record<string, string>} data
 */
function listLine(start, listed, count, words, data) {
  const left = count - listed.length;
  const more = left > 0 ? [fill(words.more_cells, { count: left })] : [];
  const text = `${start} ${[...listed, ...more].join("; ")}`;
  return plainLine(text, { ...data, shown: String(listed.length) });
}

/**
 * @param {string} text
 * @param {Record<string, string>} [data]
 * @returns {Line}
 */
function plainLine(text, data = {}) {
  const write = (/** @type {HTMLElement} */ box) => element(box, "span", "plain", text);
  return { write, verdict() {}, spoken: [text], data };
}
