// A list of actions, in Streamlit.

import { mounting } from "../mounting.js";
import { ActionsView } from "./actions.js";

/** @import {ActionsData} from "./actions.js" */

export default mounting(
  "actions",
  (root, /** @type {ActionsData} */ data, words) => new ActionsView(root, data, words.actions),
);
