import type { DeploymentDraw, Difference } from "../baseline/deployment-draws.ts";
import type { MeasuredSd, NoiseFloor } from "../baseline/noise-floor.ts";
import type { DeploymentNoise } from "../config/config.ts";
import { splitMetricId } from "../config/metric-catalog.ts";
import type { ErrorPart } from "../stats/error-parts.ts";

/**
 * SD of the log that one deployment of the same code adds and that interleaving cannot cancel: placement, code layout,
 * the machines that its environments landed on. 1 % and 1.5 % are SPEC 12.1; tails scatter more than what they are the
 * tail of, so p99 takes twice p95's.
 */
const MIDDLE = 0.01;
const TAIL = 0.015;
const FAR_TAIL = 0.03;

/** The deployment term of head over base: both arms drew one, so it counts twice. */
export const deploymentPart = (id: string, noise: NoiseFloor | null): ErrorPart => {
  const { metric } = splitMetricId(id);
  const measured: MeasuredSd | null = noise?.[id]?.deployment ?? noise?.[metric]?.deployment ?? null;
  return measured === null
    ? { sd: Math.SQRT2 * documentedDeployment(metric), df: Number.POSITIVE_INFINITY, dataDf: 0 }
    : { sd: Math.SQRT2 * measured.sd, df: measured.df, dataDf: measured.df };
};

/** SD of the log that stands in until `calibrate` has measured it. `metric` is an id without its scope. */
export const documentedDeployment = (metric: string): number => {
  if (metric.endsWith("p99")) return FAR_TAIL;
  return metric.endsWith("p90") || metric.endsWith("p95") ? TAIL : MIDDLE;
};

/**
 * Degrees of freedom that the documented term counts for beside draws: the truth of a repository then lies between 0.6 and
 * 2.9 times of it in 95 of 100 (docs/adr/0023-deployment-term.md).
 */
const PRIOR_WEIGHT = 4;
/** A term below this share of the documented one would be luck: few pairs are few machines. */
const LEAST_SHARE = 0.5;

/**
 * The deployment terms that sessions on pairs of deployments have measured, by metric id; `null` without a draw. A
 * difference d with the sampling error e estimates the variance as (d^2 - e^2) / 2. Where variances follow a scaled inverse
 * chi-squared distribution around the documented one, the mean of prior and draws by their degrees of freedom is the
 * posterior's scale (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6); a draw counts for the share of one degree
 * that its own sampling error leaves (Satterthwaite, Biometrics Bull. 2:110, 1946). Assumes normal differences of
 * independent pairs.
 */
export const deploymentNoise = (draws: readonly Pick<DeploymentDraw, "metrics">[]): DeploymentNoise | null => {
  if (draws.length === 0) return null;
  const ids = new Set(draws.flatMap(({ metrics }) => Object.keys(metrics)));
  const terms = [...ids].map((id): readonly [string, MeasuredSd] => [
    id,
    posterior(
      documentedDeployment(id),
      draws.flatMap(({ metrics }) => metrics[id] ?? []),
    ),
  ]);
  return { pairs: draws.length, terms: Object.fromEntries(terms) };
};

/** The same beside what else is known of a target's noise. */
export const deploymentFloor = (noise: DeploymentNoise): NoiseFloor =>
  Object.fromEntries(Object.entries(noise.terms).map(([id, deployment]) => [id, { runToRun: null, deployment }]));

const posterior = (documented: number, differences: readonly Difference[]): MeasuredSd => {
  const prior = documented ** 2;
  const parts = differences.map(({ log, error: { sd } }) => ({
    variance: (log ** 2 - sd ** 2) / 2,
    df: ((2 * prior) / (2 * prior + sd ** 2)) ** 2,
  }));
  const df = PRIOR_WEIGHT + parts.reduce((sum, part) => sum + part.df, 0);
  const squares = PRIOR_WEIGHT * prior + parts.reduce((sum, part) => sum + part.df * part.variance, 0);
  return { sd: Math.sqrt(Math.max((LEAST_SHARE * documented) ** 2, squares / df)), df };
};
