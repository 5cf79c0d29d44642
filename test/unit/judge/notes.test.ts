import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/baseline/baseline.ts";
import { baselineOfFile, comparedFiles } from "../../../src/gate/baseline-file.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { judgePairs } from "../../../src/gate/judge-rounds.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { resultJson } from "../../../src/report/json.ts";
import { type Row, taskRecord } from "../baseline/task-records.ts";
import { cloud, functionMetrics } from "../record/sample-record.ts";
import { POLICY } from "./runs.ts";

const POLICY_OF = { gate: { ...POLICY, limits: [] }, aws: { referenceRps: null, maxConcurrency: null } };
const LIST: Row = { name: "list", requests: 1200, ms: 20 };
const PAY: Row = { name: "pay", requests: 600, ms: 400 };
const DAY = 86_400_000;
const at = (day: number): string => new Date(Date.UTC(2026, 10, 1) + day * DAY).toISOString();

const withSystem = (record: RunRecord, system: RunRecord["fingerprint"]["system"]): RunRecord => ({
  ...record,
  fingerprint: { ...record.fingerprint, system },
});
const baselineOf = (base: RunRecord, head: RunRecord): Baseline =>
  baselineOfFile({ path: "base.json", runs: [summarise(base)] }, summarise(head));
const json = (baseline: Baseline, head: RunRecord) =>
  resultJson({ judgement: judgeRecords(POLICY_OF, baseline, [head]), headline: "", runRecord: null });

describe("what is said of a baseline, in notes of the result and of its baseline", () => {
  test("stale: a file that is more than fourteen days older than the run", () => {
    const head = taskRecord("h", [LIST], { start: at(20) });
    const [fresh, old] = [6, 5].map((day) => json(baselineOf(taskRecord("b", [LIST], { start: at(day) }), head), head));
    expect(fresh?.baseline?.notes).toEqual([]);
    expect(old?.baseline?.notes).toEqual(["stale: the newest run of the baseline is 15 days old"]);
    expect(old?.notes).toEqual(expect.arrayContaining([...(old?.baseline?.notes ?? [])]));
  });

  test("a file that does not say when it was measured is not stale", () => {
    const head = taskRecord("h", [LIST]);
    const base = taskRecord("b", [LIST], { start: new Date(0).toISOString() });
    expect(json(baselineOf(base, head), head).baseline?.notes).toEqual([]);
  });

  test("what was deployed in another way", () => {
    const facts = (memory: number) => ({ "functions.0.name": "orders", "functions.0.memoryMb": memory });
    const head = withSystem(taskRecord("h", [LIST]), facts(1024));
    const base = withSystem(taskRecord("b", [LIST]), facts(512));
    expect(json(baselineOf(base, head), head).baseline?.notes).toEqual(["memory 512 -> 1024 MB"]);
  });

  test("a task that only one side has", () => {
    const head = taskRecord("h", [LIST, PAY]);
    const { baseline, metrics } = json(baselineOf(taskRecord("b", [LIST]), head), head);
    expect(baseline?.notes).toEqual(["task pay is only in this change: left out of both sides' totals"]);
    expect(metrics.find(({ id }) => id === "p50")?.change).toMatchObject({ ratio: 1 });
    expect(metrics.find(({ id }) => id === "p50@pay")).toMatchObject({ base: null, verdict: null });
  });

  test("rounds of the head that a given base replaces", () => {
    const segment = taskRecord("r", [LIST]);
    const arm = { ...segment, outcomes: segment.totals.outcomes };
    const head: RunRecord = {
      ...taskRecord("h", [LIST]),
      rounds: [{ order: "base-first", base: arm, head: arm }],
      baseArm: { url: "https://base.example.com", sha: null, system: {}, cloud: null },
    };
    const { mode, notes } = json(baselineOf(taskRecord("b", [LIST]), head), head);
    expect(mode).toBe("history");
    expect(notes.join()).toContain("compared with the baseline that was given");
  });
});

describe("tasks of one side only, in every kind of comparison", () => {
  const heads = [taskRecord("h1", [LIST, PAY]), taskRecord("h2", [LIST, PAY])];
  const bases = [taskRecord("b1", [LIST]), taskRecord("b2", [LIST])];

  test("several bases and several heads", () => {
    const files = bases.map((base) => ({ path: `${base.id}.json`, runs: [summarise(base)] }));
    const judgement = judgeRecords(POLICY_OF, comparedFiles(files, heads), heads);
    expect(judgement.metrics.find(({ id }) => id === "p50")?.finding).toMatchObject({
      evidence: { baseRuns: 2, headRuns: 2, change: { ratio: 1 } },
    });
  });

  test("a file that lacks a task of all the others takes it out of them", () => {
    const mixed = [taskRecord("b1", [LIST]), taskRecord("b2", [LIST, PAY])];
    const files = mixed.map((base) => ({ path: `${base.id}.json`, runs: [summarise(base)] }));
    const baseline = comparedFiles(files, heads);
    expect(baseline).toMatchObject({
      kind: "found",
      runs: [{ id: "b1" }, { id: "b2" }],
      notes: ["task pay is not in every run: left out of both sides' totals"],
    });
  });

  test("a history beside other files is used without its runs of another load", () => {
    const runs = [taskRecord("b1", [PAY]), taskRecord("b2", [LIST])].map(summarise);
    const file = { path: "history.json", runs, isHistory: true };
    expect(comparedFiles([file], [taskRecord("h", [LIST])])).toMatchObject({ kind: "found", runs: [{ id: "b2" }] });
    expect(comparedFiles([{ ...file, isHistory: false }], [taskRecord("h", [LIST])])).toMatchObject({
      problem: { code: "fingerprint-mismatch" },
    });
  });

  test("pairs of runs", () => {
    const rounds = Array.from({ length: 6 }, (_, i) => i);
    const judgement = judgePairs(POLICY_OF, {
      bases: rounds.map((i) => taskRecord(`b${i}`, [LIST], { start: at(2 * i) })),
      heads: rounds.map((i) => taskRecord(`h${i}`, [LIST, PAY], { start: at(2 * i + 1) })),
      deployment: null,
    });
    expect(judgement.metrics.find(({ id }) => id === "p50")?.finding).toMatchObject({
      kind: "pass",
      evidence: { change: { ratio: 1 } },
    });
    expect(judgement.notes.join()).toContain("task pay is only in this change");
  });

  test("pairs with too little in common are invalid", () => {
    const others = heads.map((head) => taskRecord(head.id, [PAY]));
    const judgement = judgePairs(POLICY_OF, { bases, heads: others, deployment: null });
    expect(judgement).toMatchObject({ verdict: "invalid", problems: [{ code: "fingerprint-mismatch" }] });
  });
});

test("AWS's figures are inconclusive against a base without the task, and an absolute limit is judged all the same", () => {
  const saw = cloud({ functions: [functionMetrics({ throttles: 0 })] });
  const head = { ...taskRecord("h", [LIST, PAY]), cloud: saw };
  const base = { ...taskRecord("b", [LIST]), cloud: saw };
  const { metrics, problems } = judgeRecords(POLICY_OF, baselineOf(base, head), [head]);
  const of = (id: string) => metrics.find((metric) => metric.id === id)?.finding;
  expect(of("lambda-duration")).toMatchObject({ kind: "not-measured", verdict: "inconclusive", code: "tasks-differ" });
  expect(of("required-concurrency")).toMatchObject({ code: "tasks-differ" });
  expect(of("lambda-throttles")).toMatchObject({ kind: "pass" });
  expect(problems.find(({ code }) => code === "tasks-differ")?.message).toContain("pay");
});
