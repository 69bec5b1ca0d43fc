// The language of the page, where a link chose one: a mark of the document, which the server gives it,
// and a part of the address. Another choice loads the page anew: everything on it speaks.

const PART = /(^|&)lang=[^&]*/; // as in viz/language.py

/** The language that was chosen; empty where the browser's own is spoken. */
export function chosen() {
  return document.documentElement.dataset.language ?? "";
}

/** The language in which the words of the page are fetched. */
export function spoken() {
  return chosen() || navigator.language;
}

/**
 * A query that says the language that was chosen.
 * @param {string} query without a question mark
 * @param {string} [language]
 */
export function inLanguage(query, language = chosen()) {
  if (new URLSearchParams(query).get("lang") === (language || null)) return query;
  const without = query.replace(PART, "").replace(/^&/, "");
  return language ? [without, `lang=${language}`].filter(Boolean).join("&") : without;
}
