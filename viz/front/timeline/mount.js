// A training over its steps, in Streamlit.

import { mounting } from "../mounting.js";
import { TimelineView } from "./timeline.js";

/** @import {TimelineData} from "./types.d.ts" */

export default mounting(
  "timeline",
  (root, /** @type {TimelineData} */ data, words) => new TimelineView(root, data, words.timeline),
);
