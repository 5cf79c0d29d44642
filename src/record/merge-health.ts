import { type LatencyHistogram, quantile } from "../load/histogram.ts";
import type { GeneratorHealth, HealthSecond, Slice } from "../load/result.ts";

type ShardHealth = {
  readonly generator: GeneratorHealth;
  /** Whole seconds that its window began behind the first one. */
  readonly shift: number;
};

/** The generator of the whole: the worst machine, as the worst worker stands for a machine. */
export const mergeHealth = (
  shards: readonly ShardHealth[],
  load: { readonly slices: readonly Slice[]; readonly lag: LatencyHistogram },
): GeneratorHealth => {
  const all = shards.map(({ generator }) => generator);
  const most = (pick: (health: GeneratorHealth) => number): number => Math.max(0, ...all.map(pick));
  const total = (pick: (health: GeneratorHealth) => number): number => all.map(pick).reduce((a, b) => a + b, 0);
  const busiest = all.toSorted((a, b) => b.utilisation.mean - a.utilisation.mean)[0];
  const own = all.flatMap(({ p95OwnMs }) => p95OwnMs ?? []);
  return {
    workers: total(({ workers }) => workers),
    utilisation: {
      mean: most(({ utilisation }) => utilisation.mean),
      max: most(({ utilisation }) => utilisation.max),
      shareAbove80: most(({ utilisation }) => utilisation.shareAbove80),
    },
    loopDelayMs: {
      p50: most(({ loopDelayMs }) => loopDelayMs.p50),
      p99: most(({ loopDelayMs }) => loopDelayMs.p99),
      max: most(({ loopDelayMs }) => loopDelayMs.max),
    },
    cpuShare: busiest?.cpuShare ?? 0,
    scheduleLagMs: { p50: atQuantile(load.lag, 0.5), p99: atQuantile(load.lag, 0.99), max: atQuantile(load.lag, 1) },
    memoryMb: most(({ memoryMb }) => memoryMb),
    usersAsked: total(({ usersAsked }) => usersAsked),
    usersReached: load.slices.reduce((highest, { users }) => Math.max(highest, users), 0),
    p95OwnMs: own.length === 0 ? null : Math.max(...own),
    // Each machine has a link of its own: `shards` holds them.
    linkMbit: null,
    series: mergeSeries(shards),
  };
};

const mergeSeries = (shards: readonly ShardHealth[]): readonly HealthSecond[] => {
  const all = shards.flatMap(({ generator, shift }) =>
    generator.series.map((one) => ({ ...one, second: one.second + shift })),
  );
  return [...Map.groupBy(all, ({ second }) => second).entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([second, parts]) => worstSecond(second, parts));
};

/** The worst of all machines, but for bytes and users: those are of the load. */
const worstSecond = (second: number, parts: readonly HealthSecond[]): HealthSecond => {
  const most = (pick: (one: HealthSecond) => number): number => Math.max(0, ...parts.map(pick));
  const mostOrNull = (pick: (one: HealthSecond) => number | null): number | null => {
    const known = parts.map(pick).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  const busiest = parts.toSorted((a, b) => b.utilisation - a.utilisation)[0];
  return {
    second,
    utilisation: busiest?.utilisation ?? 0,
    cpuShare: busiest?.cpuShare ?? 0,
    waiting: mostOrNull((one) => one.waiting),
    steal: mostOrNull((one) => one.steal),
    loopDelayMs: most((one) => one.loopDelayMs),
    lagMs: mostOrNull((one) => one.lagMs),
    gcMs: most((one) => one.gcMs),
    memoryMb: most((one) => one.memoryMb),
    heapShare: mostOrNull((one) => one.heapShare),
    usersPlanned: sumOrNull(parts.map((one) => one.usersPlanned)),
    bytes: parts.reduce((sum, one) => sum + one.bytes, 0),
  };
};

const sumOrNull = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** Milliseconds; 0 when there is nothing. */
const atQuantile = (histogram: LatencyHistogram, q: number): number => (quantile(histogram, q) ?? 0) / 1000;
