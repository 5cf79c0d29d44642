import type { Position } from "../config/read-yaml.ts";
import { didYouMean, nearest } from "../config/suggest.ts";
import { variableValue } from "../config/variables.ts";
import { valueAt } from "./json-pointer.ts";
import { complain, type Reading } from "./reading.ts";
import type { DataSource, ValuePart } from "./scenario.ts";
import { type EnvToken, type NameToken, type RandomToken, RESERVED } from "./tokens.ts";

/** Where a sequence stands: what a later one has captured may be there in the next round. */
export type Phase = "setup" | "task" | "teardown";

/** Everything that a template may name. */
export type Names = {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly data: readonly DataSource[];
  /** Names of captures by slot, and the phases and sequences in which they happen. */
  readonly captures: readonly CapturedName[];
};

/** A value that is known before the run, and the environment variables it was made of. */
export type Constant = { readonly kind: "constant"; readonly text: string; readonly secretNames: readonly string[] };

/** `written` is the value with its environment variables not filled in. */
export type Variable = Constant & { readonly written: string };

export type CapturedName = {
  readonly name: string;
  readonly by: readonly { readonly phase: Phase; readonly sequence: number }[];
};

/** One sequence while it is read. */
export type Flow = {
  readonly phase: Phase;
  /** Counts from 0 within the phase. */
  readonly sequence: number;
  /** Slots that steps before this one have filled. */
  readonly filled: Set<number>;
  /** Places of the data sources that the sequence uses. */
  readonly draws: Set<number>;
  /** Variables that the sequence uses. */
  readonly variables: Set<string>;
};

/** A piece of a template: a value that is known now, or a part for later. */
export type Resolved = Constant | { readonly kind: "part"; readonly part: ValuePart };

export const newFlow = (phase: Phase, sequence: number, filled: ReadonlySet<number>): Flow => ({
  phase,
  sequence,
  filled: new Set(filled),
  draws: new Set(),
  variables: new Set(),
});

/** After everything: only what can never be known is a problem. */
export const lastFlow = ({ captures }: Names): Flow => newFlow("teardown", 0, new Set(captures.keys()));

export type Lookup = { readonly reading: Reading; readonly names: Names; readonly flow: Flow };

/** Looks a token up, `null` after a problem. What can be known to be undefined is a problem here, before anything is sent. */
export const lookUp = (
  { reading, names, flow }: Lookup,
  token: NameToken | EnvToken | RandomToken,
  at: Position,
): Resolved | null => {
  switch (token.kind) {
    case "random-int":
    case "random-uuid":
      return { kind: "part", part: token };
    case "env":
      return environment(reading, token.name, at);
    case "name":
      return named({ reading, names, flow }, token, at);
  }
};

/** The value of `${NAME}`; unset or empty is a problem. */
export const environment = (reading: Reading, name: string, at: Position): Constant | null => {
  const text = variableValue(name, reading.env);
  if (text !== "") return { kind: "constant", text, secretNames: [name] };
  complain(reading, at, {
    code: "unset-variable",
    says: `the variable ${name} is not set or empty.`,
    hint: `Set ${name} in the environment of this step.`,
  });
  return null;
};

const named = (lookup: Lookup, token: NameToken, at: Position): Resolved | null => {
  const { reading, names, flow } = lookup;
  const { name, path, written } = token;
  const variable = names.variables.get(name);
  const source = names.data.findIndex((one) => one.name === name);
  const slot = names.captures.findIndex((one) => one.name === name);
  if (variable !== undefined && path.length > 0) {
    const hint = `Write {{ ${name} }}.`;
    complain(reading, at, { says: `"{{ ${written} }}": the variable ${name} is one value without parts.`, hint });
    return null;
  }
  if (variable !== undefined) {
    flow.variables.add(name);
    return variable;
  }
  if (source >= 0) return dataValue(lookup, token, { source, at });
  if (slot >= 0) {
    const early = tooEarly(lookup, slot);
    if (early !== null)
      complain(reading, at, { says: `"{{ ${written} }}" ${early}.`, hint: "Capture it in an earlier step." });
    return { kind: "part", part: { kind: "captured", slot, path, name: written } };
  }
  const all = [
    ...names.variables.keys(),
    ...names.data.map((one) => one.name),
    ...names.captures.map((one) => one.name),
  ];
  const guess = nearest(name, [...all, ...RESERVED]);
  complain(reading, at, {
    says: `"{{ ${written} }}" is undefined.`,
    hint: didYouMean(guess, `Name it under variables, as a data file, or in a capture of an earlier step.`),
  });
  return null;
};

const dataValue = (
  { reading, names, flow }: Lookup,
  { name, path, written }: NameToken,
  { source, at }: { readonly source: number; readonly at: Position },
): Resolved | null => {
  const rows = names.data[source]?.rows ?? [];
  const columns = [...new Set(rows.slice(0, 100).flatMap((row) => Object.keys(row)))];
  if (path.length === 0) {
    const hint = `Name one of its columns, such as {{ ${name}.${columns[0] ?? "id"} }}.`;
    complain(reading, at, { says: `"{{ ${written} }}" is a whole row of data.`, hint });
    return null;
  }
  // A source that could not be read has no rows: its own problem is enough.
  if (rows.length > 0 && !rows.some((row) => valueAt(row, path) !== undefined)) {
    const guess = nearest(path[0] ?? "", columns);
    const hint = didYouMean(
      guess === null ? null : `${name}.${guess}`,
      `Its columns are ${columns.slice(0, 20).join(", ")}.`,
    );
    complain(reading, at, { says: `"{{ ${written} }}" names a column that the data does not have.`, hint });
    return null;
  }
  flow.draws.add(source);
  return { kind: "part", part: { kind: "data", source, path, name: written } };
};

/**
 * Why a capture cannot have happened yet, or `null`. A step of another task may have run before, so that its captures are
 * only known while the users run; setup is over when a task begins, and tasks are when teardown does.
 */
const tooEarly = ({ names, flow }: Lookup, slot: number): string | null => {
  if (flow.filled.has(slot)) return null;
  const by = names.captures[slot]?.by ?? [];
  const possible = by.some(({ phase, sequence }) => {
    if (phase === flow.phase) return phase === "task" && sequence !== flow.sequence;
    return ORDER[phase] < ORDER[flow.phase];
  });
  if (possible) return null;
  const inSame = by.some(({ phase, sequence }) => phase === flow.phase && sequence === flow.sequence);
  return inSame ? "is used before it is captured" : "is captured only after this step has run";
};

const ORDER: Readonly<Record<Phase, number>> = { setup: 0, task: 1, teardown: 2 };
