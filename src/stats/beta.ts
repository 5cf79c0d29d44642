import { logGamma } from "./gamma.ts";

/** The fraction needs about the square root of its larger argument in steps: enough for ten million trials. */
const MAX_STEPS = 20_000;
const PRECISION = 1e-15;
const TINY = 1e-300;

/**
 * Regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1: the distribution function of Student's t,
 * of the binomial and of the beta distribution. Continued fraction of DLMF 8.17.22, on the side where it converges fast.
 */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
};

/** Lentz's method as modified by Thompson and Barnett, J. Comput. Phys. 64:490 (1986): never divides by zero. */
const continuedFraction = (x: number, a: number, b: number): number => {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    let change = 1;
    for (const step of [evenStep(x, a, b, m), oddStep(x, a, b, m)]) {
      d = 1 / away(1 + step * d);
      c = away(1 + step / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return value;
};

const evenStep = (x: number, a: number, b: number, m: number): number =>
  (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
const oddStep = (x: number, a: number, b: number, m: number): number =>
  (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
