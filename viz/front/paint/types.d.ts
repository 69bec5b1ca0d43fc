import type { Theme, Words } from "../types.d.ts";

export type Tool = "brush" | "number" | "eraser";

/** One plane of a tensor that is set by hand, without the changes; see `viz.paint.pack`, and the card's words. A cell is
 * named by its offset among the cells that were sent, its place counts those of the whole tensor. */
export interface Canvas {
  key: string;
  name: string;
  shape: number[];
  /** Place of the first cell. */
  start: number;
  count: number;
  /** Cells before the plane was cut to what can be shown. */
  total: number;
  rows: number;
  columns: number;
  original: Float32Array;
  tool: Tool;
  /** Whether a cell must be a whole number from 0 on. */
  whole: boolean;
  swatches: number[];
  largest: number;
  /** Cells that can be changed, of all tensors together. */
  most: number;
  labels: Words;
  theme: Theme;
}

/** An axis whose index chooses the plane. */
export interface Axis {
  label: string;
  size: number;
  at: number;
  /** Whether its index is a sample, which is then looked at too. */
  sample: boolean;
}

/** A plane, and what the card around it shows; see `experiment.asking.by_hand.canvas_answer`. */
export interface Sheet extends Canvas {
  tensors: { name: string; label: string }[];
  axes: Axis[];
  /** The plane as it stands in an address; empty for the first one. */
  at: string;
  about: string;
  /** What was asked for and does not exist. */
  problems: string[];
  /** Of the run without changes; empty where it has none. */
  loss: Float64Array;
}
