import type { EpochMs, Seconds } from "../units.ts";
import type { AnswerSigns } from "./answer-signs.ts";
import type { OutcomeClass, OutcomeCounts } from "./outcome.ts";
import type { UserChangeByHand } from "./retarget.ts";

/** Latencies of `ok` responses in milliseconds; `null` where there was none. Percentiles: value at rank ceil(q x n). */
export type LatencySummary = {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of imported files: their clock starts at the send, so that a late start is not seen. Absent: the intended start. */
  readonly from?: "actual-start";
  /** HdrHistogram V2, compressed, base64; microseconds at 3 significant digits. */
  readonly histogram: string;
};

/** The first examples of a failure class, redacted, at most 200 bytes of body each. */
export type FailureExample = {
  /** HTTP status, or `null` when there was no response. */
  readonly status: number | null;
  /** One line: the error's message or the beginning of the body. */
  readonly text: string;
};

export type TaskResult = {
  readonly name: string;
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  /** At most 5 per failure class. */
  readonly examples: Readonly<Partial<Record<OutcomeClass, readonly FailureExample[]>>>;
};

/**
 * One second of the window. A request of the closed model belongs to the slice in which it was started; one of the open
 * model to that in which it was due, so that requests and dropped arrivals of a second are what was planned for it.
 */
export type Slice = {
  /** 0 is the first second of the window. */
  readonly second: number;
  /** Users running at the end of the slice. */
  readonly users: number;
  readonly requests: number;
  /** Arrivals that were due in this second and never sent; 0 in the closed model. */
  readonly dropped: number;
  readonly outcomes: OutcomeCounts;
  /** Requests per task, in the order of the record's `tasks`. */
  readonly tasks: readonly number[];
  /** Of these the failed ones; absent where none failed, where there is one task only, and in imported and older records. */
  readonly failures?: readonly number[];
  readonly bytesReceived: number;
  /** HdrHistogram V2 base64 of `ok` responses, `null` when there was none. */
  readonly response: string | null;
  readonly service: string | null;
};

export type ConnectionStats = {
  /** First connections of users. */
  readonly opened: number;
  /** Connections opened again because the earlier one was closed. */
  readonly reopened: number;
  /** Of these, handshakes that took an earlier TLS session up again. */
  readonly resumed: number;
  /** Connections closed for bytes behind a complete answer. */
  readonly surplus: number;
  /** Name look-up, TCP connect and TLS handshake in milliseconds; `null` where none was measured. */
  readonly dnsMs: HalfAndTail | null;
  readonly connectMs: HalfAndTail | null;
  readonly tlsMs: HalfAndTail | null;
};

export type HalfAndTail = { readonly p50: number; readonly p95: number };

/** How the generator was in one second of the window. */
export type HealthSecond = {
  readonly second: number;
  /** Event-loop utilisation of the busiest worker, 0 to 1; time that it slept until an arrival is not busy. */
  readonly utilisation: number;
  /** CPU time of the thread of the worker that had least of it beside its utilisation, 0 to 1. */
  readonly cpuShare: number;
  /** Share of the second in which a worker could have run and another process had its core; `null` where not known. */
  readonly waiting: number | null;
  /** Share of the machine's CPU time that its host gave to others; `null` where not known. */
  readonly steal: number | null;
  /** The longest delay of a worker's event loop. */
  readonly loopDelayMs: number;
  /** Actual minus intended start, p99 of the requests that ended in this second; `null` when none did. */
  readonly lagMs: number | null;
  /** The longest pause of a garbage collection. */
  readonly gcMs: number;
  /** Resident set of the process. */
  readonly memoryMb: number;
  /** Share of its heap's limit that the fullest worker used, 0 to 1; `null` in records of an earlier version. */
  readonly heapShare: number | null;
  /** Users that were to run at its end; `null` in records of an earlier version. */
  readonly usersPlanned: number | null;
  /** Sent and received. */
  readonly bytes: number;
};

/** How well the generator itself was (reference/load-generators.md section 5). */
export type GeneratorHealth = {
  readonly workers: number;
  /** Event-loop utilisation of the busiest worker, 0 to 1, over one-second windows. */
  readonly utilisation: { readonly mean: number; readonly max: number; readonly shareAbove80: number };
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU time of the busiest worker's thread over wall time, 0 to 1. */
  readonly cpuShare: number;
  /** Actual start minus intended start. */
  readonly scheduleLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Peak resident set of the process in megabytes. */
  readonly memoryMb: number;
  readonly usersAsked: number;
  readonly usersReached: number;
  /**
   * How much of the reported p95 is the generator's own delay, estimated from how late its loop and its starts were
   * (own-delay.ts); `null` without answers.
   */
  readonly p95OwnMs: number | null;
  /** Bits per second that the network interface can carry, in millions; `null` when it does not say, or on one machine. */
  readonly linkMbit: number | null;
  /** One entry a second, in order; empty for a load that never began. */
  readonly series: readonly HealthSecond[];
};

export type Totals = {
  readonly requests: number;
  /** Arrivals that were due and never sent; 0 in the closed model. */
  readonly dropped: number;
  /** Requests started per second over the whole window. */
  readonly rate: number;
  /** The same over the steady part (all users spawned); `null` when the window has none. */
  readonly steadyRate: number | null;
  /** Seconds of the steady part. */
  readonly steadySeconds: number;
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly outcomes: OutcomeCounts;
  readonly connections: ConnectionStats;
  /** First byte minus the beginning of the write, and last byte minus first, of `ok` answers in milliseconds. */
  readonly ttfbMs: HalfAndTail | null;
  readonly downloadMs: HalfAndTail | null;
};

/** Why the load ended. `users-gone`: every user's setup failed, nobody was left to send anything. */
export type StopReason =
  | "run-time"
  | "max-requests"
  | "stop-if"
  | "users-gone"
  | "interrupted"
  | "worker-lost"
  | "scenario-blocked";

/** Requests outside `totals`. */
export type ApartResult = { readonly requests: number; readonly outcomes: OutcomeCounts };

/** What users did once before their first task, or after their last. */
export type OnceResult = ApartResult & {
  /** Users for which it failed; a user whose setup failed runs no task. */
  readonly failedUsers: number;
  /** One row per step name. */
  readonly rows: readonly TaskResult[];
};

/** Latencies of one kind each as HdrHistogram V2, compressed, base64, in microseconds; `null` where there was none. */
export type Distributions = {
  readonly dns: string | null;
  readonly connect: string | null;
  readonly tls: string | null;
  /** Of the tasks' `ok` answers. */
  readonly ttfb: string | null;
  readonly download: string | null;
  /** Actual minus intended start. */
  readonly lag: string | null;
};

/** What the engine measured; plain data. */
export type LoadResult = {
  readonly window: { readonly start: EpochMs; readonly end: EpochMs; readonly seconds: Seconds };
  readonly stopped: StopReason;
  /** With `worker-lost`: what the worker died of, for the bug report. */
  readonly workerError?: string;
  /** Users and spawn rate as somebody changed them while the load ran; absent where nobody did. */
  readonly changes?: readonly UserChangeByHand[];
  readonly totals: Totals;
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  readonly tasks: readonly TaskResult[];
  readonly slices: readonly Slice[];
  readonly generator: GeneratorHealth;
  /** Absent where the engine did not look at headers. */
  readonly signs?: AnswerSigns;
  /** Outside `totals`, inside the number that AWS's count is reconciled with. */
  readonly warmUp: { readonly start: EpochMs | null; readonly requests: number; readonly outcomes: OutcomeCounts };
  /** The requests sent at once before the window; like those of the warm-up counted by AWS. */
  readonly preWarm: ApartResult;
  readonly setup: OnceResult;
  readonly teardown: OnceResult;
  /** Of a shard: what its percentiles were taken from, to be added to those of the others. */
  readonly distributions?: Distributions;
};

/** What live progress shows of one row, or of all; times are response times so far in milliseconds. */
export type ProgressFigures = {
  readonly requests: number;
  readonly failures: number;
  /** Over the last second. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};

export type TaskProgress = ProgressFigures & { readonly name: string; readonly method: string };

/** Live progress, once a second. */
export type LoadProgress = ProgressFigures & {
  readonly phase: "warm-up" | "ramp" | "steady" | "drain";
  readonly elapsed: Seconds;
  readonly runTime: Seconds;
  readonly users: number;
  /** The most that run at once. */
  readonly usersAsked: number;
  /** Arrivals that were due and never sent; 0 in the closed model. */
  readonly dropped: number;
  /** Rows of the tasks that have requests, in the plan's order; at most 40, so that a second's work is bounded. */
  readonly tasks: readonly TaskProgress[];
};

/** Milliseconds of `ok` responses; `null` where there was none. */
export type LiveTimes = { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null };

/** One row of the live page's table: since the window's start; the rates since the point before. */
export type LiveRow = TaskProgress & { readonly min: number | null; readonly max: number | null };

/** What a live page draws, once a second: rates and response times since the point before. */
export type LiveSecond = LiveTimes & {
  readonly elapsed: Seconds;
  readonly users: number;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Since the window's start. */
  readonly outcomes: OutcomeCounts;
  /** Of the tasks, in the plan's order, at most 40. */
  readonly rows: readonly LiveRow[];
  readonly total: LiveRow;
};
