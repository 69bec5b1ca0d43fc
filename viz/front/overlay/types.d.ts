/** What `viz.pictures.overlay.overlay_data` writes. */

import type { Floats, Theme } from "../types.d.ts";

/** How many rows and columns something has. */
export interface Grid {
  rows: number;
  columns: number;
}

export interface PictureData extends Grid {
  /** 1: grey; 3: red, green and blue. */
  channels: 1 | 3;
  values: Uint8Array;
}

export interface CellsData extends Grid {
  /** The magnitude at the ends of the colours. */
  scale: number;
  /** What stands at the ends and in the middle of the colours; one text where all is zero. */
  ends: string[];
  smallest: string;
  largest: string;
  values: Floats;
}

export interface LayerData {
  title: string;
  smooth: boolean;
  picture: PictureData | null;
  cells: CellsData | null;
}

export interface OverlayData {
  layers: LayerData[];
  opacity: number;
  theme: Theme;
}

/** A place in a grid, counted from 0. */
export interface Spot {
  row: number;
  column: number;
}

/** A place in a layer: parts of its width and its height, from 0 to 1. */
export interface Place {
  x: number;
  y: number;
}
