import { metricInfo, splitMetricId } from "../config/metric-catalog.ts";
import type { TestFingerprint } from "../record/record.ts";
import type { Calibration } from "./calibration.ts";
import { loadDifferences } from "./compatible.ts";

/** A standard deviation of logs that was measured, and on how many degrees of freedom it rests. */
export type MeasuredSd = { readonly sd: number; readonly df: number };

/**
 * What `calibrate` measured of one target by A/A rounds, by metric id; it replaces the documented priors where it says
 * something. All standard deviations are of the natural log.
 */
export type NoiseFloor = Readonly<
  Record<
    string,
    {
      /** Between runs of the same code: stands in for the spread of a short history. */
      readonly runToRun: MeasuredSd | null;
      /** Of one deployment of the same code: what interleaved rounds cannot cancel. */
      readonly deployment: MeasuredSd | null;
    }
  >
>;

/** A noise floor and the rounds of all calibrations behind it. */
export type CalibratedNoise = { readonly floor: NoiseFloor; readonly rounds: number };

/**
 * Share of the documented spread between runs that rounds of one session cannot show: another hour, runner and network.
 * Half of p50's 10 % is the 5 % run effect of the typical repository in docs/adr/0020-calibration.md.
 */
const BETWEEN_SESSIONS = 0.5;
/** A session never counts for more than the documented prior does (SPEC 12.1): it has seen one hour. */
const MOST_DF = 10;

/**
 * The noise floor for runs of this load: the scatter within each compatible calibration, pooled over them, and what lies
 * between sessions added in quadrature. `null` when no calibration measured this load. One target has one deployment, so
 * the deployment term stays the documented one.
 */
export const noiseFloor = (calibrations: readonly Calibration[], test: TestFingerprint): CalibratedNoise | null => {
  const own = calibrations.filter(({ fingerprint }) => loadDifferences(fingerprint.test, test).length === 0);
  if (own.length === 0) return null;
  const ids = new Set(own.flatMap(({ metrics }) => Object.keys(metrics)));
  const entries = [...ids].flatMap((id) => {
    const measured = own.flatMap(({ metrics }) => metrics[id]?.runToRun ?? []);
    const prior = metricInfo(splitMetricId(id).metric)?.prior ?? null;
    return prior === null ? [] : [[id, { runToRun: withSessions(pooled(measured), prior), deployment: null }] as const];
  });
  return { floor: Object.fromEntries(entries), rounds: own.reduce((sum, { rounds }) => sum + rounds, 0) };
};

/** One variance of several samples, each around its own mean. */
const pooled = (measured: readonly MeasuredSd[]): MeasuredSd => {
  const df = measured.reduce((sum, one) => sum + one.df, 0);
  return { sd: Math.sqrt(measured.reduce((sum, one) => sum + one.df * one.sd ** 2, 0) / df), df };
};

const withSessions = ({ sd, df }: MeasuredSd, prior: number): MeasuredSd => ({
  sd: Math.hypot(sd, BETWEEN_SESSIONS * prior),
  df: Math.min(df, MOST_DF),
});
