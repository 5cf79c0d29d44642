/** An ECS service before and after the load: its roll-out is waited for, and may not change meanwhile. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultFunctionSettings } from "../../simulator/function-settings.ts";
import { UserError } from "../../src/errors.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
let url: string;
const well = { denied: false, deny: [], expired: false, throttleFirst: 0, serverErrorFirst: 0, slowMs: 0 };
const inputs = { ecs: "main/shop", "load-balancer": "app/shop/50dc6c495c0c9188" };

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

beforeEach(async () => {
  await world.simulator.putEcs({ ...well, services: {} });
  const container = { cluster: "main", service: "shop", tasks: 2, vcpu: 1, cpuMsPerRequest: 5, memoryPercent: 40 };
  const settings = { ...defaultFunctionSettings, durationMs: 20, fresh: true, container };
  url = (await world.simulator.putFunction("shop", settings)).albUrl;
  await world.simulator.resetFunction("shop");
});

/** A busy machine may saturate the generator of so short a load, which is not what these tests are about. */
const told = ({ validity }: RunRecord) => validity.problems.filter(({ code }) => code !== "generator-saturated");

const reads = async (): Promise<number> => (await world.simulator.ecs()).calls.length;

describe("before the load", () => {
  test("a service in place is read once before and once after", async () => {
    const before = await reads();
    const { record } = await world.gate({ url, ...inputs });
    expect(told(record)).toEqual([]);
    expect(record.totals.requests).toBeGreaterThan(20);
    expect((await reads()) - before).toBe(2);
  });

  test("a roll-out in progress is waited for, with its state", async () => {
    await world.simulator.putEcs({ services: { "main/shop": { rollouts: ["IN_PROGRESS", "COMPLETED"] } } });
    const { record, lines } = await world.gate({ url, ...inputs });
    expect(lines.join("\n")).toMatch(/Waiting for the deployment.*main\/shop is being rolled out/);
    expect(told(record)).toEqual([]);
    expect(record.totals.requests).toBeGreaterThan(20);
  });

  test.each([
    [
      "a failed roll-out ends the wait at once",
      { rollouts: ["FAILED"], reason: "ECS deployment circuit breaker: tasks failed to start." },
      /^The deployment failed: the roll-out of main\/shop failed \(ECS deployment circuit breaker: .*\)\.$/,
    ],
    [
      "tasks that do not come are not ready at the deadline",
      { running: 1 },
      /within 1 s: main\/shop is not complete \(1 of 2 tasks run\)/,
    ],
    ["so is a service that is being removed", { status: "DRAINING" }, /the service main\/shop is DRAINING/],
  ])("%s", async (_, service, message) => {
    await world.simulator.putEcs({ services: { "main/shop": service } });
    const { record } = await world.gate({ url, ...inputs, "ready-timeout": "1s" });
    expect(told(record)).toMatchObject([
      { code: "target-not-ready", severity: "invalid", message: expect.stringMatching(message) },
    ]);
    expect((await world.simulator.summary("shop")).invocations).toBe(0);
  });

  test.each(["main/shoop", "mein/shop"])("%s, which is not there, is refused", async (ecs) => {
    const refused = world.gate({ url, ...inputs, ecs });
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toMatchObject({
      problems: [{ code: "service-not-found", message: `ECS knows no service ${ecs}.` }],
    });
  });

  test("credentials that have expired are told of before anything is sent", async () => {
    await world.simulator.putEcs({ expired: true });
    const { lines } = await world.gate({ url, ...inputs });
    const [told, ...again] = lines.filter((line) => line.includes("have expired"));
    expect([told, again]).toEqual([
      "The AWS credentials have expired. Let the role's session last longer than the run. The run goes on without what AWS saw.",
      [],
    ]);
    expect(lines.indexOf(told ?? "")).toBeLessThan(lines.findIndex((line) => line.includes("is ready after")));
  });

  test("without the right to read it there is one note, and everything else works", async () => {
    await world.simulator.putEcs({ deny: ["DescribeServices"] });
    const { record } = await world.gate({ url, ...inputs });
    expect(told(record)).toEqual([]);
    expect(record.cloud).toMatchObject({ state: "complete" });
    expect(record.cloud?.notes.filter((note) => note.includes("ecs:"))).toEqual([
      "The AWS role may not call ecs:DescribeServices. The roll-out of main/shop was not waited for.",
    ]);
  });
});

test("another task definition after the load than before it is deployment-changed", async () => {
  await world.simulator.putEcs({ services: { "main/shop": { taskDefinitions: ["shop:7", "shop:8"] } } });
  const { record } = await world.gate({ url, ...inputs });
  expect(told(record)).toMatchObject([
    {
      ...{ code: "deployment-changed", severity: "invalid" },
      message: "The deployment changed while the load ran: the task definition of main/shop (shop:7 to shop:8).",
    },
  ]);
});
