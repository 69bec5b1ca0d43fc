// A drawing that arrives as text. Put in front of the scripts of the components that show one.

/** Parse SVG text and keep nothing that could run or load. */
function parseSvg(text) {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (svg.localName !== "svg") throw new Error("The drawing is not SVG.");
  for (const bad of svg.querySelectorAll("script, foreignObject, image, style, a, use")) bad.remove();
  for (const part of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name } of [...part.attributes]) {
      if (/^on|href$|^style$/i.test(name)) part.removeAttribute(name);
    }
  }
  return svg;
}

