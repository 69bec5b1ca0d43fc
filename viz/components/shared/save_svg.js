// Drawings as files. Stands behind save.js.

/** A drawing as a file of its own: cleaned, on white paper. */
function svgFile(svg) {
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", "white");
  svg.prepend(paper);
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/** Let the browser paint a drawing, and save what it painted. */
async function saveSvgAsPng(svg, file) {
  const { width, height } = svg.viewBox.baseVal;
  const scale = pictureScale(width, height);
  svg.setAttribute("width", width * scale);
  svg.setAttribute("height", height * scale);
  const image = new Image();
  image.src = URL.createObjectURL(svgFile(svg));
  await image.decode();
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), file);
}
