/**
 * Every door to the outside, as plain types named by the code that uses them. `src/adapters` opens them, `src/entry`
 * wires them, tests pass fakes. Only `src/gate` calls them.
 */

import type { AwsRead } from "./cloud/aws-read.ts";
import type { FunctionRef } from "./cloud/cloud.ts";
import type { EcsRef } from "./cloud/containers.ts";
import type { AliasRoute, FunctionConfiguration, Provisioned } from "./cloud/deployment.ts";
import type { EcsService } from "./cloud/ecs-service.ts";
import type { AccountFacts } from "./cloud/facts.ts";
import type { MetricAnswer, MetricQuery } from "./cloud/queries.ts";
import type { LogLine } from "./cloud/report-line.ts";
import type { Stack, StackFunction, StackResource } from "./cloud/stack.ts";
import type { ErrorCode } from "./errors.ts";
import type { LoadPlan } from "./load/plan.ts";
import type { LiveSecond, LoadProgress, LoadResult } from "./load/result.ts";
import type { AwsKeys, Signable, Signed, SigningScope } from "./load/signing.ts";
import type { SeenDeployment } from "./target/deployment.ts";
import type { PreviewLook } from "./target/preview.ts";
import type { EpochMs, Millis, PerSecond } from "./units.ts";

export type Clock = {
  readonly now: () => EpochMs;
  /** Resolves early, without an error, when the signal aborts. */
  readonly sleep: (time: Millis, signal?: AbortSignal) => Promise<void>;
};

/** One HTTP GET of the readiness probe; a transport error is an answer, not an exception. */
export type Probe = (request: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly insecure: boolean;
  readonly timeout: Millis;
}) => Promise<ProbeAnswer>;

export type ProbeAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Its name leads to an address to which nothing may be sent. */
  | { readonly kind: "forbidden"; readonly text: string }
  | { readonly kind: "error"; readonly cause: "dns" | "connect" | "tls" | "timeout" | "reset"; readonly text: string };

/** Threads and sockets behind one call. Aborting the signal stops arrivals and drains; the partial result is still returned. */
export type LoadEngine = {
  readonly run: (
    plan: LoadPlan,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: LoadProgress) => void;
      /** The window begins then, by this machine's clock; as soon as it can when that has passed, or is not given. */
      readonly startAt?: EpochMs;
      /** For a plan that is signed. */
      readonly signing?: SigningAccess | null;
      /** Lines that the tasks of a scenario module log; they may hold anything. */
      readonly onLog?: (line: string) => void;
      /** Once a second what a live page draws; costs nothing where nobody asks. */
      readonly onLive?: (second: LiveSecond) => void;
      /** For a load that somebody may change by hand. */
      readonly control?: LoadControl;
    },
  ) => Promise<LoadResult>;
};

/** Keys to begin with, and where new ones come from before they expire. */
export type SigningAccess = { readonly keys: AwsKeys; readonly read: KeyChain };

/** The SDK's default chain of credentials: environment, profile, web identity, container, instance. */
export type KeyChain = () => Promise<AwsRead<AwsKeys>>;

/** Headers that sign one request now (AWS Signature Version 4). */
export type SignHeaders = (request: Signable, scope: SigningScope, keys: AwsKeys) => Promise<Signed>;

/** Users and spawn rate that somebody asks for while the load runs; `false`: there is nothing to change, or not now. */
export type ChangeUsers = (asked: { readonly users: number; readonly spawnRate: PerSecond }) => boolean;

/** A load that begins hands out how it is changed by hand. */
export type LoadControl = (change: ChangeUsers) => void;

/** Whole-window statistics from CloudWatch. Missing permission and failing service are answers, not exceptions. */
export type CloudMetrics = {
  readonly query: (
    queries: readonly MetricQuery[],
    window: { readonly start: EpochMs; readonly end: EpochMs },
    /** Ends the call, whatever the client is about to try again; the answer is `unavailable` then. */
    signal?: AbortSignal,
  ) => Promise<MetricAnswer>;
};

/** Under which names CloudWatch has a metric; for what neither URL nor stack tells. */
export type MetricNames = {
  /** Dimension sets of the metric that had data in the last three hours. */
  readonly list: (
    namespace: string,
    metric: string,
    signal?: AbortSignal,
  ) => Promise<AwsRead<readonly Readonly<Record<string, string>>[]>>;
};

/** Service Quotas, read only. */
export type Quotas = {
  /** What the account has, else what AWS gives everybody. */
  readonly value: (service: string, code: string) => Promise<AwsRead<number>>;
};

/** Lambda's control plane, read only. Each call is one right of the role, and each may be missing. */
export type LambdaControl = {
  readonly configuration: (ref: FunctionRef) => Promise<AwsRead<FunctionConfiguration>>;
  readonly alias: (ref: FunctionRef) => Promise<AwsRead<AliasRoute>>;
  readonly provisioned: (ref: FunctionRef) => Promise<AwsRead<Provisioned | "none">>;
  readonly reserved: (ref: FunctionRef) => Promise<AwsRead<number | "none">>;
  readonly account: () => Promise<AwsRead<Pick<AccountFacts, "concurrencyLimit" | "unreserved">>>;
  /** The region that is asked, `null` when nothing names one. */
  readonly region: () => Promise<string | null>;
};

/** ECS, read only. */
export type ContainerServices = { readonly read: (ref: EcsRef) => Promise<AwsRead<EcsService>> };

/** Which lines of which log group. */
export type LogRange = { readonly group: string; readonly start: EpochMs; readonly end: EpochMs };

/** The functions' logs. A signal ends a call as `unavailable`. */
export type FunctionLogs = {
  /** A Logs Insights query, run to its end: rows of field to text. */
  readonly insights: (
    range: LogRange,
    query: string,
    signal?: AbortSignal,
  ) => Promise<AwsRead<{ readonly rows: readonly Readonly<Record<string, string>>[]; readonly bytesScanned: number }>>;
  /** Lines that match a filter pattern, oldest first, at most `limit`. */
  readonly lines: (
    range: LogRange,
    pattern: string,
    limit: number,
    signal?: AbortSignal,
  ) => Promise<AwsRead<readonly LogLine[]>>;
};

/** CloudFormation, read only. */
export type Stacks = {
  /** Status and outputs. */
  readonly read: (name: string) => Promise<AwsRead<Stack>>;
  /** Names of the Lambda functions in it. */
  readonly functions: (name: string) => Promise<AwsRead<readonly StackFunction[]>>;
  /** Type and physical id of everything in it. */
  readonly resources: (name: string) => Promise<AwsRead<readonly StackResource[]>>;
};

/** Deployments as GitHub keeps them. */
export type Deployments = {
  /** The one that the event is about, in the state that the event tells. */
  readonly offered: SeenDeployment | null;
  /** The same deployment in its state of now. */
  readonly again: (deployment: SeenDeployment) => Promise<PreviewLook>;
  /** Those of a commit in the environments that are wanted, newest first. */
  readonly ofCommit: (sha: string, wanted: (environment: string) => boolean) => Promise<PreviewLook>;
};

/** One workflow run that may hold a baseline. */
export type WorkflowRun = {
  readonly id: number;
  readonly event: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** `.github/workflows/gate.yml` without `@ref`. */
  readonly path: string;
  readonly repositoryId: number;
  readonly headRepositoryId: number | null;
  readonly createdAt: string;
};

export type ArtifactRead =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string };

/** The base branch's past, as GitHub keeps it. */
export type BaseHistory = {
  /** First-parent line of the base branch from the merge base back, newest first, at most `limit`; empty when unknown. */
  readonly ancestors: (limit: number) => Promise<readonly string[]>;
  /** Runs of the workflow on the branch, newest first, bounded. */
  readonly runs: (query: { readonly branch: string; readonly workflow: string }) => Promise<readonly WorkflowRun[]>;
  /** One named file of one named artifact of a run, bounded in size, checked against its digest. */
  readonly artifact: (read: {
    readonly runId: number;
    readonly artifact: string;
    readonly file: string;
  }) => Promise<ArtifactRead>;
};

/** One artifact of this workflow run, as its list shows it. */
export type RunArtifact = {
  readonly id: number;
  readonly name: string;
  /** By GitHub's clock; `null` where it does not say. */
  readonly createdAt: EpochMs | null;
  /** Packed. */
  readonly bytes: number;
  readonly digest: string | null;
};

/** What the jobs of one workflow run know of each other. Needs no permission of the token. */
export type RunArtifacts = {
  /** A name that this run has already is refused with `artifact-name-taken`. */
  readonly claim: (name: string, fileName: string, content: string) => Promise<Written<{ readonly id: number }>>;
  readonly list: () => Promise<Written<readonly RunArtifact[]>>;
  /** One file of an artifact, bounded in size. */
  readonly read: (artifact: RunArtifact, fileName: string) => Promise<ArtifactRead>;
};

/** One attempt to write something beside the verdict; a refusal is said, never thrown. */
export type Written<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string; readonly code?: ErrorCode };

/** Where results go. A command line without GitHub has only `files`. */
export type Publisher = {
  /**
   * Edits the comment whose first line is the marker, or creates it; with `onlyIfPresent` a comment that is not there
   * stays away and the value is `null`.
   */
  readonly comment: (
    marker: string,
    body: string,
    options: { readonly onlyIfPresent: boolean },
  ) => Promise<Written<{ readonly id: number } | null>>;
  readonly summary: (markdown: string) => Promise<Written<null>>;
  readonly artifact: (name: string, fileName: string, content: string) => Promise<Written<{ readonly id: number }>>;
  readonly status: (state: "success" | "failure", description: string) => Promise<Written<null>>;
};

export type Files = {
  /** `null` when it does not exist; refuses files beyond the bound. */
  readonly read: (
    path: string,
    maxBytes: number,
  ) => Promise<
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "absent" }
    | { readonly kind: "refused"; readonly reason: string }
  >;
  /** Replaces the file in one step: a reader sees the old content or the new. */
  readonly write: (path: string, content: string) => Promise<void>;
};

/**
 * Hands a file's text out piece by piece, however large it is, until `onText` says `false`. The digest is of the bytes
 * that were read, in hex.
 */
export type ReadText = (
  path: string,
  onText: (piece: string) => boolean,
) => Promise<
  | { readonly kind: "read"; readonly digest: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string }
>;

/** Progress for people; results never go here. */
export type Log = {
  readonly info: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly progress: (progress: LoadProgress) => void;
  /** Said again and again while the wait lasts; whatever else is logged ends it. */
  readonly wait: (wait: Wait) => void;
  /** What follows belongs to this part of the run. */
  readonly stage: (stage: Stage) => void;
};

/** What is waited for, until when at most, and what stands in the way as a clause behind a colon. */
export type Wait = { readonly text: string; readonly until: EpochMs; readonly detail: string | null };

export type Stage = "waiting" | "load" | "aws" | "judge";
