import { open } from "node:fs/promises";
import type { GitFacts } from "../../record/record.ts";
import { field, type Json, jsonAt, numberAt, textAt } from "./answer.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where this job runs and for what. */
export type ActionContext = {
  readonly git: GitFacts;
  readonly repositoryId: number | null;
  readonly defaultBranch: string | null;
  /** A pull request from another repository: its token can write nothing. */
  readonly fork: boolean;
  /** `.github/workflows/gate.yml`. */
  readonly workflow: string | null;
  readonly job: string | null;
  readonly apiUrl: string;
  /** The page of this run. */
  readonly runUrl: string | null;
};

/** What a run is to the base branch: part of its history, a change to be judged, or neither. */
export type Role =
  | { readonly kind: "base-run" }
  | { readonly kind: "candidate" }
  | { readonly kind: "none"; readonly reason: string };

/** The facts of an event: from the runner's variables and the payload (`{}` when there is none). */
export const parseContext = (env: Env, payload: unknown): ActionContext => {
  const pull = jsonAt(payload, "pull_request");
  const repository = jsonAt(payload, "repository");
  const defaultBranch = textAt(repository, "default_branch");
  const branch = pull === null ? branchOf(env) : textAt(jsonAt(pull, "head"), "ref");
  const repositoryId = numberAt(repository, "id") ?? idOf(env["GITHUB_REPOSITORY_ID"]);
  const name = env["GITHUB_REPOSITORY"] ?? textAt(repository, "full_name");
  return {
    git: {
      repository: name,
      sha: pull === null ? pushedSha(env, payload) : textAt(jsonAt(pull, "head"), "sha"),
      branch,
      baseBranch: pull === null ? baseOf(env, defaultBranch) : textAt(jsonAt(pull, "base"), "ref"),
      pullRequest: numberAt(pull, "number"),
      event: env["GITHUB_EVENT_NAME"] ?? null,
      runId: idOf(env["GITHUB_RUN_ID"]),
      runAttempt: idOf(env["GITHUB_RUN_ATTEMPT"]),
    },
    repositoryId,
    defaultBranch,
    fork: pull !== null && isForeign(pull, repositoryId),
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
export const roleOf = ({ git }: ActionContext, branch: string | null): Role => {
  const event = git.event ?? "no event";
  if (event === "pull_request") return { kind: "candidate" };
  if (!BRANCH_EVENTS.includes(event))
    return {
      kind: "none",
      reason: `Runs started by ${event} are not mapped to a pull request yet: nothing is compared and nothing is stored.`,
    };
  const base = branch ?? git.baseBranch;
  if (git.branch === null)
    return { kind: "none", reason: "This run belongs to no branch (a tag, or a deleted branch)." };
  return { kind: git.branch === base ? "base-run" : "candidate" };
};

const BRANCH_EVENTS: readonly string[] = ["push", "schedule", "workflow_dispatch"];
const MAX_PAYLOAD = 32 * 1024 * 1024;
const BRANCH_PREFIX = "refs/heads/";
/** What `after` says when a branch was deleted. */
const NO_COMMIT = /^0+$/;

const branchOf = (env: Env): string | null => {
  const ref = env["GITHUB_REF"] ?? "";
  return ref.startsWith(BRANCH_PREFIX) ? ref.slice(BRANCH_PREFIX.length) : null;
};

/** A schedule's payload may lack the repository, and it always runs on the default branch. */
const baseOf = (env: Env, defaultBranch: string | null): string | null =>
  defaultBranch ?? (env["GITHUB_EVENT_NAME"] === "schedule" ? branchOf(env) : null);

const pushedSha = (env: Env, payload: unknown): string | null => {
  const sha = textAt(payload, "after") ?? env["GITHUB_SHA"] ?? "";
  return sha === "" || NO_COMMIT.test(sha) ? null : sha;
};

/** The repository of a fork may be gone by now: then it is `null`, and not ours. */
const isForeign = (pull: Json, repositoryId: number | null): boolean => {
  const home = jsonAt(jsonAt(pull, "head"), "repo");
  return home === null || numberAt(home, "id") !== (repositoryId ?? numberAt(baseRepository(pull), "id"));
};

const baseRepository = (pull: Json): unknown => field(jsonAt(pull, "base"), "repo");

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
