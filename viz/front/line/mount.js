// Curves and a point that moves along them, in Streamlit.

import { mounting } from "../mounting.js";
import { LineView } from "./line.js";

/** @import {LineData} from "./types.d.ts" */

export default mounting(
  "curves",
  (root, /** @type {LineData} */ data, words) => new LineView(root, data, words.line),
);
