/** What the start page tells of its run; Python writes it in `viz/start/`. */

export interface Part {
  kind: "number" | "first" | "sign" | "result";
  text: string;
  caption: string;
}

export type Lane = "value" | "gradient";

export interface CellData {
  text: string;
  name: string;
  light: string;
  light_ink: string;
  dark: string;
  dark_ink: string;
  /** What the number is made of. */
  parts: Part[];
  /** The numbers on the screen that go into it. */
  from: [lane: Lane, box: number, cell: number][];
}

export interface MapData {
  rows: number;
  columns: number;
  cells: CellData[];
}

export interface BoxData {
  title: string;
  does: string;
  value: MapData;
  gradient: MapData | null;
  /** Why there is no gradient. */
  none: string;
}

export interface StepData {
  box: number;
  cell: number;
  lead: string;
  rest: string;
}

export interface StartData {
  boxes: BoxData[];
  steps: StepData[];
  before: { lead: string; rest: string; parts: Part[] };
  /** Outline of linked cells. */
  linked: string;
}

export interface Sentence {
  lead: string;
  rest: string;
  parts: Part[];
}
