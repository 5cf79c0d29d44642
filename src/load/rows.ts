import type { ResultRow } from "../scenario/scenario.ts";
import type { LoadPlan } from "./plan.ts";

/** Rows of the result: step names of setup, tasks and teardown; without a scenario the tasks themselves. */
export const rowsOf = ({ scenario, tasks }: Pick<LoadPlan, "scenario" | "tasks">): readonly ResultRow[] =>
  scenario === null ? tasks.map(({ name }) => ({ name, phase: "task" })) : scenario.rows;

/** The plan with the rows that the requests of its module have made. */
export const withRows = (plan: LoadPlan, rows: readonly ResultRow[]): LoadPlan =>
  plan.scenario === null || plan.scenario.module === null ? plan : { ...plan, scenario: { ...plan.scenario, rows } };

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

/** Rows that the requests of a module may make by their names: an id in each name must not make a row of each request. */
export const MOST_NAMED_ROWS = 200;
/** The row that takes the requests of a phase whose names came later. */
export const OTHER_NAMES = "(other names)";
