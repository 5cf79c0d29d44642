import { describe, expect, test } from "vitest";
import type { History } from "../../../src/baseline/baseline.ts";
import { appendHistory, parseHistory, unite } from "../../../src/baseline/history.ts";
import { historySchemaAccepts } from "../record/schema-check.ts";
import { otherLoad, summary } from "./sample-summary.ts";

const historyOf = (...numbers: readonly number[]): History => ({
  schema: "swarmgate.history/v1",
  runs: numbers.map((n) => summary(n)),
});
const ids = (history: History): readonly string[] => history.runs.map((run) => run.id);

describe("a history", () => {
  test("begins with the first run", () => {
    expect(ids(appendHistory(null, summary(1)))).toEqual(["run-1"]);
  });

  test("is in order of the window's start, not of arrival", () => {
    expect(ids(appendHistory(historyOf(1, 5), summary(3)))).toEqual(["run-1", "run-3", "run-5"]);
  });

  test("keeps the newest fifty", () => {
    const full = historyOf(...Array.from({ length: 50 }, (_, n) => n));
    const grown = appendHistory(full, summary(60));
    expect(grown.runs).toHaveLength(50);
    expect(ids(grown).at(0)).toBe("run-1");
    expect(ids(grown).at(-1)).toBe("run-60");
  });

  test("holds a run once, however often it comes", () => {
    expect(ids(appendHistory(historyOf(1, 2), summary(2)))).toEqual(["run-1", "run-2"]);
  });

  test.each([
    ["invalid", { valid: false }],
    ["interrupted", { interrupted: true }],
  ])("never takes an %s run in", (_, flaw) => {
    expect(ids(appendHistory(historyOf(1), summary(2, flaw)))).toEqual(["run-1"]);
    expect(ids(unite([{ ...historyOf(1), runs: [summary(1), summary(2, flaw)] }]))).toEqual(["run-1"]);
  });

  test("of runs that overlapped is united: neither knew of the other", () => {
    expect(ids(unite([historyOf(1, 2, 4), historyOf(1, 2, 3)]))).toEqual(["run-1", "run-2", "run-3", "run-4"]);
  });

  test("keeps runs of another load: somebody may go back to it", () => {
    expect(ids(appendHistory(historyOf(1), otherLoad(summary(2))))).toHaveLength(2);
  });
});

describe("reading a history", () => {
  test("gives back what was written", () => {
    const history = historyOf(1, 2);
    expect(parseHistory(JSON.stringify(history))).toEqual({ ok: true, value: history });
  });

  const messageOf = (value: unknown): string => {
    const result = parseHistory(JSON.stringify(value));
    return result.ok ? "" : result.problems.map((problem) => problem.message).join("\n");
  };

  test.each<[string, unknown, string]>([
    ["another version", { ...historyOf(), schema: "swarmgate.history/v2" }, "this version of swarmgate reads v1"],
    ["a run record in its place", { schema: "swarmgate.run-record/v1" }, "swarmgate.history/v1"],
    ["more than fifty runs", historyOf(...Array.from({ length: 51 }, (_, n) => n)), "runs has 51 items"],
    ["a run without a start", { ...historyOf(), runs: [{ ...summary(1), start: "yesterday" }] }, "runs[0].start"],
    [
      "a figure that is a text",
      { ...historyOf(), runs: [summary(1), { ...summary(2), values: { p50: "1" } }] },
      "runs[1].values.p50",
    ],
    [
      "more failures than requests",
      { ...historyOf(), runs: [summary(1, { counts: { "failure-rate": { events: 3, trials: 2, parts: null } } })] },
      "runs[0].counts.failure-rate has more events than trials",
    ],
  ])("refuses %s", (_, value, sentence) => {
    expect(messageOf(value)).toContain(sentence);
  });
});

describe("what was accepted", () => {
  const accepted = { by: "alice", reason: "x", pullRequest: 7, sha: "abc", metrics: { p50: { base: null, head: 2 } } };
  const historyWith = (some: unknown) => ({
    schema: "swarmgate.history/v1",
    runs: [{ ...summary(1), accepted: some }],
  });
  test.each<readonly [string, unknown, boolean]>([
    ["is read", accepted, true],
    ["needs a reason", { ...accepted, reason: undefined }, false],
    ["has sizes", { ...accepted, metrics: { p50: { base: "1", head: 2 } } }, false],
    ["names one pull request", { ...accepted, pullRequest: -1 }, false],
  ])("%s, and the schema says the same", (_, some, holds) => {
    const document: unknown = JSON.parse(JSON.stringify(historyWith(some)));
    expect(parseHistory(JSON.stringify(document)).ok).toBe(holds);
    expect(historySchemaAccepts(document)).toBe(holds);
  });
});
