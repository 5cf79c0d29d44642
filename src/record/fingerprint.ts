import { modelTexts } from "../load/model.ts";
import type { LoadPlan, TaskPlan } from "../load/plan.ts";
import { formatShard } from "../load/shard.ts";
import { formatWaitTime } from "../load/wait-time.ts";
import { taskDefinitions } from "../scenario/definition.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { TestFingerprint } from "./record.ts";
import { scrubText } from "./scrub.ts";

/** Which load generator made the load; changes when its load would differ for the same plan. */
const ENGINE = "builtin-2";
/** HdrHistogram at 3 significant digits, value at rank ceil(q x n). */
const PERCENTILES = "hdr3-rank-ceil";

/**
 * What the load was. Secret values are taken out before anything is compared or hashed, so that a new token is the same
 * test. The host is left out: every preview has its own.
 */
export const testFingerprint = (plan: LoadPlan, secrets: readonly string[]): TestFingerprint => ({
  tool: "swarmgate",
  users: plan.users,
  spawnRate: plan.spawnRate,
  ...modelTexts(plan),
  runTime: plan.runTime,
  warmUp: plan.warmUp,
  preWarm: plan.preWarm,
  waitTime: formatWaitTime(plan.waitTime),
  timeout: plan.timeout,
  seed: plan.seed,
  http2: plan.http2,
  engine: ENGINE,
  percentiles: PERCENTILES,
  setup: plan.scenario === null ? null : sharedDefinition(plan, plan.scenario, secrets),
  tasks: definitions(plan, secrets),
  ...(plan.shard === undefined ? {} : { shard: formatShard(plan.shard) }),
  ...(plan.ramp === undefined ? {} : { ramp: plan.ramp }),
});

const definitions = (plan: LoadPlan, secrets: readonly string[]): TestFingerprint["tasks"] => {
  if (plan.scenario !== null) {
    return taskDefinitions(
      plan.scenario.tasks.map(({ name, weight, definition }) => ({
        name: scrubText(name, secrets),
        definition: scrubText(`weight=${weight} ${definition}`, secrets),
      })),
    );
  }
  return Object.fromEntries(
    plan.tasks.map((task) => [scrubText(task.name, secrets), taskDefinition(task, plan, secrets)]),
  );
};

/** Headers that every request carries are part of what the tasks share; by name, like all headers. */
const sharedDefinition = (plan: LoadPlan, scenario: Scenario, secrets: readonly string[]): string => {
  const names = Object.keys(plan.headers).map((name) => name.toLowerCase());
  const headers = names.length > 0 ? ` headers=${names.toSorted().join(",")}` : "";
  return scrubText(scenario.definition, secrets) + headers;
};

/**
 * `weight=1 POST /orders headers=accept,content-type body=27:9ab0c3d1`. Headers by name: their values may be secret or
 * belong to one preview only. The body by length and checksum.
 */
const taskDefinition = ({ weight, request }: TaskPlan, plan: LoadPlan, secrets: readonly string[]): string => {
  const names = Object.keys({ ...plan.headers, ...request.headers }).map((name) => name.toLowerCase());
  const body = request.body === null ? null : scrubText(request.body, secrets);
  return [
    `weight=${weight}`,
    request.method,
    scrubText(request.path, secrets),
    ...(names.length > 0 ? [`headers=${[...new Set(names)].toSorted().join(",")}`] : []),
    ...(body === null ? [] : [`body=${body.length}:${fnv1a(body)}`]),
  ].join(" ");
};

/** FNV-1a over UTF-16 units, 32 bits in hex: tells bodies apart, hides nothing (http://www.isthe.com/chongo/tech/comp/fnv/). */
const fnv1a = (input: string): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < input.length; at += 1) {
    hash = Math.imul(hash ^ input.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
};
