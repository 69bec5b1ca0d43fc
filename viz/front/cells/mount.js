// Numbers to edit, in Streamlit.

import { mounting } from "../mounting.js";
import { CellsView } from "./cells.js";

/** @import {CellsData} from "./cells.js" */

export default mounting(
  "cells",
  (root, /** @type {CellsData} */ data, words) => new CellsView(root, data, words.cells),
);
