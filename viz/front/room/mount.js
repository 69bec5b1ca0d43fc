// The buttons of the view for a room: into it and out of it, and in it the way to the controls.

/** @import {FrontWords, Words} from "../types.d.ts" */

import { iconButton, name } from "../element.js";
import { isCommand, isTyping } from "../keys.js";
import { mounting } from "../mounting.js";
import { CHANGED, inRoom, isUnfolded, keepAddress, show, unfold } from "./room.js";

const OPEN = "[role=dialog], [data-testid=stPopoverBody], [data-baseweb=popover], :popover-open";

class Room {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.fold = iconButton(root, "menu", words.controls, "act fold", () =>
      this.unfold(!isUnfolded()),
    );
    this.turn = iconButton(root, "co_present", words.enter, "act turn", () => show(!inRoom()));
    this.turn.title = words.help;
    this.page = window.location.pathname;
    this.over = new AbortController();
    const { signal } = this.over;
    this.opened = false; // whether something stood over the page when the key was pressed
    const before = () => (this.opened = document.querySelector(OPEN) !== null);
    document.addEventListener("keydown", before, { capture: true, signal });
    // Behind all other listeners, which may have a use for the key.
    window.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener(CHANGED, () => this.render(), { signal });
    window.navigation?.addEventListener("currententrychange", () => this.moved(), { signal });
    this.moved();
    this.render();
  }

  update() {}

  remove() {
    this.over.abort();
  }

  /** @param {boolean} on */
  unfold(on) {
    unfold(on);
    this.fold.ariaExpanded = String(on);
  }

  /** Another address: of another page, or one that forgets the room. */
  moved() {
    if (this.page !== window.location.pathname) this.unfold(false);
    this.page = window.location.pathname;
    keepAddress();
  }

  render() {
    const { fold, turn, words } = this;
    const on = inRoom();
    this.root.classList.toggle("on", on);
    fold.hidden = !on;
    fold.ariaExpanded = String(isUnfolded());
    name(fold, words.controls);
    name(turn, on ? words.leave : words.enter);
    turn.title = on ? words.leave : words.help;
    const [icon, text] = turn.children;
    icon.textContent = on ? "close" : "co_present";
    text.textContent = on ? words.leave : words.enter;
  }

  /**
   * Escape leaves the room, but first whatever stands over it.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !inRoom()) return;
    if (this.opened || isCommand(event) || isTyping(event)) return;
    if (isUnfolded()) this.unfold(false);
    else show(false);
  }
}

export default mounting("room", (root, _data, { room }) => new Room(root, room));
