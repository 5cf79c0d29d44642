/** What stands before the functions: found by host, headers or name, and its figures are the ledger's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultFunctionSettings, type FunctionChange } from "../../simulator/function-settings.ts";
import type { LedgerEntry } from "../../simulator/ledger.ts";
import { containersOfRun, costOfRun, headroomOf } from "../../src/record/insights.ts";
import { parseRecord } from "../../src/record/parse-record.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { summarise } from "../../src/record/summarise.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
const well = { denied: false, deny: [], expired: false, throttleFirst: 0, serverErrorFirst: 0, slowMs: 0 };

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

beforeEach(async () => {
  await world.simulator.putCloudwatch({ ...well, lostShare: 0 });
  await world.simulator.putQuotas({ ...well, quotas: {} });
  await world.simulator.putCloudformation({ ...well, stacks: {} });
});

type Face = "functionUrl" | "restUrl" | "httpUrl" | "albUrl" | "cloudfrontUrl";

/** A fresh function with a gateway that takes 40 ms of its own; the URL of one of its faces. */
const deploy = async (name: string, face: Face, change: FunctionChange = {}): Promise<string> => {
  const settings = { ...defaultFunctionSettings, durationMs: 20, initMs: 5, extraDelayMs: 40, fresh: true, ...change };
  const urls = await world.simulator.putFunction(name, settings);
  await world.simulator.resetFunction(name);
  return urls[face];
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
/** Of a run those that AWS counted: it counts by whole minutes, and probes before the load may lie in an earlier one. */
const entriesOf = async (name: string, record?: RunRecord): Promise<readonly LedgerEntry[]> =>
  (await world.simulator.ledger(name)).entries.filter(({ atMs }) => atMs >= (record?.cloud?.window.start ?? 0));

describe("a front end that is known by itself", () => {
  test.each([
    ["httpUrl", { headers: "host: shop.execute-api.eu-central-1.amazonaws.com" }, "http-api", "shop"],
    ["restUrl", { "front-end": "rest-api:shop/prod" }, "rest-api", "shop/prod"],
    ["functionUrl", {}, "function-url", "shop"],
    ["albUrl", { "load-balancer": "app/shop/50dc6c495c0c9188" }, "alb", "app/shop/50dc6c495c0c9188"],
    ["cloudfrontUrl", { "front-end": "cloudfront:shop" }, "cloudfront", "shop"],
  ] as const)("%s with %j: counts and times are the ledger's", async (face, inputs, kind, name) => {
    const url = await deploy("shop", face);
    const { record } = await world.gate({ url, functions: "shop", ...inputs });
    const entries = await entriesOf("shop", record);
    const facts = record.cloud?.facts?.frontEnd;
    expect(record.cloud).toMatchObject({ state: "complete", seen: entries.length });
    expect(facts).toMatchObject({ kind, name, count: entries.length, clientErrors: 0, serverErrors: 0 });
    const latency = meanOf(entries.map(({ latencyMs }) => latencyMs));
    const integration = meanOf(entries.map(({ integrationMs }) => integrationMs));
    if (facts?.latencyMs) expect(facts.latencyMs.average).toBeCloseTo(latency, 3);
    if (kind === "alb") expect(facts?.integrationLatencyMs?.average).toBeCloseTo(integration, 3);
    if (kind === "rest-api" || kind === "http-api")
      expect((facts?.latencyMs?.average ?? 0) - (facts?.integrationLatencyMs?.average ?? 0)).toBeCloseTo(40, 0);
    expect(parseRecord(JSON.stringify(record))).toMatchObject({ ok: true, value: record });
  });

  test("CloudFront's metrics are asked for in us-east-1, everything else where the functions are", async () => {
    const url = await deploy("shop", "cloudfrontUrl");
    const before = (await world.simulator.cloudwatch()).calls.length;
    await world.gate({ url, functions: "shop", "front-end": "cloudfront:shop" });
    const calls = (await world.simulator.cloudwatch()).calls.slice(before);
    for (const { region, body } of calls)
      expect(region).toBe(JSON.stringify(body).includes("AWS/CloudFront") ? "us-east-1" : "eu-central-1");
    expect(new Set(calls.map(({ region }) => region)).size).toBe(2);
  });

  test("provisioned concurrency: how busy it was, and what ran beside it, are the ledger's", async () => {
    const change = { alias: "live", provisionedConcurrency: 2, durationMs: 60 };
    const url = await deploy("shop", "functionUrl", change);
    const { record } = await world.gate({ url, functions: "shop:live" });
    const entries = await entriesOf("shop", record);
    const spillover = entries.filter(({ provisioned }) => !provisioned).length;
    expect(spillover).toBeGreaterThan(0);
    expect(record.cloud?.functions[0]?.provisioned).toEqual({
      ...{ invocations: entries.length - spillover, spillover, utilisationMax: 1 },
    });
    expect(record.cloud?.notes).toContain(
      `The provisioned concurrency of shop:live was at most 100 % busy; ${spillover} calls ran on demand beside it.`,
    );
    expect(parseRecord(JSON.stringify(record))).toMatchObject({ ok: true, value: record });
  });

  test("claimed concurrency of the account is the ledger's largest", async () => {
    const url = await deploy("shop", "functionUrl");
    const { record } = await world.gate({ url, functions: "shop" });
    const claimed = Math.max(...(await entriesOf("shop")).map(({ account }) => account.claimed));
    expect(record.cloud?.facts?.account?.claimedMax).toBe(claimed);
  });
});

describe("a front end that is named alone, without functions", () => {
  const named = [
    ["restUrl", "rest-api:shop/prod"],
    ["httpUrl", "http-api:shop"],
    ["cloudfrontUrl", "cloudfront:shop"],
    ["albUrl", "alb"],
  ] as const;

  test.each(named)(
    "%s: credentials that have expired are told of before the load, and in the report",
    async (...row) => {
      const [face, frontEnd] = row;
      const url = await deploy("shop", face);
      await world.simulator.putCloudwatch({ expired: true });
      const { record, lines } = await world.gate({ url, "front-end": frontEnd });
      const [told, ...again] = lines.filter((line) => line.includes("have expired"));
      expect([told, again]).toEqual([
        "The AWS credentials have expired: let the role's session last longer than the run. The run goes on without what AWS saw.",
        [],
      ]);
      expect(lines.indexOf(told ?? "")).toBeLessThan(lines.findIndex((line) => line.includes("is ready after")));
      expect(record.totals.requests).toBeGreaterThan(20);
      // Of a load balancer without a name the names cannot be listed, either.
      const code = frontEnd === "alb" ? "cloud-incomplete" : "cloud-denied";
      expect(record.validity.problems.filter((problem) => problem.code.startsWith("cloud-"))).toMatchObject([
        { code, severity: "warning", message: expect.stringContaining("have expired") },
      ]);
    },
  );

  test("with credentials that work nothing is said, and one metric is read before the load", async () => {
    const url = await deploy("shop", "restUrl");
    const before = (await world.simulator.cloudwatch()).calls.length;
    const { record, lines } = await world.gate({ url, "front-end": "rest-api:shop/prod" });
    const [first] = (await world.simulator.cloudwatch()).calls.slice(before);
    expect(JSON.stringify(first?.body).match(/"MetricStat"/g)).toHaveLength(1);
    expect(record.cloud).toMatchObject({ state: "complete" });
    expect(record.validity.problems.filter(({ code }) => code.startsWith("cloud-"))).toEqual([]);
    expect(lines.filter((line) => line.includes("without what AWS saw"))).toEqual([]);
  });
});

describe("a front end whose name has to be found", () => {
  test("a REST API by the only name that counted what was sent", async () => {
    await deploy("other", "restUrl");
    const url = await deploy("shop", "restUrl");
    const { record } = await world.gate({ url, functions: "shop" });
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ kind: "rest-api", name: "shop" });
    expect(record.cloud?.facts?.frontEnd?.latencyMs?.average).toBeGreaterThan(40);
  });

  test("a load balancer by its host", async () => {
    const url = await deploy("shop", "albUrl");
    const headers = "host: shop-1234567.eu-central-1.elb.amazonaws.com";
    const { record } = await world.gate({ url, functions: "shop", headers });
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ kind: "alb", name: "app/shop/50dc6c495c0c9188" });
  });

  test("a distribution by the stack", async () => {
    const url = await deploy("shop", "cloudfrontUrl");
    const resources = [{ physicalId: "shop", type: "AWS::CloudFront::Distribution" }];
    await world.simulator.putCloudformation({ stacks: { preview: { outputs: { Url: url }, resources } } });
    const { record } = await world.gate({ url, functions: "shop", "stack-name": "preview" });
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ kind: "cloudfront", name: "shop" });
  });

  test("without the right to list names it is one note, the kind is known, and nothing else is missing", async () => {
    await world.simulator.putCloudwatch({ deny: ["ListMetrics"] });
    const url = await deploy("shop", "restUrl");
    const { record } = await world.gate({ url, functions: "shop" });
    expect(record.cloud).toMatchObject({ state: "complete" });
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ kind: "rest-api", name: null, count: null, latencyMs: null });
    const said = record.cloud?.notes.filter((note) => note.includes("front-end: rest-api:NAME/STAGE"));
    expect(said).toEqual([expect.stringContaining("may not call cloudwatch:ListMetrics")]);
  });

  test("a name under which nobody publishes leaves its figures unknown and says so", async () => {
    const url = await deploy("shop", "restUrl");
    const { record } = await world.gate({ url, functions: "shop", "front-end": "rest-api:shpo" });
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ kind: "rest-api", count: null, latencyMs: null });
    expect(record.cloud?.notes.join(" ")).toContain("AWS has no figures for the REST API shpo");
  });
});

describe("containers", () => {
  const container = { cluster: "main", service: "shop", tasks: 2, vcpu: 0.5, cpuMsPerRequest: 12, memoryPercent: 40 };
  const inputs = { ecs: "main/shop", "load-balancer": "app/shop/50dc6c495c0c9188" };

  test("the load balancer's count decides, and processor and tasks are the ledger's", async () => {
    const url = await deploy("shop", "albUrl", { container });
    const { record } = await world.gate({ url, ...inputs });
    const entries = await entriesOf("shop", record);
    expect(record.cloud).toMatchObject({ state: "complete", seen: entries.length, functions: [] });
    const { containers, frontEnd } = record.cloud?.facts ?? {};
    expect(frontEnd).toMatchObject({ kind: "alb-ecs", count: entries.length, serverErrors: 0, ownServerErrors: 0 });
    expect(containers).toMatchObject({ cluster: "main", service: "shop", tasks: 2, taskVcpu: 0.5 });
    expect(containers?.memory).toEqual({ average: 0.4, max: 0.4 });
    // Two tasks of half a vCPU: a request's 12 ms of a vCPU are 24 ms of a task.
    expect(containers?.busyTaskSeconds).toBeCloseTo(entries.length * 0.024, 6);
    expect(containersOfRun(record, 100)?.need).toMatchObject({ tasks: Math.ceil((100 * 0.024) / 0.7) });
    expect(containersOfRun(record, 100)?.need.taskMsPerRequest).toBeCloseTo(24, 6);
    expect(summarise(record).unmeasured).toEqual({});
    expect(parseRecord(JSON.stringify(record))).toMatchObject({ ok: true, value: record });
  });

  test("5xx are told apart by who made them", async () => {
    const url = await deploy("shop", "albUrl", { container, concurrencyLimit: 1, durationMs: 60 });
    const { record } = await world.gate({ url, ...inputs });
    const own = (await entriesOf("shop")).filter(
      ({ answeredBy, status }) => answeredBy === "front-end" && status >= 500,
    );
    expect(own.length).toBeGreaterThan(0);
    expect(record.cloud?.facts?.frontEnd).toMatchObject({ serverErrors: own.length, ownServerErrors: own.length });
  });

  test.each([
    ["short counts are partial", { lostShare: 0.3 }, {}, "partial"],
    ["no counts are incomplete", { empty: true }, {}, "incomplete"],
    [
      "a load balancer that is another one is incomplete",
      {},
      { "load-balancer": "app/shop/0123456789abcdef" },
      "incomplete",
    ],
    ["a refusal is denied", { denied: true }, {}, "denied"],
  ])("%s", async (_, cloudwatch, other, state) => {
    const url = await deploy("shop", "albUrl", { container });
    await world.simulator.putCloudwatch(cloudwatch);
    const { record } = await world.gate({ url, ...inputs, ...other, "metrics-timeout": "2s" });
    await world.simulator.putCloudwatch({ empty: false });
    expect(record.cloud?.state).toBe(state);
    expect(record.cloud?.reason).not.toBe("");
  });

  test("traffic of others is contaminated, and the load balancer's times are left out", async () => {
    const url = await deploy("shop", "albUrl", { container });
    const others = Array.from({ length: 60 }, async () => (await fetch(url)).arrayBuffer());
    const [{ record }] = await Promise.all([world.gate({ url, ...inputs }), ...others]);
    expect(record.cloud?.state).toBe("contaminated");
    expect(record.cloud?.reason).toContain("other traffic reached the load balancer before ECS");
    expect(record.cloud?.facts?.frontEnd?.integrationLatencyMs).toBeNull();
  });
});

describe("what the reads cost", () => {
  test("more than 500 metrics go in two calls a poll, and one note says that they are charged for", async () => {
    const names = Array.from({ length: 46 }, (_, i) => `shop${i}`);
    await Promise.all(names.map((name) => world.simulator.putFunction(name, defaultFunctionSettings)));
    const { functionUrl: url } = await world.simulator.putFunction("shop0");
    const before = (await world.simulator.cloudwatch()).calls.length;
    const inputs = { url, functions: names.join(","), logs: "off", "metrics-timeout": "2s" };
    const { record } = await world.gate({ ...inputs, "front-end": "function-url:shop0" });
    const { polls, facts, notes } = record.cloud ?? {};
    const metrics = (await world.simulator.cloudwatch()).calls
      .slice(before)
      .map(({ body }) => JSON.stringify(body).match(/"Id":/g)?.length ?? 0);
    expect(Math.max(...metrics)).toBe(500);
    expect(facts?.metricsRequested).toBe(metrics.reduce((sum, one) => sum + one, 0));
    expect(notes?.filter((note) => note.includes("charges"))).toEqual([
      expect.stringContaining(`in each of ${polls} polls, ${facts?.metricsRequested} in all`),
    ]);
  });

  test("a run with few metrics says what it cost and warns of nothing", async () => {
    const url = await deploy("shop", "httpUrl");
    const { record } = await world.gate({ url, functions: "shop", "front-end": "http-api:shop" });
    const reads = ((record.cloud?.facts?.metricsRequested ?? 0) / 1000) * 0.01;
    expect(reads).toBeGreaterThan(0);
    expect(costOfRun(record, 100)?.run).toBeGreaterThan(reads);
    expect(record.cloud?.notes.join(" ")).not.toContain("charges");
  });
});

describe("quotas", () => {
  test("API Gateway's applied quotas, else AWS's defaults", async () => {
    await world.simulator.putQuotas({ quotas: { "apigateway/L-8A5B8E43": { applied: 2_500 } } });
    const url = await deploy("shop", "restUrl");
    const { record } = await world.gate({ url, functions: "shop", "front-end": "rest-api:shop" });
    expect(record.cloud?.facts?.account).toMatchObject({
      ...{ concurrencyLimit: 1000, apiGatewayRate: 2_500, apiGatewayBurst: 5_000, apiGatewayTimeoutMs: 29_000 },
    });
  });

  test("a function URL meets no quota of API Gateway, and none is asked for", async () => {
    const before = (await world.simulator.quotas()).calls.length;
    const url = await deploy("shop", "functionUrl");
    await world.gate({ url, functions: "shop" });
    expect((await world.simulator.quotas()).calls.length).toBe(before);
  });

  test.each([
    ["the account's own", { applied: 800 }, 800],
    ["AWS's default", { applied: null }, 500],
  ])("network interfaces per VPC of a function in one: %s", async (_, quota, enisPerVpc) => {
    await world.simulator.putQuotas({ quotas: { "lambda/L-9FEE3D26": quota } });
    const url = await deploy("shop", "functionUrl", {
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
    });
    const { record } = await world.gate({ url, functions: "shop" });
    expect(record.cloud?.facts?.account).toMatchObject({ enisPerVpc });
    expect(headroomOf(record, 100)?.rows).toContainEqual(
      expect.objectContaining({ unit: "interfaces", needs: 2, has: enisPerVpc, from: "aws" }),
    );
  });

  test("Lambda's limit stands in where GetAccountSettings is denied", async () => {
    await world.simulator.putLambda({ ...well, deny: ["GetAccountSettings"] });
    const url = await deploy("shop", "functionUrl");
    const { record } = await world.gate({ url, functions: "shop" });
    await world.simulator.putLambda(well);
    expect(record.cloud?.facts?.account?.concurrencyLimit).toBe(1000);
  });

  test("denied: one note, and everything else works", async () => {
    await world.simulator.putQuotas({ denied: true });
    const url = await deploy("shop", "httpUrl", { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] });
    const { record } = await world.gate({ url, functions: "shop" });
    expect(record.cloud).toMatchObject({ state: "complete" });
    const said = record.cloud?.notes.filter((note) => note.includes("servicequotas:"));
    expect(said).toEqual([expect.stringMatching(/may not call servicequotas:GetServiceQuota.*default quotas/)]);
  });
});
