import type { CloudResult } from "../cloud/cloud.ts";
import type { DeploymentNoise } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import type { AnswerSigns } from "../load/answer-signs.ts";
import type { OutcomeCounts } from "../load/outcome.ts";
import type {
  ApartResult,
  GeneratorHealth,
  LatencySummary,
  OnceResult,
  Slice,
  StopReason,
  TaskResult,
  Totals,
} from "../load/result.ts";
import type { GateFacts } from "./gate-facts.ts";
import type { ShardFacts, ShardPart } from "./shard-facts.ts";

export const RECORD_SCHEMA = "swarmgate.run-record/v1";

/** Where the run stands in the repository's history; `null` outside git or where the event does not say. */
export type GitFacts = {
  readonly repository: string | null;
  /** Commit under test: the pull request's head, or the pushed commit. */
  readonly sha: string | null;
  readonly branch: string | null;
  readonly baseBranch: string | null;
  readonly pullRequest: number | null;
  readonly event: string | null;
  readonly runId: number | null;
  readonly runAttempt: number | null;
};

/** What the load was; must match for a comparison. Compared field by field so that a difference can be named. */
export type TestFingerprint = {
  readonly tool: string;
  readonly users: number;
  readonly spawnRate: number;
  /** `200/s poisson`; `null` in the closed model. */
  readonly rate: string | null;
  /** `30s:0-100u, 60s:100u`; `null` without stages. */
  readonly stages: string | null;
  readonly runTime: number;
  readonly warmUp: number;
  readonly preWarm: number;
  readonly waitTime: string;
  readonly timeout: number;
  readonly seed: number;
  readonly http2: boolean;
  readonly engine: string;
  readonly percentiles: string;
  /** What the tasks of a scenario share: setup, teardown, data; `null` without a scenario. */
  readonly setup: string | null;
  /** Task name to its definition (weight, method, path, header names); a task of one side only is left out of both. */
  readonly tasks: Readonly<Record<string, string>>;
  /** `2/4` for a part of the load, which is comparable with the same part only; absent for the whole. */
  readonly shard?: string;
  /** Seconds that were left out at the start of each segment of paired mode; absent where the ramp was measured. */
  readonly ramp?: number;
};

/** The load as it was planned, without header values and bodies. */
export type PlanFacts = {
  readonly url: string;
  /** Open: arrivals keep their schedule. Closed: users wait for their answers. */
  readonly model: "open" | "closed";
  readonly users: number;
  readonly spawnRate: number;
  readonly rate: string | null;
  readonly stages: string | null;
  readonly runTime: number;
  readonly warmUp: number;
  readonly preWarm: number;
  /** The rule that may end the load early, `null` without one. */
  readonly stopIf: string | null;
  readonly waitTime: string;
  readonly timeout: number;
  readonly stopTimeout: number;
  readonly seed: number;
  readonly maxRequests: number;
  readonly http2: boolean;
  readonly insecure: boolean;
  readonly headerNames: readonly string[];
  readonly tasks: readonly {
    readonly name: string;
    readonly weight: number;
    /** Of a sequence its first request: the method, and the name of its row. */
    readonly method: string;
    readonly path: string;
    /** Names of its rows in `tasks` of the record; absent where they appear while the load runs, and in older records. */
    readonly rows?: readonly string[];
  }[];
};

/** Invocations of one function that started in a segment's measured seconds, by their REPORT lines. */
export type RoundDuration = {
  /** As the arm's configuration names it. */
  readonly function: string;
  /** Lines that the mean is of. */
  readonly invocations: number;
  /** Mean Duration in milliseconds, `null` without invocations. */
  readonly durationMs: number | null;
};

/** One arm's segment in one round. Latencies of `ok` responses. */
export type RoundArm = {
  readonly window: RunRecord["window"];
  readonly outcomes: OutcomeCounts;
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  /** The same by task, where there is more than one. */
  readonly tasks?: readonly Pick<TaskResult, "name" | "outcomes" | "response" | "service">[];
  /** In the order of the arm's functions; absent where their REPORT lines were not read, and in older records. */
  readonly durations?: readonly RoundDuration[];
};

/** One round of paired mode: both arms, one shortly after the other, under one plan. */
export type Round = {
  /** Which arm was measured first. */
  readonly order: "base-first" | "head-first";
  readonly base: RoundArm;
  readonly head: RoundArm;
  /** Measured to confirm a `fail` with fresh connections; absent in the rounds that were judged first. */
  readonly confirms?: boolean;
};

/** What is known of the base arm beside its rounds. */
export type BaseArm = {
  readonly url: string;
  readonly sha: string | null;
  readonly system: RunRecord["fingerprint"]["system"];
  /** `null` when no functions of the base were named. */
  readonly cloud: CloudResult | null;
};

/** Where an imported record comes from, and what its file could not say. */
export type ImportFacts = {
  readonly format: string;
  /** Metric id to the reason why it is not known. */
  readonly lacks: Readonly<Record<string, string>>;
};

/** One run: everything that is needed to judge it again, offline (docs/run-record.md). Times ISO 8601 with milliseconds. */
export type RunRecord = {
  readonly schema: typeof RECORD_SCHEMA;
  readonly tool: { readonly name: string; readonly version: string };
  /** Unique per run; histories that overlapped are united by it. */
  readonly id: string;
  readonly name: string;
  readonly git: GitFacts;
  readonly plan: PlanFacts;
  readonly fingerprint: {
    readonly test: TestFingerprint;
    readonly system: Readonly<Record<string, string | number | boolean | null>>;
  };
  /** Only in records made from another tool's file. */
  readonly imported?: ImportFacts;
  readonly window: { readonly start: string; readonly end: string; readonly seconds: number };
  readonly totals: Totals;
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  readonly tasks: readonly TaskResult[];
  readonly slices: readonly Slice[];
  readonly generator: GeneratorHealth;
  /** What headers said about who answered; absent where the engine did not look. */
  readonly signs?: AnswerSigns;
  /** Of a part of the load: which, and what it takes to add it to the others. */
  readonly shard?: ShardFacts;
  /** Of a load that was put together from shards. */
  readonly shards?: readonly ShardPart[];
  readonly warmUp: { readonly requests: number; readonly probes: number; readonly outcomes: OutcomeCounts };
  /** Requests sent at once before the window, outside `totals` like those of the warm-up, of setup and of teardown. */
  readonly preWarm: ApartResult;
  readonly setup: OnceResult;
  readonly teardown: OnceResult;
  /** How the run was to be judged; absent in records of earlier versions. */
  readonly gate?: GateFacts;
  /** `null` when no functions were named. */
  readonly cloud: CloudResult | null;
  readonly validity: {
    readonly valid: boolean;
    readonly stopped: StopReason;
    /** Severity `invalid` makes the run worthless; others inform. */
    readonly problems: readonly Problem[];
  };
  /** Paired mode only. The fields above are the head arm's over all its rounds. */
  readonly rounds?: readonly Round[];
  readonly baseArm?: BaseArm;
  /** Paired mode: what calibrations knew of deployments when it was judged; absent where the documented terms stood in. */
  readonly deployment?: DeploymentNoise;
};
