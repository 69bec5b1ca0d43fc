import assert from "node:assert/strict";
import { test } from "node:test";

import { cellPixels, gradient, picturePixels } from "../../../viz/front/overlay/pixels.js";
import { keyTo, spotAt } from "../../../viz/front/overlay/place.js";
import { described, told, toldOfAll } from "../../../viz/front/overlay/told.js";

/** @import {Theme} from "../../../viz/front/types.d.ts" */
/** @import {LayerData} from "../../../viz/front/overlay/types.d.ts" */

// Three colours: below zero, zero, above; the last byte of each is no colour.
const THEME = /** @type {Theme} */ (
  /** @type {unknown} */ ({
    half: 1,
    light: Uint8Array.of(0, 0, 200, 1, 250, 251, 252, 0, 200, 0, 0, 1),
    dark: Uint8Array.of(0, 0, 90, 1, 20, 21, 22, 0, 90, 0, 0, 1),
    non_finite: "#ffd60a",
    digits: 3,
    smallest_plain: 1e-4,
    largest_plain: 1e6,
  })
);
const WORDS = {
  picture: "picture {row},{column}={value}",
  cells: "map {row},{column}={value}",
  pictures: "{row},{column}: {values}",
  size: "{rows}x{columns}",
  map_size: "{rows}x{columns} from {smallest} to {largest}",
  missing: "nothing",
};
/** @type {LayerData} */
const LAYER = {
  title: "A digit",
  smooth: false,
  picture: {
    rows: 4,
    columns: 4,
    channels: 1,
    values: Uint8Array.from({ length: 16 }, (_, at) => at),
  },
  cells: {
    rows: 2,
    columns: 2,
    scale: 4,
    ends: ["−4", "0", "4"],
    smallest: "−4",
    largest: "0.12346",
    values: Float64Array.of(1, 2, 0.123456, -4),
  },
};

test("a grey level is all three colours of an opaque pixel", () => {
  const pixels = picturePixels({ channels: 1, values: Uint8Array.of(0, 7) });
  assert.deepEqual([...pixels], [0, 0, 0, 255, 7, 7, 7, 255]);
});

test("red, green and blue stay in their order", () => {
  const pixels = picturePixels({ channels: 3, values: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  assert.deepEqual([...pixels], [1, 2, 3, 255, 4, 5, 6, 255]);
});

test("numbers have the colours of the table for the page, and NaN and infinity their own", () => {
  const values = Float32Array.of(-2, 0, 2, NaN, Infinity);
  const pixels = cellPixels({ scale: 2, values }, THEME, false);
  const odd = [255, 214, 10, 255];
  const expected = [[0, 0, 200, 255], [250, 251, 252, 255], [200, 0, 0, 255], odd, odd];
  assert.deepEqual([...pixels], expected.flat());
  assert.deepEqual([...cellPixels({ scale: 2, values }, THEME, true)].slice(0, 3), [0, 0, 90]);
});

test("a map of zeros has the colour of zero", () => {
  const pixels = cellPixels({ scale: 0, values: Float64Array.of(0) }, THEME, false);
  assert.deepEqual([...pixels], [250, 251, 252, 255]);
});

test("the scale runs from the colour of the lowest to that of the highest number", () => {
  const stops = [...gradient(THEME, false).matchAll(/rgb\(([^)]+)\)/g)].map((stop) => stop[1]);
  assert.deepEqual([stops[0], stops[4], stops[8]], ["0 0 200", "250 251 252", "200 0 0"]);
});

test("a place is in the same part of every grid, and the far ends belong to the last", () => {
  assert.deepEqual(spotAt({ x: 0.3, y: 0.8 }, { rows: 28, columns: 28 }), { row: 22, column: 8 });
  assert.deepEqual(spotAt({ x: 0.3, y: 0.8 }, { rows: 7, columns: 7 }), { row: 5, column: 2 });
  assert.deepEqual(spotAt({ x: 1, y: -0.1 }, { rows: 7, columns: 5 }), { row: 0, column: 4 });
});

test("arrow keys walk from the first spot on and stop at the ends", () => {
  const grid = { rows: 2, columns: 3 };
  let place = keyTo("ArrowDown", null, grid);
  /** @param {string} key */
  const walked = (key) => {
    place = keyTo(key, place, grid);
    return place && spotAt(place, grid);
  };
  assert.deepEqual(place && spotAt(place, grid), { row: 0, column: 0 });
  assert.deepEqual(walked("ArrowLeft"), { row: 0, column: 0 });
  assert.deepEqual(walked("ArrowRight"), { row: 0, column: 1 });
  assert.deepEqual(walked("ArrowDown"), { row: 1, column: 1 });
  assert.deepEqual(walked("ArrowDown"), { row: 1, column: 1 });
  assert.equal(keyTo("PageDown", place, grid), null);
});

test("what stands at a place is told of the picture and of the map, counted from 0", () => {
  const texts = told(LAYER, { x: 0.3, y: 0.8 }, THEME, WORDS);
  assert.deepEqual(texts, ["picture 3,1=13", "map 1,0=0.123"]);
  assert.deepEqual(told({ ...LAYER, picture: null }, { x: 0.9, y: 0.9 }, THEME, WORDS), [
    "map 1,1=−4",
  ]);
});

test("a colour is told as red, green and blue", () => {
  const values = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const picture = { rows: 1, columns: 2, channels: /** @type {const} */ (3), values };
  const layer = { ...LAYER, picture, cells: null };
  assert.deepEqual(told(layer, { x: 0.7, y: 0.5 }, THEME, WORDS), ["picture 0,1=(4, 5, 6)"]);
});

test("pictures of one size are told in one line, each by its name", () => {
  const [one, other] = [LAYER, { ...LAYER, title: "Another" }].map((layer, at) => {
    const values = Uint8Array.from({ length: 16 }, (_, pixel) => pixel + 100 * at);
    const picture = { rows: 4, columns: 4, channels: /** @type {const} */ (1), values };
    return { ...layer, picture, cells: null };
  });
  const place = { x: 0.3, y: 0.8 };
  // Row 3, column 1 of 4x4 is pixel 13.
  assert.equal(toldOfAll([one, other], place, THEME, WORDS), "3,1: A digit: 13 | Another: 113");
  const small = { rows: 2, columns: 2, channels: /** @type {const} */ (1) };
  const unlike = { ...other, picture: { ...small, values: Uint8Array.of(5, 6, 7, 8) } };
  const lines = toldOfAll([one, unlike], place, THEME, WORDS).split("\n");
  assert.deepEqual(lines, ["A digit · picture 3,1=13", "Another · picture 1,0=7"]);
});

test("layers with maps are told a line each, and one alone needs no name", () => {
  const place = { x: 0.3, y: 0.8 };
  const told = "picture 3,1=13 · map 1,0=0.123";
  assert.equal(toldOfAll([LAYER], place, THEME, WORDS), told);
  const two = [LAYER, { ...LAYER, title: "B" }];
  assert.equal(toldOfAll(two, place, THEME, WORDS), `A digit · ${told}\nB · ${told}`);
});

test("a layer says what it is to who does not see it", () => {
  assert.equal(described(LAYER, WORDS), "A digit, 4x4, 2x2 from −4 to 0.12346");
  const nothing = { ...LAYER, picture: null, cells: null };
  assert.equal(described(nothing, WORDS), "A digit, nothing");
});
