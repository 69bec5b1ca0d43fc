/** What the files of the maps share. A cell is named by its offset k among the cells that were
 * sent. */

import type { FrontWords, Link, MapSpec, Packet, Words } from "../types.d.ts";

/** Every map by its key; enough to find the cells that a link is about. */
export type Known = { byKey: Map<string, { spec: Drawn }> };

/** A map with cells. One without has only the words of its card, which `missing` says. */
export type Drawn = Required<Omit<MapSpec, "shape" | "hides" | "asked" | "fractions" | "written">> &
  Pick<MapSpec, "hides" | "asked" | "fractions" | "written"> & { shape: number[] };

/** How the cells of a map stand in tiles. */
export type Tiled = Pick<Drawn, "count" | "tiles" | "rows" | "columns" | "across">;

/** Sizes in px of a map that is laid out. */
export interface Layout {
  cell: number;
  across: number;
  down: number;
  label: number;
  stepX: number;
  stepY: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Place {
  x: number;
  y: number;
}

/** How the numbers of maps that belong together are written: in units of a power of ten. */
export interface Style {
  decimals: number;
  power: number;
  /** Of the largest number, as a power of ten. */
  exponent: number;
}

/** The most px that a map may be high, and one of its cells. */
export interface Room {
  height: number;
  cell: number;
  /** px that are seen of a map that does not fit; else as many as in a lesson. */
  scroll?: number;
}

/** The numbers of all cells as short texts that fit in them. */
export interface Texts {
  texts: string[];
  font: string;
  /** The unit in which they are written, as a power of ten. */
  power: number;
}

/** How the numbers of a map may be written: as they are, and in a unit that is stated; null where
 * they do not fit. */
export interface Written {
  plain: Texts | null;
  unit: Texts | null;
}

/** What is needed to paint a map, be it on the page or in a picture of its own. */
export interface Painted {
  stage: Stage;
  spec: Drawn;
  layout: Layout;
  texts: Texts | null;
  cells: HTMLCanvasElement;
  /** The visible part. */
  seen: Size;
  scroller: { scrollLeft: number; scrollTop: number };
  /** Pixels of the canvas for one of the layout, where it is not on the screen. */
  ratio?: number;
}

/** One map on the page. */
export interface View extends Painted {
  row: number;
  hovered: number | null;
  pinned: number | null;
  /** Its largest cell, once it was looked for. */
  largest: number | undefined;
  /** Where the keys go on from. */
  cursor: number | null;
  /** Whether something is outlined. */
  marked: boolean;
  /** What it was placed and painted with. */
  placed: unknown[];
  /** How its numbers may be written in its place. */
  written: Written;
  /** Whether it was placed since it was painted. */
  anew: boolean;
  card: HTMLElement;
  title: HTMLElement;
  /** In which unit its cells are written, beside the title. */
  unit: HTMLElement;
  subtitle: HTMLElement;
  notes: HTMLElement;
  missing: HTMLElement;
  /** What is filled in, in the place of what is missing. */
  filling: HTMLElement;
  scroller: HTMLElement;
  content: HTMLElement;
  window: HTMLElement;
  outlines: HTMLCanvasElement;
  readout: HTMLElement;
  legend: HTMLElement;
}

export interface Palette {
  /** Everything that was read from the style and the theme. */
  key: string;
  dark: boolean;
  table: Uint8Array;
  /** The table as pixels of an ImageData. */
  pixels: Uint32Array;
  oddPixel: number;
  text: string;
  background: string;
  border: string;
  accent: string;
  linked: string;
  linkedEdge: string;
  /** Font families of words and of numbers. */
  family: string;
  numbers: string;
  /** Of the line below a map, once one was read. */
  readout?: { fontSize: string; lineHeight: string };
  /** Above 1 for a room. */
  type: number;
}

/** A cell that is pointed at or pinned; null where one was freed. */
export interface Pointed {
  map: string;
  index: number[] | null;
  /** Whether it is only the largest one, which is explained while nobody points. */
  atRest?: boolean;
}

/** The one cell that is pinned; null where none is. */
export type Pinned = { map: string; index: number[] } | null;

/** A place of a table that stands for cells of a map. */
export interface Entry {
  part: HTMLElement;
  map: string;
  cells: number[];
  /** Which table of the packet, and where in it. */
  table: number;
  row: number;
  column: number;
}

/** What is said of maps and of the sums behind them. */
export type MapWords = Pick<FrontWords, "maps" | "sum"> & Partial<Pick<FrontWords, "glossary">>;

/** All maps of one place on the page. */
export interface Stage {
  root: HTMLElement;
  words: MapWords;
  onCell: (cell: Pointed) => void;
  onPinned?: (cell: Pinned) => void;
  /** What that was told last. */
  pinned?: Pinned;
  /** ms of rest before a screen reader is told. */
  resting: number;
  /** Whether the largest cell is explained while no other one is. */
  eager: boolean;
  roomOf?: () => Room;
  /** What that said when the maps were arranged last. */
  room: Room;
  /** What stands beside the colour scale. */
  tools?: HTMLElement;
  /** Puts on a card what else can be done with its map. */
  onCard?: (view: View) => void;
  /** The common legend of every row. */
  scales: HTMLElement[];
  /** How the numbers of every map are written. */
  styles: Map<string, Style>;
  /** The cell that was asked about by itself. */
  asked?: string;
  packet: Packet;
  /** Which maps stand there. */
  signature: string;
  width: number;
  /** Since there is room to paint in. */
  palette: Palette;
  views: View[];
  byKey: Map<string, View>;
  pointing: View | undefined;
  subject: Subject | null;
  /** Where the tables stand, and what was written there last. */
  tables: HTMLElement;
  tabulated?: string;
  /** The places of all tables that stand for cells. */
  entries: Entry[];
  /** The one that is pointed at by mouse, and the one that has the focus or was tapped. */
  entry: { hovered: Entry | null; held: Entry | null };
  /** What was scrolled to last. */
  sighted?: { layout: Layout; k: number };
  /** Whether the visitor has pinned a cell. */
  touched: boolean;
  sum: SumBox;
  speaking: number | undefined;
}

export interface SumBox {
  box: HTMLElement;
  terms: HTMLElement;
  verdict: HTMLElement;
  spoken: HTMLElement;
}

/** Coefficient number `at` of a link and the summed cell behind it. */
export interface Term {
  link: Link;
  at: number;
  value: number;
}

export interface Summed extends Term {
  product: number;
}

export interface Fed extends Term {
  /** The explained cell that is fed. */
  cell: number;
}

/** The cell that the outlines and the sum are about. */
export interface About {
  view: View;
  k: number;
  links: Link[];
  words: Words;
  note: string;
}

export interface Sum {
  kind: "sum" | "mixed";
  terms: Summed[];
  total: number;
  recorded: number;
  difference: number;
  agrees: boolean;
  /** Whether so little is left of the terms that it may be rounding. */
  cancels: boolean;
  /** Whether every number is a float32. */
  single: boolean;
  round: (value: number) => number;
  note: string;
}

export interface Reach {
  kind: "reach";
  terms: Fed[];
  value: number;
}

/** "large": the server has to be asked; "too large": it was, and could not send it. */
export interface Unknown {
  kind: "large" | "too large" | "note";
  terms?: undefined;
}

export type Subject = About & (Sum | Reach | Unknown);

/** A term as it is written: coefficient, its name, and the summed cell. */
export interface Part {
  coefficient: string;
  name: string;
  value: string;
  text: string;
  /** The numbers in it, whose product it is. */
  factors: string[];
  /** The summed cell in words, and its index. */
  where: string;
  from: string;
  /** What gives the cell its colour; null where no map shows it. */
  chip: { view: View; value: number } | null;
  /** Whether the coefficient is 1 in all terms, and need not be seen. */
  implied: boolean;
}

/** What is said of a subject. */
export interface Line {
  write: (box: HTMLElement) => void;
  verdict: (box: HTMLElement) => void;
  spoken: string[];
  data: Record<string, string>;
}
