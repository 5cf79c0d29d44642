import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoadPlan } from "../../src/load/plan.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

const open = (rate: number, change: Partial<LoadPlan> = {}): LoadPlan =>
  planFor(target, {
    users: 30,
    rate: { perSecond: perSecond(rate), spacing: "constant" },
    runTime: seconds(2),
    ...change,
  });
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe("arrivals", () => {
  test.each([1, 2, 3])("come at the rate, each once, with %i worker(s)", async (workers) => {
    const result = await runLoad(open(150), { workers });
    const seen = await target.counts();
    expect(result.totals.requests + result.totals.dropped).toBe(300);
    expect(result.totals.requests).toBe(seen.requests);
    expect(result.slices.map((slice) => slice.requests + slice.dropped)).toEqual([150, 150]);
    expect(result).toMatchObject({ stopped: "run-time", window: { seconds: 2 }, generator: { workers } });
  });

  test("find every user of the pool connected, and none connects in the window", async () => {
    const result = await runLoad(open(20, { users: 12 }));
    expect((await target.counts()).accepted).toBe(12);
    expect(result.totals.connections).toMatchObject({ opened: 12, reopened: 0 });
    expect(result.slices.map((slice) => slice.users)).toEqual([12, 12]);
  });

  test("with random gaps make another number in each second, and the same again with the same seed", async () => {
    const poisson = { perSecond: perSecond(150), spacing: "poisson" } as const;
    const [first, again, other] = [
      await runLoad(open(0, { rate: poisson })),
      await runLoad(open(0, { rate: poisson }), { workers: 2 }),
      await runLoad(open(0, { rate: poisson, seed: 2 })),
    ].map((result) => result.slices.map((slice) => slice.requests + slice.dropped));
    expect(first).not.toEqual([150, 150]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    await target.counts();
  });

  test("that nobody is free to take are dropped, counted, and never sent later", async () => {
    // Two users that take 200 ms each can take ten arrivals a second of forty.
    const result = await runLoad(open(40, { users: 2, tasks: [get("/slow?n=200")] }));
    const seen = await target.counts();
    expect(result.totals.requests).toBe(seen.requests);
    expect(result.totals.requests + result.totals.dropped).toBe(80);
    expect(result.totals.requests).toBeLessThanOrEqual(20);
    expect(result.totals.requests).toBeGreaterThan(12);
    expect(sum(result.slices.map((slice) => slice.dropped))).toBe(result.totals.dropped);
    // Nobody waited: a late start would be a queue.
    expect(result.response.max).toBeLessThan(400);
  });

  test("end with max-requests, and never exceed it", async () => {
    const result = await runLoad(open(200, { maxRequests: 50, runTime: seconds(20) }), { workers: 2 });
    expect((await target.counts()).requests).toBe(50);
    expect(result).toMatchObject({ stopped: "max-requests", totals: { requests: 50 } });
    expect(result.window.seconds).toBeLessThan(5);
  });

  test("stop at an abort with their real seconds", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500);
    const result = await runLoad(open(50, { runTime: seconds(20) }), { signal: stop.signal });
    expect(result.stopped).toBe("interrupted");
    expect(result.totals.requests).toBe((await target.counts()).requests);
    expect(result.window.seconds).toBeGreaterThan(0.2);
    expect(result.window.seconds).toBeLessThan(3);
  });
});

describe("a pool that cannot be connected in time", () => {
  /** Accepts and says nothing: a TLS handshake with it never ends. */
  const silent = async (): Promise<{ readonly origin: string; readonly close: () => void }> => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return { origin: `https://127.0.0.1:${port}`, close: () => server.close() };
  };

  test("does not keep the window waiting", async () => {
    const { origin, close } = await silent();
    const begun = performance.now();
    const result = await runLoad(open(20, { origin, users: 300, timeout: millis(700), stopTimeout: millis(100) }));
    close();
    expect(result.totals.requests + result.totals.dropped).toBe(40);
    expect(result.totals.outcomes.ok).toBe(0);
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  test("is left at an abort", async () => {
    const { origin, close } = await silent();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1000);
    const begun = performance.now();
    const result = await runLoad(open(20, { origin, users: 300, timeout: millis(30_000) }), { signal: stop.signal });
    close();
    expect(result).toMatchObject({ stopped: "interrupted", window: { seconds: 0 }, totals: { requests: 0 } });
    expect(performance.now() - begun).toBeLessThan(6000);
  });
});

test("a target that stalls for a second is measured from the intended start", async () => {
  // One request in the second second blocks the target's thread; arrivals go on being due every 5 ms.
  const plan = open(200, { users: 400, runTime: seconds(4), timeout: millis(5000), stopTimeout: millis(5000) });
  const stall = setTimeout(() => void fetch(`${target.origin}/block?n=1000`), 2200);
  const result = await runLoad(plan);
  clearTimeout(stall);
  await target.counts();
  expect(result.totals.requests + result.totals.dropped).toBe(800);
  expect(result.totals.dropped).toBe(0);
  // 200 arrivals of 800 waited 1000, 995, 990 ... 0 ms: a quarter of all, spread evenly.
  const { p50, p90, p95, max } = result.response;
  expect(p50).toBeLessThan(200);
  expect(p90).toBeGreaterThan(450);
  expect(p90).toBeLessThan(850);
  expect(p95).toBeGreaterThan(650);
  expect(p95).toBeLessThan(1050);
  expect(max).toBeGreaterThan(900);
});

test("arrivals leave within a fraction of a millisecond when the machine is calm", async () => {
  const result = await runLoad(open(500, { users: 50 }));
  await target.counts();
  // A timer of the event loop alone would be 0.5 ms late on average; a noisy machine spoils the tail, not the median.
  expect(result.generator.scheduleLagMs.p50).toBeLessThan(0.45);
  expect(result.response.p50 ?? 0).toBeGreaterThanOrEqual(result.service.p50 ?? 1);
});
