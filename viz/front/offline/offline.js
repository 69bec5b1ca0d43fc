// One file without a server: the workbench, on what stands in the file as JSON of the element "data".

/** @import {View} from "../types.d.ts" */
/** @import {Run} from "../workbench/workbench.js" */
/** @import {Holding} from "./held.js" */

import { Store } from "../store.js";
import { Workbench } from "../workbench/workbench.js";
import { Held } from "./held.js";

/**
 * What `viz/offline.py` writes.
 * @typedef {Holding & {view: View, run: Run}} Data
 */

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The file has no element "${id}".`);
  return found;
}

/** @type {Data} */
const data = JSON.parse(part("data").textContent);
new Workbench(part("bench"), new Store(data.view), new Held(data)).show(data.run);
