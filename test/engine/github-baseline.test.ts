import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { githubBaseHistory } from "../../src/adapters/github/base-history.ts";
import { createGithubClient, type GithubClient } from "../../src/adapters/github/client.ts";
import type { ArtifactRead } from "../../src/ports.ts";

const WORKFLOW = ".github/workflows/gate.yml";
const sha = (n: number): string => n.toString(16).padStart(40, "0");
const TOKEN = "ghs_secret";

let simulator: Simulator;
let client: GithubClient;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  client = createGithubClient({ token: TOKEN, apiUrl: simulator.urls.github, repository: "octo/shop", retryBase: 1 });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.putGithub({ reset: true });
});

const historyFor = (some: { headSha?: string; onBase?: boolean; allowHttp?: boolean; event?: string } = {}) =>
  githubBaseHistory({ client, headSha: sha(900), baseBranch: "main", onBase: false, allowHttp: true, ...some });

/** 120 commits on main, each merged from a branch of one commit; a change that left main at commit 100. */
const mergedHistory = () => {
  const line = Array.from({ length: 120 }, (_, n) => n + 1);
  const commits = line.flatMap((n) => [
    { sha: sha(1_000 + n), parents: n === 1 ? [] : [sha(n - 1)] },
    { sha: sha(n), parents: n === 1 ? [] : [sha(n - 1), sha(1_000 + n)] },
  ]);
  return { commits: [...commits, { sha: sha(900), parents: [sha(100)] }], branches: { main: sha(120) } };
};

describe("the first-parent line", () => {
  beforeEach(() => simulator.putGithub(mergedHistory()));

  test("begins at the merge base and leaves merged branches out", async () => {
    const line = await historyFor().ancestors(50);
    expect(line).toEqual(Array.from({ length: 50 }, (_, back) => sha(100 - back)));
  });

  test("of a commit on the base begins with itself", async () => {
    expect(await historyFor({ headSha: sha(120), onBase: true }).ancestors(3)).toEqual([sha(120), sha(119), sha(118)]);
  });

  test("ends with the first commit", async () => {
    await simulator.putGithub({ commits: [{ sha: sha(1), parents: [] }], branches: { main: sha(1) } });
    expect(await historyFor({ headSha: sha(1) }).ancestors(50)).toEqual([sha(1)]);
  });

  test("that GitHub does not tell is said in one sentence", async () => {
    await simulator.putGithub({
      overrides: [{ pathRegex: "/compare/", status: 404, body: { message: "No common ancestor" } }],
    });
    await expect(historyFor().ancestors(50)).rejects.toThrow("GitHub said 404 (No common ancestor)");
  });
});

describe("runs of a workflow", () => {
  const query = { branch: "main", workflow: WORKFLOW };

  test("come with everything that tells a fork's from ours", async () => {
    const ours = { event: "push", head_branch: "main", head_sha: sha(1), path: WORKFLOW, conclusion: "failure" };
    const { id } = await simulator.createRun(ours);
    await simulator.createRun({ ...ours, event: "pull_request", head_repository_id: 666 });
    await simulator.createRun({ ...ours, path: ".github/workflows/other.yml" });
    await simulator.createRun({ ...ours, head_branch: "feature" });
    const runs = await historyFor().runs(query);
    expect(runs).toHaveLength(2);
    expect(runs.map((run) => run.headRepositoryId)).toEqual([666, 4242]);
    expect(runs[1]).toMatchObject({
      ...{ id, event: "push", status: "completed", conclusion: "failure", headSha: sha(1), headBranch: "main" },
      ...{ path: WORKFLOW, repositoryId: 4242 },
    });
  });

  test("after a deployment are those of deployments too, which GitHub lists under no branch", async () => {
    const deployed = { event: "deployment_status", head_branch: sha(1), head_sha: sha(1), path: WORKFLOW };
    const { id } = await simulator.createRun({ ...deployed, conclusion: "success" });
    expect(await historyFor().runs(query)).toEqual([]);
    expect((await historyFor({ event: "deployment_status" }).runs(query)).map((run) => run.id)).toEqual([id]);
  });

  test("are read from five pages at most", async () => {
    const page = { total_count: 9_999, workflow_runs: Array.from({ length: 100 }, () => ({ id: 1 })) };
    await simulator.putGithub({ overrides: [{ pathRegex: "/actions/workflows/", status: 200, body: page }] });
    await historyFor().runs(query);
    expect((await simulator.github()).requests).toHaveLength(5);
  });

  test("a service that fails once is asked again", async () => {
    await simulator.putGithub({ overrides: [{ pathRegex: "/actions/workflows/", status: 502, times: 1 }] });
    expect(await historyFor().runs(query)).toEqual([]);
  });

  test("a missing permission is said and not asked twice", async () => {
    const overrides = [
      { pathRegex: "/actions/", status: 403, body: { message: "Resource not accessible by integration" } },
    ];
    await simulator.putGithub({ overrides });
    await expect(historyFor().runs(query)).rejects.toThrow("403 (Resource not accessible by integration)");
    expect((await simulator.github()).requests).toHaveLength(1);
  });
});

describe("an artifact", () => {
  let runId = 0;
  beforeEach(async () => {
    const run = { event: "push", head_branch: "main", head_sha: sha(1), path: WORKFLOW, conclusion: "success" };
    runId = (await simulator.createRun(run)).id;
  });
  const name = "swarmgate-gate-run";
  const read = (allowHttp = true): Promise<ArtifactRead> =>
    historyFor({ allowHttp }).artifact({ runId, artifact: name, file: "run.json" });
  const reasonOf = async (allowHttp = true): Promise<string> => {
    const answer = await read(allowHttp);
    return answer.kind === "refused" ? answer.reason : answer.kind;
  };

  test("is one file's bytes", async () => {
    await simulator.createArtifact({ runId, name, files: { "run.json": '{"a":1}' } });
    const answer = await read();
    expect(answer.kind === "bytes" ? new TextDecoder().decode(answer.bytes) : answer).toBe('{"a":1}');
  });

  test("is downloaded without our token", async () => {
    await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    await read();
    const { requests } = await simulator.github();
    const blobs = requests.filter(({ path }) => path.startsWith("/blob/"));
    expect(blobs).toMatchObject([{ status: 200, authorised: false }]);
    expect(requests.filter(({ path }) => path.endsWith("/zip"))).toMatchObject([{ status: 302, authorised: true }]);
  });

  test("of another name or another run is absent", async () => {
    expect(await reasonOf()).toBe("absent");
    await simulator.createArtifact({ runId, name: "swarmgate-other-run", files: { "run.json": "{}" } });
    expect(await reasonOf()).toBe("absent");
    expect((await historyFor().artifact({ runId, artifact: "swarmgate-gate", file: "run.json" })).kind).toBe("absent");
  });

  test("that has expired is refused, before or after it was asked for", async () => {
    const { id } = await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    await simulator.putGithub({ overrides: [{ pathRegex: "/zip$", status: 410, times: 1 }] });
    expect(await reasonOf()).toBe("it has expired");
    await simulator.expireArtifact(id);
    expect(await reasonOf()).toBe("it has expired");
  });

  test.each<[string, Parameters<Simulator["createArtifact"]>[0], string]>([
    [
      "with a wrong digest",
      { runId: 0, name, files: { "run.json": "{}" }, digest: `sha256:${"0".repeat(64)}` },
      "digest",
    ],
    ["with a digest of an unknown kind", { runId: 0, name, files: { "run.json": "{}" }, digest: "md5:1" }, "digest"],
    [
      "that tells a large size",
      { runId: 0, name, files: { "run.json": "{}" }, size_in_bytes: 11 << 20 },
      "larger than 10485760",
    ],
    [
      "that is no archive",
      { runId: 0, name, contentBase64: btoa("no archive, whatever else it may be") },
      "no zip archive",
    ],
  ])("%s is refused", async (_, artifact, reason) => {
    await simulator.createArtifact({ ...artifact, runId });
    expect(await reasonOf()).toContain(reason);
  });

  test("that is larger than it tells is cut off while it comes", async () => {
    const large = Buffer.alloc(11 << 20).toString("base64");
    await simulator.createArtifact({ runId, name, contentBase64: large, size_in_bytes: 100 });
    expect(await reasonOf()).toBe("it is larger than 10485760 bytes");
  });

  test("of a fork's run is refused even under our run's number", async () => {
    const run = { event: "pull_request", head_branch: "main", head_sha: sha(1), path: WORKFLOW, conclusion: "success" };
    runId = (await simulator.createRun({ ...run, head_repository_id: 666 })).id;
    await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    expect(await reasonOf()).toContain("another repository");
  });

  test("behind a plain address is refused where GitHub itself is not plain", async () => {
    await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    expect(await reasonOf(false)).toContain("not https");
  });

  test.each(["other.json", "../run.json", "/run.json", "x/run.json", "run.json/"])(
    "that holds %s only is refused",
    async (path) => {
      await simulator.createArtifact({ runId, name, files: { [path]: "{}" } });
      expect(await reasonOf()).toBe("its archive holds no run.json");
    },
  );

  test("whose storage fails once is asked for again", async () => {
    await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    await simulator.putGithub({ overrides: [{ pathRegex: "^/blob/", status: 503, times: 1 }] });
    expect((await read()).kind).toBe("bytes");
  });

  test("whose storage redirects once more is not followed", async () => {
    let asked = 0;
    const evil = createServer((_, response) => {
      asked += 1;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    const { port } = evil.address() as AddressInfo;
    await simulator.createArtifact({ runId, name, files: { "run.json": "{}" } });
    const headers = { location: `http://127.0.0.1:${port}/blob` };
    await simulator.putGithub({ overrides: [{ pathRegex: "/zip$", status: 302, headers, times: 1 }] });
    expect(await reasonOf()).toContain("its storage said 302");
    expect(asked).toBe(1);
    evil.close();
    evil.closeAllConnections();
  });
});

test("a server that is not there is an answer", async () => {
  const nowhere = createGithubClient({
    token: TOKEN,
    apiUrl: "http://127.0.0.1:9",
    repository: "octo/shop",
    retryBase: 1,
  });
  expect(await nowhere.request("GET /actions/runs")).toMatchObject({ ok: false, status: null });
});

test("a missing token is an answer", async () => {
  const anonymous = createGithubClient({ token: "", apiUrl: simulator.urls.github, repository: "octo/shop" });
  expect(await anonymous.request("GET /actions/runs")).toMatchObject({ ok: false, status: null });
});
