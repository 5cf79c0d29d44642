import { open } from "node:fs/promises";
import type { GitFacts } from "../../record/record.ts";
import { jsonAt, numberAt, textAt } from "./answer.ts";
import { type Env, type EventFacts, eventFacts } from "./event.ts";

/** Where this job runs and for what. */
export type ActionContext = Pick<
  EventFacts,
  "subject" | "fork" | "offered" | "triggering" | "labelled" | "warnings"
> & {
  readonly git: GitFacts;
  readonly repositoryId: number | null;
  readonly defaultBranch: string | null;
  /** `.github/workflows/gate.yml`. */
  readonly workflow: string | null;
  readonly job: string | null;
  readonly apiUrl: string;
  /** The page of this run. */
  readonly runUrl: string | null;
};

/** What a run is to the base branch: part of its history, a change to it, or neither. All three are judged against it. */
export type Role =
  | { readonly kind: "base-run" }
  | { readonly kind: "candidate" }
  | { readonly kind: "none"; readonly reason: string };

/** The facts of an event: from the runner's variables and the payload (`{}` when there is none). */
export const parseContext = (env: Env, payload: unknown): ActionContext => {
  const { sha, branch, baseBranch, pullRequest, ...facts } = eventFacts(env, payload);
  const repository = jsonAt(payload, "repository");
  const repositoryId = numberAt(repository, "id") ?? idOf(env["GITHUB_REPOSITORY_ID"]);
  const name = env["GITHUB_REPOSITORY"] ?? textAt(repository, "full_name");
  return {
    ...facts,
    git: {
      repository: name,
      sha,
      branch,
      baseBranch,
      pullRequest,
      event: env["GITHUB_EVENT_NAME"] ?? null,
      runId: idOf(env["GITHUB_RUN_ID"]),
      runAttempt: idOf(env["GITHUB_RUN_ATTEMPT"]),
    },
    repositoryId,
    defaultBranch: textAt(repository, "default_branch"),
    workflow: workflowOf(env["GITHUB_WORKFLOW_REF"]),
    job: env["GITHUB_JOB"] ?? null,
    apiUrl: (env["GITHUB_API_URL"] ?? "https://api.github.com").replace(/\/+$/, ""),
    runUrl: runUrl(env, name),
  };
};

/** Reads the event's payload; GitHub's own are at most 25 MB. A missing or broken file is an empty payload. */
export const readEvent = async (env: Env): Promise<unknown> => {
  const path = env["GITHUB_EVENT_PATH"];
  if (path === undefined || path === "") return {};
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      return size > MAX_PAYLOAD ? {} : JSON.parse(await file.readFile("utf8"));
    } finally {
      await file.close();
    }
  } catch {
    return {};
  }
};

/** `branch` is the `baseline-branch` asked for, `null` for the one of the event. */
export const roleOf = ({ git, subject, fork }: ActionContext, branch: string | null): Role => {
  switch (subject.kind) {
    case "none":
      return { kind: "none", reason: subject.reason };
    case "pull-request":
      return { kind: "candidate" };
    case "issue":
    case "commit":
    case "branch":
      // A fork's branch may be called like ours.
      return { kind: isBase(git, branch) && !fork ? "base-run" : "candidate" };
  }
};

const isBase = ({ branch, baseBranch, pullRequest }: GitFacts, asked: string | null): boolean =>
  pullRequest === null && branch !== null && branch === (asked ?? baseBranch);

const MAX_PAYLOAD = 32 * 1024 * 1024;

/** `octo/shop/.github/workflows/gate.yml@refs/heads/main` without owner, name and ref. */
const workflowOf = (ref: string | undefined): string | null => {
  const [path = ""] = (ref ?? "").split("@");
  const parts = path.split("/").slice(2);
  return parts.length === 0 ? null : parts.join("/");
};

const idOf = (text: string | undefined): number | null => {
  const id = Number(text ?? "");
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(id) ? id : null;
};

const runUrl = (env: Env, repository: string | null): string | null => {
  const [server, run] = [env["GITHUB_SERVER_URL"], idOf(env["GITHUB_RUN_ID"])];
  return server === undefined || run === null || repository === null
    ? null
    : `${server}/${repository}/actions/runs/${run}`;
};
