import { afterAll, beforeAll, expect, test } from "vitest";
import { parseStages } from "../../src/load/stages.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

const stagesOf = (text: string) => {
  const stages = parseStages(text);
  if (!stages.ok) throw new Error(text);
  return stages.value;
};

test.each([1, 3])("users follow the stages up and down, with %i worker(s)", async (workers) => {
  const stages = stagesOf("2s:0-20u, 1s:20u, 2s:20-4u, 1s:10u");
  const result = await runLoad(planFor(target, { users: 20, stages, runTime: seconds(6) }), { workers });
  const seen = await target.counts();
  expect(result.totals.requests).toBe(seen.requests);
  // At the end of each second; a user that leaves finishes its request first, and the machine may be busy.
  const planned = [10, 20, 20, 12, 4, 10];
  for (const [second, slice] of result.slices.entries()) {
    expect(Math.abs(slice.users - (planned[second] ?? 0))).toBeLessThanOrEqual(1);
  }
  expect(result).toMatchObject({ stopped: "run-time", generator: { usersAsked: 20, usersReached: 20 } });
  // Six users came back for the last stage: a new visit is a new connection.
  expect(seen.accepted).toBe(26);
});

test("a user that leaves ends its request first", async () => {
  const plan = planFor(target, {
    users: 5,
    stages: stagesOf("1s:5u, 1s:1u"),
    runTime: seconds(2),
    tasks: [get("/slow?n=300")],
  });
  const result = await runLoad(plan);
  expect(result.totals.requests).toBe((await target.counts()).requests);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
});

test("arrivals follow the stages of a rate", async () => {
  const plan = planFor(target, { users: 40, stages: stagesOf("2s:0-100/s, 1s:100/s, 1s:40/s"), runTime: seconds(4) });
  const result = await runLoad(plan, { workers: 2 });
  const seen = await target.counts();
  expect(result.totals.requests).toBe(seen.requests);
  // Below the line: 25, 75, 100, 40.
  const planned = [25, 75, 100, 40];
  for (const [second, slice] of result.slices.entries()) {
    expect(Math.abs(slice.requests + slice.dropped - (planned[second] ?? 0))).toBeLessThanOrEqual(1);
  }
  expect(result.totals.requests + result.totals.dropped).toBe(240);
  expect(result.totals).toMatchObject({ steadySeconds: 1 });
});

test("an even ramp of many users keeps its schedule within a percent", async () => {
  const wait = { kind: "constant", seconds: seconds(10) } as const;
  const plan = planFor(target, { users: 1500, spawnRate: perSecond(500), runTime: seconds(4), waitTime: wait });
  const result = await runLoad(plan);
  const seen = await target.counts();
  expect(seen.accepted).toBe(1500);
  expect(result.totals.outcomes.ok).toBe(seen.requests);
  for (const [second, planned] of [500, 1000, 1500, 1500].entries()) {
    const { users } = result.slices[second] ?? { users: 0 };
    // The second's last user may be due a moment after its end.
    expect(Math.abs(users - planned)).toBeLessThanOrEqual(planned / 100 + 1);
  }
});
