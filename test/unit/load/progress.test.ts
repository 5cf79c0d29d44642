import { expect, test } from "vitest";
import { BucketCounter } from "../../../src/load/bucket-counts.ts";
import { countFailures, countRequests, noOutcomes } from "../../../src/load/outcome.ts";
import { planLoad } from "../../../src/load/plan-load.ts";
import { addToProgress, newProgress, nextProgress, preludeProgress } from "../../../src/load/progress.ts";
import type { WorkerReport } from "../../../src/load/worker-report.ts";
import { micros, millis, perSecond, seconds } from "../../../src/units.ts";

const plan = planLoad({
  url: "http://a/",
  headers: {},
  userAgent: "t",
  load: {
    users: 4,
    spawnRate: perSecond(2),
    rate: null,
    stages: null,
    runTime: seconds(10),
    warmUp: seconds(1),
    preWarm: 0,
    waitTime: { kind: "constant", seconds: seconds(1) },
    timeout: millis(1000),
    stopTimeout: millis(1000),
    seed: 1,
    maxRequests: 100,
    stopIf: null,
    workers: null,
    insecure: false,
    http2: false,
  },
});

const reported = (spawned: number, ok: number, failed: number): WorkerReport => {
  const counter = new BucketCounter();
  for (let i = 0; i < ok; i++) counter.record(micros(20_000));
  const response = counter.take();
  const outcomes = { ...noOutcomes(), ok, "server-error": failed, aborted: 1 };
  return {
    worker: 0,
    second: 0,
    slices: [
      {
        second: 0,
        spawned,
        left: 0,
        dropped: 0,
        outcomes,
        tasks: [ok + failed],
        bytesReceived: 0,
        response,
        service: null,
      },
    ],
    rows: [{ outcomes, response, service: null, examples: {} }],
    signs: { seen: 0, cacheHits: 0, aged: 0 },
    failedUsers: { setup: 0, teardown: 0 },
    bytesSent: 0,
    bytesReceived: 0,
    connections: { opened: 0, reopened: 0, resumed: 0, surplus: 0, dns: null, connect: null, tls: null },
    ttfb: null,
    download: null,
    scheduleLag: null,
    loop: null,
  };
};

test("a line counts everything so far and the rates since the line before", () => {
  const sums = newProgress(plan);
  addToProgress(sums, reported(2, 10, 0));
  const first = nextProgress(sums, plan, seconds(1));
  expect(first).toMatchObject({ phase: "ramp", users: 2, requests: 11, failures: 0, requestsPerSecond: 11 });
  addToProgress(sums, reported(2, 0, 4));
  const second = nextProgress(sums, plan, seconds(3));
  expect(second).toMatchObject({
    phase: "steady",
    users: 4,
    requests: 16,
    failures: 4,
    requestsPerSecond: 2.5,
    failuresPerSecond: 2,
    dropped: 0,
  });
  expect(second.p50).toBeCloseTo(20, 1);
  expect(nextProgress(sums, plan, seconds(11)).phase).toBe("drain");
});

test("dropped arrivals add up", () => {
  const sums = newProgress(plan);
  const report = reported(2, 10, 0);
  for (const slices of [report.slices, report.slices]) {
    addToProgress(sums, { ...report, slices: slices.map((slice) => ({ ...slice, dropped: 3 })) });
  }
  expect(nextProgress(sums, plan, seconds(1)).dropped).toBe(6);
});

test("a task has its own counts and rates, and none before its first request", () => {
  const sums = newProgress(plan);
  expect(nextProgress(sums, plan, seconds(0)).tasks).toEqual([]);
  addToProgress(sums, reported(2, 10, 0));
  nextProgress(sums, plan, seconds(1));
  addToProgress(sums, reported(0, 3, 4));
  const [task, ...others] = nextProgress(sums, plan, seconds(3)).tasks;
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    name: "GET /",
    method: "GET",
    requests: 19,
    failures: 4,
    requestsPerSecond: 4,
    failuresPerSecond: 2,
  });
  expect(task?.mean).toBeCloseTo(20, 1);
});

test("nothing measured yet is null", () => {
  expect(nextProgress(newProgress(plan), plan, seconds(0))).toMatchObject({
    requests: 0,
    p50: null,
    p95: null,
    p99: null,
  });
});

test("the warm-up has one user and its own counts", () => {
  const outcomes = { ...noOutcomes(), ok: 3, throttled: 2 };
  expect(preludeProgress(plan, seconds(1), outcomes)).toMatchObject({
    phase: "warm-up",
    users: 1,
    requests: 5,
    failures: 2,
    p50: null,
  });
});

test("what is ours is no failure of the target", () => {
  const outcomes = { ...noOutcomes(), ok: 5, reset: 2, aborted: 3, "local-error": 4 };
  expect(countRequests(outcomes)).toBe(14);
  expect(countFailures(outcomes)).toBe(2);
});

test("a second's work is bounded however many tasks there are, and the sum is not", () => {
  const [task] = plan.tasks;
  if (task === undefined) throw new Error("the plan has no task");
  const many = { ...plan, tasks: Array.from({ length: 60 }, (_, index) => ({ ...task, name: `task ${index}` })) };
  const sums = newProgress(many);
  const report = reported(1, 1, 0);
  const row = report.rows[0];
  if (row === undefined) throw new Error("the report has no row");
  addToProgress(sums, { ...report, rows: Array.from({ length: 60 }, () => row) });
  const { tasks, requests } = nextProgress(sums, many, seconds(1));
  expect([tasks.length, requests]).toEqual([40, 2]);
});
