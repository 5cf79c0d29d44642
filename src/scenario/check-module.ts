import { quote } from "../config/given.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { printableLine } from "../load/printable.ts";
import type { Action } from "./define.ts";

/** What a scenario module exports, after all checks. */
export type CheckedModule = {
  readonly setup: Action | null;
  readonly tasks: readonly { readonly name: string; readonly weight: number; readonly run: Action }[];
  readonly teardown: Action | null;
};

/** Record names are bounded; a module with more tasks than this is generated and meant otherwise. */
const MOST_TASKS = 200;
const SCENARIO_KEYS = ["setup", "tasks", "teardown"];
const TASK_KEYS = ["name", "weight", "run"];
const SHAPE = "Write export default defineScenario({ tasks: [{ name, weight, run }] }).";

/** The default export of a scenario module, or every problem in it at once. `file` is its name, for the sentences. */
export const checkModule = (exported: unknown, file: string): Parsed<CheckedModule> => {
  if (exported === undefined) return refused([missing(`${file} has no default export.`, SHAPE)]);
  if (!isRecord(exported)) return refused([wrong(`The default export of ${file} is not a scenario.`, SHAPE)]);
  const problems: Problem[] = [];
  for (const key of unknownKeys(exported, SCENARIO_KEYS)) {
    problems.push(
      wrong(`${file} has an unknown key ${quote(key)} in its scenario.`, "Known are setup, tasks, teardown."),
    );
  }
  const setup = onceAction(exported["setup"], `setup of ${file}`, problems);
  const teardown = onceAction(exported["teardown"], `teardown of ${file}`, problems);
  const tasks = readTasks(exported["tasks"], file, problems);
  return problems.length > 0 ? refused(problems) : parsed({ setup, tasks, teardown });
};

const readTasks = (value: unknown, file: string, problems: Problem[]): CheckedModule["tasks"] => {
  if (!Array.isArray(value) || value.length === 0) {
    problems.push(missing(`The scenario of ${file} has no tasks.`, SHAPE));
    return [];
  }
  if (value.length > MOST_TASKS) {
    problems.push(
      wrong(`The scenario of ${file} has more than ${MOST_TASKS} tasks.`, "Put similar ones into one task."),
    );
    return [];
  }
  const tasks = value.flatMap((task: unknown, at) => readTask(task, `task ${at + 1} of ${file}`, problems) ?? []);
  const names = tasks.map(({ name }) => name);
  for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at))) {
    const hint = "Give each task a name of its own.";
    problems.push(usageProblem("conflicting-values", `Two tasks of ${file} have the name ${quote(name)}.`, hint));
  }
  return tasks;
};

const readTask = (task: unknown, where: string, problems: Problem[]): CheckedModule["tasks"][number] | null => {
  if (!isRecord(task)) {
    problems.push(wrong(`${capital(where)} is not an object.`, SHAPE));
    return null;
  }
  for (const key of unknownKeys(task, TASK_KEYS)) {
    problems.push(wrong(`${capital(where)} has an unknown key ${quote(key)}.`, "Known are name, weight, run."));
  }
  const { name, weight = 1, run } = task;
  const known = typeof name === "string" ? printableLine(name) : "";
  if (known === "") problems.push(missing(`${capital(where)} has no name.`, "Write name: and a text."));
  if (!isWeight(weight)) {
    const shown = typeof weight === "number" ? String(weight) : typeof weight;
    problems.push(wrong(`The weight of ${where} is ${shown}.`, "Write a number above 0, at most 1,000,000."));
  }
  if (!isAction(run)) problems.push(missing(`${capital(where)} has no function run.`, "Write run(user) { ... }."));
  return { name: known, weight: isWeight(weight) ? weight : 1, run: isAction(run) ? run : () => {} };
};

const onceAction = (value: unknown, what: string, problems: Problem[]): Action | null => {
  if (value === undefined || value === null) return null;
  if (isAction(value)) return value;
  problems.push(wrong(`The ${what} is not a function.`, "Write it as async setup(user) { ... }, or leave it out."));
  return null;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isAction = (value: unknown): value is Action => typeof value === "function";

const isWeight = (value: unknown): value is number => typeof value === "number" && value > 0 && value <= 1_000_000;

const unknownKeys = (value: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] =>
  Object.keys(value).filter((key) => !known.includes(key));

const wrong = (message: string, hint: string): Problem => usageProblem("bad-value", message, hint);
const missing = (message: string, hint: string): Problem => usageProblem("missing-value", message, hint);

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
