import type { ResultRow } from "../scenario/scenario.ts";
import type { LoadPlan } from "./plan.ts";

/** Rows of the result: step names of setup, tasks and teardown; without a scenario the tasks themselves. */
export const rowsOf = ({ scenario, tasks }: Pick<LoadPlan, "scenario" | "tasks">): readonly ResultRow[] =>
  scenario === null ? tasks.map(({ name }) => ({ name, phase: "task" })) : scenario.rows;

/** For each row the method of its first step. */
export const methodsOf = ({ scenario, tasks }: Pick<LoadPlan, "scenario" | "tasks">): readonly string[] => {
  if (scenario === null) return tasks.map(({ request }) => request.method);
  const steps = [scenario.setup, ...scenario.tasks, scenario.teardown].flatMap((sequence) => sequence.steps);
  return scenario.rows.map((_, place) => {
    const first = steps.find((step) => step.kind === "request" && step.row === place);
    return first?.kind === "request" ? first.method : "";
  });
};

/** For each row its place among the rows of the tasks, -1 for rows of setup and teardown. */
export const taskPlaces = (rows: readonly ResultRow[]): readonly number[] => {
  let places = 0;
  return rows.map(({ phase }) => (phase === "task" ? places++ : -1));
};
