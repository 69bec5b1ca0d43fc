/** What `viz.pictures.line.line_data` writes. */

export type Kind = "line" | "steps" | "dots" | "bars";
/** null: a gap. */
export type Point = [x: number | null, y: number | null];

export interface CurveData {
  title: string;
  kind: Kind;
  dashed: boolean;
  points: Point[];
  /** Its first and its last value as text; empty where it has none. */
  ends: string[];
}

export interface AxisData {
  title: string;
  low: number;
  high: number;
  ticks: { at: number; text: string }[];
}

export interface MovingData {
  places: number[];
  said: string[];
  /** Of each curve that it follows y at each place. */
  values: (number | null)[][];
  /** The place of that curve. */
  follows: number[];
  label: string;
}

export interface LineData {
  title: string;
  height: number;
  axes: [x: AxisData, y: AxisData];
  curves: CurveData[];
  /** How wide a bar is, on the x axis. */
  bar: number;
  /** The place of the moving point; 0 where there is none. */
  value: number;
  heard: number | null;
  moving: MovingData | null;
}

/** How a curve is drawn. */
export interface Look {
  /** Its number among the colours. */
  colour: number;
  /** How its line is broken, or the sign of its dots, or how its bars are filled. */
  pattern: string;
}

/** Where a picture stands, in px: its outer size and the ends of its axes. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** px of a letter's height. */
  letter: number;
  x: (value: number) => number;
  y: (value: number) => number;
}
