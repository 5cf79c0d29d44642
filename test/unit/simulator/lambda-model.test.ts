import { describe, expect, it } from "vitest";
import { defaultFunctionSettings } from "../../../simulator/function-settings.ts";
import { type Arrival, LambdaModel, type ModelSettings } from "../../../simulator/lambda-model.ts";
import { createRandom } from "../../../simulator/random.ts";

const exact = { jitter: 0, environmentSpread: 0, initMs: 0 };
const modelOf = (settings: Partial<ModelSettings>, seed = 7) =>
  new LambdaModel({ ...defaultFunctionSettings, ...settings }, createRandom(seed));

const arriveAll = (model: LambdaModel, times: readonly number[]): readonly Arrival[] =>
  times.map((atMs) => model.arrive(atMs));
const served = (arrivals: readonly Arrival[]) => arrivals.filter((arrival) => arrival.kind === "served");
const throttles = (arrivals: readonly Arrival[], reason: string) =>
  arrivals.filter((arrival) => arrival.kind === "throttled" && arrival.reason === reason).length;
const every = (stepMs: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => i * stepMs);

describe("the concurrency limit", () => {
  it("throttles exactly while as many environments are busy as the limit allows", () => {
    const limit = 5;
    const model = modelOf({
      durationMs: 700,
      jitter: 0.3,
      environmentSpread: 0.1,
      initMs: 150,
      concurrencyLimit: limit,
    });
    const random = createRandom(3);
    let ends: number[] = [];
    let atMs = 0;
    let refused = 0;
    for (let i = 0; i < 5000; i++) {
      atMs += random.uniform() * 250;
      ends = ends.filter((end) => end > atMs);
      const arrival = model.arrive(atMs);
      expect(arrival.kind).toBe(ends.length >= limit ? "throttled" : "served");
      if (arrival.kind === "throttled") refused += 1;
      else {
        ends.push(atMs + arrival.initMs + arrival.durationMs);
        expect(arrival.concurrent).toBe(ends.length);
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(4900);
  });

  it("serves nothing when it is 0", () => {
    expect(modelOf({ concurrencyLimit: 0 }).arrive(0)).toEqual({ kind: "throttled", reason: "concurrency" });
  });

  it("frees an environment at the very end of init + duration", () => {
    const model = modelOf({ ...exact, initMs: 50, durationMs: 100, concurrencyLimit: 1 });
    const kinds = arriveAll(model, [0, 149.9, 150]).map((arrival) => arrival.kind);
    expect(kinds).toEqual(["served", "throttled", "served"]);
  });
});

describe("environments", () => {
  it("reuses the one that became free last", () => {
    const model = modelOf({ ...exact, durationMs: 100 });
    const environments = served(arriveAll(model, [0, 10, 20, 500, 510])).map((arrival) => arrival.environment);
    expect(environments).toEqual([1, 2, 3, 3, 2]);
  });

  it("starts cold once and is gone after the idle timeout", () => {
    const model = modelOf({ ...exact, initMs: 30, durationMs: 10, idleTimeoutMs: 1000 });
    const cold = served(arriveAll(model, [0, 100, 1110, 2121])).map(({ coldStart, initMs }) => [coldStart, initMs]);
    expect(cold).toEqual([
      [true, 30],
      [false, 0],
      [false, 0],
      [true, 30],
    ]);
  });

  it("differ in speed, each keeping its own", () => {
    const model = modelOf({ ...exact, environmentSpread: 0.2, durationMs: 100 });
    const first = served(arriveAll(model, every(0, 20)));
    expect(new Set(first.map(({ durationMs }) => durationMs)).size).toBe(20);
    const again = served(
      arriveAll(
        model,
        Array.from({ length: 20 }, () => 10_000),
      ),
    );
    const speeds = new Map(first.map(({ environment, durationMs }) => [environment, durationMs]));
    for (const { environment, durationMs } of again) expect(durationMs).toBeCloseTo(speeds.get(environment) ?? 0, 9);
  });
});

describe("rates", () => {
  it("starts at most the burst of environments at once and 100 a second after it", () => {
    const model = modelOf({
      ...exact,
      durationMs: 1e9,
      concurrencyLimit: 1e6,
      scalingBurst: 50,
      scalingPerSecond: 100,
    });
    const atOnce = arriveAll(model, every(0, 80));
    expect(served(atOnce)).toHaveLength(50);
    expect(throttles(atOnce, "scaling")).toBe(30);
    const inTheNextSecond = Array.from({ length: 1000 }, (_, i) => i + 1).map((atMs) => model.arrive(atMs));
    expect(served(inTheNextSecond)).toHaveLength(100);
  });

  it("never saves up more than the burst", () => {
    const model = modelOf({ ...exact, durationMs: 1e9, concurrencyLimit: 1e6, scalingBurst: 50 });
    model.arrive(0);
    expect(served(Array.from({ length: 500 }, () => model.arrive(3_600_000)))).toHaveLength(50);
  });

  it("does not need the scaling budget for a warm environment", () => {
    const model = modelOf({ ...exact, durationMs: 1, scalingBurst: 1, scalingPerSecond: 0 });
    expect(served(arriveAll(model, every(2, 500)))).toHaveLength(500);
  });

  it("admits ten times the concurrency in any one second", () => {
    const model = modelOf({ ...exact, durationMs: 0.1, concurrencyLimit: 10 });
    const arrivals = arriveAll(model, every(1, 3000));
    expect(throttles(arrivals, "concurrency")).toBe(0);
    const admitted = arrivals.flatMap((arrival, atMs) => (arrival.kind === "served" ? [atMs] : []));
    for (let from = 0; from <= 2000; from++) {
      expect(admitted.filter((atMs) => atMs >= from && atMs < from + 1000).length).toBeLessThanOrEqual(100);
    }
    expect(admitted).toHaveLength(300);
  });
});

describe("durations", () => {
  const warmRun = (settings: Partial<ModelSettings>, seed?: number) =>
    served(arriveAll(modelOf(settings, seed), every(2000, 20_000)));
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each([
    { durationMs: 701.73, jitter: 0.01 },
    { durationMs: 7.66, jitter: 0.3 },
  ])("have the mean that was set: $durationMs with jitter $jitter", (settings) => {
    const durations = warmRun({ ...settings, environmentSpread: 0 }).map(({ durationMs }) => durationMs);
    const standardError = (settings.durationMs * settings.jitter) / Math.sqrt(durations.length);
    expect(Math.abs(meanOf(durations) - settings.durationMs)).toBeLessThan(4 * standardError);
    const logSd = Math.sqrt(
      meanOf(durations.map((one) => (Math.log(one / settings.durationMs) + settings.jitter ** 2 / 2) ** 2)),
    );
    expect(logSd / settings.jitter).toBeCloseTo(1, 1);
  });

  it("have errors and a slow tail in the shares that were set", () => {
    const all = warmRun({ ...exact, durationMs: 10, errorShare: 0.05, tailShare: 0.02, tailFactor: 20 });
    expect(all.filter(({ failed }) => failed).length / all.length).toBeCloseTo(0.05, 2);
    expect(all.filter(({ durationMs }) => durationMs === 200).length / all.length).toBeCloseTo(0.02, 2);
  });

  it("repeat with the seed and differ with another", () => {
    const settings = { durationMs: 100, jitter: 0.1, errorShare: 0.1 };
    const [one, same, other] = [1, 1, 2].map((seed) => JSON.stringify(warmRun(settings, seed)));
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });
});

it("refuses arrivals that go back in time", () => {
  const model = modelOf({});
  model.arrive(10);
  expect(() => model.arrive(9)).toThrow(RangeError);
});

describe("the function's own timeout", () => {
  it("cuts the handler off, counts as a failure and frees the environment", () => {
    const model = modelOf({ ...exact, durationMs: 100, timeoutMs: 40, concurrencyLimit: 1 });
    const [first, second] = served(arriveAll(model, [0, 40]));
    expect(first).toMatchObject({ durationMs: 40, timedOut: true, failed: true });
    expect(second?.coldStart).toBe(false);
  });

  it("lets through what ends exactly in time", () => {
    const [only] = served(arriveAll(modelOf({ ...exact, durationMs: 40, timeoutMs: 40 }), [0]));
    expect(only).toMatchObject({ timedOut: false, failed: false });
  });
});

describe("provisioned concurrency", () => {
  const settings = { ...exact, initMs: 50, durationMs: 100, provisionedConcurrency: 2 };
  const starts = (arrivals: readonly Arrival[]) => served(arrivals).map((one) => [one.provisioned, one.coldStart]);

  it("serves without Init, and what is beyond it spills over to ordinary environments", () => {
    expect(starts(arriveAll(modelOf(settings), [0, 0, 0, 500]))).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it("does not use up the scaling limit and does not expire", () => {
    const model = modelOf({ ...settings, scalingBurst: 0, scalingPerSecond: 0, idleTimeoutMs: 10 });
    const arrivals = arriveAll(model, [0, 0, 0, 100_000]);
    expect(arrivals.map(({ kind }) => kind)).toEqual(["served", "served", "throttled", "served"]);
  });

  it("goes when it is taken away, the busy ones at their end", () => {
    const model = modelOf(settings);
    arriveAll(model, [0]);
    model.configure({ ...defaultFunctionSettings, ...settings, provisionedConcurrency: 0 });
    expect(starts(arriveAll(model, [200, 200]))).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});

describe("the second half of the scaling rule", () => {
  it("lets the rate rise by so many requests a second over 10 s, and not faster", () => {
    const model = modelOf({ ...exact, durationMs: 0, requestScaling: 5 });
    const second = (at: number) =>
      arriveAll(
        model,
        every(1, 20).map((ms) => at * 1000 + ms),
      );
    expect(throttles(second(0), "scaling")).toBe(15);
    expect(throttles(second(9), "scaling")).toBe(15);
    expect(throttles(second(10), "scaling")).toBe(10);
    expect(throttles(second(20), "scaling")).toBe(5);
  });
});

describe("a limit shared with others", () => {
  const elsewhere = { limit: 10, busy: 7, perSecond: 0 };

  it.each([
    ["their concurrency is gone", { ...elsewhere }, ["served", "served", "served", "throttled"]],
    ["their rate is gone", { limit: 10, busy: 0, perSecond: 98 }, ["served", "served", "throttled", "throttled"]],
    ["nobody else is busy", { limit: 10, busy: 0, perSecond: 0 }, ["served", "served", "served", "served"]],
  ])("%s", (_, others, kinds) => {
    const model = modelOf({ ...exact, durationMs: 100 });
    expect(every(0, 4).map((atMs) => model.arrive(atMs, others).kind)).toEqual(kinds);
  });

  it("shows the others what it uses itself", () => {
    const model = modelOf({ ...exact, durationMs: 100 });
    arriveAll(model, [0, 10, 20]);
    expect(model.load(50)).toEqual({ busy: 3, perSecond: 3 });
    expect(model.load(115)).toEqual({ busy: 1, perSecond: 3 });
    expect(model.load(1015)).toEqual({ busy: 0, perSecond: 1 });
  });
});
