// The adapter to Streamlit, which calls a component again whenever its data change. It lets a call
// clean up when the component has left the page, but also when the next call came before the end.

/** @import {Component} from "./mounting.js" */

/** @typedef {(component: Component<unknown>) => (() => void) | undefined} Show */

/**
 * @typedef {object} Place
 * @property {Promise<Show>} loaded
 * @property {Component<unknown>} latest the last call
 * @property {() => void} [leave] clean-up of what stands there
 */

const REPLACED = "backlight:replaced";

/** Streamlit keeps nothing for a component but its element. @type {WeakMap<ParentNode, Place>} */
const places = new WeakMap();

/**
 * Load a module and its style sheet, and call the module's default export. A call that another one
 * has overtaken meanwhile does nothing, and no clean-up does anything before the element has left.
 * @param {Component<unknown>} component
 * @param {string} module its address, seen from here
 * @param {string} sheet
 * @returns {Promise<(() => void) | undefined>}
 */
export async function mount(component, module, sheet) {
  const { parentElement } = component;
  const place = places.get(parentElement) ?? begin(component, module, sheet);
  place.latest = component;
  const show = await place.loaded;
  if (place.latest !== component) return undefined;
  place.leave = show(component) ?? place.leave;
  return () => {
    if (!parentElement.isConnected) place.leave?.();
  };
}

/**
 * @param {Component<unknown>} component
 * @param {string} module
 * @param {string} sheet
 * @returns {Place}
 */
function begin(component, module, sheet) {
  const { parentElement } = component;
  // After a restart of the server an older edition of this code may still stand here.
  parentElement.dispatchEvent(new Event(REPLACED));
  parentElement.replaceChildren();
  /** @type {Place} */
  const place = { loaded: load(parentElement, module, sheet), latest: component };
  parentElement.addEventListener(REPLACED, () => place.leave?.(), { once: true });
  places.set(parentElement, place);
  return place;
}

/**
 * @param {ShadowRoot | HTMLElement} parent
 * @param {string} module
 * @param {string} sheet
 * @returns {Promise<Show>}
 */
async function load(parent, module, sheet) {
  const [{ default: show }] = await Promise.all([import(module), style(parent, sheet)]);
  return show;
}

/**
 * Link a style sheet, and wait for it so that nothing is laid out without it.
 * @param {ShadowRoot | HTMLElement} parent
 * @param {string} sheet
 * @returns {Promise<void>}
 */
function style(parent, sheet) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(sheet, import.meta.url).href;
  parent.append(link);
  return new Promise((done) => {
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => done());
  });
}
