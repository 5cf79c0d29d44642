import { type Seconds, seconds } from "../units.ts";

/** A straight line over some seconds: users, or arrivals per second. Equal ends are a level, a gap between two a step. */
export type Segment = { readonly seconds: Seconds; readonly from: number; readonly to: number };

/** Segments in order, without a gap in time. */
export type Profile = readonly Segment[];

export const profileLength = (profile: Profile): Seconds =>
  seconds(profile.reduce((sum, segment) => sum + segment.seconds, 0));

/** The height at a time; at a step the height after it, behind the end that of the end. */
export const levelAt = (profile: Profile, time: Seconds): number => {
  let start = 0;
  let last = 0;
  for (const segment of profile) {
    if (time < start + segment.seconds) {
      return segment.from + ((segment.to - segment.from) * Math.max(0, time - start)) / segment.seconds;
    }
    start += segment.seconds;
    last = segment.to;
  }
  return last;
};

export const highestLevel = (profile: Profile): number =>
  profile.reduce((most, { from, to }) => Math.max(most, from, to), 0);

/** The area below the whole profile: arrivals in all, or user-seconds. */
export const areaBelow = (profile: Profile): number =>
  profile.reduce((sum, segment) => sum + ((segment.from + segment.to) / 2) * segment.seconds, 0);

/** The longest part at the highest level, in seconds from the start; `null` when the highest level is never held. */
export const plateau = (profile: Profile): { readonly from: number; readonly to: number } | null => {
  const highest = highestLevel(profile);
  let best: { readonly from: number; readonly to: number } | null = null;
  let start = 0;
  let since: number | null = null;
  for (const segment of profile) {
    const held = segment.from === highest && segment.to === highest;
    since = held ? (since ?? start) : null;
    start += segment.seconds;
    if (since !== null && (best === null || start - since > best.to - best.from)) best = { from: since, to: start };
  }
  return best;
};

/**
 * Walks the area below a profile: the time at which it reaches `area`, in seconds from the start, `Infinity` behind the
 * end. `area` may not fall from call to call. On a level the time is exact: it is computed from the segment's start and
 * not added up.
 */
export const areaWalk = (profile: Profile): ((area: number) => number) => {
  let at = 0;
  let start = 0;
  let below = 0;
  return (area) => {
    for (let segment = profile[at]; segment !== undefined; segment = profile[at]) {
      const size = ((segment.from + segment.to) / 2) * segment.seconds;
      if (area < below + size) return start + timeWithin(segment, area - below);
      at++;
      start += segment.seconds;
      below += size;
    }
    return Number.POSITIVE_INFINITY;
  };
};

/** Solves from t + slope t^2 / 2 = area, in the form that stands a slope of 0. */
const timeWithin = (segment: Segment, area: number): number => {
  if (area <= 0) return 0;
  const slope = (segment.to - segment.from) / segment.seconds;
  return (2 * area) / (segment.from + Math.sqrt(Math.max(0, segment.from ** 2 + 2 * slope * area)));
};
