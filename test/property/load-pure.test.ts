import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeHistogram,
  encodeHistogram,
  mergeEncoded,
  newHistogram,
  quantile,
  recordLatency,
  summarise,
} from "../../src/load/histogram.ts";
import { userRandom, weightedPick } from "../../src/load/random.ts";
import { spawnTime, usersOfWorker } from "../../src/load/spawn.ts";
import { formatWaitTime, longestWait, parseWaitTime, type WaitTime, waitAfterTask } from "../../src/load/wait-time.ts";
import { micros, perSecond, seconds } from "../../src/units.ts";

const histogramOf = (values: readonly number[]) => {
  const histogram = newHistogram();
  for (const value of values) recordLatency(histogram, micros(value));
  return histogram;
};
// Spread over the magnitudes, not the range: a uniform integer is nearly always above an hour.
const latency = fc
  .tuple(fc.integer({ min: 0, max: 36 }), fc.double({ min: 1, max: 2, noNaN: true }))
  .map(([power, factor]) => Math.min(86_400e6, Math.round(2 ** power * factor)));
const latencies = fc.array(latency, { minLength: 1, maxLength: 300 });

test("a percentile is within 0.1 % above the exact value at rank ceil(q x n)", () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1), (values, q) => {
      const sorted = [...values].sort((a, b) => a - b);
      // Rank in integers: 0.95 x 20 must not become 20 by rounding.
      const exact = sorted[Math.ceil((Math.round(q * 1000) * sorted.length) / 1000) - 1] ?? Number.NaN;
      const found = quantile(histogramOf(values), q) ?? Number.NaN;
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThanOrEqual(exact * 1.001);
    }),
  );
});

test("parts merged in any split equal the whole, bucket for bucket", () => {
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 5 }), (values, parts) => {
      const split = Array.from({ length: parts }, (_, part) => values.filter((_, index) => index % parts === part));
      const merged = mergeEncoded(split.map((part) => encodeHistogram(histogramOf(part))));
      const { histogram: _merged, ...numbers } = summarise(merged);
      const { histogram: _whole, ...expected } = summarise(histogramOf(values));
      expect(numbers).toEqual(expected);
      for (let permille = 1; permille <= 1000; permille += 37) {
        expect(quantile(merged, permille / 1000)).toBe(quantile(histogramOf(values), permille / 1000));
      }
    }),
    { numRuns: 40 },
  );
});

test("decoding never throws, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      decodeHistogram(text);
    }),
  );
});

const duration = fc.integer({ min: 0, max: 86_400_000 }).map((n) => seconds(n / 1000));
const waitTime: fc.Arbitrary<WaitTime> = fc.oneof(
  duration.map((value) => ({ kind: "constant" as const, seconds: value })),
  duration.map((value) => ({ kind: "constant_pacing" as const, seconds: value })),
  fc.tuple(duration, duration).map(([a, b]) => ({
    kind: "between" as const,
    min: seconds(Math.min(a, b)),
    max: seconds(Math.max(a, b)),
  })),
  fc.integer({ min: 1, max: 1_000_000 }).map((n) => ({ kind: "constant_throughput" as const, perSecond: n / 1000 })),
);

test("a wait time reads back as it was written", () => {
  fc.assert(
    fc.property(waitTime, (wait) => {
      expect(parseWaitTime(formatWaitTime(wait))).toEqual({ ok: true, value: wait });
    }),
  );
});

test("a wait is never negative and never longer than the longest", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(waitTime, duration, random, (wait, task, random01) => {
      const time = waitAfterTask(wait, task, random01);
      expect(time).toBeGreaterThanOrEqual(0);
      expect(time).toBeLessThanOrEqual(longestWait(wait) + 1e-9);
    }),
  );
});

test("workers share the users out: each user once, in the order of their start", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 9 }), (users, workers) => {
      const shares = Array.from({ length: workers }, (_, worker) => usersOfWorker(users, worker, workers));
      expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: users }, (_, k) => k));
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      for (const share of shares) {
        const times = share.map((user) => spawnTime(user, perSecond(7)));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    }),
  );
});

test("random numbers stay in [0, 1) and every pick is a task with weight", () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 })
    .filter((list) => list.some((w) => w > 0));
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(), weights, (seed, user, list) => {
      const next = userRandom(seed, user, "picks");
      const pick = weightedPick(list);
      for (let i = 0; i < 20; i++) {
        const value = next();
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        expect(list[pick(value)]).toBeGreaterThan(0);
      }
    }),
  );
});
