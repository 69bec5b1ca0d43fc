// A list of steps that does not fit into its line scrolls in it: the one on screen is kept in view.

const CHOSEN = "[aria-checked='true']";

/**
 * Keep the chosen entry of a list in the middle of its line, now and whenever another is chosen.
 * @param {HTMLElement} list
 * @returns {() => void} stops it
 */
export function follow(list) {
  const centre = () => {
    const chosen = list.querySelector(CHOSEN);
    const line = chosen?.parentElement;
    if (!chosen || !line || line.scrollWidth <= line.clientWidth) return;
    const part = chosen.getBoundingClientRect();
    const frame = line.getBoundingClientRect();
    line.scrollBy({ left: part.left + part.width / 2 - frame.left - frame.width / 2 });
  };
  const seen = new MutationObserver(centre);
  const sized = new ResizeObserver(centre);
  seen.observe(list, { subtree: true, childList: true, attributeFilter: ["aria-checked"] });
  sized.observe(list);
  return () => {
    seen.disconnect();
    sized.disconnect();
  };
}
