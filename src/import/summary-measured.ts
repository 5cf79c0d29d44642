import { newHistogram, summarise } from "../load/histogram.ts";
import {
  countFailures,
  noOutcomes,
  type OutcomeClass,
  type OutcomeCounter,
  type OutcomeCounts,
} from "../load/outcome.ts";
import type { LatencySummary } from "../load/result.ts";
import type { Measured } from "./measured.ts";

/** Milliseconds that a tool printed; `null` where the file has none. */
export type PrintedLatency = {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
};

export const NO_LATENCY: PrintedLatency = {
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  min: null,
  max: null,
  mean: null,
};

/** Percentiles as printed, with an empty histogram: there is nothing that could be added up or made again. */
export const printedSummary = (latency: PrintedLatency, count: number): LatencySummary => ({
  ...summarise(newHistogram()),
  ...(count === 0 ? NO_LATENCY : latency),
  count,
});

/** What a summary lacks, by metric id. */
export const lacksOf = (latency: PrintedLatency, why: string): Measured["lacks"] =>
  Object.fromEntries(
    (["p50", "p90", "p95", "p99"] as const)
      .filter((name) => latency[name] === null)
      .flatMap((name) => [name, `service-${name}`].map((id) => [id, why])),
  );

/** A whole file that holds percentiles only. */
export const printedMeasured = (found: {
  readonly outcomes: OutcomeCounts;
  readonly latency: PrintedLatency;
  /** Why a percentile that is missing is missing. */
  readonly why: string;
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly users?: number;
  readonly start?: Measured["window"]["start"];
  readonly tasks?: Measured["tasks"];
}): Measured => ({
  window: { start: found.start ?? null, seconds: found.seconds },
  outcomes: found.outcomes,
  bytes: { sent: 0, received: 0 },
  latency: printedSummary(found.latency, found.outcomes.ok),
  tasks: found.tasks ?? [],
  slices: [],
  users: found.users ?? 0,
  lacks: {
    ...(found.outcomes.ok === 0 ? {} : lacksOf(found.latency, found.why)),
    ...(found.seconds > 0 ? {} : { throughput: "the file does not say how long the run was" }),
  },
  notes: found.notes,
});

/** Counts with `failed` in one class, for files that say how many failed and not how. */
export const outcomesOf = (
  requests: number,
  failed: number,
  failure: OutcomeClass = "check-failed",
): OutcomeCounter => ({
  ...noOutcomes(),
  ok: requests - failed,
  [failure]: failed,
});

/** Above this share of failures percentiles of all requests say more about the failures (SPEC 12.1 uses the same share). */
const MOST_FAILED = 0.1;

/** Why percentiles of all requests are of no use for these outcomes; `null` when they are. */
export const tooManyFailed = (tool: string, outcomes: OutcomeCounts): string | null => {
  const failed = countFailures(outcomes);
  return failed > MOST_FAILED * (failed + outcomes.ok)
    ? `${tool} mixes the times of failed requests in, and more than 10 % failed`
    : null;
};

/** Percentiles of all requests, as far as the outcomes let them speak for the `ok` ones. */
export const ofAllRequests = (
  tool: string,
  outcomes: OutcomeCounts,
  printed: { readonly latency: PrintedLatency; readonly why: string },
): { readonly latency: PrintedLatency; readonly why: string } => {
  const mixed = tooManyFailed(tool, outcomes);
  return mixed === null ? printed : { latency: NO_LATENCY, why: mixed };
};

/** Where a tool's percentiles are of failed requests too, that is said as soon as there are any. */
export const failedIncluded = (tool: string, outcomes: OutcomeCounts): readonly string[] =>
  countFailures(outcomes) === 0
    ? []
    : [`${tool} computed its percentiles from all requests, the ${countFailures(outcomes)} that failed included.`];
