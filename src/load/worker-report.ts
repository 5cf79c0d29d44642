import type { ResultRow } from "../scenario/scenario.ts";
import type { AnswerSigns } from "./answer-signs.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import type { OutcomeClass, OutcomeCounts } from "./outcome.ts";
import type { FailureExample } from "./result.ts";

/** What a worker saw of one second of the window since its last report; histograms `null` when empty. */
export type SliceReport = {
  readonly second: number;
  /** Users that made their first start in this second, and users that left by plan or because their setup failed. */
  readonly spawned: number;
  readonly left: number;
  readonly dropped: number;
  readonly outcomes: OutcomeCounts;
  /** Requests per row of the tasks, in the record's order. */
  readonly tasks: readonly number[];
  /** Of these the failed ones; may end early or have holes, which are 0. */
  readonly failures?: readonly (number | undefined)[];
  readonly bytesReceived: number;
  readonly response: BucketCounts | null;
  readonly service: BucketCounts | null;
};

/** What a worker saw of one row (a step name of setup, tasks or teardown) since its last report. */
export type RowReport = {
  readonly outcomes: OutcomeCounts;
  readonly response: BucketCounts | null;
  readonly service: BucketCounts | null;
  readonly examples: Readonly<Partial<Record<OutcomeClass, readonly FailureExample[]>>>;
};

/** The worker's event loop and thread since its last report. */
export type LoopReport = {
  /** How long this report is about. */
  readonly seconds: number;
  /** 0 to 1. */
  readonly utilisation: number;
  /** CPU time of the thread over wall time, 0 to 1. */
  readonly cpuShare: number;
  /** Time for which the thread could have run and had no core, over wall time; `null` where the system does not say. */
  readonly waiting: number | null;
  /** The longest delay. */
  readonly delayMs: number;
  /** All delays of the loop's timer, microseconds. */
  readonly late: BucketCounts | null;
  /** The longest pause. */
  readonly gcMs: number;
  /** Used part of the heap's limit, 0 to 1. */
  readonly heapShare: number;
};

/**
 * What a worker posts once a second: everything since its last report, so that reports of all seconds and workers add
 * up to the result, and a worker that dies takes one second with it.
 */
export type WorkerReport = {
  /** 0 is the first worker. */
  readonly worker: number;
  /** The second of the window that ended with this report. */
  readonly second: number;
  readonly slices: readonly SliceReport[];
  /** Rows that this worker's module has named since the last report; they stand behind the earlier ones. */
  readonly newRows?: readonly ResultRow[];
  /** In the order of the plan's rows, or of those that the worker has named. */
  readonly rows: readonly RowReport[];
  readonly signs: AnswerSigns;
  readonly failedUsers: { readonly setup: number; readonly teardown: number };
  /** All requests that ended since the last report, whatever row they belong to. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly connections: {
    readonly opened: number;
    readonly reopened: number;
    readonly resumed: number;
    readonly surplus: number;
    readonly dns: BucketCounts | null;
    readonly connect: BucketCounts | null;
    readonly tls: BucketCounts | null;
  };
  /** Of the tasks' `ok` answers. */
  readonly ttfb: BucketCounts | null;
  readonly download: BucketCounts | null;
  /** Actual minus intended start of every request of the tasks. */
  readonly scheduleLag: BucketCounts | null;
  /** `null` after the end of the load: a draining loop says nothing about the load. */
  readonly loop: LoopReport | null;
};
