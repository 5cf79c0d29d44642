import { describe, expect, test } from "vitest";
import { ABSOLUTE, failures, found, judge, NO_BASELINE, reason, row, run, said } from "./runs.ts";

describe("absolute limits on times: prior 10 % around one run, strict bound x / 1.43", () => {
  test.each([
    ["inside", 480, "pass"],
    ["at the limit", 500, "pass"],
    ["beyond by less than noise explains", 600, "warn"],
    ["beyond by more", 730, "fail"],
  ])("%s", (_, p50, verdict) => {
    const heads = [run({ values: { p50 } })];
    for (const base of [found(run({ values: { p50 } })), NO_BASELINE, ABSOLUTE])
      expect(said(judge({ base, heads, limits: "p50: <= 500ms" }), "p50")).toBe(verdict);
  });

  test("change is null, the base is shown where there is one", () => {
    const result = judge({ base: found(run()), heads: [run()], limits: "p50: <= 500ms" });
    expect(row(result, "p50").finding).toMatchObject({
      evidence: { base: 100, head: 100, change: null, detectable: null },
    });
  });
});

describe("absolute limits on counts: exact binomial", () => {
  const throttled = (events: number) =>
    judge({
      base: ABSOLUTE,
      heads: [run({ counts: { "lambda-throttles": { events, trials: 2000, parts: null } } })],
    });
  test.each([
    ["2 of 2,000 are 0.1 %", 2, "pass"],
    ["3 may be chance", 3, "warn"],
    ["7 may still be", 7, "warn"],
    ["8 are not", 8, "fail"],
  ])("lambda-throttles <= 0.1%%: %s", (_, events, verdict) =>
    expect(said(throttled(events), "lambda-throttles")).toBe(verdict),
  );
});

describe("several limits of one metric are one row with the worst verdict", () => {
  const both = (p50: number, base = found(run())) =>
    judge({ base, heads: [run({ day: 2, values: { p50 } })], limits: "p50: +150%; <= 500ms" });
  test.each([
    ["both hold", 100, "pass"],
    ["the relative one is broken, the absolute one is not", 400, "fail"],
    ["both are broken", 900, "fail"],
  ])("%s", (_, p50, verdict) => expect(said(both(p50), "p50")).toBe(verdict));
  test("one row, both limits", () => {
    const result = both(100);
    expect(result.metrics.filter((metric) => metric.id === "p50")).toHaveLength(1);
    expect(row(result, "p50").limits.map((limit) => limit.text)).toEqual(["+150%", "<= 500ms"]);
  });
  test("without a baseline the relative one says no-baseline, unless the absolute one is broken", () => {
    expect(said(both(100, NO_BASELINE), "p50")).toBe("no-baseline");
    expect(said(both(900, NO_BASELINE), "p50")).toBe("fail");
  });
  test("each limit keeps its own role", () => {
    const limits = "p50: +150%; warn <= 50ms";
    const result = judge({ base: found(run()), heads: [run({ day: 2 })], limits });
    expect(said(result, "p50")).toBe("warn");
    expect(row(result, "p50").gates).toBe(true);
  });
});

describe("no baseline was found", () => {
  const result = judge({ base: NO_BASELINE, heads: [run()] });
  test("relative limits cannot be judged and the run does not pass", () => {
    expect(said(result, "p50")).toBe("no-baseline");
    expect(said(result, "failure-rate")).toBe("no-baseline");
    expect(result).toMatchObject({ verdict: "no-baseline", gateOpen: true, baseline: null, mode: "history" });
    expect(result.problems).toMatchObject([{ code: "no-baseline" }]);
    expect(reason(result, "p50")).toContain("No run was found on main");
  });
  test("on-no-baseline: fail closes the gate", () =>
    expect(judge({ base: NO_BASELINE, heads: [run()], policy: { onNoBaseline: "fail" } }).gateOpen).toBe(false));
  test("base runs that are invalid or interrupted are none", () => {
    const bad = found(run({ valid: false }), run({ day: 2, interrupted: true }));
    expect(judge({ base: bad, heads: [run({ day: 3 })] })).toMatchObject({ verdict: "no-baseline", baseline: null });
  });
  test("a metric that the base does not have is without a baseline, the others are judged", () => {
    const heads = [run({ day: 2, values: { "p50@new": 10 }, samples: { "p50@new": 500 } })];
    const mixed = judge({ base: found(run()), heads, limits: "p50: +60%; p50@new: +10%" });
    expect(said(mixed, "p50@new")).toBe("no-baseline");
    expect(said(mixed, "p50")).toBe("pass");
    expect(mixed.verdict).toBe("no-baseline");
  });
});

describe("baseline: none", () => {
  test("relative limits are dropped and the run can pass", () => {
    const result = judge({ base: ABSOLUTE, heads: [run()], limits: "p50: +10%; <= 500ms" });
    expect(result).toMatchObject({ mode: "absolute", verdict: "pass", gateOpen: true, baseline: null });
    expect(row(result, "p50").limits.map((limit) => limit.text)).toEqual(["<= 500ms"]);
    expect(said(result, "failure-rate")).toBe("informs");
    expect(row(result, "failure-rate").gates).toBe(false);
  });
  test("a broken limit fails", () =>
    expect(judge({ base: ABSOLUTE, heads: [run()], limits: "p50: <= 5ms" })).toMatchObject({
      verdict: "fail",
      gateOpen: false,
    }));
  test("without any absolute limit it passes and says what was not looked at", () => {
    const result = judge({ base: ABSOLUTE, heads: [run()] });
    expect(result.verdict).toBe("pass");
    expect(result.notes).toEqual(["no absolute limit gates: only the validity of the run was checked"]);
  });
  test("too few samples are invalid there too", () => {
    const heads = [run({ samples: { p50: 99 } })];
    const result = judge({ base: ABSOLUTE, heads, limits: "p50: <= 500ms" });
    expect(said(result, "p50")).toBe("invalid: too-few-samples");
    expect(result).toMatchObject({ verdict: "invalid", gateOpen: false });
  });
  test("failures are judged by an absolute share", () => {
    const heads = [run({ counts: { "failure-rate": failures(100) } })];
    expect(judge({ base: ABSOLUTE, heads, limits: "failure-rate: <= 1%" }).verdict).toBe("fail");
  });
});
