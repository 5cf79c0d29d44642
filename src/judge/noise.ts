import type { Calibration, MetricNoise } from "../baseline/calibration.ts";
import type { MeasuredSd } from "../baseline/noise-floor.ts";
import { metricInfo, splitMetricId } from "../config/metric-catalog.ts";
import type { RunSummary } from "../record/summary.ts";
import { sdInterval } from "../stats/chi-squared.ts";
import { geometricMean, sumOfSquares } from "../stats/prediction.ts";
import { INTERVAL_CONFIDENCE } from "./levels.ts";
import { busyPerRequest } from "./required-concurrency.ts";
import { LEAST_SD } from "./spread.ts";

/**
 * What A/A rounds of one target say about its noise, by metric id: at least two rounds, in the order in which they were
 * measured. Metrics that some round lacks, or has on too few samples, are left out; counts bring their own spread.
 */
export const measureNoise = (rounds: readonly RunSummary[]): Calibration["metrics"] => {
  const ids = Object.keys(rounds[0]?.values ?? {}).filter((id) => isOnLogScale(id));
  const figures: readonly (readonly [string, readonly number[]])[] = [
    ...ids.map((id) => [id, rounds.map((round) => figureOf(round, id))] as const),
    ["required-concurrency", rounds.map((round) => busyPerRequest(round, null))],
  ];
  return Object.fromEntries(
    figures.filter(([, values]) => values.every((value) => value > 0)).map(([id, values]) => [id, noiseOf(values)]),
  );
};

const isOnLogScale = (id: string): boolean => (metricInfo(splitMetricId(id).metric)?.prior ?? null) !== null;

/** 0 where the round cannot speak. */
const figureOf = (round: RunSummary, id: string): number => {
  const needed = metricInfo(splitMetricId(id).metric)?.minSamples ?? 1;
  const samples = round.samples[id] ?? (needed === 1 ? 1 : 0);
  return samples >= needed ? (round.values[id] ?? 0) : 0;
};

const noiseOf = (values: readonly number[]): MetricNoise => {
  const logs = values.map(Math.log);
  return { level: geometricMean(values), runToRun: plainSd(logs), round: neighbourSd(logs) };
};

const plainSd = (logs: readonly number[]): MeasuredSd => {
  const df = logs.length - 1;
  return { sd: Math.sqrt(sumOfSquares(logs) / df), df };
};

/**
 * From the differences of neighbours, half of their mean square, so that a slow drift stays out (von Neumann, Ann. Math.
 * Stat. 12:367, 1941). Its variance over sigma^4 is (3n - 4) / (n - 1)^2, as that of 2 (n - 1)^2 / (3n - 4) degrees of
 * freedom.
 */
const neighbourSd = (logs: readonly number[]): MeasuredSd => {
  const n = logs.length;
  const squares = logs.slice(1).reduce((sum, log, i) => sum + (log - (logs[i] ?? log)) ** 2, 0);
  return { sd: Math.sqrt(squares / (2 * (n - 1))), df: (2 * (n - 1) ** 2) / (3 * n - 4) };
};

/** Two-sided 95 % interval of the spread between runs; assumes that logs of rounds are normal and independent. */
export const spreadInterval = ({ runToRun }: MetricNoise): { readonly low: number; readonly high: number } =>
  sdInterval(runToRun, INTERVAL_CONFIDENCE);

/** One-sided 1 % point of the normal. */
const SURELY_DRIFTED = 2.326;

/**
 * Whether the target moved during the session: neighbours agree better than rounds at large, beyond chance at 1 %. Under
 * independence the ratio of the two variances has mean 1 and variance (n - 2) / (n^2 - 1) (von Neumann, as above).
 */
export const hasDrifted = ({ runToRun, round }: MetricNoise): boolean => {
  const n = runToRun.df + 1;
  if (runToRun.sd <= LEAST_SD) return false;
  return 1 - (round.sd / runToRun.sd) ** 2 > SURELY_DRIFTED * Math.sqrt((n - 2) / (n ** 2 - 1));
};
