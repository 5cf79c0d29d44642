import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { createGithubClient, type GithubClient } from "../../src/adapters/github/client.ts";
import { type ActionContext, parseContext, roleOf } from "../../src/adapters/github/context.ts";
import { resolveContext } from "../../src/adapters/github/resolve-context.ts";
import * as payloads from "../unit/github/event-payloads.ts";

const { SHA } = payloads;
const REPOSITORY_ID = payloads.repository.id;
const pull = {
  number: 7,
  head: { sha: SHA.head, ref: "faster" },
  base: { sha: SHA.base, ref: "main" },
};

let simulator: Simulator;
let client: GithubClient;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  client = createGithubClient({ token: "ghs_x", apiUrl: simulator.urls.github, repository: "octo/shop", retryBase: 1 });
});
afterAll(() => simulator.stop());
beforeEach(() =>
  simulator.putGithub({
    reset: true,
    repository: "octo/shop",
    repositoryId: REPOSITORY_ID,
    commits: [
      { sha: SHA.base, parents: [] },
      { sha: SHA.head, parents: [SHA.base] },
    ],
    branches: { main: SHA.base, faster: SHA.head },
    pulls: [pull],
  }),
);

const resolved = (
  event: string,
  payload: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<ActionContext> =>
  resolveContext(
    parseContext({ GITHUB_REPOSITORY: "octo/shop", GITHUB_EVENT_NAME: event, GITHUB_SHA: SHA.base, ...env }, payload),
    { client, asked: null },
  );
const asked = async (): Promise<readonly string[]> => (await simulator.github()).requests.map(({ path }) => path);

describe("the pull request of a commit", () => {
  test.each<readonly [string, string, unknown]>([
    ["a deployment", "deployment_status", payloads.deploymentStatus()],
    ["a run that ended", "workflow_run", payloads.workflowRun()],
    ["what Vercel dispatched", "repository_dispatch", payloads.vercelDispatch()],
  ])("is found for %s", async (_, event, payload) => {
    const context = await resolved(event, payload);
    expect(context.git).toMatchObject({ pullRequest: 7, sha: SHA.head, branch: "faster", baseBranch: "main" });
    expect(context).toMatchObject({ fork: false, warnings: [] });
    expect(roleOf(context, null).kind).toBe("candidate");
  });

  test("is found for a run that somebody started on its branch", async () => {
    const env = { GITHUB_REF: "refs/heads/faster", GITHUB_SHA: SHA.head };
    const context = await resolved("workflow_dispatch", { repository: payloads.repository }, env);
    expect(context.git.pullRequest).toBe(7);
  });

  test("is not asked for where the event says it, or on the base branch", async () => {
    await resolved("pull_request", payloads.pullRequest());
    await resolved("deployment_status", payloads.deploymentStatus({}, { ref: "main", sha: SHA.base }));
    await resolved("push", payloads.push("refs/heads/main"), { GITHUB_REF: "refs/heads/main" });
    expect(await asked()).toEqual([]);
  });

  test("of a closed or merged one is none", async () => {
    await simulator.putGithub({ pulls: [{ ...pull, state: "closed" }] });
    expect((await resolved("deployment_status", payloads.deploymentStatus())).git.pullRequest).toBeNull();
  });

  test("whose head has moved on is none, and that is said", async () => {
    const commits = [
      { sha: SHA.base, parents: [] },
      { sha: SHA.head, parents: [SHA.base] },
      { sha: SHA.queue, parents: [SHA.head] },
    ];
    await simulator.putGithub({ commits, pulls: [{ ...pull, head: { sha: SHA.queue, ref: "faster" } }] });
    const context = await resolved("deployment_status", payloads.deploymentStatus());
    expect(context.git.pullRequest).toBeNull();
    expect(context.warnings).toEqual(["aaaaaaa is not the head of pull request 7 any more, so nothing is commented."]);
  });

  test("of several is the one against the base branch, and the others are named", async () => {
    const other = { ...pull, number: 5, base: { sha: SHA.base, ref: "release" } };
    await simulator.putGithub({
      branches: { main: SHA.base, release: SHA.base, faster: SHA.head },
      pulls: [other, pull],
    });
    const context = await resolved("deployment_status", payloads.deploymentStatus());
    expect(context.git.pullRequest).toBe(7);
    expect(context.warnings[0]).toContain("5, 7");
  });

  test("of a fork is found by the fork's branch, never by one of ours that is called alike", async () => {
    const own = { ...pull, number: 3, head: { sha: SHA.head, ref: "main" } };
    const foreign = { ...pull, number: 9, head: { sha: SHA.head, ref: "main", repositoryId: 99 } };
    await simulator.putGithub({
      pulls: [own, foreign],
      overrides: [{ pathRegex: "/commits/.*/pulls", status: 200, body: [] }],
    });
    const context = await resolved("workflow_run", payloads.forkWorkflowRun());
    expect(context).toMatchObject({ fork: true, git: { pullRequest: 9, branch: "main" } });
    expect(roleOf(context, null).kind).toBe("candidate");
    expect((await asked()).some((path) => decodeURIComponent(path).includes("head=mallory:main"))).toBe(true);
  });

  test("that GitHub does not tell is a warning", async () => {
    await simulator.putGithub({ overrides: [{ pathRegex: "/pulls", status: 403, body: { message: "no" } }] });
    const context = await resolved("deployment_status", payloads.deploymentStatus());
    expect(context.git.pullRequest).toBeNull();
    expect(context.warnings).toEqual(["The pull request of aaaaaaa could not be looked up: GitHub said 403 (no)."]);
  });
});

test("a deployed commit of the base branch is its history, though only its SHA is told", async () => {
  await simulator.putGithub({ pulls: [] });
  const onBase = payloads.deploymentStatus({}, { sha: SHA.base, ref: SHA.base });
  expect(roleOf(await resolved("deployment_status", onBase), null).kind).toBe("base-run");
  expect(roleOf(await resolved("deployment_status", payloads.deploymentStatus()), null).kind).toBe("candidate");
});

test("a comment's number becomes head, branches and origin of its pull request", async () => {
  const foreign = { ...pull, head: { ...pull.head, repositoryId: 99 } };
  await simulator.putGithub({ pulls: [foreign] });
  const context = await resolved("issue_comment", payloads.issueComment(true));
  expect(context).toMatchObject({
    fork: true,
    git: { pullRequest: 7, sha: SHA.head, branch: "faster", baseBranch: "main" },
  });
});
