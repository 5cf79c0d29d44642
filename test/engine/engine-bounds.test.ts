import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseStopRule } from "../../src/load/stop-rule.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

const rule = (text: string) => {
  const read = parseStopRule(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};

describe("stop-if", () => {
  test.each([1, 2])("ends the load when failures stay above the share, with %i worker(s)", async (workers) => {
    const plan = planFor(target, {
      tasks: [get("/status?n=503", 3), get("/")],
      stopIf: rule("failure-rate > 50% for 2s"),
      runTime: seconds(30),
    });
    const result = await runLoad(plan, { workers });
    expect(result.stopped).toBe("stop-if");
    expect(result.window.seconds).toBeGreaterThanOrEqual(2);
    expect(result.window.seconds).toBeLessThan(8);
    expect(result.totals.requests).toBe((await target.counts()).requests);
  });

  test("leaves a load alone that fails less", async () => {
    const tasks = [get("/status?n=503"), get("/", 3)];
    const plan = planFor(target, { tasks, stopIf: rule("failure-rate > 50% for 1s"), runTime: seconds(3) });
    expect(await runLoad(plan)).toMatchObject({ stopped: "run-time", window: { seconds: 3 } });
    await target.counts();
  });
});

describe("pre-warm", () => {
  test.each([1, 2])("sends its requests at once before the window, with %i worker(s)", async (workers) => {
    const plan = planFor(target, { preWarm: 15, users: 2, tasks: [get("/slow?n=200")], runTime: seconds(1) });
    const result = await runLoad(plan, { workers });
    const seen = await target.counts();
    expect(result.preWarm).toMatchObject({ requests: 15, outcomes: { ok: 15 } });
    expect(result.totals.requests + 15).toBe(seen.requests);
    // Each on a connection of its own, beside those of the users.
    expect(seen.accepted).toBe(17);
    expect(result.totals.connections.opened).toBe(2);
    expect(result.warmUp.start).toBeLessThan(result.window.start - 200);
  });

  test("is within max-requests", async () => {
    const plan = planFor(target, { preWarm: 15, maxRequests: 40, runTime: seconds(20) });
    const result = await runLoad(plan, { workers: 2 });
    expect((await target.counts()).requests).toBe(40);
    expect(result).toMatchObject({ stopped: "max-requests", totals: { requests: 25 } });
  });
});

test.each([1, 2, 3])("counts agree with the target's own, with %i worker(s)", async (workers) => {
  const plan = planFor(target, { users: 20, runTime: seconds(2), warmUp: seconds(1), preWarm: 5 });
  const result = await runLoad(plan, { workers });
  const seen = await target.counts();
  expect(result.totals.requests + result.warmUp.requests + result.preWarm.requests).toBe(seen.requests);
});

test("there are never more workers than users", async () => {
  const result = await runLoad(planFor(target, { users: 2, spawnRate: perSecond(10) }), { workers: 5 });
  expect(result.generator.workers).toBe(2);
  await target.counts();
});

test("the generator says how it was in each second", async () => {
  const { generator, slices } = await runLoad(planFor(target, { runTime: seconds(3) }), { workers: 2 });
  expect(generator.series.map(({ second }) => second)).toEqual(slices.map(({ second }) => second));
  for (const second of generator.series) {
    expect(second.utilisation).toBeGreaterThan(0);
    expect(second.utilisation).toBeLessThanOrEqual(1);
    expect(second.memoryMb).toBeGreaterThan(20);
    expect(second.bytes).toBeGreaterThan(0);
    expect(second.heapShare).toBeGreaterThan(0);
    expect(second.heapShare).toBeLessThan(0.5);
    expect(second.usersPlanned).toBe(4);
    expect(second.lagMs).not.toBeNull();
  }
  expect(generator.linkMbit).toBeNull();
  expect(generator.p95OwnMs).toBeGreaterThanOrEqual(0);
  await target.counts();
});
