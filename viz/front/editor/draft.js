// Changes of a draft: every function returns a new draft and leaves the old one as it was.
//
// A change never disconnects the network; whether its shapes still fit is for the server to tell.
// Layers know each other by keys that never change. A key that is gone changes nothing.

/** @import {Draft, DraftLayer, Field, Kind, Value} from "./types.d.ts" */

/** The key of the model's own input. */
export const INPUT = 0;

/** @typedef {Map<string, Kind>} Kinds by name */

/** @param {Draft} draft */
export function keysOf(draft) {
  return draft.layers.map(({ key }) => key);
}

/**
 * A draft as it came, frozen.
 * @param {Draft} draft
 */
export function frozen(draft) {
  return withLayers(draft, draft.layers);
}

/**
 * Where a layer stands, from 0; -1 for the input, and undefined where there is none.
 * @param {Draft} draft
 * @param {number} key
 */
function placeOf(draft, key) {
  if (key === INPUT) return -1;
  const place = keysOf(draft).indexOf(key);
  return place < 0 ? undefined : place;
}

/**
 * @param {Draft} draft
 * @param {number} key
 */
export function layerOf(draft, key) {
  return draft.layers.find((layer) => layer.key === key);
}

/**
 * What a layer may read: the input and the layers above it.
 * @param {Draft} draft
 * @param {number} key
 */
export function above(draft, key) {
  return [INPUT, ...keysOf(draft).slice(0, placeOf(draft, key) ?? 0)];
}

/**
 * Put a new layer of this kind after a layer or the input, into the way to the next one.
 * @param {Draft} draft
 * @param {number} after
 * @param {Kind} kind
 * @param {Kinds} kinds
 * @param {string[]} switches
 */
export function add(draft, after, kind, kinds, switches) {
  const stem = /^[A-Za-z]+/.exec(kind.name)?.[0].toLowerCase() ?? "layer";
  /** @type {DraftLayer} */
  const layer = {
    key: nextKey(draft),
    name: freeName(draft, stem),
    kind: kind.name,
    reads: firstReads(draft, after, kind, kinds),
    fields: Object.fromEntries(kind.fields.map((field) => [field.name, field.default])),
    switches: Object.fromEntries(switches.map((name) => [name, false])),
    fresh: true,
  };
  return inserted(draft, layer, after);
}

/**
 * Put a copy of a layer after it: it reads the layer, and its other inputs likewise.
 * @param {Draft} draft
 * @param {number} key
 */
export function duplicate(draft, key) {
  const layer = layerOf(draft, key);
  if (!layer) return draft;
  const name = freeName(draft, layer.name.replace(/\d+$/, "") || "layer");
  const copy = { ...layer, key: nextKey(draft), name, reads: [key, ...layer.reads.slice(1)] };
  return inserted(draft, copy, key);
}

/**
 * Take a layer out; its readers read its first input in its place.
 * @param {Draft} draft
 * @param {number} key
 */
export function remove(draft, key) {
  const layer = layerOf(draft, key);
  if (!layer) return draft;
  const heir = layer.reads.find((source) => source !== key) ?? INPUT;
  const left = draft.layers.filter((other) => other !== layer);
  return withLayers(
    draft,
    left.map((other) => reading(other, new Map([[key, heir]]))),
  );
}

/**
 * Change places with the layer above or below; where one reads the other, the way follows.
 * @param {Draft} draft
 * @param {number} key
 * @param {boolean} up
 */
export function move(draft, key, up) {
  const place = placeOf(draft, key);
  const upper = place === undefined || place < 0 ? -1 : up ? place - 1 : place;
  if (upper < 0 || upper >= draft.layers.length - 1) return draft;
  let [first, second] = draft.layers.slice(upper, upper + 2);
  let rest = draft.layers.slice(upper + 2);
  if (second.reads.includes(first.key)) {
    const source = first.reads[0] ?? INPUT;
    const readers = new Map([[second.key, first.key]]);
    const moved = { ...first, reads: [second.key, ...first.reads.slice(1)] };
    second = reading(second, new Map([[first.key, source]]));
    rest = rest.map((layer) => reading(layer, readers));
    first = moved;
  }
  return withLayers(draft, [...draft.layers.slice(0, upper), second, first, ...rest]);
}

/**
 * Give a layer another name; its readers go on reading it.
 * @param {Draft} draft
 * @param {number} key
 * @param {string} name
 */
export function rename(draft, key, name) {
  return changed(draft, key, { name });
}

/**
 * Let a layer read others.
 * @param {Draft} draft
 * @param {number} key
 * @param {number[]} reads
 */
export function rewire(draft, key, reads) {
  const known = reads.every((source) => placeOf(draft, source) !== undefined);
  return known ? changed(draft, key, { reads }) : draft;
}

/**
 * Set a field of a layer, in or out of its bounds.
 * @param {Draft} draft
 * @param {number} key
 * @param {string} field
 * @param {Value} value
 */
export function setField(draft, key, field, value) {
  const { fields = {} } = layerOf(draft, key) ?? {};
  if (!(field in fields)) return draft;
  return changed(draft, key, { fields: { ...fields, [field]: value }, fresh: false });
}

/**
 * Make another kind of a layer: fields that both kinds have keep their values.
 * @param {Draft} draft
 * @param {number} key
 * @param {Kind} kind
 * @param {Kinds} kinds
 */
export function changeKind(draft, key, kind, kinds) {
  const layer = layerOf(draft, key);
  if (!layer || layer.kind === kind.name) return draft;
  const before = kinds.get(layer.kind)?.fields ?? [];
  const fields = kind.fields.map((field) => {
    const alike = before.some((old) => old.name === field.name && sameValues(old, field));
    return [field.name, alike ? layer.fields[field.name] : field.default];
  });
  const [fewest, most] = kind.inputs;
  const missing = Math.max(fewest - layer.reads.length, 0);
  const reads = [...layer.reads, ...Array(missing).fill(layer.reads[0] ?? INPUT)].slice(0, most);
  const other = { kind: kind.name, fields: Object.fromEntries(fields), reads, fresh: true };
  return changed(draft, key, other);
}

/**
 * Turn on or off what layers of every kind have.
 * @param {Draft} draft
 * @param {number} key
 * @param {string} name
 * @param {boolean} on
 */
export function setSwitch(draft, key, name, on) {
  const layer = layerOf(draft, key);
  return layer ? changed(draft, key, { switches: { ...layer.switches, [name]: on } }) : draft;
}

/**
 * The stem with the smallest number that no layer has: `conv1`.
 * @param {Draft} draft
 * @param {string} stem
 */
export function freeName(draft, stem) {
  const taken = new Set(draft.layers.map(({ name }) => name));
  let number = 1;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

/**
 * Whether two fields hold the same kind of value.
 * @param {Field} one
 * @param {Field} other
 */
function sameValues(one, other) {
  return one.kind === other.kind && one.choices.join() === other.choices.join();
}

/**
 * A join gets a way around the layer it stands after; what needs indices gets the nearest that
 * hands some on.
 * @param {Draft} draft
 * @param {number} after
 * @param {Kind} kind
 * @param {Kinds} kinds
 */
function firstReads(draft, after, kind, kinds) {
  let second = layerOf(draft, after)?.reads[0] ?? after;
  if (kind.takes_indices) {
    const before = draft.layers.slice(0, (placeOf(draft, after) ?? -1) + 1);
    const giving = before.findLast((layer) => kinds.get(layer.kind)?.gives_indices);
    second = giving?.key ?? after;
  }
  const fewest = kind.inputs[0];
  return [after, ...Array(Math.max(fewest - 1, 0)).fill(second)].slice(0, fewest);
}

/**
 * Put a layer after another; the one that followed reads the new one if it read the other.
 * @param {Draft} draft
 * @param {DraftLayer} layer
 * @param {number} after
 */
function inserted(draft, layer, after) {
  const place = (placeOf(draft, after) ?? draft.layers.length - 1) + 1;
  const [next, ...rest] = draft.layers.slice(place);
  const following = next ? [reading(next, new Map([[after, layer.key]])), ...rest] : [];
  return withLayers(draft, [...draft.layers.slice(0, place), layer, ...following]);
}

/**
 * @param {DraftLayer} layer
 * @param {Map<number, number>} instead
 * @returns {DraftLayer}
 */
function reading(layer, instead) {
  if (!layer.reads.some((source) => instead.has(source))) return layer;
  return { ...layer, reads: layer.reads.map((source) => instead.get(source) ?? source) };
}

/**
 * @param {Draft} draft
 * @param {number} key
 * @param {Partial<DraftLayer>} changes
 */
function changed(draft, key, changes) {
  return withLayers(
    draft,
    draft.layers.map((layer) => (layer.key === key ? { ...layer, ...changes } : layer)),
  );
}

/**
 * @param {Draft} draft
 * @param {readonly DraftLayer[]} layers
 * @returns {Draft}
 */
function withLayers(draft, layers) {
  return Object.freeze({
    ...draft,
    layers: Object.freeze(layers.map((each) => Object.freeze(each))),
  });
}

/** @param {Draft} draft */
function nextKey(draft) {
  return Math.max(INPUT, ...keysOf(draft)) + 1;
}
