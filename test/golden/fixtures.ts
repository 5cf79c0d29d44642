/** Judgements and records for golden files and report tests, built by small functions; every figure is made up. */
import type { FunctionMetrics } from "../../src/cloud/cloud.ts";
import { type Limit, parseTerm } from "../../src/config/limits.ts";
import { METRICS, metricInfo } from "../../src/config/metric-catalog.ts";
import type { Problem } from "../../src/errors.ts";
import type {
  Attribution,
  BaselineFacts,
  Change,
  Evidence,
  Finding,
  Judgement,
  MetricJudgement,
} from "../../src/judge/verdict.ts";
import { OUTCOME_CLASSES, type OutcomeCounts } from "../../src/load/outcome.ts";
import type { LatencySummary, TaskResult } from "../../src/load/result.ts";
import { RECORD_SCHEMA, type RunRecord } from "../../src/record/record.ts";
import type { BaseSide, ReportContext } from "../../src/report/report.ts";
import { epochMs, millis } from "../../src/units.ts";
import { howOf } from "./how.ts";
import { baseRuns, histogramText, slicesOf } from "./slices.ts";

export const outcomes = (counts: Partial<OutcomeCounts>): OutcomeCounts =>
  Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, counts[name] ?? 0])) as OutcomeCounts;

/** A latency summary whose percentiles stand in a plausible relation to its median. */
export const latency = (p50: number, count: number): LatencySummary => ({
  count,
  p50,
  p90: p50 * 1.6,
  p95: p50 * 2.2,
  p99: p50 * 3.5,
  min: p50 * 0.7,
  max: p50 * 6,
  mean: p50 * 1.1,
  histogram: count === 0 ? "" : histogramText(p50, count),
});

export const task = (name: string, p50: number, counts: Partial<OutcomeCounts>): TaskResult => {
  const all = outcomes(counts);
  return {
    name,
    requests: Object.values(all).reduce((sum, count) => sum + count, 0),
    outcomes: all,
    response: latency(p50, all.ok),
    service: latency(p50, all.ok),
    examples: {},
  };
};

export const lambda = (name: string, averageMs: number, counts: Partial<FunctionMetrics> = {}): FunctionMetrics => ({
  function: name,
  invocations: 2406,
  errors: 0,
  throttles: 0,
  duration: {
    average: averageMs,
    p50: averageMs * 0.95,
    p90: averageMs * 1.3,
    p95: averageMs * 1.5,
    p99: averageMs * 2.1,
    max: averageMs * 4,
  },
  concurrencyMax: 38,
  ...counts,
});

const FINGERPRINT = {
  tool: "swarmgate",
  users: 50,
  spawnRate: 10,
  rate: null,
  stages: null,
  runTime: 60,
  warmUp: 5,
  preWarm: 0,
  waitTime: "constant(1)",
  timeout: 30_000,
  seed: 1,
  http2: false,
  engine: "builtin",
  percentiles: "rank ceil(q x n)",
  setup: null,
  tasks: { "GET /orders": "1 GET /orders" },
};

/** Of the head; the base's runs had half of the memory. */
const SYSTEM = {
  region: "eu-west-1",
  frontEnd: "http-api",
  "functions.0.name": "orders-fn",
  "functions.0.memoryMb": 1024,
  "functions.0.runtime": "nodejs24.x",
  "functions.0.codeSha256": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
};

export const cloud = (
  functions: readonly FunctionMetrics[],
  fields: Partial<NonNullable<RunRecord["cloud"]>> = {},
) => ({
  state: "complete" as const,
  reason: "",
  window: { start: epochMs(1_800_000_000_000), end: epochMs(1_800_000_120_000) },
  expected: 2406,
  seen: functions.reduce((sum, fn) => sum + (fn.invocations ?? 0) + (fn.throttles ?? 0), 0),
  polls: 4,
  waited: millis(72_000),
  functions,
  notes: [],
  ...fields,
});

/** A run of 50 users for a minute: 2,400 requests to one task. */
export const record = (fields: Partial<RunRecord> = {}): RunRecord => {
  const tasks = fields.tasks ?? [task("GET /orders", 21.6, { ok: 2399, "server-error": 1 })];
  const sum = (name: (typeof OUTCOME_CLASSES)[number]): number =>
    tasks.reduce((all, one) => all + one.outcomes[name], 0);
  const requests = tasks.reduce((all, one) => all + one.requests, 0);
  return {
    schema: RECORD_SCHEMA,
    tool: { name: "swarmgate", version: "0.1.0" },
    id: "run-1",
    name: "load",
    git: {
      repository: "acme/shop",
      sha: HEAD_SHA,
      branch: "feature",
      baseBranch: "main",
      pullRequest: 7,
      event: "pull_request",
      runId: 1001,
      runAttempt: 1,
    },
    plan: {
      url: "https://preview.example.com/",
      model: "closed",
      users: 50,
      spawnRate: 10,
      rate: null,
      stages: null,
      runTime: 60,
      warmUp: 5,
      preWarm: 0,
      stopIf: null,
      waitTime: "constant(1)",
      timeout: 30_000,
      stopTimeout: 5000,
      seed: 1,
      maxRequests: 1_000_000,
      http2: false,
      insecure: false,
      headerNames: [],
      tasks: tasks.map(({ name }) => ({ name, weight: 1, method: "GET", path: "/orders" })),
    },
    fingerprint: { test: FINGERPRINT, system: SYSTEM },
    window: { start: "2027-01-15T08:00:05.000Z", end: "2027-01-15T08:01:05.000Z", seconds: 60 },
    totals: {
      requests,
      dropped: 0,
      rate: requests / 60,
      steadyRate: requests / 55,
      steadySeconds: 55,
      bytes: { sent: requests * 180, received: requests * 1450 },
      outcomes: outcomes(Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, sum(name)]))),
      connections: {
        opened: 50,
        reopened: 2,
        resumed: 2,
        surplus: 0,
        dnsMs: null,
        connectMs: { p50: 8.4, p95: 12.1 },
        tlsMs: { p50: 17.9, p95: 25.3 },
      },
      ttfbMs: null,
      downloadMs: null,
    },
    response: tasks[0]?.response ?? latency(0, 0),
    service: tasks[0]?.service ?? latency(0, 0),
    tasks,
    slices: slicesOf({
      seconds: 60,
      users: 50,
      spawnRate: 10,
      p50: tasks[0]?.response.p50 ?? 20,
      outcomes: outcomes(Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, sum(name)]))),
    }),
    generator: {
      workers: 1,
      utilisation: { mean: 0.081, max: 0.22, shareAbove80: 0 },
      loopDelayMs: { p50: 0.1, p99: 1.3, max: 6.2 },
      cpuShare: 0.094,
      scheduleLagMs: { p50: 0.2, p99: 1.4, max: 5.8 },
      memoryMb: 91.3,
      usersAsked: 50,
      usersReached: 50,
      p95OwnMs: null,
      linkMbit: null,
      series: [],
    },
    warmUp: { requests: 12, probes: 3, outcomes: outcomes({ ok: 12 }) },
    preWarm: { requests: 0, outcomes: outcomes({}) },
    setup: { requests: 0, outcomes: outcomes({}), failedUsers: 0, rows: [] },
    teardown: { requests: 0, outcomes: outcomes({}), failedUsers: 0, rows: [] },
    cloud: cloud([lambda("orders-fn", 7.66)]),
    validity: { valid: true, stopped: "run-time", problems: [] },
    ...fields,
  };
};

/** What is known of the base of `record()`: nine runs of its history, and the last run itself. */
export const baseSide = (p50 = 21.4): BaseSide => ({
  runs: baseRuns(p50, 9, FINGERPRINT),
  record: record({ tasks: [task("GET /orders", p50, { ok: 2400 })] }),
});

export const HEAD_SHA = "5d6e7f8a9b0c1d2e3f405162738495a6b7c8d9e0";
export const BASE_SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";

export const context = (fields: Partial<ReportContext> = {}): ReportContext => ({
  name: "load",
  baseBranch: "main",
  headSha: HEAD_SHA,
  region: "eu-west-1",
  runUrl: "https://github.com/acme/shop/actions/runs/1001",
  runRecord: "run.json",
  referenceRate: { perSecond: 120, from: "baseline" },
  ...fields,
});

export const baseline = (fields: Partial<BaselineFacts> = {}): BaselineFacts => ({
  state: "exact",
  sha: BASE_SHA,
  runs: 9,
  used: 7,
  spread: "learning",
  notes: [],
  ...fields,
});

export const ratio = (value: number, low: number, high: number): Change => ({ kind: "ratio", ratio: value, low, high });
export const points = (value: number, low: number, high: number): Change => ({
  kind: "points",
  points: value,
  low,
  high,
});

export const evidence = (
  base: number | null,
  head: number,
  change: Change | null,
  detectable: number | null,
): Evidence => ({
  base,
  head,
  change,
  detectable,
  baseSamples: base === null ? null : 16_800,
  headSamples: 2400,
  baseRuns: base === null ? 0 : 7,
  headRuns: 1,
});

/** `role` defaults to the catalogue's for history mode, the limit's text too; "" is no limit. */
export const metric = (
  id: string,
  finding: Finding,
  own: { limit?: string; gates?: boolean } = {},
): MetricJudgement => {
  const info = metricInfo(id.split("@", 1)[0] ?? id);
  const gates = own.gates ?? info?.byDefault?.history === "gate";
  const text = own.limit ?? info?.byDefault?.limit ?? "";
  const terms = text === "" || info === undefined ? [] : text.split(" and ").map((term) => parseTerm(term, info));
  const limit: Limit = {
    metric: id,
    scope: null,
    role: gates ? "gate" : "warn",
    terms: terms.flatMap((term) => (term.ok ? [term.value] : [])),
    text,
    origin: "default",
  };
  const limits = text === "" ? [] : [limit];
  const how = howOf(finding, limits);
  const judged = { id, unit: info?.unit ?? METRICS[0]!.unit, gates, limits, finding };
  return how === undefined ? judged : { ...judged, how };
};

export const judged = (kind: "pass" | "improved" | "warn" | "fail", reason: string, found: Evidence): Finding => ({
  kind,
  evidence: found,
  reason,
});

export const undecided = (face: "neutral" | "suspected", reason: string, found: Evidence): Finding => ({
  kind: "inconclusive",
  face,
  evidence: found,
  reason,
});

export const problem = (
  code: Problem["code"],
  severity: Problem["severity"],
  message: string,
  hint: string,
): Problem => ({
  code,
  severity,
  message,
  hint,
});

export const attribution = (layer: Attribution["layer"], text: string): Attribution => ({ layer, text });

export const judgement = (fields: Partial<Judgement>): Judgement => ({
  mode: "history",
  verdict: "pass",
  gateOpen: true,
  baseline: baseline(),
  metrics: [],
  attribution: null,
  problems: [],
  notes: [],
  ...fields,
});
