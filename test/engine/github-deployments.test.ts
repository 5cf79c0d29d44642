import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { Deployment } from "../../simulator/github/model.ts";
import { createGithubClient } from "../../src/adapters/github/client.ts";
import { githubDeployments } from "../../src/adapters/github/deployments.ts";
import type { PreviewLook } from "../../src/target/preview.ts";

const SHA = "a".repeat(40);
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.putGithub({ reset: true }));

const deployments = () => {
  const client = createGithubClient({
    token: "ghs_x",
    apiUrl: simulator.urls.github,
    repository: "octo/shop",
    retryBase: 1,
  });
  return githubDeployments({ client, env: {}, offered: null });
};
const look = (wanted = (_: string) => true): Promise<PreviewLook> => deployments().ofCommit(SHA, wanted);
const shown = (answer: PreviewLook) =>
  answer.kind === "seen" ? answer.deployments.map(({ id, state, url }) => [id, state, url]) : answer;
const put = (...all: readonly Deployment[]) => simulator.putGithub({ deployments: all });
const live = { state: "success", environment_url: "https://live.example" } as const;

describe("deployments of a commit", () => {
  test("come newest first, each with its newest status", async () => {
    await put(
      { id: 3, sha: SHA, environment: "Preview", statuses: [{ state: "pending" }, live] },
      { id: 8, sha: SHA, environment: "Preview", statuses: [{ state: "queued" }, { state: "in_progress" }] },
      { id: 9, sha: "b".repeat(40), environment: "Preview", statuses: [live] },
    );
    expect(shown(await look())).toEqual([
      [8, "in_progress", null],
      [3, "success", "https://live.example/"],
    ]);
  });

  test("without a status yet are pending", async () => {
    await put({ id: 3, sha: SHA, environment: "Preview" });
    expect(shown(await look())).toEqual([[3, "pending", null]]);
  });

  test("that nobody wants, or that are no deployment's, are not asked about", async () => {
    await put(
      { id: 3, sha: SHA, environment: "docs", statuses: [live] },
      { id: 4, sha: SHA, environment: "Preview", task: "migrate", statuses: [live] },
      { id: 5, sha: SHA, environment: "Preview", production_environment: true, statuses: [live] },
    );
    const answer = await look((environment) => environment === "Preview");
    expect(answer.kind === "seen" && answer.deployments).toMatchObject([{ id: 5, production: true }]);
    const { requests } = await simulator.github();
    expect(requests.filter(({ path }) => path.includes("/statuses"))).toHaveLength(1);
  });

  test.each([
    [403, true],
    [404, true],
    [429, false],
    [502, false],
  ])("refused with %i: final %s", async (status, final) => {
    await simulator.putGithub({ overrides: [{ pathRegex: "/deployments", status, body: { message: "no" } }] });
    expect(await look()).toMatchObject({ kind: "unread", final });
  });
});

test("one deployment is asked again by its id and keeps what only the first answer told", async () => {
  await put({ id: 3, sha: SHA, environment: "Preview", statuses: [live] });
  const offered = {
    id: 3,
    environment: "Preview – api",
    production: true,
    state: "pending",
    url: null,
    description: null,
  };
  expect(await deployments().again(offered)).toMatchObject({
    deployments: [
      { id: 3, environment: "Preview – api", production: true, state: "success", url: "https://live.example/" },
    ],
  });
});
