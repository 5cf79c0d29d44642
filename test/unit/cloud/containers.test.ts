import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { containerFacts, containerNeed, containerQueries } from "../../../src/cloud/containers.ts";
import type { ContainerFacts } from "../../../src/cloud/facts.ts";

const shop = { cluster: "main", service: "shop" };
const MINUTES = 3;

/** What CloudWatch has of `tasks` tasks that were `percent` busy in each of three minutes. */
const values = (tasks: number, percent: number) => ({
  ...{ ecs_cpu_average: percent, ecs_cpu_max: percent, ecs_cpu_sum: percent * tasks * MINUTES },
  ...{ ecs_cpu_samples: tasks * MINUTES, ecs_memory_average: 40, ecs_memory_max: 55 },
});

const factsOf = (some: object): ContainerFacts => containerFacts(shop, { ...some }, MINUTES * 60_000);

describe("an ECS service", () => {
  test("samples tell the tasks, and their sum the time for which they were busy", () => {
    expect(factsOf(values(4, 50))).toEqual({
      ...shop,
      ...{ cpu: { average: 0.5, max: 0.5 }, memory: { average: 0.4, max: 0.55 }, tasks: 4, taskVcpu: null },
      busyTaskSeconds: 4 * 0.5 * MINUTES * 60,
    });
  });

  test("Container Insights tell the vCPUs of a task, and their task count wins", () => {
    expect(factsOf({ ...values(4, 50), ecs_units: 512, ecs_running: 5 })).toMatchObject({ tasks: 5, taskVcpu: 0.5 });
  });

  test("nothing published is not known, and never 0", () => {
    const { cpu, tasks, busyTaskSeconds } = factsOf({});
    expect([cpu.average, tasks, busyTaskSeconds]).toEqual([null, null, null]);
  });

  test("every question is about the one service", () => {
    for (const { dimensions } of containerQueries(shop))
      expect(dimensions).toEqual({ ClusterName: "main", ServiceName: "shop" });
  });
});

describe("what a rate needs", () => {
  const asked = { rate: 200, requests: 9_000, measuredRate: 50 };

  test("3 tasks that were half busy for 180 s of 9,000 requests: 30 ms of a task each, 9 tasks at 200/s", () => {
    const need = containerNeed(factsOf({ ...values(3, 50), ecs_units: 512 }), asked);
    expect(need.taskMsPerRequest).toBeCloseTo(30, 9);
    expect(need.tasks).toBe(Math.ceil((200 * 0.03) / 0.7));
    expect(need.ratePerVcpu).toBeCloseTo(50 / 1.5, 9);
  });

  test("unknown requests or processor time leave it unknown", () => {
    expect(containerNeed(factsOf(values(3, 50)), { ...asked, requests: null }).tasks).toBeNull();
    expect(containerNeed(factsOf({}), asked)).toEqual({ ratePerVcpu: null, taskMsPerRequest: null, tasks: null });
  });

  test("twice the rate never needs fewer tasks, nor more than twice as many and one", () => {
    const counts = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        counts,
        (tasks, cpu, rate) => {
          const facts = factsOf(values(tasks, cpu));
          const once = containerNeed(facts, { ...asked, rate }).tasks ?? Number.NaN;
          const twice = containerNeed(facts, { ...asked, rate: 2 * rate }).tasks ?? Number.NaN;
          expect(twice).toBeGreaterThanOrEqual(once);
          expect(twice).toBeLessThanOrEqual(2 * once);
        },
      ),
    );
  });
});
