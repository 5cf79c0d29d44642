import type { Problem } from "../errors.ts";
import { countRequests, noOutcomes } from "../load/outcome.ts";
import type { GeneratorHealth, LatencySummary, LoadResult, OnceResult, Totals } from "../load/result.ts";
import { RECORD_SCHEMA, type RunRecord, type TestFingerprint } from "../record/record.ts";
import { runProblems } from "../target/run-validity.ts";
import { type EpochMs, epochMs, millis, perSecond, seconds } from "../units.ts";
import type { Format } from "./format.ts";
import type { Measured } from "./measured.ts";

export type BuildFacts = {
  /** Version of swarmgate. */
  readonly version: string;
  /** Of the file's bytes: the same file is the same run, whoever imports it. */
  readonly digest: string;
};

/**
 * A run record of what another tool measured. `service` holds the tool's times; `response` the same, tagged, because none
 * of these tools starts its clock when a request was due. What no file says is 0, empty or `null`.
 */
export const importedRecord = (format: Format, measured: Measured, { version, digest }: BuildFacts): RunRecord => {
  const load = loadOf(measured);
  const notes = measured.notes.length === 0 ? [] : [note(measured.notes.join(" "))];
  const problems: readonly Problem[] = [...runProblems(load, NO_PLAN), ...notes];
  const test = fingerprintOf(format, measured);
  const { start, end } = load.window;
  return {
    schema: RECORD_SCHEMA,
    tool: { name: "swarmgate", version },
    id: `import-${digest.slice(0, 32)}`,
    name: format.tool,
    git: NO_GIT,
    plan: { ...NO_PLAN_FACTS, users: measured.users, tasks: measured.tasks.map(taskFacts) },
    fingerprint: { test, system: {} },
    imported: { format: format.name, lacks: measured.lacks },
    window: { start: isoTime(start), end: isoTime(end), seconds: load.window.seconds },
    totals: load.totals,
    response: load.response,
    service: load.service,
    tasks: load.tasks,
    slices: load.slices,
    generator: load.generator,
    warmUp: { requests: 0, probes: 0, outcomes: noOutcomes() },
    preWarm: load.preWarm,
    setup: load.setup,
    teardown: load.teardown,
    cloud: null,
    validity: { valid: problems.every(({ severity }) => severity !== "invalid"), stopped: "run-time", problems },
  };
};

/** The tool and what it was asked to do; never what was measured, and no host. */
const fingerprintOf = (format: Format, measured: Measured): TestFingerprint => ({
  tool: format.tool,
  users: measured.users,
  spawnRate: 0,
  rate: null,
  stages: null,
  runTime: 0,
  warmUp: 0,
  preWarm: 0,
  waitTime: "",
  timeout: 0,
  seed: 0,
  http2: false,
  engine: format.tool,
  percentiles: format.percentiles,
  setup: null,
  tasks: Object.fromEntries(measured.tasks.map(({ name }) => [name, "imported"])),
});

const loadOf = (measured: Measured): LoadResult => {
  const start = measured.window.start ?? UNKNOWN_START;
  const response = actualStart(measured.latency);
  return {
    window: {
      start,
      end: epochMs(start + measured.window.seconds * 1000),
      seconds: seconds(measured.window.seconds),
    },
    stopped: "run-time",
    totals: totalsOf(measured),
    response,
    service: measured.latency,
    tasks: measured.tasks.map((task) => ({ ...task, response: actualStart(task.response), service: task.response })),
    slices: measured.slices,
    generator: NO_GENERATOR,
    warmUp: { start: null, requests: 0, outcomes: noOutcomes() },
    preWarm: { requests: 0, outcomes: noOutcomes() },
    setup: NOBODY,
    teardown: NOBODY,
  };
};

const actualStart = (latency: LatencySummary): LatencySummary => ({ ...latency, from: "actual-start" });

const totalsOf = ({ outcomes, window, bytes }: Measured): Totals => {
  const requests = countRequests(outcomes);
  return {
    requests,
    dropped: 0,
    rate: window.seconds > 0 ? requests / window.seconds : 0,
    steadyRate: null,
    steadySeconds: 0,
    bytes,
    outcomes,
    connections: { opened: 0, reopened: 0, resumed: 0, surplus: 0, dnsMs: null, connectMs: null, tlsMs: null },
    ttfbMs: null,
    downloadMs: null,
  };
};

const note = (message: string): Problem => ({
  code: "import-note",
  severity: "note",
  message,
  hint: "docs/import.md says what each format holds.",
});

const taskFacts = ({ name }: { readonly name: string }): RunRecord["plan"]["tasks"][number] => ({
  name,
  weight: 1,
  method: "",
  path: "",
});

/** Where a file does not say when it was. */
const UNKNOWN_START: EpochMs = epochMs(0);
const isoTime = (time: EpochMs): string => new Date(Math.round(time)).toISOString();

const NOBODY: OnceResult = { requests: 0, outcomes: noOutcomes(), failedUsers: 0, rows: [] };
const NOTHING = { p50: 0, p99: 0, max: 0 };
const NO_GENERATOR: GeneratorHealth = {
  workers: 0,
  utilisation: { mean: 0, max: 0, shareAbove80: 0 },
  loopDelayMs: NOTHING,
  cpuShare: 0,
  scheduleLagMs: NOTHING,
  memoryMb: 0,
  usersAsked: 0,
  usersReached: 0,
  p95OwnMs: null,
  linkMbit: null,
  series: [],
};
const NO_PLAN = { users: 0, spawnRate: perSecond(1), runTime: seconds(0), rate: null, stages: null };
const NO_PLAN_FACTS: Omit<RunRecord["plan"], "tasks"> = {
  url: "",
  model: "closed",
  users: 0,
  spawnRate: 0,
  rate: null,
  stages: null,
  runTime: 0,
  warmUp: 0,
  preWarm: 0,
  stopIf: null,
  waitTime: "",
  timeout: millis(0),
  stopTimeout: 0,
  seed: 0,
  maxRequests: 0,
  http2: false,
  insecure: false,
  headerNames: [],
};
const NO_GIT: RunRecord["git"] = {
  repository: null,
  sha: null,
  branch: null,
  baseBranch: null,
  pullRequest: null,
  event: null,
  runId: null,
  runAttempt: null,
};
