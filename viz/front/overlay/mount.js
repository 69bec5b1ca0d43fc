// Maps over pictures, in Streamlit.

import { mounting } from "../mounting.js";
import { readPacket } from "../packet.js";
import { OverlayView } from "./overlay.js";

/** @typedef {ArrayBuffer | Uint8Array} Packed by `viz.pictures.overlay.overlay_data` */

export default mounting("overlays", (root, /** @type {Packed} */ data, words) => {
  const view = new OverlayView(root, readPacket(data), words.overlay);
  return {
    update: (/** @type {Packed} */ packed) => view.update(readPacket(packed)),
  };
});
