import type { Position, YamlNode } from "../config/read-yaml.ts";
import type { Environment } from "../config/variables.ts";
import { type ErrorCode, type Problem, usageProblem } from "../errors.ts";

/** What is wrong and where. */
export type PlacedProblem = { readonly at: Position; readonly problem: Problem };

/** One file while it is read: problems and used variables gather here. */
export type Reading = {
  readonly fileName: string;
  readonly env: Environment;
  /** By message: an outer header is read for every step and must not be wrong a hundred times. */
  readonly problems: Map<string, PlacedProblem>;
  /** Names of environment variables whose values are secret. */
  readonly secretNames: Set<string>;
};

/** A list, a map or nothing is no text; a quoted empty text is one. */
export type ScalarNode = Extract<YamlNode, { readonly kind: "scalar" }>;

export type Fault = { readonly code?: ErrorCode; readonly says: string; readonly hint: string };

/** Notes a problem: `FILE, line 3, column 5: <says>`. */
export const complain = (reading: Reading, at: Position, { code = "bad-value", says, hint }: Fault): void => {
  const message = `${placeText(reading.fileName, at)}: ${says}`;
  reading.problems.set(message, { at, problem: usageProblem(code, message, hint) });
};

/** Passes on what a parser of the configuration says about a value. */
export const passOn = (reading: Reading, at: Position, problems: readonly Problem[]): null => {
  for (const { code, message, hint } of problems) {
    complain(reading, at, { code, says: /[.!?]$/.test(message) ? message : `${message}.`, hint });
  }
  return null;
};

export const placeText = (fileName: string, { line, column }: Position): string =>
  `${fileName}, line ${line}, column ${column}`;

/** In the order of the file. */
export const inOrder = ({ problems }: Reading): readonly Problem[] =>
  [...problems.values()]
    .sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
    .map(({ problem }) => problem);

/** Nothing stands there: `key:` without a value. */
export const isEmpty = (node: YamlNode): boolean => node.kind === "scalar" && node.plain && node.text === "";

/** A scalar that is not empty, else a problem and `null`. */
export const scalarAt = (reading: Reading, node: YamlNode, what: string): ScalarNode | null => {
  if (node.kind === "scalar" && !isEmpty(node)) return node;
  const is = node.kind === "scalar" ? "has no value" : `is a ${node.kind}, and one value is needed`;
  complain(reading, node.at, {
    code: node.kind === "scalar" ? "missing-value" : "bad-value",
    says: `${what} ${is}.`,
    hint: `Write one value behind ${what}, or remove it.`,
  });
  return null;
};
