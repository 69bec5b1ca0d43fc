// Escape closes Streamlit's dialogs, which forget a text that was not left yet: leave it first.

/** @param {KeyboardEvent} event */
function leave({ key, target }) {
  if (key !== "Escape" || !(target instanceof HTMLElement)) return;
  if (target.matches("input, textarea") && target.closest("[role=dialog]")) target.blur();
}

document.addEventListener("keydown", leave, true);
