import { readYamlNodes, type YamlNode } from "../config/read-yaml.ts";
import { secretsOf } from "../config/secrets.ts";
import type { Environment } from "../config/variables.ts";
import { type Parsed, parsed, refused } from "../errors.ts";
import { MORE_ROWS, tooFewRows } from "./check-users.ts";
import { type Fields, fieldsOf, itemsOf } from "./fields.ts";
import type { Names, Phase } from "./names.ts";
import { type PlacedSource, readData } from "./read-data.ts";
import { type FileReader, MOST_BYTES, type ReadFile } from "./read-file.ts";
import { checkSourceNames, readCaptureNames, readVariables } from "./read-names.ts";
import { checkHeaders, readSequence, readTask, type ScenarioContext } from "./read-sequence.ts";
import { complain, inOrder, type Reading } from "./reading.ts";
import { fixedText } from "./render-template.ts";
import type { ResultRow, Scenario, Sequence, Step } from "./scenario.ts";

export type ScenarioSource = {
  readonly text: string;
  /** Relative to the working directory; paths in the scenario are relative to it. */
  readonly fileName: string;
  readonly readFile: ReadFile;
  readonly env: Environment;
  /** How many there will be at most. */
  readonly users: number;
  /** The target's URL, where it is known: a step that names it in full is no other origin. */
  readonly target?: string | null;
  /** The file is the config file, whose other sections are not ours. */
  readonly isConfig?: boolean;
};

export const SCENARIO_KEYS = ["variables", "data", "headers", "setup", "tasks", "teardown"] as const;

/** Reads and checks a whole scenario. All problems come back at once, each with line and column, in the order of the file. */
export const readScenario = (source: ScenarioSource): Parsed<Scenario> => {
  const { fileName, env } = source;
  const root = readYamlNodes(source.text, fileName);
  if (!root.ok) return root;
  const reading: Reading = { fileName, env, problems: new Map(), secretNames: new Set() };
  const node = rootOf(reading, root.value, source.isConfig ?? false);
  const fields =
    node === null ? null : fieldsOf(reading, node, { what: "the scenario", keys: SCENARIO_KEYS, knownAs: KNOWN_AS });
  const scenario = fields === null ? null : readAll(reading, fields, source);
  if (scenario !== null && reading.problems.size === 0) return parsed(scenario);
  return refused(inOrder(reading).slice(0, MOST_PROBLEMS));
};

const MOST_PROBLEMS = 100;
const KNOWN_AS: Readonly<Record<string, string>> = {
  vars: "variables",
  flow: "tasks",
  scenarios: "tasks",
  steps: "tasks",
};

const rootOf = (reading: Reading, root: YamlNode | null, isConfig: boolean): YamlNode | null => {
  const start = { line: 1, column: 1 };
  if (root?.kind === "map" && isConfig) return scenarioOf(root) ?? missing(reading, root.at);
  if (root === null || (root.kind === "scalar" && root.text === "")) return missing(reading, start);
  const fields = fieldsOf(reading, root, { what: "a scenario file", keys: ["scenario"], elsewhere: IN_SCENARIO });
  const node = fields?.get("scenario") ?? null;
  return node === null && fields?.unknown.length === 0 ? missing(reading, root.at) : node;
};

const IN_SCENARIO: Readonly<Record<string, string>> = Object.fromEntries(
  SCENARIO_KEYS.map((key) => [key, `${key} stands below scenario.`]),
);

const scenarioOf = (root: YamlNode): YamlNode | null =>
  root.kind === "map" ? (root.entries.find(({ key }) => key === "scenario")?.value ?? null) : null;

const missing = (reading: Reading, at: YamlNode["at"]): null => {
  complain(reading, at, {
    code: "missing-value",
    says: "there is no scenario.",
    hint: "Its root key is scenario; docs/scenario.md has an example.",
  });
  return null;
};

const readAll = (reading: Reading, fields: Fields, source: ScenarioSource): Scenario => {
  const files: FileReader = { readFile: source.readFile, left: MOST_BYTES };
  const [variableNode, dataNode, headers] = [fields.get("variables"), fields.get("data"), fields.get("headers")];
  const variables = variableNode === null ? new Map() : readVariables(reading, variableNode);
  const sources = dataNode === null ? [] : readData(reading, dataNode, files);
  checkSourceNames(reading, sources, variables);
  checkRows(reading, sources, source.users);
  const tasks = taskNodes(reading, fields);
  const captures = readCaptureNames(reading, sequencesIn(fields, tasks), { variables, data: sources });
  const names: Names = { variables, data: sources.map((one) => one.source), captures };
  if (headers !== null) checkHeaders({ reading, names }, headers);
  const rows: ResultRow[] = [];
  const phases = readPhases(
    {
      reading,
      names,
      files,
      headers: headers === null ? [] : [headers],
      ownOrigin: originOf(source.target ?? null),
      row: rowFinder(rows),
    },
    fields,
    tasks,
  );
  const steps = [phases.setup, ...phases.tasks, phases.teardown].flatMap((sequence) => sequence.steps);
  return {
    ...phases,
    data: names.data,
    captured: captures.map(({ name }) => name),
    rows,
    otherOrigins: originsOf(steps),
    module: null,
    secrets: secretsIn(reading, steps),
  };
};

type Phases = Pick<Scenario, "setup" | "tasks" | "teardown" | "definition">;

const readPhases = (context: ScenarioContext, fields: Fields, taskNodes: readonly YamlNode[]): Phases => {
  const [setupNode, teardownNode] = [fields.get("setup"), fields.get("teardown")];
  const setup = setupNode && readSequence(context, setupNode, { phase: "setup", filled: new Set() });
  const filled = setup?.filled ?? new Set();
  const tasks = taskNodes.flatMap((node, index) => readTask(context, node, { index, filled }) ?? []);
  const teardown = teardownNode && readSequence(context, teardownNode, { phase: "teardown", filled });
  const shared = { setup: setup?.definition, teardown: teardown?.definition };
  return {
    setup: setup?.sequence ?? NOTHING,
    tasks,
    teardown: teardown?.sequence ?? NOTHING,
    definition: Object.entries(shared)
      .flatMap(([phase, text]) => (text === undefined || text === "" ? [] : [`${phase}: ${text}`]))
      .join(" | "),
  };
};

const NOTHING: Sequence = { steps: [], draws: [] };

const taskNodes = (reading: Reading, fields: Fields): readonly YamlNode[] => {
  const node = fields.get("tasks");
  const hint = "Write a list, such as - get: /hello.";
  if (node === null) complain(reading, fields.at, { code: "missing-value", says: "the scenario has no tasks.", hint });
  else if (node.kind === "list" && node.items.length === 0) {
    complain(reading, node.at, { code: "missing-value", says: "tasks is empty.", hint });
  }
  return node === null ? [] : itemsOf(reading, node, "tasks");
};

type Steps = { readonly phase: Phase; readonly sequence: number; readonly steps: readonly YamlNode[] };

const sequencesIn = (fields: Fields, tasks: readonly YamlNode[]): readonly Steps[] => [
  { phase: "setup", sequence: 0, steps: listed(fields.get("setup")) },
  ...tasks.map((task, sequence): Steps => {
    const steps = task.kind === "map" ? task.entries.find(({ key }) => key === "steps")?.value : undefined;
    return { phase: "task", sequence, steps: steps === undefined ? [task] : listed(steps) };
  }),
  { phase: "teardown", sequence: 0, steps: listed(fields.get("teardown")) },
];

const listed = (node: YamlNode | null): readonly YamlNode[] => (node?.kind === "list" ? node.items : []);

const checkRows = (reading: Reading, sources: readonly PlacedSource[], users: number): void => {
  for (const { source, at } of sources) {
    // No rows at all have their own problem.
    const says = source.rows.length === 0 ? null : tooFewRows(source, users);
    if (says !== null) complain(reading, at, { says: `${says}.`, hint: MORE_ROWS });
  }
};

const rowFinder = (rows: ResultRow[]): ScenarioContext["row"] => {
  const places = new Map<string, number>();
  return (phase, name) => {
    const key = `${phase} ${name}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, rows.length);
    return rows.push({ name, phase }) - 1;
  };
};

const originOf = (url: string | null): string | null =>
  url !== null && URL.canParse(url) ? new URL(url).origin : null;

const originsOf = (steps: readonly Step[]): readonly string[] =>
  [...new Set(steps.flatMap((step) => (step.kind === "request" && step.origin !== null ? [step.origin] : [])))].sort();

/** Environment variables outside hosts, and headers that are written out. */
const secretsIn = (reading: Reading, steps: readonly Step[]): readonly string[] => {
  const written = steps.flatMap((step) => (step.kind === "request" ? step.headers : []));
  const values = new Map(
    written.map(({ name, value }) => [`${name}: ${fixedText(value)}`, { name, text: fixedText(value) }]),
  );
  const base = { token: null, rawUrls: [], rawHeaders: "", env: reading.env };
  const named = [...reading.secretNames].map((name) => `x: \${${name}}`).join("\n");
  const all = [
    ...[...values.values()].flatMap(({ name, text }) =>
      text === null ? [] : secretsOf({ ...base, headers: { [name]: text } }),
    ),
    ...secretsOf({ ...base, headers: {}, rawHeaders: named }),
  ];
  return [...new Set(all)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
};
