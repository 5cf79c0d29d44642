import { describe, expect, test } from "vitest";
import { type CandidateRun, type Search, selectRuns } from "../../../src/baseline/select.ts";

const WORKFLOW = ".github/workflows/gate.yml";
const search: Search = { branch: "main", workflow: WORKFLOW, ownRunId: 999, line: ["c3", "c2", "c1"] };

const run = (id: number, some: Partial<CandidateRun> = {}): CandidateRun => ({
  id,
  event: "push",
  status: "completed",
  headSha: "c3",
  headBranch: "main",
  path: WORKFLOW,
  repositoryId: 42,
  headRepositoryId: 42,
  ...some,
});

const candidates = (runs: readonly CandidateRun[], given: Search = search): readonly number[] =>
  selectRuns(runs, given).candidates.map((one) => one.id);

describe("a run that may hold a baseline", () => {
  test.each<[string, Partial<CandidateRun>]>([
    ["a push", {}],
    ["a schedule", { event: "schedule" }],
    ["started by hand", { event: "workflow_dispatch" }],
    ["of the merge queue", { event: "merge_group" }],
    ["of a deployment of a commit on the branch", { event: "deployment_status", headSha: "c2" }],
    ["of a deployment that names no branch", { event: "deployment_status", headSha: "c2", headBranch: null }],
    ["after another workflow, of a commit on the branch", { event: "workflow_run", headSha: "c1" }],
    ["dispatched from outside, of a commit on the branch", { event: "repository_dispatch" }],
    ["whose path carries its ref", { path: `${WORKFLOW}@refs/heads/main` }],
  ])("%s", (_, some) => {
    expect(candidates([run(1, some)])).toEqual([1]);
  });

  test("whatever its conclusion: a gate that closed has measured all the same", () => {
    expect(candidates([{ ...run(1), conclusion: "failure" } as CandidateRun])).toEqual([1]);
  });
});

describe("a run that is refused", () => {
  test.each<[string, Partial<CandidateRun>, string]>([
    ["a fork whose branch is called main", { headRepositoryId: 666 }, "another repository"],
    ["a fork that is gone", { headRepositoryId: null }, "another repository"],
    ["another workflow", { path: ".github/workflows/ci.yml" }, "another workflow (.github/workflows/ci.yml)"],
    ["another folder's workflow of that name", { path: "evil/gate.yml" }, "another workflow"],
    ["another branch", { headBranch: "feature" }, "branch feature, not on main"],
    ["no branch", { headBranch: null }, "branch (none)"],
    ["a pull request's run", { event: "pull_request" }, "pull_request"],
    ["a pull request's run with rights", { event: "pull_request_target" }, "pull_request_target"],
    ["an event nobody knows", { event: "issue_comment" }, "issue_comment"],
    [
      "a deployment of a commit elsewhere",
      { event: "deployment_status", headSha: "x9" },
      "not known to be on the branch",
    ],
    ["a commit beyond the line", { headSha: "c0" }, "not among the 3 commits"],
    ["a run in progress", { status: "in_progress" }, "still in progress"],
    ["a run in the queue", { status: "queued" }, "still queued"],
    ["this very run", { id: 999 }, "this run itself"],
  ])("%s", (_, some, reason) => {
    const selection = selectRuns([run(1, some)], search);
    expect(selection.candidates).toEqual([]);
    expect(selection.refusals.map((one) => one.reason).join()).toContain(reason);
  });

  test("an event of any commit, when the branch's commits are not known", () => {
    expect(candidates([run(1, { event: "workflow_run" })], { ...search, line: [] })).toEqual([]);
  });
});

describe("the order", () => {
  test("is the merge base, then the nearest ancestor, and the newest run of a commit", () => {
    const runs = [
      run(9, { headSha: "c1" }),
      run(4, { headSha: "c3" }),
      run(8, { headSha: "c2" }),
      run(5, { headSha: "c3" }),
    ];
    expect(candidates(runs)).toEqual([5, 4, 8, 9]);
  });

  test("is by age alone when the ancestry is not known", () => {
    expect(candidates([run(3), run(7, { headSha: "x" }), run(5)], { ...search, line: [] })).toEqual([7, 5, 3]);
  });
});

describe("a run to wait for", () => {
  const awaited = (some: Partial<CandidateRun>): number | undefined => selectRuns([run(1, some)], search).awaited?.id;

  test("is the merge base's own while it is in progress", () => {
    expect(awaited({ status: "in_progress" })).toBe(1);
    expect(awaited({ status: "queued" })).toBe(1);
  });

  test.each<[string, Partial<CandidateRun>]>([
    ["one that is over", {}],
    ["an ancestor's", { status: "in_progress", headSha: "c2" }],
    ["a fork's", { status: "in_progress", headRepositoryId: 666 }],
    ["a pull request's", { status: "in_progress", event: "pull_request" }],
  ])("is not %s", (_, some) => {
    expect(awaited(some)).toBeUndefined();
  });
});
