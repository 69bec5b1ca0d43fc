// A tour of the playground: a card that goes from one part of the screen to the next.

/** @import {Words} from "../types.d.ts" */

import { button, element, idle } from "../element.js";
import { placed } from "../glossary/term.js";
import { isCommand } from "../keys.js";
import { fill } from "../numbers.js";

/** What the tour speaks of, in its order. */
export const STOPS = /** @type {const} */ (["flow", "cell", "sum", "proof"]);

/** @typedef {typeof STOPS[number]} Stop */

// Where nobody points with a mouse, or there is no room for what a desk shows.
const TOUCHED = "(hover: none), (max-width: 640px)";
const MOVES = ["scroll", "resize", "backlight:painted"];

export class Tour {
  /**
   * @param {HTMLElement} root of what is shown
   * @param {Record<Stop, string>} places selectors within it
   * @param {Partial<Record<Stop, string>>} besides what stays in sight with them
   * @param {Words} words
   * @param {HTMLElement} bar where it is offered
   * @param {(stop: Stop) => void} prepare called before a stop, to bring what it speaks of
   */
  constructor(root, places, besides, words, bar, prepare) {
    this.root = root;
    this.places = places;
    this.besides = besides;
    this.prepare = prepare;
    this.words = words;
    this.at = -1;
    this.opener = button(bar, words.start, "tour-start", () => this.go(0));
    this.opener.title = words.start_help;
    this.card = element(root, "div", "tour", "", { role: "dialog", ariaLabel: words.name });
    this.card.popover = "manual"; // above everything; a press beside it may try what it says
    this.card.addEventListener("keydown", (event) => this.key(event));
    const head = element(this.card, "h4");
    this.title = element(head, "span");
    this.place = element(head, "span", "place");
    this.says = element(this.card, "p", "", "", { ariaLive: "polite" });
    const acts = element(this.card, "div", "acts");
    this.back = button(acts, words.back, "act back", () => this.go(this.at - 1));
    this.next = button(acts, words.next, "act primary next", () => this.go(this.at + 1));
    this.skip = button(acts, words.skip, "act skip", () => this.end());
    this.follow = this.follow.bind(this);
  }

  /** What is spoken of now; null where it is not on screen. */
  get target() {
    const place = this.places[STOPS[this.at]];
    return place ? /** @type {HTMLElement | null} */ (this.root.querySelector(place)) : null;
  }

  /** What is said of it: on a touch screen in other words, where others hold there. */
  get sentence() {
    const key = `says_${STOPS[this.at]}`;
    const touched = window.matchMedia(TOUCHED).matches && this.words[`${key}_touched`];
    return touched || this.words[key];
  }

  /** Top, left and bottom of what the card covers nothing of. */
  get kept() {
    const besides = this.besides[STOPS[this.at]];
    const others = besides ? this.root.querySelectorAll(besides) : [];
    const boxes = [this.target ?? this.root, ...others].map((each) => each.getBoundingClientRect());
    return {
      left: boxes[0].left,
      top: Math.min(...boxes.map(({ top }) => top)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    };
  }

  /** @param {number} at the stop to go to; past the last one the tour ends */
  go(at) {
    if (at >= STOPS.length) return this.end();
    if (at < 0) return;
    this.leave();
    this.at = at;
    this.prepare(STOPS[at]);
    const { words } = this;
    this.title.textContent = words[STOPS[at]];
    this.says.textContent = this.sentence;
    this.place.textContent = fill(words.place, { place: at + 1, count: STOPS.length });
    idle(this.back, at === 0);
    this.skip.hidden = at === STOPS.length - 1;
    this.next.textContent = this.skip.hidden ? words.done : words.next;
    this.card.showPopover();
    for (const move of MOVES) window.addEventListener(move, this.follow, true);
    this.root.addEventListener("scroll", this.follow, true); // a window never hears of these
    this.follow();
    this.target?.scrollIntoView({ block: "nearest" });
    this.next.focus({ preventScroll: true });
  }

  /** Outline what is spoken of, which may have been drawn anew, and stand beside it. */
  follow() {
    this.target?.classList.add("toured");
    const { left, top } = placed(this.kept, this.card.getBoundingClientRect(), {
      width: document.documentElement.clientWidth,
      height: document.documentElement.clientHeight,
    });
    Object.assign(this.card.style, { left: `${left}px`, top: `${top}px` });
  }

  leave() {
    for (const toured of this.root.querySelectorAll(".toured")) toured.classList.remove("toured");
    for (const move of MOVES) window.removeEventListener(move, this.follow, true);
    this.root.removeEventListener("scroll", this.follow, true);
  }

  /** Go, and give the focus back. */
  end() {
    this.leave();
    this.at = -1;
    this.card.hidePopover();
    this.opener.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isCommand(event)) return;
    if (event.key === "Escape") this.end();
    else if (event.key === "ArrowRight" || event.key === "PageDown") this.go(this.at + 1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") this.go(this.at - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
