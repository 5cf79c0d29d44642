import type { ErrorCode } from "../errors.ts";
import type { Acceptance } from "./acceptance.ts";
import type { GateFacts } from "./gate-facts.ts";
import type { TestFingerprint } from "./record.ts";

/** Events in trials, and how the events lay in ten equal parts of the window (`null` when not known). */
export type Counts = {
  readonly events: number;
  readonly trials: number;
  readonly parts: readonly { readonly events: number; readonly trials: number }[] | null;
};

/** One row of a result with what its totals add up from (record/row-summaries.ts). */
export type RowSummary = {
  readonly name: string;
  /** Tasks of the test fingerprint whose requests it holds; a step name may be shared. */
  readonly tasks: readonly string[];
  readonly requests: number;
  readonly ok: number;
  /** Failures in judged requests; trials of the parts are requests started. */
  readonly counts: Counts;
  /** HdrHistogram V2 base64 of `ok` responses, to 3 digits from a record, to 2 from a history; `null` for a run of one row. */
  readonly response: string | null;
  readonly service: string | null;
};

/** One function of a run, as required concurrency needs it. */
export type FunctionSummary = {
  readonly function: string;
  /** Invocations and throttles per request of ours: 1 when each request calls the function once. */
  readonly callsPerRequest: number;
  /** Mean Duration in milliseconds. */
  readonly durationMs: number;
  /** Cold share x mean Init in milliseconds; absent where the logs were not read. */
  readonly coldMs?: number;
  /** Requests that one environment of Lambda Managed Instances takes at a time; absent for ordinary Lambda. */
  readonly perEnvironment?: number;
};

/** Where the time of a request went, as far as it was measured: means in milliseconds, `null` is "not known". */
export type LayerFigures = {
  /** Of `ok` responses, from the intended and from the actual start. */
  readonly responseMs: number | null;
  readonly serviceMs: number | null;
  /** Medians over the connections of the run. */
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** Connections opened, first ones and later ones, per request. */
  readonly connectionsPerRequest: number;
  /** Cold share x Init of all functions per request of ours. */
  readonly coldMs: number | null;
  /** The front end's own time: Latency - IntegrationLatency. */
  readonly gatewayMs: number | null;
  /** Everything from the front end on: Latency. */
  readonly frontEndMs: number | null;
  /** What a load balancer waited for its target: TargetResponseTime. Its own time it does not measure. */
  readonly targetMs: number | null;
  /** Share of requests that got an answer which Lambda never counted. */
  readonly uncountedShare: number | null;
  /** Share of requests that got no answer: timeouts, resets, no connection. */
  readonly unansweredShare: number;
  /** Bytes received per request: what a download takes is in nobody's metrics. */
  readonly bytesPerRequest: number;
  /** How late the load generator's event loop was: 99th percentile in milliseconds. */
  readonly loopDelayMs: number;
  /** The same for the median: only what is late as a rule moves a mean or a median; `null` in older histories. */
  readonly usualLoopDelayMs: number | null;
};

/**
 * One run as the judge sees it, and as the history keeps it: about 1 KB, and 2 KB for each row of several. Keys are metric ids, with `@scope` for one task
 * or function of many. What was asked for and not measured stands in `unmeasured` with its reason; it is never 0.
 */
export type RunSummary = {
  readonly id: string;
  readonly sha: string | null;
  readonly runId: number | null;
  /** Start of the window, ISO 8601. */
  readonly start: string;
  readonly fingerprint: {
    readonly test: TestFingerprint;
    readonly system: Readonly<Record<string, string | number | boolean | null>>;
  };
  /** Requests started per second in the steady part, the whole window if there is none. */
  readonly rate: number;
  readonly requests: number;
  /** Share of requests that were not `ok`, 0 to 1; `aborted` and `local-error` are in neither part. */
  readonly failureShare: number;
  readonly valid: boolean;
  readonly interrupted: boolean;
  /** Latencies in milliseconds, levels in their own unit. */
  readonly values: Readonly<Record<string, number>>;
  /** Observations behind each of `values`. */
  readonly samples: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, Counts>>;
  readonly functions: readonly FunctionSummary[];
  /** `null` in histories that an earlier version wrote. */
  readonly layers: LayerFigures | null;
  readonly unmeasured: Readonly<Record<string, { readonly code: ErrorCode; readonly reason: string }>>;
  /** How the run was to be judged; absent in histories that an earlier version wrote. */
  readonly gate?: GateFacts;
  /** On the base branch: the regression that this commit brought and that was accepted in its pull request. */
  readonly accepted?: Acceptance;
  /** Absent where it is not known which task a request was of, in large histories, and in those of an earlier version. */
  readonly rows?: readonly RowSummary[];
};

/** One round of paired mode as the judge sees it: both arms under one plan, one shortly after the other. */
export type RoundSummary = {
  /** Which arm was measured first; `null` when that is not known. */
  readonly first: "base" | "head" | null;
  readonly base: RunSummary;
  readonly head: RunSummary;
  /** Mean service time of `ok` responses in milliseconds, `null` where there was none. */
  readonly serviceMean: { readonly base: number | null; readonly head: number | null };
};
