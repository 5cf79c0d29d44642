/** What the product asks of GitHub and what the simulated GitHub answers, held to GitHub's own description of both. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { Exchange } from "../../simulator/github/exchanges.ts";
import { readStatements } from "../../src/adapters/github/accept-facts.ts";
import { githubBaseHistory, readArtifact } from "../../src/adapters/github/base-history.ts";
import { createGithubClient } from "../../src/adapters/github/client.ts";
import { markOutdated } from "../../src/adapters/github/comments.ts";
import { type ActionContext, parseContext } from "../../src/adapters/github/context.ts";
import { githubDeployments } from "../../src/adapters/github/deployments.ts";
import { githubPublisher } from "../../src/adapters/github/publisher.ts";
import { pullOfNumber, pullsOfBranch, pullsOfCommit } from "../../src/adapters/github/pulls.ts";
import { resolveContext } from "../../src/adapters/github/resolve-context.ts";
import { newestOwn, runsOfCommit } from "../../src/adapters/github/stored.ts";
import { githubDescription } from "./github-description.ts";

const MARKER = "<!-- swarmgate:v1:gate -->";
const GATE = ".github/workflows/gate.yml";
const sha = (letter: string): string => letter.repeat(40);
const description = githubDescription();

let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  folder = await mkdtemp(join(tmpdir(), "swarmgate-openapi-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});
// main: a - b; the change: b - c, which a fork has had merged as d
const SIDES = { head: { sha: sha("c"), ref: "feature" }, base: { sha: sha("b"), ref: "main" } };
const FORKED = { ...SIDES, head: { sha: sha("c"), ref: "fix", repositoryId: 666 } };
const begin = () =>
  simulator.putGithub({
    reset: true,
    keepExchanges: true,
    commits: [
      { sha: sha("a"), parents: [] },
      { sha: sha("b"), parents: [sha("a")], message: "Add orders" },
      { sha: sha("c"), parents: [sha("b")] },
      { sha: sha("d"), parents: [sha("b"), sha("c")] },
    ],
    branches: { main: sha("b"), feature: sha("c") },
    pulls: [
      { number: 7, ...SIDES },
      { number: 8, ...FORKED, state: "closed", merged: true, merge_commit_sha: sha("d"), login: "dependabot[bot]" },
    ],
    labels: { "7": ["perf-accepted", "needs review"] },
    issueEvents: [
      { issue: 7, event: "labeled", label: "perf-accepted", actor: "bob" },
      { issue: 7, event: "unlabeled", label: "old", actor: "alice" },
    ],
    permissions: { alice: "write" },
    comments: [{ issue: 7, body: "Perf-Accept: p95 because x", user: { login: "alice", type: "User" } }],
    deployments: [
      {
        id: 3,
        sha: sha("c"),
        environment: "Preview",
        statuses: [{ state: "pending" }, { state: "success", environment_url: "https://p.example/" }],
      },
      { id: 4, sha: sha("c"), environment: "Preview – docs", creator: "netlify[bot]", production_environment: true },
    ],
  });
beforeEach(begin);

const clientFor = (token: string) =>
  createGithubClient({ token, apiUrl: simulator.urls.github, repository: "octo/shop", retryBase: 1 });
const contextOf = (env: Readonly<Record<string, string>>, payload: unknown): ActionContext =>
  parseContext(
    { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "octo/shop", GITHUB_RUN_ID: "77", ...env },
    payload,
  );
const onPull = (): ActionContext => {
  const parsed = contextOf({}, {});
  return { ...parsed, git: { ...parsed.git, sha: sha("c"), pullRequest: 7 } };
};

const publishing = async (token: string): Promise<void> => {
  const client = clientFor(token);
  const publisher = githubPublisher({ client, token, context: onPull(), name: "gate", temporary: folder });
  await publisher.comment(MARKER, `${MARKER}\none`, { onlyIfPresent: false });
  await publisher.comment(MARKER, `${MARKER}\ntwo`, { onlyIfPresent: false });
  await markOutdated({ client, issue: 7, token }, { marker: MARKER, line: "measuring", unless: "none" });
  await publisher.status("failure", "p95 rose by 40 %");
};

const storedRun = async (): Promise<number> => {
  const { id } = await simulator.createRun({
    event: "push",
    head_branch: "main",
    head_sha: sha("b"),
    path: GATE,
    conclusion: "success",
  });
  await simulator.createArtifact({ runId: id, name: "swarmgate-gate-run", files: { "run.json": "{}" } });
  return id;
};

const searching = async (): Promise<void> => {
  const runId = await storedRun();
  const client = clientFor("ghs_x");
  const options = {
    client,
    headSha: sha("c"),
    baseBranch: "main",
    onBase: false,
    allowHttp: true,
    event: "deployment_status",
  };
  const history = githubBaseHistory(options);
  expect(await history.ancestors(10)).toEqual([sha("b"), sha("a")]);
  expect(await history.runs({ branch: "main", workflow: GATE })).toHaveLength(1);
  expect(await history.artifact({ runId, artifact: "swarmgate-gate-run", file: "run.json" })).toMatchObject({
    kind: "bytes",
  });
  expect(await runsOfCommit(client, { sha: sha("b"), workflow: GATE })).toMatchObject({ value: [{ id: runId }] });
  const own = { client, allowHttp: true };
  expect(await newestOwn(own, { artifact: "swarmgate-gate-run", file: "run.json" })).toMatchObject({ kind: "bytes" });
  expect(await readArtifact({ ...own, foreign: true }, { runId: 1, artifact: "x", file: "y" })).toMatchObject({
    kind: "refused",
  });
};

const pullRequests = async (): Promise<void> => {
  const client = clientFor("ghs_x");
  expect(await pullsOfCommit(client, sha("c"))).toMatchObject({ value: [{ number: 7 }, { number: 8, fork: true }] });
  expect(await pullsOfBranch(client, { owner: "octo", branch: "feature" })).toMatchObject({ value: [{ number: 7 }] });
  expect(await pullOfNumber(client, 7)).toMatchObject({ value: { number: 7, fork: false } });
  expect(await pullOfNumber(client, 99)).toMatchObject({ ok: false });
  const deployed = contextOf(
    { GITHUB_EVENT_NAME: "deployment_status" },
    {
      deployment: { id: 5, sha: sha("a"), ref: sha("a"), environment: "x" },
      repository: { id: 4242, default_branch: "main" },
    },
  );
  expect((await resolveContext(deployed, { client, asked: null })).git.branch).toBe("main");
};

const deploying = async (): Promise<void> => {
  const { ofCommit, again } = githubDeployments({ client: clientFor("ghs_x"), env: {}, offered: null });
  const seen = await ofCommit(sha("c"), () => true);
  expect(seen.kind === "seen" && seen.deployments.map(({ id, state }) => [id, state])).toEqual([
    [4, "pending"],
    [3, "success"],
  ]);
  if (seen.kind === "seen" && seen.deployments[1] !== undefined) await again(seen.deployments[1]);
};

const accepting = async (): Promise<void> => {
  const asked = { pullRequest: 7, label: "perf-accepted", labelledBy: null, isMeant: () => true };
  expect(await readStatements(clientFor("ghs_x"), asked)).toMatchObject({
    value: { label: { by: "bob", mayWrite: false }, comments: [{ by: "alice", mayWrite: true }] },
  });
};

const JOBS: readonly (readonly [string, () => Promise<void>])[] = [
  ["publishing with the job's token", () => publishing("ghs_x")],
  [
    "publishing with a person's token",
    async () => {
      await simulator.putGithub({ tokenUser: "alice" });
      await publishing("ghp_x");
    },
  ],
  [
    "publishing with an app's token",
    async () => {
      await simulator.putGithub({ tokenUser: "perf-gate[bot]" });
      await publishing("ghs_x");
    },
  ],
  [
    "publishing where a second comment of ours is to be deleted",
    async () => {
      const ours = { issue: 7, body: MARKER, user: { login: "github-actions[bot]", type: "Bot" } } as const;
      await simulator.putGithub({ comments: [ours, ours] });
      await publishing("ghs_x");
    },
  ],
  ["publishing with a person's token that may not say whose it is", () => publishing("ghp_x")],
  [
    "publishing with a read-only token",
    async () => {
      await simulator.putGithub({ readOnlyToken: true });
      await publishing("ghs_x");
    },
  ],
  ["looking for the baseline and for what earlier runs stored", searching],
  ["looking for pull requests", pullRequests],
  ["looking for the deployment", deploying],
  ["reading what was accepted", accepting],
];

const problemsIn = (exchanges: readonly Exchange[]): readonly string[] =>
  exchanges.flatMap((one) => description.problemsOf(one).map((text) => `${one.method} ${one.path}: ${text}`));

test.each(JOBS)("%s says and hears only what GitHub describes", async (_, job) => {
  await job();
  const exchanges = await simulator.exchanges();
  expect(exchanges.length).toBeGreaterThan(0);
  expect(problemsIn(exchanges)).toEqual([]);
});

test("every route in the adapters is one of those that were held to the description", async () => {
  const driven = new Set<string>();
  for (const [, job] of JOBS) {
    await begin();
    await job();
    for (const one of await simulator.exchanges()) driven.add(shape(`${one.method} ${one.path.split("?")[0]}`));
  }
  const sources = await readdir("src/adapters/github");
  const texts = await Promise.all(sources.map((name) => readFile(join("src/adapters/github", name), "utf8")));
  const routes = texts.flatMap((text) =>
    [...text.matchAll(/"((?:GET|POST|PATCH|PUT|DELETE) \/[^"]*)"/g)].map(([, route = ""]) => route),
  );
  expect(routes.length).toBeGreaterThan(15);
  const missing = routes.filter((route) => ![...driven].some((one) => matches(route, one)));
  expect(missing).toEqual([]);
});

const shape = (call: string): string => call.replace("/repos/octo/shop", "");
const matches = (route: string, call: string): boolean =>
  new RegExp(`^${route.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(call);

describe("the description finds", () => {
  const ask = async (job: () => Promise<void>, part: string): Promise<Exchange> => {
    await job();
    const found = (await simulator.exchanges()).find(({ method, path }) => `${method} ${path}`.includes(part));
    if (found === undefined) throw new Error(`nothing was asked like ${part}`);
    return found;
  };
  const json = (value: unknown) => value as Readonly<Record<string, unknown>>;
  const publish = () => publishing("ghs_x");

  test.each<readonly [string, () => Promise<void>, string, (one: Exchange) => Partial<Exchange>, string]>([
    [
      "a path that GitHub has not",
      deploying,
      "GET /repos/octo/shop/deployments",
      ({ path }) => ({ path: path.replace("deployments", "deployment") }),
      "no such operation",
    ],
    ["a method that the path has not", publish, "PATCH", () => ({ method: "PUT" }), "no such operation"],
    [
      "a number that is none",
      accepting,
      "/issues/7/events",
      ({ path }) => ({ path: path.replace("/7/", "/seven/") }),
      "issue_number: must be integer",
    ],
    [
      "a parameter that GitHub does not read",
      deploying,
      "/deployments?",
      ({ path }) => ({ path: `${path}&commit=x` }),
      "commit is no parameter",
    ],
    [
      "a page larger than GitHub gives",
      accepting,
      "/comments?",
      ({ path }) => ({ path: path.replace("per_page=100", "per_page=500") }),
      "per_page is 500",
    ],
    [
      "a body without what it needs",
      publish,
      "POST /repos/octo/shop/issues",
      () => ({ request: {} }),
      "must have required property 'body'",
    ],
    [
      "a body with a misspelt property",
      publish,
      "/statuses/",
      ({ request }) => ({ request: { ...json(request), targetUrl: "x" } }),
      "(targetUrl)",
    ],
    [
      "a value that is none of those allowed",
      publish,
      "/statuses/",
      ({ request }) => ({ request: { ...json(request), state: "failed" } }),
      "equal to one of the allowed values",
    ],
    ["a body where none belongs", accepting, "/labels", () => ({ request: { a: 1 } }), "takes no body"],
    [
      "an answer without what GitHub always tells",
      publish,
      "PATCH",
      ({ answer }) => ({ answer: { ...json(answer), user: undefined } }),
      "must have required property 'user'",
    ],
    [
      "an answer that tells more than GitHub",
      pullRequests,
      "/pulls/7",
      ({ answer }) => ({ answer: { ...json(answer), mergedAs: "x" } }),
      "(mergedAs)",
    ],
    [
      "a time that is none",
      publish,
      "PATCH",
      ({ answer }) => ({ answer: { ...json(answer), created_at: "yesterday" } }),
      "date-time",
    ],
    ["a status that GitHub does not answer", publish, "PATCH", () => ({ status: 202 }), "never answers 202"],
    ["a download without its address", searching, "/zip", () => ({ location: null }), "no Location"],
  ])("%s", async (...[, job, part, change, problem]) => {
    const exchange = await ask(job, part);
    expect(description.problemsOf(exchange)).toEqual([]);
    // As it would come over the wire.
    const changed = JSON.parse(JSON.stringify({ ...exchange, ...change(exchange) })) as Exchange;
    expect(description.problemsOf(changed).join()).toContain(problem);
  });
});
