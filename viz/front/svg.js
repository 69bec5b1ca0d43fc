// Drawings that arrive as text, and drawings as files.

import { pictureScale, saveFile } from "./save.js";

/**
 * Parse SVG text and keep nothing that could run or load.
 * @param {string} text
 * @returns {SVGSVGElement}
 */
export function parseSvg(text) {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!(svg instanceof SVGSVGElement)) throw new Error("The drawing is not SVG.");
  for (const bad of svg.querySelectorAll("script, foreignObject, image, style, a, use")) {
    bad.remove();
  }
  for (const part of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name } of [...part.attributes]) {
      if (/^on|href$|^style$/i.test(name)) part.removeAttribute(name);
    }
  }
  return svg;
}

/**
 * A drawing as a file of its own, on white paper.
 * @param {SVGSVGElement} svg
 */
export function svgFile(svg) {
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", "white");
  svg.prepend(paper);
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/**
 * Let the browser paint a drawing, and save what it painted.
 * @param {SVGSVGElement} svg
 * @param {string} file
 */
export async function saveSvgAsPng(svg, file) {
  const { width, height } = svg.viewBox.baseVal;
  const scale = pictureScale(width, height);
  svg.setAttribute("width", String(width * scale));
  svg.setAttribute("height", String(height * scale));
  const image = new Image();
  image.src = URL.createObjectURL(svgFile(svg));
  await image.decode();
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), file);
}
