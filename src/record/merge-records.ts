import type { CloudResult } from "../cloud/cloud.ts";
import type { Problem } from "../errors.ts";
import { emptyLoad } from "../load/empty-load.ts";
import { decodeHistogram } from "../load/histogram.ts";
import type { LoadResult } from "../load/result.ts";
import { epochMs } from "../units.ts";
import { frontEndOf } from "./front-end.ts";
import { commonStart, type ShardRecord } from "./merge-load.ts";
import { modelOf } from "./plan-model.ts";
import { type GitFacts, RECORD_SCHEMA, type RunRecord } from "./record.ts";
import { scrub } from "./scrub.ts";
import type { ShardPart } from "./shard-facts.ts";
import { systemFingerprint } from "./system-fingerprint.ts";

export type MergedParts = {
  /** At least one, in the order of their indexes; the plan is the first one's. */
  readonly shards: readonly ShardRecord[];
  /** `mergeLoads` of them, or `noLoad` when they cannot be added. */
  readonly load: LoadResult;
  /** `null` when no functions were named. */
  readonly cloud: CloudResult | null;
  readonly problems: readonly Problem[];
  readonly name: string;
  /** Version of swarmgate. */
  readonly version: string;
  /** Of who merges; `null` takes what the first shard says. */
  readonly git: GitFacts | null;
  readonly secrets: readonly string[];
};

/** The record of the whole load, as if one machine had sent it. The same shards make the same record, its id included. */
export const mergedRecord = (parts: MergedParts, first: ShardRecord): RunRecord => {
  const { shards, load, problems, secrets } = parts;
  const { shard: _, ...test } = first.fingerprint.test;
  const cloud = scrub(parts.cloud, secrets);
  return {
    schema: RECORD_SCHEMA,
    tool: { name: "swarmgate", version: parts.version },
    id: `${first.id.slice(0, LONGEST_ID)}-of-${first.shard.count}`,
    name: parts.name,
    git: parts.git ?? first.git,
    plan: first.plan,
    fingerprint: { test, system: systemFingerprint(cloud, frontEndOf(first)) },
    window: { start: isoTime(load.window.start), end: isoTime(load.window.end), seconds: load.window.seconds },
    totals: load.totals,
    response: load.response,
    service: load.service,
    tasks: load.tasks,
    slices: load.slices,
    generator: load.generator,
    ...(load.signs === undefined ? {} : { signs: load.signs }),
    shards: shards.map(partOf),
    warmUp: { requests: load.warmUp.requests, probes: probesOf(shards), outcomes: load.warmUp.outcomes },
    preWarm: load.preWarm,
    setup: load.setup,
    teardown: load.teardown,
    cloud,
    validity: {
      valid: problems.every(({ severity }) => severity !== "invalid"),
      stopped: load.stopped,
      problems: scrub(problems, secrets),
    },
  };
};

/** What a reader of records takes, less what is put behind it. */
const LONGEST_ID = 190;

/** Readiness probes of all shards. */
export const probesOf = (shards: readonly ShardRecord[]): number =>
  shards.reduce((sum, { warmUp }) => sum + warmUp.probes, 0);

/** Stands for shards that cannot be added up: every count 0, every latency `null`. */
export const noLoad = (first: ShardRecord): LoadResult =>
  emptyLoad({ ...modelOf(first.plan), scenario: null, tasks: [] }, epochMs(commonStart(first)));

/** Whether any histogram of a record is one in form only: such a record cannot be added to others. */
export const undecodable = ({ response, service, tasks, setup, teardown, slices, shard }: RunRecord): boolean => {
  const latencies = [{ response, service }, ...tasks, ...setup.rows, ...teardown.rows];
  const texts = [
    ...latencies.flatMap((one) => [one.response.histogram, one.service.histogram]),
    ...slices.flatMap((slice) => [slice.response, slice.service]),
    ...Object.values(shard?.distributions ?? {}),
  ];
  return texts.some((text) => text !== null && decodeHistogram(text) === null);
};

const partOf = (record: ShardRecord): ShardPart => {
  const { series: _, ...generator } = record.generator;
  return {
    index: record.shard.index,
    id: record.id,
    start: isoTime(commonStart(record)),
    seconds: record.window.seconds,
    requests: record.totals.requests,
    clockMs: record.shard.clockMs,
    generator,
  };
};

const isoTime = (time: number): string => new Date(time).toISOString();
