// Elements, made and put in their place in one call.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Node & ParentNode} parent
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(parent, tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  parent.append(made);
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
 * A button that says in words what its sign means.
 * @param {Node & ParentNode} parent
 * @param {string} sign
 * @param {string} className
 * @param {() => void} act
 */
export function button(parent, sign, className, act) {
  const made = element(parent, "button", className, sign);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/**
 * Name a button that shows a sign only.
 * @param {HTMLElement} part
 * @param {string} words
 */
export function name(part, words) {
  part.title = words;
  part.setAttribute("aria-label", words);
}
