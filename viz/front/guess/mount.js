// Cells to fill in, in Streamlit.

import { mounting } from "../mounting.js";
import { GuessView } from "./guess.js";

/** @import {GuessData} from "./guess.js" */

export default mounting(
  "guess",
  (root, /** @type {GuessData} */ data, words) => new GuessView(root, data, words.guess),
);
