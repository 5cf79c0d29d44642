import { describe, expect, test } from "vitest";
import type { CloudResult } from "../../../src/cloud/cloud.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { perSecond } from "../../../src/units.ts";
import { cloud, functionMetrics, latency, load, outcomes, plan, record, slice, task } from "./sample-record.ts";

const totals = load().totals;
const durations = { average: 20, p50: 18, p90: 30, p95: 40, p99: 80, max: 200 };
const none = { average: null, p50: null, p90: null, p95: null, p99: null, max: null };

describe("the client's figures", () => {
  const summary = summarise(record());

  test("are the record's own percentiles, with the responses behind them", () => {
    const { response, service } = record();
    expect(summary.values).toMatchObject({ p50: response.p50, p99: response.p99, "service-p95": service.p95 });
    expect(summary.samples).toMatchObject({ p50: 4, "service-p99": 4 });
  });

  test("throughput counts ok responses only, per second of the window", () => {
    expect(summary.values["throughput"]).toBeCloseTo(195 / 20, 10);
  });

  test("failures: every class but ok, aborted and local errors in neither part", () => {
    expect(summary.counts["failure-rate"]).toMatchObject({ events: 4, trials: 199 });
    expect(summary.failureShare).toBeCloseTo(4 / 199, 10);
    const local = summarise(
      record({ load: load({ totals: { ...totals, outcomes: outcomes({ ok: 5, "local-error": 95 }) } }) }),
    );
    expect(local.counts["failure-rate"]).toMatchObject({ events: 0, trials: 5 });
  });

  test("the rate is the steady part's, and the window's when there is no steady part", () => {
    expect(summary.rate).toBe(12);
    expect(summarise(record({ load: load({ totals: { ...totals, steadyRate: null } }) })).rate).toBe(10);
  });

  test("arrivals that were dropped are a share of all that were due, in the open model only", () => {
    expect(summary.counts).not.toHaveProperty("dropped-rate");
    expect(summary.unmeasured).not.toHaveProperty("dropped-rate");
    const rate = { perSecond: perSecond(20), spacing: "constant" } as const;
    const slices = Array.from({ length: 20 }, (_, second) => ({ ...slice(second), dropped: second < 2 ? 10 : 0 }));
    const open = summarise(
      record({ plan: plan({ rate }), load: load({ totals: { ...totals, dropped: 20 }, slices }) }),
    );
    expect(open.counts["dropped-rate"]).toMatchObject({ events: 20, trials: 220 });
    expect(open.counts["dropped-rate"]?.parts?.slice(0, 2)).toEqual([
      { events: 20, trials: 40 },
      { events: 0, trials: 20 },
    ]);
  });

  test("without cloud there are no cloud figures, measured or not", () => {
    const ids = [summary.values, summary.counts, summary.unmeasured].flatMap((map) => Object.keys(map));
    expect(ids.filter((id) => id.startsWith("lambda") || id.includes("concurrency"))).toEqual([]);
  });

  test("a run without an ok response has no latency, and says so", () => {
    const dead = load({
      response: latency(),
      service: latency(),
      totals: { ...totals, outcomes: outcomes({ timeout: 9 }) },
    });
    const figures = summarise(record({ load: dead }));
    expect(figures.values).not.toHaveProperty("p50");
    expect(figures.unmeasured).toHaveProperty("p50");
    expect(figures.counts["failure-rate"]).toMatchObject({ events: 9, trials: 9 });
    expect(figures.values["throughput"]).toBe(0);
  });

  test("a run without a request has no failure rate rather than a rate of 0", () => {
    const silent = summarise(
      record({ load: load({ totals: { ...totals, outcomes: outcomes() }, slices: [], response: latency() }) }),
    );
    expect(silent.counts).not.toHaveProperty("failure-rate");
    expect(silent.unmeasured["failure-rate"]?.code).toBe("no-requests");
  });
});

describe("ten equal parts of the window", () => {
  const partsOf = (slices: readonly ReturnType<typeof slice>[]) =>
    summarise(record({ load: load({ slices }) })).counts["failure-rate"]?.parts;

  test("hold the slices' failures where they fell", () => {
    const slices = Array.from({ length: 20 }, (_, second) =>
      slice(second, second === 7 ? { ok: 6, timeout: 4, aborted: 5 } : { ok: 10 }),
    );
    const parts = partsOf(slices) ?? [];
    expect(parts).toHaveLength(10);
    expect(parts[3]).toEqual({ events: 4, trials: 20 });
    expect(parts.reduce((sum, part) => sum + part.events, 0)).toBe(4);
    expect(parts.reduce((sum, part) => sum + part.trials, 0)).toBe(200);
  });

  test("do not exist for a window of fewer than ten seconds", () => {
    expect(partsOf(Array.from({ length: 9 }, (_, second) => slice(second)))).toBeNull();
  });

  test("are those of each task where the slices say which requests failed", () => {
    const slices = Array.from({ length: 20 }, (_, second) =>
      second === 7
        ? { ...slice(second, { ok: 6, timeout: 4 }), tasks: [7, 3], failures: [1, 3] }
        : { ...slice(second), tasks: [7, 3] },
    );
    const two = summarise(record({ load: load({ tasks: [task("a"), task("b")], slices }) }));
    expect(two.counts["failure-rate@b"]?.parts?.[3]).toEqual({ events: 3, trials: 6 });
    expect(two.counts["failure-rate@a"]?.parts?.[3]).toEqual({ events: 1, trials: 14 });
    expect(two.counts["failure-rate@b"]?.parts?.[0]).toEqual({ events: 0, trials: 6 });
  });

  test("of a task are not known where they do not", () => {
    const slices = Array.from({ length: 20 }, (_, second) => ({
      ...slice(second, { ok: 9, timeout: 1 }),
      tasks: [7, 3],
    }));
    const two = summarise(record({ load: load({ tasks: [task("a"), task("b")], slices }) }));
    expect(two.counts["failure-rate@a"]).toEqual({ events: 2, trials: 200, parts: null });
  });
});

describe("tasks", () => {
  test("one task needs no figures of its own", () => {
    expect(Object.keys(summarise(record()).values).filter((id) => id.includes("@"))).toEqual([]);
  });

  test("two tasks have their own", () => {
    const tasks = [task("a"), task("b", { response: latency(100, 200, 300) })];
    const { values } = summarise(record({ load: load({ tasks }) }));
    expect(values["p50@b"]).toBeGreaterThan(values["p50@a"] ?? Number.POSITIVE_INFINITY);
  });
});

describe("what AWS saw", () => {
  const of = (some: Partial<CloudResult>) => summarise(record({ cloud: cloud(some) }));

  test("one function: Duration with its percentiles, throttles of all calls, errors of invocations", () => {
    const summary = of({});
    expect(summary.values).toMatchObject({ "lambda-duration": 20, "lambda-duration-p95": 40, "concurrency-max": 12 });
    expect(summary.counts["lambda-throttles"]).toEqual({ events: 10, trials: 1_010, parts: null });
    expect(summary.counts["lambda-errors"]).toEqual({ events: 3, trials: 1_000, parts: null });
    expect(summary.functions).toEqual([{ function: "orders", callsPerRequest: 1, durationMs: 20 }]);
    expect(summary.samples["lambda-duration"]).toBe(1_000);
    expect(summary.unmeasured).toEqual({});
  });

  test("no Throttles beside Invocations is none; no Invocations either is unknown", () => {
    const silent = of({ functions: [functionMetrics({ throttles: null })] });
    expect(silent.counts["lambda-throttles"]).toMatchObject({ events: 0, trials: 1_000 });
    const unknown = of({ functions: [functionMetrics({ throttles: null, invocations: null, duration: none })] });
    expect(unknown.counts).not.toHaveProperty("lambda-throttles");
    expect(unknown.unmeasured["lambda-throttles"]?.code).toBe("cloud-incomplete");
    expect(unknown.unmeasured["lambda-duration"]?.code).toBe("cloud-incomplete");
    expect(unknown.unmeasured["required-concurrency"]?.code).toBe("cloud-incomplete");
  });

  test("everything throttled: the throttles are known, the errors are not", () => {
    const all = of({ functions: [functionMetrics({ invocations: null, throttles: 50, duration: none })] });
    expect(all.counts["lambda-throttles"]).toMatchObject({ events: 50, trials: 50 });
    expect(all.unmeasured).toHaveProperty("lambda-errors");
  });

  test("more errors than invocations is a figure that is still moving, not a share above 1", () => {
    const early = of({ functions: [functionMetrics({ errors: 1_001 })] });
    expect(early.counts).not.toHaveProperty("lambda-errors");
    expect(early.unmeasured["lambda-errors"]?.code).toBe("cloud-incomplete");
  });

  test("several functions: Duration weighted by invocations, percentiles per function only", () => {
    const summary = of({
      expected: 1_000,
      functions: [
        functionMetrics({ function: "a", invocations: 900, throttles: 0, duration: { ...durations, average: 10 } }),
        functionMetrics({ function: "b", invocations: 100, throttles: 0, duration: { ...durations, average: 110 } }),
        functionMetrics({ function: "idle", invocations: null, throttles: null, errors: null, duration: none }),
      ],
    });
    expect(summary.values["lambda-duration"]).toBe(20);
    expect(summary.values).not.toHaveProperty("lambda-duration-p95");
    expect(summary.values).toMatchObject({ "lambda-duration@b": 110, "lambda-duration-p95@a": 40 });
    expect(summary.counts["lambda-throttles"]).toMatchObject({ events: 0, trials: 1_000 });
    expect(summary.functions.map((one) => [one.function, one.callsPerRequest])).toEqual([
      ["a", 0.9],
      ["b", 0.1],
    ]);
  });

  test("a called function without Duration leaves the weighted figure unmeasured", () => {
    const summary = of({ functions: [functionMetrics(), functionMetrics({ function: "b", duration: none })] });
    expect(summary.values).not.toHaveProperty("lambda-duration");
    expect(summary.unmeasured).toHaveProperty("lambda-duration");
    expect(summary.unmeasured).toHaveProperty("required-concurrency");
  });

  test.each([
    ["denied", "cloud-denied"],
    ["incomplete", "cloud-incomplete"],
    ["partial", "cloud-incomplete"],
  ] as const)("%s: no cloud metric is measured, each with the reason", (state, code) => {
    const summary = of({ state, reason: "because" });
    for (const id of ["lambda-duration", "lambda-throttles", "required-concurrency", "concurrency-max"]) {
      expect(summary.unmeasured[id], id).toEqual({ code, reason: "because" });
    }
    expect(
      [...Object.keys(summary.values), ...Object.keys(summary.counts)].filter((id) => /lambda|conc/.test(id)),
    ).toEqual([]);
    expect(summary.functions).toEqual([]);
    expect(summary.values).toHaveProperty("p50");
  });

  test("contaminated: Duration is kept, whatever counts invocations is not", () => {
    const summary = of({ state: "contaminated", reason: "foreign traffic" });
    expect(summary.values).toMatchObject({ "lambda-duration": 20, "lambda-duration-p99": 80 });
    for (const id of [
      "lambda-throttles",
      "lambda-errors",
      "required-concurrency",
      "concurrency-max",
      "cost-per-million",
    ]) {
      expect(summary.unmeasured[id]?.code, id).toBe("cloud-contaminated");
    }
    expect(summary.values).not.toHaveProperty("concurrency-max");
    expect(summary.counts).not.toHaveProperty("lambda-throttles");
    expect(summary.functions).toEqual([]);
  });
});

test("an interrupted run says so, and an invalid one", () => {
  expect(summarise(record({ load: load({ stopped: "interrupted" }) })).interrupted).toBe(true);
  const invalid = { code: "interrupted", severity: "invalid", message: "", hint: "" } as const;
  expect(summarise(record({ problems: [invalid] })).valid).toBe(false);
});
