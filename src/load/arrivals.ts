import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { type PerSecond, perSecond } from "../units.ts";
import { areaWalk, type Profile } from "./profile.ts";
import { userRandom } from "./random.ts";
import { HIGHEST_RATE } from "./stages.ts";

/** Evenly spaced, or with the exponential gaps of independent visitors (a Poisson process). */
export type Spacing = "constant" | "poisson";

/** The open model's `rate`: tasks started per second, whatever the responses do. */
export type ArrivalRate = { readonly perSecond: PerSecond; readonly spacing: Spacing };

const HINT = "Write a number per second, such as 200/s, or 200/s poisson for random gaps.";

/** Reads `200/s`, `0.5/s`, `200`, `200/s constant` or `200/s poisson`. */
export const parseArrivalRate = (text: string): Parsed<ArrivalRate> => {
  const [, digits, spacing = "constant"] = /^([0-9]+(?:\.[0-9]+)?)(?:\/s)?(?:\s+(constant|poisson))?$/.exec(text) ?? [];
  if (digits === undefined) return bad(`rate "${text.slice(0, 80)}" is not a rate of arrivals`);
  const rate = Number(digits);
  if (rate <= 0) return bad(`rate "${text}" starts nothing`);
  if (rate > HIGHEST_RATE) return bad(`rate "${text}" is more than ${HIGHEST_RATE} per second`);
  return parsed({ perSecond: perSecond(rate), spacing: spacing === "poisson" ? "poisson" : "constant" });
};

/** The shortest spelling that parses back to the same rate. */
export const formatArrivalRate = ({ perSecond: rate, spacing }: ArrivalRate): string =>
  `${rate}/s${spacing === "poisson" ? " poisson" : ""}`;

export type ArrivalShare = {
  readonly profile: Profile;
  readonly spacing: Spacing;
  readonly seed: number;
  /** Of `count` workers (or shards): takes every arrival k of the whole with k mod count = index. */
  readonly index: number;
  readonly count: number;
};

/**
 * The intended starts of one worker, one a call, in milliseconds from the window's start; `Infinity` after the last. The
 * schedule is that of the whole load: arrival k is due when the profile's area reaches k (k / rate on a level), or k + 1
 * exponential gaps of mean 1 for Poisson (time change of a unit-rate process). Workers together make exactly the whole.
 */
export const arrivalSchedule = (share: ArrivalShare): (() => number) => {
  const { profile, spacing, index, count } = share;
  const timeOf = areaWalk(profile);
  if (spacing === "constant") {
    let arrival = index;
    return () => {
      const time = timeOf(arrival);
      arrival += count;
      return time * 1000;
    };
  }
  const random = userRandom(share.seed, 0, "arrivals");
  let area = 0;
  // Gap by gap, whoever's they are: another order of adding would be another time in the last digit.
  const pass = (gaps: number): void => {
    for (let gap = 0; gap < gaps; gap++) area -= Math.log(1 - random());
  };
  pass(index);
  let gaps = 1;
  return () => {
    pass(gaps);
    gaps = count;
    return timeOf(area) * 1000;
  };
};

const bad = (message: string): Parsed<never> => refused([usageProblem("bad-value", `${message}.`, HINT)]);
