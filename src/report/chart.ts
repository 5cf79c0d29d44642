/** What is drawn: every number, name and sentence is decided here, so that a renderer only lays out. */
import type { Table } from "./report.ts";

/** How a value is written beside a chart. */
export type ChartUnit = "ms" | "rps" | "users" | "count" | "share" | "change";

export type Axis = { readonly label: string; readonly unit: ChartUnit; readonly scale: "linear" | "log" };

/** Which colour a series takes; the same meaning has the same colour in every chart. */
export type Tone =
  | "head"
  | "base"
  | "middle"
  | "high"
  | "highest"
  | "load"
  | "users"
  | `failure-${0 | 1 | 2 | 3 | 4 | 5}`;

/** One line: a value per x, `null` where nothing was measured. */
export type Series = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly axis: "left" | "right";
  readonly look: "line" | "dots" | "steps" | "bars";
  readonly tone: Tone;
};

/** Where a chart's points stand; ascending. `ticks` replaces the renderer's own when the scale is not plain numbers. */
export type ChartX = {
  readonly label: string;
  readonly values: readonly number[];
  /** What each point is called when it is pointed at. */
  readonly names: readonly string[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[] | null;
};

export type Chart = {
  readonly id: string;
  readonly title: string;
  /** What it shows in one or two sentences with figures, for whoever cannot see it. */
  readonly text: string;
  readonly x: ChartX;
  readonly left: Axis;
  readonly right: Axis | null;
  readonly series: readonly Series[];
  /** The same figures, coarse enough to be read. */
  readonly table: Table;
};

/** Single figures side by side, each as a part of a common full length. */
export type Bars = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly rows: readonly {
    readonly label: string;
    readonly figure: string;
    /** Filled part and limit, 0 to 1; `null` where there is none to draw. */
    readonly share: number | null;
    readonly limit: number | null;
    readonly tone: "head" | "base" | "plain";
  }[];
};

/** Response time over time in few enough points for a chart in Markdown; every point has a value. */
export type CoarseLatency = {
  readonly kind: "latency";
  /** Seconds since the start of the window where the first and the last bucket begin. */
  readonly from: number;
  readonly to: number;
  readonly every: number;
  /** Milliseconds. */
  readonly p50: readonly number[];
  readonly p95: readonly number[];
};

/** The median response time of both arms, round by round, for a chart in Markdown. Milliseconds. */
export type RoundMedians = {
  readonly kind: "rounds";
  readonly base: readonly number[];
  readonly head: readonly number[];
};

export type MarkdownChart = CoarseLatency | RoundMedians;
