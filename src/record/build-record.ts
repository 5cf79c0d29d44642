import type { CloudResult } from "../cloud/cloud.ts";
import type { Config } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult, TaskResult } from "../load/result.ts";
import { formatWaitTime } from "../load/wait-time.ts";
import type { EpochMs } from "../units.ts";
import { testFingerprint } from "./fingerprint.ts";
import { type GitFacts, type PlanFacts, RECORD_SCHEMA, type RunRecord } from "./record.ts";
import { scrub, scrubText } from "./scrub.ts";
import { systemFingerprint } from "./system-fingerprint.ts";

/** What a run leaves behind, from all stages before the record. */
export type RecordParts = {
  /** Unique per run; made by the caller, like every other random value. */
  readonly id: string;
  /** Version of swarmgate. */
  readonly version: string;
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly load: LoadResult;
  /** `null` when no functions were named. */
  readonly cloud: CloudResult | null;
  readonly git: GitFacts;
  /** Readiness probes that were sent. */
  readonly probes: number;
  readonly problems: readonly Problem[];
};

/**
 * One run as it is kept. Everything textual is cleared of the config's secrets here, once, before anybody can write it.
 * The record is valid when no problem has severity `invalid`.
 */
export const buildRecord = (parts: RecordParts): RunRecord => {
  const { config, plan, load } = parts;
  const clear = <T>(value: T): T => scrub(value, config.secrets);
  return {
    schema: RECORD_SCHEMA,
    tool: { name: "swarmgate", version: parts.version },
    id: parts.id,
    name: config.name,
    git: clear(parts.git),
    plan: clear(planFacts(config, plan)),
    fingerprint: {
      test: testFingerprint(plan, config.secrets),
      system: clear(systemFingerprint(parts.cloud, config.target.url ?? plan.origin)),
    },
    window: { start: isoTime(load.window.start), end: isoTime(load.window.end), seconds: load.window.seconds },
    totals: load.totals,
    response: load.response,
    service: load.service,
    tasks: load.tasks.map((task) => clearTask(task, config.secrets)),
    slices: load.slices,
    generator: load.generator,
    ...(load.signs === undefined ? {} : { signs: load.signs }),
    warmUp: { requests: load.warmUp.requests, probes: parts.probes, outcomes: load.warmUp.outcomes },
    cloud: clear(parts.cloud),
    validity: {
      valid: parts.problems.every((problem) => problem.severity !== "invalid"),
      stopped: load.stopped,
      problems: clear(parts.problems),
    },
  };
};

const planFacts = (config: Config, plan: LoadPlan): PlanFacts => ({
  url: plainUrl(config.target.url ?? plan.origin),
  users: plan.users,
  spawnRate: plan.spawnRate,
  runTime: plan.runTime,
  warmUp: plan.warmUp,
  waitTime: formatWaitTime(plan.waitTime),
  timeout: plan.timeout,
  stopTimeout: plan.stopTimeout,
  seed: plan.seed,
  maxRequests: plan.maxRequests,
  http2: plan.http2,
  insecure: plan.insecure,
  headerNames: Object.keys(plan.headers)
    .map((name) => name.toLowerCase())
    .toSorted(),
  tasks: plan.tasks.map(({ name, weight, request }) => ({
    name,
    weight,
    method: request.method,
    path: request.path,
  })),
});

/** `https://user:password@host/x` without the user and the password. */
const plainUrl = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");

const clearTask = (task: TaskResult, secrets: readonly string[]): TaskResult => ({
  ...task,
  name: scrubText(task.name, secrets),
  examples: scrub(task.examples, secrets),
});

const isoTime = (time: EpochMs): string => new Date(time).toISOString();
