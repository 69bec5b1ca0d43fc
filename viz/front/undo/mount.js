// Undo and Redo in Streamlit.

import { mounting } from "../mounting.js";
import { UndoView } from "./undo.js";

/** @import {UndoData} from "./undo.js" */

export default mounting("undo", (root, /** @type {UndoData} */ data) => new UndoView(root, data));
