// Elements, made and put in their place in one call.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Node & ParentNode} parent
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [more] properties, also `role` and `ariaLabel`
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(parent, tag, className = "", text = "", more = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent.append(Object.assign(made, more));
  return made;
}

/**
 * The element that has the focus, also within the shadow root that a part stands in.
 * @param {Node} part
 * @returns {Element | null}
 */
export function focused(part) {
  const root = part.getRootNode();
  return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
}

/**
 * @param {Node & ParentNode} parent
 * @param {string} words or a sign, which `name` says in words
 * @param {string} className
 * @param {() => void} act
 */
export function button(parent, words, className, act) {
  const made = element(parent, "button", className, words, { type: "button" });
  made.addEventListener("click", act);
  return made;
}

/**
 * A button with an icon of the page's own font, and words.
 * @param {Node & ParentNode} parent
 * @param {string} icon of the Material Symbols, which Streamlit brings; may be empty
 * @param {string} words
 * @param {string} className
 * @param {() => void} act
 */
export function iconButton(parent, icon, words, className, act) {
  const made = button(parent, "", className, act);
  if (icon) element(made, "span", "icon", icon, { ariaHidden: "true" });
  element(made, "span", "words", words);
  return made;
}

/**
 * Give a button with an icon other words.
 * @param {HTMLButtonElement} button
 * @param {string} words
 */
export function word({ lastElementChild: part }, words) {
  if (part && part.textContent !== words) part.textContent = words;
}

/**
 * Name a button that shows a sign only.
 * @param {HTMLElement} part
 * @param {string} words
 */
export function name(part, words) {
  part.title = words;
  part.ariaLabel = words;
}

/**
 * A button that has nothing to do keeps the focus, and with it the place of the keys, which
 * `disabled` would take away.
 * @param {HTMLButtonElement} button
 * @param {boolean} nothing
 */
export function idle(button, nothing) {
  button.ariaDisabled = String(nothing);
}

/**
 * Offer these and nothing else in a list.
 * @param {HTMLSelectElement | HTMLOptGroupElement} list
 * @param {Iterable<readonly [value: string, text: string]>} options
 */
export function offer(list, options) {
  list.replaceChildren();
  for (const [value, text] of options) element(list, "option", "", text, { value });
}

/**
 * A list of what can be done, which goes on showing its own name.
 * @param {Node & ParentNode} parent
 * @param {string} className
 * @param {string} name
 * @param {[value: string, text: string][]} options
 * @param {(value: string) => void} act
 */
export function actionList(parent, className, name, options, act) {
  const list = element(parent, "select", className, "", { ariaLabel: name });
  offer(list, [["", name], ...options]);
  list.addEventListener("change", () => {
    const { value } = list;
    list.value = "";
    act(value);
  });
}

/**
 * How far to scroll so that what has these ends is in view between these ends of its frame.
 * @param {number} low
 * @param {number} high
 * @param {number} from
 * @param {number} to
 * @param {number} margin that is kept free around it
 */
export function scrolling(low, high, from, to, margin) {
  return low < from + margin ? low - from - margin : Math.max(high - to + margin, 0);
}
