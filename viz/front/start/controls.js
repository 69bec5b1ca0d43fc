// The buttons of the living example, and how far it is.

import { button, element, idle, name } from "../element.js";
import { fill } from "../numbers.js";

/** @import {Words} from "../types.d.ts" */
/** @import {Player} from "./player.js" */

export class Controls {
  /**
   * @param {HTMLElement} parent
   * @param {Player} player
   * @param {Words} words
   */
  constructor(parent, player, words) {
    this.player = player;
    this.words = words;
    this.root = element(parent, "div", "controls");
    const row = element(this.root, "div", "row");
    this.next = button(row, "", "act primary next", () => player.next());
    this.back = button(row, words.back, "act back", () => player.at && player.back());
    this.play = button(row, "", "act play", () => player.play());
    const place = element(this.root, "p", "place");
    this.place = element(place, "span");
    const dots = element(place, "span", "dots", "", { ariaHidden: "true" });
    this.dots = Array.from({ length: player.count }, () => element(dots, "i"));
  }

  show() {
    const { at, count, ended, playing } = this.player;
    const { words } = this;
    idle(this.back, !at);
    this.next.textContent = `${ended ? words.again : words.next} →`;
    this.play.textContent = playing ? "❚❚" : "▶";
    name(this.play, playing ? words.pause : words.play);
    this.place.textContent = fill(words.place, { place: at, count });
    this.dots.forEach((dot, each) => {
      dot.classList.toggle("done", each < at);
      dot.classList.toggle("now", each === at - 1);
    });
  }
}
