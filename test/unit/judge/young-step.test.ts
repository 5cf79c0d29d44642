import { describe, expect, test } from "vitest";
import { found, judge, reason, row, run, runsOf, said } from "./runs.ts";

const level = (value: number, n: number) => Array.from({ length: n }, (_, i) => value * (i % 2 === 0 ? 0.99 : 1.01));
const judged = (history: readonly number[], p50: number) =>
  judge({ base: found(...runsOf("p50", history)), heads: [run({ day: 30, values: { p50 } })] });

describe("what the base's newest runs show already is not blamed on the pull request", () => {
  const moved = [...level(100, 18), 120];
  test.each([
    ["the base stepped by 20 % one run ago, and the head is there too", moved, 120, "inconclusive (suspected)"],
    ["two runs ago", [...level(100, 18), ...level(120, 2)], 119, "inconclusive (suspected)"],
    ["the head is far beyond where the base stands now", moved, 200, "fail"],
    ["without a step the same head fails", level(100, 19), 120, "fail"],
    ["a base that became faster lately takes no blame off", [...level(100, 18), 82], 125, "fail"],
  ])("%s", (_, history, head, verdict) => expect(said(judged(history, head), "p50")).toBe(verdict));

  test("the reason says it", () =>
    expect(reason(judged(moved, 120), "p50")).toContain(
      "but it is not proved: the base itself moved by +20 % in its newest run, and this change is not beyond that",
    ));
  test("failures too", () => {
    const counts = (events: number, day: number) =>
      run({ day, counts: { "failure-rate": { events, trials: 2000, parts: spread(events) } } });
    const base = found(...Array.from({ length: 8 }, (_, i) => counts(0, i + 1)), counts(60, 9));
    expect(said(judge({ base, heads: [counts(62, 20)] }), "failure-rate")).toBe("inconclusive (suspected)");
    expect(said(judge({ base, heads: [counts(200, 20)] }), "failure-rate")).toBe("fail");
  });
});

const spread = (events: number) => Array.from({ length: 10 }, () => ({ events: events / 10, trials: 200 }));

describe("how much runs scatter is learned from all plateaus", () => {
  test("a step does not bring the prior back", () => {
    const { how } = row(judged([...level(100, 12), ...level(130, 8)], 130), "p50");
    if (how?.data?.kind !== "logs") throw new Error("no model");
    expect(how.data).toMatchObject({ prior: null, design: "runs" });
    expect(how.data.base).toHaveLength(8);
    // 11 + 7 degrees of freedom around two means.
    expect(how.data.parts[0]?.df).toBe(18);
  });
  test("the spread is called learned, the plateau is as short as it is", () =>
    expect(judged([...level(100, 12), ...level(130, 8)], 130).baseline).toMatchObject({ used: 8, spread: "learned" }));
});
