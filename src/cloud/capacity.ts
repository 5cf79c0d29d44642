/** Required concurrency (SPEC 5.4): the one place where its formula stands. */

/** One function as capacity needs it. Milliseconds of Lambda's own clock, which does not count init. */
export type FunctionDemand = {
  /** Mean Duration. */
  readonly durationMs: number;
  /** Cold share x mean Init: what cold starts add to the mean; 0 where the logs do not know. */
  readonly coldMs: number;
  /** Invocations per request of ours. */
  readonly callsPerRequest: number;
  /** Requests that one environment takes at a time: `null` for ordinary Lambda (1, and the 10 x rule holds). */
  readonly perEnvironment: number | null;
};

/** Lambda takes at most 10 requests per second for each unit of concurrency (AWS Lambda developer guide, "Scaling"). */
export const REQUESTS_PER_ENVIRONMENT = 10;
const MS_PER_SECOND = 1000;

/** Requests in flight by Little's law: rate x mean time. */
export const inFlight = ({ durationMs, coldMs, callsPerRequest }: FunctionDemand, rate: number): number =>
  (rate * callsPerRequest * (durationMs + coldMs)) / MS_PER_SECOND;

/**
 * Execution environments that one function needs at `rate` requests of ours per second, not rounded:
 * max(rate x W, rate / 10) with W = mean Duration + cold share x mean Init. Managed Instances take several requests per
 * environment and know neither cold starts nor the 10 x rule: rate x W / their concurrency.
 */
export const environmentsFor = (demand: FunctionDemand, rate: number): number => {
  const busy = inFlight(demand, rate);
  if (demand.perEnvironment !== null) return busy / demand.perEnvironment;
  return Math.max(busy, (rate * demand.callsPerRequest) / REQUESTS_PER_ENVIRONMENT);
};

/** Guards `ceil` against the last bits of a floating-point product: 12.000000000001 environments are 12. */
const ROUNDING_NOISE = 1e-9;

/** Whole environments: a part of one must be provided as one. */
export const wholeEnvironments = (environments: number): number => Math.ceil(environments - ROUNDING_NOISE);
