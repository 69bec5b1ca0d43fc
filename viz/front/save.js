// Pictures as files.

const SCALE = 2; // pixels of a PNG for one on screen, so that it can be projected
const SIDE = 16000; // pixels; browsers draw no larger canvas
const AREA = 64e6; // pixels; 256 MB while it is drawn

/**
 * The scale at which a picture of this size can still be drawn.
 * @param {number} width
 * @param {number} height
 */
export function pictureScale(width, height) {
  return Math.min(SCALE, SIDE / Math.max(width, height), Math.sqrt(AREA / (width * height)));
}

/**
 * Let the browser save a file.
 * @param {Blob} blob
 * @param {string} file
 */
export function saveFile(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
