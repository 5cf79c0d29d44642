import fc from "fast-check";
import { expect, test } from "vitest";
import { halfWidth, tailBeyond } from "../../src/stats/error-parts.ts";
import { errorOfRounds } from "../../src/stats/rounds.ts";

const sd = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
const df = fc.oneof(fc.integer({ min: 2, max: 60 }), fc.constant(Number.POSITIVE_INFINITY));
const part = fc.record({ sd, df, dataDf: fc.constant(0) });
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const level = fc.double({ min: 1e-6, max: 0.49, noNaN: true });

test("p-value and half width undo each other", () => {
  fc.assert(
    fc.property(parts, level, (some, p) => {
      expect(tailBeyond(some, halfWidth(some, p)) / p).toBeCloseTo(1, 4);
    }),
  );
});

test("farther out is rarer, and a further part makes it commoner", () => {
  fc.assert(
    fc.property(parts, part, fc.double({ min: 0.001, max: 2, noNaN: true }), (some, further, distance) => {
      const p = tailBeyond(some, distance);
      expect(tailBeyond(some, distance * 1.5)).toBeLessThanOrEqual(p + 1e-9);
      expect(tailBeyond([...some, further], distance)).toBeGreaterThanOrEqual(p - 1e-9);
    }),
  );
});

test("rounds in the opposite order and with swapped arms have the same error", () => {
  const logs = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 24 });
  fc.assert(
    fc.property(logs, (some) => {
      const rounds = some.map((log, i) => ({ log, first: i % 2 === 0 ? ("base" as const) : ("head" as const) }));
      const mirrored = rounds.map(
        ({ log, first }) => ({ log: -log, first: first === "base" ? "head" : "base" }) as const,
      );
      expect(errorOfRounds(mirrored).sd).toBeCloseTo(errorOfRounds(rounds).sd, 12);
    }),
  );
});
