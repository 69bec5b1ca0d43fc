// Pictures as files. Put in front of the scripts of the components that can be saved.

const PICTURE_BUS = "backlight:picture"; // on document; detail: {what, file}
const PICTURE_SCALE = 2; // pixels of a PNG for one on screen, so that it can be projected
const PICTURE_SIDE = 16000; // pixels; browsers draw no larger canvas
const PICTURE_AREA = 64e6; // pixels; 256 MB while it is drawn

/** The scale at which a picture of this size can still be drawn. */
function pictureScale(width, height) {
  const largest = Math.min(PICTURE_SIDE / Math.max(width, height), Math.sqrt(PICTURE_AREA / (width * height)));
  return Math.min(PICTURE_SCALE, largest);
}

function saveFile(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
