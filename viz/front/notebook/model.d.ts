/** What anywidget hands to `render`: the widget's state, shared with the kernel. */

import type { Pinned } from "../maps/types.d.ts";
import type { FrontWords, View } from "../types.d.ts";

/** The part of a view that a notebook can read and set; `node` is always the chosen one. */
export type Looked = Pick<View, "node" | "step" | "part" | "sample" | "channel" | "show">;

/** What `viz/notebook/widget.py` gives. */
export interface Given {
  /** Style sheets: colours on a light page, on a dark one, and everything else. */
  light: string;
  dark: string;
  sheet: string;
  /** What is said while the kernel does not answer. */
  waiting: string;
  words: FrontWords;
}

export interface State {
  _given: Given;
  view: Looked;
  cell: Pinned;
}

/** Its parts are texts, as in an address. */
export interface Question {
  id: string;
  name: string;
  parts: Record<string, string>;
}

/** An answer of the kernel: its bytes come beside it, or a sentence says why there are none. */
export interface Reply {
  id: string;
  packet?: boolean;
  sentence?: string;
}

export type OnReply = (reply: Reply, buffers: readonly DataView[]) => void;

export interface Model {
  get<Name extends keyof State>(name: Name): State[Name];
  set<Name extends keyof State>(name: Name, value: State[Name]): void;
  save_changes(): void;
  on(event: "msg:custom", listener: OnReply): void;
  on(event: "change:view", listener: () => void): void;
  off(event: "msg:custom", listener: OnReply): void;
  off(event: "change:view", listener: () => void): void;
  send(question: Question): unknown;
}
