import type { ResultRow } from "../scenario/scenario.ts";
import { type Seconds, seconds } from "../units.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { addCounts, type LatencyHistogram, newHistogram, quantile } from "./histogram.ts";
import { mostUsers, steadyRange } from "./model.ts";
import { countFailures, countRequests, type OutcomeCounts } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { LoadProgress, ProgressFigures, TaskProgress } from "./result.ts";
import { methodsOf, rowsOf } from "./rows.ts";
import type { WorkerReport } from "./worker-report.ts";

/** A histogram takes 70 KB and four walks through it a second: a scenario with more rows shows its first ones. */
const MOST_TASKS = 40;

/** The running sums behind the live figures; changed in place, once a second and worker. */
export type ProgressSums = {
  readonly all: Sums;
  readonly rows: () => readonly ResultRow[];
  /** By row, where it is known before the load. */
  readonly methods: readonly string[];
  /** So many rows have been looked at. */
  known: number;
  readonly tasks: TaskSums[];
  users: number;
  dropped: number;
  /** As of the line before. */
  lastElapsed: Seconds;
};

type Sums = {
  /** `null` until there is something to count. */
  response: LatencyHistogram | null;
  requests: number;
  failures: number;
  last: { readonly requests: number; readonly failures: number };
};

type TaskSums = Sums & {
  /** Place in the reports' rows. */
  readonly row: number;
  readonly name: string;
  readonly method: string;
};

/** `rows` are those of the reports; they become more while a scenario module runs. */
export const newProgress = (
  plan: Pick<LoadPlan, "scenario" | "tasks">,
  rows: () => readonly ResultRow[] = () => rowsOf(plan),
): ProgressSums => ({
  all: newSums(),
  rows,
  methods: methodsOf(plan),
  known: 0,
  tasks: [],
  users: 0,
  dropped: 0,
  lastElapsed: seconds(0),
});

const meetRows = (sums: ProgressSums): void => {
  const rows = sums.rows();
  for (; sums.known < rows.length; sums.known++) {
    const row = rows[sums.known];
    if (row?.phase !== "task" || sums.tasks.length >= MOST_TASKS) continue;
    sums.tasks.push({ ...newSums(), row: sums.known, name: row.name, method: sums.methods[sums.known] ?? "" });
  }
};

const newSums = (): Sums => ({ response: null, requests: 0, failures: 0, last: { requests: 0, failures: 0 } });

export const addToProgress = (sums: ProgressSums, report: WorkerReport): void => {
  for (const slice of report.slices) {
    sums.users += slice.spawned - slice.left;
    sums.dropped += slice.dropped;
    add(sums.all, slice);
  }
  meetRows(sums);
  for (const task of sums.tasks) {
    const row = report.rows[task.row];
    if (row !== undefined) add(task, row);
  }
};

const add = (
  sums: Sums,
  { outcomes, response }: { readonly outcomes: OutcomeCounts; readonly response: BucketCounts | null },
): void => {
  sums.requests += countRequests(outcomes);
  sums.failures += countFailures(outcomes);
  if (response === null) return;
  sums.response ??= newHistogram();
  addCounts(sums.response, response);
};

/** The figures for now; rates are over the time since the call before. Requests count when they have ended. */
export const nextProgress = (sums: ProgressSums, plan: LoadPlan, elapsed: Seconds): LoadProgress => {
  const time = Math.max(0.001, elapsed - sums.lastElapsed);
  sums.lastElapsed = elapsed;
  return {
    phase: phaseAt(plan, elapsed),
    elapsed,
    runTime: plan.runTime,
    users: sums.users,
    usersAsked: mostUsers(plan),
    dropped: sums.dropped,
    ...nextFigures(sums.all, time),
    tasks: sums.tasks.filter(({ requests }) => requests > 0).map((task) => nextTask(task, time)),
  };
};

const nextTask = (task: TaskSums, time: number): TaskProgress => ({
  name: task.name,
  method: task.method,
  ...nextFigures(task, time),
});

const nextFigures = (sums: Sums, time: number): ProgressFigures => {
  const { response, requests, failures, last } = sums;
  sums.last = { requests, failures };
  return {
    requests,
    failures,
    requestsPerSecond: (requests - last.requests) / time,
    failuresPerSecond: (failures - last.failures) / time,
    mean: response === null ? null : response.mean / 1000,
    p50: millisAt(response, 0.5),
    p95: millisAt(response, 0.95),
    p99: millisAt(response, 0.99),
  };
};

/** While the target is warmed up: these requests are not the window's. */
export const preludeProgress = (plan: LoadPlan, elapsed: Seconds, outcomes: OutcomeCounts): LoadProgress => ({
  ...nextProgress(newProgress(plan), plan, elapsed),
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

const millisAt = (histogram: LatencyHistogram | null, q: number): number | null => {
  const value = histogram === null ? null : quantile(histogram, q);
  return value === null ? null : value / 1000;
};
