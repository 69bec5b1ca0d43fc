// What is said of a cell: the sum behind it with its numbers, or what it feeds.

import { element } from "../element.js";
import { exactNumber, fill, fullIndex, shortNumber } from "../numbers.js";
import { addUp, largest, slopeOf, summedCell, wordsOf } from "./links.js";

/** @import {About, Line, Reach, Stage, Subject, Sum, Term} from "./types.d.ts" */
/** @import {Words} from "../types.d.ts" */

const MOST_TERMS = 10; // terms written out, as of a 3x3 kernel and a bias; of more, the largest
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
 * @param {Stage} stage
 * @param {number} value
 */
function number(stage, value) {
  const { theme } = stage.packet;
  return shortNumber(value, theme.digits, theme);
}

/**
 * @param {Stage} stage
 * @param {About & Sum} subject
 * @returns {Line}
 */
function sumLine(stage, subject) {
  const { terms, recorded, total, round, agrees, words } = subject;
  const { shown, rest } = largest(terms, MOST_TERMS, ({ product }) => product);
  const start = `${number(stage, recorded)} = `;
  const left = { count: rest.length, value: number(stage, addUp(rest, round)) };
  const more = rest.length ? fill(words.more, left) : "";
  const totals = [
    fill(words.total, { value: number(stage, total) }),
    fill(words.recorded, { value: number(stage, recorded) }),
  ];
  const odds = fill(words.differs, { difference: number(stage, subject.difference) });
  const note = subject.note || (terms.length ? "" : words.nothing);
  const written = shown.map((term) => termText(stage, term)).join(" + ") || "0";
  return {
    write: (box) => writeTerms(stage, box, shown, { start, more, note }),
    verdict: (box) => writeVerdict(box, totals, odds, subject),
    note,
    spoken: [`${start}${written} ${more}`, ...totals, agrees ? words.agrees : odds, note],
    data: dataOf(subject, shown.length),
  };
}

/**
 * @param {Stage} stage
 * @param {HTMLElement} box
 * @param {Term[]} shown
 * @param {{start: string, more: string, note: string}} around
 */
function writeTerms(stage, box, shown, { start, more, note }) {
  element(box, "span", "value", start);
  shown.forEach((term, at) => {
    if (at) box.append(" + ");
    writeTerm(stage, box, term);
  });
  if (!shown.length) box.append("0");
  if (more) element(box, "span", "more", ` ${more}`);
  if (note) element(box, "div", "note", note);
}

/**
 * @param {HTMLElement} box
 * @param {string[]} totals
 * @param {string} odds
 * @param {Sum} sum
 */
function writeVerdict(box, [total, recorded], odds, { agrees, difference }) {
  element(box, "span", "total", total);
  element(box, "span", "recorded", recorded);
  const tick = element(box, "span", agrees ? "tick" : "cross", agrees ? "✓" : `✗ ${odds}`);
  tick.title = agrees && difference ? odds : "";
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
 * One term as the parts of its line: coefficient, its name, and the summed cell.
 * @param {Stage} stage
 * @param {Term} term
 */
function partsOf(stage, { link, at, value }) {
  if (link.function) {
    return { coefficient: `${link.function}(${number(stage, value)})`, name: "", value: "" };
  }
  const name = link.name_of ? link.names[link.name_of[at]] : "";
  const coefficient = SAYS_ITS_NUMBER.test(name) ? name : number(stage, link.coefficients[at]);
  const named = coefficient === name ? "" : name;
  const constant = !summedCell(stage, { link, at, value });
  return { coefficient, name: named, value: constant ? "" : number(stage, value) };
}

/**
 * @param {Stage} stage
 * @param {Term} term
 */
function termText(stage, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const named = name ? `${coefficient} ${name}` : coefficient;
  return value ? `${named} × ${value}` : named;
}

/**
 * @param {Stage} stage
 * @param {HTMLElement} parent
 * @param {Term} term
 */
function writeTerm(stage, parent, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const line = element(parent, "span", "term");
  element(line, "span", "coefficient", coefficient);
  if (name) element(line, "span", "name", ` ${name}`);
  if (value) line.append(` × ${value}`);
  const cell = summedCell(stage, term);
  if (!cell) return;
  line.dataset.from = cell.index.join(",");
  line.title = `${cell.title} [${cell.index.join(", ")}]`;
}

/**
 * A cell that is made of others, but not by adding: only the slopes are said.
 * @param {Stage} stage
 * @param {About & Sum} subject
 */
function mixedLine(stage, { terms, recorded, words }) {
  const { shown } = largest(terms, MOST_FED, slopeOf);
  const start = fill(words.mixed, { value: number(stage, recorded), count: terms.length });
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
function reachLine(stage, { terms, value, words }) {
  const { adds } = terms[0]?.link ?? { adds: true };
  const shown = adds ? terms.slice(0, MOST_FED) : largest(terms, MOST_FED, slopeOf).shown;
  const count = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count] ?? words.feeds;
  const start = fill(sentence, { value: number(stage, value), count });
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
  return { write: (box) => box.append(text), verdict() {}, spoken: [text], data };
}
