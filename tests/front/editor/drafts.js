// Small drafts and kinds of layers that the tests of the editor begin with.

/** @import {Draft, Field, Kind} from "../../../viz/front/editor/types.d.ts" */

/**
 * @param {string} name
 * @param {Partial<Kind>} [rest]
 * @returns {Kind}
 */
function kind(name, rest = {}) {
  return {
    name,
    label: name,
    help: "",
    inputs: [1, 1],
    fields: [],
    takes_indices: false,
    gives_indices: false,
    ...rest,
  };
}

/**
 * @param {string} name
 * @param {number} value
 * @returns {Field}
 */
function whole(name, value) {
  return { name, kind: "int", default: value, low: 1, high: 9, choices: [], help: "" };
}

/** @type {Map<string, Kind>} */
export const KINDS = new Map(
  [
    kind("Conv2d", { fields: [whole("in_channels", 1), whole("out_channels", 1)] }),
    kind("Wide", { fields: [whole("in_channels", 7), whole("width", 3)] }),
    kind("ReLU"),
    kind("Add", { inputs: [2, 8] }),
    kind("MaxPool2d", { gives_indices: true }),
    kind("MaxUnpool2d", { inputs: [2, 2], takes_indices: true }),
  ].map((each) => [each.name, each]),
);

/** @param {string} name */
export function kindOf(name) {
  const found = KINDS.get(name);
  if (!found) throw new Error(name);
  return found;
}

/** @type {Draft} */
export const EMPTY = { name: "Model", input_shape: "2x1x2x2", layers: [] };

/**
 * A draft in words: "conv1 < input", each layer a Conv2d.
 * @param {...string} lines
 * @returns {Draft}
 */
export function chain(...lines) {
  const names = ["input", ...lines.map((line) => line.split(" < ")[0])];
  const layers = lines.map((line, place) => ({
    key: place + 1,
    name: names[place + 1],
    kind: "Conv2d",
    reads: line
      .split(" < ")[1]
      .split(" + ")
      .map((name) => names.indexOf(name)),
    fields: { in_channels: 1, out_channels: 1 },
    switches: { frozen: false },
  }));
  return { ...EMPTY, layers };
}

/** Every layer with what it reads, in order. @param {Draft} draft */
export function wiring(draft) {
  const names = new Map([[0, "input"]]);
  for (const { key, name } of draft.layers) names.set(key, name);
  return draft.layers.map(
    ({ name, reads }) => `${name} < ${reads.map((key) => names.get(key)).join(" + ")}`,
  );
}
