/** What a pipeline needs, and what it makes: for one deployment, for two beside each other, for shards. */
import type { Baseline, History } from "../baseline/baseline.ts";
import type { Judgement } from "../judge/verdict.ts";
import type {
  BaseHistory,
  Clock,
  CloudMetrics,
  ContainerServices,
  Deployments,
  Files,
  FunctionLogs,
  KeyChain,
  LambdaControl,
  LoadEngine,
  Log,
  MetricNames,
  Probe,
  Quotas,
  SignHeaders,
  Stacks,
} from "../ports.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";

/** The doors to the outside. `history` is `null` outside GitHub. */
export type GatePorts = {
  readonly clock: Clock;
  readonly probe: Probe;
  readonly engine: LoadEngine;
  readonly cloud: CloudMetrics & MetricNames;
  readonly lambda: LambdaControl;
  readonly services: ContainerServices;
  readonly logs: FunctionLogs;
  readonly stacks: Stacks;
  /** Absent outside GitHub. */
  readonly deployments?: Deployments;
  readonly keys: KeyChain;
  readonly sign: SignHeaders;
  readonly quotas: Quotas;
  readonly history: BaseHistory | null;
  readonly files: Files;
  readonly log: Log;
};

/** The doors to the target and its deployment. */
export type LoadPorts = Pick<
  GatePorts,
  "clock" | "probe" | "engine" | "lambda" | "services" | "stacks" | "deployments" | "keys" | "sign" | "log"
>;

/** What is known of this run before it starts; made by the entry, because it is random or comes from the surroundings. */
export type RunIdentity = {
  readonly id: string;
  readonly version: string;
  readonly git: GitFacts;
  /** Path of the workflow file, `null` outside GitHub. */
  readonly workflow: string | null;
};

export type GateResult = {
  readonly record: RunRecord;
  readonly baseline: Baseline;
  readonly judgement: Judgement;
  /** The base branch's history before this run, to be carried forward. */
  readonly history: History | null;
};
