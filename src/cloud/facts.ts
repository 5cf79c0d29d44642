/**
 * What AWS knows of a deployment beside its metrics. Everything here is optional for a run: `null` is "not known" (not
 * asked, not allowed, not there), `"none"` is "AWS says there is none". Milliseconds, megabytes, counts.
 */
import type { FrontEnd } from "./front-ends.ts";
import type { PriceTable } from "./prices.ts";

export type Architecture = "x86_64" | "arm64";

/** Configuration of one function as it was during the load. */
export type FunctionFacts = {
  /** The label of the `FunctionRef`, as in `FunctionMetrics.function`. */
  readonly function: string;
  readonly memoryMb: number | null;
  readonly architecture: Architecture | null;
  /** `nodejs24.x`; `null` also for container images. */
  readonly runtime: string | null;
  readonly packageType: "Zip" | "Image" | null;
  readonly timeoutMs: number | null;
  /** `/tmp` in MB; 512 is free of charge. */
  readonly ephemeralStorageMb: number | null;
  readonly codeSha256: string | null;
  readonly configSha256: string | null;
  /** `SnapStart.OptimizationStatus` is On: restore instead of init. */
  readonly snapStart: boolean | null;
  /** Subnets of the function's VPC, 0 without a VPC. */
  readonly vpcSubnets: number | null;
  readonly reservedConcurrency: number | "none" | null;
  readonly provisionedConcurrency:
    | {
        readonly requested: number;
        readonly available: number | null;
        readonly status: "READY" | "IN_PROGRESS" | "FAILED" | null;
      }
    | "none"
    | null;
  /** Lambda Managed Instances: one environment takes several requests at a time. */
  readonly managedInstances: { readonly perEnvironmentConcurrency: number | null } | "none" | null;
};

/** Quotas of the account in the region. */
export type AccountFacts = {
  /** Concurrent executions: 1,000 by default, 10 in new accounts. */
  readonly concurrencyLimit: number | null;
  /** What no function has reserved (GetAccountSettings `UnreservedConcurrentExecutions`). */
  readonly unreserved: number | null;
  /** Maximum of ClaimedAccountConcurrency over the run: what decides over on-demand invocations. */
  readonly claimedMax: number | null;
  /** API Gateway throttle, requests per second and burst of the account. */
  readonly apiGatewayRate: number | null;
  readonly apiGatewayBurst: number | null;
  /** Longest integration timeout that the account may set. */
  readonly apiGatewayTimeoutMs: number | null;
  readonly enisPerVpc: number | null;
};

/** What the REPORT lines of one function say over the window. */
export type LogFacts = {
  readonly function: string;
  /** REPORT lines read. */
  readonly reports: number;
  readonly coldStarts: number;
  /** Init Duration, or Restore Duration under SnapStart, of the cold starts; `null` when there was none. */
  readonly initMs: { readonly mean: number; readonly p95: number | null } | null;
  /** Mean Billed Duration. */
  readonly billedMs: number | null;
  /** Largest Max Memory Used. */
  readonly memoryUsedMb: number | null;
  /** Exact percentiles of Duration. */
  readonly durationMs: {
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** `timeout` is the type of invocations that Lambda ended. Examples redacted, one line each. */
  readonly errors: readonly { readonly type: string; readonly count: number; readonly examples: readonly string[] }[];
};

/** What stands between client and function, by its own metrics over the window. */
export type FrontEndFacts = {
  readonly kind: FrontEnd;
  /** API, stage or load balancer as AWS names it. */
  readonly name: string | null;
  readonly count: number | null;
  /** From the arrival of a request to the last byte of the answer; `null` for load balancers, which do not measure it. */
  readonly latencyMs: {
    readonly average: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
  } | null;
  /** Time spent waiting for what is behind: IntegrationLatency, or TargetResponseTime in milliseconds. */
  readonly integrationLatencyMs: {
    readonly average: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
    /** The longest wait; absent in older records. */
    readonly max?: number | null;
  } | null;
  /** Answers 4xx and 5xx of any origin. */
  readonly clientErrors: number | null;
  readonly serverErrors: number | null;
  /** Answers 5xx that the front end made itself (HTTPCode_ELB_5XX_Count); `null` where AWS does not tell them apart. */
  readonly ownServerErrors: number | null;
  readonly cacheHits: number | null;
};

/** An ECS service over the window. Shares from 0 to 1. */
export type ContainerFacts = {
  readonly cluster: string;
  readonly service: string;
  /** Of what the tasks have; `max` is the busiest task in its busiest minute. */
  readonly cpu: { readonly average: number | null; readonly max: number | null };
  readonly memory: { readonly average: number | null; readonly max: number | null };
  /** Mean number of running tasks. */
  readonly tasks: number | null;
  /** vCPUs of one task; only Container Insights tell. */
  readonly taskVcpu: number | null;
  /** Sum over the tasks of the time for which their whole processor would have been busy, seconds. */
  readonly busyTaskSeconds: number | null;
};

export type CloudFacts = {
  /** In the order of the functions named. */
  readonly functions: readonly FunctionFacts[];
  readonly account: AccountFacts | null;
  readonly logs: readonly LogFacts[];
  readonly frontEnd: FrontEndFacts | null;
  /** The ECS service behind the load balancer, `null` where none was named. */
  readonly containers: ContainerFacts | null;
  /** Region that prices and quotas belong to. */
  readonly region: string | null;
  /** The user's own price table, so that the record prices the same everywhere; `null` is the built-in one. */
  readonly prices: PriceTable | null;
  /** Metrics asked of CloudWatch over all polls, and bytes that Logs Insights scanned: what the gate itself cost. */
  readonly metricsRequested: number | null;
  readonly logBytesScanned: number | null;
};

/** Nothing known: what a collector starts from. */
export const noFacts: CloudFacts = {
  functions: [],
  account: null,
  logs: [],
  frontEnd: null,
  containers: null,
  region: null,
  prices: null,
  metricsRequested: null,
  logBytesScanned: null,
};
