import { mean, type Spread, sumOfSquares } from "./prediction.ts";

/** Beyond this a few runs cannot be told from a drift, for which there are plateaus. */
const HIGHEST = 0.8;

/**
 * Correlation of one value with the next, 0 to 0.8, over samples in order that have means of their own: the usual lag-1
 * estimate, plus (1 + 4r) / n for its bias (Marriott and Pope, Biometrika 41:390, 1954). Negative ones count as 0: values
 * that alternate are no reason to believe in less scatter.
 */
export const serialCorrelation = (groups: readonly (readonly number[])[]): number => {
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const squares = groups.reduce((sum, group) => sum + sumOfSquares(group), 0);
  if (!(squares > 0)) return 0;
  const r = groups.reduce((sum, group) => sum + neighbourProducts(group), 0) / squares;
  return Math.min(HIGHEST, Math.max(0, r + (1 + 4 * r) / n));
};

const neighbourProducts = (group: readonly number[]): number => {
  const centre = mean(group);
  return group.slice(1).reduce((sum, value, i) => sum + (value - centre) * ((group[i] ?? centre) - centre), 0);
};

/**
 * The spread with which s * sqrt(1/n + 1/m) holds for the value after `n` others of which each resembles the one before it,
 * correlation rho^k at a distance of k. Such values scatter less around their own mean than they will around it next
 * time, by (1 - D/n) n / (n - 1) with D = 1 + 2 sum (1 - k/n) rho^k (Anderson, The Statistical Analysis of Time Series, 1971,
 * section 8.3), and tell of it with about (1 - rho^2) / (1 + rho^2) as many degrees of freedom (Bayley and Hammersley, J. R. Stat. Soc.
 * Suppl. 8:184, 1946). Never narrower than `spread`.
 */
export const widenedFor = (rho: number, n: number, spread: Spread): Spread => {
  if (rho === 0 || n < 2) return spread;
  const lags = Array.from({ length: n - 1 }, (_, i) => i + 1);
  const inside = 1 + 2 * lags.reduce((sum, k) => sum + (1 - k / n) * rho ** k, 0);
  const withNext = [...lags, n].reduce((sum, k) => sum + rho ** k, 0) / n;
  const error = (1 + inside / n - 2 * withNext) / (1 + 1 / n);
  const seen = (1 - inside / n) * (n / (n - 1));
  const known = (1 - rho ** 2) / (1 + rho ** 2);
  return {
    sd: spread.sd * Math.sqrt(Math.max(1, error / seen)),
    df: spread.df * known,
    dataDf: spread.dataDf * known,
  };
};
