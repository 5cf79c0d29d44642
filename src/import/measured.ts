import type { Parsed } from "../errors.ts";
import type { OutcomeCounts } from "../load/outcome.ts";
import type { LatencySummary, Slice, TaskResult } from "../load/result.ts";
import type { EpochMs } from "../units.ts";

/** What an imported file holds, before it is a run record. */
export type Measured = {
  /** `start` is `null` where the file does not say when it was. */
  readonly window: { readonly start: EpochMs | null; readonly seconds: number };
  readonly outcomes: OutcomeCounts;
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly latency: LatencySummary;
  readonly tasks: readonly Pick<TaskResult, "name" | "requests" | "outcomes" | "response" | "examples">[];
  readonly slices: readonly Slice[];
  /** Users the tool was asked for, 0 where the file does not say. */
  readonly users: number;
  /** Metric ids that the file cannot answer, each with the end of a sentence that begins with the metric. */
  readonly lacks: Readonly<Record<string, string>>;
  /** Sentences about the file that a reader of the verdict should know. */
  readonly notes: readonly string[];
};

/** Takes the rows of one file, in order, and adds them up. */
export type Reading<Row> = {
  /** `null`, or what is wrong with the row as the end of a sentence. */
  readonly take: (row: Row) => string | null;
  readonly finish: () => Parsed<Measured>;
};
