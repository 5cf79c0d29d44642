import type { ResultRow } from "../scenario/scenario.ts";
import { type Seconds, seconds } from "../units.ts";
import { mostUsers, steadyRange } from "./model.ts";
import { countFailures, countRequests, type OutcomeCounts } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { LoadProgress } from "./result.ts";
import { addToRunning, newRunningSums, type RunningSums, takeFigures } from "./row-sums.ts";
import type { WorkerReport } from "./worker-report.ts";

/** The running sums behind the live figures; changed in place, once a second and worker. */
export type ProgressSums = {
  readonly sums: RunningSums;
  dropped: number;
  /** As of the line before. */
  lastElapsed: Seconds;
};

/** `rows` are those of the reports; they become more while a scenario module runs. */
export const newProgress = (
  plan: Pick<LoadPlan, "scenario" | "tasks">,
  rows?: () => readonly ResultRow[],
): ProgressSums => ({ sums: newRunningSums(plan, rows), dropped: 0, lastElapsed: seconds(0) });

export const addToProgress = (progress: ProgressSums, report: WorkerReport): void => {
  for (const slice of report.slices) progress.dropped += slice.dropped;
  addToRunning(progress.sums, report);
};

/** The figures for now; rates are over the time since the call before. Requests count when they have ended. */
export const nextProgress = (progress: ProgressSums, plan: LoadPlan, elapsed: Seconds): LoadProgress => {
  const { sums } = progress;
  const time = Math.max(0.001, elapsed - progress.lastElapsed);
  progress.lastElapsed = elapsed;
  return {
    phase: phaseAt(plan, elapsed),
    elapsed,
    runTime: plan.runTime,
    users: sums.users,
    usersAsked: mostUsers(plan),
    dropped: progress.dropped,
    ...takeFigures(sums.all, time),
    tasks: sums.rows
      .map((row) => ({ name: row.name, method: row.method, ...takeFigures(row, time) }))
      .filter(({ requests }) => requests > 0),
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
