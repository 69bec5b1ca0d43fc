// A proof in a lesson: the adapter to Streamlit.

import { mounting } from "../mounting.js";
import { ProofView } from "./proof.js";

/** @import {Proof} from "../types.d.ts" */

/** @typedef {Proof & {part: number}} Data */

export default mounting("host", (root) => {
  const view = new ProofView(root);
  return { update: (/** @type {Data} */ data) => view.show(data, data.part) };
});
