// The line under the maps, which says the sum behind a cell or what the cell feeds.

import { element } from "../../element.js";
import { fullIndex } from "../../numbers.js";
import { lineOf } from "./lines.js";
import { offsetOf, subjectOf, wordsOf } from "../lit/links.js";

/** @import {Stage, Subject, SumBox, View} from "../types.d.ts" */
/** @import {Link, Words} from "../../types.d.ts" */

const MOST_HEIGHT = 190; // px of a sum; a longer one scrolls
const SAMPLES = 12; // sums tried to find how much room the longest needs

/**
 * @param {HTMLElement} root
 * @returns {SumBox}
 */
export function buildSum(root) {
  const box = element(root, "div", "sum");
  const terms = element(box, "div", "terms");
  const verdict = element(box, "div", "verdict");
  const spoken = element(root, "div", "spoken", "", { ariaLive: "polite" });
  return { box, terms, verdict, spoken };
}

/**
 * Say that a cell is pinned, and how it is freed: who touches has no keys.
 * @param {Words} words
 */
function freeing(words) {
  return globalThis.matchMedia?.("(hover: none)").matches ? words.pinned_touched : words.pinned;
}

/**
 * Write what the subject is about; without one, what one may do.
 * @param {Stage} stage
 */
export function writeSum(stage) {
  const { sum, subject } = stage;
  const { box, terms, verdict } = sum;
  const pinned = subject?.view.pinned === subject?.k;
  for (const name of Object.keys(box.dataset)) delete box.dataset[name];
  box.classList.toggle("idle", !subject);
  box.classList.toggle("pinned", Boolean(subject) && pinned);
  box.dataset.kind = subject?.kind ?? "idle";
  terms.replaceChildren();
  terms.className = "terms";
  verdict.replaceChildren();
  if (!subject) {
    terms.textContent = hintOf(stage);
    speak(stage, []);
    return;
  }
  const { view, k, words } = subject;
  const line = lineOf(stage, subject);
  line.write(terms);
  line.verdict(verdict);
  if (pinned) element(verdict, "span", "pinned", freeing(words));
  const cell = fullIndex(view.spec, k).join(",");
  Object.assign(box.dataset, line.data, { map: view.spec.key, cell, pinned: String(pinned) });
  terms.scrollTop = 0;
  speak(stage, [`${view.spec.title} [${cell}]`, ...line.spoken]);
}

/**
 * What one may do with the first link's maps.
 * @param {Stage} stage
 */
function hintOf({ packet, words }) {
  const [first] = packet.links;
  if (packet.awaited || !first) return "";
  const { hint, large } = wordsOf(words, first);
  return first.large ? large : hint;
}

/**
 * A screen reader hears where one came to rest, not every cell on the way.
 * @param {Stage} stage
 * @param {string[]} sentences
 */
export function speak(stage, sentences) {
  clearTimeout(stage.speaking);
  stage.speaking = window.setTimeout(() => {
    const said = sentences.map((sentence) => sentence.trim()).filter(Boolean);
    stage.sum.spoken.textContent = said.join(". ");
  }, stage.resting);
}

/**
 * Keep room for the longest sum, so that nothing below moves while one points. Of sums that are
 * on their way no more is known than what the style sheet keeps, or what the last ones had.
 * @param {Stage} stage
 */
export function reserve(stage) {
  const { packet, sum } = stage;
  const { box } = sum;
  box.hidden = !packet.links.length && !packet.answer && !packet.awaited;
  if (box.hidden || packet.awaited) return;
  const measure = element(box, "div", "measure");
  const tried = samples(stage).map((subject) => trial(stage, measure, subject));
  const hint = element(measure, "div", "trial");
  if (!stage.eager) element(hint, "div", "terms plain", hintOf(stage));
  const tallest = Math.max(...[hint, ...tried].map((each) => each.offsetHeight));
  box.style.setProperty("--reserved", `${Math.min(tallest, MOST_HEIGHT)}px`);
  measure.remove();
}

/**
 * Write a sum where nobody sees it.
 * @param {Stage} stage
 * @param {HTMLElement} measure
 * @param {Subject} subject
 */
function trial(stage, measure, subject) {
  const line = lineOf(stage, subject);
  const tried = element(measure, "div", "trial");
  line.write(element(tried, "div", "terms"));
  const verdict = element(tried, "div", "verdict");
  line.verdict(verdict);
  element(verdict, "span", "pinned", freeing(subject.words));
  return tried;
}

/**
 * Subjects with long lines: of every map those with the most terms, and some spread over it.
 * @param {Stage} stage
 */
function samples(stage) {
  const { links, answer } = stage.packet;
  /** @type {Subject[]} */
  const subjects = [];
  /**
   * @param {View | undefined} view
   * @param {number} k
   */
  const add = (view, k) => {
    const subject = view && k >= 0 && k < view.spec.count && subjectOf(stage, view, k);
    if (subject) subjects.push(subject);
  };
  const about = answer && stage.byKey.get(answer.map);
  if (about) add(about, offsetOf(about.spec, answer.index));
  for (const link of links) {
    for (const k of explainedSamples(link)) add(stage.byKey.get(link.from), k);
    const to = stage.byKey.get(link.to);
    if (to && !link.large && link.cells.length) {
      for (let part = 0; part < SAMPLES; part += 1) {
        add(to, Math.floor((part * to.spec.count) / SAMPLES));
      }
    }
  }
  return subjects;
}

/**
 * Cells of a link that are likely to need much room.
 * @param {Link} link
 */
function explainedSamples({ large, cells, offsets, notes, note_of }) {
  if (large) return [0];
  if (!cells.length) return [];
  const termsOf = (/** @type {number} */ row) => offsets[row + 1] - offsets[row];
  const longest = cells.reduce((best, _, row) => (termsOf(row) > termsOf(best) ? row : best), 0);
  const noted = notes.map((_, which) => note_of?.indexOf(which) ?? -1);
  const spread = Array.from({ length: SAMPLES }, (_, part) =>
    Math.floor((part * cells.length) / SAMPLES),
  );
  return [longest, ...noted, ...spread].filter((row) => row >= 0).map((row) => cells[row]);
}
