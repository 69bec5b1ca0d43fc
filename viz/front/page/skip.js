// In a lesson, "Skip to main content" leads to what its step asks: the way there is long by keys.

const LINK = "[data-testid=stSkipToContent]";
const STEP = ".st-key-lesson_step";
const ASKS = ["[class*=st-key-predict_]", "[data-testid=stButtonGroup]"]; // cells, or a choice

/** What the step on screen asks; the step itself where it asks nothing; null while none is shown. */
function question() {
  const step = document.querySelector(STEP);
  const asked = ASKS.map((each) => step?.querySelector(each)).find(Boolean) ?? step;
  return asked instanceof HTMLElement && asked.checkVisibility() ? asked : null;
}

/** @param {MouseEvent} event */
function skip(event) {
  const wanted = event.target instanceof Element && event.target.closest(LINK) ? question() : null;
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  wanted.tabIndex = -1;
  wanted.focus();
}

document.addEventListener("click", skip, true);
