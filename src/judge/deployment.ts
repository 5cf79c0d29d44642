import type { MeasuredSd, NoiseFloor } from "../baseline/noise-floor.ts";
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
  const measured: MeasuredSd | null = noise?.[id]?.deployment ?? noise?.[splitMetricId(id).metric]?.deployment ?? null;
  return measured === null
    ? { sd: Math.SQRT2 * standard(splitMetricId(id).metric), df: Number.POSITIVE_INFINITY, dataDf: 0 }
    : { sd: Math.SQRT2 * measured.sd, df: measured.df, dataDf: measured.df };
};

const standard = (metric: string): number => {
  if (metric.endsWith("p99")) return FAR_TAIL;
  return metric.endsWith("p90") || metric.endsWith("p95") ? TAIL : MIDDLE;
};
