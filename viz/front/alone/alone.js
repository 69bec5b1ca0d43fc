// All modules in one, for hosts without our server: a notebook, which calls
// `render`, and the one file without a server, which holds its run itself.

import { render } from "../notebook/notebook.js";
import { open } from "../offline/offline.js";

open();

export default { render };
