// What the page says of an attempt comes after the cells that it is about, and is brought in sight.

/**
 * Scroll no further than the place needs that the page names so, once something stands in it.
 * @param {HTMLElement} root of the cells; the place is in the same box of the page
 * @param {string} key
 */
export function showWhenThere(root, key) {
  const host = root.getRootNode();
  const box = host instanceof ShadowRoot && host.host.closest("[class*=st-key-predict_]");
  if (!box) return;
  const show = () => {
    const said = box.querySelector(`.st-key-${key}:has(.stAlert)`);
    said?.scrollIntoView({ block: "nearest" });
    return Boolean(said);
  };
  if (show()) return;
  const watcher = new MutationObserver(() => show() && watcher.disconnect());
  watcher.observe(box, { childList: true, subtree: true });
}
