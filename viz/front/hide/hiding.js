// Hiding maps, filling them in, and revealing them: on the cards of the maps, and in the bar above.

import { button, element, iconButton, name } from "../element.js";
import { Board } from "./board.js";
import { withName, withoutName } from "./names.js";

/** @import {View} from "../maps/types.d.ts" */
/** @import {Concealed, FrontWords, Theme} from "../types.d.ts" */
/** @import {Store} from "../store.js" */

const MOST_BOARDS = 32;

/** Asks the server about cells of a map of this key. @typedef {(map: string, typed: string[]) => Promise<string[] | null>} Check */

export class Hiding {
  /**
   * @param {HTMLElement} bar
   * @param {Store} store
   * @param {FrontWords} words
   * @param {Check | null} check null where nothing can be hidden, and nobody grades
   */
  constructor(bar, store, words, check) {
    this.bar = bar;
    this.store = store;
    this.words = words;
    this.check = check;
    this.theme = /** @type {Theme | null} */ (null);
    /** @type {Map<string, Board>} by what is filled in, the oldest first */
    this.boards = new Map();
    this.query = "";
    this.bar.hidden = true;
  }

  /**
   * Say what is hidden in a run.
   * @param {Concealed[]} concealed
   * @param {Theme} theme
   * @param {string} query of the run: of another one other cells are asked for
   */
  show(concealed, theme, query) {
    this.theme = theme;
    if (query !== this.query) this.boards.clear();
    this.query = query;
    this.bar.hidden = !concealed.length;
    this.bar.replaceChildren();
    if (this.bar.hidden) return;
    const list = element(this.bar, "div", "named");
    for (const each of concealed) {
      const line = element(list, "p", "", each.sentence);
      const words = each.hides ? this.words.hide.reveal : this.words.hide.drop;
      if (this.check) button(line, words, "reveal", () => this.reveal(each.name));
    }
    const hides = concealed.some((each) => each.hides);
    if (this.check && hides) element(this.bar, "p", "limits", this.words.hide.limits);
  }

  /** @param {string} hidden */
  reveal(hidden) {
    this.store.change({ hidden: withoutName(this.store.view.hidden, hidden) }, true);
  }

  /**
   * Put on a card what can be done with its map.
   * @param {View} view
   */
  card(view) {
    const { asked, hides = "" } = view.spec;
    view.card.querySelector(".hide-map")?.remove();
    view.filling.replaceChildren();
    view.filling.hidden = !asked || !this.check;
    if (asked && this.check) {
      view.missing.hidden = true;
      view.filling.append(this.board(view).root);
    }
    const next = hides && this.check ? withName(this.store.view.hidden, hides) : null;
    if (next === null) return;
    const act = () => this.store.change({ hidden: next }, true);
    const made = iconButton(view.card, "visibility_off", "", "hide-map", act);
    name(made, this.words.hide.hide);
  }

  /**
   * The cells that are filled in for a map; equal ones are one board, unless both are on screen.
   * @param {View} view
   */
  board({ spec, stage, row }) {
    const { asked } = spec;
    if (!asked || !this.theme || !this.check) throw new Error(`${spec.key} is not filled in`);
    const { check } = this;
    const same = `${asked.name} ${spec.shape} ${asked.start}`;
    const twins = stage.packet.rows.flat().filter((each) => each.asked?.name === asked.name);
    const key = twins.length > 1 ? `${same} ${row} ${spec.key}` : same;
    const grade = (/** @type {string[]} */ typed) => check(this.keys.get(key) ?? "", typed);
    this.keys.set(key, spec.key);
    const found =
      this.boards.get(key) ??
      new Board(this.words, asked, this.theme, { grade, reveal: () => this.reveal(asked.name) });
    this.boards.delete(key);
    this.boards.set(key, found);
    const [oldest] = this.boards.keys();
    if (this.boards.size > MOST_BOARDS) this.boards.delete(oldest);
    return found;
  }

  /** Key of the map in which a board stands last, by its own. @type {Map<string, string>} */
  keys = new Map();
}
