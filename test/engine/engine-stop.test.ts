import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { millis, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

const timed = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
  const start = performance.now();
  const value = await work;
  return [value, performance.now() - start];
};

describe("at the end of the run-time", () => {
  test("requests in flight get their time and count in the slice of their start", async () => {
    const plan = planFor(target, {
      tasks: [get("/slow?n=900")],
      runTime: seconds(1),
      waitTime: { kind: "constant", seconds: seconds(0) },
    });
    const result = await runLoad(plan);
    expect(result.totals.outcomes).toMatchObject({ ok: 8, aborted: 0 });
    expect(result.slices.map((slice) => slice.requests)).toEqual([8]);
    expect(result.window.seconds).toBe(1);
  });

  test("what does not end within the stop-timeout is aborted, which is no failure and has no latency", async () => {
    const plan = planFor(target, { tasks: [get("/hang")], stopTimeout: millis(300), timeout: millis(30_000) });
    const [result, time] = await timed(runLoad(plan));
    expect(result).toMatchObject({ stopped: "run-time", window: { seconds: 1 } });
    expect(result.totals.outcomes.aborted).toBe(4);
    expect(result.response.count).toBe(0);
    expect(time).toBeLessThan(8000);
  });
});

describe("an abort", () => {
  test("in the middle gives a valid part with its real seconds", async () => {
    const stop = new AbortController();
    const plan = planFor(target, { runTime: seconds(60), tasks: [get("/slow?n=20")] });
    let lines = 0;
    await target.counts();
    const result = await runLoad(plan, {
      signal: stop.signal,
      onProgress: () => {
        lines++;
        if (lines === 2) stop.abort();
      },
    });
    const seen = await target.counts();
    expect(result.stopped).toBe("interrupted");
    expect(result.window.seconds).toBeGreaterThan(1.9);
    expect(result.window.seconds).toBeLessThan(10);
    expect(result.totals.requests).toBeGreaterThan(50);
    expect(result.totals.rate).toBeCloseTo(result.totals.requests / result.window.seconds, 6);
    // Everything sent is in the part, the drained requests too.
    expect(result.totals.requests).toBe(seen.requests);
    expect(result.totals.outcomes.aborted).toBe(0);
  });

  test("waits at most three seconds for requests in flight", async () => {
    const stop = new AbortController();
    const plan = planFor(target, {
      runTime: seconds(60),
      tasks: [get("/hang")],
      timeout: millis(60_000),
      stopTimeout: millis(30_000),
    });
    setTimeout(() => stop.abort(), 1500);
    const [result, time] = await timed(runLoad(plan, { signal: stop.signal }));
    expect(result.stopped).toBe("interrupted");
    expect(result.totals.outcomes.aborted).toBe(4);
    expect(time).toBeLessThan(9000);
  });

  test("during the warm-up ends before the window", async () => {
    const stop = new AbortController();
    const result = await runLoad(planFor(target, { warmUp: seconds(60) }), {
      signal: stop.signal,
      onProgress: (line) => {
        expect(line.phase).toBe("warm-up");
        stop.abort();
      },
    });
    expect(result).toMatchObject({ stopped: "interrupted", window: { seconds: 0 }, slices: [] });
    expect(result.totals).toMatchObject({ requests: 0, rate: 0, steadyRate: null });
    expect(result.warmUp.requests).toBeGreaterThan(0);
  });

  test("before the start sends nothing", async () => {
    await target.counts();
    const result = await runLoad(planFor(target), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopped: "interrupted", totals: { requests: 0 } });
    expect((await target.counts()).requests).toBe(0);
  });
});

describe("a worker that is lost", () => {
  const mortal = new URL("./engine-mortal-worker.ts", import.meta.url);

  test.each([
    [1, "exits", /ended with code 1/],
    [2, "throws", /a bug in the worker/],
    [3, "hangs", /has not answered/],
  ])("seed %i: it %s, and what it reported before stands", async (seed, _how, error) => {
    const plan = planFor(target, { seed, runTime: seconds(30) });
    const result = await runLoad(plan, { workerFile: mortal });
    const seen = await target.counts();
    expect(result.stopped).toBe("worker-lost");
    expect(result.workerError).toMatch(error);
    expect(result.totals.requests).toBeGreaterThan(20);
    expect(result.totals.requests).toBeLessThanOrEqual(seen.requests);
    expect(result.window.seconds).toBeLessThan(30);
  });

  test("that cannot even be loaded is lost, too", async () => {
    const result = await runLoad(planFor(target), { workerFile: new URL("./no-such-worker.ts", import.meta.url) });
    expect(result).toMatchObject({ stopped: "worker-lost", totals: { requests: 0 }, response: { p50: null } });
  });

  test("of several ends the run for all", async () => {
    const result = await runLoad(planFor(target, { runTime: seconds(30) }), { workerFile: mortal, workers: 2 });
    expect(result.stopped).toBe("worker-lost");
    expect(result.totals.requests).toBeGreaterThan(20);
  });
});
