import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivalSchedule } from "../../src/load/arrivals.ts";
import { BucketCounter } from "../../src/load/bucket-counts.ts";
import { addOutcomes, noOutcomes, OUTCOME_CLASSES, type OutcomeClass } from "../../src/load/outcome.ts";
import { partOf, planOfShard, shareOf } from "../../src/load/shard.ts";
import { usersOfWorker } from "../../src/load/spawn.ts";
import { tallyLoad } from "../../src/load/tally.ts";
import { userChanges } from "../../src/load/user-changes.ts";
import type { WorkerReport } from "../../src/load/worker-report.ts";
import { buildRecord } from "../../src/record/build-record.ts";
import { mergeLoads, type ShardRecord } from "../../src/record/merge-load.ts";
import { parseRecord } from "../../src/record/parse-record.ts";
import { epochMs, micros, perSecond, seconds } from "../../src/units.ts";
import { config, plan, START } from "../unit/record/sample-record.ts";

const shards = fc.integer({ min: 1, max: 5 });
const workers = fc.integer({ min: 1, max: 3 });

/** What each worker of each shard takes of something that is dealt out. */
const dealt = <T>(count: number, perShard: number, of: (share: { index: number; count: number }) => readonly T[]) =>
  Array.from({ length: count }, (_, index) =>
    Array.from({ length: perShard }, (__, worker) => of(shareOf({ index: index + 1, count }, worker, perShard))).flat(),
  );

describe("a load dealt out over shards and their workers", () => {
  test("has every user of the whole once, shard i those with k mod count = i - 1", () => {
    fc.assert(
      fc.property(shards, workers, fc.integer({ min: 0, max: 90 }), (count, perShard, users) => {
        const parts = dealt(count, perShard, (share) => usersOfWorker(users, share.index, share.count));
        for (const [at, part] of parts.entries()) {
          expect(part.every((user) => user % count === at)).toBe(true);
          expect(part).toHaveLength(partOf(users, { index: at + 1, count }));
        }
        expect(parts.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: users }, (_, user) => user));
      }),
    );
  });

  test("starts user k at k / spawn rate, and arrival k at k / rate, whoever has it", () => {
    const [users, rate] = [23, 7];
    const ramp = [{ seconds: seconds(users / rate), from: 0, to: users }];
    const level = [{ seconds: seconds(10), from: rate, to: rate }];
    fc.assert(
      fc.property(shards, workers, (count, perShard) => {
        for (const { at, user } of dealt(count, perShard, (share) => [...userChanges(ramp, share)]).flat())
          expect(at).toBeCloseTo((user / rate) * 1000, 6);
        const times = dealt(count, perShard, (share) => {
          const next = arrivalSchedule({ profile: level, spacing: "constant", seed: 1, ...share });
          return Array.from({ length: 200 }, next).filter((time) => time < Number.POSITIVE_INFINITY);
        });
        const expected = Array.from({ length: 70 }, (_, k) => ({ k, time: (k / rate) * 1000 }));
        for (const [at, part] of times.entries()) {
          const own = expected.filter(({ k }) => k % count === at).map(({ time }) => time);
          expect(part.toSorted((a, b) => a - b)).toEqual(own);
        }
      }),
    );
  });

  test("never sends more than max-requests in all, and warms up once", () => {
    fc.assert(
      fc.property(shards, fc.integer({ min: 1, max: 1000 }), (count, maxRequests) => {
        const parts = Array.from({ length: count }, (_, at) =>
          planOfShard(plan({ maxRequests, shard: { index: at + 1, count } })),
        );
        expect(parts.reduce((sum, part) => sum + part.maxRequests, 0)).toBe(maxRequests);
        expect(parts.filter(({ warmUp }) => warmUp > 0)).toHaveLength(1);
      }),
    );
  });
});

type Sample = { readonly second: number; readonly ms: number; readonly outcome: OutcomeClass };

const SECONDS = 12;
const samples: fc.Arbitrary<readonly Sample[]> = fc.array(
  fc.record({
    second: fc.integer({ min: 0, max: SECONDS - 1 }),
    // Beyond a minute the encoded text also tells in which order a histogram grew.
    ms: fc.double({ min: 0.001, max: 60_000, noNaN: true }),
    outcome: fc.constantFrom(...OUTCOME_CLASSES, "ok" as const, "ok" as const),
  }),
  { minLength: 1, maxLength: 150 },
);

const report = (all: readonly Sample[]): WorkerReport => {
  const counted = (some: readonly Sample[], factor: number) => {
    const counter = new BucketCounter();
    for (const { ms } of some) counter.record(micros(ms * 1000 * factor));
    return counter.take();
  };
  const part = (some: readonly Sample[]) => {
    const outcomes = noOutcomes();
    for (const { outcome } of some) addOutcomes(outcomes, { ...noOutcomes(), [outcome]: 1 });
    const ok = some.filter(({ outcome }) => outcome === "ok");
    return { outcomes, response: counted(ok, 1), service: counted(ok, 0.9) };
  };
  const bySecond = Map.groupBy(all, ({ second }) => second);
  return {
    worker: 0,
    second: 0,
    slices: [...bySecond].map(([second, some]) => {
      const zero = { spawned: second === 0 ? 1 : 0, left: 0, dropped: 1 };
      return { second, ...zero, tasks: [some.length], bytesReceived: 10 * some.length, ...part(some) };
    }),
    rows: [{ ...part(all), examples: {} }],
    signs: { seen: 1, cacheHits: 0, aged: 0 },
    failedUsers: { setup: 1, teardown: 0 },
    bytesSent: 5 * all.length,
    bytesReceived: 10 * all.length,
    connections: {
      ...{ opened: 1, reopened: all.length, resumed: 0, surplus: 0, dns: null },
      ...{ connect: counted(all, 0.1), tls: counted(all, 0.2) },
    },
    ttfb: counted(all, 0.5),
    download: counted(all, 0.05),
    scheduleLag: counted(all, 0.01),
    loop: null,
  };
};

const measured = (reports: readonly WorkerReport[], shard: { index: number; count: number } | null) => {
  const whole = plan({ users: 4, spawnRate: perSecond(2), runTime: seconds(SECONDS) });
  const own = shard === null ? whole : { ...whole, shard };
  const apart = { requests: 2, outcomes: { ...noOutcomes(), ok: 2 } };
  const load = tallyLoad(reports, {
    plan: own,
    start: epochMs(START + (shard?.index ?? 0)),
    seconds: seconds(SECONDS),
    stopped: "run-time",
    workers: reports.length,
    memoryMb: 90,
    linkMbit: null,
    host: [],
    warmUp: { start: null, ...apart },
    preWarm: apart,
  });
  return { plan: own, load };
};

const shardRecord = (reports: readonly WorkerReport[], shard: { index: number; count: number }): ShardRecord => {
  const record = buildRecord({
    ...measured(reports, shard),
    ...{ id: `run-${shard.index}`, version: "0.1.0", config: config(), cloud: null, probes: 3, problems: [] },
    git: {
      repository: null,
      sha: null,
      branch: null,
      baseBranch: null,
      pullRequest: null,
      event: null,
      runId: null,
      runAttempt: null,
    },
    shard: { agreed: null, clockMs: 0, functions: [] },
  });
  // As it comes back from a file.
  const read = parseRecord(JSON.stringify(record));
  if (!read.ok || read.value.shard === undefined) throw new Error(JSON.stringify(read));
  return { ...read.value, shard: read.value.shard };
};

test("shards added up are the record of one machine with all values, percentile for percentile and slice for slice", () => {
  fc.assert(
    fc.property(fc.array(samples, { minLength: 1, maxLength: 5 }), (parts) => {
      const count = parts.length;
      const reports = parts.map(report);
      const merged = mergeLoads(reports.map((one, at) => shardRecord([one], { index: at + 1, count })));
      const { load: whole } = measured(
        reports.map((one, worker) => ({ ...one, worker })),
        null,
      );
      expect(merged.totals).toEqual(whole.totals);
      expect(merged.response).toEqual(whole.response);
      expect(merged.service).toEqual(whole.service);
      expect(merged.tasks).toEqual(whole.tasks);
      expect(merged.slices).toEqual(whole.slices);
      expect(merged.setup).toEqual(whole.setup);
      expect(merged.window.seconds).toBe(whole.window.seconds);
      expect(merged.generator.scheduleLagMs).toEqual(whole.generator.scheduleLagMs);
      expect(merged.warmUp.requests).toBe(2 * count);
    }),
    { numRuns: 40 },
  );
});
