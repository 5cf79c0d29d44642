import { quote } from "../config/given.ts";
import type { YamlNode } from "../config/read-yaml.ts";
import { sequenceDefinition, type WrittenStep } from "./definition.ts";
import { fieldsOf, itemsOf } from "./fields.ts";
import { type Flow, lastFlow, type Names, newFlow, type Phase } from "./names.ts";
import type { FileReader } from "./read-file.ts";
import { readHeaders } from "./read-headers.ts";
import { readLabel, readRequestStep, readWaitStep, STEP_KEYS, type StepContext } from "./read-step.ts";
import { complain, type Reading, scalarAt } from "./reading.ts";
import type { ScenarioTask, Sequence, Step } from "./scenario.ts";

/** What all sequences of a scenario share while they are read. */
export type ScenarioContext = {
  readonly reading: Reading;
  readonly names: Names;
  readonly files: FileReader;
  /** The map `headers` of the scenario, if there is one. */
  readonly headers: readonly YamlNode[];
  readonly ownOrigin: string | null;
  readonly row: (phase: Phase, name: string) => number;
};

export type ReadSequence = {
  readonly sequence: Sequence;
  readonly definition: string;
  readonly filled: ReadonlySet<number>;
};

export const TASK_KEYS = ["name", "weight", "headers", "steps"] as const;

/** The list under `setup` or `teardown`. */
export const readSequence = (
  context: ScenarioContext,
  node: YamlNode,
  at: { readonly phase: "setup" | "teardown"; readonly filled: ReadonlySet<number> },
): ReadSequence => {
  const flow = newFlow(at.phase, 0, at.filled);
  const steps = readSteps(stepContext(context, flow, context.headers), itemsOf(context.reading, node, at.phase));
  return finished(context, flow, steps);
};

/** One item of `tasks`: a request with a weight, or a sequence of steps. `null` after a problem that leaves nothing to run. */
export const readTask = (
  context: ScenarioContext,
  node: YamlNode,
  { index, filled }: { readonly index: number; readonly filled: ReadonlySet<number> },
): ScenarioTask | null => {
  const { reading } = context;
  const flow = newFlow("task", index, filled);
  const isSequence = node.kind === "map" && node.entries.some(({ key }) => key === "steps");
  if (!isSequence) return readSingle(context, node, flow);
  const fields = fieldsOf(reading, node, { what: "a task with steps", keys: TASK_KEYS, elsewhere: IN_STEPS });
  if (fields === null) return null;
  const own = fields.get("headers");
  if (own !== null) checkHeaders(context, own);
  const headers = own === null ? context.headers : [own, ...context.headers];
  const weight = readWeight(reading, fields.get("weight"));
  const nameNode = fields.get("name");
  const name = nameNode === null ? null : readLabel(reading, nameNode);
  const list = fields.get("steps");
  const items = list === null ? [] : itemsOf(reading, list, "steps");
  const steps = readSteps(stepContext(context, flow, headers), items);
  if (list?.kind === "list" && !items.some(isRequest)) {
    complain(reading, list.at, {
      code: "missing-value",
      says: "the steps of a task send nothing.",
      hint: "Add a request, such as get: /hello.",
    });
  }
  const { sequence, definition } = finished(context, flow, steps);
  const first = steps.find(({ step }) => step.kind === "request")?.name ?? "";
  return { ...sequence, name: name ?? first, weight, definition: `weight=${weight} ${definition}` };
};

/** Says what is wrong with outer headers even if no step sends them. */
export const checkHeaders = ({ reading, names }: Pick<ScenarioContext, "reading" | "names">, node: YamlNode): void => {
  readHeaders({ reading, names, flow: lastFlow(names) }, [node]);
};

const readSingle = (context: ScenarioContext, node: YamlNode, flow: Flow): ScenarioTask | null => {
  const { reading } = context;
  const form = {
    what: "a task",
    keys: [...STEP_KEYS, "weight", "steps"],
    elsewhere: { ...ELSEWHERE, wait: WAIT_IN_STEPS },
  };
  const fields = fieldsOf(reading, node, form);
  if (fields === null) return null;
  const weight = readWeight(reading, fields.get("weight"));
  const read = readRequestStep(stepContext(context, flow, context.headers), fields);
  if (read === null) return null;
  const { sequence, definition } = finished(context, flow, [{ ...read, node }]);
  return { ...sequence, name: read.name, weight, definition: `weight=${weight} ${definition}` };
};

const readSteps = (context: StepContext, items: readonly YamlNode[]): readonly WrittenStep[] =>
  items.flatMap((node) => {
    const read = readStep(context, node);
    return read === null ? [] : [{ ...read, node }];
  });

const readStep = (context: StepContext, node: YamlNode): { readonly step: Step; readonly name: string } | null => {
  const { reading } = context.lookup;
  if (node.kind === "map" && node.entries.some(({ key }) => key === "wait")) {
    const fields = fieldsOf(reading, node, { what: "a wait", keys: ["wait"], elsewhere: ALONE });
    const wait = fields?.get("wait") ?? null;
    const step = wait === null ? null : readWaitStep(reading, wait);
    return step === null ? null : { step, name: "wait" };
  }
  const form = { what: "a request step", keys: [...STEP_KEYS, "wait"], elsewhere: ELSEWHERE };
  const fields = fieldsOf(reading, node, form);
  return fields === null ? null : readRequestStep(context, fields);
};

const stepContext = (context: ScenarioContext, flow: Flow, headers: readonly YamlNode[]): StepContext => ({
  lookup: { reading: context.reading, names: context.names, flow },
  files: context.files,
  headers,
  ownOrigin: context.ownOrigin,
  row: (name) => context.row(flow.phase, name),
});

const finished = ({ names }: ScenarioContext, flow: Flow, steps: readonly WrittenStep[]): ReadSequence => ({
  sequence: { steps: steps.map(({ step }) => step), draws: [...flow.draws].sort((a, b) => a - b) },
  definition: sequenceDefinition(steps, flow, names),
  filled: flow.filled,
});

/** Whatever else is wrong with it. */
const isRequest = (node: YamlNode): boolean =>
  !(node.kind === "map" && node.entries.every(({ key }) => key === "wait") && node.entries.length > 0);

const HEAVIEST = 1_000_000;

const readWeight = (reading: Reading, node: YamlNode | null): number => {
  const scalar = node === null ? null : scalarAt(reading, node, "weight");
  if (scalar === null) return 1;
  const weight = /^[0-9]+(\.[0-9]+)?$/.test(scalar.text) ? Number(scalar.text) : Number.NaN;
  if (weight > 0 && weight <= HEAVIEST) return weight;
  const hint = "Write a number more than 0 and at most 1,000,000; leave a task out that must not run.";
  complain(reading, scalar.at, { says: `the weight ${quote(scalar.text)} is not a positive number.`, hint });
  return 1;
};

const METHOD_IS_KEY = "Write the method as the key: get: /hello.";
const WAIT_IN_STEPS = "A wait stands between the steps of a task; the time between tasks is wait-time.";

const ELSEWHERE: Readonly<Record<string, string>> = {
  weight: "weight belongs to a task: its steps run in order.",
  steps: "steps belong to a task; sequences do not nest.",
  method: METHOD_IS_KEY,
  url: METHOD_IS_KEY,
  path: METHOD_IS_KEY,
  params: "Did you mean query?",
  check: "Did you mean expect?",
  checks: "Did you mean expect?",
  assert: "Did you mean expect?",
  extract: "Did you mean capture?",
  sleep: "Did you mean wait?",
  pause: "Did you mean wait?",
  think: "Did you mean wait?",
};

const ALONE: Readonly<Record<string, string>> = Object.fromEntries(
  STEP_KEYS.map((key) => [key, "A wait is a step of its own: begin another with a dash."]),
);

const IN_STEPS: Readonly<Record<string, string>> = Object.fromEntries(
  [...STEP_KEYS, "wait"].map((key) => [key, `${key} belongs to one of the steps.`]),
);
