// The step control: walk the backward pass node by node, in the order the engine ran it.

import { element, focused, name } from "../element.js";
import { isCommand, isTyping, nothingFocused } from "../keys.js";
import { fill } from "../numbers.js";
import { stepBar } from "./bar.js";
import { isCalm, STEP } from "./motion.js";

/** @import {Store} from "../store.js" */
/** @import {StepsData, Words} from "../types.d.ts" */
/** @import {Act} from "./bar.js" */

const CALM = 1400; // ms of one step while playing, where nothing moves
const PAUSE = { ms: 900, many: 21 }; // after what moves; of many steps a third of it

export class StepsView {
  /**
   * @param {Node & ParentNode} parent
   * @param {Store} store
   * @param {Words} words
   * @param {object} [options]
   * @param {(step: number) => void} [options.onMissing] told once of a step without sentence
   * @param {boolean} [options.keys] whether keys step wherever they are pressed, as a clicker's are
   */
  constructor(parent, store, words, options = {}) {
    this.store = store;
    this.words = words;
    this.options = options;
    this.root = element(parent, "div", "backlight-step idle", "", { role: "group", hidden: true });
    this.root.addEventListener("keydown", (event) => this.key(event));
    /** @type {Record<Act, () => void>} */
    const acts = {
      first: () => this.go(0),
      previous: () => this.go(this.at - 1),
      play: () => (this.timer ? this.pause() : this.play()),
      next: () => this.go(this.at + 1),
      last: () => this.go(this.last),
      stop: () => this.go(null),
    };
    this.bar = stepBar(this.root, acts, (step) => this.go(step), words);
    this.acts = acts;
    /** @type {StepsData | null} */
    this.data = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.stepping = false;
    /** @type {number | null} */
    this.missing = null;
    this.over = new AbortController();
    const { signal } = this.over;
    const anywhere = (/** @type {KeyboardEvent} */ event) => this.anywhere(event);
    if (options.keys) document.addEventListener("keydown", anywhere, { signal });
    this.unsubscribe = store.subscribe(({ node, step }, { before }) => {
      if (node === before.node && step === before.step) return;
      if (this.stepping) this.render();
      else this.pause();
    });
  }

  remove() {
    this.unsubscribe();
    this.over.abort();
    clearInterval(this.timer);
    this.root.remove();
  }

  /** @param {StepsData} data */
  show(data) {
    this.data = data;
    this.root.hidden = false;
    this.root.ariaLabel = this.words.bar;
    this.bar.slider.ariaLabel = this.words.bar;
    this.bar.slider.max = String(this.last);
    this.render();
  }

  /** The step that is shown; before the first while nobody steps. */
  get at() {
    return this.store.view.step ?? -1;
  }

  get last() {
    return (this.data?.count ?? 0) - 1;
  }

  /** Time of one step while playing: what moves, and a pause to read its sentence. */
  get beat() {
    if (isCalm()) return CALM;
    return STEP + PAUSE.ms / ((this.data?.count ?? 0) < PAUSE.many ? 1 : 3);
  }

  /** @param {number | null} step */
  go(step) {
    if (step === null || step >= this.last) this.pause();
    this.stepping = true;
    this.store.step(step);
    this.stepping = false;
  }

  play() {
    if (this.at < 0 || this.at === this.last) this.go(0);
    this.timer = setInterval(() => this.go(this.at + 1), this.beat);
    this.render();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.render();
  }

  render() {
    if (!this.data) return;
    const on = this.at >= 0;
    this.label(on);
    this.enable(on);
    this.root.classList.toggle("idle", !on);
    this.root.dataset.step = on ? String(this.at) : "";
    this.bar.sentence.textContent = on ? this.say() : "";
    if (!on) return;
    const place = fill(this.words.position, { place: this.at + 1, count: this.data.count });
    this.bar.place.textContent = place;
    this.bar.slider.ariaValueText = place;
    this.bar.slider.value = String(this.at);
  }

  /** @param {boolean} on whether somebody steps */
  label(on) {
    const { bar, words } = this;
    const { buttons } = bar;
    for (const [act, button] of Object.entries(buttons)) name(button, words[act]);
    if (this.timer) name(buttons.play, words.pause);
    buttons.play.textContent = this.timer ? "❚❚" : "▶";
    if (!on) element(buttons.play, "span", "words", ` ${words.play}`);
    buttons.play.classList.toggle("playing", Boolean(this.timer));
  }

  /** @param {boolean} on */
  enable(on) {
    const { buttons, slider } = this.bar;
    for (const button of [buttons.first, buttons.previous]) this.allow(button, this.at > 0);
    for (const button of [buttons.next, buttons.last]) this.allow(button, this.at < this.last);
    for (const part of [buttons.stop, slider]) this.allow(part, on);
  }

  /**
   * What is switched off loses the focus, and with it the keys: hand it on.
   * @param {HTMLButtonElement | HTMLInputElement} part
   * @param {boolean} allowed
   */
  allow(part, allowed) {
    if (!allowed && focused(part) === part) this.bar.buttons.play.focus();
    part.disabled = !allowed;
  }

  /** The sentence of this step, or none while it is asked for. */
  say() {
    const { first, sentences } = /** @type {StepsData} */ (this.data);
    const said = sentences[this.at - first];
    const asked = this.missing === this.at;
    this.missing = said === undefined ? this.at : null;
    if (said === undefined && !asked) this.options.onMissing?.(this.at);
    return said ?? "";
  }

  /**
   * A key that was pressed anywhere on the page. Those that have another use on parts of a page
   * count where no part has the focus.
   * @param {KeyboardEvent} event
   */
  anywhere(event) {
    if (event.defaultPrevented || isCommand(event) || isTyping(event)) return;
    if (this.root.hidden || document.querySelector("[role=dialog]")) return;
    const { next, previous, play, stop } = this.acts;
    /** @type {Record<string, () => void>} */
    const acts = { PageDown: next, PageUp: previous };
    if (nothingFocused()) Object.assign(acts, { ArrowRight: next, ArrowLeft: previous, " ": play });
    if (nothingFocused() && this.at >= 0) acts.Escape = stop;
    if (!(event.key in acts)) return;
    event.preventDefault();
    if (event.key !== "PageUp" || this.at > 0) acts[event.key]();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.at < 0 || (event.target === this.bar.slider && event.key.startsWith("Arrow"))) return;
    /** @type {Record<string, number | null>} */
    const moves = {
      ArrowLeft: this.at - 1,
      ArrowRight: this.at + 1,
      Home: 0,
      End: this.last,
      Escape: null,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(moves[event.key]);
  }
}
