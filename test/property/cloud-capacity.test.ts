/** Laws that required concurrency, ramps and prices keep for any figures. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentsFor, inFlight } from "../../src/cloud/capacity.ts";
import { costOf } from "../../src/cloud/cost.ts";
import { explainFailures } from "../../src/cloud/failures.ts";
import { FRONT_ENDS } from "../../src/cloud/front-ends.ts";
import { PRICES } from "../../src/cloud/prices.ts";
import { checkRamp } from "../../src/cloud/ramp.ts";
import { cloud, functionMetrics, outcomes } from "../unit/record/sample-record.ts";

/** From a millionth on: below it products underflow, and nothing that is measured is so small. */
const figure = (max: number) => fc.double({ min: 1e-6, max, noNaN: true });
const demand = fc.record({
  durationMs: figure(900_000),
  coldMs: figure(10_000),
  callsPerRequest: figure(10),
  perEnvironment: fc.option(fc.integer({ min: 1, max: 1600 }), { nil: null }),
});
const rate = figure(1e6);

test("environments: enough for both rules, never fewer for a higher rate or a longer request", () => {
  fc.assert(
    fc.property(demand, rate, rate, (one, low, more) => {
      const needed = environmentsFor(one, low);
      const shared = one.perEnvironment ?? 1;
      expect(needed * shared).toBeGreaterThanOrEqual(inFlight(one, low) * (1 - 1e-9));
      if (one.perEnvironment === null)
        expect(needed * 10).toBeGreaterThanOrEqual(low * one.callsPerRequest * (1 - 1e-9));
      expect(environmentsFor(one, low + more)).toBeGreaterThanOrEqual(needed);
      expect(environmentsFor({ ...one, durationMs: one.durationMs * 2 }, low)).toBeGreaterThanOrEqual(needed);
    }),
  );
});

test("a ramp that is called feasible stays so when it is made longer, and the shortest one is the border", () => {
  fc.assert(
    fc.property(demand, rate, figure(3600), figure(3600), (one, perSecond, seconds, more) => {
      const check = (length: number) => checkRamp(one, null, { kind: "rate", perSecond, seconds: length });
      const first = check(seconds);
      if (first === null) return;
      if (first.feasible) expect(check(seconds + more)?.feasible).toBe(true);
      expect(check(first.shortestSeconds)?.feasible).toBe(true);
      if (first.shortestSeconds > 1) expect(check(first.shortestSeconds - 0.5)?.feasible).toBe(false);
    }),
  );
});

test("cost: the sum of its parts, rising with requests, and tiers only ever make the next request cheaper", () => {
  const workload = fc.record({
    functions: fc.array(
      fc.record({
        memoryMb: fc.integer({ min: 128, max: 10_240 }),
        architecture: fc.constantFrom("x86_64" as const, "arm64" as const),
        billedMs: figure(900_000),
        callsPerRequest: figure(5),
        ephemeralMb: fc.integer({ min: 0, max: 10_240 }),
      }),
      { maxLength: 3 },
    ),
    frontEnd: fc.option(fc.constantFrom(...FRONT_ENDS), { nil: null }),
    region: fc.option(fc.constantFrom("eu-south-1", "eu-west-1"), { nil: null }),
  });
  fc.assert(
    fc.property(workload, figure(1e10), (work, requests) => {
      const once = costOf(work, requests, PRICES);
      const twice = costOf(work, 2 * requests, PRICES);
      expect(once.duration + once.requests + once.frontEnd).toBeCloseTo(once.total, 6);
      expect(twice.total).toBeGreaterThanOrEqual(once.total);
      expect(twice.total).toBeLessThanOrEqual(2 * once.total * (1 + 1e-9));
    }),
  );
});

test("failures: no cause explains more requests than failed, and none is both confirmed and refuted", () => {
  const failed = fc.integer({ min: 0, max: 500 });
  const status = fc.constantFrom(400, 401, 403, 404, 413, 429, 500, 502, 503, 504);
  const text = fc.constantFrom(
    "",
    '{"message":"Internal server error"}',
    '{"message":"Too Many Requests"}',
    "own words",
  );
  const scene = fc.record({
    frontEnd: fc.option(fc.constantFrom(...FRONT_ENDS), { nil: null }),
    throttled: failed,
    client: failed,
    server: failed,
    answers: fc.tuple(status, text, status, text),
    throttles: fc.option(failed, { nil: null }),
    errors: fc.option(failed, { nil: null }),
    seen: fc.integer({ min: 0, max: 4000 }),
    state: fc.constantFrom("complete" as const, "partial" as const, "contaminated" as const, "denied" as const),
  });
  fc.assert(
    fc.property(scene, (one) => {
      const [a, b, c, d] = one.answers;
      const found = explainFailures({
        frontEnd: one.frontEnd,
        outcomes: outcomes({
          ok: 1000,
          throttled: one.throttled,
          "client-error": one.client,
          "server-error": one.server,
        }),
        examples: {
          throttled: [{ status: 429, text: b }],
          "client-error": [{ status: a, text: b }],
          "server-error": [{ status: c, text: d }],
        },
        cloud: cloud({
          state: one.state,
          seen: one.seen,
          functions: [functionMetrics({ throttles: one.throttles, errors: one.errors })],
        }),
        besides: { surely: 0, maybe: 3 },
      });
      const all = one.throttled + one.client + one.server;
      for (const { requests, text: sentence } of found) {
        expect(requests ?? 0).toBeLessThanOrEqual(all);
        expect(sentence).not.toMatch(/undefined|NaN|null/);
      }
      if (one.throttles === 0 && one.state === "complete")
        expect(found.some((it) => it.situation === "lambda-throttled" && it.certainty === "confirmed")).toBe(false);
      if (one.state === "denied") expect(found.some((it) => it.certainty === "refuted")).toBe(false);
    }),
  );
});
