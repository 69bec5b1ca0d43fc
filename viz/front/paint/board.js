// A map to be set by hand: brush, eraser, numbers, undo and redo. By pointer, touch and keys.

import { element, focused } from "../element.js";
import { fill } from "../numbers.js";
import { drawAll, drawCell, layOut, readOut } from "./look.js";
import { line, Strokes } from "./strokes.js";
import { Toolbar } from "./toolbar.js";
import { closeField, focusCell, onKey, openField } from "./typing.js";

/** @import {Edits, Setting} from "./edits.js" */
/** @import {Canvas, Tool} from "./types.d.ts" */

export class Board {
  /** @type {HTMLElement[]} */
  cells = [];
  /** The cell that the stroke came through last. @type {number | null} */
  last = null;
  /** @type {number | null} */
  hovered = null;
  focused = 0;
  /** @type {{field: HTMLInputElement, k: number} | null} */
  field = null;
  /** @type {{digits: number, font: number} | null} */
  text = null;
  width = 0;
  size = 0;
  scale = 0;

  /**
   * @param {HTMLElement} root
   * @param {Canvas} canvas
   * @param {Edits} edits
   */
  constructor(root, canvas, edits) {
    this.root = root;
    this.edits = edits;
    this.strokes = new Strokes(canvas, edits);
    this.table = canvas.theme.light;
    this.tool = canvas.tool;
    this.toolbar = new Toolbar(this);
    this.problem = element(root, "p", "problem", "", { role: "alert", hidden: true });
    this.grid = element(element(root, "div", "scroller"), "div", "grid", "", { role: "grid" });
    this.readout = element(root, "div", "readout idle");
    this.cut = element(root, "div", "cut");
    this.legend = element(root, "div", "legend");
    this.spoken = element(root, "div", "spoken", "", { ariaLive: "polite" });
    this.listen();
    this.choose(canvas.tool);
    this.watcher = new ResizeObserver(() => root.clientWidth !== this.width && this.arrange());
    this.watcher.observe(root);
    this.unsubscribe = edits.subscribe(() => this.redraw());
    this.show(canvas);
  }

  listen() {
    const { grid, root } = this;
    grid.addEventListener("pointerdown", (event) => this.onDown(event));
    grid.addEventListener("pointermove", (event) => this.onMove(event));
    grid.addEventListener("lostpointercapture", () => this.strokes.stroke && this.finish());
    grid.addEventListener("click", (event) => {
      const k = this.cellAt(event);
      if (this.tool === "number" && k !== null && !this.field) openField(this, k);
    });
    grid.addEventListener("pointerleave", () => {
      this.hovered = null;
      readOut(this);
    });
    grid.addEventListener("focusout", () => queueMicrotask(() => readOut(this)));
    root.addEventListener("keydown", (event) => onKey(this, event));
    // Another theme, see paint.css.
    root.addEventListener("transitionend", (event) => event.target === root && layOut(this));
  }

  remove() {
    this.unsubscribe();
    this.watcher.disconnect();
  }

  get canvas() {
    return this.strokes.canvas;
  }

  /** What the tool makes of a cell. @returns {Setting} */
  get setting() {
    return this.tool === "eraser" ? null : this.toolbar.brush;
  }

  /** @param {Canvas} canvas */
  show(canvas) {
    const other = this.canvas.key !== canvas.key;
    const same = this.strokes.receive(canvas);
    if (!same) {
      this.last = this.hovered = null;
      closeField(this, false);
    }
    if (!same || this.cells.length !== canvas.count) this.buildCells();
    if (other) this.choose(canvas.tool);
    this.label();
    this.arrange();
    readOut(this);
  }

  arrange() {
    this.width = this.root.clientWidth;
    layOut(this);
  }

  label() {
    const { key, labels, name, rows, columns, count, total, swatches } = this.canvas;
    this.toolbar.brushes(swatches);
    this.toolbar.offer(this.edits.history(key));
    this.grid.ariaLabel = fill(labels.summary, { name, rows, columns });
    this.cut.textContent = count < total ? fill(labels.cut, { shown: count, total }) : "";
  }

  buildCells() {
    const { canvas, grid } = this;
    const hadFocus = grid.contains(focused(grid));
    grid.replaceChildren();
    grid.ariaRowCount = String(canvas.rows);
    grid.ariaColCount = String(canvas.columns);
    this.cells = [];
    for (let row = 0; row < canvas.rows; row += 1) this.buildRow(row);
    this.focused = Math.min(this.focused, canvas.count - 1);
    this.hovered = null;
    if (hadFocus) focusCell(this, this.focused);
    else this.cells[this.focused].tabIndex = 0;
  }

  /** @param {number} row */
  buildRow(row) {
    const { columns, count, start } = this.canvas;
    const line = element(this.grid, "div", "row", "", { role: "row" });
    const end = Math.min((row + 1) * columns, count);
    for (let k = row * columns; k < end; k += 1) {
      const cell = element(line, "div", "cell", "", { role: "gridcell", tabIndex: -1 });
      cell.dataset.place = String(start + k);
      this.cells.push(cell);
    }
  }

  /** @param {Tool} tool */
  choose(tool) {
    this.tool = tool;
    this.root.dataset.tool = tool;
    this.toolbar.press(tool);
    readOut(this);
  }

  /**
   * The cell under a pointer; null beside the map.
   * @param {MouseEvent} event
   */
  cellAt(event) {
    const { columns, count } = this.canvas;
    const box = this.grid.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / this.size);
    const row = Math.floor((event.clientY - box.top) / this.size);
    const inside = column >= 0 && column < columns && row >= 0;
    const k = row * columns + column;
    return inside && k < count ? k : null;
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    const k = this.cellAt(event);
    if (k === null || event.button !== 0) return;
    event.preventDefault();
    closeField(this, true);
    focusCell(this, k);
    if (this.tool === "number") return;
    this.grid.setPointerCapture(event.pointerId);
    this.strokes.begin();
    this.draw(k);
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of this.strokes.stroke ? (all.length ? all : [event]) : []) {
      const k = this.cellAt(each);
      if (k === null) this.last = null;
      else this.draw(k);
    }
    if (event.pointerType === "touch" && !this.strokes.stroke) return;
    this.hovered = this.cellAt(event);
    readOut(this);
  }

  /**
   * Draw with the tool up to a cell.
   * @param {number} k
   */
  draw(k) {
    for (const each of line(this.canvas, this.last ?? k, k)) this.touch(each, this.setting);
    this.last = k;
  }

  /**
   * Change cells in one stroke.
   * @param {[k: number, value: Setting][]} changes
   */
  change(changes) {
    this.strokes.begin();
    for (const [k, value] of changes) this.touch(k, value);
    this.finish();
  }

  /**
   * @param {number} k
   * @param {Setting} value
   */
  touch(k, value) {
    this.strokes.touch(k, value);
    if (Math.abs(this.strokes.values[k]) > this.scale) drawAll(this);
    else drawCell(this, k);
  }

  /** End the stroke: from now on it is one change. */
  finish() {
    const { labels, most } = this.canvas;
    this.last = null;
    const count = this.strokes.finish();
    this.problem.hidden = count !== null;
    if (count === null) {
      this.problem.textContent = fill(labels.many, { most });
      this.redraw();
    } else if (count) this.speak(fill(labels.done, { count }));
  }

  /**
   * Go one stroke back or forth.
   * @param {"undo" | "redo"} way
   */
  go(way) {
    const { key, labels } = this.canvas;
    const undone = way === "undo";
    if (this.edits.go(key, way)) this.speak(undone ? labels.undone : labels.redone);
    else this.speak(undone ? labels.nothing : labels.nothing_again);
  }

  /** Show the cells as they are changed now. */
  redraw() {
    this.strokes.lay();
    drawAll(this);
    readOut(this);
    this.toolbar.offer(this.edits.history(this.canvas.key));
  }

  /** @param {string} sentence */
  speak(sentence) {
    this.spoken.textContent = "";
    this.spoken.textContent = sentence;
  }
}
