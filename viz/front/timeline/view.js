// A part of the page that has just been opened comes into view, and stays there while what stands
// above it finds its height, until somebody moves.

const MOVES = ["wheel", "pointerdown", "keydown", "touchstart"];
const LONGEST = 4000; // ms after which nothing above it grows any more

/**
 * @param {HTMLElement} part
 * @returns {() => void} lets go of it
 */
export function intoView(part) {
  const over = new AbortController();
  const { signal } = over;
  const section = part.getRootNode() instanceof ShadowRoot ? hostOf(part) : part;
  const scroll = () => top(section)?.scrollIntoView({ block: "start" });
  const seen = new ResizeObserver(scroll);
  const leave = () => {
    over.abort();
    seen.disconnect();
  };
  for (const name of MOVES) {
    document.addEventListener(name, leave, { capture: true, passive: true, signal });
  }
  const page = document.querySelector(".stMainBlockContainer");
  if (page) seen.observe(page);
  const timer = window.setTimeout(leave, LONGEST);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return leave;
}

/** @param {Node} part */
function hostOf(part) {
  return /** @type {ShadowRoot} */ (part.getRootNode()).host;
}

/** @param {Element} part */
function top(part) {
  return part.closest(".st-key-training") ?? part;
}
