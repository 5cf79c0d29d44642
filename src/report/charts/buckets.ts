import {
  decodeHistogram,
  type LatencyHistogram,
  mergeHistogram,
  newHistogram,
  quantile,
} from "../../load/histogram.ts";
import { addOutcomes, noOutcomes, type OutcomeCounts } from "../../load/outcome.ts";
import type { Slice } from "../../load/result.ts";
import { microsToMillis } from "../../units.ts";

/** Slices that stand for one point of a chart: their sums, never averages of percentiles. */
export type Bucket = {
  /** First second, counted from the start of the window. */
  readonly second: number;
  /** How many seconds it has. */
  readonly seconds: number;
  readonly requests: number;
  /** Users at its end. */
  readonly users: number;
  readonly outcomes: OutcomeCounts;
  /** Response times of `ok` responses, `null` when there was none. */
  readonly response: LatencyHistogram | null;
};

/** A slice with its histogram unpacked. An unreadable histogram counts as none: the record's reader has refused it before. */
export type OpenSlice = Omit<Slice, "response"> & { readonly response: LatencyHistogram | null };

export const openSlices = (slices: readonly Slice[]): readonly OpenSlice[] =>
  slices.map((slice) => ({ ...slice, response: slice.response === null ? null : decodeHistogram(slice.response) }));

/** Equal buckets of whole seconds, as narrow as `most` of them allow. */
export const bucketsOf = (slices: readonly OpenSlice[], most: number): readonly Bucket[] => {
  const last = slices.at(-1);
  if (last === undefined) return [];
  return bucketsEvery(slices, Math.max(1, Math.ceil((last.second + 1) / most)));
};

/** Buckets of so many seconds; the last one may be shorter. */
export const bucketsEvery = (slices: readonly OpenSlice[], seconds: number): readonly Bucket[] => {
  const end = (slices.at(-1)?.second ?? -1) + 1;
  const groups = new Map<number, OpenSlice[]>();
  for (const slice of slices) {
    const key = Math.floor(slice.second / seconds);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [slice]);
    else group.push(slice);
  }
  return [...groups].map(([key, group]) => {
    const second = key * seconds;
    return bucket(group, second, Math.min(seconds, end - second));
  });
};

/** A percentile of the bucket in milliseconds. */
export const bucketMs = ({ response }: Bucket, q: number): number | null => {
  const value = response === null ? null : quantile(response, q);
  return value === null ? null : microsToMillis(value);
};

const bucket = (slices: readonly OpenSlice[], second: number, seconds: number): Bucket => {
  const outcomes = noOutcomes();
  for (const slice of slices) addOutcomes(outcomes, slice.outcomes);
  return {
    second,
    seconds,
    requests: slices.reduce((sum, slice) => sum + slice.requests, 0),
    users: slices.at(-1)?.users ?? 0,
    outcomes,
    response: merged(slices),
  };
};

const merged = (slices: readonly OpenSlice[]): LatencyHistogram | null => {
  const parts = slices.flatMap(({ response }) => (response === null ? [] : [response]));
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? null;
  const sum = newHistogram();
  for (const part of parts) mergeHistogram(sum, part);
  return sum;
};
