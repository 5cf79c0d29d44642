import { quote } from "../config/given.ts";
import type { YamlNode } from "../config/read-yaml.ts";
import { type CapturedName, type Constant, environment, type Phase, type Variable } from "./names.ts";
import { checkName, type PlacedSource } from "./read-data.ts";
import { complain, isEmpty, type Reading, scalarAt } from "./reading.ts";
import { tokensOf } from "./tokens.ts";

/** The map `variables`: values that are the same for all users. */
export const readVariables = (reading: Reading, node: YamlNode): ReadonlyMap<string, Variable> => {
  const variables = new Map<string, Variable>();
  if (node.kind !== "map") {
    complain(reading, node.at, { says: "variables is not a map.", hint: "Write { tier: gold }." });
    return variables;
  }
  for (const { key, keyAt, value } of node.entries) {
    const scalar = isEmpty(value) ? null : scalarAt(reading, value, `the variable ${quote(key)}`);
    if (isEmpty(value))
      complain(reading, value.at, {
        code: "missing-value",
        says: `the variable ${quote(key)} has no value.`,
        hint: 'Write a value, or "" for an empty text.',
      });
    if (!checkName(reading, key, keyAt)) continue;
    variables.set(key, { ...constantOf(reading, scalar?.text ?? "", value.at), written: scalar?.text ?? "" });
  }
  return variables;
};

/** Names captured anywhere, in the order of setup, tasks, teardown: templates may name them before we come to them. */
export const readCaptureNames = (
  reading: Reading,
  sequences: readonly { readonly phase: Phase; readonly sequence: number; readonly steps: readonly YamlNode[] }[],
  taken: { readonly variables: ReadonlyMap<string, Variable>; readonly data: readonly PlacedSource[] },
): readonly CapturedName[] => {
  const names = new Map<string, { phase: Phase; sequence: number }[]>();
  for (const { phase, sequence, steps } of sequences) {
    for (const { key, keyAt } of steps.flatMap(capturesOf)) {
      if (!checkName(reading, key, keyAt)) continue;
      const isTaken = taken.variables.has(key) || taken.data.some(({ source }) => source.name === key);
      if (isTaken)
        complain(reading, keyAt, {
          code: "conflicting-values",
          says: `${key} is already the name of a variable or a data source.`,
          hint: "Choose another name for the capture.",
        });
      else names.set(key, [...(names.get(key) ?? []), { phase, sequence }]);
    }
  }
  return [...names].map(([name, by]) => ({ name, by }));
};

/** Data sources whose names are not taken by a variable or another source. */
export const checkSourceNames = (
  reading: Reading,
  sources: readonly PlacedSource[],
  variables: ReadonlyMap<string, Variable>,
): void => {
  for (const [at, { source, nameAt }] of sources.entries()) {
    const twice = sources.slice(0, at).some((other) => other.source.name === source.name);
    if (!twice && !variables.has(source.name)) continue;
    const says = `${source.name} is already the name of ${twice ? "another data source" : "a variable"}.`;
    complain(reading, nameAt, { code: "conflicting-values", says, hint: "Choose another name." });
  }
};

const constantOf = (reading: Reading, text: string, at: YamlNode["at"]): Constant => {
  const { tokens, faults } = tokensOf(text);
  for (const fault of faults) complain(reading, at, fault);
  const pieces = tokens.flatMap((token): readonly Constant[] => {
    if (token.kind === "text") return [{ kind: "constant", text: token.text, secretNames: [] }];
    if (token.kind === "env")
      return [environment(reading, token.name, at) ?? { kind: "constant", text: "", secretNames: [] }];
    complain(reading, at, {
      says: "a variable holds a template, and its value is the same for everyone.",
      hint: "Write the template where the value is used.",
    });
    return [];
  });
  return {
    kind: "constant",
    text: pieces.map((piece) => piece.text).join(""),
    secretNames: pieces.flatMap((piece) => piece.secretNames),
  };
};

const capturesOf = (step: YamlNode) => {
  const capture = step.kind === "map" ? step.entries.find(({ key }) => key === "capture")?.value : undefined;
  return capture?.kind === "map" ? capture.entries : [];
};
