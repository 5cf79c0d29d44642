import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { fnv1a, fnv1aOfBytes } from "./checksum.ts";
import type { Flow, Names } from "./names.ts";
import { METHODS, type RequestStep, type Step } from "./scenario.ts";

/** A step and the map it was read from. */
export type WrittenStep = { readonly step: Step; readonly node: YamlNode; readonly name: string };

/**
 * What a sequence does, as one line: `POST /orders 9ab0c3d1; wait between(0.5,1); ...; uses 01ab23cd`. Method, URL and name
 * stand there as written, so that `${NAME}` is not filled in; everything else is a checksum. Header values are left out:
 * they may be secret, or belong to one preview only. So are the rows of the data.
 */
export const sequenceDefinition = (steps: readonly WrittenStep[], flow: Flow, names: Names): string =>
  [...steps.map(stepDefinition), ...usesDefinition(flow, names)].join("; ");

/**
 * Definition by task name, for the test fingerprint. Tasks of one name are one entry: their order in the file says
 * nothing about the load.
 */
export const taskDefinitions = (
  tasks: readonly { readonly name: string; readonly definition: string }[],
): Readonly<Record<string, string>> => {
  const byName = new Map<string, readonly string[]>();
  for (const { name, definition } of tasks) byName.set(name, [...(byName.get(name) ?? []), definition]);
  return Object.fromEntries([...byName].map(([name, all]) => [name, [...all].sort().join(" | ")]));
};

const stepDefinition = ({ step, node, name }: WrittenStep): string => {
  if (node.kind !== "map") return "";
  if (step.kind === "wait")
    return `wait ${node.entries.map(({ value }) => value.kind === "scalar" && value.text.replace(/\s+/g, "")).join()}`;
  const url = node.entries.find(({ key }) => METHODS.some((method) => method === key))?.value;
  const first = `${step.method} ${url?.kind === "scalar" ? url.text : ""}`;
  return [first, ...(name === first ? [] : [`name=${name}`]), fnv1a(JSON.stringify(restOf(step, node.entries)))].join(
    " ",
  );
};

/** Keys sorted, header names only, files by content. */
const restOf = (step: RequestStep, entries: readonly YamlEntry[]): readonly unknown[] => [
  step.headers.map(({ name }) => name.toLowerCase()).sort(),
  step.body?.kind === "bytes" ? [step.body.bytes.length, fnv1aOfBytes(step.body.bytes)] : null,
  ...entries
    .filter(({ key }) => !LEFT_OUT.has(key))
    .map(({ key, value }) => [key, plainValue(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
];

/** Said elsewhere in the definition. */
const LEFT_OUT: ReadonlySet<string> = new Set([...METHODS, "name", "weight", "headers", "file"]);

const plainValue = (node: YamlNode): unknown => {
  switch (node.kind) {
    case "scalar":
      return node.plain ? node.value : node.text;
    case "list":
      return node.items.map(plainValue);
    case "map":
      return node.entries.map(({ key, value }) => [key, plainValue(value)]);
  }
};

const usesDefinition = (flow: Flow, { variables, data }: Names): readonly string[] => {
  const values = [...flow.variables].sort().map((name) => [name, variables.get(name)?.written]);
  const sources = [...flow.draws].sort((a, b) => a - b).map((at) => [data[at]?.name, data[at]?.pick]);
  return values.length + sources.length === 0 ? [] : [`uses ${fnv1a(JSON.stringify([values, sources]))}`];
};
