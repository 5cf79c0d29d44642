import type { Scenario } from "../scenario/scenario.ts";
import type { Millis, PerSecond, Seconds } from "../units.ts";
import type { ArrivalRate } from "./arrivals.ts";
import type { Shard } from "./shard.ts";
import type { SigningScope } from "./signing.ts";
import type { Stages } from "./stages.ts";
import type { StopRule } from "./stop-rule.ts";
import type { WaitTime } from "./wait-time.ts";

/** One HTTP request, ready to be sent to the plan's origin. */
export type RequestPlan = {
  readonly method: string;
  /** Path and query, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** A named request with a weight: tasks are picked in proportion to their weights. */
export type TaskPlan = {
  readonly name: string;
  readonly weight: number;
  readonly request: RequestPlan;
};

/** Everything the engine needs to know; plain data, so that it can cross to a worker thread. */
export type LoadPlan = {
  /** Scheme, host and port: `https://preview.example.com`. */
  readonly origin: string;
  /** Sent with every request of every task, below the task's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** `swarmgate/<version> (<run id>)`, so that a firewall rule or a log query can tell our requests. */
  readonly userAgent: string;
  /** Empty when there is a scenario: then its tasks are the load. */
  readonly tasks: readonly TaskPlan[];
  readonly scenario: Scenario | null;
  /** Patterns of hosts beside the target's own that a followed redirect may lead to. */
  readonly allowedHosts: readonly string[];
  /** Closed model: how many run at most. Open model: the pool that takes the arrivals. */
  readonly users: number;
  readonly spawnRate: PerSecond;
  /** Open model; `null` in the closed one. Stages may be a rate, too: ask `model.ts`. */
  readonly rate: ArrivalRate | null;
  /** Instead of the spawn rate, or of the rate; `null` without stages. */
  readonly stages: Stages | null;
  /** Counted from the start of the window, ramp included, as in Locust; with stages their sum. */
  readonly runTime: Seconds;
  /** Before the window one user runs the tasks this long; reported apart. 0 switches it off. */
  readonly warmUp: Seconds;
  /** This many requests at once after the warm-up and before the window; 0 is none. Reported apart. */
  readonly preWarm: number;
  readonly waitTime: WaitTime;
  /** From the start of a request (DNS and connect included) to its last byte. */
  readonly timeout: Millis;
  /** How long requests in flight may take after the end before they count as `aborted`. */
  readonly stopTimeout: Millis;
  readonly seed: number;
  /** The load ends when this many requests have been started; everything that is sent counts. */
  readonly maxRequests: number;
  /** `null` never ends the load early. */
  readonly stopIf: StopRule | null;
  readonly insecure: boolean;
  readonly http2: boolean;
  /**
   * Of a segment of paired mode: whole seconds at its start, within the run time, that are not measured. What is sent in
   * them counts as warm-up; the window begins behind them. Absent: the window begins with the first user.
   */
  readonly ramp?: Seconds;
  /** The part that is sent from here; users, rates and bounds are of the whole. Absent: all of it. */
  readonly shard?: Shard;
  /** Requests to the target's own origin are signed for it; absent or `null` without `sigv4`. */
  readonly signing?: SigningScope | null;
};
