/** What the simulated GitHub holds. Times are ISO 8601, sizes bytes. */
import type { Commit } from "./commit-graph.ts";

export type User = { readonly login: string; readonly type: "Bot" | "User" };

export type Pull = {
  readonly number: number;
  readonly head: { readonly sha: string; readonly ref: string; readonly repositoryId?: number };
  readonly base: { readonly sha: string; readonly ref: string };
  readonly state?: "open" | "closed";
  readonly merged?: boolean;
  readonly merge_commit_sha?: string;
  readonly draft?: boolean;
  readonly login?: string;
};

export type Comment = {
  readonly id: number;
  readonly issue: number;
  readonly user: User;
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type CommitStatus = {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
  readonly created_at: string;
};

export type DeploymentStatus = {
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly environment_url?: string;
  readonly target_url?: string;
  readonly description?: string;
};

export type Deployment = {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly ref?: string;
  readonly task?: string;
  readonly production_environment?: boolean;
  readonly transient_environment?: boolean;
  readonly creator?: string;
  /** Oldest first; the server tells them newest first. */
  readonly statuses?: readonly DeploymentStatus[];
};

export type Run = {
  readonly id: number;
  readonly event: string;
  readonly head_branch: string;
  readonly head_sha: string;
  /** The workflow file, such as `.github/workflows/gate.yml`. */
  readonly path: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly head_repository_id: number;
  readonly created_at: string;
};

export type Artifact = {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly blobId: string;
  readonly size_in_bytes: number;
  readonly digest: string;
  readonly expired: boolean;
  readonly created_at: string;
};

export type IssueEvent = {
  readonly issue: number;
  readonly event: "labeled" | "unlabeled";
  readonly label: string;
  readonly actor: string;
};

/** A planned failure: the first `times` requests that match get `status`. */
export type Override = {
  /** Any method when left out. */
  readonly method?: string;
  /** Searched in the path with its query. */
  readonly pathRegex: string;
  readonly status: number;
  /** Without end when left out. */
  readonly times?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Waits this long before the answer, in milliseconds. */
  readonly delayMs?: number;
};

/** One request, as a test wants to look at it. */
export type RecordedRequest = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly authorised: boolean;
  readonly status: number;
};

/** The body of `PUT /github`: each key given replaces what was there. */
export type GithubSettings = {
  /** `owner/name`; every other repository is unknown. */
  readonly repository: string;
  readonly repositoryId: number;
  readonly defaultBranch: string;
  /** Oldest first. */
  readonly commits: readonly Commit[];
  /** Branch name to the SHA of its head. */
  readonly branches: Readonly<Record<string, string>>;
  readonly pulls: readonly Pull[];
  /** Labels by issue number; a number given here exists as an issue. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly deployments: readonly Deployment[];
  /** Labels set and taken away, oldest first. */
  readonly issueEvents: readonly IssueEvent[];
  /** Permission by login; `none` for everybody else. */
  readonly permissions: Readonly<Record<string, "admin" | "write" | "read" | "none">>;
  /** Existing comments; ids and times are given by the server. */
  readonly comments: readonly { readonly issue: number; readonly body: string; readonly user?: User }[];
  /** Every write is a 403. */
  readonly readOnlyToken: boolean;
  /** Login of the person, or `slug[bot]` of the app, whose token is used; empty for a job's own token. */
  readonly tokenUser: string;
  /** Keeps requests and answers of the REST interface with their bodies: `GET /github/exchanges`. */
  readonly keepExchanges: boolean;
  readonly overrides: readonly Override[];
};
