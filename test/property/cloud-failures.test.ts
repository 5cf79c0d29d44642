/**
 * Seeded runs behind every front end in which several things go wrong at once, answered as the simulator's own tables have it:
 * what is said to be confirmed was there, and what most failures were is named (SPEC 5.6).
 */
import { describe, expect, test } from "vitest";
import { type FaceAnswer, failureAnswers } from "../../simulator/face-answers.ts";
import { refusals } from "../../simulator/face-refusals.ts";
import { defaultFunctionSettings } from "../../simulator/function-settings.ts";
import { type Explanation, explainFailures, type FailureInput } from "../../src/cloud/failures.ts";
import type { FrontEnd } from "../../src/cloud/front-ends.ts";
import { classifyStatus } from "../../src/load/classify.ts";
import { cloudFacts, functionFacts } from "../unit/cloud/facts-scene.ts";
import { cloud, functionMetrics, outcomes } from "../unit/record/sample-record.ts";
import { seeded } from "./seeded.ts";

const FACES = { "rest-api": "rest", "http-api": "http", "function-url": "function-url", alb: "alb" } as const;
type Known = keyof typeof FACES;

const CAUSES = [
  "lambda-throttled",
  "function-error",
  "own-rate-limit",
  "own-quota",
  "not-authorised",
  "wrong-path",
] as const;
type Cause = (typeof CAUSES)[number];

/** The answer of a front end in a situation; `null` where it has none. */
const answerIn = (kind: Known, cause: Cause): FaceAnswer | null => {
  const face = FACES[kind];
  switch (cause) {
    case "lambda-throttled":
      return failureAnswers[face].throttled("ConcurrentInvocationLimitExceeded", defaultFunctionSettings);
    case "function-error":
      return failureAnswers[face].functionError;
    case "own-rate-limit":
      return refusals[face]["rate-limit"];
    case "own-quota":
      return refusals[face].quota;
    case "not-authorised":
      return refusals[face].authorisation;
    case "wrong-path":
      return refusals[face]["wrong-path"];
  }
};

const AT_LAMBDA: ReadonlySet<Cause> = new Set(["lambda-throttled", "function-error"]);
const OK = 2_000;

type Mix = ReadonlyMap<Cause, number>;

/** One cause with most of the failures and up to two with at most a third of them; all beyond what a count may lack. */
const mixOf = (kind: Known, uniform: () => number): Mix => {
  const possible = CAUSES.filter((cause) => answerIn(kind, cause) !== null);
  const shuffled = possible
    .map((cause) => ({ cause, at: uniform() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ cause }) => cause);
  const main = 150 + Math.floor(uniform() * 450);
  const others = Math.floor(uniform() * 3);
  return new Map(
    shuffled
      .slice(0, 1 + others)
      .map((cause, i) => [cause, i === 0 ? main : 20 + Math.floor((uniform() * main) / 3 - 10)]),
  );
};

const inputOf = (kind: Known, mix: Mix): FailureInput => {
  const counts: Record<string, number> = { ok: OK };
  const examples: Record<string, { status: number; text: string }[]> = {};
  const statuses: Record<string, number> = {};
  for (const [cause, count] of mix) {
    const answer = answerIn(kind, cause);
    if (answer === null) continue;
    const name = classifyStatus(answer.status);
    counts[name] = (counts[name] ?? 0) + count;
    statuses[answer.status] = (statuses[answer.status] ?? 0) + count;
    const kept = examples[name] ?? [];
    kept.push({ status: answer.status, text: answer.body.toString("utf8") });
    examples[name] = kept;
  }
  const at = (cause: Cause): number => mix.get(cause) ?? 0;
  const invoked = OK + 10 + at("function-error");
  const metrics = functionMetrics({
    invocations: invoked,
    errors: at("function-error"),
    throttles: at("lambda-throttled"),
    duration: { average: 20, p50: 18, p90: 30, p95: 40, p99: 80, max: 200 },
  });
  const frontEnd: FrontEnd = kind;
  return {
    frontEnd,
    outcomes: outcomes(counts),
    examples,
    statuses,
    besides: { surely: 10, maybe: 0 },
    cloud: cloud({
      state: "complete",
      seen: invoked + at("lambda-throttled"),
      functions: [metrics],
      facts: cloudFacts({ functions: [functionFacts({ timeoutMs: 10_000 })], frontEnd: null }),
    }),
  };
};

const confirmed = (all: readonly Explanation[]): readonly Explanation[] =>
  all.filter(({ certainty }) => certainty === "confirmed");

const CASES = 200;

describe.each(Object.keys(FACES) as Known[])("%s", (kind) => {
  const uniform = seeded(kind.length * 7919);
  const cases = Array.from({ length: CASES }, () => {
    const mix = mixOf(kind, uniform);
    return { mix, said: explainFailures(inputOf(kind, mix)) };
  });

  test("nothing is confirmed that was not there", () => {
    for (const { mix, said } of cases)
      for (const one of confirmed(said)) expect([...mix.keys()], JSON.stringify([...mix])).toContain(one.situation);
  });

  test("what most failures were is named in at least 95 of 100", () => {
    const right = cases.filter(({ mix, said }) => said[0]?.situation === [...mix.keys()][0]);
    expect(right.length).toBeGreaterThanOrEqual(0.95 * CASES);
  });

  test("no cause is given more requests than failed for it", () => {
    for (const { mix, said } of cases)
      for (const { situation, requests, certainty } of said) {
        const real = CAUSES.find((cause) => cause === situation);
        if (certainty !== "confirmed" || real === undefined || !AT_LAMBDA.has(real)) continue;
        expect(requests).toBeLessThanOrEqual(mix.get(real) ?? 0);
      }
  });
});
