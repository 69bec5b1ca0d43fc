// Moves and scales a drawing inside a frame.

import { scrolling } from "../element.js";
import { inRoom } from "../room/room.js";

/** @typedef {{x: number, y: number}} Point */

export const FONT_SIZE = 10; // of the labels, in the drawing's own units
const READABLE = 11; // smallest label in screen pixels of a first view
const IN_ROOM = 18; // the same where type is large
const LEGIBLE = 9; // smallest label in screen pixels on a phone, which has no room for an overview
const PHONE = "(max-width: 640px)";
const LARGEST_FIT = 1.6; // a small graph is not blown up further
const LARGEST_SCALE = 6;
const ZOOM_STEP = 1.25;
const WHEEL_SPEED = 0.0015;
const PINCH_SPEED = 0.01; // browsers report a touchpad pinch as a wheel with the control key
const LINE = 20; // pixels, for a wheel that counts in lines
const DRAG_START = 4; // pixels a pointer may shake in a click
const MARGIN = 24; // pixels kept free around a box that is brought into view

export class Camera {
  /** @param {HTMLElement} frame */
  constructor(frame) {
    this.frame = frame;
    /** @type {SVGSVGElement | null} */
    this.svg = null;
    this.size = { width: 1, height: 1 };
    this.start = { x: 0, y: 0 };
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    /** @type {Map<number, Point & {travel: number}>} */
    this.pointers = new Map();
    this.moved = false; // whether the visitor chose this view
    this.least = NaN; // smallest label in screen pixels of a first view, where that is not the usual
    this.dragged = false; // whether the press that ends now was a drag
    frame.addEventListener("pointerdown", (event) => this.press(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    frame.addEventListener("pointerup", (event) => this.release(event));
    frame.addEventListener("pointercancel", (event) => this.release(event));
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.observer = new ResizeObserver(() => this.moved || this.first());
    this.observer.observe(frame);
  }

  remove() {
    this.observer.disconnect();
  }

  /**
   * Show another drawing.
   * @param {SVGSVGElement} svg
   * @param {Point} start the middle of a first view of a large one
   */
  show(svg, start) {
    const { width, height } = svg.viewBox.baseVal;
    [this.svg, this.size, this.start, this.moved] = [svg, { width, height }, start, false];
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    this.frame.replaceChildren(svg);
    this.first();
  }

  get fitScale() {
    const { clientWidth, clientHeight } = this.frame;
    return Math.min(clientWidth / this.size.width, clientHeight / this.size.height, LARGEST_FIT);
  }

  /** Fit when that can be read, else show what is around the start in a readable size. */
  first() {
    const { clientWidth, clientHeight } = this.frame;
    if (!this.svg || !clientWidth) return;
    const readable = this.least || (inRoom() ? IN_ROOM : READABLE);
    if (this.fitScale * FONT_SIZE >= readable) return this.place(this.fitScale);
    const scale = readable / FONT_SIZE;
    const { width, height } = this.size;
    const left = clientWidth / 2 - this.start.x * scale;
    const top = clientHeight / 2 - this.start.y * scale;
    const x = within(left, clientWidth - width * scale);
    this.place(scale, x, within(top, clientHeight - height * scale));
  }

  fit() {
    this.moved = false;
    this.place(Math.max(this.fitScale, this.legible));
  }

  /** The smallest scale on a phone; 0 anywhere else. */
  get legible() {
    return matchMedia(PHONE).matches ? LEGIBLE / FONT_SIZE : 0;
  }

  /**
   * Set scale and corner; without a corner the drawing is centred.
   * @param {number} scale
   * @param {number} [x]
   * @param {number} [y]
   */
  place(scale, x, y) {
    if (!this.svg) return;
    const { clientWidth, clientHeight } = this.frame;
    this.scale = scale;
    this.x = x ?? (clientWidth - this.size.width * scale) / 2;
    this.y = y ?? (clientHeight - this.size.height * scale) / 2;
    this.svg.style.transform = `translate(${this.x}px, ${this.y}px) scale(${scale})`;
  }

  zoomIn() {
    this.zoom(ZOOM_STEP);
  }

  zoomOut() {
    this.zoom(1 / ZOOM_STEP);
  }

  /**
   * Zoom so that the point under (x, y) stays there; false at the end of the range.
   * @param {number} factor
   */
  zoom(factor, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const smallest = this.legible || Math.min(this.fitScale, 1) / 2;
    const scale = Math.min(Math.max(this.scale * factor, smallest), LARGEST_SCALE);
    if (scale === this.scale) return false;
    const ratio = scale / this.scale;
    this.moved = true;
    this.place(scale, x - (x - this.x) * ratio, y - (y - this.y) * ratio);
    return true;
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.moved = true;
    this.place(this.scale, this.x + dx, this.y + dy);
  }

  /**
   * Pan as little as needed to see a part of the drawing, or until it is in the middle.
   * @param {Element} part
   * @param {boolean} [central]
   */
  reveal(part, central = false) {
    const frame = this.frame.getBoundingClientRect();
    const box = part.getBoundingClientRect();
    if (!frame.width) return;
    if (central) {
      const [dx, dy] = [middle(frame.left, frame.right), middle(frame.top, frame.bottom)];
      this.pan(dx - middle(box.left, box.right), dy - middle(box.top, box.bottom));
      return;
    }
    const beside = box.left < frame.left || box.right > frame.right;
    if (!beside && box.top >= frame.top && box.bottom <= frame.bottom) return;
    const dx = scrolling(box.left, box.right, frame.left, frame.right, MARGIN);
    this.pan(-dx, -scrolling(box.top, box.bottom, frame.top, frame.bottom, MARGIN));
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  local(event) {
    const frame = this.frame.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, { ...this.local(event), travel: 0 });
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.local(event);
    const travel = before.travel + distance(before, now);
    if (!this.dragged && travel < DRAG_START) return;
    if (!this.dragged) this.drag(event.pointerId);
    this.pointers.set(event.pointerId, { ...now, travel });
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    const share = other ? 0.5 : 1;
    this.pan((now.x - before.x) * share, (now.y - before.y) * share);
    if (!other) return;
    const factor = (distance(now, other) || 1) / (distance(before, other) || 1);
    this.zoom(factor, (now.x + other.x) / 2, (now.y + other.y) / 2);
  }

  /** @param {number} pointer */
  drag(pointer) {
    this.dragged = true;
    this.frame.setPointerCapture(pointer);
    this.frame.classList.add("dragging");
  }

  /** @param {PointerEvent} event */
  release(event) {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.frame.classList.remove("dragging");
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!this.svg) return;
    const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
    const pixels = event.deltaY * (lines ? LINE : 1);
    const { x, y } = this.local(event);
    if (this.zoom(Math.exp(-pixels * speed), x, y)) event.preventDefault();
  }
}

/**
 * @param {number} from
 * @param {number} to
 */
function middle(from, to) {
  return (from + to) / 2;
}

/**
 * Leave no free room at an edge while the other side is cut.
 * @param {number} wanted
 * @param {number} room what is left over
 */
function within(wanted, room) {
  return room > 0 ? room / 2 : Math.min(Math.max(wanted, room), 0);
}

/**
 * @param {Point} one
 * @param {Point} other
 */
function distance(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
