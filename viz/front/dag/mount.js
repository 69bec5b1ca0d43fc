// The picture of a network in Streamlit.

import { mounting } from "../mounting.js";
import { DagView } from "./dag.js";

/** @import {DagData} from "./dag.js" */

export default mounting(
  "backlight-dag",
  (root, /** @type {DagData} */ data) => new DagView(root, data),
);
