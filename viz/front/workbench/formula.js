// A rule in mathematical notation, which the browser sets itself.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const PLAIN =
  /^(display|displaystyle|scriptlevel|mathvariant|stretchy|fence|separator|form|accent|width|lspace|rspace|minsize|maxsize|movablelimits|linethickness|columnalign|rowspacing|columnspacing)$/;

/**
 * Read MathML, and keep nothing in it that is not notation; null where it is none.
 * @param {string} text
 * @returns {Element | null}
 */
export function readFormula(text) {
  const read = new DOMParser().parseFromString(text, "application/xml").documentElement;
  if (read.namespaceURI !== MATHML || read.localName !== "math") return null;
  for (const part of [read, ...read.querySelectorAll("*")]) {
    if (
      part.namespaceURI !== MATHML ||
      /^(annotation|annotation-xml|maction|semantics)$/.test(part.localName)
    ) {
      return null;
    }
    for (const { name } of [...part.attributes]) {
      if (name !== "xmlns" && !PLAIN.test(name)) part.removeAttribute(name);
    }
  }
  return document.importNode(read, true);
}
