/** The push that merges an accepted regression: found by its pull request, and kept in the base branch's history. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGithubClient } from "../../src/adapters/github/client.ts";
import { parseContext } from "../../src/adapters/github/context.ts";
import type { ActionJob } from "../../src/entry/action-job.ts";
import { withMerged } from "../../src/entry/action-merged.ts";
import type { Surroundings } from "../../src/entry/surroundings.ts";
import { publish } from "../../src/gate/publish.ts";
import type { Acceptance } from "../../src/record/acceptance.ts";
import { buildReport } from "../../src/report/model.ts";
import { CASES } from "../golden/cases.ts";
import { found, judge, run as runOf } from "../unit/judge/runs.ts";
import { config, record } from "../unit/record/sample-record.ts";
import { type ActionWorld, REPOSITORY, SHA, startActionWorld } from "./action-source.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await startActionWorld();
});
afterAll(() => world.stop());

const merged = {
  ...{ number: 7, state: "closed" as const, merged: true, merge_commit_sha: SHA.merge },
  head: { sha: SHA.head, ref: "faster" },
  base: { sha: SHA.base, ref: "main" },
};
const ACCEPTED: Acceptance = {
  ...{ by: "alice", reason: "a larger report", pullRequest: 7, sha: SHA.head },
  metrics: { p50: { base: 100, head: 400 } },
};
beforeEach(() => world.github({ pulls: [merged], branches: { main: SHA.merge } }));

const store = async (acceptance: unknown, repositoryId: number = REPOSITORY.id): Promise<void> => {
  const run = {
    event: "pull_request",
    head_branch: "faster",
    head_sha: SHA.head,
    path: "x.yml",
    conclusion: "success",
  };
  const { id } = await world.simulator.createRun({ ...run, head_repository_id: repositoryId });
  const files = { "accept.json": JSON.stringify({ schema: "swarmgate.accept/v1", acceptance }) };
  await world.simulator.createArtifact({ runId: id, name: "swarmgate-gate-accept-7", files });
};

const pushed = async (p50: number, event = "push") => {
  const client = createGithubClient({
    token: "t",
    apiUrl: world.simulator.urls.github,
    repository: "octo/shop",
    retryBase: 1,
  });
  const context = parseContext(
    { GITHUB_EVENT_NAME: event, GITHUB_REF: "refs/heads/main", GITHUB_SHA: SHA.merge },
    { repository: REPOSITORY, after: SHA.merge },
  );
  const log = { info: () => {}, warn: () => {}, progress: () => {} };
  const surroundings = { client, context, log, role: { kind: "base-run" }, allowHttp: true } as const;
  const job = { config: config(), signal: new AbortController().signal };
  const judgement = judge({ base: found(runOf()), heads: [runOf({ day: 2, values: { p50 } })] });
  const result = { record: record(), baseline: found(runOf()), history: null, judgement };
  return await withMerged(job as unknown as ActionJob, surroundings as unknown as Surroundings, result);
};

test("opens the gate and tells who accepted it", async () => {
  await store(ACCEPTED);
  const { result, accepted, notes } = await pushed(420);
  expect(result.judgement).toMatchObject({ verdict: "fail", gateOpen: true });
  expect(accepted).toEqual(ACCEPTED);
  expect(notes).toEqual(["Accepted in pull request 7 by alice: p50, because a larger report."]);
});

test("a step that grew beyond what was accepted is nobody's", async () => {
  await store(ACCEPTED);
  const { result, accepted, notes } = await pushed(600);
  expect(result.judgement.gateOpen).toBe(false);
  expect(accepted).toBeNull();
  expect(notes[1]).toBe("p50 moved more than a quarter further than what was accepted.");
});

test.each<readonly [string, () => Promise<unknown>]>([
  ["nothing was stored", async () => undefined],
  ["it was for an earlier commit of the pull request", () => store({ ...ACCEPTED, sha: SHA.base })],
  ["it was for another pull request", () => store({ ...ACCEPTED, pullRequest: 8 })],
  ["it is damaged", () => store({ ...ACCEPTED, metrics: 7 })],
  ["a fork stored it", () => store(ACCEPTED, 666)],
  [
    "the pull request was not merged as this commit",
    () => world.simulator.putGithub({ pulls: [{ ...merged, merge_commit_sha: SHA.base }] }),
  ],
])("nothing is accepted where %s", async (_, arrange) => {
  await arrange();
  const { result, accepted } = await pushed(420);
  expect(accepted).toBeNull();
  expect(result.judgement.gateOpen).toBe(false);
});

test("only a push asks", async () => {
  await pushed(100, "schedule");
  expect((await world.simulator.github()).requests).toEqual([]);
});

test("the history keeps who, why and how much", async () => {
  const stored = new Map<string, string>();
  const ok = { ok: true, value: null } as const;
  await publish({
    config: config(),
    result: { record: record(), judgement: CASES.fail.judgement, history: null, baseline: { kind: "absolute" } },
    report: buildReport(CASES.fail),
    html: null,
    onBase: true,
    accepted: ACCEPTED,
    publisher: {
      comment: async () => ok,
      summary: async () => ok,
      status: async () => ok,
      artifact: async (name, _, content) => {
        stored.set(name, content);
        return { ok: true, value: { id: 1 } };
      },
    },
  });
  expect(JSON.parse(stored.get("swarmgate-gate-history") ?? "").runs[0].accepted).toEqual(ACCEPTED);
  expect([...stored.keys()]).not.toContain("swarmgate-gate-accept-7");
});
