import { type Micros, micros } from "../units.ts";

/**
 * A histogram as it travels and is kept: index, count, index, count ..., indexes ascending, no count 0. The buckets are
 * those of HdrHistogram at 3 significant digits from 1 us (sub-buckets of 2048), so that nothing is lost on the way into
 * one. A second of a thousand requests takes about 2 KB where the whole array takes 70 KB.
 */
export type BucketCounts = Uint32Array<ArrayBuffer>;

const LONGEST = 24 * 3600 * 1e6;
/** Buckets are 1 us wide below this. */
const FINE = 2048;
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;
/** Covers 131 ms; longer values make it grow. */
const FIRST_SIZE = 8 * HALF;

/** Counts latencies of one kind, 8 ns each, and hands them out. Changed in place: it stands in the hot path. */
export class BucketCounter {
  #counts = new Uint32Array(FIRST_SIZE);
  /** One behind the last index in use. */
  #end = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Values below 1 us count as 1 us, values above 24 h as 24 h. */
  record(value: Micros): void {
    const index = bucketIndex(value);
    if (index >= this.#counts.length) this.#grow(index);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    if (index >= this.#end) this.#end = index + 1;
    this.#total++;
  }

  /** Adds what another counter handed out. */
  add(counts: BucketCounts): void {
    for (let at = 0; at < counts.length; at += 2) {
      const index = counts[at] ?? 0;
      const count = counts[at + 1] ?? 0;
      if (index >= this.#counts.length) this.#grow(index);
      this.#counts[index] = (this.#counts[index] ?? 0) + count;
      if (index >= this.#end) this.#end = index + 1;
      this.#total += count;
    }
  }

  /** Everything counted since the last call, `null` when there was nothing. */
  take(): BucketCounts | null {
    if (this.#total === 0) return null;
    const counts = this.#counts.subarray(0, this.#end);
    const pairs: number[] = [];
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index] ?? 0;
      if (count > 0) pairs.push(index, count);
    }
    counts.fill(0);
    this.#end = 0;
    this.#total = 0;
    return Uint32Array.from(pairs);
  }

  #grow(index: number): void {
    const grown = new Uint32Array((Math.floor(index / HALF) + 4) * HALF);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** The lowest value of a bucket. */
export const bucketValue = (index: number): Micros => {
  if (index < FINE) return micros(index);
  const shift = (index >> HALF_BITS) - 1;
  return micros(((index & (HALF - 1)) + HALF) * 2 ** shift);
};

const bucketIndex = (value: number): number => {
  const whole = value < 1 ? 1 : Math.round(Math.min(value, LONGEST));
  if (whole < FINE) return whole;
  // Bit operations end at 32 bits, which is 71 minutes.
  if (whole < 2 ** 31) {
    const shift = 31 - HALF_BITS - Math.clz32(whole);
    return (shift << HALF_BITS) + (whole >>> shift);
  }
  const shift = 31 + 16 - HALF_BITS - Math.clz32(Math.floor(whole / 2 ** 16));
  return shift * HALF + Math.floor(whole / 2 ** shift);
};
