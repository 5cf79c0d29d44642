/** One change at a time behind every front end: the layer that moved is named, or unknown, never another (SPEC 12.4). */
import { afterAll, beforeAll, expect, test } from "vitest";
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

type Side = {
  readonly face: "restUrl" | "httpUrl" | "functionUrl" | "albUrl";
  readonly inputs: (name: string) => Inputs;
};
type Inputs = Readonly<Record<string, string>>;

const balancer = (name: string): Inputs => ({ "load-balancer": `app/${name}/50dc6c495c0c9188` });
const functions = (name: string): Inputs => ({ functions: name });

const SIDES = {
  "REST API": {
    face: "restUrl",
    inputs: (name) => ({ ...functions(name), "front-end": `rest-api:${name}/prod` }),
  },
  "HTTP API": { face: "httpUrl", inputs: (name) => ({ ...functions(name), "front-end": `http-api:${name}` }) },
  "function URL": { face: "functionUrl", inputs: functions },
  "load balancer": { face: "albUrl", inputs: (name) => ({ ...functions(name), ...balancer(name) }) },
  containers: { face: "albUrl", inputs: (name) => ({ ecs: `main/${name}`, ...balancer(name) }) },
} as const satisfies Readonly<Record<string, Side>>;

type SideName = keyof typeof SIDES;

const CALM: FunctionChange = { durationMs: 40, initMs: 200, extraDelayMs: 5, networkDelayMs: 5 };
const CONTAINER = { cluster: "main", tasks: 2, vcpu: 1, cpuMsPerRequest: 5, memoryPercent: 40 };

/** Loads are sent one after the other, so that none disturbs another's times; what is before and behind them overlaps. */
const oneAtATime = (() => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(load: () => Promise<T>): Promise<T> => {
    const next = last.then(load, load);
    last = next;
    return next;
  };
})();

let deployed = 0;

const measure = async (of: SideName, change: FunctionChange): Promise<RunRecord> => {
  const name = `shop-${deployed++}`;
  const { face, inputs } = SIDES[of];
  const container = of === "containers" ? { container: { ...CONTAINER, service: name } } : {};
  const settings = { ...defaultFunctionSettings, ...CALM, ...container, ...change, fresh: true };
  const urls = await world.simulator.putFunction(name, settings);
  const load = { users: "18", "wait-time": "constant(0.05)", "run-time": "2s", "ready-status": "200-599" };
  const { record } = await world.gate({ url: urls[face], ...inputs(name), ...load }, { turn: oneAtATime });
  // A busy machine may strain so short a load's generator; what it then measured is judged by the next line's evidence.
  const problems = record.validity.problems.filter(({ code }) => code !== "generator-saturated");
  const valid = problems.every(({ severity }) => severity !== "invalid");
  return { ...record, validity: { ...record.validity, problems, valid } };
};

const bases = new Map<SideName, Promise<RunRecord>>();

/** What the changes of a side are compared with; measured once, and again when a busy machine may have blurred it. */
const baseOf = (of: SideName, again: boolean): Promise<RunRecord> => {
  const kept = again ? undefined : bases.get(of);
  const base = kept ?? measure(of, {});
  bases.set(of, base);
  return base;
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

const SHARED: readonly Change[] = [
  ["the same code", {}, "none"],
  ["a handler four times as slow", { durationMs: 160 }, "code"],
  ["a handler that fails", { errorShare: 0.2 }, "code"],
  ["a storm of cold starts", { idleTimeoutMs: 1 }, "cold-start"],
];
const THROTTLES: Change = ["throttles", { concurrencyLimit: 13 }, "throttling"];
const SLOWER_GATEWAY: FunctionChange = { extraDelayMs: 125 };
const LONGER_WAY: FunctionChange = { networkDelayMs: 125 };
const REFUSED: FunctionChange = { refusal: "authorisation", refusalShare: 0.2 };

/** A load balancer does not measure its own time: then neither it nor the network is named. */
const CHANGES: Readonly<Record<SideName, readonly Change[]>> = {
  "REST API": [
    ...SHARED,
    THROTTLES,
    ["a slower gateway", SLOWER_GATEWAY, "gateway"],
    ["a gateway that refuses", REFUSED, "gateway"],
    ["a longer way", LONGER_WAY, "network"],
    // Two at once: a request that fails is graver than a slow one, and throttles follow from time in Lambda.
    ["a gateway that refuses, and a slower handler", { ...REFUSED, durationMs: 160 }, "gateway"],
    ["throttles, and a longer way", { concurrencyLimit: 9, ...LONGER_WAY }, "throttling"],
    ["a slower handler that is throttled", { durationMs: 160, concurrencyLimit: 13 }, "code"],
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
  containers: [
    ["slower containers", { durationMs: 160 }, "code"],
    ["containers that fail", { errorShare: 0.2 }, "code"],
    ["a longer way", LONGER_WAY, "unknown"],
  ],
};

const CASES = (Object.keys(SIDES) as SideName[]).flatMap((of) =>
  CHANGES[of].map(([what, change, layer]) => ({ of, what, change, layer })),
);

const named: boolean[] = [];

const layerFound = async ({ of, change, layer }: (typeof CASES)[number], again: boolean): Promise<boolean> => {
  const base = await baseOf(of, again);
  const found = attributionOf(base, await measure(of, change));
  expect([layer, "unknown"], found?.text).toContain(found?.layer);
  return found?.layer === layer;
};

/** A busy machine may blur a change, which is unknown then and is measured once more; a wrong name is never given. */
test.concurrent.each(CASES)("$of: $what is $layer", async (one) => {
  named.push((await layerFound(one, false)) || (await layerFound(one, true)));
});

test("they are named in at least 95 of 100", () => {
  expect(named.length).toBe(CASES.length);
  expect(named.filter(Boolean).length / named.length).toBeGreaterThanOrEqual(0.95);
});
