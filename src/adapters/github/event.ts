/**
 * What each event says about the commit that is to be measured. Payload shapes: GitHub's webhook reference; a field of
 * another type than documented is an absent field.
 */
import { deploymentUrl, type SeenDeployment } from "../../target/deployment.ts";
import { field, type Json, jsonAt, numberAt, textAt } from "./answer.ts";
import { offeredByDispatch } from "./dispatch-payload.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** How an event belongs to a pull request; what it leaves open is asked of GitHub (`resolveContext`). */
export type Subject =
  /** The event is about it, or about what is to be merged of it. */
  | { readonly kind: "pull-request" }
  /** A run that stands for its branch. */
  | { readonly kind: "branch" }
  /** A commit that may be the head of one; `owner` is the fork's, `null` for this repository. */
  | { readonly kind: "commit"; readonly owner: string | null }
  /** A number that may be one. */
  | { readonly kind: "issue"; readonly number: number }
  | { readonly kind: "none"; readonly reason: string };

export type EventFacts = {
  readonly subject: Subject;
  readonly sha: string | null;
  readonly branch: string | null;
  readonly baseBranch: string | null;
  readonly pullRequest: number | null;
  /** From another repository: its token can write nothing, and what it stored is untrusted. */
  readonly fork: boolean;
  /** The deployment that the event is about. */
  readonly offered: SeenDeployment | null;
  /** The run whose end is the event. */
  readonly triggering: TriggeringRun | null;
  /** Who has just set a label, and which. */
  readonly labelled: { readonly name: string; readonly by: string } | null;
  readonly warnings: readonly string[];
};

export type TriggeringRun = { readonly id: number; readonly workflow: string | null; readonly event: string | null };

/** The facts of an event by its name; `{}` is the payload of an event whose file is missing. */
export const eventFacts = (env: Env, payload: unknown): EventFacts => {
  const name = env["GITHUB_EVENT_NAME"] ?? "";
  const read = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  const facts = read?.(payload, env) ?? { subject: { kind: "none", reason: unmapped(name) } };
  return {
    ...NOTHING,
    branch: branchOf(env["GITHUB_REF"]),
    sha: shaOf(env["GITHUB_SHA"]),
    ...common(payload, env),
    ...facts,
  };
};

type Told = Partial<EventFacts> & Pick<EventFacts, "subject">;
type EventReader = (payload: unknown, env: Env) => Told;

const NOTHING = {
  pullRequest: null,
  fork: false,
  offered: null,
  triggering: null,
  labelled: null,
  warnings: [],
} as const;

const common = (payload: unknown, env: Env): Pick<EventFacts, "baseBranch"> => {
  const standard = textAt(jsonAt(payload, "repository"), "default_branch");
  // A schedule's payload may lack the repository, and it always runs on the default branch.
  return { baseBranch: standard ?? (env["GITHUB_EVENT_NAME"] === "schedule" ? branchOf(env["GITHUB_REF"]) : null) };
};

const unmapped = (name: string): string =>
  `Runs started by ${name === "" ? "no event" : name} belong to no pull request and to no branch.`;

const NO_BRANCH = "This run belongs to no branch (a tag, or a deleted branch).";

/** The pull request's head and not the merge commit that GITHUB_SHA is. */
const pullRequest: EventReader = (payload) => {
  const pull = jsonAt(payload, "pull_request");
  if (pull === null)
    return { subject: { kind: "none", reason: "The event's payload holds no pull request." }, branch: null, sha: null };
  const head = jsonAt(pull, "head");
  const base = jsonAt(pull, "base");
  return {
    subject: { kind: "pull-request" },
    sha: textAt(head, "sha"),
    branch: textAt(head, "ref"),
    baseBranch: textAt(base, "ref"),
    pullRequest: numberAt(pull, "number"),
    labelled: labelledBy(payload),
    fork: isForeign(field(head, "repo"), jsonAt(payload, "repository") ?? field(base, "repo")),
  };
};

const labelledBy = (payload: unknown): EventFacts["labelled"] => {
  const [name, by] = [textAt(jsonAt(payload, "label"), "name"), textAt(jsonAt(payload, "sender"), "login")];
  return textAt(payload, "action") === "labeled" && name !== null && by !== null ? { name, by } : null;
};

const pullRequestTarget: EventReader = (payload, env) => ({
  ...pullRequest(payload, env),
  warnings: [
    "pull_request_target runs with the rights of the base branch: never check out or run the pull request's code in this job; pull_request, or mode: report, is safer.",
  ],
});

const branchRun: EventReader = (payload, env) => {
  const after = textAt(payload, "after");
  const sha = after === null ? shaOf(env["GITHUB_SHA"]) : shaOf(after);
  return {
    sha,
    subject: branchOf(env["GITHUB_REF"]) === null ? { kind: "none", reason: NO_BRANCH } : { kind: "branch" },
  };
};

/** Somebody started it for a branch, which may have a pull request. */
const workflowDispatch: EventReader = (_, env) => ({
  subject: branchOf(env["GITHUB_REF"]) === null ? { kind: "none", reason: NO_BRANCH } : { kind: "commit", owner: null },
});

/** `refs/heads/gh-readonly-queue/main/pr-7-<sha of its base>`; of a group the last one's number. */
const mergeGroup: EventReader = (payload) => {
  const group = jsonAt(payload, "merge_group");
  const ref = textAt(group, "head_ref") ?? "";
  const [, number] = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,15})-[0-9a-f]+$/i.exec(ref) ?? [];
  return {
    subject: { kind: "pull-request" },
    sha: shaOf(textAt(group, "head_sha")),
    branch: branchOf(ref),
    baseBranch: branchOf(textAt(group, "base_ref")),
    pullRequest: number === undefined ? null : Number(number),
  };
};

const deploymentStatus: EventReader = (payload, env) => {
  const deployment = jsonAt(payload, "deployment");
  const sha = shaOf(textAt(deployment, "sha"));
  const ref = textAt(deployment, "ref");
  if (sha === null)
    return { subject: { kind: "none", reason: "The event's deployment names no commit." }, branch: null, sha };
  return {
    subject: { kind: "commit", owner: null },
    sha,
    // Hosts deploy a commit as often as a branch.
    branch:
      ref === null || shaOf(ref) === sha || ref.startsWith("refs/tags/") ? null : ref.replace(/^refs\/heads\//, ""),
    offered: deployment === null ? null : seenDeployment(deployment, jsonAt(payload, "deployment_status"), env),
  };
};

/** One deployment with its newest status, as the event and the REST interface tell both. */
export const seenDeployment = (deployment: Json, status: Json | null, env: Env): SeenDeployment => ({
  id: numberAt(deployment, "id"),
  environment: textAt(deployment, "environment") ?? textAt(status, "environment") ?? "",
  production: field(deployment, "production_environment") === true,
  state: textAt(status, "state") ?? "pending",
  url: deploymentUrl({
    environmentUrl: textAt(status, "environment_url"),
    targetUrl: textAt(status, "target_url"),
    githubHost: URL.parse(env["GITHUB_SERVER_URL"] ?? "")?.hostname ?? "github.com",
  }),
  description: textAt(status, "description"),
});

/** `pull_requests` in the payload is empty for forks and lists every one of a branch, so the commit is looked up. */
const workflowRun: EventReader = (payload) => {
  const run = jsonAt(payload, "workflow_run");
  const home = field(run, "head_repository");
  const foreign = isForeign(home, jsonAt(payload, "repository"));
  const id = numberAt(run, "id");
  const sha = shaOf(textAt(run, "head_sha"));
  if (id === null || sha === null)
    return { subject: { kind: "none", reason: "The event's workflow run names no commit." }, branch: null, sha: null };
  return {
    subject: { kind: "commit", owner: foreign ? textAt(jsonAt(home, "owner"), "login") : null },
    sha,
    branch: textAt(run, "head_branch"),
    fork: foreign,
    triggering: { id, workflow: textAt(run, "path")?.split("@")[0] ?? null, event: textAt(run, "event") },
  };
};

/** Without a commit in its payload it is a run of the default branch, where GitHub starts it. */
const repositoryDispatch: EventReader = (payload, env) => {
  const given = jsonAt(payload, "client_payload");
  const git = jsonAt(given, "git");
  const sha = shaOf(textAt(git, "sha") ?? textAt(given, "sha"));
  const offered = offeredByDispatch(textAt(payload, "action"), given);
  if (sha === null) return { ...branchRun({}, env), offered };
  const ref = textAt(git, "ref") ?? textAt(given, "ref");
  return { subject: { kind: "commit", owner: null }, sha, branch: ref?.replace(/^refs\/heads\//, "") ?? null, offered };
};

const issueComment: EventReader = (payload) => {
  const issue = jsonAt(payload, "issue");
  const number = numberAt(issue, "number");
  return number === null || jsonAt(issue, "pull_request") === null
    ? { subject: { kind: "none", reason: "The comment is on an issue, not on a pull request." } }
    : { subject: { kind: "issue", number }, branch: null, sha: null };
};

const EVENTS: Readonly<Record<string, EventReader>> = {
  pull_request: pullRequest,
  pull_request_target: pullRequestTarget,
  push: branchRun,
  schedule: branchRun,
  workflow_dispatch: workflowDispatch,
  merge_group: mergeGroup,
  deployment_status: deploymentStatus,
  workflow_run: workflowRun,
  repository_dispatch: repositoryDispatch,
  issue_comment: issueComment,
};

const BRANCH_PREFIX = "refs/heads/";
const branchOf = (ref: string | null | undefined): string | null =>
  ref?.startsWith(BRANCH_PREFIX) ? ref.slice(BRANCH_PREFIX.length) : null;

/** `null` also for the zeros that `after` says when a branch was deleted. */
const shaOf = (text: string | null | undefined): string | null =>
  text && /^[0-9A-Za-z]{1,64}$/.test(text) && !/^0+$/.test(text) ? text : null;

/** The repository of a fork may be gone by now: then it is `null`, and not ours. */
const isForeign = (home: unknown, ours: unknown): boolean => {
  const id = numberAt(home, "id");
  return id === null || id !== numberAt(ours, "id");
};
