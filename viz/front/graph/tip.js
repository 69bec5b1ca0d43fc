// What a box is, in plain words, beside the box that is pointed at or has the focus.

import { element } from "../element.js";

/** @import {GraphBox} from "../types.d.ts" */

const GAP = 8; // pixels between a box and its words

export class Tip {
  /**
   * @param {HTMLElement} root
   * @param {(part: Element) => GraphBox | undefined} boxAt
   */
  constructor(root, boxAt) {
    this.root = root;
    this.boxAt = boxAt;
    this.bubble = element(root, "div", "tip", "", { role: "tooltip", hidden: true });
    for (const kind of ["pointerover", "focusin"])
      root.addEventListener(kind, ({ target }) => this.follow(target));
    for (const kind of ["pointerleave", "focusout", "pointerdown", "wheel"])
      root.addEventListener(kind, () => this.hide(), { passive: true });
    root.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
  }

  /** @param {EventTarget | null} target */
  follow(target) {
    if (!(target instanceof Element)) return;
    const box = this.boxAt(target);
    if (box?.help) this.show(box, target.closest("g.node, tr") ?? target);
    else this.hide();
  }

  /**
   * @param {GraphBox} box
   * @param {Element} part
   */
  show({ name, help }, part) {
    this.bubble.replaceChildren();
    element(this.bubble, "b", "", name);
    element(this.bubble, "span", "", help);
    this.bubble.hidden = false;
    const [frame, at] = [this.root.getBoundingClientRect(), part.getBoundingClientRect()];
    const { offsetWidth, offsetHeight } = this.bubble;
    const left = Math.min(Math.max(at.left - frame.left, 0), frame.width - offsetWidth);
    const below = at.bottom - frame.top + GAP;
    const above = at.top - frame.top - GAP - offsetHeight;
    const top = below + offsetHeight <= frame.height ? below : Math.max(above, 0);
    this.bubble.style.translate = `${Math.max(left, 0)}px ${top}px`;
  }

  hide() {
    this.bubble.hidden = true;
  }
}
