import { describe, expect, test } from "vitest";
import { noFacts } from "../../../src/cloud/facts.ts";
import { containerSection, frontEndSection } from "../../../src/report/front-end-sections.ts";
import { frontEndFacts } from "../cloud/facts-scene.ts";
import { cloud, record } from "../record/sample-record.ts";

const containers = {
  ...{ cluster: "main", service: "shop", cpu: { average: 0.5, max: 0.625 }, memory: { average: 0.4, max: 0.55 } },
  ...{ tasks: 3, taskVcpu: 0.5, busyTaskSeconds: 270 },
};
const balancer = frontEndFacts({
  ...{ kind: "alb-ecs", name: "app/shop/50dc6c495c0c9188", count: 9000, latencyMs: null },
  ...{ serverErrors: 17, ownServerErrors: 5 },
});
const run = (facts: object) => record({ cloud: cloud({ facts: { ...noFacts, ...facts } }) });
const rate = { perSecond: 200, text: "200 requests/s (baseline)" };

describe("the front end", () => {
  test("5xx of its own are told apart, and times that it does not measure stay out", () => {
    const section = frontEndSection(run({ frontEnd: balancer }));
    expect(section?.title).toBe("Front end: load balancer before ECS");
    expect(section?.table?.rows[0]?.slice(1)).toEqual(["9,000", "-", "-", "33.0 ms", "80.0 ms", "0", "17, 5 its own"]);
  });

  test("without a count there is nothing to show", () => {
    expect(frontEndSection(run({ frontEnd: frontEndFacts({ count: null }) }))).toBeNull();
    expect(frontEndSection(run({}))).toBeNull();
  });
});

describe("containers", () => {
  test("tasks at the reference rate, and what one vCPU served", () => {
    const section = containerSection(run({ frontEnd: balancer, containers }), rate);
    expect(section?.lines[0]).toBe(
      "9 tasks needed at 200 requests/s (baseline): a request keeps a whole task busy for 30.0 ms, and a task is filled to 70 %",
    );
    expect(section?.lines[1]).toMatch(/requests\/s per vCPU in this run$/);
    expect(section?.table?.rows).toEqual([["3", "0.5", "50 %", "62.5 %", "40 %", "55 %"]]);
  });

  test("what CloudWatch does not know is a dash and no sentence", () => {
    const none = { average: null, max: null };
    const unknown = { ...containers, cpu: none, memory: none, tasks: null, taskVcpu: null, busyTaskSeconds: null };
    const section = containerSection(run({ frontEnd: balancer, containers: unknown }), rate);
    expect(section?.lines).toEqual([]);
    expect(section?.table?.rows).toEqual([["-", "-", "-", "-", "-", "-"]]);
  });
});
