import { parsed, refused } from "../../errors.ts";
import { microsToMillis } from "../../units.ts";
import { classifyImported } from "../classify-failure.ts";
import { collectSamples } from "../collect.ts";
import { type FieldRead, readCount, readNumber, readStatus, readTime } from "../fields.ts";
import { type Columns, type Format, fieldOf, fromRaw } from "../format.ts";
import type { Measured, Reading } from "../measured.ts";
import { readMoment } from "../moment.ts";
import { taskName } from "../names.ts";
import { importProblem } from "../problems.ts";
import { bad, type LineRead } from "../sample.ts";
import {
  failedIncluded,
  NO_LATENCY,
  ofAllRequests,
  outcomesOf,
  type PrintedLatency,
  printedMeasured,
  printedSummary,
} from "../summary-measured.ts";

/** `locust --csv`: the file `..._stats.csv`. Percentiles rounded to about two digits, of all requests. */
export const locustStats: Format = {
  name: "Locust stats CSV (--csv)",
  tool: "locust",
  percentiles: "locust-rounded, all requests; call to last byte, connect included",
  shape: { kind: "csv", columns: null, open: (columns) => readingStats(columns) },
};

/** The log of `CsvRequestLogger`: one line a request. */
export const locustRequests: Format = {
  name: "Locust request log (CsvRequestLogger)",
  tool: "locust",
  percentiles: fromRaw("call to last byte, connect included"),
  shape: { kind: "csv", columns: null, open: (columns) => collectSamples((row) => readRequest(row, columns)) },
};

type StatsRow = {
  readonly type: string;
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly perSecond: number;
  readonly latency: PrintedLatency;
};

const readingStats = (columns: Columns): Reading<readonly string[]> => {
  const rows: StatsRow[] = [];
  let total: StatsRow | null = null;
  return {
    take: (fields) => {
      const row = readStatsRow(fields, columns);
      if (!row.ok) return row.says;
      if (row.value.name === "Aggregated" && row.value.type === "") {
        if (total !== null) return "is a second Aggregated row";
        total = row.value;
      } else rows.push(row.value);
      return null;
    },
    finish: () => (total === null ? refused([importProblem(NO_TOTAL)]) : parsed(measured(total, rows))),
  };
};

const NO_TOTAL = "it ends without its row Aggregated, so it was cut off";

const measured = (total: StatsRow, rows: readonly StatsRow[]): Measured => {
  const outcomes = outcomesOf(total.requests, total.failures);
  return printedMeasured({
    outcomes,
    ...ofAllRequests("Locust", outcomes, { latency: total.latency, why: "Locust's stats file has no such column" }),
    seconds: total.perSecond > 0 ? total.requests / total.perSecond : 0,
    notes: ["Locust's stats file holds rounded percentiles only.", ...failedIncluded("Locust", outcomes)],
    tasks: taskRows(rows),
  });
};

/** Locust tells rows apart by method and name; the method is part of the name where the name alone does not. */
const taskRows = (rows: readonly StatsRow[]): Measured["tasks"] => {
  const uses = new Map<string, number>();
  for (const { name } of rows) uses.set(taskName(name), (uses.get(taskName(name)) ?? 0) + 1);
  return rows.map((row) => {
    const outcomes = outcomesOf(row.requests, row.failures);
    const name = taskName(row.name);
    return {
      name: (uses.get(name) ?? 0) > 1 ? `${row.type} ${name}` : name,
      requests: row.requests,
      outcomes,
      response: printedSummary(row.latency, outcomes.ok),
      examples: {},
    };
  });
};

const readStatsRow = (fields: readonly string[], columns: Columns): FieldRead<StatsRow> => {
  const field = (name: string): string => fieldOf(fields, columns, name) ?? "";
  const requests = readCount("Request Count", field("request count"));
  if (!requests.ok) return requests;
  const failures = readCount("Failure Count", field("failure count"));
  if (!failures.ok) return failures;
  if (failures.value > requests.value) return { ok: false, says: "has more failures than requests" };
  const perSecond = readNumber("Requests/s", field("requests/s") || "0");
  if (!perSecond.ok) return perSecond;
  if (perSecond.value < 0) return { ok: false, says: "has a negative Requests/s" };
  const times = PRINTED.map(([key, column]) => ({ key, time: readPrinted(column, field(column.toLowerCase())) }));
  const wrong = times.find(({ time }) => !time.ok)?.time;
  if (wrong?.ok === false) return wrong;
  const latency = Object.fromEntries(times.map(({ key, time }) => [key, time.ok ? time.value : null]));
  return {
    ok: true,
    value: {
      type: field("type"),
      name: field("name"),
      requests: requests.value,
      failures: failures.value,
      perSecond: perSecond.value,
      latency: { ...NO_LATENCY, ...latency },
    },
  };
};

const PRINTED = [
  ["p50", "50%"],
  ["p90", "90%"],
  ["p95", "95%"],
  ["p99", "99%"],
  ["min", "Min Response Time"],
  ["max", "Max Response Time"],
  ["mean", "Average Response Time"],
] as const;

/** Milliseconds; Locust writes N/A where a row has no requests. */
const readPrinted = (name: string, text: string): FieldRead<number | null> => {
  if (text === "" || text === "N/A") return { ok: true, value: null };
  const time = readTime(name, text, 1000);
  return time.ok ? { ok: true, value: microsToMillis(time.value) } : time;
};

const readRequest = (row: readonly string[], columns: Columns): LineRead => {
  const field = (name: string): string => fieldOf(row, columns, name) ?? "";
  const time = readTime("response_time_ms", field("response_time_ms"), 1000);
  if (!time.ok) return bad(time.says);
  const start = readMoment("timestamp", field("timestamp"));
  if (!start.ok) return bad(start.says);
  const received = readCount("response_length", field("response_length") || 0);
  if (!received.ok) return bad(received.says);
  const status = readStatus("status_code", field("status_code"));
  if (!status.ok) return bad(status.says);
  const text = field("exception");
  return {
    kind: "sample",
    sample: {
      name: taskName(field("name")),
      start: start.value,
      time: time.value,
      outcome: classifyImported({ status: status.value, failed: text !== "" || status.value === null, text }),
      status: status.value,
      text,
      sent: 0,
      received: received.value,
    },
  };
};
