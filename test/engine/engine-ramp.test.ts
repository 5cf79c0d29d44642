import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countRequests } from "../../src/load/outcome.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

describe("a load whose ramp is not measured", () => {
  it("counts what is started behind the ramp, with all users from its first second, and keeps the rest apart", async () => {
    const plan = planFor(target, { spawnRate: perSecond(4), runTime: seconds(3), ramp: seconds(1) });
    await target.counts();
    const load = await runLoad(plan, { workers: 2 });
    const { requests, accepted } = await target.counts();
    expect(load.stopped).toBe("run-time");
    expect(load.window.seconds).toBe(2);
    expect(load.totals.requests + load.warmUp.requests).toBe(requests);
    expect(load.warmUp.requests).toBeGreaterThan(0);
    expect(load.slices.map(({ second, users }) => [second, users])).toEqual([
      [0, 4],
      [1, 4],
    ]);
    expect(load.totals).toMatchObject({ steadySeconds: 2, steadyRate: load.totals.requests / 2 });
    expect(load.response.count).toBe(load.totals.outcomes.ok);
    expect(load.tasks[0]?.requests).toBe(load.totals.requests);
    expect(load.generator.series.map(({ second }) => second)).toEqual([0, 1]);
    expect(load.generator.usersReached).toBe(4);
    // The window begins behind the ramp, what AWS is asked about begins with it.
    expect(load.window.start - (load.warmUp.start ?? 0)).toBe(1000);
    expect([accepted, load.totals.connections.opened]).toEqual([4, 4]);
  });

  it("keeps failures of the ramp out of the examples", async () => {
    const tasks = [get("/status?n=500")];
    const short = {
      runTime: seconds(1.5),
      ramp: seconds(1),
      waitTime: { kind: "constant", seconds: seconds(9) },
    } as const;
    const load = await runLoad(planFor(target, { ...short, tasks }));
    expect(load.warmUp.outcomes["server-error"]).toBe(4);
    expect([load.totals.requests, load.tasks[0]?.examples]).toEqual([0, {}]);
  });

  it("has an open model, too", async () => {
    const rate = { perSecond: perSecond(50), spacing: "constant" } as const;
    const load = await runLoad(planFor(target, { rate, users: 10, runTime: seconds(2), ramp: seconds(1) }));
    expect([countRequests(load.totals.outcomes), load.warmUp.requests]).toEqual([50, 50]);
    expect(load.totals.steadySeconds).toBe(1);
  });

  it("stopped within the ramp it has measured nothing, and says so", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 700);
    const load = await runLoad(planFor(target, { runTime: seconds(4), ramp: seconds(2) }), { signal: stop.signal });
    expect(load).toMatchObject({ stopped: "interrupted", totals: { requests: 0 }, window: { seconds: 0 } });
    expect(load.warmUp.requests).toBeGreaterThan(0);
  });
});
