// A view in an element of its own: made at the first call, updated by the next ones.

/** @import {FrontWords} from "./types.d.ts" */

import { element } from "./element.js";

/**
 * What Streamlit calls a component with.
 * @template Data
 * @typedef {object} Component
 * @property {Data} data
 * @property {ShadowRoot | HTMLElement} parentElement
 * @property {Send} setTriggerValue
 * @property {Send} [setStateValue] where somebody keeps a state
 */

/** @callback Send
 * @param {string} name
 * @param {unknown} value
 * @returns {void}
 */

/**
 * @template Data
 * @typedef {object} View
 * @property {(data: Data, say: Send) => void} update called at once, and when data have changed
 * @property {() => void} [remove] let go of all that is outside the view's own element
 */

/**
 * Make the function that Streamlit calls: it makes a view in an element of its own once, and
 * updates it from then on.
 * @template Data
 * @param {string} className of the element
 * @param {(root: HTMLDivElement, data: Data, words: FrontWords) => View<Data>} make
 * @returns {(component: Component<Data>, words: FrontWords) => (() => void) | undefined}
 */
export function mounting(className, make) {
  /** @type {WeakMap<ParentNode, {view: View<Data>, leave: () => void}>} */
  const mounted = new WeakMap();
  /**
   * @param {ShadowRoot | HTMLElement} parent
   * @param {Data} data
   * @param {FrontWords} words
   */
  function begin(parent, data, words) {
    const root = element(parent, "div", className);
    const view = make(root, data, words);
    const leave = () => {
      view.remove?.();
      root.remove();
      mounted.delete(parent);
    };
    mounted.set(parent, { view, leave });
    return { view, leave };
  }
  return ({ data, parentElement, setTriggerValue, setStateValue }, words) => {
    if (!data) return undefined;
    const { view, leave } = mounted.get(parentElement) ?? begin(parentElement, data, words);
    view.update(data, setStateValue ?? setTriggerValue);
    return leave;
  };
}
