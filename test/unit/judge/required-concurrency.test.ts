import { describe, expect, test } from "vitest";
import { environmentsResponse } from "../../../src/judge/required-concurrency.ts";
import { environmentsNeeded } from "../../../src/record/environments.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { ABSOLUTE, found, judge, NO_BASELINE, reason, row, run, said } from "./runs.ts";

const one = (durationMs: number, callsPerRequest = 1) => [{ function: "orders", callsPerRequest, durationMs }];
const at = (rate: number, functions: RunSummary["functions"], day = 1) => run({ day, rate, functions });
const evidence = (result: ReturnType<typeof judge>) => {
  const { finding } = row(result, "required-concurrency");
  if (finding.kind === "not-measured" || finding.kind === "no-baseline") throw new Error(finding.kind);
  return finding.evidence;
};

describe("environments at a rate (reference/aws-semantics.md section 3)", () => {
  test.each([
    ["AWS's example: 50 ms at 20,000 requests/s need 2,000, not 1,000", 20_000, one(50), 2000],
    ["above 100 ms Little's law decides", 400, one(701.73), 280.692],
    ["at 100 ms both agree", 400, one(100), 40],
    ["two calls a request", 40, one(200, 2), 16],
    ["each function for itself", 40, [...one(200), { function: "auth", callsPerRequest: 0.5, durationMs: 20 }], 10],
  ])("%s", (_, rate, functions, expected) => expect(environmentsNeeded(functions, rate)).toBeCloseTo(expected, 9));

  test("the way down to a target is the way back up", () => {
    const { at: shifted, above } = environmentsResponse(
      [...one(250), { function: "auth", callsPerRequest: 1, durationMs: 50 }],
      40,
    );
    expect(shifted(-above(10))).toBeCloseTo(10, 6);
    expect(shifted(-above(30))).toBeCloseTo(30, 6);
    expect(above(2)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the rate", () => {
  test("is the base's, never the head's own, which fell as the code slowed down", () => {
    const result = judge({ base: found(at(100, one(200))), heads: [at(50, one(400), 2)] });
    expect(evidence(result)).toMatchObject({ base: 20, head: 40 });
    expect(said(result, "required-concurrency")).toBe("fail");
    expect(reason(result, "required-concurrency")).toContain("at 100 requests/s (the base's rate)");
  });
  test("is the mean over the plateau's runs", () => {
    const result = judge({ base: found(at(90, one(200)), at(110, one(200), 2)), heads: [at(10, one(200), 3)] });
    expect(evidence(result).head).toBeCloseTo(20, 9);
  });
  test("is reference-rps when the user states it", () => {
    const result = judge({ base: found(at(100, one(200))), heads: [at(50, one(400), 2)], referenceRps: 1000 });
    expect(evidence(result)).toMatchObject({ base: 200, head: 400 });
    expect(reason(result, "required-concurrency")).toContain("at 1,000 requests/s (reference-rps)");
  });
  test("is the head's own only when there is nothing else, and the reason says so", () => {
    const limits = "required-concurrency: <= 800";
    for (const base of [NO_BASELINE, ABSOLUTE]) {
      const result = judge({ base, heads: [at(50, one(400))], limits });
      expect(evidence(result).head).toBeCloseTo(20, 9);
      expect(reason(result, "required-concurrency")).toContain("at this run's own 50 requests/s");
    }
  });
});

describe("verdicts", () => {
  const judged = (base: RunSummary["functions"], head: RunSummary["functions"], rate = 400) =>
    judge({ base: found(at(rate, base)), heads: [at(rate, head, 2)] });
  test.each([
    ["701.73 ms instead of 7.66 ms", one(7.66), one(701.73), "fail"],
    ["and back", one(701.73), one(7.66), "improved"],
    ["below 100 ms durations move nothing", one(8), one(60), "pass"],
    ["nor does counting within 2 %", one(8), one(8, 1.015), "pass"],
    ["a second call does", one(8), one(8, 2), "fail"],
    ["+20 % of 80 is beyond the limit, not proved", one(200), one(240), "inconclusive (suspected)"],
    [
      "a new function needs environments of its own",
      one(8),
      [...one(8), { function: "new", callsPerRequest: 1, durationMs: 8 }],
      "fail",
    ],
  ])("%s", (_, base, head, verdict) => expect(said(judged(base, head), "required-concurrency")).toBe(verdict));

  test("two environments more are tolerated whatever their share", () =>
    expect(said(judged(one(8), one(8, 1.4), 40), "required-concurrency")).toBe("warn"));
  test("base and head are not rounded", () =>
    expect(evidence(judged(one(7.66), one(701.73), 40)).head).toBeCloseTo(28.0692, 6));
  test("where only the floor counts the interval has no width", () =>
    expect(evidence(judged(one(8), one(60))).change).toMatchObject({ ratio: 1, low: 1, high: 1 }));
  test("max-concurrency is judged on the head alone", () => {
    const limits = "required-concurrency: <= 20";
    expect(said(judge({ base: ABSOLUTE, heads: [at(40, one(701.73))], limits }), "required-concurrency")).toBe("fail");
    expect(said(judge({ base: ABSOLUTE, heads: [at(40, one(510))], limits }), "required-concurrency")).toBe("warn");
  });
  test("one function by name", () => {
    const limits = "required-concurrency@auth: <= 2";
    const head = at(40, [...one(701.73), { function: "auth", callsPerRequest: 1, durationMs: 20 }]);
    expect(said(judge({ base: ABSOLUTE, heads: [head], limits }), "required-concurrency@auth")).toBe("fail");
    expect(
      said(
        judge({ base: ABSOLUTE, heads: [head], limits: "required-concurrency@auth: <= 4" }),
        "required-concurrency@auth",
      ),
    ).toBe("pass");
  });
  test("without functions it is absent, without Duration it is inconclusive", () => {
    expect(judge({ base: found(run()), heads: [run()] }).metrics.map(({ id }) => id)).not.toContain(
      "required-concurrency",
    );
    const gap = { "required-concurrency": { code: "cloud-incomplete", reason: "no Duration yet" } } as const;
    expect(
      said(judge({ base: found(at(40, one(8))), heads: [run({ unmeasured: gap })] }), "required-concurrency"),
    ).toBe("inconclusive: cloud-incomplete");
  });
});
