import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePaired, lookAt } from "../../src/judge/paired.ts";
import { verdictOf } from "../../src/judge/verdict.ts";
import type { RoundSummary } from "../../src/record/summary.ts";
import { normalQuantile } from "../../src/stats/normal.ts";
import { armOnce, paired, rounds } from "../unit/judge/rounds.ts";
import { row } from "../unit/judge/runs.ts";
import { seeded } from "./seeded.ts";

const factor = fc.double({ min: 0.5, max: 2, noNaN: true });
const scatter = fc.double({ min: 0, max: 6, noNaN: true });
const count = fc.integer({ min: 6, max: 24 });
const limit = fc.constantFrom("+1%", "+5%", "+10%", "+10% and +5ms", "+50%");

const swapped = (some: readonly RoundSummary[]): readonly RoundSummary[] =>
  some.map(({ base, head, first, serviceMean }) => ({
    base: head,
    head: base,
    first: first === "base" ? "head" : "base",
    serviceMean: { base: serviceMean.head, head: serviceMean.base },
  }));
const p50 = (some: readonly RoundSummary[], limits: string) =>
  verdictOf(row(judgePaired(paired(some, { limits: `p50: ${limits}` })), "p50").finding);

describe("paired mode", () => {
  // Improved has half the error of fail (ADR 0010), so that a fail just beyond its bound is no improvement yet.
  test("a fail one way is good news the other way, an improvement where it is large, and never both", () => {
    fc.assert(
      fc.property(count, factor, scatter, limit, (n, by, noise, text) => {
        const some = rounds(n, by, { scatter: noise });
        const [there, back] = [p50(some, text), p50(swapped(some), text)];
        if (there === "fail") expect(by > 1.5 ? ["improved"] : ["improved", "pass", "inconclusive"]).toContain(back);
        expect([there, back]).not.toEqual(["improved", "improved"]);
      }),
      { numRuns: 200 },
    );
  });
  test("the interval holds the estimate, a fail excludes no change, a pass lies inside", () => {
    fc.assert(
      fc.property(count, factor, scatter, (n, by, noise) => {
        const { finding } = row(judgePaired(paired(rounds(n, by, { scatter: noise }), { limits: "p50: +10%" })), "p50");
        if (!("evidence" in finding) || finding.evidence.change?.kind !== "ratio") throw new Error(finding.kind);
        const { ratio, low, high } = finding.evidence.change;
        expect(low).toBeLessThan(ratio);
        expect(high).toBeGreaterThan(ratio);
        if (finding.kind === "fail" || finding.kind === "warn") expect(low).toBeGreaterThan(1);
        if (finding.kind === "pass") expect(high).toBeLessThan(1.1);
      }),
      { numRuns: 200 },
    );
  });
  test("a look that ends the measurement leaves no gating metric of the rounds undecided", () => {
    fc.assert(
      fc.property(fc.constantFrom(6, 12, 18), factor, scatter, (n, by, noise) => {
        const input = paired(rounds(n, by, { scatter: noise }), { looks: "planned" });
        if (lookAt(input).goOn) return;
        const said = judgePaired(input).metrics.filter((metric) => metric.gates);
        for (const metric of said) expect(verdictOf(metric.finding)).not.toBe("inconclusive");
      }),
      { numRuns: 200 },
    );
  });
});

describe("Duration by round", () => {
  /** Two deployments, a round's time that both arms share, and what each has for itself: the client's is twice Lambda's. */
  const trial = (normal: () => number, count: number, factor: number): readonly RoundSummary[] => {
    const deployed = [0.01 * normal(), Math.log(factor) + 0.01 * normal()];
    return rounds(count, 1).map((round) => {
      const shared = 0.03 * normal();
      const [base, head] = deployed.map((own) => {
        const handler = shared + own + 0.02 * normal();
        return { duration: 70 * Math.exp(handler), service: 110 * Math.exp(handler + 0.04 * normal()) };
      });
      if (base === undefined || head === undefined) throw new Error("two arms");
      const arm = (side: RoundSummary["base"], { duration, service }: typeof base) => ({
        ...side,
        values: { p50: service, p95: 2 * service, "lambda-duration": duration },
      });
      return {
        ...round,
        base: arm(round.base, base),
        head: arm(round.head, head),
        serviceMean: { base: base.service, head: head.service },
      };
    });
  };
  const meanOf = (some: readonly RoundSummary[], side: "base" | "head") =>
    some.reduce((sum, round) => sum + (round[side].values["lambda-duration"] ?? 0), 0) / some.length;
  const intervalOf = (some: readonly RoundSummary[], arms: ReturnType<typeof armsOf>) => {
    const { finding } = row(judgePaired(paired(some, { arms })), "lambda-duration");
    if (!("evidence" in finding) || finding.evidence.change?.kind !== "ratio") throw new Error(finding.kind);
    return finding.evidence.change;
  };
  const armsOf = (some: readonly RoundSummary[]) => ({
    base: armOnce(meanOf(some, "base")),
    head: armOnce(meanOf(some, "head")),
  });
  const withoutLogs = (some: readonly RoundSummary[]): readonly RoundSummary[] =>
    some.map((round) => ({
      ...round,
      base: { ...round.base, values: { p50: 100 } },
      head: { ...round.head, values: { p50: 100 } },
    }));

  // 600 trials know 95 % to within 1.8 points; the parts' quantiles added in quadrature cover a little more (ADR 0013).
  test.each([
    [6, 1],
    [12, 1.2],
  ])(
    "%i rounds, times %d: the interval holds the truth as often as it says, and is half the bound's",
    (count, factor) => {
      const uniform = seeded(2_026_1121 + count);
      const normal = () => normalQuantile(uniform() * (1 - 2e-12) + 1e-12);
      const trials = Array.from({ length: 600 }, () => {
        const some = trial(normal, count, factor);
        const [own, bound] = [intervalOf(some, armsOf(some)), intervalOf(withoutLogs(some), armsOf(some))];
        return {
          held: own.low <= factor && factor <= own.high,
          share: Math.log(own.high / own.low) / Math.log(bound.high / bound.low),
        };
      });
      const held = trials.filter((one) => one.held).length / trials.length;
      expect(held).toBeGreaterThan(0.93);
      expect(held).toBeLessThan(0.985);
      expect(trials.map(({ share }) => share).toSorted((a, b) => a - b)[300]).toBeLessThan(0.6);
    },
  );
});
