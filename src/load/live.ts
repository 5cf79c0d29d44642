import type { ResultRow } from "../scenario/scenario.ts";
import { type Seconds, seconds } from "../units.ts";
import type { LatencyHistogram } from "./histogram.ts";
import { addOutcomes, countFailures, countRequests, noOutcomes, type OutcomeCounter } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { LiveRow, LiveSecond, LiveTimes } from "./result.ts";
import {
  addToRunning,
  millisAt,
  newRunningSums,
  type RowSums,
  type RunningSums,
  takeFigures,
  withCounts,
} from "./row-sums.ts";
import type { WorkerReport } from "./worker-report.ts";

/** What a live page is told: sums over the whole window for its table, and the time since the last point for its charts. */
export type LiveSums = {
  readonly sums: RunningSums;
  /** Since the last point. */
  recent: { readonly outcomes: OutcomeCounter; response: LatencyHistogram | null };
  /** When that was. */
  last: number;
};

/** `known` are the rows of the reports; they become more while a scenario module runs. */
export const newLive = (plan: Pick<LoadPlan, "scenario" | "tasks">, known?: () => readonly ResultRow[]): LiveSums => ({
  sums: newRunningSums(plan, known),
  recent: { outcomes: noOutcomes(), response: null },
  last: 0,
});

/** Changes the sums in place, once a second and worker. */
export const addToLive = ({ sums, recent }: LiveSums, report: WorkerReport): void => {
  addToRunning(sums, report);
  for (const slice of report.slices) {
    addOutcomes(recent.outcomes, slice.outcomes);
    if (slice.response !== null) recent.response = withCounts(recent.response, slice.response);
  }
};

/** The point for now, and the beginning of the next. Requests count when they have ended. */
export const nextLive = (live: LiveSums, elapsed: Seconds): LiveSecond => {
  const { sums } = live;
  const time = Math.max(0.001, elapsed - live.last);
  const { outcomes, response } = live.recent;
  live.last = elapsed;
  live.recent = { outcomes: noOutcomes(), response: null };
  return {
    elapsed: seconds(rounded(elapsed)),
    users: sums.users,
    requestsPerSecond: rounded(countRequests(outcomes) / time),
    failuresPerSecond: rounded(countFailures(outcomes) / time),
    ...timesOf(response),
    outcomes: { ...sums.all.outcomes },
    rows: sums.rows.map((row) => nextRow(row, time)),
    total: nextRow(sums.all, time),
  };
};

const nextRow = (row: RowSums, time: number): LiveRow => {
  const figures = takeFigures(row, time);
  return {
    name: row.name,
    method: row.method,
    ...figures,
    mean: roundedOrNull(figures.mean),
    ...timesOf(row.response),
    min: roundedOrNull(millisAt(row.response, 0)),
    max: roundedOrNull(millisAt(row.response, 1)),
    requestsPerSecond: rounded(figures.requestsPerSecond),
    failuresPerSecond: rounded(figures.failuresPerSecond),
  };
};

const timesOf = (histogram: LatencyHistogram | null): LiveTimes => ({
  p50: roundedOrNull(millisAt(histogram, 0.5)),
  p95: roundedOrNull(millisAt(histogram, 0.95)),
  p99: roundedOrNull(millisAt(histogram, 0.99)),
});

const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
