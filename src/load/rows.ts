import type { ResultRow } from "../scenario/scenario.ts";
import type { LoadPlan } from "./plan.ts";

/** Rows of the result: step names of setup, tasks and teardown; without a scenario the tasks themselves. */
export const rowsOf = ({ scenario, tasks }: Pick<LoadPlan, "scenario" | "tasks">): readonly ResultRow[] =>
  scenario === null ? tasks.map(({ name }) => ({ name, phase: "task" })) : scenario.rows;

/** For each row its place among the rows of the tasks, -1 for rows of setup and teardown. */
export const taskPlaces = (rows: readonly ResultRow[]): readonly number[] => {
  let places = 0;
  return rows.map(({ phase }) => (phase === "task" ? places++ : -1));
};
