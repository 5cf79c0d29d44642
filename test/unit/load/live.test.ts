import { describe, expect, it } from "vitest";
import { BucketCounter, type BucketCounts } from "../../../src/load/bucket-counts.ts";
import { addToLive, newLive, nextLive } from "../../../src/load/live.ts";
import { noOutcomes, type OutcomeCounts } from "../../../src/load/outcome.ts";
import type { TaskPlan } from "../../../src/load/plan.ts";
import type { WorkerReport } from "../../../src/load/worker-report.ts";
import { micros, seconds } from "../../../src/units.ts";

const task = (method: string, path: string): TaskPlan => ({
  name: `${method} ${path}`,
  weight: 1,
  request: { method, path, headers: {}, body: null },
});
const plan = { scenario: null, tasks: [task("GET", "/"), task("POST", "/orders")] };

const counts = (...times: readonly number[]): BucketCounts | null => {
  const counter = new BucketCounter();
  for (const time of times) counter.record(micros(time * 1000));
  return counter.take();
};
const outcomes = (change: Partial<OutcomeCounts>): OutcomeCounts => ({ ...noOutcomes(), ...change });

/** What one worker saw: its users' coming and going, and per row the outcomes and the times of `ok` responses. */
const report = (
  users: number,
  rows: readonly { readonly outcomes: OutcomeCounts; readonly ms: readonly number[] }[],
): WorkerReport => ({
  worker: 0,
  second: 0,
  slices: rows.map(({ outcomes: seen, ms }, at) => ({
    second: 0,
    spawned: at === 0 ? Math.max(0, users) : 0,
    left: at === 0 ? Math.max(0, -users) : 0,
    dropped: 0,
    outcomes: seen,
    tasks: [],
    bytesReceived: 0,
    response: counts(...ms),
    service: null,
  })),
  rows: rows.map(({ outcomes: seen, ms }) => ({
    outcomes: seen,
    response: counts(...ms),
    service: null,
    examples: {},
  })),
  signs: { seen: 0, cacheHits: 0, aged: 0 },
  failedUsers: { setup: 0, teardown: 0 },
  bytesSent: 0,
  bytesReceived: 0,
  connections: { opened: 0, reopened: 0, resumed: 0, surplus: 0, dns: null, connect: null, tls: null },
  ttfb: null,
  download: null,
  scheduleLag: null,
  loop: null,
});

describe("the points of a live page", () => {
  const sums = newLive(plan);
  addToLive(
    sums,
    report(3, [
      { outcomes: outcomes({ ok: 2 }), ms: [10, 20] },
      { outcomes: outcomes({ ok: 1, timeout: 1, aborted: 1 }), ms: [400] },
    ]),
  );
  const first = nextLive(sums, seconds(2));
  addToLive(sums, report(-1, [{ outcomes: outcomes({ ok: 4 }), ms: [1, 1, 1, 1] }]));
  const second = nextLive(sums, seconds(3));
  const third = nextLive(sums, seconds(4));

  it("the charts show the time since the point before", () => {
    expect(first).toMatchObject({ users: 3, requestsPerSecond: 2.5, failuresPerSecond: 0.5 });
    expect(first.p99).toBeCloseTo(400, -1);
    expect(second).toMatchObject({ users: 2, requestsPerSecond: 4, failuresPerSecond: 0 });
    expect(second.p99).toBeCloseTo(1, 1);
    expect(third).toMatchObject({ users: 2, requestsPerSecond: 0, p50: null, p99: null });
  });

  it("the table shows all since the start, by task and in all", () => {
    expect(second.rows).toMatchObject([
      { name: "GET /", method: "GET", requests: 6, failures: 0, requestsPerSecond: 4 },
      { name: "POST /orders", method: "POST", requests: 3, failures: 1, requestsPerSecond: 0 },
    ]);
    expect(second.total).toMatchObject({ requests: 9, failures: 1, requestsPerSecond: 4 });
    expect(second.total.max).toBeCloseTo(400, -1);
    expect(second.rows[0]?.min).toBeCloseTo(1, 1);
    expect(second.rows[0]?.mean).toBeCloseTo(34 / 6, 1);
    expect(second.outcomes).toEqual(outcomes({ ok: 7, timeout: 1, aborted: 1 }));
  });
});

it("a scenario of many rows shows its first forty", () => {
  const tasks = Array.from({ length: 100 }, (_, k) => task("GET", `/${k}`));
  expect(nextLive(newLive({ scenario: null, tasks }), seconds(1)).rows).toHaveLength(40);
});
