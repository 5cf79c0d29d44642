import { describe, expect, test } from "vitest";
import { baselineOfFile, comparedFiles, readBaselineFile } from "../../../src/gate/baseline-file.ts";
import type { Files } from "../../../src/ports.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { plan, record } from "../record/sample-record.ts";
import { otherLoad, summary } from "./sample-summary.ts";

const HEAD = summary(900, { sha: "headsha", runId: 999 });
const recordOf = (n: number, some: Parameters<typeof record>[0] = {}): RunRecord => record({ id: `run-${n}`, ...some });

describe("a baseline file", () => {
  const filesWith = (answer: Awaited<ReturnType<Files["read"]>>): Files => ({
    read: async () => answer,
    write: async () => {},
  });
  const text = (value: unknown): Files => filesWith({ kind: "text", text: JSON.stringify(value) });
  const codeOf = async (files: Files): Promise<unknown> => {
    const result = await readBaselineFile("base.json", files);
    return result.ok ? result.value.runs.length : result.problems.map(({ code, severity }) => `${severity} ${code}`);
  };

  test("is a run record or a history, told apart by content", async () => {
    expect(await codeOf(text(record()))).toBe(1);
    expect(await codeOf(text({ schema: "swarmgate.history/v1", runs: [summary(1), summary(2)] }))).toBe(2);
  });

  test.each<[string, Files, string]>([
    ["missing", filesWith({ kind: "absent" }), "usage record-unreadable"],
    ["not readable", filesWith({ kind: "refused", reason: "it is not a file" }), "usage record-unreadable"],
    ["not JSON", filesWith({ kind: "text", text: "p50: 3" }), "usage record-invalid"],
    ["of another schema", text({ schema: "swarmgate.run-record/v9" }), "usage record-invalid"],
    ["a broken history", text({ schema: "swarmgate.history/v1", runs: 3 }), "usage record-invalid"],
  ])("%s is wrong usage", async (_, files, code) => {
    expect(await codeOf(files)).toEqual([code]);
  });

  const problemOf = (...runs: readonly RunSummary[]) => {
    const baseline = baselineOfFile({ path: "base.json", runs }, HEAD);
    return baseline.kind === "none" ? baseline.problem : null;
  };

  test("of another load makes the run invalid and names the difference", () => {
    const problem = problemOf(otherLoad(summary(1)));
    expect(problem).toMatchObject({ code: "fingerprint-mismatch", severity: "invalid" });
    expect(problem?.message).toContain("users: 50 in the baseline, 20 here");
  });

  test("that was interrupted or invalid proves nothing", () => {
    expect(problemOf(summary(1, { interrupted: true }))).toMatchObject({
      code: "baseline-refused",
      severity: "invalid",
    });
    expect(problemOf(summary(1, { valid: false }))).toMatchObject({ code: "baseline-refused", severity: "invalid" });
  });

  test("without runs is no baseline yet", () => {
    expect(problemOf()).toMatchObject({ code: "no-baseline", severity: "warning" });
  });

  test("a history keeps the runs of our load and says how many it left out", () => {
    const baseline = baselineOfFile({ path: "h.json", runs: [summary(1), otherLoad(summary(2)), summary(3)] }, HEAD);
    expect(baseline).toMatchObject({ kind: "found", runs: [{ id: "run-1" }, { id: "run-3" }] });
    expect(baseline.kind === "found" ? baseline.notes.join() : "").toContain("1 of 3 runs");
  });

  test("that is this very run is judged with a note", () => {
    const baseline = baselineOfFile({ path: "run.json", runs: [HEAD] }, HEAD);
    expect(baseline.kind === "found" ? baseline.notes : []).toEqual([expect.stringContaining("same-record")]);
  });
});

describe("a comparison of files", () => {
  const bases = (...runs: readonly RunSummary[]) => [{ path: "a.json, b.json", runs }];

  test("takes all runs of both sides when they measured one load", () => {
    const baseline = comparedFiles(bases(summary(1), summary(2)), [recordOf(5), recordOf(6)]);
    expect(baseline).toMatchObject({
      kind: "found",
      state: "file",
      runs: [{ id: "run-1" }, { id: "run-2" }],
      notes: [],
    });
  });

  test.each<[string, readonly RunSummary[], readonly RunRecord[]]>([
    ["one base", [summary(1), otherLoad(summary(2))], [recordOf(5)]],
    ["one head", [summary(1)], [recordOf(5), recordOf(6, { plan: plan({ users: 50 }) })]],
  ])("is invalid when %s measured another load", (_, runs, heads) => {
    expect(comparedFiles(bases(...runs), heads)).toMatchObject({
      kind: "none",
      problem: { code: "fingerprint-mismatch", severity: "invalid" },
    });
  });

  test("is invalid when one base was interrupted", () => {
    const baseline = comparedFiles(bases(summary(1), summary(2, { interrupted: true })), [recordOf(5)]);
    expect(baseline).toMatchObject({ problem: { code: "baseline-refused", severity: "invalid" } });
  });

  test("notes that any head stands on the base side as well", () => {
    const baseline = comparedFiles(bases(summary(6)), [recordOf(5), recordOf(6)]);
    expect(baseline).toMatchObject({ kind: "found", notes: [expect.stringContaining("same-record")] });
  });
});
