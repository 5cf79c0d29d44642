/** Where the series hands over to the continued fraction: both are exact to 15 digits there. */
const SERIES_UP_TO = 3;
const SERIES_TERMS = 60;
const FRACTION_LEVELS = 80;
const NEWTON_STEPS = 60;

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(Z <= z) of the standard normal distribution; keeps its relative precision in the lower tail. */
export const normalCdf = (z: number): number => {
  if (z < -SERIES_UP_TO) return lowerTail(z);
  if (z > SERIES_UP_TO) return 1 - lowerTail(-z);
  return 0.5 + normalDensity(z) * series(z);
};

/**
 * The z with P(Z <= z) = p. The distribution function is concave right of 0, so Newton's method from 0 climbs to the
 * root without overshooting.
 */
export const normalQuantile = (p: number): number => {
  if (!(p > 0)) return Number.NEGATIVE_INFINITY;
  if (!(p < 1)) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  let z = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const next = z - (normalCdf(z) - p) / normalDensity(z);
    if (Math.abs(next - z) <= 1e-13 * Math.max(1, Math.abs(next))) return next;
    z = next;
  }
  return z;
};

/** z + z^3/3 + z^5/15 + ...: Marsaglia, "Evaluating the normal distribution", J. Stat. Softw. 11(4), 2004. */
const series = (z: number): number => {
  let term = z;
  let sum = z;
  for (let k = 1; k <= SERIES_TERMS; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return sum;
};

/** Laplace's continued fraction of Mills' ratio (DLMF 7.9.1). */
const lowerTail = (z: number): number => {
  let fraction = 0;
  for (let k = FRACTION_LEVELS; k >= 1; k--) fraction = k / (-z + fraction);
  return normalDensity(z) / (-z + fraction);
};
