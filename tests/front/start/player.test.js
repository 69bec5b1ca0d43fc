import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../../viz/front/start/nearest.js";
import { BEAT, BEGIN, Player } from "../../../viz/front/start/player.js";

/** A clock whose hands are moved by the test. */
class Hands {
  constructor() {
    this.now = 0;
    /** @type {{act: () => void, at: number}[]} */
    this.waiting = [];
  }

  /**
   * @param {() => void} act
   * @param {number} after
   */
  set(act, after) {
    const entry = { act, at: this.now + after };
    this.waiting.push(entry);
    return entry;
  }

  /** @param {{act: () => void, at: number}} entry */
  clear(entry) {
    this.waiting = this.waiting.filter((each) => each !== entry);
  }

  /** @param {number} time */
  pass(time) {
    this.now += time;
    for (const entry of this.waiting.filter(({ at }) => at <= this.now)) {
      this.clear(entry);
      entry.act();
    }
  }
}

function begun(calm = false) {
  const hands = new Hands();
  /** @type {[number, boolean][]} */
  const seen = [];
  const player = new Player(5, (moves) => seen.push([player.at, moves]), hands);
  player.begin(calm);
  return { hands, player, seen };
}

test("it plays once by itself and then rests complete", () => {
  const { hands, player, seen } = begun();
  hands.pass(BEGIN - 1);
  assert.equal(player.at, 0);
  hands.pass(1);
  assert.equal(player.at, 1);
  for (let step = 2; step <= 5; step += 1) {
    hands.pass(BEAT);
    assert.equal(player.at, step);
  }
  assert.deepEqual([player.playing, player.alone, hands.waiting.length], [false, false, 0]);
  assert.deepEqual(
    seen.slice(1),
    [1, 2, 3, 4, 5].map((at) => [at, true]),
  );
});

test("within ten seconds the gradient has come back to the first layer", () => {
  assert.ok(BEGIN + 4 * BEAT < 10_000);
});

test("any press stops what plays by itself, and only that", () => {
  const { hands, player } = begun();
  hands.pass(BEGIN);
  hands.pass(BEAT);
  assert.equal(player.interrupt(), true);
  hands.pass(10 * BEAT);
  assert.equal(player.at, 2);
  player.play();
  assert.equal(player.interrupt(), false);
  hands.pass(BEAT);
  assert.equal(player.at, 4);
});

test("where nothing is to move it waits at the first step", () => {
  const { hands, player, seen } = begun(true);
  hands.pass(100 * BEAT);
  assert.deepEqual([player.at, player.playing], [1, false]);
  assert.deepEqual(seen, [[1, false]]);
});

test("next and back go a step, and stay within the steps", () => {
  const { player, seen } = begun();
  player.next();
  player.next();
  player.back();
  assert.deepEqual(seen.slice(1), [
    [1, true],
    [2, true],
    [1, false],
  ]);
  player.back();
  player.back();
  assert.equal(player.at, 0);
});

test("after the last step, next begins again at the first and play at the loss", () => {
  const { hands, player } = begun();
  for (let step = 0; step < 5; step += 1) player.next();
  assert.equal(player.ended, true);
  player.next();
  assert.equal(player.at, 1);
  for (let step = 1; step < 5; step += 1) player.next();
  player.play();
  assert.equal(player.at, 1);
  hands.pass(BEAT);
  assert.equal(player.at, 2);
});

test("play pauses what plays, also what plays by itself, and goes on from there", () => {
  const { hands, player } = begun();
  hands.pass(BEGIN);
  player.play();
  hands.pass(10 * BEAT);
  assert.deepEqual([player.at, player.playing], [1, false]);
  player.play();
  assert.equal(player.at, 2);
});

test("an arrow key leads to the nearest number that way", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 0, y: 10 },
    { x: 12, y: 40 },
    { x: 30, y: 4 },
  ];
  assert.equal(nearest(points, points[0], "ArrowRight"), 1);
  assert.equal(nearest(points, points[0], "ArrowDown"), 2);
  assert.equal(nearest(points, points[1], "ArrowRight"), 4);
  assert.equal(nearest(points, points[3], "ArrowUp"), 1);
  assert.equal(nearest(points, points[0], "ArrowLeft"), -1);
});
