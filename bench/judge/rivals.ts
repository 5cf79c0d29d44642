/**
 * Re-implementations of other tools' rules, on the same figures (reference: docs/methodology.md, "Other rules"). Each gives
 * a score that rises with the suspicion, and fails above a threshold: its own default, or one tuned to a rate of false
 * alarms.
 */
import type { Figures } from "./figures.ts";
import type { Run } from "./history-corpus.ts";
import type { Histogram } from "./simulate.ts";

export type HistoryData = {
  /** The base's runs that are known, oldest first. */
  readonly base: readonly Figures[];
  readonly newest: Run;
  readonly head: Run;
};

export type Rule = {
  readonly name: string;
  /** Least runs of the base; below it the rule says nothing, which is a pass. */
  readonly needs: number;
  /** Fails above it, by default. */
  readonly threshold: (baseRuns: number) => number;
  /** Of one metric. */
  readonly score: (data: HistoryData, value: (figures: Figures) => number) => number;
};

const ratioToNewest: Rule["score"] = ({ newest, head }, value) => value(head.figures) / value(newest.figures);

const ratioToMean =
  (last: number): Rule["score"] =>
  ({ base, head }, value) =>
    value(head.figures) / mean(base.slice(-last).map(value));

/** Bencher's t_test: a prediction interval on the plain scale, mean + t * s * sqrt(1 + 1/n). */
const predictionT: Rule["score"] = ({ base, head }, value) => {
  const values = base.map(value);
  const centre = mean(values);
  const spread = Math.sqrt(values.reduce((sum, one) => sum + (one - centre) ** 2, 0) / (values.length - 1));
  return (value(head.figures) - centre) / (spread * Math.sqrt(1 + 1 / values.length));
};

/** Mann and Whitney's z of the head's requests against the newest base run's; the same for every metric. */
const requestRanks: Rule["score"] = ({ newest, head }) => rankScore(newest.ok, head.ok);

/** Kayenta's: the 98 % interval of Hodges and Lehmann's shift between parts of a run, in units of a quarter of that shift. */
const kayenta: Rule["score"] = ({ newest, head }) => kayentaScore(newest.partMedians, head.partMedians);

export const HISTORY_RULES: readonly Rule[] = [
  { name: "github-action-benchmark, 200 % (its default)", needs: 1, threshold: () => 2, score: ratioToNewest },
  { name: "github-action-benchmark, 150 %", needs: 1, threshold: () => 1.5, score: ratioToNewest },
  {
    name: "github-action-benchmark, 110 %; Keptn single_result <=+10%",
    needs: 1,
    threshold: () => 1.1,
    score: ratioToNewest,
  },
  { name: "Keptn several_results (3), <=+10%", needs: 1, threshold: () => 1.1, score: ratioToMean(3) },
  { name: "Bencher percentage, 10 %", needs: 2, threshold: () => 1.1, score: ratioToMean(64) },
  { name: "Bencher t_test, 0.99", needs: 2, threshold: (n) => T99[n - 1] ?? 2.33, score: predictionT },
  { name: "Kayenta, Mann-Whitney on 10 parts", needs: 1, threshold: () => 1, score: kayenta },
  { name: "request-level rank test, p < 0.05", needs: 1, threshold: () => 1.96, score: requestRanks },
];

/** Rules that differ in their threshold only are one rule when it is tuned. */
export const DIFFERENT_RULES: readonly Rule[] = HISTORY_RULES.filter(
  (rule, i) => HISTORY_RULES.findIndex((other) => other.score === rule.score) === i,
);

/** What rivals are asked about: the median, and AWS's Duration. */
export const P50 = (figures: Figures): number => figures.p50;
export const METRICS: readonly ((figures: Figures) => number)[] = [P50, (figures) => figures.durationMs];

/** Quantile 0.99 of Student's t by degrees of freedom (tables), 0 is not used. */
const T99: Readonly<Record<number, number>> = { 1: 31.821, 2: 6.965, 7: 2.998, 19: 2.539 };

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Normal score of the rank-sum statistic from two histograms, with the correction for ties (Lehmann, Nonparametrics, 1.2). */
export const rankScore = (a: Histogram, b: Histogram): number => {
  let [rankSum, before, ties] = [0, 0, 0];
  for (let bin = Math.min(a.low, b.low); bin <= Math.max(a.high, b.high); bin++) {
    const [inA, inB] = [a.counts[bin] ?? 0, b.counts[bin] ?? 0];
    const both = inA + inB;
    if (both === 0) continue;
    rankSum += inB * (before + (both + 1) / 2);
    before += both;
    ties += both ** 3 - both;
  }
  const [n, m, all] = [b.total, a.total, a.total + b.total];
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return (rankSum - (n * (all + 1)) / 2) / Math.sqrt(variance);
};

/**
 * Kayenta's `High`: the lower end of the 98 % interval of the Hodges-Lehmann shift is above a quarter of the shift
 * (kayenta a69573be). The score is that end over that quarter.
 */
export const kayentaScore = (base: readonly number[], head: readonly number[]): number => {
  const shifts = head.flatMap((h) => base.map((b) => h - b)).toSorted((x, y) => x - y);
  const [n, m] = [head.length, base.length];
  const cut = Math.max(0, Math.round((n * m) / 2 - 2.3263 * Math.sqrt((n * m * (n + m + 1)) / 12)));
  const low = shifts[cut] ?? 0;
  const estimate = shifts[Math.floor(shifts.length / 2)] ?? 0;
  return low <= 0 || estimate <= 0 ? Math.min(0, low) : low / (0.25 * estimate);
};

export type PairedData = { readonly base: readonly Figures[]; readonly head: readonly Figures[] };

export type PairedRule = {
  readonly name: string;
  readonly threshold: number;
  readonly score: (data: PairedData, value: (figures: Figures) => number) => number;
};

const arms = (data: PairedData, value: (figures: Figures) => number) => ({
  base: data.base.map(value),
  head: data.head.map(value),
});

/** The rules of the history, where the two arms are what they compare, and two that were made for pairs. */
export const PAIRED_RULES: readonly PairedRule[] = [
  {
    name: "ratio of the arms' means, 110 %",
    threshold: 1.1,
    score: (data, value) => {
      const { base, head } = arms(data, value);
      return mean(head) / mean(base);
    },
  },
  {
    name: "Kayenta, Mann-Whitney on segments",
    threshold: 1,
    score: (data, value) => {
      const { base, head } = arms(data, value);
      return kayentaScore(base, head);
    },
  },
  {
    name: "Datadog, 90 % interval and 5 %",
    threshold: 0,
    score: (data, value) => {
      const { estimate, error } = pairedT(arms(data, value));
      return Math.min(estimate - 1.714 * error, estimate - 0.05);
    },
  },
  {
    name: "tachometer, 95 % interval above +10 %",
    threshold: 0.1,
    score: (data, value) => {
      const { estimate, error } = pairedT(arms(data, value));
      return estimate - 2.069 * error;
    },
  },
];

/** Mean relative difference over pairs and its standard error; no deployment term. */
const pairedT = ({ base, head }: { readonly base: readonly number[]; readonly head: readonly number[] }) => {
  const ratios = head.map((value, i) => value / (base[i] ?? value) - 1);
  const estimate = mean(ratios);
  const squares = ratios.reduce((sum, ratio) => sum + (ratio - estimate) ** 2, 0);
  return { estimate, error: Math.sqrt(squares / (ratios.length - 1) / ratios.length) };
};
