import { combinedSpread, type Spread } from "../stats/prediction.ts";

/** From this many runs on the plateau the data speak for themselves (SPEC 12.1). */
export const LEARNED_RUNS = 15;
/** What the prior counts for until then, in degrees of freedom. */
const PRIOR_WEIGHT = 10;
/** Runs never agree better than this: histograms keep three significant digits. SD of the log. */
export const LEAST_SD = 0.005;

/**
 * Spread of the log between runs of the same code: what the plateau's runs and several heads show, each around its own
 * mean, with the metric's prior until there are 15 base runs.
 */
export const runSpread = (base: readonly number[], head: readonly number[], prior: number): Spread => {
  const weight = base.length >= LEARNED_RUNS ? 0 : PRIOR_WEIGHT;
  const spread = combinedSpread([base, head], { sd: prior, weight });
  return { ...spread, sd: Math.max(LEAST_SD, spread.sd) };
};

/**
 * How much more counts scatter between base runs than chance alone allows (1 is chance): Pearson's chi-squared over its
 * degrees of freedom, with a prior of "no more than chance" in the same weight as above. Dividing events and trials by
 * it makes exact tests honest about failures that come in clumps (Rao and Scott, Biometrics 48:577, 1992).
 */
export const designEffect = (runs: readonly { readonly events: number; readonly trials: number }[]): number => {
  const trials = runs.reduce((sum, run) => sum + run.trials, 0);
  const share = runs.reduce((sum, run) => sum + run.events, 0) / trials;
  if (runs.length < 2 || !(share > 0) || share >= 1) return 1;
  const chiSquared = runs.reduce(
    (sum, run) => sum + (run.events - run.trials * share) ** 2 / (run.trials * share * (1 - share)),
    0,
  );
  const weight = runs.length >= LEARNED_RUNS ? 0 : PRIOR_WEIGHT;
  return Math.max(1, (weight + chiSquared) / (weight + runs.length - 1));
};
