// Links that are handed out, in Streamlit.

import { mounting } from "../mounting.js";
import { ShareView } from "./share.js";

/** @import {ShareData} from "./share.js" */

export default mounting(
  "share",
  (root, /** @type {ShareData} */ _data, words) => new ShareView(root, words.share),
);
