// Maps that come whole from the server, in a lesson.

import { mounting } from "../host.js";
import { readPacket } from "../packet.js";
import { Maps } from "./maps.js";

export default mounting("maps", (root) => {
  let tell = /** @type {(cell: unknown) => void} */ (() => {});
  const maps = new Maps(root, { onCell: (/** @type {unknown} */ cell) => tell(cell) });
  return {
    update(/** @type {Uint8Array} */ data, send) {
      tell = (cell) => send("cell", cell);
      maps.show(readPacket(data));
    },
    remove: () => maps.remove(),
  };
});
