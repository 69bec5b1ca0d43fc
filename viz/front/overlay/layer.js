// One picture with a map over it: two canvases of one pixel a number, which the browser stretches.

import { element } from "../element.js";
import { cellPixels, gradient, picturePixels } from "./pixels.js";
import { keyTo, middleOf, spotAt } from "./place.js";
import { described } from "./told.js";

/** @import {Theme, Words} from "../types.d.ts" */
/** @import {Grid, LayerData, Place} from "./types.d.ts" */

export class LayerView {
  /** @type {Place | null} */
  place = null;

  /**
   * @param {HTMLElement} parent
   * @param {LayerData} layer
   * @param {Words} words
   * @param {(view: LayerView) => void} point called when another place is pointed at
   */
  constructor(parent, layer, words, point) {
    this.layer = layer;
    this.point = point;
    this.root = element(parent, "figure", "layer");
    element(this.root, "figcaption", "title", layer.title);
    const grid = layer.picture ?? layer.cells;
    if (!grid) {
      element(this.root, "p", "missing", words.missing);
      return;
    }
    const frame = element(this.root, "div", "frame", "", { role: "img", tabIndex: 0 });
    frame.ariaLabel = described(layer, words);
    frame.classList.toggle("smooth", layer.smooth);
    frame.style.setProperty("--columns", String(grid.columns));
    frame.style.setProperty("--rows", String(grid.rows));
    this.frame = frame;
    this.picture = layer.picture && canvasOf(frame, "picture", layer.picture);
    this.cells =
      layer.cells && canvasOf(frame, layer.picture ? "cells over" : "cells", layer.cells);
    this.mark = element(frame, "span", "mark", "", { hidden: true, ariaHidden: "true" });
    this.makeScale();
    this.listen(frame);
  }

  makeScale() {
    const { cells } = this.layer;
    if (!cells) return;
    const scale = element(this.root, "div", "scale", "", { ariaHidden: "true" });
    this.colours = element(scale, "div", "colours");
    const ends = element(scale, "div", "ends");
    for (const end of cells.ends) element(ends, "span", "", end);
  }

  /** @param {HTMLElement} frame */
  listen(frame) {
    /** @param {PointerEvent} event */
    const follow = ({ clientX, clientY }) => {
      const { left, top, width, height } = frame.getBoundingClientRect();
      this.pointAt({ x: (clientX - left) / width, y: (clientY - top) / height });
    };
    frame.addEventListener("pointermove", follow);
    frame.addEventListener("pointerdown", follow);
    frame.addEventListener("keydown", (event) => {
      const to = keyTo(event.key, this.place, this.grid());
      if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.pointAt(to);
    });
  }

  /** What is walked over and marked: the numbers, else the pixels. */
  grid() {
    return /** @type {Grid} */ (this.layer.cells ?? this.layer.picture);
  }

  /** @param {Place} place */
  pointAt(place) {
    this.place = place;
    this.point(this);
  }

  /**
   * Mark what stands at a place; null marks nothing.
   * @param {Place | null} place
   */
  show(place) {
    if (!this.mark) return;
    this.place = place;
    this.mark.hidden = !place;
    if (!place) return;
    const grid = this.grid();
    const { x, y } = middleOf(spotAt(place, grid), grid);
    const sizes = { left: x - 0.5 / grid.columns, top: y - 0.5 / grid.rows };
    const size = { width: 1 / grid.columns, height: 1 / grid.rows };
    for (const [name, part] of Object.entries({ ...sizes, ...size })) {
      this.mark.style.setProperty(name, `${100 * part}%`);
    }
  }

  /**
   * @param {Theme} theme
   * @param {boolean} dark
   */
  paint(theme, dark) {
    const { picture, cells } = this.layer;
    if (picture && this.picture) put(this.picture, picturePixels(picture));
    if (cells && this.cells) put(this.cells, cellPixels(cells, theme, dark));
    this.colours?.style.setProperty("background", gradient(theme, dark));
  }
}

/**
 * @param {HTMLElement} frame
 * @param {string} className
 * @param {Grid} grid
 */
function canvasOf(frame, className, { rows, columns }) {
  return element(frame, "canvas", className, "", { width: columns, height: rows });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8ClampedArray<ArrayBuffer>} pixels
 */
function put(canvas, pixels) {
  const { width, height } = canvas;
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
}
