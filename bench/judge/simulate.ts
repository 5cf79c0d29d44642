/** Requests of one run or segment, drawn one by one, and what a load test would say of them. */
import { heavy, NORMAL_TABLE, normal, poisson, uniform, type Words } from "./random.ts";
import type { Effect, World } from "./worlds.ts";

/** Latencies in bins of a thousandth of the natural log, from 0.1 ms: what a histogram of 3 digits keeps. */
const BINS = 16_000;
const PER_LOG = 1_000;
const LOWEST = Math.log(0.1);

export type Histogram = { readonly counts: Int32Array; low: number; high: number; total: number };

export const newHistogram = (): Histogram => ({ counts: new Int32Array(BINS), low: BINS, high: 0, total: 0 });

/** Milliseconds in the middle of a bin. */
const VALUES = Float64Array.from({ length: BINS }, (_, bin) => Math.exp(LOWEST + (bin + 0.5) / PER_LOG));
const middleOf = (bin: number): number => VALUES[bin] ?? 0;

/** The value at rank ceil(q x n), milliseconds. */
export const quantileOf = (histogram: Histogram, q: number): number => {
  let left = Math.ceil(q * histogram.total);
  for (let bin = histogram.low; bin <= histogram.high; bin++) {
    left -= histogram.counts[bin] ?? 0;
    if (left <= 0) return middleOf(bin);
  }
  return middleOf(histogram.high);
};

export const meanOf = (histogram: Histogram): number => {
  let sum = 0;
  for (let bin = histogram.low; bin <= histogram.high; bin++) sum += (histogram.counts[bin] ?? 0) * middleOf(bin);
  return sum / histogram.total;
};

/** Counts a latency and gives it back as its bin's value. */
const add = (histogram: Histogram, log: number): number => {
  const bin = Math.min(BINS - 1, Math.max(0, Math.floor((log - LOWEST) * PER_LOG)));
  histogram.counts[bin] = (histogram.counts[bin] ?? 0) + 1;
  if (bin < histogram.low) histogram.low = bin;
  if (bin > histogram.high) histogram.high = bin;
  histogram.total += 1;
  return VALUES[bin] ?? 0;
};

/** What of a run or segment is not the code's: logs to be added to all its requests, to the client's part, to the body's SD. */
export type Level = { readonly shared: number; readonly client: number; readonly tail: number };

export type Segment = {
  readonly ok: Histogram;
  /** Sum of handler times in milliseconds, of `ok` responses. */
  handlerMs: number;
  failures: number;
  requests: number;
};

/** Draws the requests of `seconds` seconds into `ok`; a closed loop, so slower answers make fewer requests. */
export const drawSegment = (
  next: Words,
  {
    world,
    effect,
    level,
    seconds,
  }: {
    readonly world: World;
    readonly effect: Effect;
    readonly level: Level;
    readonly seconds: number;
  },
  ok: Histogram,
): Segment => {
  const centre = Math.log(world.medianMs * effect.all) + level.shared + level.client;
  const sd = world.body.sd * Math.exp(level.tail);
  const requests = requestsIn(world, effect, { centre, sd, seconds });
  const failures = failuresIn(next, world, effect, requests);
  const odds = oddsOf(world, effect);
  const colds = Math.min(requests - failures, poisson(next, world.cold.share * requests));
  let bodyMs = 0;
  for (let i = 0; i < colds; i++) {
    const body = Math.exp(centre + drawBody(next, sd, odds));
    bodyMs += body;
    add(ok, Math.log(body + world.cold.ms * effect.cold));
  }
  for (let i = failures + colds; i < requests; i++) bodyMs += add(ok, centre + drawBody(next, sd, odds));
  // The handler's part moves with the level that both share; its start is not part of its Duration.
  const handlerMs = bodyMs * world.handlerShare * Math.exp(-level.client);
  return { ok, handlerMs, failures, requests };
};

/** Log of one request over the median: the body and its modes. */
const drawBody = (next: Words, sd: number, odds: Odds): number => {
  const word = next();
  return sd * (NORMAL_TABLE[word & 0xffff] ?? 0) + modeOf(word >>> 16, odds);
};

type Odds = { readonly slow: number; readonly slowLog: number; readonly some: number; readonly someLog: number };

const oddsOf = ({ body }: World, { some }: Effect): Odds => ({
  slow: body.share * 65_536,
  slowLog: Math.log(body.factor),
  some: some.share * 65_536,
  someLog: Math.log(some.factor),
});

/** The upper half of a word decides the mode, from both ends so that the two do not overlap by chance alone. */
const modeOf = (draw: number, { slow, slowLog, some, someLog }: Odds): number =>
  (draw < slow ? slowLog : 0) + (65_535 - draw < some ? someLog : 0);

const requestsIn = (
  world: World,
  effect: Effect,
  { centre, sd, seconds }: { readonly centre: number; readonly sd: number; readonly seconds: number },
): number => {
  const body = 1 + world.body.share * (world.body.factor - 1);
  const some = 1 + effect.some.share * (effect.some.factor - 1);
  const meanMs = Math.exp(centre + sd ** 2 / 2) * body * some + world.cold.share * world.cold.ms * effect.cold;
  return Math.max(1, Math.round((world.users * seconds * 1000) / (world.waitMs + meanMs)));
};

const failuresIn = (next: Words, { failures }: World, effect: Effect, requests: number): number => {
  const burst = failures.bursts > 0 && uniform(next) < failures.bursts ? failures.size : 0;
  return Math.min(requests - 1, poisson(next, (failures.share + effect.failures) * requests) + burst);
};

/** One draw of run-to-run noise with a variance of 1. */
export const noise = (next: Words, { tails }: World): number => (tails === null ? normal(next) : heavy(next, tails));
