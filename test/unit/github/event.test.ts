import { describe, expect, test } from "vitest";
import { parseContext, roleOf } from "../../../src/adapters/github/context.ts";
import * as payloads from "./event-payloads.ts";

const { SHA } = payloads;
const contextOf = (event: string, payload: unknown, env: Readonly<Record<string, string>> = {}) =>
  parseContext(
    {
      GITHUB_REPOSITORY: "octo/shop",
      GITHUB_EVENT_NAME: event,
      GITHUB_REF: "refs/heads/main",
      GITHUB_SHA: SHA.merge,
      GITHUB_SERVER_URL: "https://github.com",
      ...env,
    },
    payload,
  );

type Facts = {
  readonly sha: string | null;
  readonly branch: string | null;
  readonly pullRequest: number | null;
  readonly subject: string;
  readonly role: string;
  readonly fork?: true;
};
type Row = readonly [string, string, unknown, Readonly<Record<string, string>>, Facts];

const at = (sha: string | null, branch: string | null) => ({ sha, branch, pullRequest: null });
const pull = { sha: SHA.head, branch: "faster", pullRequest: 7, subject: "pull-request", role: "candidate" } as const;
const merge = { GITHUB_REF: "refs/pull/7/merge" };
const tip = { sha: SHA.merge, branch: "main", pullRequest: null } as const;
const queueRef = `refs/heads/gh-readonly-queue/main/pr-7-${SHA.base}`;

const ROWS: readonly Row[] = [
  ["a pull request is its head, not the merge commit", "pull_request", payloads.pullRequest(), merge, pull],
  [
    "a fork's pull request stays a candidate whatever its branch is called",
    "pull_request",
    payloads.forkPullRequest(),
    merge,
    { ...pull, branch: "main", fork: true },
  ],
  ["a pull request with rights is a candidate", "pull_request_target", payloads.pullRequest(), {}, pull],
  [
    "a fork's pull request with rights is never the base, though its run is on the base branch",
    "pull_request_target",
    payloads.forkPullRequest(),
    {},
    { ...pull, branch: "main", fork: true },
  ],
  [
    "a pull request with rights whose payload is missing is not the base branch that the run is on",
    "pull_request_target",
    {},
    {},
    { ...at(null, null), subject: "none", role: "none" },
  ],
  [
    "a review is no event of the pull request's code",
    "pull_request_review",
    { ...payloads.pullRequest(), review: {} },
    merge,
    { ...at(SHA.merge, null), subject: "none", role: "none" },
  ],
  [
    "a push to the base branch is its history",
    "push",
    payloads.push("refs/heads/main"),
    {},
    { ...at(SHA.head, "main"), subject: "branch", role: "base-run" },
  ],
  [
    "a push elsewhere is judged against it",
    "push",
    payloads.push("refs/heads/faster"),
    { GITHUB_REF: "refs/heads/faster" },
    { ...at(SHA.head, "faster"), subject: "branch", role: "candidate" },
  ],
  [
    "a push of a tag is neither",
    "push",
    payloads.push("refs/tags/v1"),
    { GITHUB_REF: "refs/tags/v1" },
    { ...at(SHA.head, null), subject: "none", role: "none" },
  ],
  [
    "a deleted branch has no commit",
    "push",
    payloads.push("refs/heads/faster", "0".repeat(40)),
    { GITHUB_REF: "refs/heads/faster" },
    { ...at(null, "faster"), subject: "branch", role: "candidate" },
  ],
  [
    "a schedule is the default branch's history",
    "schedule",
    { schedule: "0 4 * * 1" },
    {},
    { ...tip, subject: "branch", role: "base-run" },
  ],
  [
    "a start by hand on the base branch is its history",
    "workflow_dispatch",
    { inputs: null, ref: "refs/heads/main", repository: payloads.repository },
    {},
    { ...tip, subject: "commit", role: "base-run" },
  ],
  [
    "a merge group is the queue's commit of the pull request in its ref",
    "merge_group",
    payloads.mergeGroup(queueRef),
    { GITHUB_REF: queueRef },
    {
      sha: SHA.queue,
      branch: queueRef.slice("refs/heads/".length),
      pullRequest: 7,
      subject: "pull-request",
      role: "candidate",
    },
  ],
  [
    "a merge group of a branch with slashes",
    "merge_group",
    payloads.mergeGroup(`refs/heads/gh-readonly-queue/release/1.x/pr-12-${SHA.base}`),
    {},
    {
      ...{ sha: SHA.queue, branch: `gh-readonly-queue/release/1.x/pr-12-${SHA.base}`, pullRequest: 12 },
      ...{ subject: "pull-request", role: "candidate" },
    },
  ],
  [
    "a deployment of a commit, whose pull request is looked up",
    "deployment_status",
    payloads.deploymentStatus(),
    { GITHUB_REF: "" },
    { ...at(SHA.head, null), subject: "commit", role: "candidate" },
  ],
  [
    "a deployment of the base branch is its history",
    "deployment_status",
    payloads.deploymentStatus({}, { ref: "main" }),
    {},
    { ...at(SHA.head, "main"), subject: "commit", role: "base-run" },
  ],
  [
    "a deployment without a commit is nothing",
    "deployment_status",
    payloads.deploymentStatus({}, { sha: 7 }),
    {},
    { ...at(null, null), subject: "none", role: "none" },
  ],
  [
    "the run that ended is a commit of its branch, not the commit this run is on",
    "workflow_run",
    payloads.workflowRun(),
    {},
    { ...at(SHA.head, "faster"), subject: "commit", role: "candidate" },
  ],
  [
    "a run on the base branch that ended is its history",
    "workflow_run",
    payloads.workflowRun({ head_branch: "main", event: "push" }),
    {},
    { ...at(SHA.head, "main"), subject: "commit", role: "base-run" },
  ],
  [
    "a fork's run on a branch called like ours is not",
    "workflow_run",
    payloads.forkWorkflowRun(),
    {},
    { ...at(SHA.head, "main"), subject: "commit", role: "candidate", fork: true },
  ],
  [
    "a run of a fork that was deleted is a fork's",
    "workflow_run",
    payloads.workflowRun({ head_repository: null }),
    {},
    { ...at(SHA.head, "faster"), subject: "commit", role: "candidate", fork: true },
  ],
  [
    "what Vercel dispatches is the commit in its payload, not the default branch",
    "repository_dispatch",
    payloads.vercelDispatch(),
    {},
    { ...at(SHA.head, "faster"), subject: "commit", role: "candidate" },
  ],
  [
    "a dispatch without a commit is the default branch",
    "repository_dispatch",
    { action: "nightly", client_payload: {}, repository: payloads.repository },
    {},
    { ...tip, subject: "branch", role: "base-run" },
  ],
  [
    "a comment on a pull request names its number only",
    "issue_comment",
    payloads.issueComment(true),
    {},
    { ...at(null, null), subject: "issue", role: "candidate" },
  ],
  [
    "a comment on an issue is nothing",
    "issue_comment",
    payloads.issueComment(false),
    {},
    { ...tip, subject: "none", role: "none" },
  ],
  [
    "an event nobody mapped is nothing",
    "release",
    { release: {} },
    {},
    { sha: SHA.merge, branch: "main", pullRequest: null, subject: "none", role: "none" },
  ],
  [
    "no event is nothing",
    "",
    { repository: payloads.repository },
    {},
    { sha: SHA.merge, branch: "main", pullRequest: null, subject: "none", role: "none" },
  ],
  [
    "a name of JavaScript's own is no event",
    "constructor",
    {},
    {},
    { sha: SHA.merge, branch: "main", pullRequest: null, subject: "none", role: "none" },
  ],
];

test.each(ROWS)("%s", (...[, event, payload, env, expected]) => {
  const { subject, role, fork, ...git } = expected;
  const context = contextOf(event, payload, env);
  expect(context.git).toMatchObject(git);
  expect(context.subject.kind).toBe(subject);
  expect(context.fork).toBe(fork ?? false);
  expect(roleOf(context, null).kind).toBe(role);
});

test("only an event with rights is warned about", () => {
  expect(contextOf("pull_request_target", payloads.pullRequest()).warnings).toHaveLength(1);
  expect(contextOf("pull_request", payloads.pullRequest()).warnings).toEqual([]);
});

test("the run that ended is remembered with its workflow", () => {
  expect(contextOf("workflow_run", payloads.workflowRun()).triggering).toEqual({
    id: 289782451,
    workflow: ".github/workflows/gate.yml",
    event: "pull_request",
  });
});

describe("the deployment that an event offers", () => {
  const offered = (event: string, payload: unknown) => contextOf(event, payload).offered;
  const url = "https://shop-abc.vercel.app/";

  test("of a status", () => {
    expect(offered("deployment_status", payloads.deploymentStatus({ state: "pending" }))).toEqual({
      id: 145988746,
      environment: "Preview – api",
      production: false,
      state: "pending",
      url,
      description: null,
    });
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>, string | null]>([
    ["its environment", {}, url],
    ["its target without one", { environment_url: "" }, url],
    ["its target on a server that knows no environment", { environment_url: undefined }, url],
    ["no page of GitHub", { environment_url: "", target_url: "https://github.com/octo/shop/actions/runs/1" }, null],
    ["no page of the host's console", { environment_url: "", target_url: "https://vercel.com/octo/shop" }, null],
    ["nothing but the web", { environment_url: "ftp://x.example", target_url: "" }, null],
    ["no address with a password", { environment_url: "https://a:b@x.example", target_url: "" }, null],
  ])("answers at %s", (_, status, expected) => {
    expect(offered("deployment_status", payloads.deploymentStatus(status))?.url).toBe(expected);
  });

  test.each<readonly [string, string, string]>([
    ["success", "vercel.deployment.success", "success"],
    ["built", "vercel.deployment.ready", "success"],
    ["broken", "vercel.deployment.error", "error"],
    ["cancelled", "vercel.deployment.canceled", "failure"],
    ["left out", "vercel.deployment.skipped", "inactive"],
    ["coming", "vercel.deployment.pending", "pending"],
    ["a word nobody knows is waited for", "vercel.deployment.dreaming", "pending"],
  ])("of Vercel's dispatch: %s", (_, action, state) => {
    expect(offered("repository_dispatch", { ...payloads.vercelDispatch(), action })).toMatchObject({ state, url });
  });

  test("of a dispatch of one's own is its url", () => {
    const payload = { action: "deployed", client_payload: { url: "https://a.example/x", sha: SHA.head } };
    expect(offered("repository_dispatch", payload)).toMatchObject({
      url: "https://a.example/x",
      state: "success",
      environment: "",
    });
    expect(offered("repository_dispatch", { action: "deployed", client_payload: { sha: SHA.head } })).toBeNull();
  });
});
