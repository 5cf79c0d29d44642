import type { FunctionReads } from "../cloud/deployment.ts";
import { type LogFormat, startsQuery } from "../cloud/log-queries.ts";
import { type Slots, type Starts, startsOfLines, startsOfRows } from "../cloud/starts.ts";
import type { FunctionLogs, LogRange } from "../ports.ts";
import { type LogAnswer, readEitherWay, reportLines } from "./read-logs.ts";

export type AskStarts = {
  /** Label of the function. */
  readonly name: string;
  readonly range: LogRange;
  readonly format: LogFormat | null;
  /** Time slots for Logs Insights; lines that are read one by one need none. */
  readonly slots: Slots;
  /** Versions whose lines count, `null` for all. */
  readonly versions: readonly string[] | null;
};

/** One look at when invocations started and how long they took: one query, however many there were. */
export const readStarts = (logs: FunctionLogs, asked: AskStarts): Promise<LogAnswer<readonly Starts[]>> =>
  readEitherWay(asked.format, {
    insights: (format) => byInsights(logs, asked, format),
    lines: (format) => byLines(logs, asked, format),
    isEmpty: (starts) => starts.length === 0,
  });

const byInsights = async (
  logs: FunctionLogs,
  { range, slots, versions }: AskStarts,
  format: LogFormat,
): Promise<LogAnswer<readonly Starts[]>> => {
  const found = await logs.insights(range, startsQuery(format, { slots, versions }));
  if (found.kind !== "value") return { read: found, bytes: null, notes: [] };
  const { rows, bytesScanned } = found.value;
  return { read: { kind: "value", value: startsOfRows(rows, slots) }, bytes: bytesScanned, notes: [] };
};

const byLines = async (
  logs: FunctionLogs,
  { name, range, versions }: AskStarts,
  format: LogFormat,
): Promise<LogAnswer<readonly Starts[]>> => {
  const { read, ...answer } = await reportLines(logs, { name, range, format });
  if (read.kind !== "value") return { ...answer, read };
  return { ...answer, read: { kind: "value", value: startsOfLines(read.value, versions) } };
};

/**
 * The versions that an alias or version of a function runs. A whole function runs any of them, and of an alias that may
 * not be read nobody knows: then the time alone says whose a line is.
 */
export const versionsOf = ({ ref, alias }: Pick<FunctionReads, "ref" | "alias">): readonly string[] | null => {
  if (ref.qualifier === null) return null;
  if (ref.qualifier === "$LATEST" || /^\d+$/.test(ref.qualifier)) return [ref.qualifier];
  if (alias?.kind !== "value" || alias.value.version === null) return null;
  return [alias.value.version, ...Object.keys(alias.value.weights)];
};
