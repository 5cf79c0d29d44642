import type { ResultRow } from "../scenario/scenario.ts";
import { sumCounts, summarise } from "./histogram.ts";
import { addOutcomes, countRequests, noOutcomes, OUTCOME_CLASSES, type OutcomeClass } from "./outcome.ts";
import type { FailureExample, OnceResult, TaskResult } from "./result.ts";
import type { WorkerReport } from "./worker-report.ts";

/** Examples kept of each failure class of each row. */
export const EXAMPLES_KEPT = 5;

export const sumTasks = (rows: readonly ResultRow[], reports: readonly WorkerReport[]): readonly TaskResult[] =>
  rows.flatMap(({ name, phase }, index) => (phase === "task" ? [sumRow(name, index, reports)] : []));

/** The rows of setup or teardown, and what they add up to. */
export const sumOnce = (
  rows: readonly ResultRow[],
  reports: readonly WorkerReport[],
  wanted: "setup" | "teardown",
): OnceResult => {
  const own = rows.flatMap(({ name, phase }, index) => (phase === wanted ? [sumRow(name, index, reports)] : []));
  const outcomes = noOutcomes();
  for (const row of own) addOutcomes(outcomes, row.outcomes);
  const failedUsers = reports.reduce((sum, report) => sum + report.failedUsers[wanted], 0);
  return { requests: countRequests(outcomes), outcomes, failedUsers, rows: own };
};

const sumRow = (name: string, index: number, reports: readonly WorkerReport[]): TaskResult => {
  const parts = reports.flatMap((report) => report.rows[index] ?? []);
  const outcomes = noOutcomes();
  const examples: Partial<Record<OutcomeClass, readonly FailureExample[]>> = {};
  for (const part of parts) {
    addOutcomes(outcomes, part.outcomes);
    for (const [outcome, texts] of entriesOf(part.examples)) {
      examples[outcome] = [...(examples[outcome] ?? []), ...texts].slice(0, EXAMPLES_KEPT);
    }
  }
  return {
    name,
    requests: countRequests(outcomes),
    outcomes,
    response: summarise(sumCounts(parts.map((part) => part.response))),
    service: summarise(sumCounts(parts.map((part) => part.service))),
    examples,
  };
};

const entriesOf = (examples: TaskResult["examples"]): readonly [OutcomeClass, readonly FailureExample[]][] =>
  OUTCOME_CLASSES.flatMap((outcome) => {
    const texts = examples[outcome];
    return texts === undefined ? [] : [[outcome, texts]];
  });
