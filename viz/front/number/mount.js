// Buttons that change a whole number, in Streamlit.

import { mounting } from "../mounting.js";
import { NumberView } from "./number.js";

/** @import {NumberData} from "./number.js" */

export default mounting(
  "number",
  (root, /** @type {NumberData} */ data) => new NumberView(root, data),
);
