import type { EpochMs, Millis } from "../units.ts";
import type { CloudFacts } from "./facts.ts";

/** A Lambda function as named by the user: whole function, or one alias or version of it. */
export type FunctionRef = {
  /** As the user wrote it; the name in reports. */
  readonly label: string;
  readonly name: string;
  /** Alias or version, `null` for the whole function. */
  readonly qualifier: string | null;
  /** From an ARN, else `null`. */
  readonly region: string | null;
};

/** Statistics of one function over the whole window. `null` is "AWS has no figure", never 0. Durations in milliseconds. */
export type FunctionMetrics = {
  readonly function: string;
  readonly invocations: number | null;
  readonly errors: number | null;
  readonly throttles: number | null;
  readonly duration: {
    readonly average: number | null;
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** Maximum of ConcurrentExecutions: sampled, so a cross-check and not a measurement. */
  readonly concurrencyMax: number | null;
  /** Of an alias or version with provisioned concurrency that was used; absent otherwise. */
  readonly provisioned?: {
    readonly invocations: number | null;
    /** Invocations that found no provisioned environment and ran on demand. */
    readonly spillover: number | null;
    /** Largest share of it that was busy, 0 to 1. */
    readonly utilisationMax: number | null;
  };
};

/**
 * How far AWS's count agrees with ours (SPEC 5.2):
 * `complete` - agrees and stable; `partial` - stable but short; `incomplete` - nothing, or still moving at the deadline;
 * `contaminated` - AWS counted more than we sent; `denied` - no permission or no credentials.
 */
export type CloudState = "complete" | "partial" | "incomplete" | "contaminated" | "denied";

/** What AWS saw of the run. */
export type CloudResult = {
  readonly state: CloudState;
  /** One sentence when the state is not `complete`, else an empty string. */
  readonly reason: string;
  /** What CloudWatch was asked: whole minutes around the run. */
  readonly window: { readonly start: EpochMs; readonly end: EpochMs };
  /**
   * Requests of ours that reached Lambda: warm-up, probes and window, no connection failures. Where an outcome leaves that
   * open (a timeout, a 5xx of the front end), the number in the possible range that is nearest to `seen`.
   */
  readonly expected: number;
  /** Invocations + Throttles of all functions named; `null` when AWS had none. */
  readonly seen: number | null;
  readonly polls: number;
  readonly waited: Millis;
  readonly functions: readonly FunctionMetrics[];
  /** Configuration, quotas, logs and front end; absent where nothing of it was asked, as in older records. */
  readonly facts?: CloudFacts;
  /** Things worth knowing that change no verdict. */
  readonly notes: readonly string[];
};
