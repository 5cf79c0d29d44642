import { environmentsFor, type FunctionDemand } from "./capacity.ts";

/** How a load grows from nothing: evenly to its peak within so many seconds, 0 for at once. */
export type Ramp =
  /** Open model: requests per second. */
  | { readonly kind: "rate"; readonly perSecond: number; readonly seconds: number }
  /** Closed model: users, each with at most one request in flight. */
  | { readonly kind: "users"; readonly users: number; readonly seconds: number };

export type RampCheck = {
  /** Environments of one function at the end of the ramp, every one of them started cold. */
  readonly environments: number;
  /** What Lambda can have started by then. */
  readonly startable: number;
  readonly feasible: boolean;
  /** Shortest ramp that can be followed, seconds. */
  readonly shortestSeconds: number;
};

/**
 * A function may start 1,000 environments at once and 100 more each second; equally 10,000 requests per second, growing by
 * 1,000 each second (AWS Lambda developer guide, "Concurrency scaling rate": 1,000 every 10 s per function, refilled
 * continuously).
 */
const SCALING = { burst: 1_000, perSecond: 100 };
const RATE_SCALING = { burst: 10_000, perSecond: 1_000 };

/**
 * Whether Lambda's scaling rate lets one function follow the ramp. During it all environments are new: a request that
 * starts one holds it for init and Duration. Managed Instances scale by other rules: `null`.
 */
export const checkRamp = (demand: FunctionDemand, initMs: number | null, ramp: Ramp): RampCheck | null => {
  if (demand.perEnvironment !== null) return null;
  const cold = { ...demand, coldMs: Math.max(demand.coldMs, initMs ?? 0) };
  const environments =
    ramp.kind === "users" ? ramp.users * Math.min(1, demand.callsPerRequest) : environmentsFor(cold, ramp.perSecond);
  const rate = ramp.kind === "users" ? 0 : ramp.perSecond * demand.callsPerRequest;
  const shortestSeconds = Math.max(secondsFor(environments, SCALING), secondsFor(rate, RATE_SCALING));
  return {
    environments,
    startable: SCALING.burst + SCALING.perSecond * ramp.seconds,
    feasible: ramp.seconds >= shortestSeconds,
    shortestSeconds,
  };
};

const secondsFor = (wanted: number, scaling: { readonly burst: number; readonly perSecond: number }): number =>
  Math.max(0, (wanted - scaling.burst) / scaling.perSecond);
