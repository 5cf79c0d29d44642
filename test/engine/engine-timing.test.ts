import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WaitTime } from "../../src/load/wait-time.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

test("a target that takes 50 ms is reported as one", async () => {
  const result = await runLoad(planFor(target, { tasks: [get("/slow?n=50")], users: 5, runTime: seconds(3) }));
  for (const { p50, min } of [result.response, result.service]) {
    // The target's own timer may fire a millisecond early.
    expect(min).toBeGreaterThan(48);
    expect(p50).toBeGreaterThan(49);
    expect(p50).toBeLessThan(60);
  }
});

test("response time counts from when a request was due, service time from when it left", async () => {
  const { response, service, generator } = await runLoad(planFor(target, { tasks: [get("/slow?n=5")], users: 20 }));
  expect(response.mean).toBeGreaterThanOrEqual(service.mean ?? Number.NaN);
  expect((response.mean ?? 0) - (service.mean ?? 0)).toBeLessThan(generator.scheduleLagMs.max + 0.1);
});

test("the generator says how it was", async () => {
  const { generator } = await runLoad(planFor(target, { runTime: seconds(2) }));
  expect(generator.utilisation.mean).toBeGreaterThan(0);
  expect(generator.utilisation.max).toBeLessThan(0.9);
  expect(generator.cpuShare).toBeGreaterThan(0);
  expect(generator.cpuShare).toBeLessThanOrEqual(1);
  expect(generator.memoryMb).toBeGreaterThan(20);
  expect(generator.loopDelayMs.max).toBeGreaterThanOrEqual(generator.loopDelayMs.p50);
  // The period of the monitor's own timer, 10 ms, is no delay.
  expect(generator.loopDelayMs.p50).toBeLessThan(8);
});

describe("wait times", () => {
  // One user, 2 s, 100 ms per answer. A noisy machine makes fewer starts, never more.
  test.each<readonly [WaitTime, number, string]>([
    [{ kind: "constant", seconds: seconds(0.3) }, 5, "0, 0.4, 0.8, 1.2, 1.6 s"],
    [{ kind: "constant_pacing", seconds: seconds(0.3) }, 7, "0, 0.3, ... 1.8 s"],
    [{ kind: "constant_throughput", perSecond: 4 }, 8, "0, 0.25, ... 1.75 s"],
    [{ kind: "constant_pacing", seconds: seconds(0.05) }, 20, "a pace faster than the target waits for it"],
    [{ kind: "between", min: seconds(0.1), max: seconds(0.1) }, 10, "0, 0.2, ... 1.8 s"],
  ])("%j makes %i starts: %s", async (waitTime, starts) => {
    const plan = planFor(target, { users: 1, tasks: [get("/slow?n=100")], runTime: seconds(2), waitTime });
    const { totals } = await runLoad(plan);
    expect(totals.requests).toBeLessThanOrEqual(starts);
    expect(totals.requests).toBeGreaterThanOrEqual(starts - 2);
  });
});

describe("the seed", () => {
  const order = async (seed: number): Promise<readonly string[]> => {
    await target.counts();
    const tasks = [get("/a"), get("/b"), get("/c", 2)];
    const waitTime: WaitTime = { kind: "constant", seconds: seconds(0) };
    await runLoad(planFor(target, { seed, tasks, users: 1, spawnRate: perSecond(1), maxRequests: 60, waitTime }));
    return (await target.counts()).paths;
  };

  test("fixes the picks of a user", async () => {
    const first = await order(7);
    expect(first).toHaveLength(60);
    expect(new Set(first)).toEqual(new Set(["/a", "/b", "/c"]));
    expect(await order(7)).toEqual(first);
    expect(await order(8)).not.toEqual(first);
  });
});
