import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialUpper, fisherHigher } from "../../src/stats/exact-tests.ts";
import { holmLevels } from "../../src/stats/holm.ts";
import { normalCdf, normalQuantile } from "../../src/stats/normal.ts";
import { differenceInterval } from "../../src/stats/proportions.ts";
import { studentCdf, studentQuantile } from "../../src/stats/student.ts";

const share = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true });
const degrees = fc.double({ min: 1, max: 500, noNaN: true });
const tally = fc
  .integer({ min: 1, max: 400 })
  .chain((trials) => fc.record({ events: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }));

test("quantiles undo distribution functions", () => {
  fc.assert(
    fc.property(share, degrees, (p, df) => {
      expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 9);
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 10);
    }),
  );
});

test("t has heavier tails than the normal and they shrink with the degrees of freedom", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.6, max: 0.9999, noNaN: true }), degrees, (p, df) => {
      expect(studentQuantile(p, df)).toBeGreaterThan(studentQuantile(p, df + 1));
      expect(studentQuantile(p, df)).toBeGreaterThan(normalQuantile(p));
    }),
  );
});

test("more events on one side never make that side look better", () => {
  fc.assert(
    fc.property(tally, tally, (a, b) => {
      fc.pre(a.events < a.trials);
      const more = { ...a, events: a.events + 1 };
      expect(fisherHigher(more, b)).toBeLessThanOrEqual(fisherHigher(a, b) + 1e-12);
      expect(binomialUpper(more, 0.3)).toBeLessThanOrEqual(binomialUpper(a, 0.3) + 1e-12);
    }),
  );
});

test("both one-sided exact tests together cover the observed table once too often", () => {
  fc.assert(
    fc.property(tally, tally, (a, b) => {
      const both = fisherHigher(a, b) + fisherHigher(b, a);
      expect(both).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(both).toBeLessThanOrEqual(2 + 1e-9);
    }),
  );
});

test("the interval of a difference mirrors when the sides are swapped, holds the estimate and stays possible", () => {
  fc.assert(
    fc.property(tally, tally, (a, b) => {
      const [there, back] = [differenceInterval(a, b, 0.95), differenceInterval(b, a, 0.95)];
      const estimate = a.events / a.trials - b.events / b.trials;
      expect(there.low).toBeCloseTo(-back.high, 12);
      expect(there.low).toBeLessThanOrEqual(estimate);
      expect(there.high).toBeGreaterThanOrEqual(estimate);
      expect(there.low).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(there.high).toBeLessThanOrEqual(1 + 1e-12);
    }),
  );
});

test("Holm rejects no less than Bonferroni and nothing beyond the total level", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.05, noNaN: true }), { minLength: 1, maxLength: 8 }), (pValues) => {
      const levels = holmLevels(
        pValues,
        0.02,
        pValues.map(() => 1),
      );
      for (const [i, p] of pValues.entries()) {
        const level = levels[i] ?? 0;
        if (p <= 0.02 / pValues.length) expect(p).toBeLessThanOrEqual(level);
        if (p > 0.02) expect(p).toBeGreaterThan(level);
      }
    }),
  );
});
