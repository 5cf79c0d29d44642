import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseContext, readEvent, roleOf } from "../../../src/adapters/github/context.ts";
import { readInputs } from "../../../src/adapters/github/inputs.ts";

const env = (some: Record<string, string> = {}) => ({
  GITHUB_REPOSITORY: "octo/shop",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF: "refs/heads/main",
  GITHUB_SHA: "mergecommit",
  GITHUB_RUN_ID: "77",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_JOB: "gate",
  GITHUB_WORKFLOW_REF: "octo/shop/.github/workflows/gate.yml@refs/heads/main",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_API_URL: "https://api.github.com/",
  ...some,
});
const repository = { id: 42, full_name: "octo/shop", default_branch: "main" };
const pull = (some: Record<string, unknown> = {}) => ({
  repository,
  pull_request: {
    number: 7,
    head: { sha: "headsha", ref: "feature", repo: { id: 42 } },
    base: { sha: "basesha", ref: "release", repo: { id: 42 } },
    ...some,
  },
});
const pullEnv = env({ GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/pull/7/merge" });

describe("a pull request", () => {
  test("is its head, not the merge commit, against its own base branch", () => {
    const context = parseContext(pullEnv, pull());
    expect(context.git).toEqual({
      repository: "octo/shop",
      sha: "headsha",
      branch: "feature",
      baseBranch: "release",
      pullRequest: 7,
      event: "pull_request",
      runId: 77,
      runAttempt: 2,
    });
    expect(context).toMatchObject({
      fork: false,
      workflow: ".github/workflows/gate.yml",
      apiUrl: "https://api.github.com",
    });
    expect(context.runUrl).toBe("https://github.com/octo/shop/actions/runs/77");
    expect(roleOf(context, null)).toEqual({ kind: "candidate" });
  });

  test.each<[string, unknown, boolean]>([
    ["the same repository", { id: 42 }, false],
    ["another repository", { id: 666 }, true],
    ["a fork that was deleted", null, true],
  ])("from %s", (_, repo, fork) => {
    expect(parseContext(pullEnv, pull({ head: { sha: "x", ref: "main", repo } })).fork).toBe(fork);
  });

  test("whose branch has the base's name is a candidate all the same", () => {
    const context = parseContext(pullEnv, pull({ head: { sha: "x", ref: "release", repo: { id: 666 } } }));
    expect(roleOf(context, null)).toEqual({ kind: "candidate" });
  });
});

describe("a run without a pull request", () => {
  const role = (
    some: Record<string, string>,
    payload: unknown = { repository, after: "pushed" },
    branch: string | null = null,
  ) => roleOf(parseContext(env(some), payload), branch).kind;

  test.each<[string, Record<string, string>, string]>([
    ["a push to the default branch is the base's history", {}, "base-run"],
    ["so is its schedule", { GITHUB_EVENT_NAME: "schedule" }, "base-run"],
    ["so is a start by hand", { GITHUB_EVENT_NAME: "workflow_dispatch" }, "base-run"],
    ["a push elsewhere is judged against it", { GITHUB_REF: "refs/heads/feature" }, "candidate"],
    ["a tag is neither", { GITHUB_REF: "refs/tags/v1" }, "none"],
    ["a deployment without a payload is neither", { GITHUB_EVENT_NAME: "deployment_status" }, "none"],
    ["nor is a pull request without one", { GITHUB_EVENT_NAME: "pull_request_target" }, "none"],
  ])("%s", (_, some, kind) => {
    expect(role(some)).toBe(kind);
  });

  test("baseline-branch moves the base", () => {
    expect(role({ GITHUB_REF: "refs/heads/develop" }, { repository }, "develop")).toBe("base-run");
    expect(role({}, { repository }, "develop")).toBe("candidate");
  });

  test("measures the pushed commit, or the one that is checked out", () => {
    expect(parseContext(env(), { repository, after: "pushed" }).git.sha).toBe("pushed");
    expect(parseContext(env(), {}).git.sha).toBe("mergecommit");
    expect(parseContext(env(), { after: "0".repeat(40) }).git.sha).toBeNull();
  });

  test("a schedule without a repository in its payload runs on the default branch", () => {
    expect(role({ GITHUB_EVENT_NAME: "schedule" }, {})).toBe("base-run");
  });

  test("outside GitHub everything is unknown and nothing breaks", () => {
    const context = parseContext({}, null);
    expect(context.git).toMatchObject({ repository: null, sha: null, branch: null, pullRequest: null, runId: null });
    expect(context).toMatchObject({ workflow: null, job: null, runUrl: null, apiUrl: "https://api.github.com" });
  });

  test("hostile payloads are facts of the wrong type, so no facts", () => {
    const payload = { pull_request: { number: "7", head: [], base: 3 }, repository: "octo" };
    expect(parseContext(pullEnv, payload).git).toMatchObject({ sha: null, branch: null, pullRequest: null });
  });
});

describe("the event's file", () => {
  test.each<[string, string | null, unknown]>([
    ["is read", '{"after":"x"}', { after: "x" }],
    ["that is broken is an empty payload", "{", {}],
    ["that is missing is an empty payload", null, {}],
  ])("%s", async (_, content, expected) => {
    const folder = await mkdtemp(join(tmpdir(), "swarmgate-event-"));
    const path = join(folder, "event.json");
    if (content !== null) await writeFile(path, content);
    expect(await readEvent({ GITHUB_EVENT_PATH: path })).toEqual(expected);
    await rm(folder, { recursive: true });
  });
});

test("inputs have the names of action.yml; empty ones are absent, unknown ones kept", () => {
  const inputs = { "INPUT_SPAWN-RATE": " 5 ", INPUT_URL: "", INPUT_USRES: "20", GITHUB_SHA: "x", INPUT_: "y" };
  expect(readInputs(inputs)).toEqual({ "spawn-rate": "5", usres: "20" });
});
