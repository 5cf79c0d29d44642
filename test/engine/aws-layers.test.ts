/** One change at a time behind every front end: the layer that moved is named, or unknown, never another (SPEC 12.4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultFunctionSettings, type FunctionChange } from "../../simulator/function-settings.ts";
import type { Baseline } from "../../src/baseline/baseline.ts";
import { judgeRecords } from "../../src/gate/judge-record.ts";
import type { Attribution } from "../../src/judge/verdict.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { summarise } from "../../src/record/summarise.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
  // The first run of a process is a slower one.
  await measure("REST API", {});
});

afterAll(() => world.stop());

const FACES = {
  "REST API": { face: "restUrl", inputs: { "front-end": "rest-api:shop/prod" } },
  "HTTP API": { face: "httpUrl", inputs: { "front-end": "http-api:shop" } },
  "function URL": { face: "functionUrl", inputs: {} },
  "load balancer": { face: "albUrl", inputs: { "load-balancer": "app/shop/50dc6c495c0c9188" } },
} as const;

type FaceName = keyof typeof FACES;

const CALM: FunctionChange = { durationMs: 40, initMs: 200, extraDelayMs: 5, networkDelayMs: 5 };

const measure = async (of: FaceName, change: FunctionChange): Promise<RunRecord> => {
  const { face, inputs } = FACES[of];
  const isContainer = (change.container ?? null) !== null;
  const code = isContainer ? { ecs: "main/shop" } : { functions: "shop" };
  const settings = { ...defaultFunctionSettings, ...CALM, ...change, fresh: true };
  const urls = await world.simulator.putFunction("shop", settings);
  await world.simulator.resetFunction("shop");
  const load = { users: "12", "wait-time": "constant(0.05)", "run-time": "3s", "ready-status": "200-599" };
  const { record } = await world.gate({ url: urls[face], ...code, ...inputs, ...load });
  // A busy machine may strain so short a load's generator; what it then measured is judged by the next line's evidence.
  const problems = record.validity.problems.filter(({ code }) => code !== "generator-saturated");
  const valid = problems.every(({ severity }) => severity !== "invalid");
  return { ...record, validity: { ...record.validity, problems, valid } };
};

const gate = {
  limits: [],
  failOn: "regression",
  onInconclusive: "warn",
  onInvalid: "fail",
  onNoBaseline: "warn",
} as const;

const attributionOf = (base: RunRecord, head: RunRecord): Attribution | null => {
  const baseline: Baseline = { kind: "found", state: "exact", sha: "abc1234", runs: [summarise(base)], notes: [] };
  return judgeRecords({ gate, aws: { referenceRps: null, maxConcurrency: null } }, baseline, [head]).attribution;
};

type Layer = Attribution["layer"];
type Change = readonly [what: string, change: FunctionChange, layer: Layer];

/** What two layers share is said to be unknown, and so is a change that a busy machine blurs: a wrong name is never given. */
const isRight = (found: Attribution | null, layer: Layer): boolean => {
  expect([layer, "unknown"], found?.text).toContain(found?.layer);
  return found?.layer === layer;
};

const named: boolean[] = [];

const SHARED: readonly Change[] = [
  ["the same code", {}, "none"],
  ["a handler four times as slow", { durationMs: 160 }, "code"],
  ["a handler that fails", { errorShare: 0.2 }, "code"],
  ["a storm of cold starts", { idleTimeoutMs: 1 }, "cold-start"],
];
const THROTTLES: Change = ["throttles", { concurrencyLimit: 9 }, "throttling"];
const SLOWER_GATEWAY: FunctionChange = { extraDelayMs: 125 };
const LONGER_WAY: FunctionChange = { networkDelayMs: 125 };
const REFUSED: FunctionChange = { refusal: "authorisation", refusalShare: 0.2 };

/** A load balancer does not measure its own time: then neither it nor the network is named. */
const CHANGES: Readonly<Record<FaceName, readonly Change[]>> = {
  "REST API": [
    ...SHARED,
    THROTTLES,
    ["a slower gateway", SLOWER_GATEWAY, "gateway"],
    ["a gateway that refuses", REFUSED, "gateway"],
    ["a longer way", LONGER_WAY, "network"],
  ],
  // Beside its throttles an HTTP API is a REST API with other names.
  "HTTP API": [THROTTLES, ["a slower gateway", SLOWER_GATEWAY, "gateway"], ["a longer way", LONGER_WAY, "network"]],
  "function URL": [
    ...SHARED,
    THROTTLES,
    ["a slower gateway", SLOWER_GATEWAY, "gateway"],
    ["a longer way", LONGER_WAY, "network"],
  ],
  "load balancer": [
    ...SHARED,
    THROTTLES,
    ["a slower gateway", SLOWER_GATEWAY, "unknown"],
    ["a gateway that refuses", REFUSED, "gateway"],
    ["a longer way", LONGER_WAY, "unknown"],
  ],
};

describe.each(Object.keys(FACES) as FaceName[])("%s", (of) => {
  let base: RunRecord;

  beforeAll(async () => {
    base = await measure(of, {});
  });

  test.each(CHANGES[of])("%s", async (_, change, layer) => {
    named.push(isRight(attributionOf(base, await measure(of, change)), layer));
  });
});

describe("containers", () => {
  const container = { cluster: "main", service: "shop", tasks: 2, vcpu: 1, cpuMsPerRequest: 5, memoryPercent: 40 };
  const run = (change: FunctionChange): Promise<RunRecord> => measure("load balancer", { container, ...change });

  test.each<Change>([
    ["slower containers", { durationMs: 160 }, "code"],
    ["containers that fail", { errorShare: 0.2 }, "code"],
    ["a longer way", LONGER_WAY, "unknown"],
  ])("%s", async (_, change, layer) => {
    const [base, head] = [await run({}), await run(change)];
    named.push(isRight(attributionOf(base, head), layer));
  });
});

test("most of the changes are named", () => {
  expect(named.filter(Boolean).length / named.length).toBeGreaterThanOrEqual(0.8);
});
