// The living example, in Streamlit.

import { mounting } from "../mounting.js";
import { StartView } from "./start.js";

/** @import {StartData} from "./types.d.ts" */

export default mounting(
  "start",
  (root, /** @type {StartData} */ data, words) => new StartView(root, data, words.start),
);
