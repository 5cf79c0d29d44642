import { describe, expect, test } from "vitest";
import { ABSOLUTE, failures, found, judge, reason, row, run, said } from "./runs.ts";

describe("too few samples", () => {
  test.each([
    ["p50", 99, 100],
    ["p90", 199, 200],
    ["p95", 399, 400],
    ["p99", 9999, 10_000],
    ["service-p50", 99, 100],
    ["service-p99", 9999, 10_000],
    ["lambda-duration-p95", 399, 400],
    ["lambda-duration-p99", 9999, 10_000],
  ])("%s: %i are too few, %i are enough", (id, few, enough) => {
    const with_ = (n: number) => run({ values: { [id]: 100 }, samples: { [id]: n } });
    const limits = `${id}: +60%`;
    expect(said(judge({ base: found(with_(enough)), heads: [with_(enough)], limits }), id)).not.toContain("too-few");
    for (const [base, head] of [
      [enough, few],
      [few, enough],
    ]) {
      const result = judge({ base: found(with_(base ?? 0)), heads: [with_(head ?? 0)], limits });
      expect(said(result, id)).toBe("invalid: too-few-samples");
      expect(result).toMatchObject({ verdict: "invalid", gateOpen: false });
      expect(result.problems).toContainEqual(expect.objectContaining({ code: "too-few-samples", severity: "warning" }));
    }
  });
  test("one head with too few of several is enough", () => {
    const heads = [run({ day: 2 }), run({ day: 3, samples: { p50: 50 } })];
    expect(said(judge({ base: found(run()), heads }), "p50")).toBe("invalid: too-few-samples");
  });
  test("a base run with too few is left out, the others are used", () => {
    const base = found(run({ samples: { p50: 50 }, values: { p50: 900 } }), run({ day: 2 }));
    const { finding } = row(judge({ base, heads: [run({ day: 3 })] }), "p50");
    expect(finding).toMatchObject({ evidence: { base: 100, baseRuns: 1 } });
  });
  test("without a limit nothing is said and the figure is shown", () => {
    const head = run({ values: { p99: 300 }, samples: { p99: 2000 } });
    expect(row(judge({ base: found(run()), heads: [head] }), "p99").finding).toMatchObject({
      kind: "not-measured",
      verdict: null,
      head: 300,
    });
  });
});

describe("more than a tenth of the head's requests fail", () => {
  const head = (p50: number, events = 300) =>
    run({ day: 2, values: { p50 }, counts: { "failure-rate": failures(events) } });
  const p50 = (value: number, events?: number) =>
    said(judge({ base: found(run()), heads: [head(value, events)], limits: "p50: +60%" }), "p50");
  test.each([
    ["slower still fails", 300, "fail"],
    ["the same does not pass", 100, "inconclusive: head-failing"],
    ["faster does not improve", 20, "inconclusive: head-failing"],
    ["suspected stays suspected", 165, "inconclusive (suspected)"],
  ])("%s", (_, value, verdict) => expect(p50(value)).toBe(verdict));
  test("exactly a tenth is not more than a tenth", () => expect(p50(100, 200)).toBe("pass"));
  test("an absolute limit does not pass either", () =>
    expect(said(judge({ base: ABSOLUTE, heads: [head(10)], limits: "p50: <= 1s" }), "p50")).toBe(
      "inconclusive: head-failing",
    ));
  test("the failures themselves are judged, and fail the run", () =>
    expect(judge({ base: found(run()), heads: [head(20)] })).toMatchObject({ verdict: "fail", gateOpen: false }));
});

describe("configured and not measured", () => {
  const gap = { code: "cloud-denied", reason: "CloudWatch refused: AccessDenied" } as const;
  const denied = run({ day: 2, unmeasured: { "lambda-duration": gap, "lambda-throttles": gap, "lambda-errors": gap } });
  const result = judge({ base: found(run()), heads: [denied], limits: "p50: +60%" });
  test("gating metrics are inconclusive with their code and reason", () => {
    expect(said(result, "lambda-duration")).toBe("inconclusive: cloud-denied");
    expect(reason(result, "lambda-duration")).toContain("AccessDenied");
  });
  test("metrics that only warn say nothing", () => expect(said(result, "lambda-errors")).toBe("null: cloud-denied"));
  test("the others stand and the run does not pass", () => {
    expect(said(result, "p50")).toBe("pass");
    expect(result).toMatchObject({ verdict: "inconclusive", gateOpen: true });
  });
  test("one problem names them all", () =>
    expect(result.problems).toMatchObject([
      { code: "cloud-denied", message: expect.stringContaining("lambda-duration, lambda-throttles") },
    ]));
  test("on-inconclusive: fail closes the gate: nothing was seen at all", () =>
    expect(
      judge({ base: found(run()), heads: [denied], limits: "p50: +60%", policy: { onInconclusive: "fail" } }).gateOpen,
    ).toBe(false));
  test("what nobody asked for is absent", () =>
    expect(judge({ base: found(run()), heads: [run()] }).metrics.map((metric) => metric.id)).toEqual([
      "p50",
      "failure-rate",
    ]));
  test("what was asked for is not", () =>
    expect(
      said(judge({ base: found(run()), heads: [run()], configured: ["lambda-duration"] }), "lambda-duration"),
    ).toBe("inconclusive: cloud-incomplete"));
  test("a limit of the user's asks for its metric", () =>
    expect(said(judge({ base: found(run()), heads: [run()], limits: "p95@chekout: +10%" }), "p95@chekout")).toBe(
      "inconclusive: no-requests",
    ));
  test("a figure that the base had and the head lost is missing, not absent", () => {
    const before = run({ values: { p95: 200 } });
    expect(said(judge({ base: found(before), heads: [run({ day: 2 })] }), "p95")).toBe("null: no-requests");
  });
});
