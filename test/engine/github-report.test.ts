/** `mode: report`: the record of untrusted code, judged and commented by a run that may write. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ActionWorld, GATE, REPOSITORY, SHA, startActionWorld } from "./action-source.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await startActionWorld();
});
afterAll(() => world.stop());

const FORK_ID = 666;
const fork = { id: FORK_ID, full_name: "mallory/shop", owner: { login: "mallory" } };
const forkRun = { event: "pull_request", branch: "main", sha: SHA.head, repositoryId: FORK_ID, pullRequest: 7 };
const pulls = [
  { number: 7, head: { sha: SHA.head, ref: "main", repositoryId: FORK_ID }, base: { sha: SHA.base, ref: "main" } },
  { number: 8, head: { sha: SHA.merge, ref: "other" }, base: { sha: SHA.base, ref: "main" } },
];
beforeEach(() => world.github({ pulls }));

const ended = (id: number, some: Readonly<Record<string, unknown>> = {}) => ({
  action: "completed",
  workflow_run: {
    ...{ id, event: "pull_request", head_sha: SHA.head, head_branch: "main", path: GATE, pull_requests: [] },
    ...{ head_repository: fork, conclusion: "failure", ...some },
  },
  repository: REPOSITORY,
});
const report = (payload: unknown, inputs: Readonly<Record<string, string>> = {}) =>
  world.action({
    event: "workflow_run",
    payload,
    workflow: ".github/workflows/report.yml",
    inputs: { mode: "report", ...inputs },
  });

test("a fork's regression is judged again, commented with a warning, and closes the gate", async () => {
  await world.measured({ p50: 20 });
  const id = await world.measured({ ...forkRun, p50: 400 });
  const run = await report(ended(id));
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
  const { comments, artifacts } = await world.simulator.github();
  expect(comments).toMatchObject([{ issue: 7 }]);
  expect(comments[0]?.body).toContain("Measured by untrusted code");
  expect(run.outputs["comment-id"]).toBe(String(comments[0]?.id));
  // What it judged is the fork's to keep: stored here it would pass for a run of the base branch.
  expect(artifacts.filter(({ runId }) => runId === run.runId)).toEqual([]);
});

test("the same code leaves the gate open", async () => {
  await world.measured({ p50: 20 });
  const run = await report(ended(await world.measured({ ...forkRun, p50: 20 })));
  expect([run.exitCode, run.outputs["gate-open"]]).toEqual([0, "true"]);
});

test("number, commit and id are never the record's own", async () => {
  await world.measured({ p50: 20, edit: (made) => ({ ...made, id: "the-base" }) });
  const id = await world.measured({
    ...forkRun,
    p50: 400,
    // With the base's id it would take the base out of the comparison; with another number, comment elsewhere.
    edit: (made) => ({ ...made, id: "the-base", git: { ...made.git, pullRequest: 8, sha: SHA.merge, runId: 1 } }),
  });
  const run = await report(ended(id));
  expect(run.outputs["verdict"]).toBe("fail");
  const { comments } = await world.simulator.github();
  expect(comments.map(({ issue }) => issue)).toEqual([7]);
  expect(comments[0]?.body).toContain("The record itself names commit ccccccc");
});

test("a record that says of itself that it is valid in spite of its problems is not believed", async () => {
  await world.measured({ p50: 20 });
  const problem = { code: "worker-lost", severity: "invalid", message: "Lost.", hint: "Less." };
  const edit = (made: { readonly validity: object }) => ({
    ...made,
    validity: { ...made.validity, valid: true, problems: [problem] },
  });
  const run = await report(ended(await world.measured({ ...forkRun, edit })));
  expect([run.exitCode, run.outputs["verdict"]]).toEqual([1, "invalid"]);
});

test.each<readonly [string, (made: object) => unknown]>([
  ["of another schema", (made) => ({ ...made, schema: "swarmgate.run-record/v9" })],
  ["with a number that is none", (made) => ({ ...made, totals: { requests: "many" } })],
  ["that is a text", () => "hello"],
])("a record %s is refused, nothing is commented, and the gate stays closed", async (_, edit) => {
  const run = await report(ended(await world.measured({ ...forkRun, edit })));
  expect([run.exitCode, run.outputs["gate-open"]]).toEqual([1, "false"]);
  expect(run.annotations.map(({ text }) => text).join()).toContain("record-invalid");
  expect((await world.simulator.github()).comments).toEqual([]);
});

test("a run that left no record says which name was looked for", async () => {
  const id = await world.measured(forkRun);
  const run = await report(ended(id), { name: "api" });
  expect(run.exitCode).toBe(1);
  expect(run.annotations.map(({ text }) => text).join()).toContain("swarmgate-api-run");
});

test("text in the record cannot write commands, mentions or HTML", async () => {
  await world.measured({ p50: 20 });
  const evil = "::error::x @octocat <img src=x onerror=alert(1)> ##[warning]y";
  const edit = (made: { readonly tasks: readonly object[]; readonly validity: object }) => ({
    ...made,
    tasks: made.tasks.map((one) => ({ ...one, name: evil })),
    validity: {
      ...made.validity,
      problems: [{ code: "concurrency-limit", severity: "warning", message: evil, hint: evil }],
    },
  });
  const run = await report(ended(await world.measured({ ...forkRun, p50: 400, edit: edit as never })));
  const body = (await world.simulator.github()).comments[0]?.body ?? "";
  for (const text of [body, run.summary]) {
    expect(text).not.toContain("<img");
    expect(text).not.toContain("@octocat");
  }
  expect(run.log).not.toMatch(/^::error::x/m);
  expect(run.log).not.toContain("##[warning]");
});

test("another event is wrong usage", async () => {
  const run = await world.action({
    event: "push",
    payload: { ref: "refs/heads/main", repository: REPOSITORY },
    inputs: { mode: "report" },
  });
  expect(run.exitCode).toBe(1);
  expect(run.annotations[0]?.text).toContain("workflow_run");
});
