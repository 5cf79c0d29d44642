import type { ErrorPart } from "./error-parts.ts";

/** An estimate of a standard deviation and how well it is known. */
export type Spread = {
  readonly sd: number;
  /** Degrees of freedom for Student's t: of the data and of the prior together. */
  readonly df: number;
  /** Degrees of freedom that come from data: the part of `sd` that varies from one sample to the next. */
  readonly dataDf: number;
};

/**
 * Standard deviation from data and a prior that counts like `weight` earlier observations:
 * s^2 = (weight * prior^2 + SS) / (weight + df), the posterior scale of a scaled inverse chi-squared prior (Gelman et al.,
 * Bayesian Data Analysis, 3rd ed., section 2.6). `groups` are samples with means of their own; assumes they share one
 * normal spread.
 */
export const combinedSpread = (
  groups: readonly (readonly number[])[],
  prior: { readonly sd: number; readonly weight: number },
): Spread => {
  const dataDf = groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);
  const squares = groups.reduce((sum, group) => sum + sumOfSquares(group), 0);
  const df = prior.weight + dataDf;
  return { sd: df === 0 ? prior.sd : Math.sqrt((prior.weight * prior.sd ** 2 + squares) / df), df, dataDf };
};

/**
 * Standard error of the difference between the mean of n and the mean of m runs of the same code,
 * s * sqrt(1/n + 1/m): with Student's t the prediction interval for the second mean (reference/ci-gates.md 10.3).
 */
export const differenceError = (spread: Spread, n: number, m: number): ErrorPart => ({
  sd: spread.sd * Math.sqrt(1 / n + 1 / m),
  df: spread.df,
  dataDf: spread.dataDf,
});

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of values greater than 0; equal values give exactly that value, so that a limit it touches is not exceeded. */
export const geometricMean = (values: readonly number[]): number => {
  const [first = Number.NaN] = values;
  return values.every((value) => value === first) ? first : Math.exp(mean(values.map((value) => Math.log(value))));
};

/** Sum of squared distances from the mean; 0 for fewer than two values. */
export const sumOfSquares = (values: readonly number[]): number => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
};
