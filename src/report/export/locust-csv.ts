/**
 * A run in the files that `locust --csv PREFIX` writes: columns and rows of Locust's `stats.py` (StatsCSV,
 * StatsCSVFileWriter). Times are in milliseconds and, as Locust's, begin when a request is sent; here with decimals, and of
 * successful responses only.
 */
import {
  decodeHistogram,
  type LatencyHistogram,
  mergeHistogram,
  newHistogram,
  quantile,
} from "../../load/histogram.ts";
import { countFailures, OUTCOME_CLASSES, type OutcomeCounts } from "../../load/outcome.ts";
import type { LatencySummary, Slice } from "../../load/result.ts";
import type { RunRecord } from "../../record/record.ts";
import { plainText } from "../escape.ts";
import { rowName } from "./row-name.ts";

export type LocustFiles = { readonly stats: string; readonly history: string; readonly failures: string };

export const renderLocustCsv = (record: RunRecord): LocustFiles => ({
  stats: csv([STATS_COLUMNS, ...statsRows(record)]),
  history: csv([HISTORY_COLUMNS, ...historyRows(record)]),
  failures: csv([FAILURE_COLUMNS, ...failureRows(record)]),
});

const PERCENTILES = [
  ["50%", 0.5],
  ["66%", 0.66],
  ["75%", 0.75],
  ["80%", 0.8],
  ["90%", 0.9],
  ["95%", 0.95],
  ["98%", 0.98],
  ["99%", 0.99],
  ["99.9%", 0.999],
  ["99.99%", 0.9999],
  ["100%", 1],
] as const;
const PERCENTILE_COLUMNS = PERCENTILES.map(([name]) => name);

const STATS_COLUMNS = [
  "Type",
  "Name",
  "Request Count",
  "Failure Count",
  "Median Response Time",
  "Average Response Time",
  "Min Response Time",
  "Max Response Time",
  "Average Content Size",
  "Requests/s",
  "Failures/s",
  ...PERCENTILE_COLUMNS,
];

const HISTORY_COLUMNS = [
  "Timestamp",
  "User Count",
  "Type",
  "Name",
  "Requests/s",
  "Failures/s",
  ...PERCENTILE_COLUMNS,
  "Total Request Count",
  "Total Failure Count",
  "Total Median Response Time",
  "Total Average Response Time",
  "Total Min Response Time",
  "Total Max Response Time",
  "Total Average Content Size",
];

const FAILURE_COLUMNS = ["Method", "Name", "Error", "Occurrences"];

type Cell = string | number;

/** Rows sorted by name and method, as Locust sorts them, and their sum. The size of a response is known of all only. */
const statsRows = (record: RunRecord): readonly (readonly Cell[])[] => {
  const { totals, tasks, service, window } = record;
  const rows = tasks
    .map((task) => ({ ...task, ...rowName(record, task.name) }))
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.method, b.method));
  return [
    ...rows.map((row) => [row.method, row.name, ...statsCells(row, { seconds: window.seconds, size: 0 })]),
    [
      "",
      "Aggregated",
      ...statsCells(
        { ...totals, service },
        { seconds: window.seconds, size: sizeOf(totals.bytes.received, totals.requests) },
      ),
    ],
  ];
};

type Counted = { readonly requests: number; readonly outcomes: OutcomeCounts; readonly service: LatencySummary };

const statsCells = (
  { requests, outcomes, service }: Counted,
  { seconds, size }: { readonly seconds: number; readonly size: number },
): readonly Cell[] => {
  const failures = countFailures(outcomes);
  const histogram = decodeHistogram(service.histogram);
  return [
    requests,
    failures,
    ...averages(histogram),
    size,
    perSecond(requests, seconds),
    perSecond(failures, seconds),
    ...percentiles(histogram),
  ];
};

/** One row a second, for all requests: rates of that second, everything else since the start. */
const historyRows = ({ slices, window }: RunRecord): readonly (readonly Cell[])[] => {
  const start = Math.floor(Date.parse(window.start) / 1000);
  const sum = newHistogram();
  let [requests, failures, received] = [0, 0, 0];
  return slices.map((slice) => {
    const failed = countFailures(slice.outcomes);
    requests += slice.requests;
    failures += failed;
    received += slice.bytesReceived;
    addService(sum, slice);
    return [
      start + slice.second + 1,
      slice.users,
      "",
      "Aggregated",
      slice.requests.toFixed(6),
      failed.toFixed(6),
      ...percentiles(sum),
      requests,
      failures,
      ...averages(sum),
      sizeOf(received, requests),
    ];
  });
};

const addService = (sum: LatencyHistogram, { service }: Slice): void => {
  const histogram = service === null ? null : decodeHistogram(service);
  if (histogram !== null) mergeHistogram(sum, histogram);
};

/** What `countFailures` counts, so that the rows add up to the failure counts. */
const FAILURES = OUTCOME_CLASSES.filter(
  (outcome) => outcome !== "ok" && outcome !== "aborted" && outcome !== "local-error",
);

const failureRows = (record: RunRecord): readonly (readonly Cell[])[] =>
  record.tasks.flatMap(({ name, outcomes }) => {
    const { method, name: path } = rowName(record, name);
    return FAILURES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => [
      method,
      path,
      outcome,
      outcomes[outcome],
    ]);
  });

/** Locust writes 0 where there was no response. */
const averages = (histogram: LatencyHistogram | null): readonly Cell[] =>
  histogram === null || histogram.totalCount === 0
    ? [0, 0, 0, 0]
    : [at(histogram, 0.5), inMillis(histogram.mean), at(histogram, 0), at(histogram, 1)];

const percentiles = (histogram: LatencyHistogram | null): readonly Cell[] =>
  histogram === null || histogram.totalCount === 0
    ? PERCENTILES.map(() => "N/A")
    : PERCENTILES.map(([, q]) => at(histogram, q));

const at = (histogram: LatencyHistogram, q: number): number => inMillis(quantile(histogram, q) ?? 0);
const inMillis = (micros: number): number => Math.round(micros) / 1000;
const perSecond = (count: number, seconds: number): number => (seconds > 0 ? count / seconds : 0);
const sizeOf = (bytes: number, requests: number): number => (requests > 0 ? bytes / requests : 0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** RFC 4180, lines as Python's csv module ends them. */
const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

const cellText = (cell: Cell): string => {
  const text = typeof cell === "number" ? String(cell) : plainText(cell);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
