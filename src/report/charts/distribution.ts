import { decodeHistogram, type LatencyHistogram, mergeEncoded, quantile } from "../../load/histogram.ts";
import type { RunRecord } from "../../record/record.ts";
import { micros, microsToMillis } from "../../units.ts";
import type { Chart, Series } from "../chart.ts";
import { formatMs, formatShare } from "../format.ts";
import { numberColumn, scaleOf, textColumn } from "./shape.ts";

/** One side's response times; `base` only when its record is at hand. */
export type Side = { readonly name: "base" | "head"; readonly histogram: LatencyHistogram };

/** The whole window's response times of head, and of base when its record is known or both were measured in rounds. */
export const sidesOf = (head: RunRecord, base: RunRecord | null): readonly Side[] =>
  [
    { name: "head" as const, histogram: decodeHistogram(head.response.histogram) },
    { name: "base" as const, histogram: base === null ? armOf(head) : decodeHistogram(base.response.histogram) },
  ].flatMap(({ name, histogram }) => (histogram === null || histogram.totalCount === 0 ? [] : [{ name, histogram }]));

/** The base arm over all rounds; `null` when nothing was measured in rounds. */
const armOf = ({ rounds }: RunRecord): LatencyHistogram | null =>
  rounds === undefined ? null : mergeEncoded(rounds.map(({ base }) => base.response.histogram));

/** Percentile curve and histogram; empty when there is no response. A curve without a base says why. */
export const distributionCharts = (sides: readonly Side[], missingBase = ""): readonly Chart[] => {
  if (!sides.some(({ name }) => name === "head")) return [];
  const note = sides.length > 1 ? "" : missingBase;
  return [curve(sides, note), histogramChart(sides)];
};

/** Points of the curve; each nine takes the same width, as in HdrHistogram's own plots. */
const CURVE_POINTS = 160;
const MOST_NINES = 5;
const CURVE_TICKS = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];
const TABLE_QUANTILES = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1];

const curve = (sides: readonly Side[], note: string): Chart => {
  const most = Math.min(MOST_NINES, Math.max(...sides.map(({ histogram }) => ninesOf(histogram.totalCount))));
  const nines = Array.from({ length: CURVE_POINTS + 1 }, (_, index) => (most * index) / CURVE_POINTS);
  const series = sides.map(({ name, histogram }): Series => {
    // Beyond 1 - 1/n a percentile is the maximum, told as if it were one of many.
    const end = ninesOf(histogram.totalCount);
    return {
      name,
      values: nines.map((nine) => (nine > end + 1e-9 ? null : msAt(histogram, 1 - 10 ** -nine))),
      axis: "left",
      look: "line",
      tone: name,
    };
  });
  return {
    id: "percentiles",
    title: sides.length > 1 ? "Percentiles, base against head" : "Percentiles",
    text: `${sides.map((side) => `${side.name}: ${percentileText(side)}`).join("; ")}.${note}`,
    x: {
      label: "percentile",
      values: nines,
      names: nines.map((nine) => `p${trimmed((1 - 10 ** -nine) * 100)}`),
      ticks: CURVE_TICKS.map((q) => ({ at: -Math.log10(1 - q), label: `p${trimmed(q * 100)}` })).filter(
        ({ at }) => at <= most,
      ),
    },
    left: { label: "response time", unit: "ms", scale: scaleOf(series) },
    right: null,
    series,
    table: {
      columns: [textColumn("percentile"), ...sides.map(({ name }) => numberColumn(name))],
      rows: TABLE_QUANTILES.map((q) => [
        q === 0 ? "min" : q === 1 ? "max" : `p${trimmed(q * 100)}`,
        ...sides.map(({ histogram }) => formatMs(msAt(histogram, q))),
      ]),
    },
  };
};

/** Bars of the histogram. Equal width on a logarithmic scale: times spread by factors, not by sums. */
const BINS = 48;
const TABLE_BINS = 16;

const histogramChart = (sides: readonly Side[]): Chart => {
  const low = Math.log10(Math.min(...sides.map(({ histogram }) => msAt(histogram, 0))));
  const high = Math.log10(Math.max(...sides.map(({ histogram }) => msAt(histogram, 1))));
  // One time only would be a bar without a width.
  const room = Math.max(high - low, 0.1);
  const edgesOf = (bins: number): readonly number[] =>
    Array.from({ length: bins + 1 }, (_, index) => low + (room * index) / bins);
  const edges = edgesOf(BINS);
  const coarse = edgesOf(TABLE_BINS);
  return {
    id: "histogram",
    title: "Histogram of response times",
    text: `${sides.map((side) => `${side.name}: half of the responses between ${formatMs(msAt(side.histogram, 0.25))} and ${formatMs(msAt(side.histogram, 0.75))}`).join("; ")}.`,
    x: {
      label: "response time, logarithmic",
      values: edges.slice(0, -1).map((edge) => edge + room / BINS / 2),
      names: edges.slice(0, -1).map((edge, index) => binName(edge, edges[index + 1] ?? edge)),
      ticks: decadeTicks(low, low + room),
    },
    left: { label: "share of responses", unit: "share", scale: "linear" },
    right: null,
    series: sides.map(({ name, histogram }) => ({
      name,
      values: sharesIn(histogram, edges),
      axis: "left",
      look: name === "head" ? "bars" : "line",
      tone: name,
    })),
    table: {
      columns: [textColumn("response time"), ...sides.map(({ name }) => numberColumn(name))],
      rows: coarse
        .slice(0, -1)
        .map((edge, index) => [
          binName(edge, coarse[index + 1] ?? edge),
          ...sides.map(({ histogram }) => formatShare(sharesIn(histogram, coarse)[index] ?? 0)),
        ]),
    },
  };
};

/** Share of all values in each bin; the first bin takes what lies on its lower edge as well. */
const sharesIn = (histogram: LatencyHistogram, edges: readonly number[]): readonly number[] => {
  const counts = edges.map((edge, index) =>
    index === 0 ? 0 : index === edges.length - 1 ? histogram.totalCount : countAtMost(histogram, 10 ** edge),
  );
  return counts.slice(1).map((count, index) => (count - (counts[index] ?? 0)) / histogram.totalCount);
};

/** How many values are at most so many milliseconds: the highest rank whose value is. Bisection, as the library has no count. */
const countAtMost = (histogram: LatencyHistogram, ms: number): number => {
  let known = 0;
  let beyond = histogram.totalCount + 1;
  while (beyond - known > 1) {
    const rank = Math.floor((known + beyond) / 2);
    // Half a rank below, so that rounding cannot reach the next one.
    const value = quantile(histogram, (rank - 0.5) / histogram.totalCount);
    if (value !== null && microsToMillis(value) <= ms) known = rank;
    else beyond = rank;
  }
  return known;
};

/** 1, 2, 5 of each decade; all the numbers between when the range is narrow. */
const decadeTicks = (low: number, high: number): readonly { at: number; label: string }[] => {
  const steps = high - low < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : high - low < 2.5 ? [1, 2, 5] : [1];
  const ticks: { at: number; label: string }[] = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); decade++) {
    for (const step of steps) {
      const at = decade + Math.log10(step);
      if (at >= low && at <= high) ticks.push({ at, label: tickMs(step * 10 ** decade) });
    }
  }
  return ticks;
};

const tickMs = (ms: number): string => (ms >= 1000 ? `${trimmed(ms / 1000)} s` : `${trimmed(ms)} ms`);

const binName = (from: number, to: number): string => `${formatMs(10 ** from)} to ${formatMs(10 ** to)}`;

const percentileText = ({ histogram }: Side): string =>
  ([0.5, 0.95, 0.99] as const).map((q) => `p${trimmed(q * 100)} ${formatMs(msAt(histogram, q))}`).join(", ");

/** How many nines n observations can show: with 1,000 of them p99.9 is the last that is not the maximum. */
const ninesOf = (count: number): number => Math.max(0.5, Math.log10(count));

/** Milliseconds; a side has at least one value. */
const msAt = (histogram: LatencyHistogram, q: number): number => microsToMillis(quantile(histogram, q) ?? micros(1));

/** At most three decimals, without trailing zeros: 99.9, 99.99. */
const trimmed = (value: number): string => value.toFixed(3).replace(/\.?0+$/, "");
