/** Every front end x cause: the simulator produces it, and what the run says of it is the cause (SPEC 5.6, 5.7). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultFunctionSettings, type FunctionChange } from "../../simulator/function-settings.ts";
import { failuresOf } from "../../src/record/insights.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

const FACES = {
  "REST API": { face: "restUrl", inputs: (name: string) => ({ "front-end": `rest-api:${name}/prod` }) },
  "HTTP API": { face: "httpUrl", inputs: (name: string) => ({ "front-end": `http-api:${name}` }) },
  "function URL": { face: "functionUrl", inputs: () => ({}) },
  "load balancer": {
    face: "albUrl",
    inputs: (name: string) => ({ "load-balancer": `app/${name}/50dc6c495c0c9188` }),
  },
  CloudFront: { face: "cloudfrontUrl", inputs: (name: string) => ({ "front-end": `cloudfront:${name}` }) },
} as const;

type FaceName = keyof typeof FACES;

/** One run; a healthy path for the probes, so that what fails is the load. */
const runWith = async (of: FaceName, name: string, change: FunctionChange): Promise<RunRecord> => {
  const { face, inputs } = FACES[of];
  const settings = { ...defaultFunctionSettings, durationMs: 20, initMs: 5, fresh: true, ...change };
  const urls = await world.simulator.putFunction(name, settings);
  const ready = { "ready-status": "200-599", "ready-timeout": "20s", timeout: "5s" };
  const { record } = await world.gate({ url: urls[face], functions: name, ...inputs(name), ...ready });
  return record;
};

type Expected = { readonly situation: string; readonly certainty?: "confirmed" | "suspected" };
type Cause = readonly [
  cause: string,
  change: FunctionChange,
  expected: Readonly<{ [Face in FaceName]?: Expected | undefined }>,
];

const sure = (situation: string): Expected => ({ situation });
const perhaps = (situation: string): Expected => ({ situation, certainty: "suspected" });
const everywhere = (expected: Expected): Readonly<Record<FaceName, Expected>> => ({
  "REST API": expected,
  "HTTP API": expected,
  "function URL": expected,
  "load balancer": expected,
  CloudFront: expected,
});

const SHORT = 150;
const CAUSES: readonly Cause[] = [
  ["Lambda throttles", { concurrencyLimit: 2, durationMs: 60 }, everywhere(sure("lambda-throttled"))],
  ["the handler fails", { errorShare: 0.4 }, everywhere(sure("function-error"))],
  ["the function times out", { durationMs: 1_500, timeoutMs: 1_000 }, everywhere(sure("function-timeout"))],
  [
    "the front end stops waiting",
    {
      durationMs: 600,
      gatewayTimeoutMs: SHORT,
      httpTimeoutMs: SHORT,
      albTimeoutMs: SHORT,
      cloudfrontTimeoutMs: SHORT,
    },
    { ...everywhere(sure("front-end-timeout")), "function URL": undefined, CloudFront: perhaps("front-end-timeout") },
  ],
  [
    "the front end's own rate limit",
    { gatewayRate: 20, gatewayBurst: 10 },
    { "REST API": sure("own-rate-limit"), "HTTP API": sure("own-rate-limit") },
  ],
  ["a usage plan's quota", { refusal: "quota", refusalShare: 0.5 }, { "REST API": sure("own-quota") }],
  [
    "authorisation",
    { refusal: "authorisation", refusalShare: 0.5 },
    { ...everywhere(sure("not-authorised")), CloudFront: sure("not-authorised") },
  ],
  [
    "a path that no route has",
    { refusal: "wrong-path", refusalShare: 0.5 },
    { "REST API": sure("wrong-path"), "HTTP API": sure("wrong-path"), "load balancer": sure("wrong-path") },
  ],
  ["no healthy target", { healthyTargets: false }, { "load balancer": perhaps("no-target") }],
  ["a cache answers", { cacheHitShare: 0.6 }, { CloudFront: sure("cached") }],
  [
    "the handler's own 500",
    { status: 500, statusBy: "function", statusShare: 0.5 },
    everywhere(sure("handler-answer")),
  ],
];

const ROWS = CAUSES.flatMap(([cause, change, expected]) =>
  Object.entries(expected).flatMap(([of, one]) => (one === undefined ? [] : [{ of, cause, change, ...one }])),
);

describe("what failed is named, and nothing that was not there is confirmed", () => {
  test.concurrent.each(ROWS)("$of: $cause", async ({ of, cause, change, situation, certainty = "confirmed" }) => {
    const name = `${of} ${cause}`
      .toLowerCase()
      .replace(/[^a-z]+/g, "-")
      .slice(0, 30);
    const record = await runWith(of as FaceName, name, change);
    const said = failuresOf(record);
    expect(said[0], JSON.stringify(said)).toMatchObject({ situation, certainty });
    const confirmed = said.filter((one) => one.certainty === "confirmed").map((one) => one.situation);
    expect(confirmed.filter((one) => one !== situation)).toEqual([]);
  });
});
