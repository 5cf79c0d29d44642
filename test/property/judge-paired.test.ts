import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePaired, lookAt } from "../../src/judge/paired.ts";
import { verdictOf } from "../../src/judge/verdict.ts";
import type { RoundSummary } from "../../src/record/summary.ts";
import { paired, rounds } from "../unit/judge/rounds.ts";
import { row } from "../unit/judge/runs.ts";

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
