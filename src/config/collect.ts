import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { readFileValues } from "./file-values.ts";
import { type Given, quote, wrong } from "./given.ts";
import { type InputRow, isList } from "./input-row.ts";
import { INPUTS, inputRow } from "./inputs.ts";
import { didYouMean, nearestInput } from "./suggest.ts";
import { type Environment, fillIn } from "./variables.ts";

/** Where values come from; an input wins over the file. */
export type Sources = {
  /** By their names in kebab-case; an empty text is "not given", as GitHub passes unset inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Value of the YAML file, `null` without one. */
  readonly file: unknown;
  readonly fileName: string;
  readonly env: Environment;
};

/** A problem and the input it belongs to. */
export type Found = { readonly at: string; readonly problem: Problem };

/** A value of the table that somebody gave; `raw` is as written, variables not filled in. */
export type Collected = { readonly row: InputRow; readonly label: string; readonly raw: string };

/** Everything given, in the order of the table, and what is wrong about names and places. */
export const collect = (
  sources: Sources,
): {
  readonly collected: readonly Collected[];
  readonly problems: readonly Problem[];
  readonly found: readonly Found[];
} => {
  const file = readFileValues(sources.file, sources.fileName);
  const inputs = Object.entries(sources.inputs).map(([name, text]) => ({
    name,
    raw: text.trim(),
    row: inputRow(name),
  }));
  const given = inputs.filter(({ raw }) => raw !== "");
  const problems = given.flatMap(({ name, row }) => (row === undefined ? [unknownInput(name)] : []));
  const found: Found[] = [];
  const collected = INPUTS.flatMap((row) => {
    const named = given.filter((one) => one.row === row).map(({ name, raw }) => ({ row, label: name, raw }));
    const filed = file.values.filter((one) => one.row === row).map(({ label, text }) => ({ row, label, raw: text }));
    const [first, second] = named.length > 0 ? named : filed;
    if (first !== undefined && second !== undefined && second.raw !== first.raw) {
      found.push({ at: row.name, problem: conflict(first, second) });
    }
    return first === undefined ? [] : [first];
  });
  return { collected, problems: [...problems, ...file.problems], found };
};

/** Fills in the variables, and makes the text that messages may quote. */
export const givenOf = ({ row, label, raw }: Collected, env: Environment): Parsed<Given> => {
  const filled = fillIn(raw, env, { label, oneLine: row.value.type === "headers" });
  if (!filled.ok) return refused(filled.problems);
  const given = { label, text: filled.value.trim(), shown: shown(row, raw) };
  // A line break in a single value could begin a line of its own in a log, where GitHub reads commands.
  if (isList(row.value) || !/\p{Cc}/u.test(given.text)) return parsed(given);
  return wrong(given, "which holds a line break or another control character", "Write it on one line.");
};

const shown = (row: InputRow, raw: string): string => (row.secret ? "(hidden)" : quote(raw));

const unknownInput = (name: string): Problem =>
  usageProblem(
    "unknown-input",
    `${quote(name)} is not an input that swarmgate knows.`,
    didYouMean(nearestInput(name, INPUTS), "docs/configuration.md lists the inputs."),
  );

const conflict = (first: Collected, second: Collected): Problem =>
  usageProblem(
    "conflicting-values",
    `${first.label} is ${shown(first.row, first.raw)} and ${second.label} is ${shown(second.row, second.raw)}, but both mean the same.`,
    `Keep one of the two.`,
  );
