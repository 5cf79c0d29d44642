import { describe, expect, it } from "vitest";
import { metricData } from "../../../simulator/cloudwatch/metric-data.ts";
import { parseMetricDataRequest } from "../../../simulator/cloudwatch/request.ts";
import { type CloudwatchSettings, defaultCloudwatchSettings } from "../../../simulator/cloudwatch/settings.ts";
import { defaultFunctionSettings } from "../../../simulator/function-settings.ts";
import type { LedgerEntry } from "../../../simulator/ledger.ts";
import { millis } from "../../../src/units.ts";
import { entryAt } from "./ledger-fixture.ts";

const noon = Date.UTC(2026, 10, 21, 12);

const entry = (afterNoonMs: number, durationMs: number, outcome: LedgerEntry["outcome"] = "ok"): LedgerEntry =>
  entryAt(noon + afterNoonMs, { durationMs: millis(durationMs), outcome });

type Ask = { from?: number; to?: number; period?: number; metric?: string; stat?: string; unit?: string };

function ask(
  entries: readonly LedgerEntry[],
  options: Ask,
  more: { settings?: Partial<CloudwatchSettings>; nowMs?: number } = {},
) {
  const { from = 0, to = 600, period = 60, metric = "Duration", stat = "Sum", unit } = options;
  const request = parseMetricDataRequest({
    StartTime: noon / 1000 + from,
    EndTime: noon / 1000 + to,
    ScanBy: "TimestampAscending",
    MetricDataQueries: [
      {
        Id: "m1",
        MetricStat: {
          Metric: { Namespace: "AWS/Lambda", MetricName: metric, Dimensions: [{ Name: "FunctionName", Value: "f" }] },
          ...{ Period: period, Stat: stat, Unit: unit },
        },
      },
    ],
  });
  const answer = metricData(request, {
    sources: [{ name: "f", settings: defaultFunctionSettings, entries, notCounted: [] }],
    settings: { ...defaultCloudwatchSettings, ...more.settings },
    region: null,
    nowMs: more.nowMs ?? noon + 3_600_000,
  });
  const [result] = answer.MetricDataResults;
  return result?.Timestamps.map((at, i) => [at - noon / 1000, result.Values[i]]);
}

describe("buckets", () => {
  const entries = [entry(5_000, 10), entry(59_999, 20), entry(60_000, 30), entry(300_000, 40)];

  it.each([
    [
      "whole minutes, empty ones left out",
      {},
      [
        [0, 30],
        [60, 30],
        [300, 40],
      ],
    ],
    ["counted from the start, not from multiples of the period", { from: 60, period: 300 }, [[60, 70]]],
    [
      "a start inside a minute is floored to it",
      { from: 30, period: 300 },
      [
        [0, 60],
        [300, 40],
      ],
    ],
    [
      "the end is exclusive",
      { to: 300 },
      [
        [0, 30],
        [60, 30],
      ],
    ],
    ["one bucket over the window", { period: 600 }, [[0, 100]]],
    ["a unit that is not the metric's finds nothing", { unit: "Seconds" }, []],
    ["a metric nobody publishes finds nothing", { metric: "Restarts" }, []],
  ] satisfies [string, Ask, number[][]][])("%s", (_, options, expected) => {
    expect(ask(entries, options)).toEqual(expected);
  });

  it("stand at the start of the invocation, not at its end", () => {
    expect(ask([entry(59_000, 5_000)], { metric: "Invocations" })).toEqual([[0, 1]]);
  });
});

describe("statistics", () => {
  const values = [50, 10, 40, 20, 30].map((value, i) => entry(i, value));
  it.each([
    ["Average", 30],
    ["Minimum", 10],
    ["Maximum", 50],
    ["SampleCount", 5],
    ["p50", 30],
    ["p90", 50],
    ["p20", 10],
    ["p20.5", 20],
    ["p0", 10],
    ["p100", 50],
  ])("%s", (stat, expected) => {
    expect(ask(values, { stat })).toEqual([[0, expected]]);
  });

  it.each(["p101", "median", ""])("refuses %j", (stat) => {
    expect(() => ask(values, { stat })).toThrow("unknown statistic");
  });
});

describe("what is counted", () => {
  const entries = [entry(0, 10), entry(1, 10, "error"), entry(2, 0, "throttled"), entry(3, 0, "throttled")];
  it.each([
    ["Invocations", 2],
    ["Errors", 1],
    ["Throttles", 2],
  ])("%s", (metric, sum) => {
    expect(ask(entries, { metric })).toEqual([[0, sum]]);
    expect(ask(entries.slice(0, 1), { metric, stat: "SampleCount" })).toEqual([[0, 1]]);
  });

  it("has no zero samples when they are switched off", () => {
    const settings = { zeroSamples: false };
    expect(ask(entries.slice(0, 1), { metric: "Throttles" }, { settings })).toEqual([]);
    expect(ask(entries, { metric: "Throttles", stat: "SampleCount" }, { settings })).toEqual([[0, 2]]);
  });

  it("adds foreign invocations to Invocations only", () => {
    const settings = { foreignInvocations: 7 };
    expect(ask(entries, { metric: "Invocations" }, { settings })).toEqual([[0, 9]]);
    expect(ask(entries, { metric: "Duration", stat: "SampleCount" }, { settings })).toEqual([[0, 2]]);
  });
});

describe("lateness", () => {
  const thousand = Array.from({ length: 1000 }, (_, i) => entry(i, 500));
  const seen = (settings: Partial<CloudwatchSettings>, nowMs: number) =>
    ask(thousand, { metric: "Invocations", period: 600 }, { settings, nowMs: noon + nowMs })?.[0]?.[1] ?? 0;

  it("counts the delay from the end of each invocation", () => {
    expect(seen({ delayMs: 60_000 }, 60_499)).toBe(0);
    expect(seen({ delayMs: 60_000 }, 60_500)).toBe(1);
    expect(seen({ delayMs: 60_000 }, 61_499)).toBe(1000);
  });

  it("drips a share at once", () => {
    expect(seen({ delayMs: 60_000, drip: 0.3 }, 2_000)).toBeCloseTo(300, -1);
    expect(seen({ delayMs: 60_000, drip: 0.3 }, 62_000)).toBe(1000);
  });

  it("loses a share for ever", () => {
    expect(seen({ lostShare: 0.1 }, 3_600_000)).toBeCloseTo(900, -1);
  });

  it("has nothing when empty", () => {
    expect(seen({ empty: true }, 3_600_000)).toBe(0);
  });
});
