import { describe, expect, test } from "vitest";
import { METRICS } from "../../../src/config/metric-catalog.ts";
import { effectiveLimits, formatLimit, type JudgeMode, parseLimits } from "../../../src/config/parse-limits.ts";

const effective = (text: string, mode: JudgeMode = "history", maxConcurrency: number | null = null) => {
  const user = parseLimits(text);
  if (!user.ok) throw new Error("the test's own limits are wrong");
  return effectiveLimits(user.value, mode, { maxConcurrency }).map(formatLimit);
};

test("the defaults of SPEC 12.1 in history mode", () => {
  expect(effective("")).toEqual(
    expect.arrayContaining([
      "p50: +10% and +5ms",
      "p95: warn +15% and +10ms",
      "failure-rate: +0.5pp and +7",
      "lambda-duration: +10% and +3ms",
      "lambda-throttles: <= 0.1%",
      "required-concurrency: +10% and +2",
      "lambda-errors: warn +0.5pp",
      "lambda-cold-starts: warn +5pp",
      "cost-per-million: warn +10%",
      "dropped-rate: warn <= 1%",
    ]),
  );
});

test("five defaults gate in history mode, p95 as well when paired", () => {
  const gating = (mode: JudgeMode) => effective("", mode).filter((limit) => !limit.includes("warn"));
  expect(gating("history")).toHaveLength(5);
  expect(gating("paired")).toEqual([
    ...gating("history").slice(0, 1),
    "p95: +15% and +10ms",
    ...gating("history").slice(1),
  ]);
});

describe("what the user writes", () => {
  test.each([
    ["replaces the default, floor included", "p50: +20%", "p50", ["p50: +20%"]],
    ["gates in history mode although the default only warns", "p95: +50%", "p95", ["p95: +50%"]],
    ["warns if it says so", "p50: warn +20%", "p50", ["p50: warn +20%"]],
    ["switches a metric off", "p50: off", "p50", []],
    ["may be several limits", "p50: +20%; <= 1s", "p50", ["p50: +20%", "p50: <= 1000ms"]],
    [
      "about one task leaves the whole alone",
      "p50@checkout: +20%",
      "p50",
      ["p50: +10% and +5ms", "p50@checkout: +20%"],
    ],
  ])("%s", (_, text, metric, limits) =>
    expect(effective(text).filter((limit) => limit.startsWith(`${metric}:`) || limit.startsWith(`${metric}@`))).toEqual(
      limits,
    ),
  );
});

test("max-concurrency adds a bound to what is there", () =>
  expect(effective("", "history", 800).filter((limit) => limit.startsWith("required-concurrency"))).toEqual([
    "required-concurrency: +10% and +2",
    "required-concurrency: <= 800",
  ]));

test("quantiles need as many samples as SPEC 12.1 says, wherever they are measured", () => {
  const needs = Object.fromEntries(METRICS.map((metric) => [metric.id, metric.minSamples]));
  expect(needs).toMatchObject({ p50: 100, p90: 200, p95: 400, p99: 10_000 });
  expect(needs).toMatchObject({ "service-p99": 10_000, "lambda-duration-p95": 400, "lambda-duration": 1 });
});
