// The boxes of the living example with their two lanes, and the arrows between them.

import { element } from "../element.js";

/** @import {Words} from "../types.d.ts" */
/** @import {BoxData, CellData, Lane, MapData, StartData} from "./types.d.ts" */

/**
 * @typedef {object} Cell
 * @property {HTMLButtonElement} part
 * @property {CellData} data
 * @property {Lane} lane
 * @property {number} box
 */

/**
 * @typedef {object} Lanes
 * @property {HTMLElement} root
 * @property {HTMLElement[]} boxes
 * @property {HTMLElement[]} arrows of the gradients; one stands before each box but the first
 * @property {Record<Lane, Cell[][]>} cells by lane and box
 */

/**
 * @param {HTMLElement} parent
 * @param {StartData} data
 * @param {Words} words
 * @returns {Lanes}
 */
export function lanes(parent, data, words) {
  const root = element(parent, "div", "lanes", "", { role: "group", ariaLabel: words.example });
  label(root, "value", words.values, words.forward);
  label(root, "gradient", words.gradients, words.backward);
  /** @type {Lanes} */
  const made = { root, boxes: [], arrows: [], cells: { value: [], gradient: [] } };
  data.boxes.forEach((box, at) => {
    if (at) made.arrows.push(arrows(root, at));
    made.boxes.push(boxOf(root, box, at, made.cells));
  });
  return made;
}

/**
 * @param {HTMLElement} root
 * @param {Lane} lane
 * @param {string} name
 * @param {string} way
 */
function label(root, lane, name, way) {
  const made = element(root, "p", `lane ${lane}`);
  element(made, "b", "", name);
  element(made, "span", "", way);
}

/**
 * @param {HTMLElement} root
 * @param {number} at of the box behind
 */
function arrows(root, at) {
  const [, back] = /** @type {const} */ (["value", "gradient"]).map((lane) => {
    const made = element(root, "span", `arrow ${lane}`, "", { ariaHidden: "true" });
    made.style.setProperty("--column", String(2 * at + 1));
    element(made, "span", "shaft", lane === "value" ? "→" : "←");
    return made;
  });
  element(back, "span", "dot");
  return back;
}

/**
 * @param {HTMLElement} root
 * @param {BoxData} box
 * @param {number} at
 * @param {Lanes["cells"]} cells
 */
function boxOf(root, box, at, cells) {
  const made = element(root, "section", "box", "", { ariaLabel: box.title });
  made.style.setProperty("--column", String(2 * at + 2));
  const head = element(made, "div", "head");
  element(head, "b", "title", box.title);
  element(head, "span", "does", box.does);
  cells.value.push(mapOf(made, box.value, "value", at));
  if (box.gradient) cells.gradient.push(mapOf(made, box.gradient, "gradient", at));
  else {
    cells.gradient.push([]);
    element(made, "p", "none", box.none);
  }
  return made;
}

/**
 * Name a cell; with its number once it is reached.
 * @param {HTMLElement} part
 * @param {Cell["data"]} data
 * @param {boolean} reached
 */
export function fillCell(part, data, reached) {
  part.replaceChildren();
  part.ariaLabel = reached ? `${data.name}: ${data.text}` : data.name;
  if (reached) write(part, data.text);
}

/**
 * Write a number so that a style sheet can leave out its leading zero where room is short.
 * @param {HTMLElement} part
 * @param {string} text
 */
function write(part, text) {
  const found = /^(\D?)0(\..+)$/.exec(text);
  if (!found) {
    part.textContent = text;
    return;
  }
  part.append(found[1]);
  element(part, "span", "zero", "0");
  part.append(found[2]);
}

/**
 * @param {HTMLElement} box
 * @param {MapData} map
 * @param {Lane} lane
 * @param {number} at
 * @returns {Cell[]}
 */
function mapOf(box, map, lane, at) {
  const made = element(box, "div", `map ${lane}`);
  made.style.setProperty("--columns", String(map.columns));
  made.style.setProperty("--rows", String(map.rows));
  return map.cells.map((data, place) => {
    const part = element(made, "button", "cell", "", { type: "button", tabIndex: -1 });
    fillCell(part, data, true);
    part.style.setProperty("--order", String(place / map.cells.length));
    for (const name of /** @type {const} */ (["light", "light_ink", "dark", "dark_ink"]))
      part.style.setProperty(`--${name.replace("_", "-")}`, data[name]);
    return { part, data, lane, box: at };
  });
}
