import type { NoiseFloor } from "../baseline/noise-floor.ts";
import type { Tally } from "../stats/exact-tests.ts";
import { combinedSpread, type Spread } from "../stats/prediction.ts";
import type { Question } from "./measured.ts";

/** From this many runs on the plateau the data speak for themselves (SPEC 12.1). */
export const LEARNED_RUNS = 15;
/** What the prior counts for in degrees of freedom while one run shows no spread of its own (SPEC 12.1). */
const ALONE_WEIGHT = 10;
/** And beside the first runs that do: fewer let it go sooner where a repository is calmer (docs/adr/0010-history-mode.md). */
const BESIDE_WEIGHT = 6;
/** 1 / (sqrt(3) * gamma(5 / 2) / gamma(3)), for a weight of 6. */
const SCALE_OF_MEAN = 0.868_628;
/** What "failures do not clump" counts for, in degrees of freedom. */
const CHANCE_WEIGHT = 10;
/** Runs never agree better than this: histograms keep three significant digits. SD of the log. */
export const LEAST_SD = 0.005;

/** A standard deviation of the log that stands in for a short history, and the degrees of freedom it counts for. */
export type Prior = {
  /** As documented, or as measured. */
  readonly sd: number;
  /** As it enters the sum of squares. */
  readonly scale: number;
  readonly weight: number;
  /** `calibrate` measured it. */
  readonly calibrated?: boolean;
};

/** For what runs show by themselves. */
export const NO_PRIOR: Prior = { sd: 0, scale: 0, weight: 0 };

/**
 * The prior that still counts beside so many runs: what `calibrate` measured, else the catalogue's; none from 15 base runs on.
 *
 * Repositories differ, and the documented SD is their mean. Where variances follow a scaled inverse chi-squared
 * distribution the mean SD is scale * sqrt(w / 2) * gamma((w - 1) / 2) / gamma(w / 2) (Gelman et al., Bayesian Data Analysis,
 * 3rd ed., appendix A).
 */
export const priorFor = (
  question: Pick<Question, "id" | "info">,
  noise: NoiseFloor | null,
  runs: { readonly base: number; readonly heads: number },
): Prior => {
  const measured = noise?.[question.id]?.runToRun ?? noise?.[question.info.id]?.runToRun ?? null;
  const sd = measured?.sd ?? question.info.prior ?? 0;
  if (runs.base >= LEARNED_RUNS) return { sd, scale: sd, weight: 0 };
  if (measured !== null) return { sd, scale: sd, weight: measured.df, calibrated: true };
  return runs.base <= 1 && runs.heads <= 1
    ? { sd, scale: sd, weight: ALONE_WEIGHT }
    : { sd, scale: sd * SCALE_OF_MEAN, weight: BESIDE_WEIGHT };
};

/** A prior of one's own that counts until the base shows enough runs. SD of the log. */
export const plainPrior = (sd: number, baseRuns: number): Prior => ({
  sd,
  scale: sd,
  weight: baseRuns >= LEARNED_RUNS ? 0 : ALONE_WEIGHT,
});

/** The prior as results show it: as it is documented, or was measured. */
export const toldPrior = ({ sd, weight, calibrated }: Prior): Omit<Prior, "scale"> | null => {
  if (weight === 0) return null;
  return { sd, weight, ...(calibrated === undefined ? {} : { calibrated }) };
};

/**
 * Spread of the log between runs of the same code: what several groups of runs show, each around its own mean, with the
 * prior that still counts.
 */
export const runSpread = (groups: readonly (readonly number[])[], prior: Prior): Spread => {
  const spread = combinedSpread(groups, { sd: prior.scale, weight: prior.weight });
  return { ...spread, sd: Math.max(LEAST_SD, spread.sd) };
};

/**
 * How much more counts scatter between base runs, or base rounds, than chance alone allows (1 is chance): Pearson's
 * chi-squared over its degrees of freedom, with a prior of "no more than chance" until there are 15 of them. Dividing
 * events and trials by it makes exact tests honest about failures that come in clumps (Rao and Scott, Biometrics 48:577,
 * 1992).
 */
export const designEffect = (runs: readonly Tally[]): number => {
  const trials = runs.reduce((sum, run) => sum + run.trials, 0);
  const share = runs.reduce((sum, run) => sum + run.events, 0) / trials;
  if (runs.length < 2 || !(share > 0) || share >= 1) return 1;
  const chiSquared = runs.reduce(
    (sum, run) => sum + (run.events - run.trials * share) ** 2 / (run.trials * share * (1 - share)),
    0,
  );
  const weight = runs.length >= LEARNED_RUNS ? 0 : CHANCE_WEIGHT;
  return Math.max(1, (weight + chiSquared) / (weight + runs.length - 1));
};
