// Tells the server what is looked at: one message, the whole state, when it has settled.

const SETTLED_AFTER = 250; // ms

export class Teller {
  /**
   * @param {HTMLElement} root a press or a key outside of it finds the server told
   * @param {() => object} state what the server must know
   * @param {() => void} [rested] called when the state has settled
   */
  constructor(root, state, rested = () => {}) {
    this.root = root;
    this.state = state;
    this.rested = rested;
    /** @type {(state: object) => void} */
    this.send = () => {};
    this.timer = 0;
    this.told = "";
    this.last = 0; // when something was told last
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(root)) this.flush();
    };
    for (const kind of ["pointerdown", "keydown", "focusin"]) {
      document.addEventListener(kind, this.outside, true);
    }
  }

  /** The state has changed. */
  changed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), SETTLED_AFTER);
    this.root.dataset.told = "false";
  }

  /** The server knows the state already. */
  known() {
    this.rest();
    this.told = JSON.stringify(this.state());
    this.root.dataset.answered = "true";
  }

  /** Nothing is under way. */
  rest() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.root.dataset.told = "true";
    this.rested();
  }

  /** Tell what has not been told. */
  flush() {
    if (!this.timer) return;
    this.rest();
    const state = this.state();
    const text = JSON.stringify(state);
    if (text === this.told) return;
    this.told = text;
    // The time tells a state that is said again, after Back, from the same one said before.
    this.last = Math.max(Date.now(), this.last + 1);
    this.root.dataset.answered = "false";
    this.send({ ...state, since: this.last });
  }

  /**
   * The page has read what was told until then.
   * @param {number} since
   */
  answered(since) {
    if (since >= this.last) this.root.dataset.answered = "true";
  }

  /** Tell no more. */
  remove() {
    clearTimeout(this.timer);
    for (const kind of ["pointerdown", "keydown", "focusin"]) {
      document.removeEventListener(kind, this.outside, true);
    }
  }
}
