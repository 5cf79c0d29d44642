/** What the logs are asked: Logs Insights queries, and filter patterns for roles that may not start a query. */
import { inStream, MAX_SLOTS, type Slots } from "./starts.ts";

export type LogFormat = "Text" | "JSON";

/** Rows of error lines that are read at most; beyond that the counts are a lower bound. */
export const MAX_ERROR_LINES = 1_000;
/** Lines that are read at most where Logs Insights may not be used. */
export const MAX_REPORT_LINES = 100_000;

/**
 * One row with all figures of the REPORT lines. Logs Insights finds the fields of text lines by itself, but not Restore
 * Duration; its bytes of memory are decimal, as in AWS's own sample queries.
 */
export const insightsQuery = (format: LogFormat): string => {
  const fields = FIELDS[format];
  const level = (name: string, field: string, q: number): string => `pct(${field}, ${q}) as ${name}`;
  return [
    fields.filter,
    ...fields.parse,
    [
      "stats count(*) as reports",
      `count(${fields.init}) as inits`,
      `count(${fields.restore}) as restores`,
      `avg(${fields.init}) as initMean`,
      level("initP95", fields.init, 95),
      `avg(${fields.restore}) as restoreMean`,
      level("restoreP95", fields.restore, 95),
      `avg(${fields.billed}) as billedMean`,
      `max(${fields.memory}) as memoryMb`,
      ...[50, 90, 95, 99].map((q) => level(`p${q}`, fields.duration, q)),
      `max(${fields.duration}) as longest`,
    ].join(", "),
  ].join("\n| ");
};

/**
 * One row for each slot of time in which invocations started: how many, and their Durations added up. Whatever their
 * number, there are no more rows than slots, and the lines are scanned once. `versions` names those whose lines count by
 * their log streams; `null` takes all.
 */
export const startsQuery = (
  format: LogFormat,
  { slots, versions }: { readonly slots: Slots; readonly versions: readonly string[] | null },
): string => {
  const { filter, duration } = FIELDS[format];
  const streams = (versions ?? []).map((version) => `@logStream like "${inStream(version)}"`);
  return [
    filter,
    ...(streams.length === 0 ? [] : [`filter ${streams.join(" or ")}`]),
    `fields floor((toMillis(@timestamp) - ${slots.from} - ${duration}) / ${slots.width}) as slot`,
    `filter slot >= 0 and slot < ${MAX_SLOTS}`,
    `stats count(*) as reports, sum(${duration}) as duration by slot`,
    `limit ${MAX_SLOTS}`,
  ].join("\n| ");
};

/** The lines that tell why invocations failed, oldest first. */
export const ERRORS_QUERY = [
  "fields @timestamp, @message",
  'filter @message like /"errorType"|Task timed out after|"status":"timeout"|Status: (error|timeout)/',
  "sort @timestamp asc",
  `limit ${MAX_ERROR_LINES}`,
].join("\n| ");

/** Filter patterns of FilterLogEvents for the same lines. */
export const reportPattern = (format: LogFormat): string =>
  format === "Text" ? '"REPORT RequestId"' : '{ $.type = "platform.report" }';

export const ERRORS_PATTERN = '?errorType ?"Task timed out after" ?"Status: error" ?"Status: timeout"';

type Fields = {
  readonly filter: string;
  readonly parse: readonly string[];
  readonly duration: string;
  readonly billed: string;
  readonly init: string;
  readonly restore: string;
  readonly memory: string;
};

const FIELDS: Readonly<Record<LogFormat, Fields>> = {
  Text: {
    filter: 'filter @type = "REPORT"',
    parse: ["parse @message /\\tRestore Duration: (?<restored>[\\d.]+) ms/"],
    duration: "@duration",
    billed: "@billedDuration",
    init: "@initDuration",
    restore: "restored",
    memory: "@maxMemoryUsed / 1000 / 1000",
  },
  JSON: {
    filter: 'filter type = "platform.report"',
    parse: [],
    duration: "record.metrics.durationMs",
    billed: "record.metrics.billedDurationMs",
    init: "record.metrics.initDurationMs",
    restore: "record.metrics.restoreDurationMs",
    memory: "record.metrics.maxMemoryUsedMB",
  },
};
