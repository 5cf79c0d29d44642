import { describe, expect, it, test } from "vitest";
import type { CloudResult } from "../../../src/cloud/cloud.ts";
import { explainFailures, type FailureInput } from "../../../src/cloud/failures.ts";
import type { FrontEnd } from "../../../src/cloud/front-ends.ts";
import type { OutcomeClass } from "../../../src/load/outcome.ts";
import { cloud, functionMetrics, outcomes } from "../record/sample-record.ts";
import { cloudFacts, functionFacts } from "./facts-scene.ts";

const OK = 1900;
const FAILED = 100;

/** 1,900 requests went well, 100 were answered so; `seen` is what Lambda counted, warm-up of 10 included. */
type Scene = {
  readonly frontEnd: FrontEnd | null;
  readonly answer: readonly [OutcomeClass, number, string];
  readonly throttles?: number;
  readonly errors?: number;
  readonly uncounted?: number;
  readonly longestMs?: number;
  readonly state?: CloudResult["state"] | "none";
};

const inputOf = ({ frontEnd, answer, state = "complete", ...scene }: Scene): FailureInput => {
  const [name, status, text] = answer;
  const { throttles = 0, errors = 0, uncounted = 0, longestMs = 200 } = scene;
  const seen = OK + FAILED + 10 - uncounted;
  const metrics = functionMetrics({
    invocations: seen - throttles,
    throttles,
    errors,
    duration: { average: 20, p50: 18, p90: 30, p95: 40, p99: 80, max: longestMs },
  });
  return {
    frontEnd,
    outcomes: outcomes({ ok: OK, [name]: FAILED }),
    examples: { [name]: [{ status, text }] },
    cloud:
      state === "none"
        ? null
        : cloud({
            state,
            seen,
            functions: [metrics],
            facts: cloudFacts({ functions: [functionFacts({ timeoutMs: 10_000 })] }),
          }),
    besides: { surely: 10, maybe: 3 },
  };
};

const saidOf = (input: FailureInput): readonly string[] =>
  explainFailures(input).map(({ certainty, situation }) => `${certainty} ${situation}`);

const ISE = '{"message":"Internal server error"}';

describe("front end x cause, as AWS's counts decide", () => {
  it.each<[string, Scene, string]>([
    [
      "REST: throttled",
      { frontEnd: "rest-api", answer: ["server-error", 500, ISE], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "HTTP API: throttled",
      { frontEnd: "http-api", answer: ["server-error", 503, '{"message":"Service Unavailable"}'], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "function URL: throttled",
      { frontEnd: "function-url", answer: ["throttled", 429, '{"Reason":"x"}'], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "ALB: throttled",
      { frontEnd: "alb", answer: ["server-error", 502, "<html>"], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "CloudFront: throttled behind it",
      { frontEnd: "cloudfront", answer: ["throttled", 429, ""], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "unknown front end: throttled",
      { frontEnd: null, answer: ["throttled", 429, ""], throttles: 100 },
      "confirmed lambda-throttled",
    ],
    [
      "REST: the handler throws",
      { frontEnd: "rest-api", answer: ["server-error", 502, ISE], errors: 100 },
      "confirmed function-error",
    ],
    [
      "HTTP API: the handler throws",
      { frontEnd: "http-api", answer: ["server-error", 500, '{"message":"Internal Server Error"}'], errors: 100 },
      "confirmed function-error",
    ],
    [
      "function URL: the handler throws",
      { frontEnd: "function-url", answer: ["server-error", 502, "Internal Server Error"], errors: 100 },
      "confirmed function-error",
    ],
    [
      "ALB: the handler throws",
      { frontEnd: "alb", answer: ["server-error", 502, ""], errors: 100 },
      "confirmed function-error",
    ],
    [
      "REST: the function's timeout",
      { frontEnd: "rest-api", answer: ["server-error", 502, ISE], errors: 100, longestMs: 10_000 },
      "confirmed function-timeout",
    ],
    [
      "ALB: the function's timeout",
      { frontEnd: "alb", answer: ["server-error", 502, ""], errors: 100, longestMs: 10_000 },
      "confirmed function-timeout",
    ],
    [
      "REST: 29 s are over",
      {
        frontEnd: "rest-api",
        answer: ["server-error", 504, '{"message":"Endpoint request timed out"}'],
        longestMs: 31_000,
      },
      "confirmed front-end-timeout",
    ],
    [
      "HTTP API: 30 s are over",
      { frontEnd: "http-api", answer: ["server-error", 503, '{"message":"Service Unavailable"}'], longestMs: 31_000 },
      "confirmed front-end-timeout",
    ],
    [
      "ALB: idle timeout",
      { frontEnd: "alb", answer: ["server-error", 504, ""], longestMs: 61_000 },
      "confirmed front-end-timeout",
    ],
    [
      "REST: its own rate limit",
      { frontEnd: "rest-api", answer: ["throttled", 429, '{"message":"Too Many Requests"}'], uncounted: 100 },
      "confirmed own-rate-limit",
    ],
    [
      "REST: the quota of a usage plan",
      { frontEnd: "rest-api", answer: ["throttled", 429, '{"message":"Limit Exceeded"}'], uncounted: 100 },
      "confirmed own-quota",
    ],
    [
      "REST: no such route",
      {
        frontEnd: "rest-api",
        answer: ["client-error", 403, '{"message":"Missing Authentication Token"}'],
        uncounted: 100,
      },
      "confirmed wrong-path",
    ],
    [
      "HTTP API: no such route",
      { frontEnd: "http-api", answer: ["client-error", 404, '{"message":"Not Found"}'], uncounted: 100 },
      "confirmed wrong-path",
    ],
    [
      "function URL: not authorised",
      { frontEnd: "function-url", answer: ["client-error", 403, '{"Message":"Forbidden"}'], uncounted: 100 },
      "confirmed not-authorised",
    ],
    [
      "ALB: no healthy target",
      { frontEnd: "alb", answer: ["server-error", 503, ""], uncounted: 100 },
      "confirmed no-target",
    ],
    [
      "a 500 of the handler's own",
      { frontEnd: "rest-api", answer: ["server-error", 500, '{"error":"db"}'] },
      "confirmed handler-answer",
    ],
    [
      "a 404 of the handler's own",
      { frontEnd: "http-api", answer: ["client-error", 404, '{"message":"not found"}'] },
      "confirmed handler-answer",
    ],
    [
      "a 429 of the handler's own",
      { frontEnd: "function-url", answer: ["throttled", 429, "slow down"] },
      "confirmed handler-answer",
    ],
    [
      "no counts: a suspicion",
      { frontEnd: "function-url", answer: ["throttled", 429, ""], state: "none" },
      "suspected lambda-throttled",
    ],
    [
      "counts that are short: a suspicion",
      { frontEnd: "rest-api", answer: ["server-error", 500, ISE], state: "partial" },
      "suspected lambda-throttled",
    ],
    [
      "short counts still confirm what they have",
      { frontEnd: "rest-api", answer: ["server-error", 500, ISE], throttles: 60, state: "partial" },
      "confirmed lambda-throttled",
    ],
  ])("%s", (_, scene, first) => {
    expect(saidOf(inputOf(scene))[0]).toBe(first);
  });

  test("REST 500 while AWS counted no throttle: Lambda is cleared of it", () => {
    const all = explainFailures(inputOf({ frontEnd: "rest-api", answer: ["server-error", 500, ISE] }));
    expect(all.map(({ certainty, situation }) => `${certainty} ${situation}`)).toEqual([
      "confirmed handler-answer",
      "refuted lambda-throttled",
    ]);
    expect(all[1]?.text).toContain("AWS counted no throttles");
  });

  test("an HTTP API's own 429 is not Lambda's, whatever class it has", () => {
    const answer = ["throttled", 429, '{"message":"Too Many Requests"}'] as const;
    const all = saidOf(inputOf({ frontEnd: "http-api", answer, uncounted: 100 }));
    expect(all).not.toContain("confirmed lambda-throttled");
  });

  test("a handful of requests that a complete count may lack confirms nothing", () => {
    const few = {
      ...inputOf({ frontEnd: "rest-api", answer: ["throttled", 429, '{"message":"Too Many Requests"}'], uncounted: 8 }),
    };
    expect(saidOf(few)[0]).not.toBe("confirmed own-rate-limit");
  });
});

describe("how many requests", () => {
  test("no more than AWS counted, and no more than were answered so", () => {
    const scene = { frontEnd: "rest-api", answer: ["server-error", 500, ISE] } as const;
    expect(explainFailures(inputOf({ ...scene, throttles: 40 }))[0]?.requests).toBe(40);
    expect(explainFailures(inputOf({ ...scene, throttles: 400 }))[0]?.requests).toBe(100);
  });

  test("two statuses of one class are told apart by their examples", () => {
    const input = inputOf({ frontEnd: "rest-api", answer: ["server-error", 500, ISE], throttles: 50, errors: 50 });
    const examples = [
      { status: 500, text: ISE },
      { status: 502, text: ISE },
    ];
    expect(saidOf({ ...input, examples: { "server-error": examples } })).toEqual([
      "confirmed lambda-throttled",
      "confirmed function-error",
    ]);
  });

  test("counted statuses win over the estimate from examples", () => {
    const input = inputOf({ frontEnd: "rest-api", answer: ["server-error", 500, ISE], throttles: 90 });
    const examples = [
      { status: 500, text: ISE },
      { status: 502, text: ISE },
    ];
    const found = explainFailures({ ...input, examples: { "server-error": examples }, statuses: { 500: 88, 502: 12 } });
    expect(found.find(({ situation }) => situation === "lambda-throttled")?.requests).toBe(88);
  });
});

describe("caches", () => {
  const calm = {
    ...inputOf({ frontEnd: "cloudfront", answer: ["server-error", 500, ""] }),
    outcomes: outcomes({ ok: OK }),
  };
  test("a hit means that Lambda was not tested", () => {
    const [first] = explainFailures({ ...calm, signs: { seen: 1900, cacheHits: 950, aged: 900 } });
    expect(first).toMatchObject({ situation: "cached", certainty: "confirmed", requests: 950 });
    expect(first?.text).toContain("50 %");
  });
  test("nothing failed, nothing cached: nothing to say", () => {
    expect(explainFailures({ ...calm, signs: { seen: 1900, cacheHits: 0, aged: 0 } })).toEqual([]);
    expect(explainFailures(calm)).toEqual([]);
  });
});
