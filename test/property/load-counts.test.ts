import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivalSchedule, formatArrivalRate, parseArrivalRate } from "../../src/load/arrivals.ts";
import { BucketCounter } from "../../src/load/bucket-counts.ts";
import { newHistogram, recordLatency, sumCounts, summarise } from "../../src/load/histogram.ts";
import { undelayedP95 } from "../../src/load/own-delay.ts";
import { areaBelow, levelAt, type Profile, profileLength } from "../../src/load/profile.ts";
import { stratified, userRandom } from "../../src/load/random.ts";
import { formatStages, parseStages } from "../../src/load/stages.ts";
import { formatStopRule, parseStopRule } from "../../src/load/stop-rule.ts";
import { userChanges } from "../../src/load/user-changes.ts";
import { micros, perSecond, seconds } from "../../src/units.ts";

const latency = fc
  .tuple(fc.integer({ min: 0, max: 36 }), fc.double({ min: 1, max: 2, noNaN: true }))
  .map(([power, factor]) => Math.min(86_400e6, 2 ** power * factor));
const latencies = fc.array(latency, { minLength: 1, maxLength: 200 });

test("bucket counts, split and added in any way, are the histogram of all values, bucket for bucket", () => {
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 5 }), (values, parts) => {
      const whole = newHistogram();
      for (const value of values) recordLatency(whole, micros(value));
      const counters = Array.from({ length: parts }, () => new BucketCounter());
      for (const [index, value] of values.entries()) counters[index % parts]?.record(micros(value));
      const sum = sumCounts(counters.map((counter) => counter.take()));
      const { histogram: _a, mean: _b, ...numbers } = summarise(sum);
      const { histogram: _c, mean: _d, ...expected } = summarise(whole);
      expect(numbers).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

const level = fc.integer({ min: 0, max: 60 });
const profile: fc.Arbitrary<Profile> = fc
  .array(fc.record({ seconds: fc.integer({ min: 1, max: 9 }).map(seconds), from: level, to: level }), {
    minLength: 1,
    maxLength: 5,
  })
  .filter((segments) => segments.some(({ from, to }) => from + to > 0));
const share = fc.integer({ min: 1, max: 4 });

const allArrivals = (next: () => number): readonly number[] => {
  const times: number[] = [];
  for (let time = next(); time < Number.POSITIVE_INFINITY; time = next()) times.push(time);
  return times;
};

test("workers together have exactly the arrivals of one, in order, as many as lie below the profile", () => {
  fc.assert(
    fc.property(
      profile,
      share,
      fc.constantFrom("constant" as const, "poisson" as const),
      (segments, count, spacing) => {
        const of = (index: number, all: number) =>
          allArrivals(arrivalSchedule({ profile: segments, spacing, seed: 3, index, count: all }));
        const whole = of(0, 1);
        const parts = Array.from({ length: count }, (_, index) => of(index, count)).flat();
        expect(parts.toSorted((a, b) => a - b)).toEqual(whole);
        expect(whole).toEqual(whole.toSorted((a, b) => a - b));
        if (spacing === "constant") expect(whole).toHaveLength(Math.ceil(areaBelow(segments) - 1e-9));
        expect(whole.at(-1) ?? 0).toBeLessThanOrEqual(profileLength(segments) * 1000);
      },
    ),
  );
});

test("on a level arrival k is due at k / rate, however far from the start", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 600 }), (rate, length) => {
      const constant: Profile = [{ seconds: seconds(length), from: rate, to: rate }];
      const times = allArrivals(
        arrivalSchedule({ profile: constant, spacing: "constant", seed: 1, index: 0, count: 1 }),
      );
      expect(times).toHaveLength(rate * length);
      const last = times.length - 1;
      expect(times[last]).toBeCloseTo((last * 1000) / rate, 6);
    }),
    { numRuns: 20 },
  );
});

test("users of all workers together are those that the profile asks for, at every moment", () => {
  fc.assert(
    fc.property(profile, share, fc.double({ min: 0, max: 1, noNaN: true }), (segments, count, at) => {
      const changes = Array.from({ length: count }, (_, index) => [...userChanges(segments, { index, count })]);
      const time = at * profileLength(segments) * 1000;
      const running = new Set<number>();
      for (const change of changes.flat().toSorted((a, b) => a.at - b.at)) {
        if (change.at > time) break;
        if (change.kind === "start") running.add(change.user);
        else running.delete(change.user);
      }
      const line = levelAt(segments, seconds(time / 1000));
      // User k runs while the line is above k; at the very moment of a change either is right.
      const near = Math.abs(line - Math.round(line)) < 1e-6 ? 1 : 0;
      expect(Math.abs(running.size - Math.ceil(line))).toBeLessThanOrEqual(near + (at === 1 ? 60 : 0));
      for (const [index, own] of changes.entries()) {
        expect(own.every(({ user }) => user % count === index)).toBe(true);
        expect(own.map((change) => change.at)).toEqual(own.map((change) => change.at).toSorted((a, b) => a - b));
      }
    }),
  );
});

test("rates, stages and rules read back as they were written", () => {
  const digits = fc.integer({ min: 1, max: 1_000_000 }).map((n) => n / 100);
  fc.assert(
    fc.property(digits, fc.constantFrom("constant" as const, "poisson" as const), (rate, spacing) => {
      const value = { perSecond: perSecond(rate), spacing };
      expect(parseArrivalRate(formatArrivalRate(value))).toEqual({ ok: true, value });
    }),
  );
  fc.assert(
    fc.property(profile, fc.constantFrom("users" as const, "rate" as const), (segments, of) => {
      const value = { of, profile: segments };
      expect(parseStages(formatStages(value))).toEqual({ ok: true, value });
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 3600 }), (share_, length) => {
      const text = `failure-rate > ${share_ / 100}% for ${length}s`;
      const read = parseStopRule(text);
      expect(read.ok && parseStopRule(formatStopRule(read.value))).toEqual(read);
      expect(read.ok && read.value.above).toBeCloseTo(share_ / 10_000, 9);
    }),
  );
});

test("stratified picks are numbers in [0, 1) that fall into every sixteenth once in sixteen", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(), (seed, user) => {
      const next = stratified(userRandom(seed, user, "picks"));
      const sixteenths = Array.from({ length: 16 }, () => Math.floor(next() * 16));
      expect(new Set(sixteenths).size).toBe(16);
      expect(Math.max(...sixteenths)).toBeLessThan(16);
    }),
  );
});

test("p95 without our own delays is never above what was measured, and the same without delays", () => {
  const delays = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(latencies, delays, (values, late) => {
      const [measured, lateness] = [new BucketCounter(), new BucketCounter()];
      for (const value of values) measured.record(micros(value));
      for (const value of late) lateness.record(micros(value));
      const service = measured.take();
      const p95 = summarise(sumCounts([service])).p95 ?? 0;
      const without = undelayedP95(service, [{ late: lateness.take(), seconds: 10 }]) ?? -1;
      expect(without).toBeLessThanOrEqual(p95);
      expect(without).toBeGreaterThanOrEqual(0);
      // The lowest value of the bucket against the highest.
      expect(undelayedP95(service, [{ late: null, seconds: 10 }])).toBeGreaterThan(p95 * 0.998 - 0.002);
    }),
  );
});
