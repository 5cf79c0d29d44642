import type { Seconds } from "../units.ts";
import { addCounts, type LatencyHistogram, newHistogram, quantile } from "./histogram.ts";
import { steadyRange } from "./model.ts";
import { countFailures, countRequests, type OutcomeCounts } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { LoadProgress } from "./result.ts";
import type { WorkerReport } from "./worker-report.ts";

/** The running sums behind the live lines; changed in place, once a second and worker. */
export type ProgressSums = {
  readonly response: LatencyHistogram;
  users: number;
  requests: number;
  failures: number;
  dropped: number;
  /** As of the line before. */
  last: { readonly elapsed: number; readonly requests: number; readonly failures: number };
};

export const newProgress = (): ProgressSums => ({
  response: newHistogram(),
  users: 0,
  requests: 0,
  failures: 0,
  dropped: 0,
  last: { elapsed: 0, requests: 0, failures: 0 },
});

export const addToProgress = (sums: ProgressSums, report: WorkerReport): void => {
  for (const slice of report.slices) {
    sums.users += slice.spawned - slice.left;
    sums.requests += countRequests(slice.outcomes);
    sums.failures += countFailures(slice.outcomes);
    sums.dropped += slice.dropped;
    if (slice.response !== null) addCounts(sums.response, slice.response);
  }
};

/** The line for now; rates are over the time since the line before. Requests count when they have ended. */
export const nextProgress = (sums: ProgressSums, plan: LoadPlan, elapsed: Seconds): LoadProgress => {
  const time = Math.max(0.001, elapsed - sums.last.elapsed);
  const line: LoadProgress = {
    phase: phaseAt(plan, elapsed),
    elapsed,
    runTime: plan.runTime,
    users: sums.users,
    requests: sums.requests,
    failures: sums.failures,
    dropped: sums.dropped,
    requestsPerSecond: (sums.requests - sums.last.requests) / time,
    failuresPerSecond: (sums.failures - sums.last.failures) / time,
    p50: millisAt(sums.response, 0.5),
    p95: millisAt(sums.response, 0.95),
    p99: millisAt(sums.response, 0.99),
  };
  sums.last = { elapsed, requests: sums.requests, failures: sums.failures };
  return line;
};

/** The line while the target is warmed up: these requests are not the window's. */
export const preludeProgress = (plan: LoadPlan, elapsed: Seconds, outcomes: OutcomeCounts): LoadProgress => ({
  ...nextProgress(newProgress(), plan, elapsed),
  phase: "warm-up",
  users: 1,
  requests: countRequests(outcomes),
  failures: countFailures(outcomes),
});

const phaseAt = (plan: LoadPlan, elapsed: Seconds): LoadProgress["phase"] => {
  if (elapsed > plan.runTime) return "drain";
  const steady = steadyRange(plan, plan.runTime);
  return steady !== null && elapsed > steady.from && elapsed <= steady.to ? "steady" : "ramp";
};

const millisAt = (histogram: LatencyHistogram, q: number): number | null => {
  const value = quantile(histogram, q);
  return value === null ? null : value / 1000;
};
