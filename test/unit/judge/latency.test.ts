import { describe, expect, test } from "vitest";
import { found, judge, reason, row, run, runsOf, said } from "./runs.ts";

/** p50 of one base run and one head, prior 10 %: the 95 % interval is x / 1.37 to x * 1.37, the strict bound x / 1.66. */
const one = (base: number, head: number, limits = "p50: +10% and +5ms") =>
  judge({ base: found(run({ values: { p50: base } })), heads: [run({ day: 2, values: { p50: head } })], limits });

describe("one baseline run, prior spread", () => {
  test.each([
    ["doubled: the strict lower bound +20 % is beyond the limit", 100, 200, "fail"],
    ["+70 %: bound just beyond no change, estimate beyond the limit", 100, 170, "fail"],
    ["+60 %: not beyond no change at the strict level", 100, 160, "inconclusive (suspected)"],
    ["+12 %: beyond the limit, far from proved", 100, 112, "inconclusive (suspected)"],
    ["+8 %: inside the limit, but the interval is not", 100, 108, "inconclusive (neutral)"],
    ["nothing moved, but the interval is wider than the limit", 100, 100, "inconclusive (neutral)"],
    ["halved", 100, 50, "improved"],
    ["-38 %: better, not proved, the interval ends below the limit", 100, 62, "pass"],
    ["fast target: the floor of 5 ms is the limit (+62 %), the interval fits in", 8, 8, "pass"],
    ["fast target: proved, but less than 5 ms", 2, 4, "warn"],
    ["fast target: +5.5 ms is beyond floor and share", 2, 7.5, "fail"],
    ["fast target: better, but by less than half the floor", 4, 2, "pass"],
    ["slow target: a floor of 5 ms asks nothing beyond the share", 1000, 2000, "fail"],
  ])("%s", (_, base, head, verdict) => expect(said(one(base, head), "p50")).toBe(verdict));

  test("a wide limit holds a proved change inside: warn, not pass", () =>
    expect(said(one(100, 200, "p50: +150%"), "p50")).toBe("warn"));
  test("worse at 97.5 % but not at the strict level is inconclusive when the interval leaves the limit", () =>
    expect(said(one(100, 140, "p50: +50%"), "p50")).toBe("inconclusive (neutral)"));
});

describe("the numbers that go with it", () => {
  test("change is the two-sided 95 % interval of head over base: t(10) = 2.228, s = 10 %", () => {
    const { finding } = row(one(100, 200), "p50");
    if (finding.kind !== "fail") throw new Error(finding.kind);
    const width = Math.exp(2.2281 * 0.1 * Math.SQRT2);
    expect(finding.evidence).toMatchObject({ base: 100, head: 200, baseRuns: 1, headRuns: 1, baseSamples: 2000 });
    expect(finding.evidence.change).toMatchObject({ kind: "ratio", ratio: 2 });
    expect(finding.evidence.change?.low).toBeCloseTo(2 / width, 3);
    expect(finding.evidence.change?.high).toBeCloseTo(2 * width, 3);
    // (3.581 + 1.2816) * 0.1 * sqrt(2) on the log scale.
    expect(finding.evidence.detectable).toBeCloseTo(Math.expm1(0.6877), 2);
  });
  test("detectable is never below the effective limit", () => {
    const { finding } = row(one(2, 2, "p50: +10% and +5ms"), "p50");
    if (finding.kind !== "pass") throw new Error(finding.kind);
    expect(finding.evidence.detectable).toBeGreaterThan(2.5);
  });
  test("base and head are geometric means over runs", () => {
    const result = judge({
      base: found(...runsOf("p50", [80, 125])),
      heads: [run({ day: 3, values: { p50: 90 } }), run({ day: 4, values: { p50: 160 } })],
    });
    const { finding } = row(result, "p50");
    if (finding.kind !== "inconclusive") throw new Error(finding.kind);
    expect(finding.evidence.base).toBeCloseTo(100, 9);
    expect(finding.evidence.head).toBeCloseTo(120, 9);
    expect(finding.evidence).toMatchObject({ baseRuns: 2, headRuns: 2 });
  });
  test("the reason is a sentence with base, head, bound and limit", () =>
    expect(reason(one(7.66, 703), "p50")).toBe(
      "p50 rose from 7.66 ms to 703 ms; at least +5,400 % with 99.75 % confidence, limit +10% and +5ms",
    ));
  test("a limit that the noise cannot decide is said once", () => {
    const { problems } = one(100, 100, "p50: +5%");
    expect(problems).toMatchObject([{ code: "limit-not-decidable", severity: "note" }]);
    expect(problems[0]?.message).toBe("p50: +5% cannot be decided here: detectable 99 %; use paired mode or +40%.");
  });
  test.each([
    ["p50: +5%", "p50", 100],
    ["throughput: -5%", "throughput", 50],
    ["failure-rate: +0.01pp", "failure-rate", null],
  ])("the limit that is proposed instead of %s can be decided, and one step less cannot", (limits, id, value) => {
    const both = value === null ? {} : { values: { [id]: value } };
    const judged = (limit: string) => {
      const judgement = judge({ base: found(run(both)), heads: [run({ ...both, day: 9 })], limits: limit });
      const problem = judgement.problems.find(({ message }) => message.startsWith(id));
      return { verdict: said(judgement, id), problem: problem?.message ?? null };
    };
    const [, sign, size, unit] = / or ([+-])([\d.]+)(%|pp)\.$/.exec(judged(limits).problem ?? "") ?? [];
    const less = Number(size) - (unit === "pp" ? 0.5 : 5);
    expect(judged(`${id}: ${sign}${size}${unit}`)).toEqual({ verdict: "pass", problem: null });
    expect(judged(`${id}: ${sign}${less || 0.01}${unit}`).problem).toContain("cannot be decided");
  });
  test("a limit that is decided is not", () => expect(one(100, 100, "p50: +50%").problems).toEqual([]));
});

describe("more base runs sharpen the comparison", () => {
  const quiet = (n: number) => Array.from({ length: n }, (_, i) => 100 * (1 + 0.01 * ((i % 3) - 1)));
  const against = (n: number, head: number) =>
    judge({ base: found(...runsOf("p50", quiet(n))), heads: [run({ day: 30, values: { p50: head } })] });
  const detectable = (n: number) => {
    const { finding } = row(against(n, 100), "p50");
    return finding.kind === "not-measured" || finding.kind === "no-baseline" ? null : finding.evidence.detectable;
  };

  test("20 quiet runs prove +15 %, one does not", () => {
    expect(said(against(1, 115), "p50")).toBe("inconclusive (suspected)");
    expect(said(against(20, 115), "p50")).toBe("fail");
  });
  test("20 quiet runs show equivalence", () => expect(said(against(20, 101), "p50")).toBe("pass"));
  test("20 quiet runs see +5 %: a warning inside the limit", () => expect(said(against(20, 105), "p50")).toBe("warn"));
  test.each([
    ["-7 % is beyond half the limit of +10 %", 93, "p50: +10%", "improved"],
    ["-4 % is not", 96, "p50: +10%", "pass"],
    ["-7 ms is not beyond half of a floor of 20 ms", 93, "p50: +10% and +20ms", "pass"],
  ])("improved: %s", (_, head, limits, verdict) =>
    expect(
      said(
        judge({ base: found(...runsOf("p50", quiet(21))), heads: [run({ day: 30, values: { p50: head } })], limits }),
        "p50",
      ),
    ).toBe(verdict),
  );
  test("the prior goes at 15 runs: the detectable effect falls at once", () => {
    expect(detectable(14)).toBeLessThan(detectable(1) ?? 0);
    expect(detectable(15)).toBeLessThan((detectable(14) ?? 0) / 2);
  });
  test("identical runs never count as free of noise", () => {
    const flat = judge({
      base: found(
        ...runsOf(
          "p50",
          Array.from({ length: 20 }, () => 100),
        ),
      ),
      heads: [run({ day: 30, values: { p50: 100.9 } })],
    });
    expect(said(flat, "p50")).toBe("pass");
  });
});

describe("where less is worse", () => {
  const throughput = (base: number, head: number, limits: string) =>
    said(
      judge({
        base: found(run({ values: { throughput: base } })),
        heads: [run({ day: 2, values: { throughput: head } })],
        limits,
      }),
      "throughput",
    );
  test.each([
    ["halved", 100, 50, "throughput: -10%", "fail"],
    ["doubled", 100, 200, "throughput: -10%", "improved"],
    ["-12 %", 100, 88, "throughput: -10%", "inconclusive (suspected)"],
    ["the same, wide limit", 100, 100, "throughput: -40%", "pass"],
    ["a floor larger than the base can never be exceeded", 10, 1, "throughput: -10% and -20", "warn"],
  ])("%s", (_, base, head, ...rest) => {
    const [limits = "", verdict = ""] = rest;
    expect(throughput(base, head, limits)).toBe(verdict);
  });
  test("detectable is a positive share there too, below 1", () => {
    const result = judge({
      base: found(run({ values: { throughput: 100 } })),
      heads: [run({ values: { throughput: 100 } })],
    });
    const { finding } = row(result, "throughput");
    if (finding.kind !== "informs") throw new Error(finding.kind);
    expect(finding.evidence.detectable).toBeGreaterThan(0.3);
    expect(finding.evidence.detectable).toBeLessThan(1);
  });
});

describe("zero has no logarithm", () => {
  const usage = (base: number, head: number, limits: string) =>
    judge({
      base: found(run({ values: { throughput: base } })),
      heads: [run({ day: 2, values: { throughput: head } })],
      limits,
    });
  test.each([
    ["nothing before", 0, 50],
    ["nothing now", 50, 0],
  ])("%s: no ratio, no verdict of a relative limit", (_, base, head) => {
    const result = usage(base, head, "throughput: -10%");
    expect(said(result, "throughput")).toBe("inconclusive: no-requests");
    expect(reason(result, "throughput")).toContain("is 0");
  });
  test("an absolute limit is judged all the same", () =>
    expect(said(usage(50, 0, "throughput: >= 10"), "throughput")).toBe("fail"));
});
