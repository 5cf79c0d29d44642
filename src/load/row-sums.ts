import type { ResultRow } from "../scenario/scenario.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { addCounts, type LatencyHistogram, newHistogram, quantile } from "./histogram.ts";
import {
  addOutcomes,
  countFailures,
  countRequests,
  noOutcomes,
  type OutcomeCounter,
  type OutcomeCounts,
} from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { ProgressFigures } from "./result.ts";
import { methodsOf, rowsOf } from "./rows.ts";
import type { WorkerReport } from "./worker-report.ts";

/** A histogram takes 70 KB and several walks through it a second: of a scenario with more rows the first are shown. */
const MOST_ROWS = 40;

/** What a load has come to while it runs, of all requests and of each task; changed in place, once a second and worker. */
export type RunningSums = {
  readonly all: RowSums;
  readonly rows: RowSums[];
  users: number;
  /** The rows of the reports; they become more while a scenario module runs. */
  readonly known: () => readonly ResultRow[];
  /** By row, where it is known before the load. */
  readonly methods: readonly string[];
  /** So many of the rows have been looked at. */
  met: number;
};

export type RowSums = {
  /** Place among the rows of a report, -1 for all of them. */
  readonly place: number;
  readonly name: string;
  readonly method: string;
  readonly outcomes: OutcomeCounter;
  /** Response times; `null` until there is something to count. */
  response: LatencyHistogram | null;
  /** When figures were taken last. */
  before: { readonly requests: number; readonly failures: number };
};

export const newRunningSums = (
  plan: Pick<LoadPlan, "scenario" | "tasks">,
  known: () => readonly ResultRow[] = () => rowsOf(plan),
): RunningSums => {
  const sums = { all: newRow(-1, "", ""), rows: [], users: 0, known, methods: methodsOf(plan), met: 0 };
  meetRows(sums);
  return sums;
};

export const addToRunning = (sums: RunningSums, report: WorkerReport): void => {
  for (const slice of report.slices) {
    sums.users += slice.spawned - slice.left;
    add(sums.all, slice);
  }
  meetRows(sums);
  for (const sum of sums.rows) {
    const row = report.rows[sum.place];
    if (row !== undefined) add(sum, row);
  }
};

/** The histogram with these counts, made when there is none yet. */
export const withCounts = (into: LatencyHistogram | null, counts: BucketCounts): LatencyHistogram => {
  const sum = into ?? newHistogram();
  addCounts(sum, counts);
  return sum;
};

/** The figures since the window's start; rates are over `time` seconds, since they were taken last. */
export const takeFigures = (row: RowSums, time: number): ProgressFigures => {
  const [requests, failures] = [countRequests(row.outcomes), countFailures(row.outcomes)];
  const { before, response } = row;
  row.before = { requests, failures };
  return {
    requests,
    failures,
    requestsPerSecond: (requests - before.requests) / time,
    failuresPerSecond: (failures - before.failures) / time,
    mean: response === null ? null : response.mean / 1000,
    p50: millisAt(response, 0.5),
    p95: millisAt(response, 0.95),
    p99: millisAt(response, 0.99),
  };
};

/** Milliseconds; `null` where nothing was counted. */
export const millisAt = (histogram: LatencyHistogram | null, q: number): number | null => {
  const value = histogram === null ? null : quantile(histogram, q);
  return value === null ? null : value / 1000;
};

const newRow = (place: number, name: string, method: string): RowSums => ({
  place,
  name,
  method,
  outcomes: noOutcomes(),
  response: null,
  before: { requests: 0, failures: 0 },
});

const meetRows = (sums: RunningSums): void => {
  const rows = sums.known();
  for (; sums.met < rows.length; sums.met++) {
    const row = rows[sums.met];
    if (row?.phase === "task" && sums.rows.length < MOST_ROWS)
      sums.rows.push(newRow(sums.met, row.name, sums.methods[sums.met] ?? ""));
  }
};

const add = (
  sums: RowSums,
  { outcomes, response }: { readonly outcomes: OutcomeCounts; readonly response: BucketCounts | null },
): void => {
  addOutcomes(sums.outcomes, outcomes);
  if (response !== null) sums.response = withCounts(sums.response, response);
};
