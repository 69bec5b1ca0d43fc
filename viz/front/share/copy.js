// Copying a text, also where the page came without HTTPS: there the clipboard has no address.

/**
 * What copying needs of a browser.
 * @typedef {object} Means
 * @property {Pick<Clipboard, "writeText">} [clipboard] absent where a page came without HTTPS
 * @property {() => boolean} command copy what is selected, the old way; tell whether it was
 */

/**
 * The browser's own.
 * @returns {Means}
 */
export function means() {
  return { clipboard: navigator.clipboard, command: () => document.execCommand("copy") };
}

/**
 * Copy what a field holds. The field is selected first, so that where nothing works, the visitor's
 * own keys do.
 * @param {Pick<HTMLTextAreaElement, "value" | "focus" | "select">} field
 * @param {Means} [by]
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copy(field, by = means()) {
  field.focus();
  field.select();
  try {
    if (by.clipboard) {
      await by.clipboard.writeText(field.value);
      return true;
    }
  } catch {
    // Not allowed here; the old way may be.
  }
  return attempted(by.command);
}

/** @param {() => boolean} command */
function attempted(command) {
  try {
    return command();
  } catch {
    return false;
  }
}
