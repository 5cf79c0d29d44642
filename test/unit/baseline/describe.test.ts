import { describe, expect, test } from "vitest";
import { describeRuns } from "../../../src/baseline/describe.ts";
import { epochMs } from "../../../src/units.ts";
import { summary } from "./sample-summary.ts";

const now = epochMs(Date.UTC(2026, 10, 21));
const line = Array.from({ length: 50 }, (_, back) => `sha${100 - back}`);
const of = (...numbers: readonly number[]) =>
  describeRuns(
    numbers.map((n) => summary(n)),
    { line, now },
  );

describe("where a baseline stands", () => {
  test.each<[string, readonly number[], string, string]>([
    ["the merge base itself", [90, 100], "exact", "sha100"],
    ["an ancestor", [80, 95], "ancestor", "sha95"],
    ["on no known commit: the newest", [1, 2], "latest", "sha2"],
    ["an older run of the merge base beside a newer one of an unknown commit", [100, 101], "exact", "sha100"],
  ])("%s", (_, numbers, state, sha) => {
    expect(of(...numbers)).toMatchObject({ state, sha });
  });

  test("is latest when the ancestry is not known", () => {
    expect(describeRuns([summary(100)], { line: [], now })).toMatchObject({ state: "latest", sha: "sha100" });
  });

  test("far means more than twenty commits away", () => {
    expect(of(80).notes).toEqual([]);
    expect(of(79).notes).toEqual([expect.stringMatching(/^far: .* 21 commits/)]);
  });

  test("stale means that the newest run is more than fourteen days old", () => {
    const aged = (days: number) => summary(100, { start: new Date(now - days * 86_400_000).toISOString() });
    expect(describeRuns([aged(14)], { line, now }).notes).toEqual([]);
    expect(describeRuns([aged(15)], { line, now }).notes).toEqual([expect.stringMatching(/^stale: .* 15 days/)]);
    expect(describeRuns([aged(40), aged(1)], { line, now }).notes).toEqual([]);
  });
});
