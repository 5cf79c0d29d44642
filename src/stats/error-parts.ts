import { normalCdf, normalQuantile } from "./normal.ts";
import { studentQuantile, studentTail } from "./student.ts";

/** One independent part of what an estimate may be off by. */
export type ErrorPart = {
  /** The standard error that this part adds to the estimate. */
  readonly sd: number;
  /** Degrees of freedom for Student's t, of data and prior together; `Infinity` where the part is taken as known. */
  readonly df: number;
  /** Degrees of freedom that come from data: the share of `sd` that varies from one sample to the next. */
  readonly dataDf: number;
};

/** Beyond this many standard errors of the normal no level is told apart: 1 - level must still differ from 1 in a double. */
const FARTHEST = 7;
const STEPS = 100;
const PRECISION = 1e-10;

/**
 * What the estimate stays within when nothing changed, one-sided at `level`: each part's t * sd, added in quadrature.
 * Exact for one part. For several it is Cochran's way with the Behrens-Fisher problem (Biometrics 20:191, 1964): a
 * quantile per part instead of one for the sum, a little too wide and never too narrow by more than the trials in
 * docs/methodology.md show.
 */
export const halfWidth = (parts: readonly ErrorPart[], level: number): number =>
  Math.hypot(...parts.map((part) => (part.sd === 0 ? 0 : studentQuantile(1 - level, part.df) * part.sd)));

/** One-sided p-value of a distance from "no change": the level at which the half width is that distance. */
export const tailBeyond = (parts: readonly ErrorPart[], distance: number): number => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return studentTail(distance / only.sd, only.df);
  if (Number.isNaN(distance)) return 1;
  if (distance < 0) return 1 - tailBeyond(parts, -distance);
  // Student's t is wider than the normal, so the root lies below the normal's.
  const most = Math.min(FARTHEST, distance / standardError(parts));
  return normalCdf(-rootOf((z) => halfWidth(parts, normalCdf(-z)) - distance, most));
};

/**
 * Where a rising function crosses 0 between 0 and `most`, or `most` when it does not: bisection, with a secant step from
 * the right where that falls inside the bracket (half widths are convex, so it approaches from one side).
 */
const rootOf = (f: (z: number) => number, most: number): number => {
  let [low, high] = [0, most];
  let atHigh = f(high);
  if (atHigh <= 0) return high;
  let before = { z: high, at: atHigh };
  for (let step = 0; step < STEPS && high - low > PRECISION; step++) {
    const slope = (before.at - atHigh) / (before.z - high);
    const secant = high - atHigh / slope;
    const z = secant > low && secant < high ? secant : (low + high) / 2;
    const at = f(z);
    if (Math.abs(at) <= PRECISION) return z;
    if (at < 0) low = z;
    else {
      before = { z: high, at: atHigh };
      [high, atHigh] = [z, at];
    }
  }
  return high;
};

/** Standard error of the estimate over all parts. */
export const standardError = (parts: readonly ErrorPart[]): number => Math.hypot(...parts.map((part) => part.sd));

/**
 * The true difference that exceeds both its one-sided bound at `level` and `limit` with probability `power`.
 * Non-central t in the approximation bound + z_power * sqrt(sd^2 * (1 + t^2 * Var(s) / s^2)) (Johnson and Welch, Biometrika
 * 31:362, 1940), part by part, where only the data's share of s varies; a limit beyond the bound needs no test, only the
 * estimate.
 */
export const detectableDifference = (
  parts: readonly ErrorPart[],
  wish: { readonly level: number; readonly power: number; readonly limit: number },
): number => {
  const z = normalQuantile(wish.power);
  const scatter = Math.hypot(...parts.map((part) => scatterOf(part, wish.level)));
  return Math.max(halfWidth(parts, wish.level) + z * scatter, wish.limit + z * standardError(parts));
};

/** How much estimate minus bound scatters by this part. */
const scatterOf = ({ sd, df, dataDf }: ErrorPart, level: number): number => {
  if (sd === 0) return 0;
  const varianceOfSd = df === 0 || df === Number.POSITIVE_INFINITY ? 0 : dataDf / (2 * df ** 2);
  return sd * Math.sqrt(1 + studentQuantile(1 - level, df) ** 2 * varianceOfSd);
};
