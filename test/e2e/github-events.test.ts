/** Events beside push and pull_request, through the bundle: the target found, the pull request found, the comment kept true. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Deployment } from "../../simulator/github/model.ts";
import { type ActionWorld, REPOSITORY, SHA, startActionWorld } from "../engine/action-source.ts";

let world: ActionWorld;
let url = "";
beforeAll(async () => {
  world = await startActionWorld("dist");
  const { functionUrl } = await world.simulator.putFunction("orders", { fresh: true, initMs: 0, durationMs: 200 });
  url = `${functionUrl}/orders`;
});
afterAll(() => world.stop());
beforeEach(() => world.github());

const LOAD = {
  ...{ users: "20", "spawn-rate": "100", "run-time": "2s", "warm-up": "0s", "wait-time": "constant(0.02)" },
  ...{ "ready-timeout": "15s", "on-no-baseline": "warn", limits: "p50: <= 5s" },
};
const comments = async () => (await world.simulator.github()).comments;
const pull = {
  number: 7,
  head: { sha: SHA.head, ref: "faster", repo: REPOSITORY },
  base: { sha: SHA.base, ref: "main", repo: REPOSITORY },
};
const pullRequest = (inputs: Readonly<Record<string, string>>) =>
  world.action({
    event: "pull_request",
    sha: SHA.merge,
    ref: "refs/pull/7/merge",
    payload: { action: "synchronize", number: 7, pull_request: pull, repository: REPOSITORY },
    inputs: { ...LOAD, ...inputs },
  });
const deployed = (state: string, some: Readonly<Record<string, unknown>> = {}) =>
  world.action({
    event: "deployment_status",
    sha: SHA.head,
    ref: "",
    payload: {
      deployment: {
        id: 5,
        sha: SHA.head,
        ref: SHA.head,
        environment: "Preview",
        production_environment: false,
        ...some,
      },
      deployment_status: { state, environment_url: state === "success" ? url : "" },
      repository: REPOSITORY,
    },
    inputs: LOAD,
  });
const deployment = (statuses: Deployment["statuses"], environment = "Preview"): Deployment => ({
  ...{ id: 5, sha: SHA.head, environment },
  ...(statuses !== undefined && { statuses }),
});

describe("the preview deployment", () => {
  test("of the event is the target, and its commit's pull request gets the comment", async () => {
    const run = await deployed("success");
    expect([run.exitCode, run.outputs["verdict"]]).toEqual([0, "no-baseline"]);
    expect(run.log).toContain('the deployment in "Preview"');
    expect(await comments()).toMatchObject([{ issue: 7 }]);
    expect((await world.simulator.ledger("orders")).counts.requests).toBeGreaterThan(0);
  });

  test("in an environment is waited for and found", async () => {
    await world.simulator.putGithub({ deployments: [deployment([{ state: "in_progress" }])] });
    const live: Deployment["statuses"] = [{ state: "in_progress" }, { state: "success", environment_url: url }];
    setTimeout(() => void world.simulator.putGithub({ deployments: [deployment(live)] }), 3_000);
    const run = await pullRequest({ environment: "Prev*" });
    expect([run.exitCode, run.outputs["verdict"]]).toEqual([0, "no-baseline"]);
    expect(run.log).toContain('the deployment in "Preview" is in progress');
  });

  test("that failed is invalid with its own code, and nothing is sent", async () => {
    await world.simulator.resetFunction("orders");
    await world.simulator.putGithub({ deployments: [deployment([{ state: "failure", description: "Build failed" }])] });
    const run = await pullRequest({ environment: "Preview" });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "invalid", "false"]);
    expect(run.summary).toContain("deployment-failed");
    expect((await world.simulator.ledger("orders")).counts.requests).toBe(0);
  });

  test("of production is refused before anything is sent", async () => {
    await world.simulator.resetFunction("orders");
    const run = await deployed("success", { environment: "Production", production_environment: true });
    expect(run.exitCode).toBe(1);
    expect(run.annotations[0]?.text).toContain("production-refused");
    expect((await world.simulator.ledger("orders")).counts.requests).toBe(0);
  });
});

test("a shard finds the deployment of its commit too", async () => {
  await world.simulator.resetFunction("orders");
  await world.simulator.putGithub({ deployments: [deployment([{ state: "success", environment_url: url }])] });
  const run = await pullRequest({ environment: "Preview", mode: "shard", shard: "1/1" });
  expect([run.exitCode, run.outputs["verdict"]]).toEqual([0, ""]);
  expect((await world.simulator.ledger("orders")).counts.requests).toBeGreaterThan(0);
  expect(await comments()).toEqual([]);
});

test("while a new push is measured, the comment says that its figures are of an earlier one", async () => {
  const bot = { login: "github-actions[bot]", type: "Bot" } as const;
  const earlier = { issue: 7, user: bot, body: "<!-- swarmgate:v1:gate -->\n### pass\n\ngate: open · head 9999999" };
  await world.simulator.putGithub({ comments: [earlier] });
  const seen: string[] = [];
  const watch = setInterval(() => void comments().then((all) => seen.push(all[0]?.body ?? "")), 200);
  const run = await pullRequest({ url });
  clearInterval(watch);
  expect(run.exitCode).toBe(0);
  expect(seen.some((body) => body.includes("outdated: measuring aaaaaaa") && body.includes("head 9999999"))).toBe(true);
  const [last, ...others] = await comments();
  expect(others).toEqual([]);
  expect(last?.body).not.toContain("outdated");
  expect(last?.body).toContain("head aaaaaaa");
});

test("after a push to the base, a pull request with another limit is told so, and a tag is judged but nobody's", async () => {
  const push = { ref: "refs/heads/main", after: SHA.base, repository: REPOSITORY };
  const base = await world.action({ event: "push", payload: push, inputs: { ...LOAD, url, limits: "p50: <= 2s" } });
  expect(base.exitCode).toBe(0);
  await pullRequest({ url });
  const [comment] = await comments();
  expect(comment?.body).toContain("judged by another gate than its base");
  expect(comment?.body.split("\n").findIndex((line) => line.startsWith("> "))).toBeLessThan(5);
  const payload = { ...push, ref: "refs/tags/v1" };
  const tag = await world.action({ event: "push", ref: "refs/tags/v1", payload, inputs: { ...LOAD, url } });
  expect(tag.log).toContain("This run belongs to no branch (a tag, or a deleted branch).");
  expect(tag.log).toContain("The run is judged like any other");
  expect(tag.outputs).toMatchObject({ "baseline-state": "exact", "comment-id": "" });
  const { artifacts, comments: all } = await world.simulator.github();
  const histories = artifacts.filter(({ name }) => name === "swarmgate-gate-history").map(({ runId }) => runId);
  expect(histories).toEqual([base.runId]);
  expect(all).toHaveLength(1);
});
