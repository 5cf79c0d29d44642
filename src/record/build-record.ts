import type { CloudResult } from "../cloud/cloud.ts";
import { addressedFrontEnd } from "../cloud/front-ends.ts";
import { redact } from "../cloud/redact.ts";
import type { Config } from "../config/config.ts";
import { hideCutSecrets } from "../config/hide-secrets.ts";
import type { Problem } from "../errors.ts";
import { isOpen, modelTexts } from "../load/model.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult, OnceResult, TaskResult } from "../load/result.ts";
import { formatStopRule } from "../load/stop-rule.ts";
import { formatWaitTime } from "../load/wait-time.ts";
import type { EpochMs } from "../units.ts";
import { testFingerprint } from "./fingerprint.ts";
import { gateFacts } from "./gate-facts.ts";
import { type GitFacts, type PlanFacts, RECORD_SCHEMA, type RunRecord } from "./record.ts";
import { scrub, scrubText } from "./scrub.ts";
import type { ShardFacts } from "./shard-facts.ts";
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
  /** Of a shard: how it came by its start. */
  readonly shard?: Pick<ShardFacts, "agreed" | "clockMs" | "functions">;
};

/**
 * One run as it is kept. Everything textual is cleared of the config's secrets here, once, before anybody can write it.
 * The record is valid when no problem has severity `invalid`.
 */
export const buildRecord = (parts: RecordParts): RunRecord => {
  const { config, plan, load } = parts;
  const secrets = [...config.secrets, ...(plan.scenario?.secrets ?? [])];
  const clear = <T>(value: T): T => scrub(value, secrets);
  return {
    schema: RECORD_SCHEMA,
    tool: { name: "swarmgate", version: parts.version },
    id: parts.id,
    name: config.name,
    git: clear(parts.git),
    plan: clear(planFacts(config, plan)),
    fingerprint: {
      test: testFingerprint(plan, secrets),
      system: clear(systemFingerprint(parts.cloud, addressedFrontEnd(config.target.url ?? plan.origin, plan.headers))),
    },
    window: { start: isoTime(load.window.start), end: isoTime(load.window.end), seconds: load.window.seconds },
    totals: load.totals,
    response: load.response,
    service: load.service,
    tasks: load.tasks.map((task) => clearTask(task, secrets)),
    slices: load.slices,
    generator: load.generator,
    ...(load.signs === undefined ? {} : { signs: load.signs }),
    ...shardOf(parts),
    warmUp: { requests: load.warmUp.requests, probes: parts.probes, outcomes: load.warmUp.outcomes },
    preWarm: load.preWarm,
    setup: clearOnce(load.setup, secrets),
    teardown: clearOnce(load.teardown, secrets),
    gate: clear(gateFacts(config)),
    cloud: clear(parts.cloud),
    validity: {
      valid: parts.problems.every((problem) => problem.severity !== "invalid"),
      stopped: load.stopped,
      problems: clear(parts.problems),
    },
  };
};

const shardOf = ({ plan, load, shard }: RecordParts): Pick<RunRecord, "shard"> => {
  if (plan.shard === undefined || shard === undefined || load.distributions === undefined) return {};
  const begun = isoTime(load.warmUp.start ?? load.window.start);
  return { shard: { ...plan.shard, ...shard, begun, distributions: load.distributions } };
};

const planFacts = (config: Config, plan: LoadPlan): PlanFacts => ({
  url: plainUrl(config.target.url ?? plan.origin),
  model: isOpen(plan) ? "open" : "closed",
  users: plan.users,
  spawnRate: plan.spawnRate,
  ...modelTexts(plan),
  runTime: plan.runTime,
  warmUp: plan.warmUp,
  preWarm: plan.preWarm,
  stopIf: plan.stopIf === null ? null : formatStopRule(plan.stopIf),
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
  tasks: taskFacts(plan),
});

const taskFacts = ({ scenario, tasks }: LoadPlan): PlanFacts["tasks"] =>
  scenario === null
    ? tasks.map(({ name, weight, request: { method, path } }) => ({ name, weight, method, path, rows: [name] }))
    : scenario.tasks.map(({ name, weight, steps }) => {
        const requests = steps.filter((step) => step.kind === "request");
        const rows = [...new Set(requests.flatMap(({ row }) => scenario.rows[row]?.name ?? []))];
        const first = { name, weight, method: requests[0]?.method ?? "", path: rows[0] ?? "" };
        return scenario.module === null ? { ...first, rows } : first;
      });

/** `https://user:password@host/x` without the user and the password. */
const plainUrl = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");

const clearTask = (task: TaskResult, secrets: readonly string[]): TaskResult => ({
  ...task,
  name: scrubText(task.name, secrets),
  examples: Object.fromEntries(
    Object.entries(task.examples).map(([outcome, examples]) => [
      outcome,
      examples.map((example) => ({ ...example, text: clearExample(example.text, secrets) })),
    ]),
  ),
});

/** Words of a stranger, cut to the first 200 bytes: what looks like a credential goes, whoever's it is (SPEC 2.4). */
const clearExample = (text: string, secrets: readonly string[]): string => redact(hideCutSecrets(text, secrets));

const clearOnce = (once: OnceResult, secrets: readonly string[]): OnceResult => ({
  ...once,
  rows: once.rows.map((row) => clearTask(row, secrets)),
});

const isoTime = (time: EpochMs): string => new Date(time).toISOString();
