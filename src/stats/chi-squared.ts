import { logGamma } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";

const PRECISION = 1e-15;
const MOST_TERMS = 10_000;
const STEPS = 200;

/** P(X <= x) of chi-squared with `df` > 0 degrees of freedom: the regularised incomplete gamma function P(df/2, x/2) (DLMF 8.7.1, 8.9.2). */
export const chiSquaredCdf = (x: number, df: number): number => {
  if (!(x > 0)) return 0;
  const [a, y] = [df / 2, x / 2];
  const scale = Math.exp(a * Math.log(y) - y - logGamma(a));
  return y < a + 1 ? Math.min(1, scale * lowerSeries(a, y)) : Math.max(0, 1 - scale * upperFraction(a, y));
};

/** The x with P(X <= x) = p, 0 < p < 1: bisection around the cube of a normal (Wilson and Hilferty, PNAS 17:684, 1931). */
export const chiSquaredQuantile = (p: number, df: number): number => {
  const guess = df * Math.max(0, 1 - 2 / (9 * df) + normalQuantile(p) * Math.sqrt(2 / (9 * df))) ** 3;
  let [low, high] = [0, Math.max(1, 2 * guess)];
  while (chiSquaredCdf(high, df) < p) high *= 2;
  for (let step = 0; step < STEPS && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (chiSquaredCdf(middle, df) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** Two-sided interval of a standard deviation that was estimated as `sd` on `df` degrees of freedom from normal values. */
export const sdInterval = (
  { sd, df }: { readonly sd: number; readonly df: number },
  confidence: number,
): { readonly low: number; readonly high: number } => {
  const tail = (1 - confidence) / 2;
  return {
    low: sd * Math.sqrt(df / chiSquaredQuantile(1 - tail, df)),
    high: sd * Math.sqrt(df / chiSquaredQuantile(tail, df)),
  };
};

/** Sum of y^n / (a (a + 1) ... (a + n)), which converges fast below a + 1. */
const lowerSeries = (a: number, y: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
    term *= y / (a + n);
    sum += term;
  }
  return sum;
};

/** The continued fraction of the upper function, from the front (modified Lentz: Thompson and Barnett, J. Comput. Phys. 64:490, 1986). */
const upperFraction = (a: number, y: number): number => {
  let b = y + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return value;
};
