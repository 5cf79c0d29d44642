import { describe, expect, test } from "vitest";
import { encodeHistogram, newHistogram, recordLatency } from "../../../src/load/histogram.ts";
import type { ModelPlan } from "../../../src/load/model.ts";
import { noOutcomes } from "../../../src/load/outcome.ts";
import type { GeneratorHealth, HealthSecond, LoadResult, Slice } from "../../../src/load/result.ts";
import { saturationProblem } from "../../../src/target/saturation.ts";
import { micros, perSecond, seconds } from "../../../src/units.ts";
import { calm, latency, loadResult } from "./load-result.ts";

const closed: ModelPlan = { users: 20, spawnRate: perSecond(4), runTime: seconds(60), rate: null, stages: null };
const open: ModelPlan = { ...closed, rate: { perSecond: perSecond(100), spacing: "constant" } };

const second = (change: Partial<HealthSecond> = {}): HealthSecond => ({
  second: 0,
  utilisation: 0.1,
  cpuShare: 0.1,
  waiting: 0.01,
  steal: 0,
  loopDelayMs: 1,
  lagMs: 0.1,
  gcMs: 1,
  heapShare: 0.1,
  usersPlanned: 20,
  memoryMb: 90,
  bytes: 1_000_000,
  ...change,
});

const health = (change: Partial<GeneratorHealth>, p95 = 20): LoadResult =>
  loadResult({ ok: 2000 }, { generator: { ...calm, ...change }, response: latency(p95), service: latency(p95) });

const textOf = (load: LoadResult, plan = closed): string | undefined => saturationProblem(load, plan)?.message;

const lateBy = (p99: number) => ({ scheduleLagMs: { p50: 0, p99, max: 2 * p99 } });

describe("a generator whose own delay is in its p95", () => {
  test.each<[string, Partial<GeneratorHealth>, number, boolean]>([
    ["2 ms of 20", { p95OwnMs: 2 }, 20, false],
    ["2.4 ms of 20, which may well be 3", { p95OwnMs: 2.4 }, 20, true],
    ["0.4 ms of a fast target's 0.5", { p95OwnMs: 0.4 }, 0.5, false],
    ["1.2 ms of a fast target's 1.5", { p95OwnMs: 1.2 }, 1.5, true],
    ["5 ms of 300", { p95OwnMs: 5 }, 300, false],
    ["2.1 ms of 20 on a core that others use", { p95OwnMs: 2.1, series: [second({ waiting: 0.3 })] }, 20, true],
    ["1.5 ms of 20 on a core that others use", { p95OwnMs: 1.5, series: [second({ waiting: 0.3 })] }, 20, false],
    [
      "2.1 ms of 20 where the thread ran more than it waited",
      { p95OwnMs: 2.1, series: [second({ waiting: 0.06, cpuShare: 0.4 })] },
      20,
      false,
    ],
    [
      "starts 3 ms late at a p95 of 12 on a core that others use",
      { ...lateBy(3), series: [second({ waiting: 0.1 })] },
      12,
      true,
    ],
    ["the same on a core of its own", { ...lateBy(3), series: [second({ waiting: 0.02 })] }, 12, false],
    ["the same beside a slow target", { ...lateBy(3), series: [second({ waiting: 0.1 })] }, 100, false],
  ])("%s", (_, change, p95, saturated) => {
    expect(textOf(health(change, p95)) !== undefined).toBe(saturated);
  });
});

describe("signs by the second", () => {
  test("a full link is named with its speed", () => {
    const full = Array.from({ length: 20 }, (_, at) => second({ bytes: at < 2 ? 12_000_000 : 1_000_000 }));
    expect(textOf(health({ linkMbit: 100, series: full }))).toMatch(/link of 100 Mbit\/s was full in 10 %/);
    expect(textOf(health({ linkMbit: 1000, series: full }))).toBeUndefined();
    expect(textOf(health({ linkMbit: null, series: full }))).toBeUndefined();
  });

  test("a heap that is nearly full in more than a twentieth of the seconds", () => {
    const seconds = (full: number) =>
      Array.from({ length: 20 }, (_, at) => second({ heapShare: at < full ? 0.95 : 0.5 }));
    expect(textOf(health({ series: seconds(2) }))).toMatch(/heap was more than 90 % full in 10 % of the seconds/);
    expect(textOf(health({ series: seconds(1) }))).toBeUndefined();
    expect(textOf(health({ series: [second({ heapShare: null })] }))).toBeUndefined();
  });

  test("CPU time that the host gave away", () => {
    expect(textOf(health({ series: [second({ steal: 0.2 })] }))).toMatch(/gave 20 %/);
    expect(textOf(health({ series: [second({ steal: 0.05 }), second({ steal: null })] }))).toBeUndefined();
  });

  test("arrivals that leave late, in the open model only", () => {
    const late = { scheduleLagMs: { p50: 0.1, p99: 12, max: 30 } };
    expect(textOf(health(late, 100), open)).toMatch(/arrivals left 12 ms late/);
    expect(textOf(health(late, 200), open)).toBeUndefined();
    expect(textOf(health({ scheduleLagMs: { p50: 0.1, p99: 4, max: 30 } }, 10), open)).toBeUndefined();
    expect(textOf(health(late, 100), closed)).toBeUndefined();
  });
});

const slice = (at: number, dropped: number, service: number | null, users = 20): Slice => {
  const histogram = newHistogram();
  if (service !== null) for (let i = 0; i < 9; i++) recordLatency(histogram, micros(service * 1000));
  return {
    second: at,
    users,
    requests: 100 - dropped,
    dropped,
    outcomes: noOutcomes(),
    tasks: [100 - dropped],
    bytesReceived: 0,
    response: null,
    service: service === null ? null : encodeHistogram(histogram),
  };
};

describe("dropped arrivals", () => {
  const load = (slices: readonly Slice[]): LoadResult => {
    const dropped = slices.reduce((sum, one) => sum + one.dropped, 0);
    const result = loadResult({ ok: slices.length * 100 - dropped }, { slices });
    return { ...result, totals: { ...result.totals, dropped } };
  };

  test.each<[string, readonly Slice[], boolean]>([
    ["one in a hundred is tolerated", Array.from({ length: 10 }, (_, at) => slice(at, at === 3 ? 10 : 0, 20)), false],
    ["a pool that is too small from the start", Array.from({ length: 10 }, (_, at) => slice(at, 40, 50)), true],
    [
      "some seconds of drops, the target as fast as in the others",
      Array.from({ length: 10 }, (_, at) => slice(at, at % 2 ? 30 : 0, 50)),
      true,
    ],
    [
      "a target that became slower: its own doing",
      Array.from({ length: 10 }, (_, at) => slice(at, at > 6 ? 50 : 0, at > 6 ? 400 : 50)),
      false,
    ],
    [
      "a target that slowed down more and more",
      Array.from({ length: 10 }, (_, at) => slice(at, 20, 50 + 40 * at)),
      false,
    ],
    [
      "a target that stalled: no answer at all",
      Array.from({ length: 10 }, (_, at) => slice(at, at === 5 ? 90 : 0, at === 5 ? null : 50)),
      false,
    ],
  ])("%s", (_, slices, saturated) => {
    const text = textOf(load(slices), open);
    expect(text !== undefined).toBe(saturated);
    if (saturated) expect(text).toMatch(/arrivals were dropped while the target answered as fast as ever/);
  });
});

describe("users that do not come in time", () => {
  const ramp = (late: number): LoadResult => ({
    ...loadResult({ ok: 2000 }),
    slices: Array.from({ length: 59 }, (_, at) => slice(at, 0, 20, Math.min(20, Math.max(0, 4 * (at + 1 - late))))),
  });

  test("a ramp on time is calm, one that is seconds late is not", () => {
    expect(textOf(ramp(0))).toBeUndefined();
    expect(textOf(ramp(4))).toMatch(/20 of 20 users in time/);
  });

  test("users whose setup failed are the target's doing", () => {
    const load = ramp(0);
    const gone = { ...load, slices: load.slices.map((one) => ({ ...one, users: Math.min(one.users, 10) })) };
    const failed = {
      ...gone,
      generator: { ...gone.generator, usersReached: 10 },
      setup: { ...gone.setup, failedUsers: 10 },
    };
    expect(textOf(failed)).toBeUndefined();
    expect(textOf({ ...failed, setup: { ...failed.setup, failedUsers: 0 } })).toMatch(/10 of 20 users/);
  });
});

test("the mend names workers, a larger runner and shards", () => {
  const busy = saturationProblem(
    health({ utilisation: { mean: 0.9, max: 1, shareAbove80: 0.5 }, cpuShare: 0.9 }),
    closed,
  );
  expect(busy?.hint).toMatch(/workers.*larger runner.*shards/);
});
