/** `mode: evaluate`: a regression that people with the right to do so accept, without any load. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GithubChange } from "../../simulator/control-contract.ts";
import { type ActionWorld, REPOSITORY, SHA, startActionWorld } from "./action-source.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await startActionWorld();
});
afterAll(() => world.stop());

const person = (login: string) => ({ login, type: "User" as const });
const says = (body: string, login = "alice") => ({ issue: 7, body, user: person(login) });
const ACCEPT = "Perf-Accept: p50 because the report is larger now";
const PERMISSIONS = { alice: "write", bob: "admin", mallory: "read" } as const;

/** A base run, then the pull request's own, ten times slower. */
const regressed = async (change: GithubChange = {}): Promise<void> => {
  await world.github({ permissions: PERMISSIONS });
  await world.measured({ p50: 20 });
  await world.measured({ event: "pull_request", branch: "faster", sha: SHA.head, pullRequest: 7, p50: 400 });
  await world.simulator.putGithub({ labels: { "7": ["perf-accepted"] }, ...change });
};
const pull = {
  number: 7,
  head: { sha: SHA.head, ref: "faster", repo: REPOSITORY },
  base: { sha: SHA.base, ref: "main", repo: REPOSITORY },
};
const labelled = (by: string, inputs: Readonly<Record<string, string>> = {}) =>
  world.action({
    event: "pull_request",
    sha: SHA.head,
    ref: "refs/heads/faster",
    payload: {
      ...{ action: "labeled", number: 7, label: { name: "perf-accepted" }, sender: { login: by } },
      ...{ pull_request: pull, repository: REPOSITORY },
    },
    inputs: { mode: "evaluate", ...inputs },
  });
const commented = () =>
  world.action({
    event: "issue_comment",
    payload: { action: "created", issue: { number: 7, pull_request: {} }, repository: REPOSITORY },
    inputs: { mode: "evaluate" },
  });
const ourComment = async () =>
  (await world.simulator.github()).comments.find(({ user }) => user.type === "Bot")?.body ?? "";

describe("a regression", () => {
  test("with label and reason by people who may write opens the gate, its figures stay", async () => {
    await regressed({ comments: [says(ACCEPT)] });
    const run = await labelled("bob", { "commit-status": "true" });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "fail", "true"]);
    expect(run.outputs["headline"]).toMatch(/^Accepted by alice: p50 rose/);
    const body = await ourComment();
    expect(body).toContain("Accepted by alice: p50, because the report is larger now.");
    expect(body).toContain("gate: open (accepted)");
    expect(body).not.toContain("Fix and push");
    const { statuses, artifacts } = await world.simulator.github();
    expect(statuses).toMatchObject([{ sha: SHA.head, state: "success", context: "swarmgate/gate" }]);
    expect(artifacts.filter(({ runId }) => runId === run.runId).map(({ name }) => name)).toEqual([
      "swarmgate-gate-accept-7",
    ]);
  });

  test("is evaluated after a comment just the same, the label's setter looked up", async () => {
    const issueEvents = [{ issue: 7, event: "labeled", label: "perf-accepted", actor: "bob" } as const];
    await regressed({ comments: [says(ACCEPT)], issueEvents });
    const run = await commented();
    expect([run.exitCode, run.outputs["gate-open"]]).toEqual([0, "true"]);
  });

  test("that nobody accepted keeps the gate closed", async () => {
    await regressed({ labels: { "7": [] } });
    const run = await labelled("bob");
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
  });

  test.each<readonly [string, string, GithubChange, string]>([
    [
      "by a label of somebody who may only read",
      "mallory",
      { comments: [says(ACCEPT)] },
      "set by mallory, who may not write",
    ],
    [
      "by a line of somebody who may only read",
      "bob",
      { comments: [says(ACCEPT, "mallory")] },
      "line of mallory does not count",
    ],
    [
      "by a bot's line",
      "bob",
      { comments: [{ issue: 7, body: ACCEPT, user: { login: "alice", type: "Bot" } }] },
      "no comment says",
    ],
    [
      "for another metric only",
      "bob",
      { comments: [says("Perf-Accept: p95 because x")] },
      "p95, which has nothing to accept",
    ],
    [
      "without the label",
      "bob",
      { comments: [says(ACCEPT)], labels: { "7": ["other"] } },
      "the label perf-accepted is not set",
    ],
  ])("accepted %s stays closed, and the report says why", async (...[, by, change, text]) => {
    await regressed(change);
    const run = await labelled(by);
    expect([run.exitCode, run.outputs["gate-open"]]).toEqual([1, "false"]);
    expect(run.summary).toContain(text);
    expect((await world.simulator.github()).artifacts.some(({ name }) => name.includes("accept"))).toBe(false);
  });

  test("no load is sent, and a commit that was never measured is wrong usage", async () => {
    await world.github({ permissions: PERMISSIONS });
    await world.measured({ event: "pull_request", branch: "faster", sha: SHA.merge, pullRequest: 7, p50: 20 });
    const run = await labelled("bob");
    expect(run.exitCode).toBe(1);
    expect(run.annotations[0]?.text).toContain(
      "No run of .github/workflows/gate.yml has stored swarmgate-gate-run for aaaaaaa yet.",
    );
  });

  test("a comment on an issue is wrong usage", async () => {
    await regressed();
    const payload = { action: "created", issue: { number: 9 }, repository: REPOSITORY };
    const run = await world.action({ event: "issue_comment", payload, inputs: { mode: "evaluate" } });
    expect(run.annotations.map(({ text }) => text).join()).toContain("belongs to no pull request");
  });
});

test("what a dispatched run measured is found, though GitHub lists that run under the default branch", async () => {
  await world.github({ permissions: PERMISSIONS, labels: { "7": [] } });
  await world.measured({ p50: 20 });
  await world.measured({
    ...{ event: "repository_dispatch", branch: "main", sha: SHA.base, pullRequest: 7, p50: 400 },
    edit: (made) => ({ ...made, git: { ...made.git, sha: SHA.head, branch: "faster" } }),
  });
  const run = await labelled("bob");
  expect([run.exitCode, run.outputs["verdict"]]).toEqual([1, "fail"]);
});

test("a run that claims another commit's record for this one is not taken", async () => {
  await world.github({ permissions: PERMISSIONS });
  await world.measured({
    ...{ event: "pull_request", branch: "faster", sha: SHA.head, pullRequest: 7, p50: 20 },
    edit: (made) => ({ ...made, git: { ...made.git, sha: SHA.merge } }),
  });
  const run = await labelled("bob");
  expect(run.annotations[0]?.text).toContain("has stored");
});
