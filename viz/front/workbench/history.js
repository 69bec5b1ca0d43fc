// The entries of the browser's history: one a settled choice.

/** @import {View} from "../types.d.ts" */

import { keep, viewIn, wholeQuery, write } from "./address.js";

/**
 * How the address of this page is written.
 * @typedef {object} Place
 * @property {string} query of what runs
 * @property {string} version
 * @property {View} begun
 * @property {string} also what the address says besides
 */

export class Entries {
  /**
   * @param {Place} place
   * @param {(view: View) => void} follow is told what is looked at in an entry that one goes to
   */
  constructor(place, follow) {
    this.place = place;
    this.open = false; // whether the last choice has not settled: the next takes its place
    this.found = false; // whether the entry gone to last was found here, before the page answers
    this.onPop = (/** @type {PopStateEvent} */ event) => {
      const view = viewIn(event.state, this.place.query);
      this.found = view !== null;
      if (view) follow(view);
    };
    window.addEventListener("popstate", this.onPop);
  }

  /**
   * Write what is looked at.
   * @param {View} view
   * @param {boolean} settled whether it is a choice of its own, before which Back returns
   */
  write(view, settled) {
    const { query, version, begun, also } = this.place;
    const push = settled && !this.open;
    if (settled) this.open = true;
    write(wholeQuery(query, version, view, begun, also), { query, view }, push);
  }

  /**
   * Take over what the page tells.
   * @param {View} view
   * @param {boolean} linked whether the address stands for it: then it stays as the visitor has it
   * @param {boolean} another whether another run is told, to whose forerunner Back returns
   */
  enter(view, linked, another) {
    const { query } = this.place;
    if (linked) keep({ query, view });
    else this.write(view, another);
  }

  /** The choice has settled. */
  settle() {
    this.open = false;
  }

  /** Write no more. */
  remove() {
    window.removeEventListener("popstate", this.onPop);
  }
}
