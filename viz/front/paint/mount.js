// A map to be set by hand, in Streamlit.

import { mounting } from "../mounting.js";
import { readPacket } from "../packet.js";
import { Board } from "./board.js";

/** @import {Component} from "../mounting.js" */
/** @import {Canvas} from "./types.d.ts" */

const show = mounting("paint", (root, /** @type {Canvas} */ canvas) => new Board(root, canvas));

/** @param {Component<ArrayBuffer | Uint8Array>} component */
export default (component) =>
  show({ ...component, data: component.data && readPacket(component.data) });
