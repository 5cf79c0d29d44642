/** GitHub's published example payloads, each read as the event it is; what they hold was looked up by hand. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { type Env, type EventFacts, eventFacts } from "../../../src/adapters/github/event.ts";

type Published = {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
};

const require = createRequire(import.meta.url);
const file = require.resolve("@octokit/webhooks-examples/api.github.com/index.json");
const published: readonly Published[] = JSON.parse(readFileSync(file, "utf8"));
const examplesOf = (event: string) => published.find(({ name }) => name === event)?.examples ?? [];

const TIP = "f".repeat(40);
const runner = (event: string, env: Env = {}): Env => ({
  GITHUB_EVENT_NAME: event,
  GITHUB_REF: "refs/heads/master",
  GITHUB_SHA: TIP,
  GITHUB_SERVER_URL: "https://github.com",
  ...env,
});
const factsOf = (event: string, payload: unknown, env: Env = {}): EventFacts => eventFacts(runner(event, env), payload);

test.each([
  ["pull_request", 29],
  ["push", 7],
  ["deployment_status", 4],
  ["workflow_run", 5],
  ["merge_group", 2],
  ["repository_dispatch", 2],
  ["issue_comment", 9],
])("there are examples of %s", (event, least) => expect(examplesOf(event).length).toBeGreaterThanOrEqual(least));

test.each(examplesOf("pull_request").map((payload) => [payload["action"], payload] as const))(
  "a pull request that was %s is its head commit and its base branch",
  (action, payload) => {
    const facts = factsOf("pull_request", payload, { GITHUB_REF: "refs/pull/2/merge" });
    expect(facts).toMatchObject({
      ...{ subject: { kind: "pull-request" }, pullRequest: 2, branch: "changes", baseBranch: "master", fork: false },
      sha: "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
      labelled: action === "labeled" ? { name: "bug", by: "Codertocat" } : null,
    });
  },
);

test.each(examplesOf("push").map((payload) => [payload["ref"], payload["after"], payload] as const))(
  "a push to %s at %s belongs to its branch, if it is one",
  (ref, after, payload) => {
    const facts = factsOf("push", payload, { GITHUB_REF: String(ref), GITHUB_SHA: String(after) });
    const isBranch = ref === "refs/heads/master";
    expect(facts).toMatchObject({
      subject: { kind: isBranch ? "branch" : "none" },
      branch: isBranch ? "master" : null,
      sha: /^0+$/.test(String(after)) ? null : "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
      ...{ baseBranch: "master", pullRequest: null },
    });
  },
);

test.each(examplesOf("deployment_status").map((payload, at) => [at, payload] as const))(
  "deployment status %i names its commit, its environment and a page of a log that is no target",
  (_, payload) => {
    const facts = factsOf("deployment_status", payload);
    expect(facts).toMatchObject({
      ...{ subject: { kind: "commit", owner: null }, branch: "master", baseBranch: "master" },
      ...{ sha: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", offered: { id: 145988746, url: null, description: null } },
    });
    expect(["production success", "github-pages in_progress"]).toContain(
      `${facts.offered?.environment} ${facts.offered?.state}`,
    );
  },
);

test.each(examplesOf("workflow_run").map((payload, at) => [at, payload] as const))(
  "workflow run %i is the commit that it was for, and a fork's is a fork's",
  (_, payload) => {
    const facts = factsOf("workflow_run", payload);
    const known: Readonly<Record<number, Partial<EventFacts>>> = {
      1589141559: {
        ...{ branch: "main", fork: true, subject: { kind: "commit", owner: "octo-org" } },
        triggering: { id: 1589141559, workflow: null, event: "workflow_dispatch" },
      },
      289782451: {
        ...{ branch: "master", fork: false, subject: { kind: "commit", owner: null } },
        triggering: { id: 289782451, workflow: ".github/workflows/test.yml", event: "repository_dispatch" },
      },
    };
    expect(facts).toMatchObject(known[facts.triggering?.id ?? 0] ?? { unknown: "run" });
    expect(facts.sha).toMatch(/^(5779607b|3484a3fb)[0-9a-f]{32}$/);
  },
);

test.each(examplesOf("merge_group").map((payload, at) => [at, payload] as const))(
  "merge group %i is the commit to be merged, for its last pull request",
  (_, payload) => {
    expect(factsOf("merge_group", payload)).toMatchObject({
      ...{ subject: { kind: "pull-request" }, pullRequest: 104, baseBranch: "main", fork: false },
      sha: "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d",
      branch: "gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64",
    });
  },
);

test.each(examplesOf("repository_dispatch").map((payload, at) => [at, payload] as const))(
  "dispatch %i names no commit, so it is the default branch's tip",
  (_, payload) => {
    expect(factsOf("repository_dispatch", payload)).toMatchObject({
      ...{ subject: { kind: "branch" }, sha: TIP, branch: "master", offered: null, pullRequest: null },
    });
  },
);

test.each(examplesOf("issue_comment").map((payload) => [payload["action"], payload] as const))(
  "a comment that was %s on an issue belongs to no pull request",
  (_, payload) => {
    expect(factsOf("issue_comment", payload)).toMatchObject({ subject: { kind: "none" }, pullRequest: null });
  },
);

test("no example of any event is an error, and none that is not known becomes a run of the base branch", () => {
  const known = new Set(["push", "schedule", "workflow_dispatch", "repository_dispatch"]);
  for (const { name, examples } of published)
    for (const payload of examples) {
      const { subject } = factsOf(name, payload);
      if (!known.has(name)) expect([name, subject.kind]).not.toEqual([name, "branch"]);
    }
});
