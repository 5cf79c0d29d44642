import type { OutcomeClass, OutcomeCounts } from "./outcome.ts";
import type { FailureExample } from "./result.ts";

/** What a worker saw of one second of the window since its last report; histograms encoded, `null` when empty. */
export type SliceReport = {
  readonly second: number;
  /** Users that made their first start in this second. */
  readonly spawned: number;
  readonly outcomes: OutcomeCounts;
  /** Requests per task, in the plan's order. */
  readonly tasks: readonly number[];
  readonly bytesReceived: number;
  readonly response: string | null;
  readonly service: string | null;
};

/** What a worker saw of one task since its last report. */
export type TaskReport = {
  readonly outcomes: OutcomeCounts;
  readonly response: string | null;
  readonly service: string | null;
  readonly examples: Readonly<Partial<Record<OutcomeClass, readonly FailureExample[]>>>;
};

/** The worker's event loop: utilisation since its last report, delays since the window's start. */
export type LoopReport = {
  /** 0 to 1. */
  readonly utilisation: number;
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number };
};

/**
 * What a worker posts once a second: everything since its last report, so that reports of all seconds and workers add
 * up to the result, and a worker that dies takes one second with it.
 */
export type WorkerReport = {
  /** 0 is the first worker. */
  readonly worker: number;
  readonly slices: readonly SliceReport[];
  readonly tasks: readonly TaskReport[];
  readonly bytesSent: number;
  readonly connections: {
    readonly opened: number;
    readonly reopened: number;
    readonly connect: string | null;
    readonly tls: string | null;
  };
  /** Actual minus intended start of every request. */
  readonly scheduleLag: string | null;
  /** `null` after the end of the load: a draining loop says nothing about the load. */
  readonly loop: LoopReport | null;
};
