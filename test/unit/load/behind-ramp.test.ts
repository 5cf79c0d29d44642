import { expect, test } from "vitest";
import { behindRamp } from "../../../src/load/behind-ramp.ts";
import { noOutcomes } from "../../../src/load/outcome.ts";
import type { RunFacts } from "../../../src/load/tally.ts";
import type { SliceReport, WorkerReport } from "../../../src/load/worker-report.ts";
import { epochMs, seconds } from "../../../src/units.ts";
import { plan } from "../record/sample-record.ts";

const FACTS: RunFacts = {
  plan: plan({ ramp: seconds(2), runTime: seconds(5) }),
  start: epochMs(10_000),
  seconds: seconds(5),
  stopped: "run-time",
  workers: 1,
  memoryMb: 1,
  linkMbit: null,
  host: [0, 1, 2, 3].map((second) => ({ second, memoryMb: second, steal: null })),
  warmUp: { start: epochMs(4_000), requests: 3, outcomes: { ...noOutcomes(), ok: 3 } },
  preWarm: { requests: 0, outcomes: noOutcomes() },
};
const slice = (second: number, some: Partial<SliceReport>): SliceReport => ({
  second,
  spawned: 0,
  left: 0,
  dropped: 0,
  outcomes: noOutcomes(),
  tasks: [0],
  bytesReceived: 0,
  response: null,
  service: null,
  ...some,
});
const report = (second: number, slices: readonly SliceReport[]): WorkerReport => ({
  worker: 0,
  second,
  slices,
  rows: [],
  signs: { seen: 0, cacheHits: 0, aged: 0 },
  failedUsers: { setup: 0, teardown: 0 },
  bytesSent: 0,
  bytesReceived: 0,
  connections: { opened: 0, reopened: 0, resumed: 0, surplus: 0, dns: null, connect: null, tls: null },
  ttfb: null,
  download: null,
  scheduleLag: null,
  loop: { seconds: 1, utilisation: 0.5, cpuShare: 0.5, waiting: null, delayMs: 1, late: null, gcMs: 0, heapShare: 0 },
});

test("without a ramp nothing is touched", () => {
  const reports = [report(0, [slice(0, { spawned: 1 })])];
  const facts = { ...FACTS, plan: plan() };
  expect(behindRamp(reports, facts)).toEqual([reports, facts]);
});

test("seconds count from the end of the ramp; who came in it is there, what was sent in it is warm-up", () => {
  const some = { spawned: 2, left: 1, dropped: 4, outcomes: { ...noOutcomes(), ok: 5, timeout: 1 } };
  const [reports, facts] = behindRamp(
    [report(1, [slice(0, some), slice(1, some)]), report(2, [slice(2, some)])],
    FACTS,
  );
  expect(
    reports[0]?.slices.map(({ second, spawned, left, dropped, outcomes }) => [
      second,
      spawned,
      left,
      dropped,
      outcomes.ok,
    ]),
  ).toEqual([
    [0, 2, 1, 0, 0],
    [0, 2, 1, 0, 0],
  ]);
  expect(reports[1]?.slices).toEqual([slice(0, some)]);
  expect(reports.map(({ second, loop }) => [second, loop === null])).toEqual([
    [0, true],
    [0, false],
  ]);
  expect(facts).toMatchObject({
    start: 12_000,
    seconds: 3,
    host: [
      { second: 0, memoryMb: 2 },
      { second: 1, memoryMb: 3 },
    ],
    warmUp: { start: 4_000, requests: 15, outcomes: { ok: 13, timeout: 2 } },
  });
});

test("without a warm-up, what was sent began with the ramp", () => {
  const [, facts] = behindRamp([], { ...FACTS, warmUp: { ...FACTS.warmUp, start: null } });
  expect(facts.warmUp.start).toBe(10_000);
});

test("a load that ended within its ramp has a window of no length", () => {
  const [, facts] = behindRamp([], { ...FACTS, seconds: seconds(1.5) });
  expect(facts.seconds).toBe(0);
});
