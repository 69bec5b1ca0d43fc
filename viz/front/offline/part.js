// A view in a file that has no server: in a shadow root of its own, with its sheet from the bundle.

/** @import {Component, Send} from "../mounting.js" */

/**
 * @param {HTMLElement} part
 * @param {string} sheet
 */
function begin(part, sheet) {
  const root = part.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(sheet);
  root.adoptedStyleSheets = [styles];
  return root;
}

/**
 * Make the function that shows data in an element, as often as they change.
 * @template Data
 * @param {HTMLElement} part
 * @param {(component: Component<Data>) => unknown} mount
 * @param {string} sheet
 * @returns {(data: Data, send: Send) => void}
 */
export function showing(part, mount, sheet) {
  const parentElement = begin(part, sheet);
  return (data, setTriggerValue) => {
    mount({ data, parentElement, setTriggerValue, setStateValue: setTriggerValue });
  };
}
