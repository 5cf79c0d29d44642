/** Readers of where a run comes from, what it was and what AWS said: everything of a record that is not the load's own. */
import type { CloudResult, FunctionMetrics } from "../cloud/cloud.ts";
import type { ErrorCode, Problem } from "../errors.ts";
import { epochMs, millis } from "../units.ts";
import { cloudFacts } from "./facts-readers.ts";
import { MAX_TASKS } from "./load-readers.ts";
import {
  amount,
  as,
  count,
  finite,
  flag,
  listOf,
  mapOf,
  matching,
  object,
  oneOf,
  orNull,
  type Reader,
  text,
} from "./reader.ts";
import type { GitFacts, PlanFacts, RunRecord, TestFingerprint } from "./record.ts";
import { withDefaults } from "./with-defaults.ts";

/** ISO 8601 in UTC with milliseconds: instants in this one form sort as texts. */
export const isoTime = matching(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
  24,
  "a time like 2026-11-21T15:04:05.678Z",
);

export const identifier = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
  200,
  "an id of letters, digits, '.', '_', ':', '-'",
);
export const runWindow = object<RunRecord["window"]>({ start: isoTime, end: isoTime, seconds: amount });

/** Codes of a newer version are kept as they are: a code is a name, not an instruction. */
export const errorCode: Reader<ErrorCode> = as(
  matching(/^[a-z][a-z0-9-]*$/, 64, "a code in lower case with hyphens"),
  (code) => code as ErrorCode,
);

export const gitFacts = object<GitFacts>({
  repository: orNull(text(200)),
  sha: orNull(identifier),
  branch: orNull(text(500)),
  baseBranch: orNull(text(500)),
  pullRequest: orNull(count),
  event: orNull(text(100)),
  runId: orNull(count),
  runAttempt: orNull(count),
});

export const planFacts = withDefaults<PlanFacts>(
  { model: "closed", rate: null, stages: null, preWarm: 0, stopIf: null },
  object<PlanFacts>({
    url: text(4_000),
    model: oneOf("open", "closed"),
    users: count,
    spawnRate: amount,
    rate: orNull(text(200)),
    stages: orNull(text(4_000)),
    runTime: amount,
    warmUp: amount,
    preWarm: count,
    stopIf: orNull(text(200)),
    waitTime: text(200),
    timeout: amount,
    stopTimeout: amount,
    seed: finite,
    maxRequests: count,
    http2: flag,
    insecure: flag,
    headerNames: listOf(text(200), 200),
    tasks: listOf(
      object<PlanFacts["tasks"][number]>(
        { name: text(500), weight: amount, method: text(20), path: text(4_000), rows: listOf(text(500), MAX_TASKS) },
        { rows: undefined },
      ),
      MAX_TASKS,
    ),
  }),
);

export const testFingerprint = withDefaults<TestFingerprint>(
  { rate: null, stages: null, preWarm: 0, setup: null },
  object<TestFingerprint>(
    {
      tool: text(200),
      users: count,
      spawnRate: amount,
      rate: orNull(text(200)),
      stages: orNull(text(4_000)),
      runTime: amount,
      warmUp: amount,
      preWarm: count,
      waitTime: text(200),
      timeout: amount,
      seed: finite,
      http2: flag,
      engine: text(200),
      percentiles: text(200),
      setup: orNull(text(8_000)),
      tasks: mapOf(text(8_000), MAX_TASKS),
      shard: matching(/^[1-9][0-9]{0,2}\/[1-9][0-9]{0,2}$/, 7, "a shard like 2/4"),
      ramp: amount,
    },
    { shard: undefined, ramp: undefined },
  ),
);

type SystemFact = string | number | boolean | null;

const systemFact: Reader<SystemFact> = (value, path, faults) => {
  if (typeof value === "number") return finite(value, path, faults);
  if (typeof value === "boolean" || value === null) return value;
  return text(1_000)(value, path, faults);
};

export const systemFacts = mapOf(systemFact, 500);

export const fingerprints = object<RunRecord["fingerprint"]>({ test: testFingerprint, system: systemFacts });

const provisionedUse = object<NonNullable<FunctionMetrics["provisioned"]>>({
  invocations: orNull(amount),
  spillover: orNull(amount),
  utilisationMax: orNull(amount),
});

const functionMetrics = object<FunctionMetrics>(
  {
    function: text(300),
    invocations: orNull(amount),
    errors: orNull(amount),
    throttles: orNull(amount),
    duration: object<FunctionMetrics["duration"]>({
      average: orNull(amount),
      p50: orNull(amount),
      p90: orNull(amount),
      p95: orNull(amount),
      p99: orNull(amount),
      max: orNull(amount),
    }),
    concurrencyMax: orNull(amount),
    provisioned: provisionedUse,
  },
  { provisioned: undefined },
);

export const cloudResult = object<CloudResult>(
  {
    state: oneOf("complete", "partial", "incomplete", "contaminated", "denied"),
    reason: text(2_000),
    window: object<CloudResult["window"]>({ start: as(count, epochMs), end: as(count, epochMs) }),
    expected: count,
    seen: orNull(amount),
    polls: count,
    waited: as(amount, millis),
    functions: listOf(functionMetrics, 500),
    facts: cloudFacts,
    notes: listOf(text(2_000), 500),
  },
  { facts: undefined },
);

const problem = object<Problem>({
  code: errorCode,
  severity: oneOf("usage", "invalid", "warning", "note"),
  message: text(4_000),
  hint: text(4_000),
});

export const validity = object<RunRecord["validity"]>({
  valid: flag,
  stopped: oneOf("run-time", "max-requests", "stop-if", "users-gone", "interrupted", "worker-lost", "scenario-blocked"),
  problems: listOf(problem, 500),
});
