import { describe, expect, test } from "vitest";
import type { Problem } from "../../../src/errors.ts";
import { exitCodeOf, isGateOpen, overallVerdict, type Policy } from "../../../src/judge/combine.ts";
import { strictLevels } from "../../../src/judge/levels.ts";
import type { Finding, MetricJudgement, Verdict } from "../../../src/judge/verdict.ts";
import { verdictOf } from "../../../src/judge/verdict.ts";
import { failures, found, judge, POLICY, row, run, runsOf, said } from "./runs.ts";

const EVIDENCE = {
  base: 1,
  head: 1,
  change: null,
  detectable: null,
  baseSamples: 1,
  headSamples: 1,
  baseRuns: 1,
  headRuns: 1,
};
const finding = (verdict: Verdict | null, face: "neutral" | "suspected" = "suspected"): Finding => {
  if (verdict === null) return { kind: "informs", evidence: EVIDENCE };
  if (verdict === "invalid") return { kind: "not-measured", verdict, code: "too-few-samples", head: null, reason: "" };
  if (verdict === "inconclusive") return { kind: verdict, face, evidence: EVIDENCE, reason: "" };
  return verdict === "no-baseline"
    ? { kind: verdict, head: 1, reason: "" }
    : { kind: verdict, evidence: EVIDENCE, reason: "" };
};
const metric = (verdict: Verdict | null, gates = true): MetricJudgement => ({
  id: "p50",
  unit: "ms",
  gates,
  limits: [],
  finding: finding(verdict),
});

describe("overall verdict: fail > invalid > inconclusive > no-baseline > warn > improved > pass", () => {
  const order: readonly Verdict[] = ["fail", "invalid", "inconclusive", "no-baseline", "warn", "improved", "pass"];
  test.each(order.map((worse, i) => [worse, order.slice(i)] as const))(
    "%s is worse than all after it",
    (worse, rest) => {
      for (const other of rest) expect(overallVerdict([metric(other), metric(worse)], "history")).toBe(worse);
    },
  );
  test("metrics that do not gate do not count", () =>
    expect(overallVerdict([metric("pass"), metric("warn", false)], "history")).toBe("pass"));
  test("nothing that gates is never a pass", () => {
    expect(overallVerdict([], "history")).toBe("inconclusive");
    expect(overallVerdict([metric(null, false)], "history")).toBe("inconclusive");
    expect(overallVerdict([], "absolute")).toBe("inconclusive");
  });
});

describe("what closes the gate", () => {
  const open = (verdict: Verdict, policy: Partial<Policy>, face?: "neutral" | "suspected") =>
    isGateOpen(
      { verdict, interrupted: false, metrics: [{ ...metric(verdict), finding: finding(verdict, face) }] },
      { ...POLICY, ...policy },
    );
  const rows: readonly (readonly [string, Verdict, Partial<Policy>, boolean])[] = [
    ["a fail", "fail", {}, false],
    ["a fail that is only reported", "fail", { failOn: "never" }, true],
    ["invalid by default", "invalid", {}, false],
    ["invalid that is tolerated", "invalid", { onInvalid: "warn" }, true],
    ["suspected by default", "inconclusive", {}, true],
    ["suspected when asked", "inconclusive", { onInconclusive: "fail" }, false],
    ["no baseline by default", "no-baseline", {}, true],
    ["no baseline when asked", "no-baseline", { onNoBaseline: "fail" }, false],
    ["a warning never", "warn", { onInconclusive: "fail", onInvalid: "fail", onNoBaseline: "fail" }, true],
  ];
  test.each(rows)("%s", (_, verdict, policy, expected) => expect(open(verdict, policy)).toBe(expected));
  test("a neutral inconclusive leaves it open even with on-inconclusive: fail", () =>
    expect(open("inconclusive", { onInconclusive: "fail" }, "neutral")).toBe(true));
  test("fail-on: never is stronger than all reactions", () =>
    expect(open("invalid", { failOn: "never", onInvalid: "fail" })).toBe(true));
  test("a tolerated invalid metric does not hide a suspected regression", () => {
    const result = {
      verdict: "invalid",
      interrupted: false,
      metrics: [metric("invalid"), metric("inconclusive")],
    } as const;
    expect(isGateOpen(result, { ...POLICY, onInvalid: "warn", onInconclusive: "fail" })).toBe(false);
  });
  test("a suspected metric that does not gate closes nothing", () =>
    expect(
      isGateOpen(
        { verdict: "pass", interrupted: false, metrics: [metric("inconclusive", false)] },
        { ...POLICY, onInconclusive: "fail" },
      ),
    ).toBe(true));
  test.each([
    ["fail", false, 1],
    ["invalid", false, 3],
    ["no-baseline", false, 1],
    ["invalid", true, 0],
    ["pass", true, 0],
  ] as const)("%s, gate open %s: exit %i", (verdict, gateOpen, code) =>
    expect(exitCodeOf({ verdict, gateOpen })).toBe(code),
  );
});

describe("validity comes first", () => {
  const slow = { day: 2, values: { p50: 900 }, counts: { "failure-rate": failures(500) } };
  const saturated: Problem = {
    code: "generator-saturated",
    severity: "invalid",
    message: "The generator was full.",
    hint: "Less.",
  };
  test.each([
    [
      "the head's record says so",
      judge({ base: found(run()), heads: [run({ ...slow, valid: false })] }),
      "record-invalid",
    ],
    ["it was interrupted", judge({ base: found(run()), heads: [run({ ...slow, interrupted: true })] }), "interrupted"],
    [
      "one of several heads is",
      judge({ base: found(run()), heads: [run(slow), run({ ...slow, valid: false })] }),
      "record-invalid",
    ],
    [
      "the caller knows why",
      judge({ base: found(run()), heads: [run(slow)], problems: [saturated] }),
      "generator-saturated",
    ],
  ])("%s: a liar proves no regression", (_, result, code) => {
    expect(result).toMatchObject({ verdict: "invalid", gateOpen: false });
    expect(said(result, "p50")).toBe(`invalid: ${code}`);
    expect(said(result, "failure-rate")).toBe(`invalid: ${code}`);
    expect(exitCodeOf(result)).toBe(3);
    expect(result.problems).toMatchObject([{ code, severity: "invalid" }]);
  });
  test("on-invalid: warn opens the gate, but not for an interrupted run", () => {
    const policy = { onInvalid: "warn" } as const;
    expect(judge({ base: found(run()), heads: [run({ valid: false })], policy }).gateOpen).toBe(true);
    expect(judge({ base: found(run()), heads: [run({ interrupted: true })], policy }).gateOpen).toBe(false);
  });
  test("no run at all is no pass", () => expect(judge({ base: found(run()), heads: [] }).verdict).toBe("invalid"));
  test("warnings about a run do not spoil it", () => {
    const note: Problem = { ...saturated, severity: "warning" };
    const result = judge({ base: found(run()), heads: [run()], problems: [note] });
    expect(result.verdict).toBe("inconclusive");
    expect(result.problems[0]).toBe(note);
  });
});

describe("roles", () => {
  const p95 = (value: number) => run({ day: value, values: { p95: value } });
  const judged = (limits: string, head: number) =>
    judge({ base: found(run({ values: { p95: 10 } })), heads: [p95(head)], limits: `p50: +60%; ${limits}` });
  test.each([
    ["p95 only warns by default in history mode, even when it is proved", "", 28, "warn"],
    ["what it cannot decide it does not say", "", 21, "informs"],
    ["as the user's limit it gates", "p95: +15%", 28, "fail"],
    ["unless the user says warn", "p95: warn +15%", 28, "warn"],
    ["off informs", "p95: off", 28, "informs"],
  ])("%s", (_, limits, head, verdict) => {
    const result = judged(limits, head);
    expect(said(result, "p95")).toBe(verdict);
    expect(row(result, "p95").gates).toBe(verdict === "fail");
    expect(result.verdict).toBe(verdict === "fail" ? "fail" : "pass");
  });
  test("a metric that does not gate never says more than warn", () => {
    const result = judge({
      base: found(run()),
      heads: [run({ day: 2, values: { p50: 300 }, samples: { p50: 10 } })],
      limits: "p50: warn +10%",
    });
    expect(verdictOf(row(result, "p50").finding)).toBe(null);
  });
  test("all limits off: nothing was shown, so nothing passes", () =>
    expect(judge({ base: found(run()), heads: [run()], limits: "p50: off; failure-rate: off" })).toMatchObject({
      verdict: "inconclusive",
      gateOpen: true,
    }));
});

describe("many gating metrics share the error", () => {
  const ids = Array.from({ length: 20 }, (_, i) => `p50@task-${i}`);
  const values = (factor: (i: number) => number) => Object.fromEntries(ids.map((id, i) => [id, 100 * factor(i)]));
  const samples = Object.fromEntries(ids.map((id) => [id, 1000]));
  const judged = (factor: (i: number) => number) =>
    judge({
      base: found(run({ values: values(() => 1), samples })),
      heads: [run({ day: 2, values: values(factor), samples })],
      limits: ids.map((id) => `${id}: +10%`).join(";"),
    });
  test("+70 % of one task among 20 is proved alone, not among 20", () => {
    expect(
      said(
        judged((i) => (i === 0 ? 1.7 : 1)),
        "p50@task-0",
      ),
    ).toBe("inconclusive (suspected)");
    expect(said(judge({ base: found(run()), heads: [run({ day: 2, values: { p50: 170 } })] }), "p50")).toBe("fail");
  });
  test("required concurrency adds no chance of its own beside Duration, and takes its level", () => {
    const calm = (id: string) => ({ id, pWorse: 0.5, pBetter: 0.5, learned: false, share: 1 });
    const others = ["p50", "failure-rate", "lambda-throttles", "lambda-duration"].map(calm);
    const levels = strictLevels([...others, calm("required-concurrency")]);
    expect(levels.get("p50")?.worse).toBe(0.0025);
    expect(levels.get("required-concurrency")).toEqual(levels.get("lambda-duration"));
    expect(strictLevels([...others, calm("p95")]).get("p50")?.worse).toBe(0.002);
  });
  test("a learned spread has a softer level where little else gates, against the worse side only", () => {
    const calm = (id: string, learned: boolean) => ({ id, pWorse: 0.5, pBetter: 0.5, learned, share: 1 });
    const levels = strictLevels([calm("p50", true), calm("failure-rate", false)]);
    expect(levels.get("p50")).toEqual({ worse: 0.005, better: 0.0025, sure: 0.005 });
    expect(levels.get("failure-rate")?.worse).toBe(0.0025);
    const among = ["failure-rate", "lambda-throttles", "lambda-duration"].map((id) => calm(id, false));
    expect(strictLevels([calm("p50", true), ...among]).get("p50")?.worse).toBe(0.0025);
  });
  test("when most others are proved, it is again (Holm)", () =>
    expect(
      said(
        judged((i) => (i === 0 ? 1.7 : 4)),
        "p50@task-0",
      ),
    ).toBe("fail"));
});

test("rows stand in the catalogue's order, the whole before its tasks", () => {
  const head = run({ values: { throughput: 30, "p95@b": 1, "p95@a": 1, p95: 1, "lambda-duration": 3 } });
  expect(judge({ base: found(run()), heads: [head] }).metrics.map(({ id }) => id)).toEqual([
    "p50",
    "p95",
    "p95@a",
    "p95@b",
    "failure-rate",
    "lambda-duration",
    "throughput",
  ]);
});

test("the same input gives the same judgement", () => {
  const input = { base: found(...runsOf("p50", [90, 100, 110])), heads: [run({ day: 9, values: { p50: 130 } })] };
  expect(judge(input)).toEqual(judge(input));
});
