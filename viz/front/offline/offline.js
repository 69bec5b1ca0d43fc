// One file without a server: the workbench, on what stands in the file as JSON.

/** @import {FrontWords, View} from "../types.d.ts" */
/** @import {Run} from "../workbench/workbench.js" */
/** @import {Holding} from "./held.js" */

import { Store } from "../store.js";
import { Workbench } from "../workbench/workbench.js";
import { Held } from "./held.js";

/**
 * What `viz/offline.py` writes.
 * @typedef {Holding & {view: View, run: Run, words: FrontWords}} Data
 */

/** Show the run that stands in the document, if there is one. */
export function open() {
  const written = document.querySelector("script#backlight[type='application/json']");
  const bench = document.getElementById("bench");
  if (!written || !bench) return;
  /** @type {Data} */
  const data = JSON.parse(written.textContent);
  const store = new Store(data.view);
  new Workbench(bench, store, new Held(data), data.words, { keys: true }).show(data.run);
}
