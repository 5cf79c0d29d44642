import { afterAll, beforeAll, expect, test } from "vitest";
import { countFailures, OUTCOME_CLASSES } from "../../src/load/outcome.ts";
import type { LoadProgress } from "../../src/load/result.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

test("every request the target saw is counted once: in the totals, in a slice, in a task", async () => {
  const lines: LoadProgress[] = [];
  const plan = planFor(target, {
    tasks: [get("/a", 3), get("/status?n=503"), get("/slow?n=30")],
    waitTime: { kind: "between", min: seconds(0), max: seconds(0.02) },
    warmUp: seconds(1),
    runTime: seconds(2),
  });
  const result = await runLoad(plan, { onProgress: (line) => lines.push(line) });
  const seen = await target.counts();
  expect(result.totals.requests + result.warmUp.requests).toBe(seen.requests);
  expect(result.totals.requests).toBeGreaterThan(50);
  expect(result.warmUp.requests).toBeGreaterThan(5);

  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  expect(sum(result.slices.map((slice) => slice.requests))).toBe(result.totals.requests);
  expect(sum(result.tasks.map((task) => task.requests))).toBe(result.totals.requests);
  for (const outcome of OUTCOME_CLASSES) {
    expect(sum(result.slices.map((slice) => slice.outcomes[outcome]))).toBe(result.totals.outcomes[outcome]);
    expect(sum(result.tasks.map((task) => task.outcomes[outcome]))).toBe(result.totals.outcomes[outcome]);
  }
  for (const [index, task] of result.tasks.entries()) {
    expect(sum(result.slices.map((slice) => slice.tasks[index] ?? 0))).toBe(task.requests);
    expect(sum(result.slices.map((slice) => slice.failures?.[index] ?? 0))).toBe(countFailures(task.outcomes));
    expect(task.response.count).toBe(task.outcomes.ok);
  }
  expect(result.response.count).toBe(result.totals.outcomes.ok);
  expect(result.service.count).toBe(result.totals.outcomes.ok);
  expect(result.tasks[1]?.outcomes["server-error"]).toBe(result.tasks[1]?.requests);
  expect(result.slices).toHaveLength(2);
  expect(result).toMatchObject({ stopped: "run-time", window: { seconds: 2 } });
  expect(result.window.end - result.window.start).toBe(2000);
  expect(result.warmUp.start).toBeLessThan(result.window.start);
  expect(lines.map((line) => line.phase)).toContain("warm-up");
  expect(lines.findLast((line) => line.phase !== "warm-up")?.requests).toBeGreaterThan(0);
});

test("two workers share users, requests and random numbers out as one would have them", async () => {
  const plan = planFor(target, { users: 5, spawnRate: perSecond(5), runTime: seconds(2) });
  const result = await runLoad(plan, { workers: 2 });
  const seen = await target.counts();
  expect(result.totals.requests).toBe(seen.requests);
  expect(seen.accepted).toBe(5);
  expect(result.generator).toMatchObject({ workers: 2, usersAsked: 5, usersReached: 5 });
  expect(result.slices.map((slice) => slice.users)).toEqual([5, 5]);
});

test("users are spawned evenly, and none after the run-time", async () => {
  const result = await runLoad(planFor(target, { users: 10, spawnRate: perSecond(2), runTime: seconds(3) }));
  // At 0, 0.5, 1, 1.5, 2 and 2.5 s.
  expect(result.slices.map((slice) => slice.users)).toEqual([2, 4, 6]);
  expect(result.generator).toMatchObject({ usersAsked: 10, usersReached: 6 });
  expect(result.totals.steadyRate).toBeNull();
  expect((await target.counts()).accepted).toBe(6);
});

test.each([1, 2])("max-requests is never exceeded, warm-up included, by %i worker(s)", async (workers) => {
  const plan = planFor(target, {
    maxRequests: 200,
    users: 8,
    warmUp: seconds(1),
    runTime: seconds(20),
    waitTime: { kind: "constant", seconds: seconds(0) },
  });
  const result = await runLoad(plan, { workers });
  expect(result.stopped).toBe("max-requests");
  expect((await target.counts()).requests).toBe(200);
  expect(result.warmUp.requests).toBe(20);
  expect(result.totals.requests).toBe(180);
  expect(result.window.seconds).toBeLessThan(10);
});

test("bytes are those of the messages", async () => {
  const result = await runLoad(planFor(target, { tasks: [get("/large?n=100000")], maxRequests: 10 }));
  expect(result.totals.requests).toBe(10);
  const each = result.totals.bytes.received / 10;
  expect(each).toBeGreaterThan(100_000);
  expect(each).toBeLessThan(101_000);
  // Request line, user-agent, host, connection.
  expect(result.totals.bytes.sent / 10).toBeGreaterThan(80);
  expect(result.totals.bytes.sent / 10).toBeLessThan(150);
  await target.counts();
});

test("headers are merged inner over outer, names without case; bodies are sent", async () => {
  const echo = {
    ...get("/echo"),
    request: { method: "GET", path: "/echo", headers: { "X-TENANT": "inner", Host: "virtual.example" }, body: null },
  };
  const headers = { "x-tenant": "outer", "x-kept": "yes" };
  const result = await runLoad(planFor(target, { headers, tasks: [echo], maxRequests: 1 }));
  const text = result.tasks[0]?.examples["client-error"]?.[0]?.text ?? "";
  expect(text).toContain('"X-TENANT","inner"');
  expect(text).not.toContain("outer");
  expect(text).toContain('"x-kept","yes"');
  expect(text).toContain("virtual.example");
  expect(text).toContain("swarmgate/test");

  const post = { ...get("/body"), request: { method: "POST", path: "/body", headers: {}, body: "héllo" } };
  const posted = await runLoad(planFor(target, { tasks: [post], maxRequests: 1, timeout: millis(2000) }));
  expect(posted.tasks[0]?.examples["client-error"]).toEqual([{ status: 418, text: "POST héllo" }]);
});
