// Where the living example is, and when it goes on.

export const BEGIN = 1000; // ms before it plays by itself
export const BEAT = 1700; // ms a step: a dot runs (450), cells fill (350), and there is time to read

/**
 * @typedef {object} Clock
 * @property {(act: () => void, after: number) => unknown} set
 * @property {(timer: any) => void} clear
 */

/** @type {Clock} */
const CLOCK = {
  set: (act, after) => setTimeout(act, after),
  clear: (timer) => clearTimeout(timer),
};

export class Player {
  /**
   * @param {number} count of steps
   * @param {(moves: boolean) => void} show is told after every change, and whether a step moves in
   * @param {Clock} [clock]
   */
  constructor(count, show, clock = CLOCK) {
    this.count = count;
    this.show = show;
    this.clock = clock;
    this.at = 0; // steps that were taken
    this.alone = false; // whether it plays by itself, which any press ends
    /** @type {unknown} */
    this.timer = null;
  }

  get playing() {
    return this.timer !== null;
  }

  get ended() {
    return this.at === this.count;
  }

  /**
   * Play once; where nothing is to move, stand at the first step.
   * @param {boolean} calm
   */
  begin(calm) {
    if (calm) {
      this.go(1, false);
      return;
    }
    this.alone = true;
    this.timer = this.clock.set(() => this.advance(), BEGIN);
    this.show(false);
  }

  next() {
    this.halt();
    this.go(this.ended ? 1 : this.at + 1, true);
  }

  back() {
    this.halt();
    this.go(this.at - 1, false);
  }

  /** Play on, from the first step where all were taken; or pause. */
  play() {
    const plays = this.playing;
    this.halt();
    if (plays) {
      this.show(false);
      return;
    }
    if (this.ended) this.at = 0;
    this.advance();
  }

  /** Stop what plays by itself; whether it did. */
  interrupt() {
    const { alone } = this;
    if (alone) {
      this.halt();
      this.show(false);
    }
    return alone;
  }

  halt() {
    this.clock.clear(this.timer);
    this.timer = null;
    this.alone = false;
  }

  advance() {
    const last = this.at + 1 === this.count;
    this.timer = last ? null : this.clock.set(() => this.advance(), BEAT);
    this.go(this.at + 1, true);
    if (last) this.alone = false;
  }

  /**
   * @param {number} at
   * @param {boolean} moves
   */
  go(at, moves) {
    this.at = Math.min(Math.max(at, 0), this.count);
    this.show(moves);
  }
}
