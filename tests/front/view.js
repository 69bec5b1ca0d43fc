/** @import {View} from "../../viz/front/types.d.ts" */

// What is looked at before anything is chosen.
/** @type {View} */
export const VIEW = {
  node: "",
  part: null,
  sample: 0,
  channel: null,
  show: "gradient",
  scale: "shared",
  saved: false,
  attributes: false,
  tint: false,
  collapsed: false,
  step: null,
  editing: false,
  hand: "",
  plane: "",
  compare: false,
  pins: "",
  hidden: "",
};
