// The adapter to Streamlit, which calls a component again whenever its data change. It lets a call
// clean up when the component has left the page, but also when the next call came before the end.

/** @import {Component} from "./mounting.js" */
/** @import {FrontWords} from "./types.d.ts" */

import { spoken as language } from "./language/language.js";

/**
 * @typedef {(component: Component<any>, words: FrontWords) => (() => void) | undefined} Show
 */

/**
 * @typedef {object} Place
 * @property {Promise<FrontWords>} loaded
 * @property {Component<unknown>} latest the last call
 * @property {() => void} [leave] clean-up of what stands there
 */

const REPLACED = "backlight:replaced";

/** Streamlit keeps nothing for a component but its element. @type {WeakMap<ParentNode, Place>} */
const places = new WeakMap();

/** The visitor's words, fetched until they have come once. @type {Promise<FrontWords> | undefined} */
let spoken;

/**
 * Make the function that Streamlit calls, with what shows each component. A call that another one has
 * overtaken while style sheet and words were loading does nothing, and no clean-up does anything
 * before the element has left.
 * @param {Record<string, Show>} shows
 */
export function hosting(shows) {
  /**
   * @param {Component<unknown>} component
   * @param {string} name
   * @param {string} sheet its address, seen from here
   * @returns {Promise<(() => void) | undefined>}
   */
  return async (component, name, sheet) => {
    const { parentElement } = component;
    const place = places.get(parentElement) ?? begin(component, sheet);
    place.latest = component;
    const words = await place.loaded;
    if (place.latest !== component) return undefined;
    place.leave = shows[name](component, words) ?? place.leave;
    return () => {
      if (!parentElement.isConnected) place.leave?.();
    };
  };
}

/**
 * @param {Component<unknown>} component
 * @param {string} sheet
 * @returns {Place}
 */
function begin(component, sheet) {
  const { parentElement } = component;
  // After a restart of the server an older edition of this code may still stand here.
  parentElement.dispatchEvent(new Event(REPLACED));
  parentElement.replaceChildren();
  /** @type {Place} */
  const place = { loaded: load(parentElement, sheet), latest: component };
  parentElement.addEventListener(REPLACED, () => place.leave?.(), { once: true });
  places.set(parentElement, place);
  place.loaded.catch(() => places.delete(parentElement)); // the next call tries again
  return place;
}

/**
 * @param {ShadowRoot | HTMLElement} parent
 * @param {string} sheet
 * @returns {Promise<FrontWords>}
 */
async function load(parent, sheet) {
  spoken ??= fetchWords().catch((error) => {
    spoken = undefined;
    throw error;
  });
  const [words] = await Promise.all([spoken, style(parent, sheet)]);
  return words;
}

/**
 * Fetch the words in the language in which the server speaks, too.
 * @returns {Promise<FrontWords>}
 */
async function fetchWords() {
  const response = await fetch(new URL(`words/${language()}.json`, import.meta.url));
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
