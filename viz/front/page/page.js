// All that a page of the app loads, as one script: what Streamlit calls for every component.

import "./escape.js";
import "./skip.js";
import actions from "../actions/mount.js";
import cells from "../cells/mount.js";
import glossary from "../glossary/mount.js";
import graph from "../graph/mount.js";
import guess from "../guess/mount.js";
import { hosting } from "../host.js";
import language from "../language/mount.js";
import line from "../line/mount.js";
import maps from "../maps/mount.js";
import number from "../number/mount.js";
import overlay from "../overlay/mount.js";
import proof from "../proof/mount.js";
import room from "../room/mount.js";
import share from "../share/mount.js";
import start from "../start/mount.js";
import timeline from "../timeline/mount.js";
import walk from "../walk/mount.js";
import workbench from "../workbench/mount.js";

export const mount = hosting({
  actions,
  cells,
  glossary,
  graph,
  guess,
  language,
  line,
  maps,
  number,
  overlay,
  proof,
  room,
  share,
  start,
  timeline,
  walk,
  workbench,
});
