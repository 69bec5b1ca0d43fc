/** What `viz.pictures.timeline.timeline_data` writes. */

import type { Theme } from "../types.d.ts";
import type { AxisData } from "../line/types.d.ts";

/** What is looked at. */
export interface Place {
  step: number;
  layer: string;
}

export interface TimelineData {
  /** So many are planned. */
  steps: number;
  /** null: not finite. */
  losses: (number | null)[];
  /** Of the losses: by their logarithm where they span many decades. */
  axis: AxisData & { log: boolean };
  ticks: { at: number; text: string }[];
  layers: string[];
  /** Of each layer the norm of its gradient at each step; null: not finite. */
  norms: (number | null)[][];
  scale: { low: number; high: number; ends: [low: string, high: string] };
  /** Whether gradients were clipped after their norms were taken. */
  clips: boolean;
  value: Place;
  heard: number | null;
  theme: Pick<Theme, "digits" | "smallest_plain" | "largest_plain" | "non_finite">;
}

/** Where a picture stands, in px. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Where the rows begin, and how high each is. */
  rows: number;
  row: number;
  /** Where they end. */
  end: number;
  letter: number;
  /** The middle of a step. */
  x: (step: number) => number;
  y: (loss: number) => number;
}
