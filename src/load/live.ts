import type { ResultRow } from "../scenario/scenario.ts";
import { type Seconds, seconds } from "../units.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { addCounts, type LatencyHistogram, newHistogram, quantile } from "./histogram.ts";
import { addOutcomes, countFailures, countRequests, noOutcomes, type OutcomeCounter } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { LiveRow, LiveSecond, LiveTimes } from "./result.ts";
import { methodsOf, rowsOf } from "./rows.ts";
import type { WorkerReport } from "./worker-report.ts";

/** A histogram takes 70 KB and several walks through it a second: of a scenario with more rows the first are shown. */
const MOST_ROWS = 40;

/** What a live page is told: sums over the whole window for its table, and the time since the last point for its charts. */
export type LiveSums = {
  readonly known: () => readonly ResultRow[];
  /** By row, where it is known before the load. */
  readonly methods: readonly string[];
  /** So many rows have been looked at. */
  met: number;
  readonly rows: RowSums[];
  readonly all: RowSums;
  users: number;
  /** Since the last point. */
  recent: { outcomes: OutcomeCounter; response: LatencyHistogram | null };
  /** When that was. */
  last: number;
};

type RowSums = {
  /** Place among the rows of a report, -1 for all of them. */
  readonly place: number;
  readonly name: string;
  readonly method: string;
  readonly outcomes: OutcomeCounter;
  response: LatencyHistogram | null;
  before: { requests: number; failures: number };
};

/** `known` are the rows of the reports; they become more while a scenario module runs. */
export const newLive = (
  plan: Pick<LoadPlan, "scenario" | "tasks">,
  known: () => readonly ResultRow[] = () => rowsOf(plan),
): LiveSums => ({
  known,
  methods: methodsOf(plan),
  met: 0,
  rows: [],
  all: newRow(-1, "", ""),
  users: 0,
  recent: { outcomes: noOutcomes(), response: null },
  last: 0,
});

const meetRows = (sums: LiveSums): void => {
  const rows = sums.known();
  for (; sums.met < rows.length; sums.met++) {
    const row = rows[sums.met];
    if (row?.phase === "task" && sums.rows.length < MOST_ROWS)
      sums.rows.push(newRow(sums.met, row.name, sums.methods[sums.met] ?? ""));
  }
};

/** Changes the sums in place, once a second and worker. */
export const addToLive = (sums: LiveSums, report: WorkerReport): void => {
  for (const slice of report.slices) {
    sums.users += slice.spawned - slice.left;
    addOutcomes(sums.recent.outcomes, slice.outcomes);
    addOutcomes(sums.all.outcomes, slice.outcomes);
    if (slice.response === null) continue;
    sums.recent.response = added(sums.recent.response, slice.response);
    sums.all.response = added(sums.all.response, slice.response);
  }
  meetRows(sums);
  for (const sum of sums.rows) {
    const row = report.rows[sum.place];
    if (row === undefined) continue;
    addOutcomes(sum.outcomes, row.outcomes);
    if (row.response !== null) sum.response = added(sum.response, row.response);
  }
};

/** The point for now, and the beginning of the next. Requests count when they have ended. */
export const nextLive = (sums: LiveSums, elapsed: Seconds): LiveSecond => {
  meetRows(sums);
  const time = Math.max(0.001, elapsed - sums.last);
  const { outcomes, response } = sums.recent;
  sums.last = elapsed;
  sums.recent = { outcomes: noOutcomes(), response: null };
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

const newRow = (place: number, name: string, method: string): RowSums => ({
  place,
  name,
  method,
  outcomes: noOutcomes(),
  response: null,
  before: { requests: 0, failures: 0 },
});

const nextRow = (row: RowSums, time: number): LiveRow => {
  const [requests, failures] = [countRequests(row.outcomes), countFailures(row.outcomes)];
  const { before, name, method, response } = row;
  row.before = { requests, failures };
  return {
    name,
    method,
    requests,
    failures,
    ...timesOf(response),
    mean: response === null ? null : inMillis(response.mean),
    min: response === null ? null : millisAt(response, 0),
    max: response === null ? null : millisAt(response, 1),
    requestsPerSecond: rounded((requests - before.requests) / time),
    failuresPerSecond: rounded((failures - before.failures) / time),
  };
};

const added = (into: LatencyHistogram | null, counts: BucketCounts): LatencyHistogram => {
  const sum = into ?? newHistogram();
  addCounts(sum, counts);
  return sum;
};

const timesOf = (histogram: LatencyHistogram | null): LiveTimes => ({
  p50: histogram === null ? null : millisAt(histogram, 0.5),
  p95: histogram === null ? null : millisAt(histogram, 0.95),
  p99: histogram === null ? null : millisAt(histogram, 0.99),
});

const millisAt = (histogram: LatencyHistogram, q: number): number | null => {
  const value = quantile(histogram, q);
  return value === null ? null : inMillis(value);
};

const inMillis = (micros: number): number => rounded(micros / 1000);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
