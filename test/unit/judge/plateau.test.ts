import { describe, expect, test } from "vitest";
import { findSteps, logContrast } from "../../../src/judge/plateau.ts";
import { failures, found, judge, row, run, runsOf, said } from "./runs.ts";

/** `n` runs around a level, alternating by 1 %. */
const level = (value: number, n: number) => Array.from({ length: n }, (_, i) => value * (i % 2 === 0 ? 0.99 : 1.01));
const steps = (...values: readonly number[]) => findSteps(values.map(Math.log), logContrast);

describe("a step that has held for 5 runs starts a new plateau", () => {
  test.each([
    ["no step", level(100, 12), []],
    ["4 runs after it: not yet", [...level(100, 8), ...level(150, 4)], []],
    ["5 runs after it", [...level(100, 8), ...level(150, 5)], [8]],
    ["downwards just the same", [...level(100, 8), ...level(60, 5)], [8]],
    ["one run before it is enough", [100, ...level(150, 5)], [1]],
    ["two steps", [...level(100, 6), ...level(150, 6), ...level(220, 6)], [6, 12]],
    ["an old step under a young one", [...level(100, 8), ...level(150, 7), 230, 232], [8]],
    ["3 % is too little to start anew", [...level(100, 10), ...level(103, 10)], []],
    ["one run that stands out is no step", [...level(100, 6), 160, ...level(100, 6)], []],
    ["noise as large as the step", [100, 140, 90, 150, 110, 120, 160, 95, 150, 130], []],
    ["nothing at all", [], []],
  ])("%s", (_, values, expected) => expect(steps(...values)).toEqual(expected));
});

describe("what the judge makes of it", () => {
  const history = [...level(100, 8), ...level(118, 6)];
  const judged = (p50: number, values: readonly number[] = history) =>
    judge({ base: found(...runsOf("p50", values)), heads: [run({ day: 30, values: { p50 } })] });

  test("the pull request is compared with the current plateau only", () => {
    const { finding } = row(judged(118), "p50");
    if (finding.kind !== "pass") throw new Error(finding.kind);
    expect(finding.evidence.base).toBeCloseTo(118, 0);
    expect(finding.evidence.baseRuns).toBe(6);
    expect(judged(118).baseline).toMatchObject({
      state: "exact",
      sha: "0abcdef",
      runs: 14,
      used: 6,
      spread: "learning",
    });
  });
  test("an upward step that nobody accepted is named with its commit", () =>
    expect(judged(118).notes).toEqual([
      "the base itself became 18 % slower at 09abcde and nobody accepted it (p50 100 ms to 118 ms)",
    ]));
  test("a downward step is not", () => expect(judged(100, [...level(118, 8), ...level(100, 6)]).notes).toEqual([]));
  test("nor is an upward step that has been undone", () =>
    expect(judged(100, [...level(100, 6), ...level(140, 6), ...level(100, 6)]).notes).toEqual([]));
  test("two steps upwards are both named", () =>
    expect(judged(170, [...level(100, 6), ...level(130, 6), ...level(169, 6)]).notes).toHaveLength(2));
  test("runs are put in the order of their windows first", () => {
    const shuffled = [...runsOf("p50", history)].reverse();
    const result = judge({ base: found(...shuffled), heads: [run({ day: 30 })] });
    expect(result.baseline?.used).toBe(6);
  });
  test("invalid and interrupted base runs are found, not used", () => {
    const runs = [...runsOf("p50", level(100, 3)), run({ day: 10, valid: false }), run({ day: 11, interrupted: true })];
    expect(judge({ base: found(...runs), heads: [run({ day: 30 })] }).baseline).toMatchObject({ runs: 5, used: 3 });
  });
  test.each([
    [1, "prior"],
    [2, "learning"],
    [14, "learning"],
    [15, "learned"],
  ])("%i runs: %s", (n, spread) => expect(judged(100, level(100, n)).baseline).toMatchObject({ used: n, spread }));

  test("a base that began to fail does not hide behind its better past, nor blames the pull request", () => {
    const events = [...Array.from({ length: 8 }, () => 0), ...Array.from({ length: 6 }, () => 60)];
    const base = found(...events.map((n, i) => run({ day: i + 1, counts: { "failure-rate": failures(n) } })));
    const result = judge({ base, heads: [run({ day: 30, counts: { "failure-rate": failures(62) } })] });
    expect(said(result, "failure-rate")).toBe("inconclusive (neutral)");
    expect(result.notes[0]).toMatch(/^the base itself became 3 points worse at 09abcde and nobody accepted it/);
  });
});

describe("a step that was accepted in its pull request", () => {
  const accepted = (head: number) => ({
    accepted: { by: "alice", reason: "x", pullRequest: 7, sha: "abc", metrics: { p50: { base: 100, head } } },
  });
  const withStep = (values: readonly number[], at: number, head: number) =>
    runsOf("p50", values).map((one, i) => (i === at ? { ...one, ...accepted(head) } : one));
  const judged = (base: readonly ReturnType<typeof run>[], p50: number) =>
    judge({ base: found(...base), heads: [run({ day: 30, values: { p50 } })] });

  test("starts a new plateau at once: the next change is not blamed for it", () => {
    const values = [...level(100, 8), 300];
    // One run that nobody spoke for: suspected, as the base itself may have moved.
    expect(said(judged(runsOf("p50", values), 300), "p50")).toBe("inconclusive (suspected)");
    const after = judged(withStep(values, 8, 300), 300);
    expect(said(after, "p50")).toBe("pass");
    expect(after.baseline?.used).toBe(1);
  });

  test("is not named as one that nobody accepted", () => {
    const values = [...level(100, 8), ...level(118, 6)];
    expect(judged(withStep(values, 8, 118), 118).notes).toEqual([]);
    expect(judged(withStep(values, 9, 118), 118).notes).toEqual([]);
  });

  test("does not cover a step that came out more than a quarter larger", () => {
    expect(judged(withStep([...level(100, 8), ...level(150, 6)], 8, 118), 150).notes).toHaveLength(1);
  });

  test("of another metric changes nothing", () => {
    const base = runsOf("p50", [...level(100, 8), ...level(118, 6)]).map((one, i) =>
      i === 8 ? { ...one, accepted: { ...accepted(118).accepted, metrics: { p95: { base: 1, head: 2 } } } } : one,
    );
    expect(judged(base, 118).notes).toHaveLength(1);
  });
});
