/** What the editor of a network knows: the draft, which is the browser's own, and what the server
 * answers. Python reads a draft in `models/draft/text.py`, answers in `experiment/asking/drafting.py`. */

export type Value = boolean | number | string | readonly number[];

/** One layer as typed: nothing but its kind is known to be right. */
export interface DraftLayer {
  readonly key: number;
  readonly name: string;
  readonly kind: string;
  /** Keys of its inputs. */
  readonly reads: readonly number[];
  readonly fields: Readonly<Record<string, Value>>;
  readonly switches: Readonly<Record<string, boolean>>;
  /** Whether nothing of it has been set yet: then it takes the sizes that come in. */
  readonly fresh?: boolean;
}

export interface Draft {
  /** Class name in source code. */
  readonly name: string;
  /** As it is typed. */
  readonly input_shape: string;
  /** In the order in which they run. */
  readonly layers: readonly DraftLayer[];
}

/** One setting of a kind of layers; see `models.fields.Field`. */
export interface Field {
  name: string;
  kind: "int" | "float" | "bool" | "choice" | "pair" | "sizes";
  default: Value;
  low: number;
  high: number;
  choices: string[];
  help: string;
}

export interface Kind {
  name: string;
  label: string;
  help: string;
  /** Fewest and most layers it may read. */
  inputs: [number, number];
  fields: Field[];
  /** Whether its second input is a layer that hands on indices. */
  takes_indices: boolean;
  gives_indices: boolean;
}

/** The answer `kinds`. */
export interface Catalogue {
  families: { label: string; kinds: Kind[] }[];
  presets: { query: string; label: string }[];
  /** Parts of an address: what a network is run on that begins without a layer. */
  from_nothing: Record<string, string>;
  switches: string[];
  /** What layers call the model's own input. */
  input: string;
  most_layers: number;
  longest_name: number;
}

/** What is known of one layer; empty texts where nothing is. */
export interface Told {
  shape: string;
  parameters: string;
  facts: string[];
  row: string[];
}

/** The answer `draft`. */
export interface Diagnosis {
  /** As it was asked, its fresh layers with the sizes that come in. */
  draft: Draft;
  /** Key of the layer to be seen first. */
  first: number;
  layers: Record<string, Told>;
  totals: string;
  problem: { key: number; sentence: string } | null;
  fixes: { label: string; draft: Draft }[];
  /** Runs of this network with another loss, target or input. */
  remedies: { label: string; run: string }[];
  /** The query of its run, without cells changed by hand; null while it cannot run. */
  run: string | null;
  /** The nodes of each layer in that run. */
  nodes: Record<string, string[]>;
}
