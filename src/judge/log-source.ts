import type { RunSummary } from "../record/summary.ts";
import type { Response } from "./latency.ts";
import type { Question, Sides } from "./measured.ts";

/** How the metrics on a log scale differ: where their figure comes from, and how the head's value answers to noise. */
export type LogSource = {
  /** What is compared between runs; 0 has no logarithm and is no figure. */
  readonly figure: (run: RunSummary) => number;
  /** The base's value over its plateau, in the metric's unit. */
  readonly level: (runs: readonly RunSummary[]) => number;
  readonly response: (plateau: readonly RunSummary[]) => Response;
  readonly samples: (runs: readonly RunSummary[]) => number;
  readonly remark: (plateau: readonly RunSummary[]) => string | null;
};

/** One metric on the log scale, with the runs of both sides. */
export type LogQuestion = { readonly question: Question; readonly sides: Sides; readonly source: LogSource };
