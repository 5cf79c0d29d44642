import { grouped } from "../config/numbers.ts";
import type { Problem } from "../errors.ts";
import type { ModelPlan } from "../load/model.ts";
import { countFailures, OUTCOME_CLASSES, type OutcomeClass, type OutcomeCounts } from "../load/outcome.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult } from "../load/result.ts";
import { planAsChanged, type UserChangeByHand } from "../load/retarget.ts";
import { formatStopRule } from "../load/stop-rule.ts";
import { saturationProblem } from "./saturation.ts";

/** Above this share of refused or redirected requests it was not the deployment that was measured (SPEC 12.2). */
const TURNED_AWAY = 0.9;
/** Without a baseline a target that fails more than this proves nothing about the change. */
const FAILING = 0.5;

const REFUSED_STATUSES = [401, 403, 404];

/**
 * Everything that makes the whole run worthless, all of severity `invalid`. `aborted` and `local-error` are in neither part
 * of a share: neither is the target's doing.
 */
export const runProblems = (load: LoadResult, plan: ModelPlan): readonly Problem[] =>
  [
    stopProblem(load),
    changedProblem(load),
    noRequestsProblem(load),
    turnedAwayProblem(load),
    saturationProblem(load, planAsChanged(plan, load.changes ?? [])),
  ].filter((problem) => problem !== null);

/** What makes a part of a load worthless by itself; whether it was enough, and who was turned away, the whole says. */
export const shardRunProblems = (load: LoadResult, plan: ModelPlan): readonly Problem[] =>
  [stopProblem(load), saturationProblem(load, plan)].filter((problem) => problem !== null);

/** What only shows of all shards together. */
export const wholeRunProblems = (load: LoadResult): readonly Problem[] =>
  [noRequestsProblem(load), turnedAwayProblem(load)].filter((problem) => problem !== null);

/**
 * For a run without a baseline: more than half of its requests failed, whatever the failure class. Against a healthy
 * baseline the same run is a `fail` of `failure-rate`, so the caller decides whether to ask.
 */
export const failingWithoutBaseline = (load: Pick<LoadResult, "totals" | "tasks">): Problem | null => {
  const { outcomes } = load.totals;
  const counted = countedRequests(outcomes);
  const failed = countFailures(outcomes);
  if (counted === 0 || failed / counted <= FAILING) return null;
  const worst = worstClass(outcomes);
  const status = topStatus(load, worst, () => true);
  return invalid(
    "target-failing",
    `${percent(failed / counted)} of the requests failed, most of them with ${status === null ? worst : `status ${status}`}, and there is no baseline that was healthy.`,
    "Look at the first failures in the report, mend the target or the scenario, and run again.",
  );
};

const stopProblem = ({ stopped, window, setup }: LoadResult): Problem | null => {
  const after = `after ${Math.round(window.seconds)} s`;
  switch (stopped) {
    case "interrupted":
      return invalid("interrupted", `The load was interrupted ${after}.`, "Run it again to the end.");
    case "worker-lost":
      return invalid(
        "worker-lost",
        `A worker thread of the load generator was lost ${after}.`,
        "Run it again; if it happens twice, use fewer users or a runner with more memory, and report it with the run record.",
      );
    case "scenario-blocked":
      return invalid(
        "scenario-blocked",
        `A task of the scenario module blocked its thread, so that no user of it could go on ${after}.`,
        "Look for a loop without an end or a long calculation in the module, and await something in every loop.",
      );
    case "users-gone":
      return invalid(
        "no-requests",
        `Nobody was left to send requests ${after}: the setup failed for all ${setup.failedUsers} users.`,
        "Look at the first failures of the setup in the report, and mend the scenario or its credentials.",
      );
    case "run-time":
    case "max-requests":
    case "stop-if":
      return null;
  }
};

/**
 * Why the load ended before its time though the run is a measurement; `null` when it did not. The seconds that were run
 * are judged like any others.
 */
export const earlyEnd = (
  { stopped, window }: LoadResult,
  { runTime, maxRequests, stopIf }: Pick<LoadPlan, "runTime" | "maxRequests" | "stopIf">,
): Problem | null => {
  if (stopped !== "max-requests" && stopped !== "stop-if") return null;
  const rule = stopIf === null ? "" : formatStopRule(stopIf);
  const byRequests = stopped === "max-requests";
  return {
    code: "stopped-early",
    severity: "warning",
    message: `The load ended after ${Math.round(window.seconds)} of ${Math.round(runTime)} s: ${byRequests ? `max-requests (${grouped(maxRequests)}) were sent` : `stop-if held, ${rule}`}.`,
    hint: byRequests
      ? "Raise max-requests, or ask for less load."
      : "Look at the first failures in the report; without stop-if the load goes on to its end.",
  };
};

/** Its fingerprint still says what was planned, so that only this keeps it from being taken for that load. */
const changedProblem = ({ changes = [] }: LoadResult): Problem | null =>
  changes.length === 0
    ? null
    : invalid(
        "changed-by-hand",
        `The load was changed by hand while it ran: ${changes.map(changeText).join(", ")}.`,
        "Give the users and the spawn rate that you want before the run, and run it again without touching them.",
      );

const changeText = ({ at, users, spawnRate }: UserChangeByHand): string =>
  `to ${users} users at ${spawnRate} per second after ${Math.round(at)} s`;

const noRequestsProblem = ({ totals }: LoadResult): Problem | null => {
  if (countedRequests(totals.outcomes) > 0) return null;
  return totals.requests === 0
    ? invalid(
        "no-requests",
        "No request was sent in the window.",
        "Raise users, run-time or max-requests, or shorten wait-time.",
      )
    : invalid(
        "no-requests",
        `None of the ${totals.requests} requests came to an end: all were aborted or failed on this machine.`,
        "Raise run-time and stop-timeout above the target's response time, and check the runner's limits.",
      );
};

const turnedAwayProblem = (load: LoadResult): Problem | null => {
  const { outcomes } = load.totals;
  const counted = countedRequests(outcomes);
  const refused = refusedRequests(load);
  if (counted === 0 || (refused + outcomes.redirected) / counted <= TURNED_AWAY) return null;
  if (outcomes.redirected > refused) {
    const status = topStatus(load, "redirected", () => true);
    return invalid(
      "target-redirects",
      `${percent(outcomes.redirected / counted)} of the requests were redirected${withStatus(status)}.`,
      "Redirects are not followed: give the final address as url, and send what a protected preview asks for in headers.",
    );
  }
  return invalid(
    "target-refused",
    `${percent(refused / counted)} of the requests were refused${withStatus(topStatus(load, "client-error", isRefusal))}.`,
    "Check the paths of the scenario, and send the access header of a protected preview in headers.",
  );
};

/**
 * Requests answered 401, 403 or 404. The engine counts classes, so each task's `client-error` count is split as its
 * examples are; a task without examples counts whole, because a doubt must not make a run valid.
 */
const refusedRequests = ({ tasks }: LoadResult): number =>
  tasks.reduce((total, task) => {
    const examples = task.examples["client-error"] ?? [];
    const share =
      examples.length === 0 ? 1 : examples.filter(({ status }) => isRefusal(status)).length / examples.length;
    return total + task.outcomes["client-error"] * share;
  }, 0);

const isRefusal = (status: number | null): boolean => status !== null && REFUSED_STATUSES.includes(status);

/** The status that stands for most requests of a class, estimated from the examples. */
const topStatus = (
  { tasks }: Pick<LoadResult, "tasks">,
  name: OutcomeClass,
  wanted: (status: number) => boolean,
): number | null => {
  const weights = new Map<number, number>();
  for (const task of tasks) {
    const examples = task.examples[name] ?? [];
    for (const { status } of examples)
      if (status !== null && wanted(status))
        weights.set(status, (weights.get(status) ?? 0) + task.outcomes[name] / examples.length);
  }
  return [...weights].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
};

const worstClass = (outcomes: OutcomeCounts): OutcomeClass =>
  OUTCOME_CLASSES.filter((name) => name !== "ok" && name !== "aborted" && name !== "local-error").reduce(
    (worst, name) => (outcomes[name] > outcomes[worst] ? name : worst),
  );

/** What the shares are of: the denominator of the failure rate. */
const countedRequests = (outcomes: OutcomeCounts): number => outcomes.ok + countFailures(outcomes);

const withStatus = (status: number | null): string => (status === null ? "" : ` with status ${status}`);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const invalid = (code: Problem["code"], message: string, hint: string): Problem => ({
  code,
  severity: "invalid",
  message,
  hint,
});
