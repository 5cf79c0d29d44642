import type { LimitTerm } from "../config/limits.ts";
import { detectableDifference, type ErrorPart, halfWidth, tailBeyond } from "../stats/error-parts.ts";
import type { Spread } from "../stats/prediction.ts";
import { studentTail } from "../stats/student.ts";
import type { Comparison, Observed } from "./comparison.ts";
import type { HowData, HowPart } from "./how.ts";
import { INTERVAL_CONFIDENCE, POWER, SOFTEST_LEVEL } from "./levels.ts";

/** How the head's value answers to a shift of the log that the noise could have caused. */
export type Response = {
  readonly value: number;
  /** The value if the log had been higher by `shift`. */
  readonly at: (shift: number) => number;
  /** How far the log must fall for the value to be `target`. */
  readonly above: (target: number) => number;
};

/** What the estimate of a log-ratio may be off by, part by part, each with where it comes from. */
export type NamedPart = ErrorPart & Pick<HowPart, "of">;

export type LogData = {
  readonly worse: "up" | "down";
  readonly head: Response;
  readonly parts: readonly NamedPart[];
  /** The same error as the runs show it by themselves, where a documented prior still counts in `parts`. */
  readonly own: ErrorPart | null;
  /** Why a proven excess would still say little, as a clause. */
  readonly doubt: string | null;
  readonly shown: Omit<Extract<HowData, { kind: "logs" }>, "kind" | "parts" | "own" | "half">;
};

/** A value that moves with its own log: latencies and most levels. */
export const plainResponse = (value: number): Response => ({
  value,
  at: (shift) => value * Math.exp(shift),
  above: (target) => Math.log(value / target),
});

/**
 * Interval of head over base on the log scale, from the parts of its error (reference/ci-gates.md 10.3). `base` is the
 * base's value, greater than 0. Assumes that logs of runs, or log-ratios of rounds, of the same code are normal and
 * independent with one spread.
 */
export const compareLogs = (data: LogData, base: number): Comparison => {
  const { head, parts } = data;
  const strict = parts.map(heavierTailed);
  const sign = data.worse === "up" ? 1 : -1;
  const half = intervalHalf(data);
  const [low, high] = [head.at(-half) / base, head.at(half) / base];
  const estimate = sign * Math.log(head.value / base);
  const distance = sign * head.above(base);
  const pBeyond = tailBeyond(strict, Math.abs(distance));
  const [pWorse, pBetter] = distance >= 0 ? [pBeyond, 1 - pBeyond] : [1 - pBeyond, pBeyond];
  const limitOf = (terms: readonly LimitTerm[]): number => limitLog(terms, base, sign);
  const boundOf = (towardsBase: number, level: number): number =>
    head.at(towardsBase * halfWidth(strict, level)) / base;
  return {
    base,
    change: { kind: "ratio", ratio: head.value / base, low, high },
    pWorse,
    pBetter,
    learned: data.shown.design === "runs" && data.shown.prior === null,
    atLeast: (side, level) => {
      if ((side === "worse" ? pWorse : pBetter) > level) return null;
      return boundOf(side === "worse" ? -sign : sign, level) - 1;
    },
    exceeds: (terms) => estimate > limitOf(terms),
    boundExceeds: (terms, level) => pWorse <= level && sign * Math.log(boundOf(-sign, level)) > limitOf(terms),
    improvesByHalf: (terms) => -estimate > improvementLog(terms, base, sign),
    inside: (terms) => (sign === 1 ? Math.log(high) : -Math.log(low)) < limitOf(terms),
    detectable: (terms, level) => {
      const shift = detectableDifference(strict, { level, power: POWER, limit: limitOf(terms) });
      return Number.isFinite(shift) ? sign * Math.expm1(sign * shift) : null;
    },
    undecidable: sign * Math.expm1(sign * half),
    doubt: data.doubt,
    effective: (terms) => {
      const limit = limitOf(terms);
      return Number.isFinite(limit) ? Math.expm1(sign * limit) : sign * limit;
    },
    data: (level) => ({
      kind: "logs",
      ...data.shown,
      parts: parts.map(({ of, sd, df }) => ({ of, sd, df: Number.isFinite(df) ? df : null })),
      ...(data.own === null ? {} : { own: { sd: data.own.sd, df: data.own.df } }),
      half: { interval: half, strict: halfWidth(strict, level) },
    }),
  };
};

/**
 * Half width of the 95 % interval. From a few runs on it is their own: a documented spread is wider than most targets, and
 * an interval that holds the truth every time says less than it could. Never wider than the documented spread allows
 * at the softest strict level, so that what is proved worse lies beyond no change (docs/adr/0024-intervals-of-few-runs.md).
 */
const intervalHalf = ({ parts, own }: LogData): number => {
  const level = (1 - INTERVAL_CONFIDENCE) / 2;
  return own === null ? halfWidth(parts, level) : Math.min(halfWidth([own], level), halfWidth(parts, SOFTEST_LEVEL));
};

/** Once runs speak for themselves, at most so many degrees of freedom are believed far out in the tail. */
export const TAIL_DF = 10;

/**
 * The part as the strict tests see it. Run-to-run noise has heavier tails than the normal: a 95 % interval bears that, a
 * level of 0.25 % does not. Few degrees of freedom, however many runs there are, keep false fails near the level (trials
 * in bench/JUDGE.md, "heavy tails"). While a prior still counts, it is what widens the test.
 */
const heavierTailed = (part: NamedPart): NamedPart =>
  part.of === "runs" && part.df > TAIL_DF
    ? // The spread is as well known as before: its variance is to stay dataDf / (2 df^2).
      { ...part, df: TAIL_DF, dataDf: (part.dataDf * TAIL_DF ** 2) / part.df ** 2 }
    : part;

/** The head by itself: beyond a bound when the spread between runs does not explain the excess. */
export const observeLogs = (own: {
  readonly worse: "up" | "down";
  readonly head: Response;
  readonly spread: Spread;
  /** Runs or rounds that the value is of, and how many of them are runs of their own: rounds share one session. */
  readonly runs: number;
  readonly apart: number;
  readonly samples: number;
}): Observed => {
  const sign = own.worse === "up" ? 1 : -1;
  const error = own.spread.sd * Math.sqrt(1 / own.apart);
  return {
    value: own.head.value,
    samples: own.samples,
    runs: own.runs,
    pBeyond: (bound) => studentTail((sign * own.head.above(bound)) / error, own.spread.df),
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
