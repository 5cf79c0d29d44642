/** An unreliable GitHub and other people's comments: nothing is doubled, nothing passes that should not. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { BOT, type FakeGithub, type Fault, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, LOAD, type Runner, SHORT } from "./hostile/fake-runner.ts";
import { after, fine, startTarget, type Target } from "./hostile/fake-target.ts";

let github: FakeGithub;
let runner: Runner;
let target: Target;
beforeAll(async () => {
  [github, target] = await Promise.all([startGithub(), startTarget()]);
  runner = createRunner(github);
  github.line = [BASE_SHA, "2".repeat(40), "1".repeat(40)];
});
beforeEach(() => {
  github.faults = [];
  github.seen.length = 0;
  target.set(fine);
});
afterAll(async () => {
  runner.close();
  await Promise.all([github.close(), target.close()]);
});

const MARKER = "<!-- swarmgate:v1:gate -->";
const HEALTHY = ["pass", "improved", "warn", "inconclusive"];
const ours = () => github.comments.filter(({ user, body }) => user === BOT && body.startsWith(MARKER));
const artifactsOf = (runId: number) =>
  github.artifacts
    .filter((one) => one.runId === runId)
    .map(({ name }) => name)
    .toSorted();
const faulty = (patterns: readonly string[], fault: Omit<Fault, "matches">): Fault[] =>
  patterns.map((pattern) => ({ matches: new RegExp(pattern), ...fault }));
const badGateway = { times: 1, status: 502, body: { message: "Bad Gateway" } };

it("a base push stores its run though each call fails once", async () => {
  github.faults = faulty(
    ["GET .*/commits\\?", "GET .*/workflows/", "CreateArtifact", "PUT /store", "FinalizeArtifact"],
    badGateway,
  );
  const run = await runner.job({ event: "push", inputs: { url: target.url, ...LOAD } });
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "no-baseline", "true"]);
  expect(artifactsOf(run.run.id)).toEqual(["swarmgate-gate-history", "swarmgate-gate-run"]);
  expect(github.faults.map(({ times }) => times)).toEqual([0, 0, 0, 0, 0]);
  expect(run.outputs["comment-id"]).toBe("");
});

it("a pull request is commented on once, among 150 others, with each call failing once and one deed unanswered", async () => {
  for (let n = 0; n < 150; n += 1) github.addComment({ login: `user-${n}`, type: "User" }, `comment ${n}`);
  github.addComment({ login: "mallory", type: "User" }, `${MARKER}\n### ✅ All is well`);
  github.addComment({ login: "other-app[bot]", type: "Bot" }, `${MARKER}\n### ✅ All is well`);
  github.faults = [
    ...faulty(["GET .*/compare/", "GET .*/workflows/", "GET .*/commits\\?", "GET .*/artifacts\\?"], badGateway),
    ...faulty(["GET .*/zip", "GET /store/artifact", "GET .*/comments.*page=1", "GET .*/comments.*page=2"], badGateway),
    ...faulty(["POST .*/comments$"], { ...badGateway, after: true }),
  ];
  const run = await runner.job({ event: "pull_request", inputs: { url: target.url, ...LOAD } });
  expect(github.faults.map(({ times }) => times)).toEqual(github.faults.map(() => 0));
  expect([run.exitCode, run.outputs["gate-open"]]).toEqual([0, "true"]);
  expect(HEALTHY).toContain(run.outputs["verdict"]);
  expect([run.outputs["baseline-sha"], run.outputs["baseline-state"]]).toEqual([BASE_SHA, "exact"]);
  expect(ours()).toHaveLength(1);
  expect(run.outputs["comment-id"]).toBe(String(ours()[0]?.id));
  expect(github.comments).toHaveLength(153);
  expect(artifactsOf(run.run.id)).toEqual(["swarmgate-gate-run"]);
});

it("the next push edits that comment after rate limits, and leaves the copies of the marker alone", async () => {
  const limited = { message: "You have exceeded a secondary rate limit. Please wait." };
  const limit = { times: 1, status: 403, headers: { "retry-after": "1" }, body: limited };
  github.faults = [
    ...faulty(["GET .*/compare/", "PATCH "], limit),
    ...faulty(["GET .*/comments"], { ...limit, status: 429 }),
  ];
  target.set(after(900));
  const [before] = ours();
  const run = await runner.job({ event: "pull_request", sha: "e".repeat(40), inputs: { url: target.url, ...LOAD } });
  expect(github.faults.map(({ times }) => times)).toEqual([0, 0, 0]);
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
  expect(ours().map(({ id }) => id)).toEqual([before?.id]);
  expect(ours()[0]?.body).toContain("❌");
  expect(github.comments.filter(({ body }) => body === `${MARKER}\n### ✅ All is well`)).toHaveLength(2);
  expect(run.log.match(/^::error /gm)).toHaveLength(1);
});

it("a fork's token costs the comment, not the verdict", async () => {
  const refusal = { message: "Resource not accessible by integration" };
  github.faults = faulty(["^(POST|PATCH) .*/(comments|statuses)"], { times: 99, status: 403, body: refusal });
  const [before, writes] = [
    ours()[0]?.body,
    () => github.seen.filter(({ line }) => /^(POST|PATCH) \/repos/.test(line)),
  ];
  target.set(after(900));
  const run = await runner.job({
    event: "pull_request",
    fork: true,
    inputs: { url: target.url, ...LOAD, "commit-status": "true" },
  });
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
  expect(run.outputs["comment-id"]).toBe("");
  expect(run.log).toContain("(comment-not-written)");
  expect(run.log).toContain("(status-not-written)");
  expect(run.summary).toContain("❌");
  expect(ours()[0]?.body).toBe(before);
  // A refusal is no limit: it is not asked again.
  expect(writes()).toHaveLength(2);
});

it("a server without these interfaces is told by name, and nothing of it passes", async () => {
  github.faults = faulty(["^GET /repos", "^POST /repos", "^PATCH ", "/twirp/"], {
    times: 9_999,
    status: 404,
    body: { message: "Not Found" },
  });
  const run = await runner.job({
    event: "pull_request",
    inputs: { url: target.url, ...LOAD, "commit-status": "true" },
  });
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "no-baseline", "true"]);
  for (const code of ["comment-not-written", "status-not-written", "artifact-not-stored"])
    expect(run.log).toContain(`(${code})`);
  expect(run.summary).toContain("GitHub said 404");
  expect(run.log).not.toContain("This is a bug");
});

it("a name that an earlier attempt has taken is replaced, and one that stays taken is told", async () => {
  const job = { event: "pull_request", inputs: { url: target.url, ...SHORT, comment: "never" } } as const;
  const first = await runner.job(job);
  const [stored] = github.artifacts.filter(({ runId }) => runId === first.run.id);
  const again = await runner.job({ ...job, run: first.run, attempt: 2 });
  const [replaced, ...more] = github.artifacts.filter(({ runId }) => runId === first.run.id);
  expect(more).toEqual([]);
  expect(replaced?.id).not.toBe(stored?.id);
  expect(again.log).not.toContain("(artifact-name-taken)");

  github.faults = faulty(["DeleteArtifact"], {
    times: 9,
    status: 409,
    body: { code: "already_exists", msg: "immutable" },
  });
  const third = await runner.job({ ...job, run: first.run, attempt: 3 });
  expect(third.log).toContain("(artifact-name-taken)");
  expect(third.outputs["verdict"]).toBe(again.outputs["verdict"]);
  expect(github.artifacts.filter(({ runId }) => runId === first.run.id)).toEqual([replaced]);
});
