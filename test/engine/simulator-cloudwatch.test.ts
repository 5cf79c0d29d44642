import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDataQuery,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { defaultCloudwatchSettings } from "../../simulator/cloudwatch/settings.ts";

let simulator: Simulator;
let client: CloudWatchClient;
let startMs: number;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  client = new CloudWatchClient({
    region: "eu-central-1",
    endpoint: simulator.urls.cloudwatch,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const settings = { durationMs: 20, jitter: 0.3, initMs: 5, concurrencyLimit: 3, alias: "live", errorShare: 0.2 };
  const { functionUrl } = await simulator.putFunction("orders", settings);
  startMs = Date.now();
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 4 }, async () => (await fetch(functionUrl)).arrayBuffer()));
  }
});

afterAll(async () => {
  client.destroy();
  await simulator.stop();
});

beforeEach(async () => {
  await simulator.putCloudwatch(defaultCloudwatchSettings);
});

const query = (id: string, metric: string, stat: string, resource?: string): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: {
      Namespace: "AWS/Lambda",
      MetricName: metric,
      Dimensions: [
        { Name: "FunctionName", Value: "orders" },
        ...(resource === undefined ? [] : [{ Name: "Resource", Value: resource }]),
      ],
    },
    Period: 600,
    Stat: stat,
  },
});

const request = (...queries: MetricDataQuery[]): GetMetricDataCommandInput => ({
  StartTime: new Date(startMs),
  EndTime: new Date(startMs + 600_000),
  MetricDataQueries: queries,
});

/** The only value of each query, or undefined. */
async function ask(...queries: MetricDataQuery[]): Promise<Record<string, number | undefined>> {
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand(request(...queries)));
  for (const { Timestamps = [] } of MetricDataResults) {
    for (const at of Timestamps) expect(at.getTime()).toBe(Math.floor(startMs / 60_000) * 60_000);
  }
  return Object.fromEntries(MetricDataResults.map(({ Id = "", Values = [] }) => [Id, Values[0]]));
}

describe("the real SDK", () => {
  it("reads what the ledger holds", async () => {
    const { entries, counts } = await simulator.ledger("orders");
    expect(counts.requests).toBe(80);
    expect(counts.throttles).toBeGreaterThan(10);
    const worked = entries.filter((one) => one.outcome !== "throttled").map((one) => one.durationMs);
    const sorted = worked.toSorted((a, b) => a - b);
    const seen = await ask(
      query("calls", "Invocations", "Sum"),
      query("errors", "Errors", "Sum"),
      query("throttles", "Throttles", "Sum"),
      query("mean", "Duration", "Average"),
      query("p95", "Duration", "p95"),
      query("count", "Duration", "SampleCount"),
      query("most", "ConcurrentExecutions", "Maximum"),
    );
    expect(seen).toMatchObject({
      ...{ calls: counts.invocations, errors: counts.errors, throttles: counts.throttles },
      ...{ count: counts.invocations, most: 3, p95: sorted[Math.ceil(0.95 * sorted.length) - 1] },
    });
    expect(seen["mean"]).toBeCloseTo(worked.reduce((sum, one) => sum + one, 0) / worked.length, 6);
  });

  it("finds the alias, and nothing under dimensions that nobody publishes", async () => {
    const seen = await ask(
      query("plain", "Invocations", "Sum"),
      query("live", "Invocations", "Sum", "orders:live"),
      query("other", "Invocations", "Sum", "orders:7"),
    );
    expect(seen["live"]).toBe(seen["plain"]);
    expect(seen["other"]).toBeUndefined();
  });

  it("lists metrics by name and dimension", async () => {
    const filter = { Namespace: "AWS/Lambda", MetricName: "Duration", Dimensions: [{ Name: "Resource" }] };
    const { Metrics = [] } = await client.send(new ListMetricsCommand(filter));
    expect(Metrics.map(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value))).toEqual([
      ["orders", "orders:live"],
      ["orders", "orders:live", "1"],
    ]);
  });

  it("follows pages, newest first unless told otherwise", async () => {
    await simulator.putCloudwatch({ pageSize: 1 });
    const queries = [query("a", "Invocations", "Sum"), query("b", "Throttles", "Sum"), query("c", "Errors", "Sum")];
    const values: Record<string, number[]> = { a: [], b: [], c: [] };
    const codes: (string | undefined)[] = [];
    for await (const page of paginateGetMetricData({ client }, request(...queries))) {
      codes.push(page.MetricDataResults?.map(({ StatusCode }) => StatusCode?.[0]).join(""));
      for (const { Id = "", Values = [] } of page.MetricDataResults ?? []) values[Id]?.push(...Values);
    }
    expect(codes).toEqual(["CPP", "CCP", "CCC"]);
    const { invocations, throttles, errors } = (await simulator.ledger("orders")).counts;
    expect(values).toEqual({ a: [invocations], b: [throttles], c: [errors] });
  });

  it.each([
    ["a period that is no multiple of 60", { Period: 30, Stat: "Sum" }],
    ["an unknown statistic", { Period: 60, Stat: "median" }],
  ])("is refused %s", async (_, wrong) => {
    const good = query("a", "Duration", "Sum");
    const bad = { ...good, MetricStat: { Metric: good.MetricStat?.Metric, ...wrong } };
    await expect(client.send(new GetMetricDataCommand(request(bad)))).rejects.toMatchObject({
      name: expect.stringMatching(/^Validation/),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe("trouble", () => {
  const attempts = async () => (await simulator.cloudwatch()).calls.length;
  const invocations = query("calls", "Invocations", "Sum");

  it("shows nothing before the delay", async () => {
    await simulator.putCloudwatch({ delayMs: 3_600_000 });
    expect(await ask(invocations)).toEqual({ calls: undefined });
  });

  it("denies at the first attempt", async () => {
    await simulator.putCloudwatch({ denied: true });
    const before = await attempts();
    await expect(ask(invocations)).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    expect((await attempts()) - before).toBe(1);
  });

  it("throttles, and the SDK tries again", async () => {
    await simulator.putCloudwatch({ throttleFirst: 2 });
    const before = await attempts();
    expect((await ask(invocations))["calls"]).toBeGreaterThan(0);
    expect((await attempts()) - before).toBe(3);
    await simulator.putCloudwatch({ throttleFirst: 9 });
    await expect(ask(invocations)).rejects.toMatchObject({ name: "Throttling" });
  });

  it("answers InternalError for a while", async () => {
    await simulator.putCloudwatch({ internalError: 1 });
    const codes = [];
    for (let i = 0; i < 2; i++) {
      const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand(request(invocations)));
      codes.push(MetricDataResults[0]?.StatusCode);
    }
    expect(codes).toEqual(["InternalError", "Complete"]);
  });

  it("answers PartialData for a while, with half of the points and no way to the rest", async () => {
    await simulator.putCloudwatch({ partialFirst: 1 });
    const answers = [];
    for (let i = 0; i < 2; i++) {
      const { MetricDataResults = [], NextToken } = await client.send(new GetMetricDataCommand(request(invocations)));
      answers.push([MetricDataResults[0]?.StatusCode, MetricDataResults[0]?.Values?.length, NextToken]);
    }
    expect(answers).toEqual([
      ["PartialData", 0, undefined],
      ["Complete", 1, undefined],
    ]);
  });

  it("answers Forbidden for every query", async () => {
    await simulator.putCloudwatch({ forbidden: true });
    const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand(request(invocations)));
    expect(MetricDataResults[0]).toMatchObject({ StatusCode: "Forbidden", Values: [] });
  });

  it("denies one operation, and an old token everything", async () => {
    await simulator.putCloudwatch({ deny: ["ListMetrics"] });
    await expect(client.send(new ListMetricsCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    expect((await ask(invocations))["calls"]).toBeGreaterThan(0);
    await simulator.putCloudwatch({ expired: true });
    await expect(ask(invocations)).rejects.toMatchObject({ name: "ExpiredToken" });
  });

  it("shows nothing to a call for another region", async () => {
    await simulator.putAccount({ region: "us-east-1" });
    expect((await ask(invocations))["calls"]).toBeUndefined();
    await simulator.putAccount({ region: "eu-central-1" });
    expect((await ask(invocations))["calls"]).toBeGreaterThan(0);
  });

  it("counts the requests of the front end, refused ones included", async () => {
    const { restUrl } = await simulator.putFunction("shop", { durationMs: 5, gatewayRate: 1, gatewayBurst: 2 });
    for (let i = 0; i < 6; i++) await (await fetch(restUrl)).arrayBuffer();
    const { counts } = await simulator.ledger("shop");
    const Dimensions = [{ Name: "ApiName", Value: "shop" }];
    const of = (id: string, MetricName: string, Stat: string): MetricDataQuery => ({
      Id: id,
      MetricStat: { Metric: { Namespace: "AWS/ApiGateway", MetricName, Dimensions }, Period: 600, Stat },
    });
    const seen = await ask(of("all", "Count", "Sum"), of("bad", "4XXError", "Sum"));
    expect(seen).toEqual({ all: 6, bad: counts.notCounted });
    expect(counts.notCounted).toBeGreaterThan(0);
  });

  it("records signed calls with their body", async () => {
    await ask(invocations);
    const last = (await simulator.cloudwatch()).calls.at(-1);
    expect(last).toMatchObject({
      operation: "GetMetricData",
      signed: true,
      body: { MetricDataQueries: [{ Id: "calls" }] },
    });
  });
});
