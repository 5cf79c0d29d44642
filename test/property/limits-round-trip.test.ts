import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTerm, type Limit, type LimitTerm } from "../../src/config/limits.ts";
import { METRICS, type MetricInfo } from "../../src/config/metric-catalog.ts";
import { formatLimit, parseLimits } from "../../src/config/parse-limits.ts";

const size = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map((n) => n / 1000),
  fc.double({ min: 1e-6, max: 1, noNaN: true }),
);

const termsFor = (metric: MetricInfo): fc.Arbitrary<readonly LimitTerm[]> => {
  const sign = metric.worse === "down" ? -1 : 1;
  const share = metric.unit === "share";
  const bound = size.map((n): readonly LimitTerm[] => [
    { kind: sign === 1 ? "at-most" : "at-least", value: share ? Math.min(1, n) : n * 1000 },
  ]);
  const change: fc.Arbitrary<LimitTerm> = size.map((n) =>
    share ? { kind: "points", points: n } : { kind: "relative", share: sign * n },
  );
  const amount: fc.Arbitrary<LimitTerm> = size.map((n) => ({ kind: "amount", amount: sign * n }));
  return fc.oneof(
    bound,
    change.map((one) => [one]),
    fc.tuple(change, amount),
  );
};

const limit: fc.Arbitrary<Limit> = fc
  .record({
    metric: fc.constantFrom(...METRICS),
    scope: fc.constantFrom(null, "checkout", "GET /a:b", "orders-fn@live"),
    role: fc.constantFrom("gate" as const, "warn" as const),
  })
  .chain(({ metric, scope, role }) =>
    termsFor(metric).map((terms) => ({
      metric: metric.id,
      scope,
      role,
      terms,
      text: terms.map((term) => formatTerm(term, metric.unit)).join(" and "),
      origin: "user" as const,
    })),
  );

test("a limit written in the grammar and read again is the same limit", () => {
  fc.assert(
    fc.property(limit, (one) => {
      expect(parseLimits(formatLimit(one))).toEqual({ ok: true, value: [one] });
    }),
  );
});

test("no text at all makes the parser throw, and every refusal is a sentence with a hint", () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9@:;+<=%. -]{0,40}$/));
  fc.assert(
    fc.property(anything, (text) => {
      const result = parseLimits(text);
      for (const problem of result.ok ? [] : result.problems) {
        expect(problem.message.endsWith(".")).toBe(true);
        expect(problem.hint).not.toBe("");
      }
    }),
  );
});
