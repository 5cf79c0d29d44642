import { describe, expect, test } from "vitest";
import { metricInfo } from "../../src/config/metric-catalog.ts";
import type { Judgement } from "../../src/judge/verdict.ts";
import type { Counts, RunSummary } from "../../src/record/summary.ts";
import { normalQuantile } from "../../src/stats/normal.ts";
import { found, judge, row, run } from "../unit/judge/runs.ts";
import { seeded } from "./seeded.ts";

/**
 * Seeded trials with the documented priors as the true spread between runs (SPEC 12.1). All bounds leave room for the
 * error of the trials themselves: 3,000 trials know 1 % to within 0.36 %.
 */

type World = {
  readonly uniform: () => number;
  readonly failureRate: number;
  /** Runs differ by so much of the documented spread. */
  readonly spread?: number;
};

const normal = ({ uniform }: World): number => normalQuantile(uniform() * (1 - 2e-12) + 1e-12);

const noisy = (world: World, id: string, value: number): number =>
  value * Math.exp((metricInfo(id)?.prior ?? 0) * (world.spread ?? 1) * normal(world));

/** Failures in ten parts of 200 requests: Poisson by inversion, as failures are rare. */
const counted = ({ uniform, failureRate }: World): Counts => {
  const parts = Array.from({ length: 10 }, () => ({ trials: 200, events: rare(200 * failureRate, uniform()) }));
  return { events: parts.reduce((sum, part) => sum + part.events, 0), trials: 2000, parts };
};

const rare = (expected: number, u: number): number => {
  let events = 0;
  let term = Math.exp(-expected);
  let below = term;
  while (u > below && events < 200) {
    events += 1;
    term *= expected / events;
    below += term;
  }
  return events;
};

/** `factor` slows the handler down, and with it everything that sees it. */
const oneRun = (world: World, day: number, factor = 1): RunSummary => {
  const duration = noisy(world, "lambda-duration", 150 * factor);
  const failures = counted(world);
  return run({
    day,
    values: {
      p50: noisy(world, "p50", 180 * factor),
      p95: noisy(world, "p95", 260 * factor),
      "lambda-duration": duration,
    },
    counts: { "failure-rate": failures, "lambda-throttles": { events: 0, trials: 2000, parts: null } },
    functions: [{ function: "orders", callsPerRequest: 1, durationMs: duration }],
  });
};

const pullRequests = (
  count: number,
  world: World,
  { base, factor = 1 }: { base: number; factor?: number },
): readonly Judgement[] =>
  Array.from({ length: count }, () =>
    judge({
      base: found(...Array.from({ length: base }, (_, i) => oneRun(world, i + 1))),
      heads: [oneRun(world, 30, factor)],
    }),
  );

const share = (judgements: readonly Judgement[], is: (judgement: Judgement) => boolean): number =>
  judgements.filter(is).length / judgements.length;
const fails = (judgement: Judgement): boolean => judgement.verdict === "fail";
const p50Fails = (judgement: Judgement): boolean => row(judgement, "p50").finding.kind === "fail";

describe("identical code, all gating metrics together", () => {
  test.each([
    ["one base run", 1, 3000],
    ["five", 5, 700],
    ["twenty: the data alone", 20, 300],
  ])("%s: at most one in a hundred fails", (_, base, count) => {
    const judgements = pullRequests(count, { uniform: seeded(base), failureRate: 0.002 }, { base });
    expect(share(judgements, fails)).toBeLessThanOrEqual(0.01);
    expect(share(judgements, (one) => one.verdict === "improved")).toBeLessThanOrEqual(0.02);
  });
});

const holdsNoChange = (judgement: Judgement): boolean => {
  const { finding } = row(judgement, "p50");
  const change = "evidence" in finding ? finding.evidence.change : null;
  return change?.kind === "ratio" && change.low <= 1 && change.high >= 1;
};

describe("the 95 % interval holds the truth in 95 of 100 cases, however restless the target is", () => {
  test.each([
    [3, 0.25, 800],
    [3, 1, 800],
    [8, 0.25, 400],
    [8, 1, 400],
    [20, 0.25, 300],
  ])("%i base runs that differ by %f of the documented spread", (base, spread, count) => {
    const judgements = pullRequests(count, { uniform: seeded(20 + base), failureRate: 0, spread }, { base });
    expect(share(judgements, holdsNoChange)).toBeGreaterThan(0.92);
    expect(share(judgements, holdsNoChange)).toBeLessThan(0.98);
  });
  test("one base run shows no spread: only the documented one is there, too wide for a calm target", () => {
    const calm = { uniform: seeded(31), failureRate: 0, spread: 0.25 };
    expect(share(pullRequests(200, calm, { base: 1 }), holdsNoChange)).toBe(1);
  });
  test("what fails lies beyond no change", () => {
    const failed = pullRequests(500, { uniform: seeded(32), failureRate: 0, spread: 1.5 }, { base: 3, factor: 1.6 });
    expect(failed.filter((one) => p50Fails(one) && holdsNoChange(one))).toEqual([]);
    expect(share(failed, p50Fails)).toBeGreaterThan(0.1);
  });
});

describe("a real regression", () => {
  test("x2 against one base run fails on p50 in nine of ten", () => {
    const judgements = pullRequests(1000, { uniform: seeded(11), failureRate: 0 }, { base: 1, factor: 2 });
    expect(share(judgements, p50Fails)).toBeGreaterThanOrEqual(0.89);
    expect(share(judgements, fails)).toBeGreaterThan(0.99);
  });
  test("x1.5 against 20 fails on the quieter Duration practically always", () => {
    const judgements = pullRequests(100, { uniform: seeded(12), failureRate: 0 }, { base: 20, factor: 1.5 });
    expect(share(judgements, fails)).toBeGreaterThanOrEqual(0.95);
  });
  test.each([
    [1, 600],
    [20, 300],
  ])("detectable keeps its word: nine of ten at that size, with %i base runs", (base, count) => {
    const world = { uniform: seeded(13 + base), failureRate: 0 };
    const sizes = pullRequests(40, world, { base }).map((one) => {
      const { finding } = row(one, "p50");
      return "evidence" in finding ? (finding.evidence.detectable ?? Number.NaN) : Number.NaN;
    });
    const typical = sizes.toSorted((a, b) => a - b)[20] ?? Number.NaN;
    const power = share(pullRequests(count, world, { base, factor: 1 + typical }), p50Fails);
    expect(power).toBeGreaterThan(0.84);
    expect(power).toBeLessThan(0.96);
  });
});
