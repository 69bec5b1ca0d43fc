// The workbench in a notebook, Jupyter or marimo: what anywidget calls for every view of a widget.

/** @import {View} from "../types.d.ts" */
/** @import {Given, Looked, Model} from "./model.d.ts" */

import { element } from "../element.js";
import { Store } from "../store.js";
import { Workbench } from "../workbench/workbench.js";
import { Kernel } from "./kernel.js";
import { followTheme } from "./theme.js";

const RUN = { query: "", layers: false, file: "backlight" };
/** @type {View} what a notebook cannot set begins like this */
const BEGUN = {
  node: "",
  part: null,
  sample: 0,
  channel: null,
  show: "gradient",
  scale: "shared",
  saved: false,
  attributes: false,
  tint: false,
  collapsed: false,
  step: null,
  editing: false,
  hand: "",
  plane: "",
  compare: false,
  pins: "",
  hidden: "",
};

/**
 * @param {{model: Model, el: HTMLElement}} given
 * @returns {() => void} takes everything off the page
 */
export function render({ model, el }) {
  const given = model.get("_given");
  const { root, leave } = place(el, given);
  const said = { role: "status", hidden: true };
  const waiting = element(root, "p", "waiting", given.waiting, said);
  const kernel = new Kernel(model, given.waiting, (long) => (waiting.hidden = !long));
  const store = new Store({ ...BEGUN, ...model.get("view") });
  const workbench = new Workbench(element(root, "div", "bench"), store, kernel, given.words, {
    onPinned: (cell) => {
      model.set("cell", cell);
      model.save_changes();
    },
  });
  const unfollow = share(model, store);
  workbench.show(RUN);
  return () => {
    unfollow();
    workbench.remove();
    kernel.close();
    leave();
  };
}

/**
 * A shadow root, so that the notebook's style sheets and ours do not meet, and neither do the keys.
 * @param {HTMLElement} el
 * @param {Given} given
 */
function place(el, { light, dark, sheet }) {
  const host = element(el, "div");
  host.dataset.lmSuppressShortcuts = "true"; // as Jupyter's own inputs do
  for (const kind of ["keydown", "keyup", "keypress"]) {
    host.addEventListener(kind, (event) => event.stopPropagation());
  }
  const shadow = host.attachShadow({ mode: "open" });
  element(shadow, "style", "", light);
  const darkening = element(shadow, "style", "", dark);
  element(shadow, "style", "", sheet);
  const unfollow = followTheme(host, (colour, isDark) => {
    darkening.media = isDark ? "all" : "not all";
    host.style.setProperty("--st-background-color", colour);
  });
  const leave = () => {
    unfollow();
    host.remove();
  };
  return { root: element(shadow, "div", "workbench"), leave };
}

/**
 * Let the kernel read what is looked at, and set it.
 * @param {Model} model
 * @param {Store} store
 * @returns {() => void} ends it
 */
function share(model, store) {
  const said = () => JSON.stringify(looked(store));
  const unsubscribe = store.subscribe(() => {
    if (said() === JSON.stringify(model.get("view"))) return;
    model.set("view", looked(store));
    model.save_changes();
  });
  const onView = () => store.change(model.get("view"), true);
  model.on("change:view", onView);
  return () => {
    unsubscribe();
    model.off("change:view", onView);
  };
}

/**
 * @param {Store} store
 * @returns {Looked}
 */
function looked({ view: { step, part, sample, channel, show }, node }) {
  return { node, step, part, sample, channel, show };
}
