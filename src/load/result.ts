import type { EpochMs, Seconds } from "../units.ts";
import type { AnswerSigns } from "./answer-signs.ts";
import type { OutcomeClass, OutcomeCounts } from "./outcome.ts";

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

/** One second of the window; a request belongs to the slice in which it was started. */
export type Slice = {
  /** 0 is the first second of the window. */
  readonly second: number;
  /** Users running at the end of the slice. */
  readonly users: number;
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
  /** Requests per task, in the order of the record's `tasks`. */
  readonly tasks: readonly number[];
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
  /** TCP connect and TLS handshake time in milliseconds; `null` where none was measured. */
  readonly connectMs: { readonly p50: number; readonly p95: number } | null;
  readonly tlsMs: { readonly p50: number; readonly p95: number } | null;
};

/** How well the generator itself was (reference/load-generators.md section 5). */
export type GeneratorHealth = {
  readonly workers: number;
  /** Event-loop utilisation of the busiest worker, 0 to 1, over one-second windows. */
  readonly utilisation: { readonly mean: number; readonly max: number; readonly shareAbove80: number };
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU time of the process over wall time and cores used by the workers, 0 to 1. */
  readonly cpuShare: number;
  /** Actual start minus intended start. */
  readonly scheduleLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Peak resident set of the process in megabytes. */
  readonly memoryMb: number;
  readonly usersAsked: number;
  readonly usersReached: number;
};

export type Totals = {
  readonly requests: number;
  /** Requests started per second over the whole window. */
  readonly rate: number;
  /** The same over the steady part (all users spawned); `null` when the window has none. */
  readonly steadyRate: number | null;
  /** Seconds of the steady part. */
  readonly steadySeconds: number;
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly outcomes: OutcomeCounts;
  readonly connections: ConnectionStats;
};

/** Why the load ended. */
export type StopReason = "run-time" | "max-requests" | "interrupted" | "worker-lost";

/** What the engine measured; plain data. */
export type LoadResult = {
  readonly window: { readonly start: EpochMs; readonly end: EpochMs; readonly seconds: Seconds };
  readonly stopped: StopReason;
  /** With `worker-lost`: what the worker died of, for the bug report. */
  readonly workerError?: string;
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
};

/** One line of live progress, once a second. */
export type LoadProgress = {
  readonly phase: "warm-up" | "ramp" | "steady" | "drain";
  readonly elapsed: Seconds;
  readonly runTime: Seconds;
  readonly users: number;
  readonly requests: number;
  readonly failures: number;
  /** Over the last second. */
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Response time so far in milliseconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};
