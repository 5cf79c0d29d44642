/** What goes over the control interface: shared by the server and its client. */

import type { AccountSettings } from "./aws/account-settings.ts";
import type { AwsCall } from "./aws/service.ts";
import type { CloudformationSettings } from "./cloudformation/settings.ts";
import type { CloudwatchSettings } from "./cloudwatch/settings.ts";
import type { EcsSettings } from "./ecs/settings.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { Artifact, Comment, CommitStatus, GithubSettings, RecordedRequest, Run } from "./github/model.ts";
import type { LambdaSettings } from "./lambda/settings.ts";
import type { LogsSettings } from "./logs/settings.ts";
import type { QuotasSettings } from "./quotas/settings.ts";

export type SimulatorUrls = {
  readonly control: string;
  readonly cloudwatch: string;
  readonly github: string;
  readonly lambda: string;
  readonly logs: string;
  readonly quotas: string;
  readonly cloudformation: string;
  readonly ecs: string;
};

export type FunctionUrls = {
  readonly functionUrl: string;
  readonly restUrl: string;
  readonly httpUrl: string;
  readonly albUrl: string;
  readonly cloudfrontUrl: string;
};

export type FunctionState = FunctionUrls & { readonly settings: FunctionSettings };

/** An AWS service: how it behaves, and every call it got. */
export type ServiceState<Settings> = { readonly settings: Settings; readonly calls: readonly AwsCall[] };

export type CloudwatchState = ServiceState<CloudwatchSettings>;
export type LambdaState = ServiceState<LambdaSettings>;
export type LogsState = ServiceState<LogsSettings>;
export type QuotasState = ServiceState<QuotasSettings>;
export type CloudformationState = ServiceState<CloudformationSettings>;
export type EcsState = ServiceState<EcsSettings>;
export type AccountState = { readonly settings: AccountSettings };

/** The body of `PUT /github`. */
export type GithubChange = Partial<GithubSettings> & {
  /** Forgets everything first. */
  readonly reset?: boolean;
};

export type GithubDump = {
  readonly settings: GithubSettings;
  readonly comments: readonly Comment[];
  readonly statuses: readonly CommitStatus[];
  readonly runs: readonly Run[];
  readonly artifacts: readonly Artifact[];
  readonly requests: readonly RecordedRequest[];
};

/** The body of `POST /control/runs`; completed when a conclusion is given. */
export type NewRun = {
  readonly event: string;
  readonly head_branch: string;
  readonly head_sha: string;
  readonly path: string;
  readonly conclusion?: string | null;
  readonly status?: Run["status"];
  readonly head_repository_id?: number;
};

export type CreatedRun = { readonly id: number; readonly runtimeToken: string };

export type RunChange = { readonly status?: Run["status"]; readonly conclusion?: string | null };

/** The body of `POST /control/artifacts`: what is in the archive, or its raw bytes. */
export type NewArtifact = {
  readonly runId: number;
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly contentBase64?: string;
  readonly expired?: boolean;
  /** Told instead of the true one. */
  readonly digest?: string;
  /** Told instead of the true one. */
  readonly size_in_bytes?: number;
};
