import type { AnswerSigns } from "../load/answer-signs.ts";
import { encodeHistogram, type LatencyHistogram, mergeEncoded, quantile, summarise } from "../load/histogram.ts";
import {
  addOutcomes,
  countFailures,
  countRequests,
  noOutcomes,
  OUTCOME_CLASSES,
  type OutcomeCounts,
} from "../load/outcome.ts";
import type {
  ApartResult,
  ConnectionStats,
  Distributions,
  HalfAndTail,
  LatencySummary,
  LoadResult,
  OnceResult,
  Slice,
  StopReason,
  TaskResult,
  Totals,
} from "../load/result.ts";
import { steadyPart } from "../load/tally.ts";
import { EXAMPLES_KEPT } from "../load/tally-rows.ts";
import { epochMs, type Micros, microsToMillis, type Seconds, seconds } from "../units.ts";
import { mergeHealth } from "./merge-health.ts";
import { modelOf } from "./plan-model.ts";
import type { RunRecord } from "./record.ts";
import type { ShardFacts } from "./shard-facts.ts";

/** The record of a part of a load. */
export type ShardRecord = RunRecord & { readonly shard: ShardFacts };

/** Start of a shard's window on the clock that all shards share, milliseconds since the epoch. */
export const commonStart = ({ window, shard }: ShardRecord): number => Date.parse(window.start) + shard.clockMs;

/**
 * Adds the shards of one load up, at least one, in the order of their indexes. Counts and histograms are added, so that
 * every percentile is that of all values together; seconds are those since the first shard began, where a start less than
 * half a second behind counts as the same. Throws on a histogram that cannot be decoded: `undecodable` is asked before.
 */
export const mergeLoads = (shards: readonly ShardRecord[]): LoadResult => {
  const starts = shards.map(commonStart);
  const first = Math.min(...starts);
  const shifts = starts.map((start) => Math.round((start - first) / 1000));
  const ends = shards.map((shard) => Date.parse(shard.window.end) + shard.shard.clockMs);
  const behind = starts.map((start, at) => (shifts[at] === 0 ? 0 : (start - first) / 1000));
  const length = seconds(Math.max(...shards.map(({ window }, at) => (behind[at] ?? 0) + window.seconds)));
  const slices = mergeSlices(shards.flatMap((shard, at) => shifted(shard.slices, shifts[at] ?? 0)));
  const begun = Math.min(...shards.map(({ shard }) => Date.parse(shard.begun) + shard.clockMs));
  const warmUp = addApart(shards.map((shard) => shard.warmUp));
  const signs = shards.flatMap((shard) => shard.signs ?? []);
  return {
    window: { start: epochMs(first), end: epochMs(Math.max(...ends)), seconds: length },
    stopped: worstStop(shards.map(({ validity }) => validity.stopped)),
    totals: mergeShardTotals(shards, slices, length),
    response: mergeLatency(shards.map(({ response }) => response)),
    service: mergeLatency(shards.map(({ service }) => service)),
    tasks: mergeTasks(shards.map(({ tasks }) => tasks)),
    slices,
    generator: mergeHealth(
      shards.map(({ generator }, at) => ({ generator, shift: shifts[at] ?? 0 })),
      {
        slices,
        lag: distribution(
          shards.map(({ shard }) => shard),
          "lag",
        ),
      },
    ),
    ...(signs.length === 0 ? {} : { signs: addSigns(signs) }),
    warmUp: { start: epochMs(begun), ...warmUp },
    preWarm: addApart(shards.map((shard) => shard.preWarm)),
    setup: mergeOnce(shards.map((shard) => shard.setup)),
    teardown: mergeOnce(shards.map((shard) => shard.teardown)),
  };
};

const shifted = (slices: readonly Slice[], shift: number): readonly Slice[] =>
  shift === 0 ? slices : slices.map((slice) => ({ ...slice, second: slice.second + shift }));

const mergeSlices = (all: readonly Slice[]): readonly Slice[] => {
  const bySecond = Map.groupBy(all, ({ second }) => second);
  return [...bySecond.entries()].toSorted(([a], [b]) => a - b).map(([second, parts]) => mergeSlice(second, parts));
};

const mergeSlice = (second: number, parts: readonly Slice[]): Slice => {
  const total = (count: (slice: Slice) => number): number => sum(parts.map(count));
  const tasks = Math.max(0, ...parts.map((part) => part.tasks.length));
  return {
    second,
    users: total((part) => part.users),
    requests: total((part) => part.requests),
    dropped: total((part) => part.dropped),
    outcomes: addAll(parts.map(({ outcomes }) => outcomes)),
    tasks: Array.from({ length: tasks }, (_, task) => total((part) => part.tasks[task] ?? 0)),
    ...failuresOf(parts, tasks),
    bytesReceived: total((part) => part.bytesReceived),
    response: mergeTexts(parts.map(({ response }) => response)),
    service: mergeTexts(parts.map(({ service }) => service)),
  };
};

/** Where one part does not say which of its requests failed, nothing is known of them all. */
const failuresOf = (parts: readonly Slice[], tasks: number): Pick<Slice, "failures"> => {
  const failing = parts.filter(({ outcomes }) => countFailures(outcomes) > 0);
  if (failing.length === 0 || failing.some(({ failures }) => failures === undefined)) return {};
  return {
    failures: Array.from({ length: tasks }, (_, task) => sum(failing.map((part) => part.failures?.[task] ?? 0))),
  };
};

const mergeShardTotals = (shards: readonly ShardRecord[], slices: readonly Slice[], length: Seconds): Totals => {
  const [first] = shards;
  const steady = first === undefined ? NOT_STEADY : steadyPart(slices, { plan: modelOf(first.plan), seconds: length });
  return mergeTotals(
    shards.map(({ totals, shard }) => ({ totals, distributions: shard.distributions })),
    { length, steady },
  );
};

const NOT_STEADY = { steadyRate: null, steadySeconds: 0 };

/** What is added up of one part of a load, with what its percentiles were taken from. */
export type LoadPart = { readonly totals: Totals; readonly distributions: Distributions };

/** The totals of all parts together, over `length`; the steady part cannot be told from theirs. */
export const mergeTotals = (
  parts: readonly LoadPart[],
  { length, steady }: { readonly length: Seconds; readonly steady: Pick<Totals, "steadyRate" | "steadySeconds"> },
): Totals => {
  const all = parts.map(({ totals }) => totals);
  const requests = sum(all.map((one) => one.requests));
  return {
    requests,
    dropped: sum(all.map((one) => one.dropped)),
    rate: length > 0 ? requests / length : 0,
    ...steady,
    bytes: { sent: sum(all.map(({ bytes }) => bytes.sent)), received: sum(all.map(({ bytes }) => bytes.received)) },
    outcomes: addAll(all.map(({ outcomes }) => outcomes)),
    connections: mergeConnections(parts),
    ttfbMs: halfAndTail(distribution(parts, "ttfb")),
    downloadMs: halfAndTail(distribution(parts, "download")),
  };
};

const mergeConnections = (parts: readonly LoadPart[]): ConnectionStats => {
  const all = parts.map(({ totals }) => totals.connections);
  return {
    opened: sum(all.map((one) => one.opened)),
    reopened: sum(all.map((one) => one.reopened)),
    resumed: sum(all.map((one) => one.resumed)),
    surplus: sum(all.map((one) => one.surplus)),
    dnsMs: halfAndTail(distribution(parts, "dns")),
    connectMs: halfAndTail(distribution(parts, "connect")),
    tlsMs: halfAndTail(distribution(parts, "tls")),
  };
};

export const mergeLatency = (all: readonly LatencySummary[]): LatencySummary =>
  summarise(mergeEncoded(all.map(({ histogram }) => histogram)));

/** The rows are the same in all shards: the fingerprint says so, and `shardProblems` compares the names. */
export const mergeTasks = (all: readonly (readonly TaskResult[])[]): readonly TaskResult[] =>
  (all[0] ?? []).map(({ name }, row) =>
    mergeTask(
      name,
      all.map((tasks) => tasks[row]).filter((task) => task !== undefined),
    ),
  );

const mergeTask = (name: string, parts: readonly TaskResult[]): TaskResult => {
  const examples = Object.fromEntries(
    OUTCOME_CLASSES.flatMap((outcome) => {
      const texts = parts.flatMap((part) => part.examples[outcome] ?? []).slice(0, EXAMPLES_KEPT);
      return texts.length === 0 ? [] : [[outcome, texts] as const];
    }),
  );
  return {
    name,
    requests: sum(parts.map((part) => part.requests)),
    outcomes: addAll(parts.map(({ outcomes }) => outcomes)),
    response: mergeLatency(parts.map(({ response }) => response)),
    service: mergeLatency(parts.map(({ service }) => service)),
    examples,
  };
};

export const mergeOnce = (all: readonly OnceResult[]): OnceResult => ({
  ...addApart(all),
  failedUsers: sum(all.map((one) => one.failedUsers)),
  rows: mergeTasks(all.map(({ rows }) => rows)),
});

export const addApart = (all: readonly ApartResult[]): ApartResult => {
  const outcomes = addAll(all.map((one) => one.outcomes));
  return { requests: countRequests(outcomes), outcomes };
};

/** From the worst to what is planned. */
const STOPS: readonly StopReason[] = [
  "worker-lost",
  "interrupted",
  "users-gone",
  "stop-if",
  "max-requests",
  "run-time",
];

export const worstStop = (all: readonly StopReason[]): StopReason =>
  STOPS.find((stop) => all.includes(stop)) ?? "run-time";

/** One kind of latency of all parts together. */
export const distribution = (
  parts: readonly Pick<LoadPart, "distributions">[],
  kind: keyof Distributions,
): LatencyHistogram => mergeEncoded(parts.flatMap(({ distributions }) => distributions[kind] ?? []));

const halfAndTail = (histogram: LatencyHistogram): HalfAndTail | null => {
  const at = (q: number): number | null => milliseconds(quantile(histogram, q));
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === null || p95 === null ? null : { p50, p95 };
};

const milliseconds = (value: Micros | null): number | null => (value === null ? null : microsToMillis(value));

const mergeTexts = (texts: readonly (string | null)[]): string | null => {
  const present = texts.filter((text) => text !== null);
  return present.length === 0 ? null : encodeHistogram(mergeEncoded(present));
};

const addAll = (all: readonly OutcomeCounts[]): OutcomeCounts => {
  const counts = noOutcomes();
  for (const one of all) addOutcomes(counts, one);
  return counts;
};

export const addSigns = (all: readonly AnswerSigns[]): AnswerSigns => ({
  seen: sum(all.map(({ seen }) => seen)),
  cacheHits: sum(all.map(({ cacheHits }) => cacheHits)),
  aged: sum(all.map(({ aged }) => aged)),
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
