// Maps in a lesson: the adapter to Streamlit. Where the page holds a pinned cell, it is said.

import { Kept } from "../kept.js";
import { mounting } from "../mounting.js";
import { readPacket } from "../packet.js";
import { Maps } from "./maps.js";

/** @import {Send} from "../mounting.js" */
/** @import {FrontWords, Packet} from "../types.d.ts" */
/** @import {Pointed} from "./types.d.ts" */

class Mounted {
  /**
   * @param {HTMLElement} root
   * @param {FrontWords} words
   */
  constructor(root, words) {
    /** @type {Kept<number[] | null>} */
    this.kept = new Kept(null);
    this.maps = new Maps(root, words, { onCell: (cell) => this.onCell(cell) });
  }

  /** @param {Pointed} cell */
  onCell({ index }) {
    if (index) this.kept.set(index);
  }

  /**
   * @param {ArrayBuffer | Uint8Array} data packed by `viz.maps.rows.pack`
   * @param {Send} say
   */
  update(data, say) {
    /** @type {Packet} */
    const packet = readPacket(data);
    const { held } = packet;
    this.kept.say = say;
    if (held && this.kept.hear(held.index, held.heard)) this.maps.follow();
    this.maps.show(packet);
  }

  remove() {
    this.maps.remove();
  }
}

export default mounting("maps", (root, _data, words) => new Mounted(root, words));
