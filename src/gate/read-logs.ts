import type { AwsRead } from "../cloud/aws-read.ts";
import type { LogFacts } from "../cloud/facts.ts";
import { errorsOfLines, factsOfLines, factsOfRow } from "../cloud/log-facts.ts";
import {
  ERRORS_PATTERN,
  ERRORS_QUERY,
  insightsQuery,
  type LogFormat,
  MAX_ERROR_LINES,
  MAX_REPORT_LINES,
  reportPattern,
} from "../cloud/log-queries.ts";
import type { LogLine } from "../cloud/report-line.ts";
import type { FunctionLogs, LogRange } from "../ports.ts";

export type AskLogs = {
  /** Label of the function. */
  readonly name: string;
  readonly range: LogRange;
  /** `null`: not known, both are tried. */
  readonly format: LogFormat | null;
  /** Whether any invocation may have failed. */
  readonly errors: boolean;
};

export type LogAnswer<T = LogFacts> = {
  readonly read: AwsRead<T>;
  /** Scanned by Logs Insights; `null` where it was not used. */
  readonly bytes: number | null;
  readonly notes: readonly string[];
};

/** One look at a function's logs. */
export const readLogs = (logs: FunctionLogs, asked: AskLogs): Promise<LogAnswer> =>
  readEitherWay(asked.format, {
    insights: (format) => byInsights(logs, asked, format),
    lines: (format) => byLines(logs, asked, format),
    isEmpty: ({ reports }) => reports === 0,
  });

/** The two ways to ask the same of a log in one format. */
export type LogWays<T> = {
  readonly insights: (format: LogFormat) => Promise<LogAnswer<T>>;
  readonly lines: (format: LogFormat) => Promise<LogAnswer<T>>;
  /** Whether no report was found: a log whose format is not known may be in the other one. */
  readonly isEmpty: (value: T) => boolean;
};

/** Logs Insights, else FilterLogEvents for a role that may not query or a query that fails. */
export const readEitherWay = async <T>(format: LogFormat | null, ways: LogWays<T>): Promise<LogAnswer<T>> => {
  const first = await eachFormat(format, ways.insights, ways.isEmpty);
  if (first.read.kind === "value" || first.read.kind === "absent" || isUseless(first.read)) return first;
  const second = await eachFormat(format, ways.lines, ways.isEmpty);
  // Of two refusals the first names the right that does more.
  return second.read.kind === "value" ? { ...second, bytes: first.bytes } : { ...first, notes: second.notes };
};

const isUseless = (read: AwsRead<unknown>): boolean => read.kind === "denied" && !read.permission;

/** Text is Lambda's default; a log without a single text report may be in JSON. */
const eachFormat = async <T>(
  format: LogFormat | null,
  read: (format: LogFormat) => Promise<LogAnswer<T>>,
  isEmpty: (value: T) => boolean,
): Promise<LogAnswer<T>> => {
  const answer = await read(format ?? "Text");
  return format === null && answer.read.kind === "value" && isEmpty(answer.read.value) ? await read("JSON") : answer;
};

const byInsights = async (
  logs: FunctionLogs,
  { name, range, errors }: AskLogs,
  format: LogFormat,
): Promise<LogAnswer> => {
  const found = await logs.insights(range, insightsQuery(format));
  if (found.kind !== "value") return { read: found, bytes: null, notes: [] };
  const [row = {}] = found.value.rows;
  const empty = factsOfLines(name, [], []);
  const facts = factsOfRow(name, row, []) ?? empty;
  const told = errors && facts.reports > 0 ? await logs.insights(range, ERRORS_QUERY) : null;
  const lines = told?.kind === "value" ? told.value.rows.map((one) => one["@message"] ?? "") : [];
  return {
    read: { kind: "value", value: { ...facts, errors: errorsOfLines(lines) } },
    bytes: found.value.bytesScanned + (told?.kind === "value" ? told.value.bytesScanned : 0),
    notes: cutNote(name, lines.length, MAX_ERROR_LINES),
  };
};

const byLines = async (logs: FunctionLogs, { name, range, errors }: AskLogs, format: LogFormat): Promise<LogAnswer> => {
  const { read, notes } = await reportLines(logs, { name, range, format });
  if (read.kind !== "value") return { read, bytes: null, notes };
  const told = errors && read.value.length > 0 ? await logs.lines(range, ERRORS_PATTERN, MAX_ERROR_LINES) : null;
  const lines = told?.kind === "value" ? told.value.map(messageOf) : [];
  return {
    read: { kind: "value", value: factsOfLines(name, read.value.map(messageOf), errorsOfLines(lines)) },
    bytes: null,
    notes: [...notes, ...cutNote(name, lines.length, MAX_ERROR_LINES)],
  };
};

/** REPORT lines by FilterLogEvents, oldest first, with a note where there are more than are read. */
export const reportLines = async (
  logs: FunctionLogs,
  { name, range, format }: Pick<AskLogs, "name" | "range"> & { readonly format: LogFormat },
): Promise<LogAnswer<readonly LogLine[]>> => {
  const read = await logs.lines(range, reportPattern(format), MAX_REPORT_LINES);
  return { read, bytes: null, notes: read.kind === "value" ? cutNote(name, read.value.length, MAX_REPORT_LINES) : [] };
};

const messageOf = ({ message }: LogLine): string => message;

const cutNote = (name: string, lines: number, most: number): readonly string[] =>
  lines < most ? [] : [`Only the first ${most} of these lines of ${name} were read.`];
