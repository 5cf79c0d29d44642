import { describe, expect, it } from "vitest";
import { decodeHistogram, mergeEncoded, quantile } from "../../../src/load/histogram.ts";
import type { Slice } from "../../../src/load/result.ts";
import { bucketMs, bucketsOf, openSlices } from "../../../src/report/charts/buckets.ts";
import { buildCharts } from "../../../src/report/charts/charts.ts";
import { chartsOverTime, coarseLatency } from "../../../src/report/charts/over-time.ts";
import type { ReportInput } from "../../../src/report/report.ts";
import { CASES } from "../../golden/cases.ts";
import { baseSide, context, judgement, latency, metric, outcomes, record, task } from "../../golden/fixtures.ts";
import { histogramText, slicesOf } from "../../golden/slices.ts";

const run = (seconds: number, p50 = 20, counts = outcomes({ ok: seconds * 10 })): readonly Slice[] =>
  slicesOf({ seconds, users: 5, spawnRate: 1, p50, outcomes: counts });

const drawn = (input: Partial<ReportInput> = {}) =>
  buildCharts({ judgement: judgement({}), record: record(), context: context(), ...input });
const chart = (id: string, input: Partial<ReportInput> = {}) => drawn(input).charts.find((one) => one.id === id);
const bars = (id: string, input: Partial<ReportInput> = {}) => drawn(input).bars.find((one) => one.id === id);

describe("buckets", () => {
  it("lose no request and stay within the number asked for", () => {
    for (const seconds of [1, 2, 59, 60, 61, 3600]) {
      const slices = seconds === 3600 ? run(60).map((one, i) => ({ ...one, second: i * 60 })) : run(seconds);
      const buckets = bucketsOf(openSlices(slices), 60);
      expect(buckets.length).toBeLessThanOrEqual(60);
      expect(buckets.reduce((sum, one) => sum + one.requests, 0)).toBe(
        slices.reduce((sum, one) => sum + one.requests, 0),
      );
    }
  });

  it("a percentile is that of the merged histogram, never an average of percentiles", () => {
    const slow = run(1, 1000)[0]!;
    const slices = [...run(9), { ...slow, second: 9 }];
    const [all] = bucketsOf(openSlices(slices), 1);
    const merged = mergeEncoded(slices.flatMap(({ response }) => response ?? []));
    expect(bucketMs(all!, 0.95)).toBe(quantile(merged, 0.95)! / 1000);
  });

  it("a second that the record does not have is no bucket", () => {
    const slices = run(30).filter(({ second }) => second < 10 || second >= 20);
    expect(bucketsOf(openSlices(slices), 30).map(({ second }) => second)).not.toContain(15);
  });

  it("rates are per second, whatever the width", () => {
    const charts = chartsOverTime(openSlices(run(1200)));
    const rates = charts.find(({ id }) => id === "load")?.series[0]?.values ?? [];
    expect(rates.length).toBeLessThanOrEqual(600);
    expect(new Set(rates)).toEqual(new Set([10]));
  });
});

describe("the coarse line for Markdown", () => {
  const deaf = (slices: readonly Slice[], from: number, to: number): readonly Slice[] =>
    slices.map((one) => (one.second >= from && one.second < to ? { ...one, response: null } : one));

  it("has at most 60 points, each of them measured", () => {
    const line = coarseLatency(openSlices(run(300)))!;
    expect(line.p50).toHaveLength(60);
    expect([line.from, line.to, line.every]).toEqual([0, 295, 5]);
  });

  it("grows coarser where seconds have no response, instead of drawing through them", () => {
    const line = coarseLatency(openSlices(deaf(run(60), 10, 14)))!;
    // Two seconds would leave 10 to 12 empty; three reach over both ends.
    expect([line.every, line.p50.length]).toEqual([3, 20]);
    expect(line.p95).toHaveLength(line.p50.length);
  });

  it.each([
    ["nothing was sent", []],
    ["one second", run(1)],
    ["no response at all", deaf(run(60), 0, 60)],
    ["half of the window without one", deaf(run(60), 20, 60)],
  ])("is not there with %s", (_, slices) => {
    expect(coarseLatency(openSlices(slices))).toBeNull();
  });
});

describe("percentile curve and histogram", () => {
  const both = { record: record(), base: baseSide(10) };

  it("the curve's figures are those of the record", () => {
    const { response } = record();
    const histogram = decodeHistogram(response.histogram)!;
    const rows = new Map(chart("percentiles", both)?.table.rows.map(([name, head]) => [name, head]));
    expect(rows.get("p50")).toBe(`${(quantile(histogram, 0.5)! / 1000).toFixed(1)} ms`);
    expect(rows.get("max")).toBe(`${Math.round(quantile(histogram, 1)! / 1000)} ms`);
  });

  it("ends where a percentile would be the maximum by another name", () => {
    const small = { ...record(), response: { ...latency(20, 100), histogram: histogramText(20, 100) } };
    const curve = chart("percentiles", { record: small, base: baseSide(10) })!;
    const [head, base] = curve.series;
    const last = (values: readonly (number | null)[] = []): number =>
      curve.x.values[values.findLastIndex((value) => value !== null)] ?? 0;
    expect(last(head?.values)).toBeCloseTo(2, 1);
    expect(last(base?.values)).toBeGreaterThan(3);
  });

  it("has no base without a record of it", () => {
    expect(chart("percentiles")?.series.map(({ name }) => name)).toEqual(["head"]);
    expect(chart("percentiles", both)?.series.map(({ name }) => name)).toEqual(["head", "base"]);
    expect(chart("percentiles", { base: { runs: baseSide().runs, record: null } })?.series).toHaveLength(1);
  });

  it("every response is in one bar", () => {
    for (const { values } of chart("histogram", both)?.series ?? []) {
      expect(values.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(1, 10);
      expect(values.every((share) => share !== null && share >= 0)).toBe(true);
    }
  });

  it("a run whose responses all took the same time still has a bar", () => {
    const same = { ...record(), response: { ...latency(20, 1), histogram: histogramText(20, 1) } };
    const shares = chart("histogram", { record: same })?.series[0]?.values ?? [];
    expect(Math.max(...shares.map((share) => share ?? 0))).toBe(1);
  });

  it("an imported or empty record without histograms has neither", () => {
    const none = { ...record(), response: latency(0, 0), slices: [] };
    expect(drawn({ record: none }).charts).toEqual([]);
    expect(drawn({ record: null })).toEqual({ charts: [], bars: [], overTime: null });
  });
});

describe("failures by class", () => {
  it("the five most frequent have a line, the rest one together", () => {
    const counts = outcomes({
      ok: 600,
      timeout: 70,
      reset: 60,
      throttled: 50,
      "server-error": 40,
      "client-error": 30,
      "dns-error": 20,
      "tls-error": 10,
    });
    const failures = chartsOverTime(openSlices(run(10, 20, counts))).find(({ id }) => id === "failures");
    expect(failures?.series.map(({ name }) => name)).toEqual([
      "timeout",
      "reset",
      "throttled",
      "server-error",
      "client-error",
      "2 other classes",
    ]);
    const sum = failures?.series.flatMap(({ values }) => values).reduce<number>((all, rate) => all + (rate ?? 0), 0);
    expect(sum).toBeCloseTo(280, 6);
  });

  it("without failures there is no such chart", () => {
    expect(chart("failures", { record: record({ tasks: [task("a", 20, { ok: 2400 })] }) })).toBeUndefined();
    expect(chart("failures", CASES.fail)?.text).toBe("In all: throttled 138.");
  });
});

describe("bars", () => {
  it("concurrency stands beside the fixed limit, and nothing is longer than the picture", () => {
    const limited = metric(
      "required-concurrency",
      { kind: "no-baseline", head: 85, reason: "none" },
      { limit: "<= 800" },
    );
    const drawn = bars("concurrency", { judgement: judgement({ metrics: [limited] }) });
    expect(drawn?.rows.map(({ label, figure }) => [label, figure])).toEqual([
      ["required, head", "85"],
      ["seen at most (sampled)", "38"],
      ["limit", "800"],
    ]);
    for (const { share, limit } of drawn?.rows ?? []) {
      expect(share).toBeLessThanOrEqual(1);
      expect(limit).toBeLessThan(1);
    }
  });

  it("Lambda and concurrency are not drawn when nothing of them was measured", () => {
    expect(drawn({ record: record({ cloud: null }) }).bars.map(({ id }) => id)).toEqual(["generator"]);
  });

  it("cold starts are drawn when the judge has them", () => {
    const cold = metric("lambda-cold-starts", { kind: "no-baseline", head: 0.032, reason: "none" });
    expect(bars("cold-starts", { judgement: judgement({ metrics: [cold] }) })?.text).toContain("3.2 %");
    expect(bars("cold-starts")).toBeUndefined();
  });
});
