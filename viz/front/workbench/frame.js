// Where everything stands: strip and steps above, the graph, or what is changed by hand, beside
// the inspector.

/** @import {Store} from "../store.js" */

import { element } from "../element.js";

/** @param {HTMLElement} root */
export function frame(root) {
  const flow = element(root, "div", "flow");
  const columns = element(root, "div", "columns");
  const graphCard = element(columns, "section", "card-frame graph-card");
  const graphHead = element(graphCard, "header");
  const hand = element(columns, "section", "card-frame hand-card");
  const inspector = element(columns, "section", "card-frame inspector-card");
  const head = element(inspector, "header");
  const title = element(head, "h3", "head");
  const subtitle = element(head, "p", "head subtitle");
  const pickers = element(head, "div", "controls");
  return {
    root,
    flow,
    graphCard,
    graphHead,
    graphTitle: element(graphHead, "h3", "head"),
    graphNames: element(graphCard, "div", "graph-names"),
    graph: element(graphCard, "div", "graph-host"),
    hand,
    inspector,
    title,
    subtitle,
    pickers,
    maps: element(inspector, "div", "maps"),
    absent: element(inspector, "p", "absent"),
    channels: element(inspector, "div", "channels", "", { hidden: true }),
    proof: element(inspector, "div"),
    finding: element(inspector, "p", "finding"),
    formula: element(inspector, "div", "formula"),
    tools: element(inspector, "div", "tools"),
  };
}
