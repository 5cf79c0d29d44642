import { incompleteBeta } from "./beta.ts";
import { logGamma } from "./gamma.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

const NEWTON_STEPS = 200;

/** P(T > t) of Student's t with `df` > 0 degrees of freedom (`Infinity` is the normal); exact in the tail (DLMF 8.17, A&S 26.7.1). */
export const studentTail = (t: number, df: number): number => {
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  if (df === Number.POSITIVE_INFINITY) return normalCdf(-t);
  const outside = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t >= 0 ? outside : 1 - outside;
};

/** P(T <= t). */
export const studentCdf = (t: number, df: number): number => studentTail(-t, df);

/**
 * The t with P(T <= t) = p, 0 < p < 1. Newton's method from the expansion in powers of 1/df (A&S 26.7.5), cut off where
 * its terms still add: that lies nearer to 0 than the root, where the tail is convex, so the steps approach from one side.
 */
export const studentQuantile = (p: number, df: number): number => {
  if (p < 0.5) return -studentQuantile(1 - p, df);
  if (p === 0.5) return 0;
  const z = normalQuantile(p);
  if (df === Number.POSITIVE_INFINITY) return z;
  let t = z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const next = t + (studentTail(t, df) - (1 - p)) / density(t, df);
    if (Math.abs(next - t) <= 1e-12 * Math.max(1, next)) return next;
    t = next;
  }
  return t;
};

const density = (t: number, df: number): number =>
  Math.exp(
    logGamma((df + 1) / 2) -
      logGamma(df / 2) -
      0.5 * Math.log(df * Math.PI) -
      ((df + 1) / 2) * Math.log1p((t * t) / df),
  );
