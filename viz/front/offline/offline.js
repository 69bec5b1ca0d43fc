// One file without a server: shows the data that stand in the file, as JSON of the element "data".

import sheet from "../dag/dag.css";
import dag from "../dag/mount.js";
import { showing } from "./part.js";

/** @import {DagData} from "../dag/dag.js" */

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The file has no element "${id}".`);
  return found;
}

/** @type {{network: DagData}} */
const { network } = JSON.parse(part("data").textContent);
const show = showing(part("network"), dag, sheet);

/** @param {string} chosen */
function choose(chosen) {
  show({ ...network, chosen }, (_, sent) => choose(/** @type {{id: string}} */ (sent).id));
}

choose(network.chosen);
