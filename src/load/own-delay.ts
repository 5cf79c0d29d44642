import { type BucketCounts, bucketValue } from "./bucket-counts.ts";

/** Observations of one worker or of several: how late its event loop was, over how many seconds. */
export type Lateness = { readonly late: BucketCounts | null; readonly seconds: number };

const TAIL = 0.05;
/** Delays are looked at in steps: 0.2 ms, 0.23 ms, 0.26 ms ... */
const FIRST_STEP_US = 200;
const STEP = 1.15;

/**
 * What p95 would have been without the generator's own delays, in milliseconds; `null` without answers. An answer that
 * arrives while the loop is late waits for it, so that measured time is the target's time plus a delay that does not
 * depend on it. The lateness of a timer gives the delays' distribution R. The target's distribution is
 * then the measured one less the first step of the convolution: P(T > t) = 2 P(S > t) - E[P(S > t - R)] (one iteration of
 * van Cittert's deconvolution, 1931), which is good while R is rare or short, and too kind by little where it is not.
 */
export const undelayedP95 = (service: BucketCounts | null, lateness: readonly Lateness[]): number | null => {
  if (service === null || service.length === 0) return null;
  const measured = survivalOf(service);
  const delays = delayMasses(lateness);
  const within = delays.reduce((sum, { mass }) => sum + mass, 0);
  const target = (time: number): number =>
    delays.reduce(
      (sum, { delay, mass }) => sum - mass * measured.above(time - delay),
      (1 + within) * measured.above(time),
    );
  let best = measured.values.findIndex((value) => measured.above(value) <= TAIL);
  while (best > 0 && target(measured.values[best - 1] ?? 0) <= TAIL) best--;
  return (measured.values[best] ?? 0) / 1000;
};

type Survival = { readonly values: readonly number[]; readonly above: (value: number) => number };

/** Share of the values above a value. */
const survivalOf = (counts: BucketCounts): Survival => {
  const values: number[] = [];
  const below: number[] = [];
  let sum = 0;
  for (let at = 0; at < counts.length; at += 2) {
    sum += counts[at + 1] ?? 0;
    values.push(bucketValue(counts[at] ?? 0));
    below.push(sum);
  }
  const above = (value: number): number => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return 1 - (below[low - 1] ?? 0) / sum;
  };
  return { values, above };
};

/**
 * Probabilities of delays, each standing for the step that begins with it: taken too long, a delay would carry answers
 * across a gap in the distribution that they never crossed. Below the first step there is none.
 */
const delayMasses = (lateness: readonly Lateness[]): readonly { readonly delay: number; readonly mass: number }[] => {
  const seconds = lateness.reduce((sum, one) => sum + one.seconds, 0);
  const longest = Math.max(0, ...lateness.map(({ late }) => longestOf(late)));
  const masses: { delay: number; mass: number }[] = [];
  let before = longerThan(lateness, FIRST_STEP_US, seconds);
  for (let delay = FIRST_STEP_US; before > 0 && delay < longest; delay *= STEP) {
    const beyond = longerThan(lateness, delay * STEP, seconds);
    masses.push({ delay, mass: before - beyond });
    before = beyond;
  }
  return masses;
};

const longestOf = (late: BucketCounts | null): number =>
  late === null || late.length === 0 ? 0 : bucketValue(late[late.length - 2] ?? 0);

/**
 * The chance of an answer to wait longer than `delay` microseconds, by the larger of two reckonings. A thread that must
 * wait for its core does so whenever it wakes up, for an answer as for the timer: the share of the timer's turns. A loop
 * that is stalled turns the timer once, however long the stall: the share of the time in which an answer would have
 * waited so long.
 */
const longerThan = (lateness: readonly Lateness[], delay: number, seconds: number): number => {
  let [turns, longer, time] = [0, 0, 0];
  for (const { late } of lateness) {
    for (let at = 0; late !== null && at < late.length; at += 2) {
      const value = bucketValue(late[at] ?? 0);
      const count = late[at + 1] ?? 0;
      turns += count;
      if (value <= delay) continue;
      longer += count;
      time += count * (value - delay);
    }
  }
  return turns === 0 ? 0 : Math.min(1, Math.max(longer / turns, time / (seconds * 1e6)));
};
