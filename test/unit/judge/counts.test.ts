import { describe, expect, test } from "vitest";
import { failures, found, judge, reason, row, run, said } from "./runs.ts";

const failing = (events: number, options: { trials?: number; parts?: readonly number[] } = {}) =>
  run({ day: 20, counts: { "failure-rate": failures(events, options.trials ?? 2000, options.parts) } });
const base = (...events: readonly number[]) =>
  found(...events.map((n, i) => run({ day: i + 1, counts: { "failure-rate": failures(n) } })));
const verdict = (before: readonly number[], head: ReturnType<typeof failing>, limits = "") =>
  said(judge({ base: base(...before), heads: [head], limits }), "failure-rate");

describe("failure rate, default limit +0.5pp and +7", () => {
  test.each([
    ["no failures on either side", [0], failing(0), "pass"],
    ["one failure is inside the limit and its interval too", [0], failing(1), "pass"],
    [
      "8 of 2,000: 0.4 points, inside the limit, not yet at the strict level",
      [0],
      failing(8),
      "inconclusive (neutral)",
    ],
    ["9 of 2,000: proved, inside 0.5 points", [0], failing(9), "warn"],
    ["12 of 2,000: proved and beyond", [0], failing(12), "fail"],
    ["16 against 5: beyond, not proved", [5], failing(16), "inconclusive (suspected)"],
    ["5 %", [2], failing(100), "fail"],
    ["6 of 100 is 6 points, but not seven failures", [0], failing(6, { trials: 100 }), "warn"],
    ["10 of 100 is more than seven", [0], failing(10, { trials: 100 }), "fail"],
    ["half of the failures gone", [40], failing(10), "improved"],
  ])("%s", (_, before, head, expected) => expect(verdict(before, head)).toBe(expected));

  test("better by less than half the limit is a pass", () => {
    expect(verdict([9], failing(0), "failure-rate: +1pp")).toBe("pass");
    expect(verdict([9], failing(0), "failure-rate: +0.5pp")).toBe("improved");
  });
  test("change is in points, with Newcombe's interval", () => {
    const { finding } = row(judge({ base: base(0), heads: [failing(100)] }), "failure-rate");
    if (finding.kind !== "fail") throw new Error(finding.kind);
    expect(finding.evidence).toMatchObject({ base: 0, head: 0.05, baseSamples: 2000, headSamples: 2000 });
    expect(finding.evidence.change).toMatchObject({ kind: "points", points: 0.05 });
    expect(finding.evidence.change?.low).toBeCloseTo(0.041, 3);
    expect(finding.evidence.change?.high).toBeCloseTo(0.0604, 3);
  });
  test("detectable: the share that brings enough failures in nine runs of ten", () => {
    const { finding } = row(judge({ base: base(0), heads: [failing(0)] }), "failure-rate");
    if (finding.kind !== "pass") throw new Error(finding.kind);
    // More than 0.5 % of 2,000 are 11 failures; P(Poisson(15.4) >= 11) = 0.9.
    expect(finding.evidence.detectable).toBeCloseTo(15.4 / 2000, 3);
  });
  test("several heads are pooled and seven failures are asked of each", () => {
    const heads = [failing(6, { trials: 100 }), failing(6, { trials: 100 })];
    expect(said(judge({ base: base(0), heads }), "failure-rate")).toBe("warn");
  });
});

describe("errors come in bursts", () => {
  const parts = (...events: readonly number[]) =>
    failing(
      events.reduce((a, b) => a + b),
      { parts: Array.from({ length: 10 }, (_, i) => events[i] ?? 0) },
    );
  test.each([
    ["20 failures in one part", parts(20), "inconclusive (suspected)"],
    ["20 failures in two parts", parts(10, 10), "inconclusive (suspected)"],
    ["20 failures in three parts", parts(7, 7, 6), "fail"],
    ["a burst and single failures elsewhere", parts(12, 1, 1), "inconclusive (suspected)"],
    ["four failures in each of three parts", parts(4, 4, 4), "fail"],
    ["single failures everywhere", parts(2, 1, 1, 1, 1, 1, 1, 1, 1, 2), "fail"],
    ["2 points or more count wherever they fall", parts(40), "fail"],
  ])("%s", (_, head, expected) => expect(verdict([0], head)).toBe(expected));

  test.each([
    ["in one part of the window", failures(20, 2000, [20, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "inconclusive (suspected)"],
    ["all over the window", failures(20), "fail"],
    ["nobody knows where", { ...failures(20), parts: null }, "inconclusive (suspected)"],
  ])("20 failures of one task, %s", (_, counts, expected) => {
    const id = "failure-rate@buy";
    const judgement = judge({
      base: found(run({ counts: { [id]: failures(0) } })),
      heads: [run({ day: 9, counts: { [id]: counts } })],
      limits: `${id}: +0.5pp`,
    });
    expect(said(judgement, id)).toBe(expected);
  });

  test("the reason says so", () =>
    expect(reason(judge({ base: base(0), heads: [parts(20)] }), "failure-rate")).toContain("only 1 of 10 parts"));
  test("when it is not known where they fell, a small excess is not proved", () => {
    const head = run({ day: 9, counts: { "failure-rate": { ...failures(20), parts: null } } });
    expect(verdict([0], head)).toBe("inconclusive (suspected)");
  });
  test("a base whose own runs scatter makes the same excess less convincing", () => {
    expect(verdict([10, 10, 10, 10], failing(30))).toBe("fail");
    expect(verdict([0, 40, 0, 0], failing(30))).toBe("inconclusive (suspected)");
  });
  test("throttles that AWS counted count wherever they fall", () => {
    const throttles = (events: number) => ({ "lambda-throttles": { events, trials: 2000, parts: null } });
    const result = judge({
      base: found(run({ counts: throttles(0) })),
      heads: [run({ counts: throttles(20) })],
      limits: "lambda-throttles: +0.5pp",
    });
    expect(said(result, "lambda-throttles")).toBe("fail");
  });
});
