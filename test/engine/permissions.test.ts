/** docs/permissions.md asks for exactly the calls that are made: no right too few, none too many. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogs } from "../../src/adapters/aws/logs.ts";
import { epochMs } from "../../src/units.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

const CONTAINER = { cluster: "main", service: "shop", tasks: 2, vcpu: 1, cpuMsPerRequest: 5, memoryPercent: 40 };

type Policy = { readonly Statement: readonly { readonly Action: string | readonly string[] }[] };

const page = readFileSync("docs/permissions.md", "utf8");

const policyActions = (): readonly string[] => {
  const [policy = "{}"] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const { Statement } = JSON.parse(policy) as Policy;
  return Statement.flatMap(({ Action }) => Action).toSorted();
};

const callsMade = async (): Promise<readonly string[]> => {
  const { simulator } = world;
  const services = [
    ["cloudwatch", await simulator.cloudwatch()],
    ["lambda", await simulator.lambda()],
    ["logs", await simulator.logs()],
    ["servicequotas", await simulator.quotas()],
    ["cloudformation", await simulator.cloudformation()],
    ["ecs", await simulator.ecs()],
  ] as const;
  const made = services.flatMap(([prefix, { calls }]) => calls.map(({ operation }) => `${prefix}:${operation}`));
  return [...new Set(made)].toSorted();
};

test("the calls made in all ways of running are the policy's actions", async () => {
  const { simulator } = world;
  const url = await world.deploy("orders", { alias: "live", provisionedConcurrency: 1, errorShare: 0.2 });
  const stack = { outputs: { Url: url }, resources: [{ physicalId: "orders", type: "AWS::Lambda::Function" }] };
  await simulator.putCloudformation({ stacks: { preview: stack } });
  await world.gate({ "stack-name": "preview" });
  await world.gate({ url, functions: "orders:live" });
  await simulator.putLogs({ deny: ["StartQuery"] });
  await world.gate({ url, functions: "orders" });
  await simulator.putQuotas({ quotas: { "apigateway/L-8A5B8E43": { applied: 2_500 } } });
  const { restUrl, albUrl } = await simulator.putFunction("orders");
  await world.gate({ url: restUrl, functions: "orders" });
  await simulator.putFunction("shop", { container: CONTAINER });
  await world.gate({ url: albUrl, ecs: "main/shop", "load-balancer": "app/orders/50dc6c495c0c9188" });
  await simulator.putLogs({ deny: [], runningPolls: 1_000 });
  const logs = createLogs({ region: null, callTimeout: 1_500 });
  const range = { group: "/aws/lambda/orders", start: epochMs(Date.now() - 60_000), end: epochMs(Date.now()) };
  expect(await logs.insights(range, "stats count(*) as n")).toMatchObject({ kind: "unavailable" });
  logs.close();
  expect(await callsMade()).toEqual(policyActions());
});

test("every action of the policy has a line that says why", () => {
  const lines = [...page.matchAll(/^\| `([a-z]+:[A-Za-z]+)` \|/gm)].map(([, action]) => action);
  expect(lines.toSorted()).toEqual(policyActions());
});
