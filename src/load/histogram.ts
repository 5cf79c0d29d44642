import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import { type Micros, micros, microsToMillis } from "../units.ts";
import { type BucketCounts, bucketValue } from "./bucket-counts.ts";
import type { LatencySummary } from "./result.ts";

/**
 * Latencies in microseconds at 3 significant digits, 1 us to 24 h. HdrHistogram: a value is known to its bucket only,
 * which is at most 0.1 % wide; every value read from it is the highest of its bucket.
 */
export type LatencyHistogram = Histogram;

const LONGEST = 24 * 3600 * 1e6;
/** Covers a minute in 70 KB; longer values make it grow. */
const USUAL_LONGEST = 60e6;
/** No honest histogram is longer; deflate packs by at most 1:1000, so that a forged one cannot fill the memory. */
const LONGEST_TEXT = 262_144;

export const newHistogram = (): LatencyHistogram => emptyHistogram(FINE);

const FINE = 3;
/** For histories: buckets of at most 1 %. */
const COARSE = 2;

const emptyHistogram = (digits: 2 | 3): LatencyHistogram =>
  build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: USUAL_LONGEST,
    numberOfSignificantValueDigits: digits,
    useWebAssembly: false,
  });

/** Values below 1 us count as 1 us, values above 24 h as 24 h. */
export const recordLatency = (histogram: LatencyHistogram, value: Micros): void => {
  histogram.recordValue(Math.min(LONGEST, Math.max(1, Math.round(value))));
};

/** Adds `other` to `into`, bucket by bucket: exact, whatever the order. */
export const mergeHistogram = (into: LatencyHistogram, other: LatencyHistogram): void => {
  if (other.totalCount > 0) into.add(other);
};

/** Adds bucket counts: exact, because the buckets are the same. */
export const addCounts = (into: LatencyHistogram, counts: BucketCounts): void => {
  for (let at = 0; at < counts.length; at += 2) {
    into.recordValueWithCount(bucketValue(counts[at] ?? 0), counts[at + 1] ?? 0);
  }
};

/** The sum of bucket counts; `null` stands for none. */
export const sumCounts = (parts: readonly (BucketCounts | null)[]): LatencyHistogram => {
  const sum = newHistogram();
  for (const part of parts) if (part !== null) addCounts(sum, part);
  return sum;
};

/** HdrHistogram V2, compressed, base64: what other HdrHistogram tools read. */
export const encodeHistogram = (histogram: LatencyHistogram): string => encodeIntoCompressedBase64(histogram);

/** `null` when the text is not a histogram of ours: microseconds at 3 digits, at most 24 h. */
export const decodeHistogram = (text: string): LatencyHistogram | null => {
  const histogram = decodeAny(text);
  return histogram?.numberOfSignificantValueDigits === FINE ? histogram : null;
};

const decodeAny = (text: string): LatencyHistogram | null => {
  if (text.length > LONGEST_TEXT) return null;
  try {
    const histogram = decodeFromCompressedBase64(text, 32, false);
    const digits = histogram.numberOfSignificantValueDigits;
    if ((digits !== FINE && digits !== COARSE) || histogram.highestTrackableValue > 2 * LONGEST) return null;
    histogram.autoResize = true;
    return histogram;
  } catch {
    return null;
  }
};

/** The sum of encoded histograms. Throws on an unreadable one: the texts are our own, or checked by `decodeHistogram`. */
export const mergeEncoded = (texts: readonly string[]): LatencyHistogram => {
  const sum = newHistogram();
  for (const text of texts) {
    const part = decodeHistogram(text);
    if (part === null) throw new Error("a histogram of a load report cannot be decoded");
    mergeHistogram(sum, part);
  }
  return sum;
};

/** The same at 2 digits, at most 1.5 KB; what cannot be read stays as it is, and is refused by whoever reads it. */
export const coarsen = (text: string): string => {
  const fine = decodeAny(text);
  if (fine === null || fine.numberOfSignificantValueDigits === COARSE) return text;
  const coarse = emptyHistogram(COARSE);
  mergeHistogram(coarse, fine);
  return encodeHistogram(coarse);
};

/** The sum of histograms of either resolution, read at `digits`; `null` when one cannot be read. */
export const mergeLatencies = (texts: readonly string[], digits: 2 | 3): LatencySummary | null => {
  const sum = emptyHistogram(digits);
  for (const text of texts) {
    const part = decodeAny(text);
    if (part === null) return null;
    mergeHistogram(sum, part);
  }
  return summarise(sum);
};

/** Whether nothing was recorded, or nothing can be read. */
export const isEmptyHistogram = (text: string): boolean => (decodeAny(text)?.totalCount ?? 0) === 0;

/** Whether a histogram was kept at 2 digits. */
export const isCoarse = (text: string): boolean => decodeAny(text)?.numberOfSignificantValueDigits === COARSE;

/** The value at rank ceil(q x n), `null` when there is none; q between 0 and 1. */
export const quantile = (histogram: LatencyHistogram, q: number): Micros | null =>
  histogram.totalCount === 0 ? null : micros(histogram.getValueAtPercentile(q * 100));

/** Milliseconds; min and max are their bucket's bounds, so that they survive encoding and merging unchanged. */
export const summarise = (histogram: LatencyHistogram): LatencySummary => {
  const at = (q: number): number | null => {
    const value = quantile(histogram, q);
    return value === null ? null : microsToMillis(value);
  };
  return {
    count: histogram.totalCount,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    min: at(0),
    max: at(1),
    mean: histogram.totalCount === 0 ? null : microsToMillis(micros(histogram.mean)),
    histogram: encodeHistogram(histogram),
  };
};
