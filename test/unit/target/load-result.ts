import { noOutcomes, type OutcomeCounts } from "../../../src/load/outcome.ts";
import type {
  FailureExample,
  GeneratorHealth,
  LatencySummary,
  LoadResult,
  OnceResult,
  TaskResult,
} from "../../../src/load/result.ts";
import { epochMs, seconds } from "../../../src/units.ts";

export const outcomes = (counts: Partial<OutcomeCounts>): OutcomeCounts => ({ ...noOutcomes(), ...counts });

export const latency = (p95: number | null): LatencySummary => ({
  count: p95 === null ? 0 : 1000,
  p50: p95,
  p90: p95,
  p95,
  p99: p95,
  min: p95,
  max: p95,
  mean: p95,
  histogram: "",
});

export const calm: GeneratorHealth = {
  workers: 1,
  utilisation: { mean: 0.1, max: 0.2, shareAbove80: 0 },
  loopDelayMs: { p50: 0.1, p99: 2, max: 9 },
  cpuShare: 0.1,
  scheduleLagMs: { p50: 0.5, p99: 2, max: 8 },
  memoryMb: 90,
  usersAsked: 20,
  usersReached: 20,
  p95OwnMs: null,
  linkMbit: null,
  series: [],
};

export const task = (
  counts: Partial<OutcomeCounts>,
  examples: Readonly<Record<string, readonly FailureExample[]>> = {},
): TaskResult => ({
  name: "GET /",
  requests: sum(counts),
  outcomes: outcomes(counts),
  response: latency(20),
  service: latency(20),
  examples,
});

const NOBODY: OnceResult = { requests: 0, outcomes: outcomes({}), failedUsers: 0, rows: [] };

/** A calm minute of one task, with what differs. */
export const loadResult = (
  counts: Partial<OutcomeCounts>,
  change: Partial<LoadResult> & { readonly warm?: Partial<OutcomeCounts> } = {},
): LoadResult => {
  const { warm = {}, ...rest } = change;
  return {
    window: { start: epochMs(60_000), end: epochMs(119_000), seconds: seconds(59) },
    stopped: "run-time",
    totals: {
      requests: sum(counts),
      dropped: 0,
      rate: 30,
      steadyRate: 30,
      steadySeconds: 55,
      bytes: { sent: 1, received: 1 },
      outcomes: outcomes(counts),
      connections: {
        opened: 20,
        reopened: 0,
        resumed: 0,
        surplus: 0,
        dnsMs: null,
        connectMs: null,
        tlsMs: null,
      },
      ttfbMs: null,
      downloadMs: null,
    },
    response: latency(20),
    service: latency(20),
    tasks: [task(counts)],
    slices: [],
    generator: calm,
    warmUp: { start: epochMs(55_000), requests: sum(warm), outcomes: outcomes(warm) },
    preWarm: { requests: 0, outcomes: outcomes({}) },
    setup: NOBODY,
    teardown: NOBODY,
    ...rest,
  };
};

const sum = (counts: Partial<OutcomeCounts>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
