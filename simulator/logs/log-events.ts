/** The events of a log group that are in a time range and ingested already. */
import type { FunctionSettings } from "../function-settings.ts";
import type { LedgerEntry } from "../ledger.ts";
import { logLines } from "./log-lines.ts";

export type LogSource = {
  readonly name: string;
  readonly settings: FunctionSettings;
  readonly entries: readonly LedgerEntry[];
};

export type LogEvent = {
  /** Epoch milliseconds, as the service has it. */
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly stream: string;
  readonly message: string;
};

export const logGroupOf = ({ name, settings }: Pick<LogSource, "name" | "settings">): string =>
  settings.logGroup ?? `/aws/lambda/${name}`;

/** The group's sources; nothing when no function that may write logs has it. */
export function groupOf(sources: readonly LogSource[], group: string): readonly LogSource[] | undefined {
  const writers = sources.filter((one) => one.settings.logs && one.settings.container === null);
  const own = writers.filter((one) => logGroupOf(one) === group);
  return own.length === 0 ? undefined : own;
}

export type TimeRange = {
  /** Both ends inclusive, in epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What was ingested after this moment is not seen. */
  readonly asOfMs: number;
  /** From the end of an invocation until its lines can be found. */
  readonly delayMs: number;
};

/** In order of time. */
export function eventsOf(sources: readonly LogSource[], range: TimeRange): readonly LogEvent[] {
  return sources
    .flatMap(({ name, settings, entries }) =>
      entries
        .filter(({ endMs, atMs }) => atMs <= range.toMs + 1 && endMs >= range.fromMs - 1)
        .filter(({ endMs }) => endMs + range.delayMs <= range.asOfMs)
        .flatMap((entry) =>
          logLines({ name, settings, entry }).map(({ atMs, message }) => ({
            ...{ atMs: Math.floor(atMs), ingestedMs: Math.floor(entry.endMs + range.delayMs), message },
            stream: streamOf(entry),
          })),
        ),
    )
    .filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

const streamOf = ({ atMs, version, environment }: LedgerEntry): string =>
  `${new Date(atMs).toISOString().slice(0, 10).replaceAll("-", "/")}/[${version}]${String(environment).padStart(32, "0")}`;
