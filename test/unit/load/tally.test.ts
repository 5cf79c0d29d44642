import { describe, expect, test } from "vitest";
import { BucketCounter, type BucketCounts } from "../../../src/load/bucket-counts.ts";
import { encodeHistogram, sumCounts } from "../../../src/load/histogram.ts";
import { noOutcomes, type OutcomeCounts } from "../../../src/load/outcome.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import { type RunFacts, tallyLoad } from "../../../src/load/tally.ts";
import type { SliceReport, WorkerReport } from "../../../src/load/worker-report.ts";
import { epochMs, micros, millis, perSecond, seconds } from "../../../src/units.ts";

const counted = (...millisValues: readonly number[]): BucketCounts | null => {
  const counter = new BucketCounter();
  for (const value of millisValues) counter.record(micros(value * 1000));
  return counter.take();
};
const encoded = (...millisValues: readonly number[]): string => encodeHistogram(sumCounts([counted(...millisValues)]));
const counts = (some: Partial<OutcomeCounts>): OutcomeCounts => ({ ...noOutcomes(), ...some });

const task = (name: string) => ({ name, weight: 1, request: { method: "GET", path: "/", headers: {}, body: null } });
const plan: LoadPlan = {
  origin: "http://a",
  headers: {},
  userAgent: "t",
  tasks: [task("one"), task("two")],
  scenario: null,
  allowedHosts: [],
  users: 2,
  spawnRate: perSecond(2),
  rate: null,
  stages: null,
  runTime: seconds(3),
  warmUp: seconds(0),
  preWarm: 0,
  waitTime: { kind: "constant", seconds: seconds(1) },
  timeout: millis(1000),
  stopTimeout: millis(1000),
  seed: 1,
  maxRequests: 100,
  stopIf: null,
  insecure: false,
  http2: false,
};
const facts: RunFacts = {
  plan,
  start: epochMs(1_700_000_000_000),
  seconds: seconds(3),
  stopped: "run-time",
  workers: 1,
  memoryMb: 100,
  linkMbit: null,
  host: [],
  warmUp: { start: null, requests: 0, outcomes: noOutcomes() },
  preWarm: { requests: 0, outcomes: noOutcomes() },
};
const slice = (second: number, some: Partial<SliceReport>): SliceReport => ({
  second,
  spawned: 0,
  left: 0,
  dropped: 0,
  outcomes: noOutcomes(),
  tasks: [0, 0],
  bytesReceived: 0,
  response: null,
  service: null,
  ...some,
});
const NO_CONNECTIONS = { opened: 0, reopened: 0, resumed: 0, surplus: 0, dns: null, connect: null, tls: null };
const report = (some: Partial<WorkerReport>): WorkerReport => ({
  worker: 0,
  second: 0,
  slices: [],
  rows: [],
  signs: { seen: 0, cacheHits: 0, aged: 0 },
  failedUsers: { setup: 0, teardown: 0 },
  bytesSent: 0,
  bytesReceived: 0,
  connections: NO_CONNECTIONS,
  ttfb: null,
  download: null,
  scheduleLag: null,
  loop: null,
  ...some,
});

describe("a window", () => {
  test("without any report has all its seconds, and null where nothing was measured", () => {
    const result = tallyLoad([], facts);
    expect(result.slices.map((each) => [each.second, each.users, each.requests, each.response])).toEqual([
      [0, 0, 0, null],
      [1, 0, 0, null],
      [2, 0, 0, null],
    ]);
    expect(result.window).toEqual({ start: 1_700_000_000_000, end: 1_700_000_003_000, seconds: 3 });
    expect(result.totals).toMatchObject({ requests: 0, rate: 0, steadyRate: 0, steadySeconds: 2 });
    expect(result.totals.connections).toEqual({
      opened: 0,
      reopened: 0,
      resumed: 0,
      surplus: 0,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
    });
    expect(result.response).toMatchObject({ count: 0, p50: null, p99: null });
    expect(result.tasks.map((each) => each.name)).toEqual(["one", "two"]);
  });

  test("of no length has no rate", () => {
    const { totals, slices } = tallyLoad([], { ...facts, seconds: seconds(0), stopped: "interrupted" });
    expect(totals).toMatchObject({ rate: 0, steadyRate: null, steadySeconds: 0 });
    expect(slices).toEqual([]);
  });

  test("says per task which requests of a second failed, and nothing where none did", () => {
    const failing = (failures: readonly (number | undefined)[]) =>
      report({ slices: [slice(0, { outcomes: counts({ ok: 2, timeout: 2 }), tasks: [1, 3], failures })] });
    const calm = report({ slices: [slice(1, { outcomes: counts({ ok: 2 }), tasks: [1, 1], failures: [] })] });
    const result = tallyLoad([failing([undefined, 2]), failing([1, 1]), calm], facts);
    expect(result.slices.map(({ failures }) => failures)).toEqual([[1, 3], undefined, undefined]);
  });

  test("adds what several reports and workers say of the same second", () => {
    const result = tallyLoad(
      [
        report({
          slices: [
            slice(0, {
              spawned: 1,
              outcomes: counts({ ok: 2 }),
              tasks: [1, 1],
              bytesReceived: 10,
              response: counted(1, 2),
            }),
          ],
          bytesSent: 5,
          bytesReceived: 13,
        }),
        report({
          worker: 1,
          slices: [slice(0, { spawned: 1, outcomes: counts({ timeout: 1 }), tasks: [0, 1], bytesReceived: 3 })],
        }),
        report({
          slices: [
            slice(0, { outcomes: counts({ ok: 1 }), tasks: [1, 0], response: counted(3) }),
            slice(2, { outcomes: counts({ ok: 3 }), tasks: [3, 0], response: counted(4, 5, 6) }),
          ],
        }),
      ],
      { ...facts, workers: 2 },
    );
    expect(result.slices.map((each) => [each.users, each.requests, each.tasks, each.bytesReceived])).toEqual([
      [2, 4, [2, 2], 13],
      [2, 0, [0, 0], 0],
      [2, 3, [3, 0], 0],
    ]);
    expect(result.slices[0]?.outcomes).toEqual(counts({ ok: 3, timeout: 1 }));
    expect(result.slices[0]?.response).toBe(encoded(1, 2, 3));
    expect(result.totals.outcomes).toEqual(counts({ ok: 6, timeout: 1 }));
    expect(result.totals.bytes).toEqual({ sent: 5, received: 13 });
    expect(result.response.histogram).toBe(encoded(1, 2, 3, 4, 5, 6));
    expect(result.generator.usersReached).toBe(2);
    expect(result.totals.rate).toBeCloseTo(7 / 3, 12);
  });
});

describe("the steady part", () => {
  const slices = [slice(0, { outcomes: counts({ ok: 1 }) }), slice(1, { outcomes: counts({ ok: 5 }) })];
  const late = slice(2, { outcomes: counts({ ok: 9 }) });

  test.each<readonly [number, number | null, number, string]>([
    [3, 7, 2, "from the second in which all users run"],
    [2.9, 5, 1, "a broken second at the end is left out"],
    [1.9, null, 0, "less than one full second is none"],
    [1, null, 0, "only ramp"],
  ])("%d s: rate %d over %i s: %s", (length, steadyRate, steadySeconds) => {
    const { totals } = tallyLoad([report({ slices: [...slices, late] })], { ...facts, seconds: seconds(length) });
    expect(totals).toMatchObject({ steadyRate, steadySeconds });
  });
});

describe("tasks", () => {
  test("keep five examples a class, the earliest", () => {
    const examples = (from: number) => ({
      "server-error": Array.from({ length: 4 }, (_, i) => ({ status: 500, text: `${from + i}` })),
    });
    const part = (from: number) => ({
      outcomes: counts({ "server-error": 4 }),
      response: null,
      service: null,
      examples: examples(from),
    });
    const [one, two] = tallyLoad([report({ rows: [part(0)] }), report({ worker: 1, rows: [part(10)] })], facts).tasks;
    expect(one?.examples["server-error"]?.map((each) => each.text)).toEqual(["0", "1", "2", "3", "10"]);
    expect(one).toMatchObject({ requests: 8, response: { count: 0, p50: null } });
    expect(two).toMatchObject({ requests: 0, examples: {} });
  });
});

describe("the generator", () => {
  const loop = (utilisation: number, delay: number) => ({
    utilisation,
    cpuShare: utilisation / 2,
    waiting: null,
    seconds: 1,
    delayMs: delay,
    late: counted(delay),
    gcMs: 0,
    heapShare: delay / 100,
  });

  test("is as good as its busiest worker", () => {
    const { generator } = tallyLoad(
      [
        report({ loop: loop(0.1, 1) }),
        report({ worker: 1, loop: loop(0.9, 7) }),
        report({ loop: loop(0.95, 2) }),
        report({ worker: 1, loop: loop(0.7, 8) }),
        report({ worker: 1 }),
      ],
      { ...facts, workers: 2 },
    );
    expect(generator.utilisation.mean).toBeCloseTo(0.8, 12);
    expect(generator.utilisation).toMatchObject({ max: 0.9, shareAbove80: 0.5 });
    expect(generator.loopDelayMs.p50).toBeCloseTo(7, 1);
    expect(generator.loopDelayMs.max).toBeCloseTo(8, 1);
    expect(generator.series[0]).toMatchObject({ heapShare: 0.08, usersPlanned: expect.any(Number) });
  });

  test("states its schedule lag and connect times in milliseconds", () => {
    const { generator, totals } = tallyLoad(
      [
        report({
          scheduleLag: counted(1, 1, 40),
          connections: { ...NO_CONNECTIONS, opened: 2, reopened: 1, connect: counted(2, 2, 2) },
        }),
      ],
      facts,
    );
    expect(generator.scheduleLagMs.p50).toBeCloseTo(1, 2);
    expect(generator.scheduleLagMs.max).toBeCloseTo(40, 1);
    expect(totals.connections).toMatchObject({ opened: 2, reopened: 1, tlsMs: null });
    expect(totals.connections.connectMs?.p95).toBeCloseTo(2, 2);
  });
});
