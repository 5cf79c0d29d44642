import { cloudRegion } from "../cloud/region.ts";
import { highestLevel, profileLength } from "../load/profile.ts";
import { parseShard } from "../load/shard.ts";
import { millisToSeconds } from "../units.ts";
import type { BaselineConfig, Config, LoadConfig, TargetConfig } from "./config.ts";
import { defaultPool, defaultSpawnRate } from "./default-load.ts";
import { ecsService, namedFrontEnd, regionOfBalancer } from "./front-end.ts";
import type { Values } from "./inputs.ts";

/** The configuration from values that have been read and agree with each other. */
export const buildConfig = (
  values: Values,
  known: { readonly name: string; readonly secrets: readonly string[]; readonly given: ReadonlySet<string> },
): Config => ({
  name: values.name ?? known.name,
  mode: values.shard === null ? values.mode : "shard",
  shard: values.shard === null ? null : parseShard(values.shard),
  target: buildTarget(values),
  load: buildLoad(values, known.given.has("users")),
  aws: buildAws(values),
  baseline: buildBaseline(values),
  gate: {
    limits: values.limits ?? [],
    failOn: values["fail-on"],
    onInconclusive: values["on-inconclusive"],
    onInvalid: values["on-invalid"],
    onNoBaseline: values["on-no-baseline"],
  },
  report: {
    comment: values.comment,
    // The job id and not `name`: SPEC 12.2.
    commentKey: values["comment-key"] ?? known.name,
    commitStatus: values["commit-status"],
    htmlReport: values["html-report"],
  },
  // Read by the scenario stage, which needs the target and the users.
  scenario: null,
  secrets: known.secrets,
});

const buildLoad = (values: Values, usersGiven: boolean): LoadConfig => {
  const { stages } = values;
  const users = usersGiven ? values.users : defaultUsers(values);
  return {
    users,
    spawnRate: values["spawn-rate"] ?? defaultSpawnRate(users),
    rate: values.rate,
    stages,
    runTime: stages === null ? millisToSeconds(values["run-time"]) : profileLength(stages.profile),
    warmUp: millisToSeconds(values["warm-up"]),
    preWarm: values["pre-warm"],
    waitTime: values["wait-time"],
    timeout: values.timeout,
    stopTimeout: values["stop-timeout"],
    seed: values.seed,
    maxRequests: values["max-requests"],
    stopIf: values["stop-if"],
    workers: values.workers,
    insecure: values.insecure,
    http2: values.http2,
  };
};

/** The highest of the stages, a pool for the rate, or the plain default. */
const defaultUsers = ({ users, rate, stages }: Values): number => {
  if (stages?.of === "users") return highestLevel(stages.profile);
  const arrivals = stages === null ? (rate?.perSecond ?? 0) : highestLevel(stages.profile);
  return defaultPool(arrivals, users);
};

const buildTarget = (values: Values): TargetConfig => ({
  url: values.url,
  baseUrl: values["base-url"],
  stackName: values["stack-name"],
  environment: values.environment,
  allowProduction: values["allow-production"],
  readyPath: values["ready-path"],
  readyStatus: values["ready-status"],
  readyCommit: commitPlace(values["ready-commit"]),
  readyTimeout: values["ready-timeout"],
  allowedHosts: values["allowed-hosts"] ?? [],
  headers: values.headers ?? {},
  sigv4: values.sigv4,
});

const buildAws = (values: Values): Config["aws"] => {
  const functions = values.functions ?? [];
  const baseFunctions = values["base-functions"] ?? [];
  const region = cloudRegion(
    [...functions, ...baseFunctions],
    values["aws-region"] ?? regionOfBalancer(values["load-balancer"]),
  );
  return {
    region: region.ok ? region.value : null,
    functions,
    baseFunctions,
    frontEnd: namedFrontEnd(values),
    ecs: ecsService(values.ecs),
    pricesFile: values.prices,
    prices: null,
    referenceRps: values["reference-rps"],
    maxConcurrency: values["max-concurrency"],
    maxCost: values["max-cost"],
    metricsTimeout: values["metrics-timeout"],
    logs: values.logs,
  };
};

const buildBaseline = (values: Values): BaselineConfig => ({
  source:
    values.baseline === "artifact" || values.baseline === "none"
      ? { kind: values.baseline }
      : { kind: "file", path: values.baseline },
  branch: values["baseline-branch"]?.replace(/^refs\/heads\//, "") ?? null,
  workflow: values["baseline-workflow"]?.replace(/^\.github\/workflows\//, "") ?? null,
  wait: values["baseline-wait"],
  segmentTime: values["segment-time"],
  maxDuration: values["max-duration"],
});

/** `header:x-commit` or `json:/commit`. */
const commitPlace = (text: string | null): TargetConfig["readyCommit"] => {
  if (text === null) return null;
  const at = text.slice(text.indexOf(":") + 1);
  return text.startsWith("header:") ? { kind: "header", at } : { kind: "json", at };
};
