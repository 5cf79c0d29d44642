/** From the ledger to what CloudWatch has: samples with the time of the request's start, some of them not there yet. */
import type { FunctionSettings } from "../function-settings.ts";
import type { LedgerEntry, UncountedRequest } from "../ledger.ts";
import type { CloudwatchSettings } from "./settings.ts";

export type MetricSource = {
  readonly name: string;
  readonly settings: FunctionSettings;
  readonly entries: readonly LedgerEntry[];
  readonly notCounted: readonly UncountedRequest[];
};

export type Sample = { readonly atMs: number; readonly value: number };
export type Dimensions = Readonly<Record<string, string>>;

/** A sample of the ledger's request number `index`, which ended at `endMs` (epoch milliseconds). */
export type LedgerSample = Sample & { readonly endMs: number; readonly index: number };

/** One dimension set that a source publishes a metric under. */
export type Publication = {
  readonly dimensions: Dimensions;
  readonly samples: (settings: CloudwatchSettings) => readonly LedgerSample[];
};

export type MetricRow = {
  readonly namespace: string;
  readonly metric: string;
  readonly unit: string;
  readonly publish: (source: MetricSource) => readonly Publication[];
};

export const publicationsOf = ({ publish }: Pick<MetricRow, "publish">, source: MetricSource): readonly Publication[] =>
  publish(source);

/** What one request that reached Lambda publishes, if anything. */
export type EntryValue = (entry: LedgerEntry, settings: CloudwatchSettings) => number | undefined;

/** The samples of the entries that publish something. */
export const entrySamples =
  (entries: readonly LedgerEntry[], value: EntryValue): Publication["samples"] =>
  (settings) =>
    entries.flatMap((entry, index) => {
      const published = value(entry, settings);
      return published === undefined ? [] : [{ atMs: entry.atMs, endMs: entry.endMs, index, value: published }];
    });

/** The samples that can be seen at `asOfMs` (epoch milliseconds). */
export const visible = (
  samples: readonly LedgerSample[],
  settings: CloudwatchSettings,
  asOfMs: number,
): readonly Sample[] => samples.filter((sample) => visibleAtMs(sample, settings) <= asOfMs);

function visibleAtMs({ endMs, index }: LedgerSample, { drip, lostShare, delayMs }: CloudwatchSettings): number {
  // Multiples of the golden ratio spread evenly over [0, 1): any share of them is exact and without clusters.
  const position = (index * 0.618_033_988_749_895) % 1;
  if (position < lostShare) return Number.POSITIVE_INFINITY;
  return endMs + (position >= 1 - drip ? 0 : delayMs);
}
