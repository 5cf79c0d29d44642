import { describe, expect, it, test } from "vitest";
import { environmentsFor, type FunctionDemand, wholeEnvironments } from "../../../src/cloud/capacity.ts";
import { checkRamp } from "../../../src/cloud/ramp.ts";

const demand = (some: Partial<FunctionDemand> = {}): FunctionDemand => ({
  durationMs: 200,
  coldMs: 0,
  callsPerRequest: 1,
  perEnvironment: null,
  ...some,
});

describe("environments at a rate (SPEC 5.4)", () => {
  it.each([
    ["AWS's example: 50 ms at 20,000/s is 2,000 by the 10 x rule", 20_000, { durationMs: 50 }, 2000],
    ["both rules meet at 100 ms", 500, { durationMs: 100 }, 50],
    ["the seed story's slow handler at 200/s", 200, { durationMs: 701.73 }, 141],
    ["1 % of cold starts of 300 ms add 3 ms", 1000, { durationMs: 200, coldMs: 3 }, 203],
    ["cold starts do not help a function below 100 ms", 100, { durationMs: 20, coldMs: 30 }, 10],
    ["a request that calls it twice", 100, { callsPerRequest: 2 }, 40],
    ["a float that is a whole number is not rounded up", 100, { durationMs: 120 }, 12],
    ["Managed Instances: 64 requests an environment", 1000, { perEnvironment: 64 }, 4],
    ["Managed Instances know no 10 x rule", 1000, { durationMs: 10, perEnvironment: 10 }, 1],
  ])("%s", (_, rate, some, expected) => expect(wholeEnvironments(environmentsFor(demand(some), rate))).toBe(expected));
});

describe("the scaling rate of 1,000 environments and 100 more a second", () => {
  it.each([
    ["1,000 at once are started", { durationMs: 1000, perSecond: 1000 }, { feasible: true, shortestSeconds: 0 }],
    [
      "1,500 at once are not: 5 s later they are",
      { durationMs: 1000, perSecond: 1500 },
      { feasible: false, shortestSeconds: 5 },
    ],
    ["1,500 within 5 s", { durationMs: 1000, perSecond: 1500, seconds: 5 }, { feasible: true, shortestSeconds: 5 }],
    [
      "init holds the new environments too",
      { durationMs: 1000, perSecond: 1000, initMs: 500 },
      { feasible: false, shortestSeconds: 5 },
    ],
    [
      "a rate of 12,000/s grows by 1,000/s, however short the requests",
      { durationMs: 1, perSecond: 12_000, seconds: 1 },
      { feasible: false, shortestSeconds: 2 },
    ],
  ])("%s", (_, asked: { durationMs: number; perSecond: number; seconds?: number; initMs?: number }, expected) => {
    const { durationMs, perSecond, seconds = 0, initMs = null } = asked;
    expect(checkRamp(demand({ durationMs }), initMs, { kind: "rate", perSecond, seconds })).toMatchObject(expected);
  });

  test("users hold at most one environment each, whatever the handler takes", () => {
    const ramp = { kind: "users", users: 2000, seconds: 4 } as const;
    expect(checkRamp(demand({ durationMs: 60_000 }), 900, ramp)).toEqual({
      environments: 2000,
      startable: 1400,
      feasible: false,
      shortestSeconds: 10,
    });
  });

  test("Managed Instances scale by other rules", () => {
    expect(checkRamp(demand({ perEnvironment: 64 }), null, { kind: "rate", perSecond: 1e6, seconds: 0 })).toBeNull();
  });
});
