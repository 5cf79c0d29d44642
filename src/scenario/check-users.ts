import { type Problem, usageProblem } from "../errors.ts";
import type { DataSource, Scenario } from "./scenario.ts";

/** What is missing before this many users can run: a row each of every `unique` source. Empty when nothing is. */
export const checkUsers = ({ data }: Pick<Scenario, "data">, users: number): readonly Problem[] =>
  data.flatMap((source) => {
    const says = tooFewRows(source, users);
    return says === null ? [] : [usageProblem("bad-value", `In the scenario ${says}.`, MORE_ROWS)];
  });

export const MORE_ROWS = "Add rows, run fewer users, or pick rows sequential or random.";

/** Half a sentence, or `null`. */
export const tooFewRows = ({ name, pick, rows }: DataSource, users: number): string | null =>
  pick !== "unique" || rows.length >= users
    ? null
    : `the data source ${name} has ${rows.length} ${rows.length === 1 ? "row" : "rows"} for ${users} users, and each needs one of its own`;
