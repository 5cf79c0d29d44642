import { getOctokit } from "@actions/github";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";

const place = { owner: "octo", repo: "shop" };
const sha = (letter: string) => letter.repeat(40);
const pull = (number: number, head: string, more = {}) => ({
  number,
  head: { sha: sha(head), ref: `feature-${head}` },
  base: { sha: sha("b"), ref: "main" },
  ...more,
});
// a - b - d (main)     b - c - e (feature)
const history = {
  commits: [
    { sha: sha("a"), parents: [] },
    { sha: sha("b"), parents: [sha("a")] },
    { sha: sha("c"), parents: [sha("b")] },
    { sha: sha("d"), parents: [sha("b")] },
    { sha: sha("e"), parents: [sha("c")] },
  ],
  branches: { main: sha("d"), feature: sha("e") },
};

let simulator: Simulator;
let octokit: ReturnType<typeof getOctokit>;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  octokit = getOctokit("token", { baseUrl: simulator.urls.github });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.putGithub({ reset: true, ...history, pulls: [pull(7, "e")] });
});

const failing = (status: number, message = "") => ({ status, message: expect.stringContaining(message) });

describe("comments", () => {
  it("are paged with Link headers that octokit follows", async () => {
    const comments = Array.from({ length: 250 }, (_, i) => ({ issue: i % 10 === 0 ? 8 : 7, body: `comment ${i}` }));
    await simulator.putGithub({ comments, labels: { 8: [] } });
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...place, issue_number: 7, per_page: 100 });
    expect(all.map(({ body }) => body)).toEqual(comments.filter(({ issue }) => issue === 7).map(({ body }) => body));
    const asked = (await simulator.github()).requests.filter(({ path }) => path.includes("/comments"));
    expect(asked).toHaveLength(3);
  });

  it("are written, found and edited as the bot", async () => {
    const { data } = await octokit.rest.issues.createComment({ ...place, issue_number: 7, body: "<!-- mark --> one" });
    expect(data.user).toMatchObject({ login: "github-actions[bot]", type: "Bot" });
    await octokit.rest.issues.updateComment({ ...place, comment_id: data.id, body: "two" });
    expect((await octokit.rest.issues.getComment({ ...place, comment_id: data.id })).data.body).toBe("two");
    expect((await simulator.github()).comments).toMatchObject([{ id: data.id, issue: 7, body: "two" }]);
  });

  it.each([
    [65_536, 201],
    [65_537, 422],
  ])("of %i characters are answered with %i", async (length, expected) => {
    const sent = octokit.rest.issues.createComment({ ...place, issue_number: 7, body: "é".repeat(length) });
    const status = await sent.then(
      (answer) => answer.status,
      (error) => error.status,
    );
    expect(status).toBe(expected);
  });

  it("need an issue that exists", async () => {
    const sent = octokit.rest.issues.createComment({ ...place, issue_number: 99, body: "x" });
    await expect(sent).rejects.toMatchObject(failing(404));
  });
});

describe("whose token it is", () => {
  it.each([
    ["the job's", "", "github-actions[bot]", 403],
    ["an app's", "perf-gate[bot]", "perf-gate[bot]", 403],
    ["a person's", "alice", "alice", 200],
  ])("is told to GraphQL of %s, and to REST of a person's only", async (_, tokenUser, login, expected) => {
    await simulator.putGithub({ tokenUser });
    expect(await octokit.graphql("query { viewer { login } }")).toEqual({ viewer: { login } });
    const asked = octokit.rest.users.getAuthenticated();
    expect(
      await asked.then(
        ({ status }) => status,
        ({ status }) => status,
      ),
    ).toBe(expected);
  });

  it("is the only query", async () => {
    await expect(octokit.graphql("query { viewer { email } }")).rejects.toThrow("viewer { login }");
  });
});

describe("history", () => {
  it("is compared through the merge base", async () => {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: `main...${sha("e")}` });
    expect(data).toMatchObject({ status: "diverged", ahead_by: 2, behind_by: 1, merge_base_commit: { sha: sha("b") } });
    expect(data.commits.map((commit) => commit.sha)).toEqual([sha("c"), sha("e")]);
  });

  it("is listed from a branch, newest first, over pages", async () => {
    const commits = await octokit.paginate(octokit.rest.repos.listCommits, { ...place, sha: "main", per_page: 1 });
    expect(commits.map((commit) => [commit.sha, commit.parents[0]?.sha])).toEqual([
      [sha("d"), sha("b")],
      [sha("b"), sha("a")],
      [sha("a"), undefined],
    ]);
  });

  it.each([
    ["the head of an open one", "e", [7]],
    ["an earlier commit of it", "c", [7]],
    ["a commit of main that a merged one brought", "d", [6]],
    ["a commit of main without one", "b", []],
  ])("knows the pull requests of %s", async (_, letter, numbers) => {
    const merged = { state: "closed", merged: true, merge_commit_sha: sha("d") } as const;
    await simulator.putGithub({ pulls: [pull(7, "e"), pull(6, "x", merged)] });
    const commit_sha = sha(letter);
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...place, commit_sha });
    expect(data.map(({ number }) => number)).toEqual(numbers);
  });
});

describe("runs", () => {
  const gate = { event: "push", head_branch: "main", head_sha: sha("b"), path: ".github/workflows/gate.yml" };

  it("are listed by workflow file, branch and status, newest first", async () => {
    const done = await simulator.createRun({ ...gate, conclusion: "success" });
    const failed = await simulator.createRun({ ...gate, conclusion: "failure" });
    await simulator.createRun(gate);
    await simulator.createRun({ ...gate, head_branch: "other", conclusion: "success" });
    await simulator.createRun({ ...gate, path: ".github/workflows/other-gate.yml", conclusion: "success" });
    const list = async (status: "completed" | "failure") => {
      const query = { ...place, workflow_id: "gate.yml", branch: "main", status };
      return (await octokit.rest.actions.listWorkflowRuns(query)).data.workflow_runs.map(({ id }) => id);
    };
    expect([await list("completed"), await list("failure")]).toEqual([[failed.id, done.id], [failed.id]]);
  });

  it("end when told", async () => {
    const { id } = await simulator.createRun({ ...gate, head_repository_id: 77 });
    const read = async () => (await octokit.rest.actions.getWorkflowRun({ ...place, run_id: id })).data;
    expect(await read()).toMatchObject({ status: "in_progress", conclusion: null, path: gate.path });
    await simulator.updateRun(id, { status: "completed", conclusion: "success" });
    expect(await read()).toMatchObject({ conclusion: "success", head_repository: { id: 77, fork: true } });
  });
});

describe("deployments, statuses, labels, permissions", () => {
  it("filters deployments and tells their statuses newest first", async () => {
    const statuses = [{ state: "pending" }, { state: "success", environment_url: "http://127.0.0.1:1" }] as const;
    await simulator.putGithub({
      deployments: [
        { id: 1, sha: sha("e"), environment: "Preview" },
        { id: 2, sha: sha("e"), environment: "Preview", statuses },
        { id: 3, sha: sha("e"), environment: "production" },
      ],
    });
    const { data } = await octokit.rest.repos.listDeployments({ ...place, sha: sha("e"), environment: "Preview" });
    expect(data.map(({ id }) => id)).toEqual([2, 1]);
    const told = await octokit.rest.repos.listDeploymentStatuses({ ...place, deployment_id: 2 });
    expect(told.data.map(({ state }) => state)).toEqual(["success", "pending"]);
    expect(told.data[0]).toMatchObject({ environment_url: "http://127.0.0.1:1" });
  });

  it("keeps commit statuses of at most 140 characters", async () => {
    const status = { ...place, sha: sha("e"), state: "failure", context: "gate" } as const;
    await octokit.rest.repos.createCommitStatus({ ...status, description: "x".repeat(140) });
    const tooLong = octokit.rest.repos.createCommitStatus({ ...status, description: "x".repeat(141) });
    await expect(tooLong).rejects.toMatchObject(failing(422));
    expect((await simulator.github()).statuses).toMatchObject([{ sha: sha("e"), state: "failure", context: "gate" }]);
  });

  it("knows permissions and labels", async () => {
    await simulator.putGithub({ permissions: { ann: "admin" }, labels: { 7: ["accept-slower"] } });
    const of = async (username: string) =>
      (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...place, username })).data.permission;
    expect([await of("ann"), await of("bob")]).toEqual(["admin", "none"]);
    const labels = await octokit.rest.issues.listLabelsOnIssue({ ...place, issue_number: 7 });
    expect(labels.data.map(({ name }) => name)).toEqual(["accept-slower"]);
    const { data } = await octokit.rest.pulls.get({ ...place, pull_number: 7 });
    expect(data.labels.map(({ name }) => name)).toEqual(["accept-slower"]);
  });
});

describe("trouble", () => {
  const comment = () => octokit.rest.issues.createComment({ ...place, issue_number: 7, body: "x" });

  it("lets a read-only token read and not write", async () => {
    await simulator.putGithub({ readOnlyToken: true });
    await expect(comment()).rejects.toMatchObject(failing(403, "Resource not accessible by integration"));
    expect((await octokit.rest.pulls.get({ ...place, pull_number: 7 })).data.number).toBe(7);
  });

  it("fails as often as planned, then works; each request is on record", async () => {
    await simulator.putGithub({ overrides: [{ method: "POST", pathRegex: "/comments$", status: 502, times: 2 }] });
    await expect(comment()).rejects.toMatchObject(failing(502));
    await expect(comment()).rejects.toMatchObject(failing(502));
    await comment();
    const { requests } = await simulator.github();
    expect(requests.map(({ method, status, authorised }) => [method, status, authorised])).toEqual([
      ["POST", 502, true],
      ["POST", 502, true],
      ["POST", 201, true],
    ]);
    expect(requests[0]?.headers).toContain("user-agent");
  });

  it("does not know another repository, nor writes without a token", async () => {
    await expect(octokit.rest.repos.get({ owner: "octo", repo: "other" })).rejects.toMatchObject(failing(404));
    const address = `${simulator.urls.github}/repos/octo/shop/issues/7/comments`;
    expect((await fetch(address, { method: "POST", body: '{"body":"x"}' })).status).toBe(401);
  });
});
