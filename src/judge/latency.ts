import type { LimitTerm } from "../config/limits.ts";
import { detectableDifference, differenceError, halfWidth, type Spread } from "../stats/prediction.ts";
import { studentTail } from "../stats/student.ts";
import type { Comparison, Observed } from "./comparison.ts";
import { INTERVAL_CONFIDENCE, POWER } from "./levels.ts";

/** How the head's value answers to a shift of the log that the noise could have caused. */
export type Response = {
  readonly value: number;
  /** The value if the log had been higher by `shift`. */
  readonly at: (shift: number) => number;
  /** How far the log must fall for the value to be `target`. */
  readonly above: (target: number) => number;
};

export type LogData = {
  readonly worse: "up" | "down";
  readonly head: Response;
  readonly spread: Spread;
  readonly baseRuns: number;
  readonly headRuns: number;
  readonly headSamples: number;
};

/** A value that moves with its own log: latencies and most levels. */
export const plainResponse = (value: number): Response => ({
  value,
  at: (shift) => value * Math.exp(shift),
  above: (target) => Math.log(value / target),
});

/**
 * Prediction interval of head over base on the log scale, half width t * s * sqrt(1/n + 1/m) (reference/ci-gates.md 10.3).
 * `base` is the plateau's value, greater than 0. Assumes that logs of runs of the same code are normal and independent, with the same spread on both sides.
 */
export const compareLogs = (data: LogData, base: number): Comparison => {
  const { head, spread } = data;
  const sign = data.worse === "up" ? 1 : -1;
  const error = differenceError(spread, data.baseRuns, data.headRuns);
  const half = halfWidth(error, spread, (1 - INTERVAL_CONFIDENCE) / 2);
  const [low, high] = [head.at(-half) / base, head.at(half) / base];
  const estimate = sign * Math.log(head.value / base);
  const distance = (sign * head.above(base)) / error;
  const pWorse = studentTail(distance, spread.df);
  const pBetter = studentTail(-distance, spread.df);
  const limitOf = (terms: readonly LimitTerm[]): number => limitLog(terms, base, sign);
  return {
    base,
    change: { kind: "ratio", ratio: head.value / base, low, high },
    pWorse,
    pBetter,
    atLeast: (side, level) => {
      if ((side === "worse" ? pWorse : pBetter) > level) return null;
      const towardsBase = side === "worse" ? -sign : sign;
      return head.at(towardsBase * halfWidth(error, spread, level)) / base - 1;
    },
    exceeds: (terms) => estimate > limitOf(terms),
    improvesByHalf: (terms) => -estimate > improvementLog(terms, base, sign),
    inside: (terms) => (sign === 1 ? Math.log(high) : -Math.log(low)) < limitOf(terms),
    detectable: (terms, level) => {
      const shift = detectableDifference(error, spread, { level, power: POWER, limit: limitOf(terms) });
      return Number.isFinite(shift) ? sign * Math.expm1(sign * shift) : null;
    },
    decidable: (terms) => half < limitOf(terms),
    doubt: null,
  };
};

/** The head by itself: beyond a bound when the spread between runs does not explain the excess. */
export const observeLogs = (data: LogData): Observed => {
  const sign = data.worse === "up" ? 1 : -1;
  const error = data.spread.sd * Math.sqrt(1 / data.headRuns);
  return {
    value: data.head.value,
    samples: data.headSamples,
    runs: data.headRuns,
    pBeyond: (bound) => studentTail((sign * data.head.above(bound)) / error, data.spread.df),
  };
};

/** The effective limit as a distance of logs in the worse direction: all terms must be exceeded, so the farthest counts. */
const limitLog = (terms: readonly LimitTerm[], base: number, sign: number): number =>
  Math.max(0, ...terms.map((term) => sign * safeLog(1 + shareOf(term, base), sign)));

/**
 * Half of the limit in the better direction. Beyond +100 % half a limit is more than everything there is to gain: there
 * the mirror of the limit itself is asked for.
 */
const improvementLog = (terms: readonly LimitTerm[], base: number, sign: number): number =>
  Math.max(
    0,
    ...terms.map((term) => {
      const limit = shareOf(term, base);
      const half = 1 - limit / 2;
      const asked = term.kind === "relative" && limit > 1 ? 1 / (1 + limit) : half;
      return -sign * safeLog(asked, -sign);
    }),
  );

/** A term as a signed share of the base. */
const shareOf = (term: LimitTerm, base: number): number => {
  switch (term.kind) {
    case "relative":
      return term.share;
    case "amount":
      return term.amount / base;
    case "points":
      return term.points / base;
    case "at-most":
    case "at-least":
      return 0;
  }
};

/** A ratio of 0 or less cannot be reached, in whichever direction it was asked for. */
const safeLog = (ratio: number, direction: number): number =>
  ratio > 0 ? Math.log(ratio) : direction * Number.POSITIVE_INFINITY;
