import { BucketCounter, type BucketCounts } from "../load/bucket-counts.ts";
import { encodeHistogram, sumCounts } from "../load/histogram.ts";
import { countRequests, noOutcomes, type OutcomeCounter } from "../load/outcome.ts";
import type { Slice } from "../load/result.ts";
import type { EpochMs } from "../units.ts";
import type { Sample } from "./sample.ts";

/** A record has at most 20 MB: slices of two hours fit, their histograms for half an hour. */
const MOST_SLICES = 7200;
const MOST_HISTOGRAMS = 1800;
/** Lines come nearly in order of time; a counter takes 32 KB, so only the latest seconds keep theirs open. */
const OPEN_SECONDS = 64;

type Second = {
  readonly outcomes: OutcomeCounter;
  received: number;
  readonly closed: BucketCounts[];
};

export type Seconds = {
  readonly add: (start: EpochMs, sample: Sample) => void;
  /** One slice a second from that of `first` on, empty seconds included; none when there would be too many. */
  readonly slices: (first: number) => readonly Slice[];
};

/** Counts per second of the clock, with the times of the `ok` requests. */
export const createSeconds = (): Seconds => {
  const seconds = new Map<number, Second>();
  const open = new Map<number, BucketCounter>();
  const close = (second: number, counter: BucketCounter): void => {
    const counts = counter.take();
    if (counts !== null) seconds.get(second)?.closed.push(counts);
  };
  const counterOf = (second: number): BucketCounter => {
    const known = open.get(second);
    if (known !== undefined) return known;
    const [oldest] = open;
    if (open.size >= OPEN_SECONDS && oldest !== undefined) {
      close(...oldest);
      open.delete(oldest[0]);
    }
    const counter = new BucketCounter();
    open.set(second, counter);
    return counter;
  };
  return {
    add: (start, { outcome, received, time }) => {
      const second = Math.floor(start / 1000);
      const known = seconds.get(second) ?? { outcomes: noOutcomes(), received: 0, closed: [] };
      seconds.set(second, known);
      known.outcomes[outcome] += 1;
      known.received += received;
      if (outcome === "ok") counterOf(second).record(time);
    },
    slices: (first) => {
      for (const entry of open) close(...entry);
      const from = Math.floor(first / 1000);
      const length = [...seconds.keys()].reduce((most, second) => Math.max(most, second - from + 1), 0);
      if (length > MOST_SLICES) return [];
      return Array.from({ length }, (_, at) => sliceOf(at, seconds.get(from + at), length <= MOST_HISTOGRAMS));
    },
  };
};

const sliceOf = (second: number, found: Second | undefined, withTimes: boolean): Slice => {
  const outcomes = found?.outcomes ?? noOutcomes();
  const closed = found?.closed ?? [];
  const times = withTimes && closed.length > 0 ? encodeHistogram(sumCounts(closed)) : null;
  return {
    second,
    users: 0,
    requests: countRequests(outcomes),
    dropped: 0,
    outcomes,
    tasks: [],
    bytesReceived: found?.received ?? 0,
    response: times,
    service: times,
  };
};
