import type { Tally } from "../stats/exact-tests.ts";
import { mean, sumOfSquares } from "../stats/prediction.ts";
import { studentQuantile } from "../stats/student.ts";
import { designEffect, LEAST_SD } from "./spread.ts";

/** A step becomes the new normal once it has held for this many runs (SPEC 12.1). */
const HELD_RUNS = 5;
/** Chance of seeing a step in a history that has none. */
const STEP_ERROR = 0.01;
/** Smaller steps cannot make a pull request fail by themselves: half of the default limits. */
const LEAST_LOG_STEP = Math.log(1.05);
const LEAST_POINTS_STEP = 0.0025;

/** How far beyond chance and beyond the least size the second part differs from the first: a step from 1 on. */
export type Contrast<T> = (before: readonly T[], after: readonly T[]) => number;

/**
 * Where new plateaus begin in runs sorted by time, as indices; the last one begins the current plateau. Binary
 * segmentation (Scott and Knott, Biometrics 30:507, 1974): the clearest split first, then both of its sides. A split that
 * has not held yet cuts nothing, and the runs after it are set aside while older splits are looked for.
 */
export const findSteps = <T>(runs: readonly T[], contrast: Contrast<T>): readonly number[] => {
  const cut = clearestCut(runs, contrast);
  if (cut === null) return [];
  const older = findSteps(runs.slice(0, cut), contrast);
  if (runs.length - cut < HELD_RUNS) return older;
  return [...older, cut, ...findSteps(runs.slice(cut), contrast).map((index) => cut + index)];
};

/**
 * Where the newest runs, too few for a plateau of their own, differ most from those before them; `null` when they do not
 * differ. Asked more gently than for a step: it moves no plateau, it only makes a `fail` answer to the newest runs too.
 */
export const youngStep = <T>(runs: readonly T[], contrast: Contrast<T>): number | null => {
  const most = Math.min(HELD_RUNS - 1, runs.length - 1);
  const scores = Array.from({ length: most }, (_, i) => {
    const cut = runs.length - 1 - i;
    return { cut, score: contrast(runs.slice(0, cut), runs.slice(cut)) };
  });
  const best = scores.toSorted((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= 1 ? best.cut : null;
};

/** The t that a difference must reach, by degrees of freedom. */
type Critical = (df: number) => number;

/** Difference of mean logs against the scatter within both parts; the data alone, a prior would hide real steps. */
const logContrastAt =
  (critical: Critical): Contrast<number> =>
  (before, after) => {
    const df = before.length + after.length - 2;
    if (df < 1) return 0;
    const sd = Math.max(LEAST_SD, Math.sqrt((sumOfSquares(before) + sumOfSquares(after)) / df));
    const needed = critical(df) * sd * Math.sqrt(1 / before.length + 1 / after.length);
    return Math.abs(mean(after) - mean(before)) / Math.max(needed, LEAST_LOG_STEP);
  };

/** Two-sided, shared among all places where the history could be cut (Bonferroni). */
const stepT: Critical = (df) => studentQuantile(1 - STEP_ERROR / (2 * (df + 1)), df);
const youngT: Critical = (df) => studentQuantile(1 - STEP_ERROR, df);

export const logContrast = logContrastAt(stepT);
export const youngLogContrast = logContrastAt(youngT);

/** Difference of pooled shares against binomial scatter, widened where counts scatter more than that. */
const countContrastAt =
  (critical: Critical): Contrast<Tally> =>
  (before, after) => {
    const df = before.length + after.length - 2;
    if (df < 1) return 0;
    const [a, b] = [pooled(before), pooled(after)];
    const share = (a.events + b.events) / (a.trials + b.trials);
    const effect = Math.max(designEffect(before), designEffect(after));
    const error = Math.sqrt(effect * share * (1 - share) * (1 / a.trials + 1 / b.trials));
    const needed = Math.max(critical(df) * error, LEAST_POINTS_STEP);
    return Math.abs(b.events / b.trials - a.events / a.trials) / needed;
  };

export const countContrast = countContrastAt(stepT);
export const youngCountContrast = countContrastAt(youngT);

/** All events and trials of several runs together. */
export const pooled = (runs: readonly Tally[]): Tally => ({
  events: runs.reduce((sum, run) => sum + run.events, 0),
  trials: runs.reduce((sum, run) => sum + run.trials, 0),
});

const clearestCut = <T>(runs: readonly T[], contrast: Contrast<T>): number | null => {
  let best: { readonly cut: number; readonly score: number } | null = null;
  for (let cut = 1; cut < runs.length; cut++) {
    const score = contrast(runs.slice(0, cut), runs.slice(cut));
    if (score >= 1 && (best === null || score > best.score)) best = { cut, score };
  }
  return best?.cut ?? null;
};
