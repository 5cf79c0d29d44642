import type { Problem } from "../errors.ts";
import type { Judgement, Verdict } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import type { RunSummary } from "../record/summary.ts";
import type { Bars, Chart, MarkdownChart } from "./chart.ts";

/** Where the report is read and what it belongs to. `null` where the surroundings do not say. */
export type ReportContext = {
  /** The gate's name among several in a repository. */
  readonly name: string;
  readonly baseBranch: string | null;
  readonly headSha: string | null;
  readonly region: string | null;
  /** Page of the workflow run; it shows the job summary. */
  readonly runUrl: string | null;
  /** Where the run record was written. */
  readonly runRecord: string | null;
  /** Requests per second at which required concurrency is stated, and whose rate that is. */
  readonly referenceRate: {
    readonly perSecond: number;
    readonly from: "reference-rps" | "baseline" | "this run";
  } | null;
};

/** `record` is `null` when nothing was sent (a target that was never ready). */
export type ReportInput = {
  readonly judgement: Judgement;
  readonly record: RunRecord | null;
  readonly context: ReportContext;
  /** What is known of the base beside the judgement; charts and the history need it. */
  readonly base?: BaseSide;
  /** Sentences that must be read before any figure. */
  readonly top?: readonly string[];
};

/** The base's runs, oldest first, and its last record where that is at hand: an artifact search brings summaries only. */
export type BaseSide = { readonly runs: readonly RunSummary[]; readonly record: RunRecord | null };

export type Role = "gate" | "warn" | "inform";

/** One metric, ready to print; "-" where there is no figure. */
export type MetricRow = {
  readonly id: string;
  readonly role: Role;
  /** `null` when the metric only informs. */
  readonly verdict: Verdict | null;
  readonly icon: string;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  /** 95 % interval of the change, empty when there is none. */
  readonly interval: string;
  readonly limit: string;
  /** Why the verdict is what it is, empty when the metric only informs. */
  readonly reason: string;
  readonly range: Range | null;
};

/**
 * Change and interval measured by the limit: 0 is no change (or nothing, for a fixed limit), 1 is the limit, more is beyond
 * it, so that all rows of a table share one scale on which right is worse.
 */
export type Range = {
  readonly estimate: number;
  /** Equal to the estimate where there is no interval. */
  readonly low: number;
  readonly high: number;
};

/** How a column is printed: words, right-aligned figures, or a name that may come from outside. */
export type Column = { readonly title: string; readonly kind: "text" | "number" | "name" };

export type Table = { readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] };

/** One collapsed part of the report. */
export type Section = {
  readonly id:
    | "over-time"
    | "rounds"
    | "metrics"
    | "tasks"
    | "outcomes"
    | "functions"
    | "front-end"
    | "containers"
    | "head-room"
    | "cost"
    | "logs"
    | "generator"
    | "configuration"
    | "history"
    | "decisions"
    | "run";
  readonly title: string;
  /** Drawn where the medium can draw it; the table below says the same. */
  readonly chart: MarkdownChart | null;
  readonly lines: readonly string[];
  readonly table: Table | null;
  /** Longer texts behind the table, each closed at first. */
  readonly listings?: readonly Listing[];
};

/** Preformatted lines: their indentation says what belongs together. */
export type Listing = { readonly title: string; readonly lines: readonly string[] };

/** Why an inconclusive run is inconclusive: proved nothing, suspects something, or lacks a figure it was asked for. */
export type Face = "neutral" | "suspected" | "unmeasured";

/**
 * Everything the report says. All strings are plain text and may hold text from outside; every renderer escapes all of
 * them for its own medium. Renderers choose layout and length, never words or figures.
 */
export type ReportModel = {
  readonly verdict: Verdict;
  readonly gateOpen: boolean;
  /** `null` unless the verdict is `inconclusive`. */
  readonly face: Face | null;
  readonly icon: string;
  readonly headline: string;
  /** Sentences that must be read before any figure: who measured, what was changed, who accepted. */
  readonly top: readonly string[];
  /** One line, in parts. */
  readonly provenance: readonly string[];
  readonly runUrl: string | null;
  readonly runRecord: string | null;
  /** Gating metrics, and others that warn. */
  readonly rows: readonly MetricRow[];
  /** What moved, and why; the title says which of the two is known. */
  readonly moved: readonly string[];
  readonly movedTitle: "What moved" | "Why";
  readonly next: readonly string[];
  /** Without the problem that the headline tells already, and without those that only note something. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** How small a change would have been seen, empty when nothing was compared. */
  readonly detectable: string;
  /** The run in one line, empty when nothing was sent. */
  readonly totals: string;
  readonly details: readonly Section[];
  /** The gate's name. */
  readonly name: string;
  /** All metrics, in the order of every table. */
  readonly metrics: readonly MetricRow[];
  /** Start (ISO 8601, `null` where an imported file does not say) and length of the window; `null` when nothing was sent. */
  readonly window: { readonly start: string | null; readonly seconds: number } | null;
  /** Name and version of what wrote the run record, `null` without one. */
  readonly tool: string | null;
  readonly charts: readonly Chart[];
  readonly bars: readonly Bars[];
};
