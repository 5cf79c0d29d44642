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

export type LogAnswer = {
  readonly read: AwsRead<LogFacts>;
  /** Scanned by Logs Insights; `null` where it was not used. */
  readonly bytes: number | null;
  readonly notes: readonly string[];
};

/** One look at a function's logs: Logs Insights, else FilterLogEvents for a role that may not query or a query that fails. */
export const readLogs = async (logs: FunctionLogs, asked: AskLogs): Promise<LogAnswer> => {
  const first = await eachFormat(asked.format, (format) => byInsights(logs, asked, format));
  if (first.read.kind === "value" || first.read.kind === "absent" || isUseless(first.read)) return first;
  const second = await eachFormat(asked.format, (format) => byLines(logs, asked, format));
  // Of two refusals the first names the right that does more.
  return second.read.kind === "value" ? { ...second, bytes: first.bytes } : { ...first, notes: second.notes };
};

const isUseless = (read: AwsRead<unknown>): boolean => read.kind === "denied" && !read.permission;

/** Text is Lambda's default; a log without a single text report may be in JSON. */
const eachFormat = async (
  format: LogFormat | null,
  read: (format: LogFormat) => Promise<LogAnswer>,
): Promise<LogAnswer> => {
  const answer = await read(format ?? "Text");
  return format === null && answer.read.kind === "value" && answer.read.value.reports === 0
    ? await read("JSON")
    : answer;
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
  const found = await logs.lines(range, reportPattern(format), MAX_REPORT_LINES);
  if (found.kind !== "value") return { read: found, bytes: null, notes: [] };
  const told = errors && found.value.length > 0 ? await logs.lines(range, ERRORS_PATTERN, MAX_ERROR_LINES) : null;
  const lines = told?.kind === "value" ? told.value : [];
  return {
    read: { kind: "value", value: factsOfLines(name, found.value, errorsOfLines(lines)) },
    bytes: null,
    notes: [...cutNote(name, found.value.length, MAX_REPORT_LINES), ...cutNote(name, lines.length, MAX_ERROR_LINES)],
  };
};

const cutNote = (name: string, lines: number, most: number): readonly string[] =>
  lines < most ? [] : [`Only the first ${most} of these lines of ${name} were read.`];
