import { describe, expect, test } from "vitest";
import { type AcceptFacts, acceptLines, decideAcceptance, withAcceptance } from "../../../src/judge/accept.ts";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { isWithin } from "../../../src/record/acceptance.ts";
import { failures, found, judge, POLICY, run } from "./runs.ts";

const SINCE = "2026-11-21T12:00:00Z";
const LATER = "2026-11-21T13:00:00Z";
const GATE = { ...POLICY, limits: [] };

/** p50 doubled and more, failures up; lambda-duration flat. */
const slower = (p50 = 400): Judgement =>
  judge({
    base: found(run({ values: { p50: 100 }, counts: { "failure-rate": failures(0) } })),
    heads: [run({ day: 2, values: { p50 }, counts: { "failure-rate": failures(100) } })],
  });
const label = { set: true, by: "alice", mayWrite: true };
const says = (body: string, some: Partial<AcceptFacts["comments"][number]> = {}) => ({
  ...{ by: "alice", mayWrite: true, at: LATER, body },
  ...some,
});
const decide = (facts: Partial<AcceptFacts>, judgement = slower()) =>
  decideAcceptance({ judgement, since: SINCE, pullRequest: 7, sha: "abc", facts: { label, comments: [], ...facts } });
const BOTH = "Perf-Accept: p50, failure-rate because the report is larger now";

test("the scene fails in two metrics", () => {
  expect(
    slower()
      .metrics.filter(({ finding }) => finding.kind === "fail")
      .map(({ id }) => id),
  ).toEqual(["p50", "failure-rate"]);
});

describe("a line of acceptance", () => {
  test.each<readonly [string, string, ReturnType<typeof acceptLines>]>([
    [
      "with because",
      "Perf-Accept: p95, lambda-duration because of the index",
      [{ metrics: ["p95", "lambda-duration"], reason: "of the index" }],
    ],
    [
      "without because",
      "Perf-Accept: p50,failure-rate larger report",
      [{ metrics: ["p50", "failure-rate"], reason: "larger report" }],
    ],
    [
      "of a task with blanks in its name",
      "perf-accept: p95@GET /orders because x",
      [{ metrics: ["p95@GET /orders"], reason: "x" }],
    ],
    [
      "among other text, twice",
      "Hello\r\n  Perf-Accept: p50 because a\nPerf-Accept: p95 because b",
      [
        { metrics: ["p50"], reason: "a" },
        { metrics: ["p95"], reason: "b" },
      ],
    ],
    ["without a reason", "Perf-Accept: p50", [{ metrics: ["p50"], reason: "" }]],
    ["without a metric", "Perf-Accept: because I say so", [{ metrics: ["because"], reason: "I say so" }]],
    ["that is quoted is somebody else's", "> Perf-Accept: p50 because x", []],
    ["in the middle of a sentence is none", "please write Perf-Accept: p50 because x", []],
  ])("%s", (_, body, expected) => expect(acceptLines(body)).toEqual(expected));
});

describe("what is accepted", () => {
  test("label and line, both by people with the right, cover what they name at its measured size", () => {
    const { acceptance, notes } = decide({ comments: [says(BOTH)] });
    expect(acceptance).toEqual({
      ...{ by: "alice", reason: "the report is larger now", pullRequest: 7, sha: "abc" },
      metrics: { p50: { base: 100, head: 400 }, "failure-rate": { base: 0, head: 0.05 } },
    });
    expect(notes).toEqual(["Accepted by alice: p50, failure-rate, because the report is larger now."]);
  });

  test("two people may share it", () => {
    const comments = [says("Perf-Accept: p50 because a"), says("Perf-Accept: failure-rate because b", { by: "bob" })];
    expect(decide({ comments }).acceptance).toMatchObject({ by: "alice, bob", reason: "a; b" });
  });

  test("what is not named stays, and is said", () => {
    const { acceptance, notes } = decide({ comments: [says("Perf-Accept: p50 because a")] });
    expect(Object.keys(acceptance?.metrics ?? {})).toEqual(["p50"]);
    expect(notes[1]).toBe("Not accepted: failure-rate.");
  });

  test.each<readonly [string, Partial<AcceptFacts>, string]>([
    ["no label", { label: { ...label, set: false }, comments: [says(BOTH)] }, "the label perf-accepted is not set"],
    [
      "a label by somebody without the right",
      { label: { ...label, by: "mallory", mayWrite: false }, comments: [says(BOTH)] },
      "was set by mallory",
    ],
    [
      "a label nobody knows the setter of",
      { label: { ...label, by: null, mayWrite: false }, comments: [says(BOTH)] },
      "nobody known",
    ],
    ["a label without a line", {}, "no comment says Perf-Accept"],
    [
      "a line by somebody without the right",
      { comments: [says(BOTH, { by: "mallory", mayWrite: false })] },
      "The line of mallory does not count",
    ],
    [
      "a line about an earlier commit",
      { comments: [says(BOTH, { at: "2026-11-21T11:59:59Z" })] },
      "older than this commit",
    ],
    ["a line without a reason", { comments: [says("Perf-Accept: p50")] }, "it gives no reason"],
    [
      "a metric that nothing is called",
      { comments: [says("Perf-Accept: latency because x")] },
      "accepts latency, which no metric",
    ],
    [
      "a metric that has not moved",
      { comments: [says("Perf-Accept: p95 because x")] },
      "p95, which has nothing to accept",
    ],
  ])("nothing by %s, and why is said", (_, facts, text) => {
    const { acceptance, notes } = decide(facts, slowerWithP95());
    expect(acceptance).toBeNull();
    expect(notes.join("\n")).toContain(text);
  });

  test("nothing is said where nobody asked", () => {
    expect(decide({ label: { set: false, by: null, mayWrite: false } })).toEqual({ acceptance: null, notes: [] });
  });

  test("a worthless measurement cannot be accepted", () => {
    const invalid = judge({ base: found(run()), heads: [run({ day: 2, values: { p50: 400 }, valid: false })] });
    expect(decide({ comments: [says(BOTH)] }, invalid).acceptance).toBeNull();
  });
});

const slowerWithP95 = (): Judgement =>
  judge({
    base: found(run({ values: { p50: 100, p95: 200 } })),
    heads: [run({ day: 2, values: { p50: 400, p95: 200 } })],
  });

describe("the gate after it", () => {
  const accepted = (metrics: readonly string[], judgement = slower(), size = 400) =>
    withAcceptance(
      judgement,
      {
        ...{ by: "alice", reason: "x", pullRequest: 7, sha: "abc" },
        metrics: Object.fromEntries(
          metrics.map((id) => [id, id === "p50" ? { base: 100, head: size } : { base: 0, head: 0.1 }]),
        ),
      },
      GATE,
    );

  test("is open when all that closes it is covered, and the verdict stays", () => {
    const { judgement, covered } = accepted(["p50", "failure-rate"]);
    expect(judgement).toMatchObject({ gateOpen: true, verdict: "fail" });
    expect(covered).toEqual(["p50", "failure-rate"]);
  });
  test("stays closed while something is left", () => expect(accepted(["p50"]).judgement.gateOpen).toBe(false));
  test("a step a quarter larger than the accepted one is covered, a larger one is not", () => {
    expect(accepted(["p50", "failure-rate"], slower(470)).judgement.gateOpen).toBe(true);
    const grown = accepted(["p50", "failure-rate"], slower(480));
    expect(grown.judgement.gateOpen).toBe(false);
    expect(grown.grown).toEqual(["p50"]);
  });
});

test.each([
  [
    "a share grows by its points",
    { base: 0.01, head: 0.03 },
    { base: 0.01, head: 0.034 },
    { unit: "share", worse: "up" },
    true,
  ],
  [
    "and not by its ratio",
    { base: 0.01, head: 0.03 },
    { base: 0.0001, head: 0.03 },
    { unit: "share", worse: "up" },
    false,
  ],
  ["throughput falls", { base: 100, head: 80 }, { base: 100, head: 76 }, { unit: "rps", worse: "down" }, true],
  ["too far", { base: 100, head: 80 }, { base: 100, head: 74 }, { unit: "rps", worse: "down" }, false],
  [
    "a fixed limit looks at the value",
    { base: null, head: 500 },
    { base: null, head: 620 },
    { unit: "ms", worse: "up" },
    true,
  ],
  [
    "a fixed limit exceeded further",
    { base: null, head: 500 },
    { base: null, head: 630 },
    { unit: "ms", worse: "up" },
    false,
  ],
] as const)("%s: %j against %j", (...[, accepted, measured, info, expected]) =>
  expect(isWithin(accepted, measured, info)).toBe(expected),
);
