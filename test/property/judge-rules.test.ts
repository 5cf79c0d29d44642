import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../../src/judge/verdict.ts";
import { verdictOf } from "../../src/judge/verdict.ts";
import { failures, found, judge, row, run } from "../unit/judge/runs.ts";

const milliseconds = fc.double({ min: 0.5, max: 5000, noNaN: true });
const histories = fc.array(milliseconds, { minLength: 1, maxLength: 4 });
const limit = fc.constantFrom("+0%", "+5%", "+10%", "+10% and +5ms", "+50%", "+150% and +100ms", "+20ms");
const tally = fc
  .integer({ min: 20, max: 4000 })
  .chain((trials) => fc.record({ events: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }));

const latency = (base: readonly number[], heads: readonly number[], text: string): Verdict | null => {
  const runs = (values: readonly number[], from: number) =>
    values.map((p50, i) => run({ day: from + i, values: { p50 } }));
  const result = judge({ base: found(...runs(base, 1)), heads: runs(heads, 20), limits: `p50: ${text}` });
  return verdictOf(row(result, "p50").finding);
};

const rate = (base: Counted, head: Counted, text: string): Verdict | null => {
  const of = (day: number, { events, trials }: Counted) =>
    run({ day, counts: { "failure-rate": failures(events, trials) } });
  const result = judge({ base: found(of(1, base)), heads: [of(2, head)], limits: `failure-rate: ${text}` });
  return verdictOf(row(result, "failure-rate").finding);
};
type Counted = { readonly events: number; readonly trials: number };

describe("swapping the sides mirrors the verdict", () => {
  test("a latency that fails one way improves the other way, and never both", () => {
    fc.assert(
      fc.property(histories, histories, limit, (a, b, text) => {
        const [there, back] = [latency(a, b, text), latency(b, a, text)];
        if (there === "fail") expect(back).toBe("improved");
        expect([there, back]).not.toEqual(["improved", "improved"]);
      }),
      { numRuns: 300 },
    );
  });
  test("a failure rate as well", () => {
    fc.assert(
      fc.property(tally, tally, fc.constantFrom("+0.5pp", "+3pp", "+0pp"), (a, b, text) => {
        if (rate(a, b, text) === "fail") expect(rate(b, a, text)).toBe("improved");
      }),
      { numRuns: 300 },
    );
  });
});

describe("widening a limit never makes things look worse", () => {
  const rank = (verdict: Verdict | null) => (verdict === "fail" ? 1 : 0);
  const steps = ["+1%", "+10%", "+40%", "+200%"];
  test("of a latency", () => {
    fc.assert(
      fc.property(histories, histories, (base, heads) => {
        const verdicts = steps.map((text) => latency(base, heads, text));
        for (let i = 1; i < verdicts.length; i++) {
          expect(rank(verdicts[i] ?? null)).toBeLessThanOrEqual(rank(verdicts[i - 1] ?? null));
          if (verdicts[i - 1] === "pass") expect(verdicts[i]).toBe("pass");
        }
      }),
      { numRuns: 200 },
    );
  });
  test("of a failure rate", () => {
    fc.assert(
      fc.property(tally, tally, (base, head) => {
        const verdicts = ["+0.1pp", "+1pp", "+20pp", "+20pp and +50"].map((text) => rate(base, head, text));
        for (let i = 1; i < verdicts.length; i++) {
          expect(rank(verdicts[i] ?? null)).toBeLessThanOrEqual(rank(verdicts[i - 1] ?? null));
          if (verdicts[i - 1] === "pass") expect(verdicts[i]).toBe("pass");
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("identical runs", () => {
  test("never fail nor warn, whatever the limit and however many there are", () => {
    fc.assert(
      fc.property(
        milliseconds,
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 3 }),
        limit,
        (p50, n, m, text) => {
          const verdict = latency(Array(n).fill(p50), Array(m).fill(p50), text);
          expect(["pass", "inconclusive"]).toContain(verdict);
        },
      ),
      { numRuns: 150 },
    );
  });
  test("do not with failures either", () => {
    fc.assert(
      fc.property(tally, (one) => {
        expect(["pass", "inconclusive"]).toContain(rate(one, one, "+0.5pp and +7"));
      }),
    );
  });
  test("sharper with every run: detectable never grows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), (n) => {
        const detectable = (runs: number) => {
          const { finding } = row(
            judge({
              base: found(...Array.from({ length: runs }, (_, i) => run({ day: i + 1 }))),
              heads: [run({ day: 30 })],
            }),
            "p50",
          );
          return "evidence" in finding ? (finding.evidence.detectable ?? Number.NaN) : Number.NaN;
        };
        expect(detectable(n + 1)).toBeLessThan(detectable(n));
      }),
    );
  });
});

test("the interval holds the estimate, and a fail excludes no change", () => {
  fc.assert(
    fc.property(histories, histories, (base, heads) => {
      const runs = (values: readonly number[], from: number) =>
        values.map((p50, i) => run({ day: from + i, values: { p50 } }));
      const { finding } = row(judge({ base: found(...runs(base, 1)), heads: runs(heads, 20) }), "p50");
      if (!("evidence" in finding) || finding.evidence.change?.kind !== "ratio") throw new Error(finding.kind);
      const { ratio, low, high } = finding.evidence.change;
      expect(low).toBeLessThan(ratio);
      expect(high).toBeGreaterThan(ratio);
      if (finding.kind === "fail" || finding.kind === "warn") expect(low).toBeGreaterThan(1);
      if (finding.kind === "improved") expect(high).toBeLessThan(1);
    }),
    { numRuns: 200 },
  );
});
