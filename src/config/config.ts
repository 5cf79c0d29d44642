import type { FunctionRef } from "../cloud/cloud.ts";
import type { EcsRef } from "../cloud/containers.ts";
import type { FrontEndRef } from "../cloud/front-end-ref.ts";
import type { PriceTable } from "../cloud/prices.ts";
import type { ArrivalRate } from "../load/arrivals.ts";
import type { Shard } from "../load/shard.ts";
import type { Stages } from "../load/stages.ts";
import type { StopRule } from "../load/stop-rule.ts";
import type { WaitTime } from "../load/wait-time.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Millis, PerSecond, Seconds } from "../units.ts";
import type { Limit } from "./limits.ts";

/** What the gate does with a verdict that is neither pass nor fail. */
export type Reaction = "pass" | "warn" | "fail";

/** An inclusive range of HTTP status codes. */
export type StatusRange = { readonly from: number; readonly to: number };

export type TargetConfig = {
  /** `null` when no load is asked for (compare, report) or the target is to be discovered. */
  readonly url: string | null;
  /** Deployment of the base branch, measured beside the target in rounds; `null` compares with earlier runs. */
  readonly baseUrl: string | null;
  /** CloudFormation stack whose outputs name the URL and whose resources name the functions, where those are not given. */
  readonly stackName: string | null;
  /** Glob over the environments of GitHub's deployments, where no URL is given. */
  readonly environment: string | null;
  readonly allowProduction: boolean;
  /** Path probed until the target is ready; `null` is the URL's own. */
  readonly readyPath: string | null;
  readonly readyStatus: readonly StatusRange[];
  /** Proof that the answer comes from this commit: where the SHA stands in the answer. */
  readonly readyCommit: { readonly kind: "header" | "json"; readonly at: string } | null;
  readonly readyTimeout: Millis;
  readonly allowedHosts: readonly string[];
  /** Sent with every request, probes included. Values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests to the target are signed for AWS (Signature Version 4). */
  readonly sigv4: boolean;
};

export type LoadConfig = {
  readonly users: number;
  readonly spawnRate: PerSecond;
  /** `null` in the closed model, and where the stages are a rate. */
  readonly rate: ArrivalRate | null;
  readonly stages: Stages | null;
  /** The sum of the stages where there are any. */
  readonly runTime: Seconds;
  readonly warmUp: Seconds;
  /** Requests at once before the window; 0 is none. */
  readonly preWarm: number;
  readonly waitTime: WaitTime;
  readonly timeout: Millis;
  readonly stopTimeout: Millis;
  readonly seed: number;
  readonly maxRequests: number;
  readonly stopIf: StopRule | null;
  /** Threads that send; `null` leaves it to the machine. */
  readonly workers: number | null;
  readonly insecure: boolean;
  readonly http2: boolean;
};

export type AwsConfig = {
  /** `null` leaves it to the SDK (`AWS_REGION`). */
  readonly region: string | null;
  readonly functions: readonly FunctionRef[];
  /** What the user named; `null` leaves it to host and answers. */
  readonly frontEnd: FrontEndRef | null;
  /** ECS service behind the load balancer. */
  readonly ecs: EcsRef | null;
  /** File of the user's own price table, `null` is the built-in one. */
  readonly pricesFile: string | null;
  /** What stands in it, once it has been read. */
  readonly prices: PriceTable | null;
  /** Those behind `baseUrl`, in the order of `functions`. */
  readonly baseFunctions: readonly FunctionRef[];
  /** Rate at which required concurrency is stated; `null` is the baseline's own rate. */
  readonly referenceRps: PerSecond | null;
  /** Stands for the limit `required-concurrency: <= N`; `null` is no such limit. */
  readonly maxConcurrency: number | null;
  /** US dollars that the run may cost by an estimate before it starts. */
  readonly maxCost: number;
  /** Counted from the end of the load. */
  readonly metricsTimeout: Millis;
  /** REPORT lines: read if it may be, read and complained about if not, or left alone. */
  readonly logs: "auto" | "on" | "off";
};

export type BaselineConfig = {
  readonly source:
    | { readonly kind: "artifact" }
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "none" };
  /** `null` is the pull request's base branch, or the repository's default branch. */
  readonly branch: string | null;
  /** File name under `.github/workflows`; `null` is this workflow's. */
  readonly workflow: string | null;
  /** How long to wait for the merge base's own run while it is in progress. */
  readonly wait: Millis;
  /** Paired mode: the measured part of one segment. */
  readonly segmentTime: Millis;
  /** Paired mode: from the first request to the last, confirmation included. */
  readonly maxDuration: Millis;
  /** Paired mode: what calibrations under this load have measured; absent until they were read, and where there are none. */
  readonly deployment?: DeploymentNoise;
};

/** What deployments of one code differ by, as sessions on pairs of them have measured it. */
export type DeploymentNoise = {
  readonly pairs: number;
  /** By metric id: SD of the log that one deployment adds, and the degrees of freedom it rests on. */
  readonly terms: Readonly<Record<string, { readonly sd: number; readonly df: number }>>;
};

export type GateConfig = {
  readonly limits: readonly Limit[];
  readonly failOn: "regression" | "never";
  readonly onInconclusive: Reaction;
  readonly onInvalid: Reaction;
  readonly onNoBaseline: Reaction;
};

export type ReportConfig = {
  readonly comment: "always" | "on-change" | "on-fail" | "never";
  readonly commentKey: string;
  readonly commitStatus: boolean;
  readonly htmlReport: boolean;
};

/**
 * What a job does: measure and judge, send a part of the load, add the parts up, judge again what untrusted code measured,
 * judge again what was accepted, or measure the noise of one target.
 */
export type Mode = "gate" | "shard" | "merge" | "report" | "evaluate" | "calibrate";

/** Whether a job of this mode sends load, and so needs a target. */
export const sendsLoad = (mode: Mode): boolean => mode === "gate" || mode === "shard" || mode === "calibrate";

/** What the user asked for, after all parsing: frozen, complete, every default filled in. */
export type Config = {
  /** One gate among several in a repository; names the artifacts. */
  readonly name: string;
  readonly mode: Mode;
  /** The part of the load that is sent from here; `null` is all of it. */
  readonly shard: Shard | null;
  readonly target: TargetConfig;
  readonly load: LoadConfig;
  readonly aws: AwsConfig;
  readonly baseline: BaselineConfig;
  readonly gate: GateConfig;
  readonly report: ReportConfig;
  /** What users do; `null` is one request to the target's URL. */
  readonly scenario: Scenario | null;
  /** Values that must never appear in anything we write. */
  readonly secrets: readonly string[];
};
