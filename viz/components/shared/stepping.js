// How a box shows where the backward pass is while the visitor steps through it.

/** Return "done", "begun", "current" or "ahead" for the nodes a box holds; "" when nobody steps. */
function stepState(ranges) {
  const step = document.documentElement.dataset.backlightStep;
  if (step === undefined || !ranges.length) return "";
  const at = Number(step);
  if (ranges.some(([first, last]) => first <= at && at <= last)) return "current";
  if (ranges.every(([first]) => first > at)) return "ahead";
  return ranges.every(([, last]) => last < at) ? "done" : "begun";
}

/** Dim what the engine has not reached, and say the state to a screen reader. */
function showState(part, state, text) {
  part.classList.toggle("ahead", state === "ahead");
  if (state) part.setAttribute("aria-description", text[`step_${state}`]);
  else part.removeAttribute("aria-description");
}

