import { expect, test } from "vitest";
import { encodeHistogram, newHistogram, recordLatency } from "../../../src/load/histogram.ts";
import { countFailures, countRequests, noOutcomes } from "../../../src/load/outcome.ts";
import { planLoad } from "../../../src/load/plan-load.ts";
import { addToProgress, newProgress, nextProgress, warmUpProgress } from "../../../src/load/progress.ts";
import type { WorkerReport } from "../../../src/load/worker-report.ts";
import { micros, millis, perSecond, seconds } from "../../../src/units.ts";

const plan = planLoad({
  url: "http://a/",
  headers: {},
  userAgent: "t",
  load: {
    users: 4,
    spawnRate: perSecond(2),
    runTime: seconds(10),
    warmUp: seconds(1),
    waitTime: { kind: "constant", seconds: seconds(1) },
    timeout: millis(1000),
    stopTimeout: millis(1000),
    seed: 1,
    maxRequests: 100,
    insecure: false,
    http2: false,
  },
});

const reported = (spawned: number, ok: number, failed: number): WorkerReport => {
  const histogram = newHistogram();
  for (let i = 0; i < ok; i++) recordLatency(histogram, micros(20_000));
  const outcomes = { ...noOutcomes(), ok, "server-error": failed, aborted: 1 };
  const response = ok > 0 ? encodeHistogram(histogram) : null;
  return {
    worker: 0,
    slices: [{ second: 0, spawned, outcomes, tasks: [ok + failed], bytesReceived: 0, response, service: null }],
    tasks: [],
    bytesSent: 0,
    connections: { opened: 0, reopened: 0, connect: null, tls: null },
    scheduleLag: null,
    loop: null,
  };
};

test("a line counts everything so far and the rates since the line before", () => {
  const sums = newProgress();
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
  });
  expect(second.p50).toBeCloseTo(20, 1);
  expect(nextProgress(sums, plan, seconds(11)).phase).toBe("drain");
});

test("nothing measured yet is null", () => {
  expect(nextProgress(newProgress(), plan, seconds(0))).toMatchObject({ requests: 0, p50: null, p95: null, p99: null });
});

test("the warm-up has one user and its own counts", () => {
  const outcomes = { ...noOutcomes(), ok: 3, throttled: 2 };
  expect(warmUpProgress(plan, seconds(1), outcomes)).toMatchObject({
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
