import { OUTCOME_CLASSES, type OutcomeClass } from "../../load/outcome.ts";
import type { Chart, ChartX, CoarseLatency, Series, Tone } from "../chart.ts";
import { formatCount, formatDuration, formatFigure, formatMs } from "../format.ts";
import type { Table } from "../report.ts";
import { type Bucket, bucketMs, bucketsEvery, bucketsOf, type OpenSlice } from "./buckets.ts";
import { numberColumn, scaleOf, textColumn } from "./shape.ts";

/** Points of a chart, and rows of the table beside it. */
const FINE = 600;
const COARSE = 60;

/** Charts along the seconds of the window; empty without slices (an imported result, or nothing sent). */
export const chartsOverTime = (slices: readonly OpenSlice[]): readonly Chart[] => {
  const fine = bucketsOf(slices, FINE);
  const coarse = bucketsOf(slices, COARSE);
  if (fine.length < 2) return [];
  return [latencyChart(fine, coarse), loadChart(fine, coarse), failureChart(fine, coarse)].filter(
    (chart) => chart !== null,
  );
};

/** Tried from fine to coarse until no point is empty: a line through a second without a response would be made up. */
export const coarseLatency = (slices: readonly OpenSlice[], most = COARSE): CoarseLatency | null => {
  const end = (slices.at(-1)?.second ?? -1) + 1;
  for (let every = Math.max(1, Math.ceil(end / most)); end / every > 1; every = Math.ceil(every * 1.5)) {
    const buckets = withoutStub(bucketsEvery(slices, every));
    const p50 = buckets.map((one) => bucketMs(one, 0.5));
    const p95 = buckets.map((one) => bucketMs(one, 0.95));
    const whole = p50.every((ms) => ms !== null) && p95.every((ms) => ms !== null);
    const evenly = buckets.every(({ second }, index) => second === index * every);
    if (whole && evenly && buckets.length >= 2)
      return { kind: "latency", from: 0, to: (buckets.length - 1) * every, every, p50, p95 };
  }
  return null;
};

/** Response time and load at most `most` times over the window. */
export const overTimeTable = (slices: readonly OpenSlice[], most: number): Table | null => {
  const buckets = bucketsOf(slices, most);
  if (buckets.length < 2) return null;
  return {
    columns: [textColumn("time"), ...["requests/s", "failures", "users", "p50", "p95", "p99"].map(numberColumn)],
    rows: buckets.map((one) => [
      spanName(one),
      formatFigure(one.requests / one.seconds),
      formatCount(failures(one)),
      formatCount(one.users),
      ...[0.5, 0.95, 0.99].map((q) => msOrDash(bucketMs(one, q))),
    ]),
  };
};

const PERCENTILES = [
  { name: "p50", q: 0.5, tone: "middle" },
  { name: "p95", q: 0.95, tone: "high" },
  { name: "p99", q: 0.99, tone: "highest" },
] as const;

const latencyChart = (fine: readonly Bucket[], coarse: readonly Bucket[]): Chart | null => {
  const series = PERCENTILES.map(
    ({ name, q, tone }): Series => ({
      name,
      values: fine.map((one) => bucketMs(one, q)),
      axis: "left",
      look: "line",
      tone,
    }),
  );
  const [p50, , p99] = series.map(({ values }) => values.filter((ms) => ms !== null));
  if (p50 === undefined || p99 === undefined || p50.length === 0) return null;
  return {
    id: "latency",
    title: "Response time over time",
    text: `p50 was between ${rangeMs(p50)}, p99 between ${rangeMs(p99)}, per ${stepName(fine)}.`,
    x: timeAxis(fine),
    left: { label: "response time", unit: "ms", scale: scaleOf(series) },
    right: null,
    series,
    table: {
      columns: [textColumn("time"), ...PERCENTILES.map(({ name }) => numberColumn(name))],
      rows: coarse.map((one) => [spanName(one), ...PERCENTILES.map(({ q }) => msOrDash(bucketMs(one, q)))]),
    },
  };
};

const loadChart = (fine: readonly Bucket[], coarse: readonly Bucket[]): Chart => {
  const rates = fine.map(({ requests, seconds }) => requests / seconds);
  const users = fine.map((one) => one.users);
  return {
    id: "load",
    title: "Requests per second and users",
    text: `At most ${formatFigure(Math.max(...rates))} requests/s and ${formatCount(Math.max(...users))} users.`,
    x: timeAxis(fine),
    left: { label: "requests/s", unit: "rps", scale: "linear" },
    right: { label: "users", unit: "users", scale: "linear" },
    series: [
      { name: "requests/s", values: rates, axis: "left", look: "line", tone: "load" },
      { name: "users", values: users, axis: "right", look: "steps", tone: "users" },
    ],
    table: {
      columns: [textColumn("time"), numberColumn("requests/s"), numberColumn("users")],
      rows: coarse.map((one) => [spanName(one), formatFigure(one.requests / one.seconds), formatCount(one.users)]),
    },
  };
};

/** Failure classes that get a line of their own; the rest is one line. */
const MOST_CLASSES = 5;
const FAILURE_TONES: readonly Tone[] = ["failure-0", "failure-1", "failure-2", "failure-3", "failure-4", "failure-5"];

const failureChart = (fine: readonly Bucket[], coarse: readonly Bucket[]): Chart | null => {
  const totals = OUTCOME_CLASSES.filter((name) => name !== "ok")
    .map((name) => ({ name, count: fine.reduce((sum, { outcomes }) => sum + outcomes[name], 0) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  if (totals.length === 0) return null;
  const named = totals.slice(0, MOST_CLASSES).map(({ name }) => ({ name, classes: [name] }));
  const rest = totals.slice(MOST_CLASSES).map(({ name }) => name);
  const groups = [...named, ...(rest.length === 0 ? [] : [{ name: `${rest.length} other classes`, classes: rest }])];
  const rate = ({ outcomes, seconds }: Bucket, classes: readonly OutcomeClass[]): number =>
    classes.reduce((sum, name) => sum + outcomes[name], 0) / seconds;
  return {
    id: "failures",
    title: "Failures by class over time",
    text: `In all: ${totals.map(({ name, count }) => `${name} ${formatCount(count)}`).join(", ")}.`,
    x: timeAxis(fine),
    left: { label: "failures/s", unit: "rps", scale: "linear" },
    right: null,
    series: groups.map(({ name, classes }, index) => ({
      name,
      values: fine.map((one) => rate(one, classes)),
      axis: "left",
      look: "line",
      tone: FAILURE_TONES[index] ?? "failure-5",
    })),
    table: {
      columns: [textColumn("time"), ...groups.map(({ name }) => numberColumn(`${name}/s`))],
      rows: coarse.map((one) => [spanName(one), ...groups.map(({ classes }) => formatFigure(rate(one, classes)))]),
    },
  };
};

const timeAxis = (buckets: readonly Bucket[]): ChartX => ({
  label: "seconds since the start",
  values: buckets.map(({ second }) => second),
  names: buckets.map(spanName),
  ticks: null,
});

const spanName = ({ second, seconds }: Bucket): string => {
  const from = second === 0 ? "0s" : formatDuration(second);
  return seconds === 1 ? from : `${from} to ${formatDuration(second + seconds)}`;
};

const stepName = ([first]: readonly Bucket[]): string =>
  first === undefined || first.seconds === 1 ? "second" : `${first.seconds} seconds`;

/** A last bucket that is shorter than the others holds what was started in the end's last moments. */
const withoutStub = (buckets: readonly Bucket[]): readonly Bucket[] => {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return first !== undefined && last !== undefined && last.seconds < first.seconds ? buckets.slice(0, -1) : buckets;
};

const failures = ({ outcomes, requests }: Bucket): number =>
  requests - outcomes.ok - outcomes.aborted - outcomes["local-error"];

const rangeMs = (values: readonly number[]): string =>
  `${formatMs(values.reduce((a, b) => Math.min(a, b)))} and ${formatMs(values.reduce((a, b) => Math.max(a, b)))}`;

const msOrDash = (ms: number | null): string => (ms === null ? "-" : formatMs(ms));
