import { describe, expect, test } from "vitest";
import { likeBase, matchHistory, matchTasks, runDifferences } from "../../../src/baseline/common-tasks.ts";
import { appendHistory, parseHistory } from "../../../src/baseline/history.ts";
import { summarise } from "../../../src/record/summarise.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { latency } from "../record/sample-record.ts";
import { historySchemaAccepts } from "../record/schema-check.ts";
import { type Row, taskRecord, timesOf } from "./task-records.ts";

const LIST: Row = { name: "list", requests: 1200, ms: 20 };
const BUY: Row = { name: "buy", requests: 600, ms: 60, failed: 6 };
const PAY: Row = { name: "pay", requests: 900, ms: 400, failed: 90 };

const run = (id: string, ...rows: readonly Row[]): RunSummary => summarise(taskRecord(id, rows));
const comparable = (base: readonly RunSummary[], heads: readonly RunSummary[]) => {
  const match = matchTasks(base, heads);
  if (match.kind === "different") throw new Error(match.differences.join("; "));
  return { ...match, heads: likeBase(heads, match.leftOut) };
};

describe("a task that only one side has", () => {
  test("leaves everything as it is when both sides have the same tasks", () => {
    const base = run("b", LIST, BUY);
    expect(comparable([base], [run("h", LIST, BUY)])).toMatchObject({ base: [base], notes: [] });
  });

  test("of the head is named and left out of its totals: the base of the other tasks is met exactly", () => {
    const { base, heads, notes } = comparable([run("b", LIST, BUY)], [run("h", LIST, BUY, PAY)]);
    expect(notes).toEqual(["task pay is only in this change: left out of both sides' totals"]);
    const [one, other] = [base[0], heads[0]];
    for (const id of ["p50", "p90", "p95", "p99", "service-p50", "service-p99"])
      expect(`${id} ${other?.values[id]}`).toBe(`${id} ${one?.values[id]}`);
    expect(other?.counts["failure-rate"]).toEqual(one?.counts["failure-rate"]);
    expect(other?.values["throughput"]).toBeCloseTo(one?.values["throughput"] ?? 0, 9);
    expect(other?.samples).toMatchObject({ p50: 1794, throughput: 1794 });
    expect(other).toMatchObject({ requests: 1800, rate: 90 });
    expect(other?.failureShare).toBeCloseTo(6 / 1800, 12);
    expect(other?.layers?.responseMs).toBeCloseTo(one?.layers?.responseMs ?? 0, 6);
  });

  test("of the base is left out of the base", () => {
    const { base, heads, notes } = comparable([run("b", LIST, BUY, PAY)], [run("h", LIST, BUY)]);
    expect(notes).toEqual(["task pay is only in the baseline: left out of both sides' totals"]);
    expect(base[0]?.values["p95"]).toBe(heads[0]?.values["p95"]);
    expect(heads[0]?.values["p95"]).toBe(latency(...timesOf(LIST), ...timesOf(BUY)).p95);
  });

  test("its own figures stay, for limits of its own", () => {
    const { heads } = comparable([run("b", LIST, BUY)], [run("h", LIST, BUY, PAY)]);
    expect(heads[0]?.values["p50@pay"]).toBeGreaterThan(300);
  });

  test("a single task of the base is met by the same task of the head", () => {
    const { base, heads } = comparable([run("b", LIST)], [run("h", LIST, BUY)]);
    expect(heads[0]?.values["p50"]).toBe(base[0]?.values["p50"]);
  });

  test("a task that changed its name is another task", () => {
    const renamed = { ...BUY, name: "order" };
    const { notes } = comparable([run("b", LIST, BUY)], [run("h", LIST, renamed)]);
    expect(notes).toEqual([
      "task buy is only in the baseline: left out of both sides' totals",
      "task order is only in this change: left out of both sides' totals",
    ]);
  });

  test("AWS's figures of the base are not compared, and say why; the head keeps its own", () => {
    const cloud = { values: { "lambda-duration": 20 }, samples: { "lambda-duration": 1000 } };
    const withCloud = (one: RunSummary): RunSummary => ({
      ...one,
      values: { ...one.values, ...cloud.values },
      functions: [{ function: "f", callsPerRequest: 1, durationMs: 20 }],
    });
    const { base, heads } = comparable([withCloud(run("b", LIST))], [withCloud(run("h", LIST, BUY))]);
    expect(base[0]?.values).not.toHaveProperty("lambda-duration");
    expect(base[0]?.unmeasured["lambda-duration"]).toEqual({
      code: "tasks-differ",
      reason: expect.stringContaining("buy"),
    });
    expect(base[0]?.unmeasured).toHaveProperty("required-concurrency");
    expect(heads[0]?.values["lambda-duration"]).toBe(20);
  });
});

describe("the loads are different", () => {
  test.each<[string, RunSummary, RunSummary, string]>([
    [
      "with fewer than half of the head's requests in common",
      run("b", LIST),
      run("h", LIST, { ...PAY, requests: 1300 }),
      "48 % of the requests",
    ],
    [
      "with fewer than half of the base's requests in common",
      run("b", LIST, { ...PAY, requests: 1300 }),
      run("h", LIST),
      "48 % of the requests",
    ],
    ["without a task in common", run("b", LIST), run("h", BUY), "0 % of the requests"],
    [
      "with a common task that is defined in another way",
      run("b", LIST, BUY),
      summarise(taskRecord("h", [LIST, BUY], { definitions: { list: "weight=1 GET /all", buy: "weight=1 GET /buy" } })),
      "task list: ",
    ],
  ])("%s", (_, base, head, sentence) => {
    expect(runDifferences(base, head).join("; ")).toContain(sentence);
  });

  test("half of the requests is enough", () => {
    expect(runDifferences(run("b", LIST), run("h", LIST, { ...PAY, requests: 1200 }))).toEqual([]);
  });

  test("where a run does not tell which requests were of which task", () => {
    const { rows: _, ...untold } = run("h", LIST, BUY);
    expect(runDifferences(run("b", LIST), untold)).toEqual([
      "task buy is only in this change, and its requests cannot be told from the others",
    ]);
  });
});

describe("rows", () => {
  const steps = (...rows: readonly string[]) => ({ weight: 1, method: "GET", path: "/", rows });
  const sequence = (id: string, tasks: Readonly<Record<string, readonly string[]>>, rows: readonly Row[]): RunSummary =>
    summarise(
      taskRecord(id, rows, {
        definitions: Object.fromEntries(Object.keys(tasks).map((name) => [name, "weight=1"])),
        planTasks: Object.entries(tasks).map(([name, own]) => ({ name, ...steps(...own) })),
      }),
    );

  test("all steps of a sequence go with it", () => {
    const { heads } = comparable(
      [sequence("b", { shop: ["list"] }, [LIST])],
      [sequence("h", { shop: ["list"], order: ["buy", "pay"] }, [LIST, BUY, { ...PAY, requests: 300 }])],
    );
    expect(heads[0]?.rows?.map(({ name }) => name)).toEqual(["list"]);
  });

  test("a step that a common task shares with it is left out of both sides", () => {
    const { base, heads } = comparable(
      [sequence("b", { shop: ["list", "buy"] }, [LIST, BUY])],
      [sequence("h", { shop: ["list", "buy"], order: ["buy"] }, [LIST, BUY])],
    );
    expect([base, heads].map((side) => side[0]?.rows?.map(({ name }) => name))).toEqual([["list"], ["list"]]);
  });
});

describe("a history", () => {
  const kept = (...runs: readonly RunSummary[]): readonly RunSummary[] => {
    const history = runs.reduce<ReturnType<typeof appendHistory> | null>(appendHistory, null);
    const text = JSON.stringify(history);
    expect(historySchemaAccepts(JSON.parse(text))).toBe(true);
    const read = parseHistory(text);
    if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join());
    return read.value.runs;
  };
  const at = (day: number, ...rows: readonly Row[]): RunSummary => ({
    ...run(`run-${day}`, ...rows),
    start: `2026-01-0${day}T00:00:00.000Z`,
  });

  test("keeps what it takes to leave a task out, within 1 % of the exact percentiles", () => {
    const [base] = kept(at(1, LIST, BUY, PAY));
    if (base === undefined) throw new Error("no run");
    const { base: cut, heads } = comparable([base], [run("h", LIST, BUY)]);
    const exact = latency(...timesOf(LIST), ...timesOf(BUY));
    for (const id of ["p50", "p90", "p95", "p99"] as const)
      expect(Math.abs((cut[0]?.values[id] ?? 0) / (exact[id] ?? 1) - 1)).toBeLessThan(0.01);
    expect(heads[0]?.values["p50"]).toBe(exact.p50);
  });

  test("errs alike on both sides where both leave something out", () => {
    const [base] = kept(at(1, LIST, BUY, PAY));
    const other = { ...BUY, name: "other" };
    const { base: cut, heads } = comparable(base === undefined ? [] : [base], [run("h", LIST, PAY, other)]);
    expect(heads[0]?.values["p50"]).toBe(cut[0]?.values["p50"]);
    expect(heads[0]?.values["p95"]).toBe(cut[0]?.values["p95"]);
  });

  test("a row takes at most 2.5 KB, and more than 50 rows are not kept", () => {
    const spread = { name: "spread", requests: 5000, ms: 100 };
    const [one] = kept(at(1, spread, LIST));
    expect(JSON.stringify(one?.rows?.[0]).length).toBeLessThan(2500);
    const many = Array.from({ length: 51 }, (_, i) => ({ name: `t${i}`, requests: 20, ms: 10 }));
    expect(kept(at(1, ...many))[0]).not.toHaveProperty("rows");
  });

  test("its newest run says which tasks the base has; earlier ones without them are not used", () => {
    const runs = kept(at(1, LIST), at(2, LIST), at(3, LIST, BUY));
    const match = matchHistory(runs, run("h", LIST, BUY));
    expect(match).toMatchObject({
      kind: "comparable",
      base: [{ id: "run-3" }],
      notes: ["2 of 3 runs of the base have other tasks and are left out"],
    });
  });

  test("a task that the change brings is left out against all of them", () => {
    const match = matchHistory(kept(at(1, LIST), at(2, LIST)), run("h", LIST, BUY));
    expect(match.kind === "comparable" ? match.base.length : match.differences).toBe(2);
  });
});
