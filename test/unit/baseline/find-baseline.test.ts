import { describe, expect, test } from "vitest";
import type { BaselineRequest } from "../../../src/gate/find-baseline.ts";
import type { BaseHistory, WorkflowRun } from "../../../src/ports.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { config, load, plan, record } from "../record/sample-record.ts";
import { HEAD, historyOf, json, notes, recordOf, runIds, type Shelf, setUp, workflowRun } from "./find-world.ts";
import { otherLoad, summary } from "./sample-summary.ts";

describe("a search that goes wrong", () => {
  const secret = "tok-12345678";

  test.each([
    ["nothing is found", []],
    ["something is", [workflowRun(9)]],
  ])("repeats no secret that GitHub repeats, when %s", async (_, runs) => {
    const { find } = setUp({
      runs,
      request: {
        config: config({ secrets: [secret] }),
        ports: {
          history: {
            ancestors: () => Promise.reject(new Error(`GitHub said 500 (${secret})`)),
            runs: async () => runs,
            artifact: async ({ file }) =>
              file === "run.json" ? json(recordOf(9)) : { kind: "refused", reason: `it said ${secret}` },
          },
          clock: { now: () => epochMs(0), sleep: async () => undefined },
          log: fakeLog(() => 0, []),
        },
      },
    });
    const { baseline } = await find();
    expect(JSON.stringify(baseline)).not.toContain(secret);
    expect(notes({ baseline, history: null })).toContain("***");
  });

  test("ends with the run when GitHub does not answer", async () => {
    const never = new Promise<never>(() => {});
    const history: BaseHistory = { ancestors: () => never, runs: () => never, artifact: () => never };
    const clock = { now: () => epochMs(0), sleep: async () => undefined };
    const request = { ports: { history, clock, log: fakeLog(() => 0, []) }, signal: AbortSignal.abort() };
    expect((await setUp({ runs: [], request }).find()).baseline.kind).toBe("none");
  });
});

describe("a baseline among artifacts", () => {
  test("is the merge base's run with the history it carries", async () => {
    const { find, reads } = setUp({
      runs: [workflowRun(9)],
      shelf: { "9:run.json": json(recordOf(9)), "9:history.json": historyOf(summary(3), summary(5)) },
    });
    const found = await find();
    expect(found.baseline).toMatchObject({ kind: "found", state: "exact", sha: "sha9" });
    expect(runIds(found)).toEqual(["run-3", "run-5", "run-9"]);
    expect(reads).toEqual(["9:swarmgate-gate-run:run.json", "9:swarmgate-gate-history:history.json"]);
  });

  test("what was accepted stands in the history and is not lost where the run's own record is read too", async () => {
    const accepted = { by: "alice", reason: "x", pullRequest: 7, sha: "abc", metrics: { p50: { base: 1, head: 2 } } };
    const { find } = setUp({
      runs: [workflowRun(9)],
      shelf: { "9:run.json": json(recordOf(9)), "9:history.json": historyOf({ ...summary(9), accepted }) },
    });
    const { baseline } = await find();
    expect(baseline.kind === "found" && baseline.runs.map((run) => run.accepted)).toEqual([accepted]);
  });

  test("brings the newest run's own record along, for charts that no summary can feed", async () => {
    const shelf = {
      "9:run.json": json(recordOf(9)),
      "8:run.json": json(recordOf(8)),
      "9:history.json": historyOf(summary(3)),
    };
    const { baseline } = await setUp({ runs: [workflowRun(9), workflowRun(8)], shelf }).find();
    expect(baseline).toMatchObject({ record: { id: "run-9" } });
  });

  test.each([
    ["only the history is left", { "9:history.json": historyOf(summary(8)) }],
    [
      "a run in the history is newer than the record",
      { "9:run.json": json(recordOf(9)), "9:history.json": historyOf(summary(12)) },
    ],
  ])("has no record where %s", async (_, shelf) => {
    const { baseline } = await setUp({ runs: [workflowRun(9)], shelf }).find();
    expect(baseline.kind).toBe("found");
    expect("record" in baseline).toBe(false);
  });

  test("history.json alone is enough", async () => {
    const found = await setUp({ runs: [workflowRun(9)], shelf: { "9:history.json": historyOf(summary(8)) } }).find();
    expect(found.baseline).toMatchObject({ kind: "found", state: "ancestor", sha: "sha8" });
  });

  test("unites histories of neighbours that overlapped", async () => {
    const found = await setUp({
      runs: [workflowRun(9), workflowRun(8)],
      shelf: {
        "9:history.json": historyOf(summary(5), summary(9)),
        "8:history.json": historyOf(summary(5), summary(8)),
      },
    }).find();
    expect(runIds(found)).toEqual(["run-5", "run-8", "run-9"]);
  });

  test("goes on past what is expired, broken, foreign, invalid or of another load, and says so by name", async () => {
    const runs = [9, 8, 7, 6, 5, 4].map((id) => workflowRun(id));
    const saturated = { code: "generator-saturated", severity: "invalid", message: "", hint: "" } as const;
    const found = await setUp({
      line: runs.map((run) => run.headSha),
      runs,
      shelf: {
        "9:run.json": { kind: "refused", reason: "it has expired" },
        "8:run.json": { kind: "bytes", bytes: new Uint8Array([0xff, 0xfe]) },
        "7:run.json": json({ ...recordOf(7), schema: "swarmgate.run-record/v2" }),
        "6:run.json": json(recordOf(6, { problems: [saturated] })),
        "5:run.json": json(recordOf(5, { plan: plan({ users: 50 }) })),
        "4:run.json": json(recordOf(4)),
      },
    }).find();
    expect(runIds(found)).toEqual(["run-4"]);
    expect(notes(found)).toContain("run 9: swarmgate-gate-run: it has expired");
    expect(notes(found)).toMatch(/run 8: .*not valid/);
    expect(notes(found)).toContain("swarmgate.run-record/v2");
    expect(notes(found)).toContain("run 6: its run is invalid");
    expect(notes(found)).toMatch(/run 5: .*users: 50 in the baseline, 20 here/);
  });

  test("an interrupted run is no baseline, but the history it carried is", async () => {
    const cut = recordOf(9, { load: load({ stopped: "interrupted" }) });
    const found = await setUp({
      runs: [workflowRun(9)],
      shelf: { "9:run.json": json(cut), "9:history.json": historyOf(summary(7)) },
    }).find();
    expect(runIds(found)).toEqual(["run-7"]);
  });

  test.each([
    ["a pull request", { branch: "feature", pullRequest: 7 }, "measured pull request 7, not main"],
    ["another branch", { branch: "feature", pullRequest: null }, "measured branch feature, not main"],
    ["a commit of no known branch", { branch: null, pullRequest: null }, "measured no branch, not main"],
  ])("a run that is listed under the branch and measured %s is no baseline", async (_, measured, reason) => {
    const git = { ...record().git, sha: "sha9", runId: 9, ...measured };
    const dispatched = workflowRun(9, { event: "repository_dispatch" });
    const found = await setUp({ runs: [dispatched], shelf: { "9:run.json": json(recordOf(9, { git })) } }).find();
    expect(found.baseline.kind).toBe("none");
    expect(notes(found)).toContain(reason);
  });

  test("a fork's artifact is never even asked for", async () => {
    const { find, reads } = setUp({
      runs: [workflowRun(9, { headRepositoryId: 666 })],
      shelf: { "9:run.json": json(recordOf(9)) },
    });
    const found = await find();
    expect(found.baseline).toMatchObject({ kind: "none", problem: { code: "no-baseline", severity: "warning" } });
    expect(notes(found)).toContain("another repository");
    expect(reads).toEqual([]);
  });

  test("a task that only the base has is named and left out", async () => {
    const [task] = plan().tasks;
    if (task === undefined) throw new Error("the sample plan has a task");
    const two = plan({ tasks: [task, { ...task, name: "extra" }] });
    const found = await setUp({
      runs: [workflowRun(9)],
      shelf: { "9:run.json": json(recordOf(9, { plan: two })) },
    }).find();
    expect(found.baseline.kind).toBe("found");
    expect(notes(found)).toContain("task extra is only in the baseline: left out of both sides' totals");
  });

  test("a run without half of its requests in common is another load, and is refused by name", async () => {
    const [task] = plan().tasks;
    if (task === undefined) throw new Error("the sample plan has a task");
    const found = await setUp({
      runs: [workflowRun(9)],
      shelf: { "9:run.json": json(recordOf(9, { plan: plan({ tasks: [{ ...task, name: "other" }] }) })) },
    }).find();
    expect(found.baseline).toMatchObject({ kind: "none", problem: { code: "no-baseline" } });
    expect(notes(found)).toContain("task other is only in the baseline");
  });

  test("nothing at all is no-baseline with the reason", async () => {
    const found = await setUp({ runs: [] }).find();
    expect(found.baseline).toMatchObject({ kind: "none", problem: { code: "no-baseline" } });
  });

  test("carries runs of another load forward although it does not compare with them", async () => {
    const found = await setUp({
      runs: [workflowRun(9)],
      shelf: { "9:history.json": historyOf(otherLoad(summary(5)), summary(7)) },
    }).find();
    expect(runIds(found)).toEqual(["run-7"]);
    expect(found.history?.runs.map((run) => run.id)).toEqual(["run-5", "run-7"]);
  });

  test("stops after twenty-one runs without a baseline", async () => {
    const runs = Array.from({ length: 200 }, (_, n) => workflowRun(n + 1));
    const { find, reads } = setUp({ line: [], runs });
    await find();
    expect(reads).toHaveLength(42);
  });
});

describe("what GitHub does not tell", () => {
  const failing = (part: keyof BaseHistory, shelf: Shelf = {}) => {
    const base = setUp({ runs: [workflowRun(9)], shelf });
    const broken = async (): Promise<never> => {
      throw new Error("GitHub said 403 (Resource not accessible by integration)");
    };
    return { base, broken, part };
  };

  test("the ancestry: the latest run is taken, with a note", async () => {
    const { broken } = failing("ancestors");
    const history: BaseHistory = {
      ancestors: broken,
      runs: async () => [workflowRun(9)],
      artifact: async ({ file }) => (file === "run.json" ? json(recordOf(9)) : { kind: "absent" }),
    };
    const clock = { now: () => epochMs(Date.UTC(2026, 10, 21)), sleep: async () => {} };
    const log = fakeLog();
    const request = { ports: { history, clock, log } };
    const found = await setUp({ runs: [], request }).find();
    expect(found.baseline).toMatchObject({ kind: "found", state: "latest" });
    expect(notes(found)).toContain("403");
  });

  test("the runs: no baseline, with what GitHub said", async () => {
    const { broken } = failing("runs");
    const history: BaseHistory = { ancestors: async () => [], runs: broken, artifact: broken };
    const clock = { now: () => epochMs(0), sleep: async () => {} };
    const log = fakeLog();
    const found = await setUp({ runs: [], request: { ports: { history, clock, log } } }).find();
    expect(found.baseline).toMatchObject({ kind: "none", problem: { message: expect.stringContaining("403") } });
  });
});

describe("a run on the base branch", () => {
  const onMain = { git: { ...record().git, sha: "sha9", branch: "main", runId: 999 } };

  test("is judged against the history before it, never against itself", async () => {
    const itself = summary(9, { id: "attempt-1", runId: 999 });
    const found = await setUp({
      runs: [workflowRun(999, { headSha: "sha9" }), workflowRun(8)],
      shelf: { "999:run.json": json(recordOf(9)), "8:history.json": historyOf(summary(7), summary(8), itself) },
      request: onMain,
    }).find();
    expect(runIds(found)).toEqual(["run-7", "run-8"]);
    expect(found.history?.runs.map((run) => run.id)).toEqual(["run-7", "run-8"]);
  });

  test("does not wait for its neighbour", async () => {
    const { find, waited } = setUp({ runs: [workflowRun(9, { status: "in_progress" })], request: onMain });
    await find();
    expect(waited()).toBe(0);
  });
});

describe("the merge base's own run in progress", () => {
  const running = workflowRun(9, { status: "in_progress" });

  test("is waited for", async () => {
    const { find, waited, log } = setUp({
      runs: (polls) => (polls < 4 ? [running, workflowRun(8)] : [workflowRun(9), workflowRun(8)]),
      shelf: { "9:run.json": json(recordOf(9)), "8:run.json": json(recordOf(8)) },
    });
    const found = await find();
    expect(found.baseline).toMatchObject({ state: "exact", sha: "sha9" });
    expect(waited()).toBe(30_000);
    expect(log.join("\n")).toContain("run 9");
  });

  test("is given up on when baseline-wait is over", async () => {
    const { find, waited } = setUp({
      runs: [running, workflowRun(8)],
      shelf: { "8:run.json": json(recordOf(8)) },
      request: { config: { ...config(), baseline: { ...config().baseline, wait: millis(25_000) } } },
    });
    const found = await find();
    expect(found.baseline).toMatchObject({ state: "ancestor", sha: "sha8" });
    expect(notes(found)).toContain("run 9 of the merge base itself is still in progress");
    expect(waited()).toBe(25_000);
  });

  test.each<[string, Partial<WorkflowRun>, Partial<BaselineRequest>]>([
    ["an ancestor's run", { headSha: "sha8" }, {}],
    ["a fork's run", { headRepositoryId: 666 }, {}],
    ["a head that measured nothing", {}, { head: { ...HEAD, valid: false } }],
  ])("costs no time for %s", async (_, some, request) => {
    const { find, waited } = setUp({ runs: [{ ...running, ...some }], request });
    await find();
    expect(waited()).toBe(0);
  });
});

describe("other sources", () => {
  const from = (source: BaselineRequest["config"]["baseline"]["source"], request: Partial<BaselineRequest> = {}) =>
    setUp({
      runs: [],
      request: { config: { ...config(), baseline: { ...config().baseline, source } }, ...request },
    }).find();

  test("none is absolute", async () => {
    expect((await from({ kind: "none" })).baseline).toEqual({ kind: "absolute" });
  });

  test("outside GitHub there is nothing to search", async () => {
    const { ports } = { ports: { ...setUpPorts(), history: null } };
    expect((await from({ kind: "artifact" }, { ports })).baseline).toMatchObject({ problem: { code: "no-baseline" } });
  });

  test("a file is the baseline it holds", async () => {
    const file = { path: "base.json", runs: [summary(3)] };
    expect((await from({ kind: "file", path: "base.json" }, { file })).baseline).toMatchObject({
      kind: "found",
      state: "file",
      sha: "sha3",
    });
  });
});

const setUpPorts = (): BaselineRequest["ports"] => ({
  history: null,
  clock: { now: () => epochMs(0), sleep: async () => {} },
  log: fakeLog(),
});
