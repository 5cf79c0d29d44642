import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { buildConfig } from "./build.ts";
import { checkTogether } from "./check-together.ts";
import { type Collected, collect, type Found, givenOf, type Sources } from "./collect.ts";
import type { Config } from "./config.ts";
import type { Given } from "./given.ts";
import type { InputRow } from "./input-row.ts";
import { INPUTS, type Values } from "./inputs.ts";
import { readValue } from "./read-value.ts";
import { secretsOf } from "./secrets.ts";
import type { Environment } from "./variables.ts";

/** Everything the configuration is made of. */
export type ConfigSources = Sources & {
  /** The job id; a plain word outside GitHub. */
  readonly defaults: { readonly name: string };
  /** `true` where load is sent: then a URL must be given. */
  readonly needsTarget: boolean;
};

/**
 * Reads the whole configuration: an input wins over the file, defaults fill the rest. All problems come back at once,
 * those about names first, then in the order of the table.
 */
export const parseConfig = (sources: ConfigSources): Parsed<Config> => {
  const { collected, problems, found: conflicts } = collect(sources);
  const { values, found } = readAll(collected, sources.env);
  const given = new Set(collected.map(({ row }) => row.name));
  const together = checkTogether(values, { given, needsTarget: sources.needsTarget });
  const all = [...problems, ...inTableOrder([...conflicts, ...found, ...together])];
  if (all.length > 0) return refused(all);
  const raw = (name: string): string => collected.find(({ row }) => row.name === name)?.raw ?? "";
  // Complete: without a problem every built row has been read, from what was given or from its default.
  const complete = values as Values;
  const secrets = secretsOf({
    headers: complete.headers ?? {},
    rawHeaders: raw("headers"),
    rawUrls: [raw("url"), raw("base-url")],
    token: complete["github-token"],
    env: sources.env,
  });
  return parsed(buildConfig(complete, { name: sources.defaults.name, secrets, given }));
};

const readAll = (
  collected: readonly Collected[],
  env: Environment,
): { readonly values: Partial<Values>; readonly found: readonly Found[] } => {
  const values: Record<string, unknown> = {};
  const found: Found[] = [];
  for (const row of INPUTS) {
    const one = collected.find((candidate) => candidate.row === row);
    const value = one === undefined ? readDefault(row) : readGiven(one, env);
    if (value.ok) values[row.name] = value.value;
    else found.push(...value.problems.map((problem) => ({ at: row.name, problem })));
  }
  return { values, found };
};

const readGiven = (one: Collected, env: Environment): Parsed<unknown> => {
  if (!one.row.built) return refused([notBuilt(one)]);
  const given = givenOf(one, env);
  if (given.ok || one.row.value.type !== "headers") return given.ok ? readValue(given.value, one.row.value) : given;
  // A missing variable does not hide what is wrong with the other headers: `${NAME}` itself is a harmless value.
  const rest = readValue({ label: one.label, text: one.raw, shown: "" }, one.row.value);
  return refused([...given.problems, ...(rest.ok ? [] : rest.problems)]);
};

/** A default goes through the same parser as what a user writes, so that it cannot be out of bounds. */
const readDefault = (row: InputRow): Parsed<unknown> => {
  if (row.default === undefined) return parsed(null);
  const given: Given = { label: row.name, text: row.default, shown: row.default };
  return readValue(given, row.value);
};

const notBuilt = ({ row, label }: Collected): Problem =>
  usageProblem(
    "not-built-yet",
    `${label} is not built yet.`,
    `Leave ${row.name} out; docs/configuration.md lists what works.`,
  );

const inTableOrder = (found: readonly Found[]): readonly Problem[] => {
  const place = (one: Found): number => INPUTS.findIndex((row) => row.name === one.at);
  return [...found].sort((a, b) => place(a) - place(b)).map((one) => one.problem);
};
