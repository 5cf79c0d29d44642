/** How CloudWatch Logs behaves. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import { atLeast, type Checks, orNull, parsePartial } from "../settings.ts";

export type LogsSettings = Faults & {
  /** Lines appear this long after the invocation ended, in milliseconds. */
  readonly delayMs: number;
  /** A query is Scheduled for the first and Running for the rest of so many GetQueryResults calls. */
  readonly runningPolls: number;
  /** The next n queries end as Failed. */
  readonly failQueries: number;
  /** The next n queries end as Timeout. */
  readonly timeoutQueries: number;
  /** The next n StartQuery calls are refused: too many queries at once. */
  readonly limitExceededFirst: number;
  /** Events a page of FilterLogEvents holds, whatever the caller allows; null leaves it to `limit`. */
  readonly pageSize: number | null;
  /** Empty pages with a nextToken ahead of each page that has events. */
  readonly emptyPages: number;
};

export const defaultLogsSettings: LogsSettings = {
  ...noFaults,
  delayMs: 0,
  runningPolls: 1,
  failQueries: 0,
  timeoutQueries: 0,
  limitExceededFirst: 0,
  pageSize: null,
  emptyPages: 0,
};

const checks: Checks<LogsSettings> = {
  ...faultChecks,
  delayMs: atLeast(0),
  runningPolls: atLeast(0),
  failQueries: atLeast(0),
  timeoutQueries: atLeast(0),
  limitExceededFirst: atLeast(0),
  pageSize: orNull(atLeast(1)),
  emptyPages: atLeast(0),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseLogsChange = (given: unknown): Partial<LogsSettings> => parsePartial(checks, given);
