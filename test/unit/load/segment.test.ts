import { describe, expect, it } from "vitest";
import { orderOfRound, type RoundOrder, roundLength, segmentPlan, segmentTimes } from "../../../src/load/segment.ts";
import { millis, perSecond } from "../../../src/units.ts";
import { plan } from "../record/sample-record.ts";

const orders = (seed: number, rounds: number): readonly RoundOrder[] =>
  Array.from({ length: rounds }, (_, round) => orderOfRound(round + 1, seed));

describe("the order of rounds", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  it("has both orders equally often at every look, and never differs by more than one", () => {
    for (const seed of seeds) {
      let ahead = 0;
      for (const [at, order] of orders(seed, 24).entries()) {
        ahead += order === "base-first" ? 1 : -1;
        expect(Math.abs(ahead)).toBeLessThanOrEqual(1);
        if ((at + 1) % 2 === 0) expect(ahead).toBe(0);
      }
    }
  });

  it("cancels a drift that is straight over four rounds: AB BA BA AB, or its mirror", () => {
    for (const seed of seeds) {
      const [a, b, c, d] = orders(seed, 4);
      expect([a === d, b === c, a !== b]).toEqual([true, true, true]);
    }
  });

  it("is the seed's: the same again, and not the same for all", () => {
    expect(orders(7, 24)).toEqual(orders(7, 24));
    const first = seeds.filter((seed) => orderOfRound(1, seed) === "base-first").length;
    expect(first).toBeGreaterThan(70);
    expect(first).toBeLessThan(130);
  });
});

describe("the times of a segment", () => {
  it.each([
    [
      "the ramp takes whole seconds",
      { users: 20, spawnRate: perSecond(3) },
      20_000,
      { ramp: 7, measured: 20, settle: 1000 },
    ],
    [
      "all users at once still take one",
      { users: 5, spawnRate: perSecond(100) },
      2_000,
      { ramp: 1, measured: 2, settle: 200 },
    ],
    [
      "a rate needs no ramp of users",
      { users: 500, spawnRate: perSecond(1), rate: { perSecond: perSecond(9), spacing: "constant" } as const },
      10_000,
      { ramp: 1, measured: 10, settle: 1000 },
    ],
  ])("%s", (_, change, segmentTime, times) =>
    expect(segmentTimes({ rate: null, stages: null, ...change }, millis(segmentTime))).toEqual(times),
  );

  it("make a round of two", () =>
    expect(roundLength(segmentTimes(plan(), millis(20_000)))).toBe(2 * (5 + 20 + 1) * 1000));
});

describe("the plan of a segment", () => {
  const times = segmentTimes(plan(), millis(20_000));

  it("keeps the seed within its 32 bits", () => {
    const of = { round: 3, isFirst: false, maxRequests: 10 };
    expect(segmentPlan(plan({ seed: 2 ** 32 - 1 }), times, of)).toMatchObject({
      seed: 1,
      ramp: 5,
      runTime: 25,
      warmUp: 0,
      preWarm: 0,
      maxRequests: 10,
    });
  });
});
