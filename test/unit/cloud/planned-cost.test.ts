import { describe, expect, test } from "vitest";
import type { FunctionFacts } from "../../../src/cloud/facts.ts";
import { costProblem, type PlannedRun, plannedCost } from "../../../src/cloud/planned-cost.ts";
import { PRICES } from "../../../src/cloud/prices.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import { plannedRequests } from "../../../src/load/planned-requests.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { millis, perSecond, seconds } from "../../../src/units.ts";
import { plan as samplePlan } from "../record/sample-record.ts";

const planOf = (change: Partial<LoadPlan> = {}): LoadPlan => ({
  ...samplePlan(),
  scenario: null,
  users: 20,
  spawnRate: perSecond(1000),
  rate: null,
  stages: null,
  runTime: seconds(60),
  warmUp: seconds(0),
  preWarm: 0,
  waitTime: { kind: "constant", seconds: seconds(0.5) },
  timeout: millis(30_000),
  maxRequests: 1_000_000,
  ...change,
});

const open = (perSec: number, runTime: number): Partial<LoadPlan> => ({
  rate: { perSecond: perSecond(perSec), spacing: "constant" },
  runTime: seconds(runTime),
});

const scenarioOf = (text: string) => {
  const read = readScenario({
    text: `scenario:\n${text}`,
    fileName: "x.yml",
    readFile: () => ({ kind: "refused", reason: "has no place here" }),
    env: {},
    users: 20,
  });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return read.value;
};

describe("requests that a run will send", () => {
  test.each<[string, Partial<LoadPlan>, number, number]>([
    ["20 users every half second for a minute, answers at once", {}, 0, 2400],
    ["the same with answers of half a second: half of it", {}, 500, 1200],
    ["arrivals do not care for the answers", open(200, 300), 500, 60_000],
    ["warm-up of one user and requests at once come on top", { warmUp: seconds(5), preWarm: 50 }, 500, 1255],
    ["never more than max-requests", { ...open(1000, 3600), maxRequests: 5000 }, 100, 5000],
  ])("%s", (_, change, latency, expected) => {
    expect(Math.abs(plannedRequests(planOf(change), millis(latency)) - expected)).toBeLessThanOrEqual(20);
  });
  test("a scenario's tasks count with all their requests, setup and teardown once a user", () => {
    const scenario = scenarioOf(`
  setup: [{ get: /login }, { get: /me }]
  teardown: [{ get: /bye }]
  tasks:
    - { get: /one, weight: 3 }
    - { name: three, weight: 1, steps: [{ get: /a }, { wait: constant(1) }, { get: /b }, { get: /c }] }
`);
    // 1.5 requests a task: 100 arrivals a second for 10 s, and 3 for each of 20 users.
    expect(plannedRequests(planOf({ ...open(100, 10), scenario, tasks: [] }), millis(100))).toBe(1560);
  });
});

const facts = (change: Partial<FunctionFacts> = {}): FunctionFacts => ({
  function: "orders",
  memoryMb: 512,
  architecture: "x86_64",
  runtime: "nodejs24.x",
  packageType: "Zip",
  timeoutMs: 30_000,
  ephemeralStorageMb: 512,
  codeSha256: null,
  configSha256: null,
  snapStart: null,
  vpcSubnets: 0,
  reservedConcurrency: "none",
  provisionedConcurrency: "none",
  managedInstances: "none",
  ...change,
});

const runOf = (change: Partial<PlannedRun> = {}): PlannedRun => ({
  plan: planOf(open(200, 300)),
  url: "https://abc.lambda-url.us-east-1.on.aws/",
  region: "us-east-1",
  functions: [facts()],
  baseline: null,
  ...change,
});

/** By hand: 60,000 requests; list prices of us-east-1: $0.0000166667 per GB-second (arm64 $0.0000133334), $0.20 a million. */
const GB_SECOND = 0.0000166667;
const REQUESTS = 60_000 * 0.2e-6;

describe("what a run will cost", () => {
  test.each<[string, Partial<PlannedRun>, number]>([
    ["half a second at the memory of the function", {}, 60_000 * 0.5 * 0.5 * GB_SECOND + REQUESTS],
    ["1,024 MB where nothing is known", { functions: [] }, 60_000 * 0.5 * GB_SECOND + REQUESTS],
    [
      "the largest of several functions",
      { functions: [facts(), facts({ memoryMb: 2048 })] },
      60_000 * 0.5 * 2 * GB_SECOND + REQUESTS,
    ],
    [
      "a function that may run 100 ms",
      { functions: [facts({ timeoutMs: 100 })] },
      60_000 * 0.1 * 0.5 * GB_SECOND + REQUESTS,
    ],
    ["on arm64", { functions: [facts({ architecture: "arm64" })] }, 60_000 * 0.5 * 0.5 * 0.0000133334 + REQUESTS],
    [
      "as long as in the baseline, cold starts included",
      { baseline: [{ callsPerRequest: 1, durationMs: 18, coldMs: 2 }] },
      60_000 * 0.02 * 0.5 * GB_SECOND + REQUESTS,
    ],
    [
      "an HTTP API by its host",
      { url: "https://abc.execute-api.us-east-1.amazonaws.com/" },
      60_000 * 0.5 * 0.5 * GB_SECOND + REQUESTS + 60_000 * 1e-6,
    ],
  ])("%s", (_, change, expected) => {
    const { usd, requests } = plannedCost(runOf(change), PRICES);
    expect(requests).toBe(60_000);
    expect(usd).toBeCloseTo(expected, 4);
  });

  test("the default load costs cents at most, whatever is not known", () => {
    const { usd } = plannedCost(runOf({ plan: planOf({ warmUp: seconds(5) }), functions: [], region: null }), PRICES);
    expect(usd).toBeLessThan(0.02);
  });
});

test("beyond max-cost one sentence names the estimate and how it was made", () => {
  const planned = plannedCost(runOf({ plan: planOf(open(2000, 600)) }), PRICES);
  expect(costProblem(planned, 100)).toBeNull();
  expect(costProblem(planned, 1)).toMatchObject({
    code: "max-cost-exceeded",
    severity: "usage",
    message:
      "The run would cost about $4.37, more than max-cost allows ($1.00): 1,000,000 requests of 500 ms (assumed) at 512 MB and list prices.",
  });
});
