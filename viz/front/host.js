// The adapter to Streamlit, which calls a component again whenever its data change. It lets a call
// clean up when the component has left the page, but also when the next call came before the end.

/** @import {Component} from "./mounting.js" */
/** @import {FrontWords} from "./types.d.ts" */

/** @typedef {(component: Component<unknown>, words: FrontWords) => (() => void) | undefined} Show */

/**
 * @typedef {object} Place
 * @property {Promise<[Show, FrontWords]>} loaded
 * @property {Component<unknown>} latest the last call
 * @property {() => void} [leave] clean-up of what stands there
 */

const REPLACED = "backlight:replaced";

/** Streamlit keeps nothing for a component but its element. @type {WeakMap<ParentNode, Place>} */
const places = new WeakMap();

/** The visitor's words, fetched until they have come once. @type {Promise<FrontWords> | undefined} */
let spoken;

/**
 * Load a module, its style sheet and the words, and call the module's default export. A call that
 * another one has overtaken meanwhile does nothing, and no clean-up does anything before the element
 * has left.
 * @param {Component<unknown>} component
 * @param {string} module its address, seen from here
 * @param {string} sheet
 * @returns {Promise<(() => void) | undefined>}
 */
export async function mount(component, module, sheet) {
  const { parentElement } = component;
  const place = places.get(parentElement) ?? begin(component, module, sheet);
  place.latest = component;
  const [show, words] = await place.loaded;
  if (place.latest !== component) return undefined;
  place.leave = show(component, words) ?? place.leave;
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
 * @returns {Promise<[Show, FrontWords]>}
 */
async function load(parent, module, sheet) {
  spoken ??= fetchWords().catch((error) => {
    spoken = undefined;
    throw error;
  });
  const all = /** @type {const} */ ([import(module), spoken, style(parent, sheet)]);
  const [{ default: show }, words] = await Promise.all(all);
  return [show, words];
}

/**
 * Fetch the words in the language that Streamlit tells the server, too.
 * @returns {Promise<FrontWords>}
 */
async function fetchWords() {
  const response = await fetch(new URL(`words/${navigator.language}.json`, import.meta.url));
  if (!response.ok) throw new Error(`There are no words at ${response.url}`);
  return response.json();
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
