/** What travels between server and browser, and what the views share. Python writes what is here
 * called an answer in `viz/scene/`; `packet.js` reads it: every array of numbers is a view on the
 * answer's own bytes. */

export type Floats = Float32Array | Float64Array;
export type Whole = Uint8Array | Uint16Array | Uint32Array;

/** Words by their name. */
export type Words = Record<string, string>;

/** What the browser says itself, by the view that says it; see `viz.words.front`. */
export type FrontWords = Record<
  | "actions"
  | "beside"
  | "cells"
  | "editor"
  | "glossary"
  | "graph"
  | "guess"
  | "hide"
  | "language"
  | "line"
  | "maps"
  | "overlay"
  | "paint"
  | "room"
  | "share"
  | "start"
  | "status"
  | "steps"
  | "strip"
  | "sum"
  | "timeline"
  | "tour"
  | "workbench",
  Words
>;

/** How cells get their colours; see `viz.maps.rows.Scaling`. */
export type Scaling = "shared" | "own" | "log";

/** Where the arrow between two maps points; empty: there is none. See `viz.maps.rows.Arrow`. */
export type Arrow = "" | "backward" | "forward";

export type Show = "gradient" | "values" | "parameters";

/** What is looked at: the fields of `experiment.view.View`, under the same names. */
export interface View {
  node: string;
  part: number | null;
  sample: number;
  /** null: the one with the largest gradient, where all are too many to be read. */
  channel: number | "all" | null;
  show: Show;
  scale: Scaling;
  saved: boolean;
  attributes: boolean;
  tint: boolean;
  collapsed: boolean;
  step: number | null;
  editing: boolean;
  hand: string;
  plane: string;
  compare: boolean;
  /** What is pinned; see `viz/front/pins/pins.js`. */
  pins: string;
  /** Names of hidden maps, with commas between. */
  hidden: string;
}

/** How the cells of an array stand in the tiles of a picture; see `viz.maps.heatmap.Tiles`. */
export interface Tiling {
  count: number;
  tiles: number;
  rows: number;
  columns: number;
  across: number | null;
  label_axes: [number, number];
  named_channels: boolean;
  /** Whether it is a vector, whose cells stand in several rows. */
  rectangle: boolean;
  /** Says what is left out of the picture; empty where nothing is. */
  note: string;
  /** Of a hidden map: rows and columns of the first tile that are filled in, at the top left. */
  window?: [rows: number, columns: number];
}

/** One array to be drawn and the words around it, before a sample and a channel are chosen. */
export interface MapPage {
  key: string;
  title: string;
  subtitle: string;
  /** Key of what the subtitle names, in the glossary; empty where it names none. */
  term: string;
  /** What stands in place of a picture; empty where there is one. */
  missing: string;
  group: string;
  symbol: string;
  /** Its title where all its cells are 0, if that is another one. */
  equal?: string;
  /** Whether it is what a change did, whose reach is outlined. */
  reach: boolean;
  /** null where there is no array. */
  shape: number[] | null;
  /** How many samples and channels can be picked here; 0 where this map has no use for a picker. */
  samples: number;
  channels: number;
  /** Cells from one sample to the next, and from one channel to the next. */
  strides: [number, number];
  /** How it is laid out with all its channels, and with one of them. */
  all: Tiling | null;
  one: Tiling | null;
  /** The first cells of the array; of one that is too large to be sent whole, not all. */
  values: Floats | null;
  /** The name that hides it; empty where it cannot be hidden, or is. */
  hides: string;
  /** As what it is hidden; equal names have equal cells. Empty: it is not. */
  hidden: string;
}

/** A name that a link hides, and what became of it. */
export interface Concealed {
  name: string;
  /** Whether something is hidden under it. */
  hides: boolean;
  sentence: string;
}

/** Cells of a hidden map that can be filled in. */
export interface Asked {
  name: string;
  /** The first of them in the array. */
  start: number;
  rows: number;
  columns: number;
  /** Which part of the map they are; empty where they are all. */
  note: string;
}

/** What stands in the inspector for one node and one of its tabs. */
export interface Page {
  rows: MapPage[][];
  between: string[];
  arrow: Arrow;
  /** What the pickers offer; 0 or 1: there is nothing to pick. */
  samples: number;
  channels: number;
  /** By sample, the channel that is seen first; null: all of them. Empty: there is none. */
  first_channels: (number | null)[];
  /** Whether that is the one with the largest gradient, which is not known of hidden maps. */
  largest_first: boolean;
  /** Whether a sample is one matrix, so that its rows are picked and not its channels. */
  by_row: boolean;
  /** Whether there are sums behind these cells, which can be asked for. */
  sums: boolean;
}

/** Everything about one node that a choice may show. */
export interface NodePage {
  id: string;
  order: number;
  layer: string;
  title: string;
  subtitle: string;
  /** The downstream gradients that flow, and the one to see first. */
  parts: { part: number; label: string }[];
  first_part: number;
  /** MathML of its rule; empty where none is written down. */
  formula: string;
  /** By "gradient 0", "gradient 1" (the part), "values" and "parameters". */
  pages: Record<string, Page>;
  /** Tensors that can be changed by hand, by tab. */
  hand: Record<Show, string[]>;
}

/** One box of the strip; see `viz.strip.stops.Stop`. */
export interface StripBox {
  kind: string;
  name: string;
  detail: string;
  shape: string;
  /** Of the gradient: "number", "zero", "not finite", "hidden", or why there is none. */
  state: string;
  /** Why nothing arrives where a gradient is asked for; else empty. */
  why: string;
  /** Whether what it computed is hidden. */
  hides_value: boolean;
  layer: string;
  node: string;
  ranges: [number, number][];
}

/** The places of a box and of one that reads from it, and whether a gradient goes back. */
export type StripLink = [source: number, target: number, flows: boolean];

/** The answer `thumbnails`: small pictures of a sample, two a box, its value and its gradient. */
export interface Pictures {
  sample: number;
  /** Of all pictures, one after the other: shares of the largest, from -127 to 127, or -128. */
  cells: Int8Array;
  /** Of each picture how many cells, in how many columns, and of which channel, counted from 1. */
  looks: Uint16Array;
  /** Of each picture the signed cell of largest magnitude of the whole sample. */
  largest: Float64Array;
}

export interface StripData {
  boxes: StripBox[];
  links: StripLink[];
  /** The boxes of the longest way of the gradient, the loss first. */
  path: number[];
  /** One sentence about the gradient, in pieces. */
  verdict: { text: string; strong: boolean }[];
  state: string;
  /** The box that the sentence names. */
  marked: number | null;
  /** Ends of the profile's axis, and what changes no float32 weight of 1. */
  axis: [highest: number, lowest: number, unchanged: number];
  samples: number;
  /** Begins the sentence about changes by hand where the pictures are what these did, else null. */
  changing: string | null;
  /** Then, of every box, how many cells of its value differ, of how many, and of its gradient. */
  reach: Uint32Array | null;
  /** max |gradient| of the whole batch at every box, and the ratio that each passes on. */
  peaks: Float64Array;
  ratios: Float64Array;
  pictures: Pictures[];
}

export interface StepsData {
  count: number;
  /** Place of the first sentence; of a pass too long for one list, others are asked for. */
  first: number;
  sentences: string[];
}

export interface GraphBox {
  id: string;
  name: string;
  layer: string;
  layer_title: string;
  kind: string;
  node: string;
  order: number;
  ranges: [number, number][];
  shape: string;
  peak: string;
  title: string;
  help: string;
}

/** What the colours and arrows of a graph mean. */
export interface GraphLegend {
  keys: { fill: string; says: string }[];
  arrows: string;
  fill: string;
  stops: string[];
}

export interface GraphData {
  svg: string;
  nodes: GraphBox[];
  note: string;
  legend: GraphLegend;
}

/** What a preset is there to show, and the layers at which it is said. */
export interface Finding {
  layers: string[];
  sentence: string;
}

/** Colours, thresholds and inks; see `viz.maps.packet.palette`. */
export interface Theme {
  half: number;
  light: Uint8Array;
  dark: Uint8Array;
  inks: string[];
  non_finite: string;
  hatch: string;
  linked: [string, string];
  digits: number;
  smallest_plain: number;
  largest_plain: number;
  accent: string;
  accent_ink: string;
}

/** The answer `scene`. */
export interface Scene {
  /** Id of the node that is seen first. */
  first: string;
  /** How many nodes the backward pass has; they are n0, n1, ... in the engine's order. */
  count: number;
  strip: StripData;
  steps: StepsData;
  finding: Finding | null;
  hidden: Concealed[];
  /** By id: every node, or, of a large run, the first one alone. */
  nodes: Record<string, NodePage>;
  whole: boolean;
  /** Empty where the run has none. */
  loss: Float64Array;
  theme: Theme;
}

/** The answer `nodes`. */
export interface Nodes {
  nodes: Record<string, NodePage>;
}

/** A sparse linear relation between two maps; see `viz.maps.packed_sums`. */
export interface Link {
  from: string;
  to: string;
  large: boolean;
  adds: boolean;
  function: string;
  /** Whether coefficients are written as fractions where they are simple ones. */
  fractions?: boolean;
  /** Those around a sum that are said otherwise. */
  words: Words;
  tap: string | null;
  rounding: number;
  slack: number;
  names: string[];
  notes: string[];
  undrawn: { title: string; shape: number[] } | null;
  cells: Uint32Array;
  offsets: Uint32Array;
  places: Uint32Array;
  coefficients: Floats;
  hidden: Uint32Array;
  hidden_values: Floats;
  name_of?: Uint16Array | Uint32Array;
  note_of?: Uint32Array;
  taps?: Uint32Array;
  /** Made in the browser, once a link. */
  transposed?: { offsets: Uint32Array; cells: Uint32Array; coefficients: Uint32Array };
}

/** Pairs of cells of two maps that light up together; see `viz.maps.lights`. */
export interface Lights {
  from: string;
  to: string;
  cells: Uint32Array;
  places: Uint32Array;
}

/** A table below the maps; see `viz.maps.table`. */
export interface TableSpec {
  key: string;
  title: string;
  heads: string[];
  /** `cells` of `map`, which the text stands for. */
  rows: { text: string; map: string; cells: number[] }[][];
}

/** What the server found out about one cell. */
export interface CellAnswer {
  map: string;
  index: number[];
  note: string;
  links: Link[];
}

/** The answer `sums`, for the shown cells of one page. */
export interface Sums {
  links: Link[];
}

/** The answer `cell`. */
export interface Cell {
  answer: CellAnswer | null;
}

/** The answer `cells`: an unbroken run of one array. */
export interface Cells {
  start: number;
  values: Floats;
}

/** One comparison. */
export interface Verdict {
  state: "passed" | "failed" | "skipped";
  name: string;
  figures: string;
  sentence: string;
}

/** The answer `proof`. */
export interface Proof {
  label: string;
  /** What opens the details. */
  opens: string;
  /** How the checks came out, in one line. */
  line: string;
  checks: Verdict[];
  /** By the part that is handed on; the line is about this one too. */
  handovers: Record<string, Verdict & { line: string }>;
}

/** A cell of a map, see `viz.maps.rows.Pinned`. */
export interface Pinned {
  map: string;
  index: number[];
  heard: number | null;
}

/** One map as it is drawn: which cells, how large the scale, and what is said of it. */
export interface MapSpec {
  key: string;
  title: string;
  subtitle: string;
  term?: string;
  missing?: string;
  shape: number[] | null;
  group?: string;
  notes?: string;
  summary?: string;
  non_finite?: string;
  scale?: number;
  ends?: string[];
  start?: number;
  count?: number;
  tiles?: number;
  rows?: number;
  columns?: number;
  across?: number | null;
  label_axes?: [number, number];
  named_channels?: boolean;
  /** Whether cells that are not 0 are outlined. */
  reach?: boolean;
  /** Whether cells are written as fractions where they are simple ones. */
  fractions?: boolean;
  /** Whether cells hold their numbers where they fit; they do unless it is false. */
  written?: boolean;
  values?: Floats;
  hides?: string;
  asked?: Asked | null;
}

/** What the maps draw. In a lesson it comes whole from the server, see `viz.maps.rows.pack`. */
export interface Packet {
  rows: MapSpec[][];
  links: Link[];
  lights?: Lights[];
  tables?: TableSpec[];
  answer: CellAnswer | null;
  between: string[];
  arrow: Arrow;
  scaling: Scaling;
  /** The cell that the browser says to the page. */
  held: Pinned | null;
  /** Whether room is kept for a sum although no link has arrived yet. */
  awaited?: boolean;
  /** All maps that are written alike with these, where others stand beside them. */
  alike?: MapSpec[];
  theme: Theme;
}
