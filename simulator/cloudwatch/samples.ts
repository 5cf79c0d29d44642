/** From the ledger to what CloudWatch has: samples with the time of the invocation's start, some of them not there yet. */
import type { LedgerEntry } from "../ledger.ts";
import type { CloudwatchSettings } from "./settings.ts";

export type MetricSource = {
  readonly name: string;
  readonly alias: string | null;
  readonly entries: readonly LedgerEntry[];
};

export type Sample = { readonly atMs: number; readonly value: number };
export type Dimensions = Readonly<Record<string, string>>;

/** What one invocation or throttle publishes under a metric, if anything. */
type Publish = (entry: LedgerEntry, settings: CloudwatchSettings) => number | undefined;

const servedOnly =
  (value: (entry: LedgerEntry) => number): Publish =>
  (entry) =>
    entry.outcome === "throttled" ? undefined : value(entry);

const unlessSilentZero = (value: number, { zeroSamples }: CloudwatchSettings): number | undefined =>
  value === 0 && !zeroSamples ? undefined : value;

const metrics: ReadonlyMap<string, { readonly unit: string; readonly publish: Publish }> = new Map([
  ["Invocations", { unit: "Count", publish: servedOnly(() => 1) }],
  [
    "Errors",
    {
      unit: "Count",
      publish: (entry: LedgerEntry, settings: CloudwatchSettings) =>
        entry.outcome === "throttled" ? undefined : unlessSilentZero(entry.outcome === "error" ? 1 : 0, settings),
    },
  ],
  [
    "Throttles",
    {
      unit: "Count",
      publish: (entry: LedgerEntry, settings: CloudwatchSettings) =>
        unlessSilentZero(entry.outcome === "throttled" ? 1 : 0, settings),
    },
  ],
  ["Duration", { unit: "Milliseconds", publish: servedOnly((entry) => entry.durationMs) }],
  ["ConcurrentExecutions", { unit: "Count", publish: servedOnly((entry) => entry.concurrent) }],
]);

export const metricNames: readonly string[] = [...metrics.keys()];
export const unitOf = (metric: string): string | undefined => metrics.get(metric)?.unit;

/** The dimension sets a function publishes under: its name, and its alias if it is called through one. */
export const dimensionSets = ({ name, alias }: MetricSource): readonly Dimensions[] => [
  { FunctionName: name },
  ...(alias === null ? [] : [{ FunctionName: name, Resource: `${name}:${alias}` }]),
];

/** The samples of one metric of one function that can be seen at `asOfMs` (epoch milliseconds). */
export function visibleSamples(
  source: MetricSource,
  metric: string,
  settings: CloudwatchSettings,
  asOfMs: number,
): readonly Sample[] {
  const publish = metrics.get(metric)?.publish;
  if (publish === undefined || settings.empty) return [];
  return source.entries.flatMap((entry, index) => {
    const value = visibleAtMs(entry, index, settings) <= asOfMs ? publish(entry, settings) : undefined;
    return value === undefined ? [] : [{ atMs: entry.atMs, value }];
  });
}

/** When the samples of the ledger's entry number `index` appear, in epoch milliseconds. */
function visibleAtMs(entry: LedgerEntry, index: number, { drip, lostShare, delayMs }: CloudwatchSettings): number {
  // Multiples of the golden ratio spread evenly over [0, 1): any share of them is exact and without clusters.
  const position = (index * 0.618_033_988_749_895) % 1;
  if (position < lostShare) return Number.POSITIVE_INFINITY;
  return entry.endMs + (position >= 1 - drip ? 0 : delayMs);
}
