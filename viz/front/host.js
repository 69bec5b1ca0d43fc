// The adapter to Streamlit, which calls a component again whenever its data change. It lets a call
// clean up when the component has left the page, but also when the next call came before the end.

/** @import {Component} from "./mounting.js" */

/**
 * @typedef {object} Place
 * @property {Promise<void>} styled
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
  const place = placeOf(component, sheet);
  place.latest = component;
  const [{ default: show }] = await Promise.all([import(module), place.styled]);
  if (place.latest !== component) return undefined;
  place.leave = show(component) ?? place.leave;
  return () => {
    if (!component.parentElement.isConnected) place.leave?.();
  };
}

/**
 * @param {Component<unknown>} component
 * @param {string} sheet
 * @returns {Place}
 */
function placeOf(component, sheet) {
  const { parentElement } = component;
  const known = places.get(parentElement);
  if (known) return known;
  // After a restart of the server an older edition of this code may still stand here.
  parentElement.dispatchEvent(new Event(REPLACED));
  parentElement.replaceChildren();
  /** @type {Place} */
  const place = { styled: style(parentElement, sheet), latest: component };
  parentElement.addEventListener(REPLACED, () => place.leave?.(), { once: true });
  places.set(parentElement, place);
  return place;
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
