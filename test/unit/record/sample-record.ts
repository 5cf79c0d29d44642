import type { CloudResult, FunctionMetrics } from "../../../src/cloud/cloud.ts";
import type { Config } from "../../../src/config/config.ts";
import { encodeHistogram, newHistogram, recordLatency, summarise } from "../../../src/load/histogram.ts";
import { OUTCOME_CLASSES, type OutcomeCounts } from "../../../src/load/outcome.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import type { HealthSecond, LatencySummary, LoadResult, Slice, TaskResult } from "../../../src/load/result.ts";
import { buildRecord, type RecordParts } from "../../../src/record/build-record.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import { epochMs, micros, millis, perSecond, seconds } from "../../../src/units.ts";

export const START = Date.UTC(2026, 10, 21, 12, 0, 0);

export const outcomes = (some: Partial<Record<string, number>> = {}): OutcomeCounts =>
  Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, some[name] ?? 0])) as Record<keyof OutcomeCounts, number>;

/** Latencies in milliseconds. */
export const latency = (...times: readonly number[]): LatencySummary => {
  const histogram = newHistogram();
  for (const time of times) recordLatency(histogram, micros(time * 1000));
  return summarise(histogram);
};

export const slice = (second: number, some: Partial<Record<string, number>> = { ok: 10 }): Slice => {
  const counts = outcomes(some);
  const requests = Object.values(counts).reduce((a, b) => a + b, 0);
  const histogram = newHistogram();
  recordLatency(histogram, micros(5_000));
  return {
    second,
    users: 20,
    requests,
    dropped: 0,
    outcomes: counts,
    tasks: [requests],
    bytesReceived: 100,
    response: encodeHistogram(histogram),
    service: null,
  };
};

export const task = (name: string, some: Partial<TaskResult> = {}): TaskResult => ({
  name,
  requests: 200,
  outcomes: outcomes({ ok: 198, "server-error": 2 }),
  response: latency(10, 20, 30),
  service: latency(9, 19, 29),
  examples: { "server-error": [{ status: 502, text: "bad gateway" }] },
  ...some,
});

export const functionMetrics = (some: Partial<FunctionMetrics> = {}): FunctionMetrics => ({
  function: "orders",
  invocations: 1_000,
  errors: 3,
  throttles: 10,
  duration: { average: 20, p50: 18, p90: 30, p95: 40, p99: 80, max: 200 },
  concurrencyMax: 12,
  ...some,
});

export const cloud = (some: Partial<CloudResult> = {}): CloudResult => ({
  state: "complete",
  reason: "",
  window: { start: epochMs(START), end: epochMs(START + 120_000) },
  expected: 1_010,
  seen: 1_010,
  polls: 3,
  waited: millis(31_000),
  functions: [functionMetrics()],
  notes: [],
  ...some,
});

export const plan = (some: Partial<LoadPlan> = {}): LoadPlan => ({
  origin: "https://preview.example.com",
  headers: { Authorization: "Bearer s3cr3t-token" },
  userAgent: "swarmgate/0.1.0 (run-1)",
  tasks: [
    {
      name: "GET /orders",
      weight: 1,
      request: { method: "GET", path: "/orders?key=s3cr3t-token", headers: { Accept: "*/*" }, body: null },
    },
  ],
  scenario: null,
  allowedHosts: [],
  users: 20,
  spawnRate: perSecond(4),
  rate: null,
  stages: null,
  runTime: seconds(20),
  warmUp: seconds(5),
  preWarm: 0,
  waitTime: { kind: "constant", seconds: seconds(0.5) },
  timeout: millis(30_000),
  stopTimeout: millis(5_000),
  seed: 1,
  maxRequests: 1_000_000,
  stopIf: null,
  insecure: false,
  http2: false,
  ...some,
});

const healthSecond = (second: number): HealthSecond => ({
  second,
  utilisation: 0.2,
  cpuShare: 0.15,
  waiting: 0.01,
  steal: null,
  loopDelayMs: 1.5,
  lagMs: 0.2,
  gcMs: 0.9,
  memoryMb: 90,
  heapShare: 0.1,
  usersPlanned: 4,
  bytes: 20_000,
});

export const load = (some: Partial<LoadResult> = {}): LoadResult => ({
  window: { start: epochMs(START), end: epochMs(START + 20_000), seconds: seconds(20) },
  stopped: "run-time",
  totals: {
    requests: 200,
    dropped: 0,
    rate: 10,
    steadyRate: 12,
    steadySeconds: 15,
    bytes: { sent: 2_000, received: 20_000 },
    outcomes: outcomes({ ok: 195, "server-error": 3, timeout: 1, aborted: 1 }),
    connections: {
      opened: 20,
      reopened: 1,
      resumed: 0,
      surplus: 0,
      dnsMs: null,
      connectMs: { p50: 1, p95: 2 },
      tlsMs: null,
    },
    ttfbMs: { p50: 1, p95: 2 },
    downloadMs: null,
  },
  response: latency(10, 20, 30, 40),
  service: latency(9, 19, 29, 39),
  tasks: [task("GET /orders")],
  slices: Array.from({ length: 20 }, (_, second) => slice(second)),
  generator: {
    workers: 1,
    utilisation: { mean: 0.2, max: 0.4, shareAbove80: 0 },
    loopDelayMs: { p50: 0.1, p99: 2, max: 9 },
    cpuShare: 0.3,
    scheduleLagMs: { p50: 0, p99: 1, max: 3 },
    memoryMb: 90,
    usersAsked: 20,
    usersReached: 20,
    p95OwnMs: 0.2,
    linkMbit: 1000,
    series: [healthSecond(0), healthSecond(1)],
  },
  warmUp: { start: epochMs(START - 5_000), requests: 9, outcomes: outcomes({ ok: 9 }) },
  preWarm: { requests: 0, outcomes: outcomes() },
  setup: { requests: 2, outcomes: outcomes({ ok: 1, reset: 1 }), failedUsers: 1, rows: [task("POST /login")] },
  teardown: { requests: 0, outcomes: outcomes(), failedUsers: 0, rows: [] },
  ...some,
});

export const config = (some: Partial<Config> = {}): Config => ({
  name: "gate",
  mode: "gate",
  shard: null,
  scenario: null,
  target: {
    url: "https://user:hidden-pw@preview.example.com/orders?key=s3cr3t-token",
    baseUrl: null,
    stackName: null,
    environment: null,
    allowProduction: false,
    readyPath: null,
    readyStatus: [{ from: 200, to: 399 }],
    readyCommit: null,
    readyTimeout: millis(300_000),
    allowedHosts: [],
    headers: {},
    sigv4: false,
  },
  load: { ...plan(), spawnRate: perSecond(4), workers: null },
  aws: {
    region: null,
    functions: [],
    baseFunctions: [],
    referenceRps: null,
    maxConcurrency: null,
    maxCost: 1,
    frontEnd: null,
    ecs: null,
    pricesFile: null,
    prices: null,
    metricsTimeout: millis(180_000),
    logs: "auto",
  },
  baseline: {
    source: { kind: "artifact" },
    branch: null,
    workflow: null,
    wait: millis(120_000),
    segmentTime: millis(20_000),
    maxDuration: millis(900_000),
  },
  gate: { limits: [], failOn: "regression", onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" },
  report: { comment: "always", commentKey: "gate", commitStatus: false, htmlReport: false },
  secrets: ["s3cr3t-token", "Bearer s3cr3t-token"],
  ...some,
});

export const record = (some: Partial<RecordParts> = {}): RunRecord =>
  buildRecord({
    id: "run-1",
    version: "0.1.0",
    config: config(),
    plan: plan(),
    load: load(),
    cloud: null,
    git: {
      repository: "octo/shop",
      sha: "1a2b3c4d5e6f",
      branch: "main",
      baseBranch: "main",
      pullRequest: null,
      event: "push",
      runId: 77,
      runAttempt: 1,
    },
    probes: 3,
    problems: [],
    ...some,
  });
