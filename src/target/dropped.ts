import { decodeHistogram, quantile } from "../load/histogram.ts";
import type { LoadResult, Slice } from "../load/result.ts";

/** Answers that take so much longer keep users busy by the target's doing. */
const SLOWER = 1.5;
const SLOWER_BY_US = 5_000;
/** Fewer seconds without a drop say nothing about how fast the target is when all goes well. */
const QUIET_SECONDS = 3;

/**
 * Whether arrivals were dropped although the target was as fast as ever: then there were too few users or too little
 * generator. Compared are the median service times of the seconds with drops and of those without; where hardly any
 * second had none, the fastest seconds stand in for them.
 */
export const droppedByGenerator = ({ slices }: Pick<LoadResult, "slices">): boolean => {
  const dropping = mediansOf(slices.filter(({ dropped }) => dropped > 0));
  const quiet = mediansOf(slices.filter(({ dropped }) => dropped === 0));
  const usual = quiet.length >= QUIET_SECONDS ? middle(quiet) : Math.min(...mediansOf(slices));
  // A second of drops without an answer is one in which the target did not answer.
  if (dropping.length === 0 || !Number.isFinite(usual)) return false;
  const slow = middle(dropping);
  return slow <= SLOWER * usual || slow <= usual + SLOWER_BY_US;
};

const mediansOf = (slices: readonly Slice[]): readonly number[] =>
  slices.flatMap(({ service }) => {
    const histogram = service === null ? null : decodeHistogram(service);
    const median = histogram === null ? null : quantile(histogram, 0.5);
    return median === null ? [] : [median];
  });

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
