import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/baseline/baseline.ts";
import { describeRuns } from "../../../src/baseline/describe.ts";
import { exitCodeOf } from "../../../src/judge/combine.ts";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { epochMs } from "../../../src/units.ts";
import { failures, found, judge, NO_BASELINE, run, runsOf, said } from "../judge/runs.ts";

/**
 * What happens when there is nothing, or not the right thing, to compare with: one row for each cell of the audit of other
 * gates (the table "fail-open audit" of the research this project started from). Left what that tool does, right what is
 * asked of us there. Where a tool has no such case it has no row.
 */
type Cell = readonly [situation: Situation, tool: string, whatItDoes: string, asked: Asked];

const slow = run({ day: 9, values: { p50: 900 } });
const quick = run({ day: 9 });
const withDuration = (ms: number) =>
  run({ day: 9, values: { "lambda-duration": ms }, samples: { "lambda-duration": 2000 } });
const lost = { code: "cloud-incomplete", reason: "CloudWatch has no Duration" } as const;

/** Runs of the base that are older than the merge base by 25 commits. */
const farAway = (): Baseline => {
  const runs = runsOf("p50", [100, 100, 100]);
  const line = Array.from({ length: 40 }, (_, i) => (i === 25 ? (runs[2]?.sha ?? "") : `commit-${i}`));
  return { kind: "found", runs, ...describeRuns(runs, { line, now: epochMs(Date.UTC(2026, 0, 4)) }) };
};

const otherLoad: Baseline = {
  kind: "none",
  problem: {
    code: "fingerprint-mismatch",
    severity: "invalid",
    message: "users: 20 in the baseline, 50 here.",
    hint: "Measure the base again.",
  },
  notes: [],
};
const toolError = {
  code: "worker-lost",
  severity: "invalid",
  message: "A worker of the load generator died.",
  hint: "Report it.",
} as const;

const SITUATIONS = {
  "no baseline": () => judge({ base: NO_BASELINE, heads: [slow] }),
  "no baseline, beyond an absolute limit": () =>
    judge({ base: NO_BASELINE, heads: [slow], limits: "p50: +10%; <= 500ms" }),
  "metric missing in the baseline": () => judge({ base: found(run({ day: 1 })), heads: [withDuration(500)] }),
  "metric missing in the pull request": () =>
    judge({
      base: found(withDuration(50)),
      heads: [run({ day: 10, unmeasured: { "lambda-duration": lost } })],
      limits: "p50: +60%",
    }),
  "the client's figure missing in the pull request": () =>
    judge({
      base: found(run()),
      heads: [
        run({
          day: 2,
          counts: { "failure-rate": failures(2000) },
          unmeasured: { p50: { code: "too-few-samples", reason: "no response was ok" } },
          values: { p50: Number.NaN },
        }),
      ],
    }),
  "wrong base commit": () => judge({ base: farAway(), heads: [quick] }),
  "environment differs": () => judge({ base: otherLoad, heads: [slow] }),
  "tool error": () => judge({ base: found(run()), heads: [quick], problems: [toolError] }),
} as const satisfies Record<string, () => Judgement>;
type Situation = keyof typeof SITUATIONS;

type Asked = (judgement: Judgement) => void;

const loudWithoutBaseline: Asked = (judgement) => {
  expect(judgement).toMatchObject({ verdict: "no-baseline", gateOpen: true });
  expect(judgement.problems).toMatchObject([{ code: "no-baseline", severity: "warning" }]);
};
const absoluteHolds: Asked = (judgement) => {
  expect(judgement).toMatchObject({ verdict: "fail", gateOpen: false });
  expect(said(judgement, "p50")).toBe("fail");
};
const listedWithoutBaseline: Asked = (judgement) => {
  expect(said(judgement, "lambda-duration")).toBe("no-baseline");
  expect(judgement.verdict).not.toBe("pass");
};
const listedAsMissing: Asked = (judgement) => {
  expect(said(judgement, "lambda-duration")).toBe("inconclusive: cloud-incomplete");
  expect(judgement.verdict).toBe("inconclusive");
};
const invalidFigure: Asked = (judgement) => {
  expect(said(judgement, "p50")).toBe("invalid: too-few-samples");
  expect(judgement).toMatchObject({ verdict: "fail", gateOpen: false });
};
const distanceShown: Asked = (judgement) => {
  expect(judgement.baseline).toMatchObject({ state: "ancestor", sha: "03abcdef01" });
  expect(judgement.notes).toEqual(["far: the nearest run of the baseline is 25 commits before this change"]);
};
const notCompared: Asked = (judgement) => {
  expect(judgement).toMatchObject({ verdict: "invalid", gateOpen: false });
  expect(exitCodeOf(judgement)).toBe(3);
  expect(judgement.problems).toMatchObject([{ code: "fingerprint-mismatch", severity: "invalid" }]);
};
const failsTheJob: Asked = (judgement) => {
  expect(judgement).toMatchObject({ verdict: "invalid", gateOpen: false });
  expect(exitCodeOf(judgement)).toBe(3);
};

const CELLS: readonly Cell[] = [
  ["no baseline", "github-action-benchmark", "green, a line in the debug log", loudWithoutBaseline],
  ["no baseline", "Bencher", "green, no boundary", loudWithoutBaseline],
  ["no baseline", "CodSpeed", "congratulations, no deltas", loudWithoutBaseline],
  ["no baseline", "Keptn", "relative criteria pass", loudWithoutBaseline],
  ["no baseline", "run-k6-action", "the delta is left out", loudWithoutBaseline],
  ["no baseline, beyond an absolute limit", "all of them", "what is left is not enforced everywhere", absoluteHolds],
  ["metric missing in the baseline", "github-action-benchmark", "skipped, green", listedWithoutBaseline],
  ["metric missing in the baseline", "Bencher", "green", listedWithoutBaseline],
  ["metric missing in the baseline", "CodSpeed", "counted as new", listedWithoutBaseline],
  ["metric missing in the baseline", "Keptn", "pass", listedWithoutBaseline],
  ["metric missing in the baseline", "Kayenta", "NODATA", listedWithoutBaseline],
  ["metric missing in the baseline", "run-k6-action", "left out", listedWithoutBaseline],
  ["metric missing in the pull request", "github-action-benchmark", "not compared", listedAsMissing],
  ["metric missing in the pull request", "Bencher", "the row is absent", listedAsMissing],
  ["metric missing in the pull request", "CodSpeed", "skipped", listedAsMissing],
  ["the client's figure missing in the pull request", "Keptn", "fail, the one that fails closed", invalidFigure],
  ["metric missing in the pull request", "Kayenta", "a group without data counts 100", listedAsMissing],
  ["metric missing in the pull request", "run-k6-action", "left out", listedAsMissing],
  ["wrong base commit", "github-action-benchmark", "the last entry, whatever it is", distanceShown],
  ["wrong base commit", "Bencher", "the latest of the branch, silently", distanceShown],
  ["wrong base commit", "CodSpeed", "another commit, in a footnote", distanceShown],
  ["wrong base commit", "Keptn", "the last evaluations", distanceShown],
  ["wrong base commit", "run-k6-action", "whatever somebody chose by hand", distanceShown],
  ["environment differs", "github-action-benchmark", "not known", notCompared],
  ["environment differs", "Bencher", "another testbed is no data, which is green", notCompared],
  ["environment differs", "CodSpeed", "a warning, the verdict unchanged", notCompared],
  ["environment differs", "Keptn", "not known", notCompared],
  ["environment differs", "Kayenta", "same time and place by design", notCompared],
  ["environment differs", "run-k6-action", "the same script only", notCompared],
  ["tool error", "github-action-benchmark", "throws", failsTheJob],
  ["tool error", "Bencher", "the check fails", failsTheJob],
  ["tool error", "Keptn", "fail", failsTheJob],
  ["tool error", "Kayenta", "a label", failsTheJob],
  ["tool error", "run-k6-action", "the comment's error is swallowed", failsTheJob],
];

describe("nothing to compare with is never a silent pass", () => {
  test.each(CELLS)("%s, where %s does this: %s", (situation, _tool, _whatItDoes, asked) => {
    const judgement = SITUATIONS[situation]();
    expect(judgement.verdict).not.toBe("improved");
    // What stands on a commit far away may pass where it says so; all else may not.
    expect(judgement.verdict === "pass" && judgement.notes.length === 0).toBe(false);
    asked(judgement);
  });

  test("every reaction can be made strict", () => {
    const strict = { onNoBaseline: "fail", onInconclusive: "fail", onInvalid: "fail" } as const;
    expect(judge({ base: NO_BASELINE, heads: [slow], policy: strict }).gateOpen).toBe(false);
    expect(judge({ base: otherLoad, heads: [slow], policy: strict }).gateOpen).toBe(false);
  });
});
