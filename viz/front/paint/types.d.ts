import type { Theme } from "../types.d.ts";

export type Tool = "brush" | "number" | "eraser";

/** One plane of a tensor that is set by hand; see `viz.paint.pack`. A cell is named by its offset
 * among the cells that were sent, its place counts those of the whole tensor. */
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
  values: Float32Array;
  original: Float32Array;
  /** Cells that are changed. */
  edited: Uint32Array;
  /** Another one when cells changed by other means than strokes, which then cannot be undone. */
  origin: string;
  tool: Tool;
  /** Number of the last stroke that is in here. */
  answered: number;
  /** Whether a cell must be a whole number from 0 on. */
  whole: boolean;
  swatches: number[];
  largest: number;
  labels: Record<string, string>;
  theme: Theme;
}
