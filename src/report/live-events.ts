/** What a running load tells its live page, each as one server-sent event of that name. */
import type { LiveSecond } from "../load/result.ts";

/** What one point of the charts takes: seconds since the window's start, users, rates, and milliseconds. */
export type LivePoint = Pick<
  LiveSecond,
  "elapsed" | "users" | "requestsPerSecond" | "failuresPerSecond" | "p50" | "p95" | "p99"
>;

export type LiveStatus = {
  readonly phase: "waiting" | "warm-up" | "ramp" | "steady" | "drain" | "reading" | "stopping";
  readonly elapsed: number;
  readonly runTime: number;
  /** What was asked for last, by the plan or by hand. */
  readonly users: number;
  readonly spawnRate: number;
  /** Somebody has changed them, so that the run is `changed-by-hand`. */
  readonly changed: boolean;
};

export type LiveEvents = {
  /** All that a page that has just been opened needs to catch up; replaces what it had. */
  readonly hello: {
    readonly points: readonly LivePoint[];
    readonly second: LiveSecond | null;
    readonly status: LiveStatus;
    readonly lines: readonly string[];
  };
  readonly second: LiveSecond;
  readonly status: LiveStatus;
  readonly line: string;
  /** The run has ended: nothing follows. */
  readonly end: { readonly verdict: string; readonly headline: string };
};

/** Points that a page keeps: the last hour. */
export const MOST_POINTS = 3600;
