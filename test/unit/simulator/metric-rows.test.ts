import { describe, expect, it } from "vitest";
import {
  httpDimensions,
  loadBalancerOf,
  restDimensions,
  targetGroupOf,
} from "../../../simulator/cloudwatch/front-end-rows.ts";
import { listMetrics, metricData } from "../../../simulator/cloudwatch/metric-data.ts";
import { parseMetricDataRequest } from "../../../simulator/cloudwatch/request.ts";
import type { MetricSource } from "../../../simulator/cloudwatch/samples.ts";
import { type CloudwatchSettings, defaultCloudwatchSettings } from "../../../simulator/cloudwatch/settings.ts";
import { defaultFunctionSettings, type FunctionSettings } from "../../../simulator/function-settings.ts";
import type { LedgerEntry, UncountedRequest } from "../../../simulator/ledger.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { entryAt } from "./ledger-fixture.ts";

const noon = Date.UTC(2026, 10, 21, 12);

type World = {
  readonly entries?: readonly Partial<LedgerEntry>[];
  readonly notCounted?: readonly Partial<UncountedRequest>[];
  readonly settings?: Partial<FunctionSettings>;
};

const sourceOf = ({ entries = [], notCounted = [], settings = {} }: World, name = "f"): MetricSource => ({
  name,
  settings: { ...defaultFunctionSettings, ...settings },
  entries: entries.map((one, index) => entryAt(noon + index, one)),
  notCounted: notCounted.map((one) => ({ atMs: epochMs(noon), face: "rest", reason: "status", status: 429, ...one })),
});

type Ask = { namespace?: string; metric: string; stat: string; dimensions: Readonly<Record<string, string>> };

function ask(
  worlds: readonly MetricSource[],
  { namespace = "AWS/Lambda", metric, stat, dimensions }: Ask,
  settings: Partial<CloudwatchSettings> = {},
  region: string | null = null,
): number | undefined {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: metric, Dimensions };
  const request = parseMetricDataRequest({
    ...{ StartTime: noon / 1000, EndTime: noon / 1000 + 600 },
    MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: 600, Stat: stat } }],
  });
  const cloud = { settings: { ...defaultCloudwatchSettings, ...settings }, nowMs: noon + 3_600_000, region };
  return metricData(request, { sources: worlds, ...cloud }).MetricDataResults[0]?.Values[0];
}

const ran = (durationMs: number, more: Partial<LedgerEntry> = {}): Partial<LedgerEntry> => ({
  ...{ durationMs: millis(durationMs), integrationMs: millis(durationMs), latencyMs: millis(durationMs + 3) },
  ...more,
});
const throttled: Partial<LedgerEntry> = { outcome: "throttled", answeredBy: "front-end", concurrent: 0 };

describe("AWS/Lambda", () => {
  const plain = { FunctionName: "f" };
  const live = { FunctionName: "f", Resource: "f:live" };

  it.each<[what: string, asked: Ask, expected: number | undefined]>([
    [
      "counts a version behind the alias",
      { metric: "Invocations", stat: "Sum", dimensions: { ...live, ExecutedVersion: "7" } },
      1,
    ],
    ["counts the alias over all versions", { metric: "Invocations", stat: "Sum", dimensions: live }, 3],
    ["counts the throttles of the region", { metric: "Throttles", stat: "Sum", dimensions: {} }, 2],
    ["knows the region's concurrency", { metric: "ConcurrentExecutions", stat: "Maximum", dimensions: {} }, 9],
    [
      "knows what is claimed of the account",
      { metric: "ClaimedAccountConcurrency", stat: "Maximum", dimensions: {} },
      12,
    ],
    ["knows the unreserved part", { metric: "UnreservedConcurrentExecutions", stat: "Maximum", dimensions: {} }, 4],
    [
      "counts what provisioned concurrency served",
      { metric: "ProvisionedConcurrencyInvocations", stat: "Sum", dimensions: live },
      2,
    ],
    [
      "counts what spilled over",
      { metric: "ProvisionedConcurrencySpilloverInvocations", stat: "Sum", dimensions: live },
      1,
    ],
    [
      "tells how far it was used",
      { metric: "ProvisionedConcurrencyUtilization", stat: "Maximum", dimensions: live },
      0.75,
    ],
    [
      "has provisioned metrics for the alias only",
      { metric: "ProvisionedConcurrencyInvocations", stat: "Sum", dimensions: plain },
      undefined,
    ],
    [
      "has no throttle by resource for ordinary functions",
      { metric: "ConcurrencyThrottles", stat: "Sum", dimensions: plain },
      undefined,
    ],
  ])("%s", (...[, asked, expected]) => {
    const account = { concurrent: 9, unreserved: 4, claimed: 12 };
    const source = sourceOf({
      settings: { alias: "live", provisionedConcurrency: 4 },
      entries: [
        ran(5, { version: "6", provisioned: true, concurrent: 3, account }),
        ran(5, { version: "6", provisioned: true }),
        ran(5, { version: "7" }),
        throttled,
      ],
    });
    const other = sourceOf({ entries: [throttled] }, "other");
    expect(ask([source, other], asked)).toBe(expected);
  });

  it("says of each throttle of Managed Instances which resource ran out", () => {
    const source = sourceOf({ settings: { perEnvironmentConcurrency: 8 }, entries: [throttled, throttled, ran(1)] });
    const sum = (metric: string) => ask([source], { metric, stat: "Sum", dimensions: plain });
    expect([sum("ConcurrencyThrottles"), sum("CPUThrottles"), sum("Throttles")]).toEqual([2, 0, 2]);
  });

  it("counts every request of the Function URL, the refused ones too", () => {
    const url = { face: "function-url" } as const;
    const source = sourceOf({
      entries: [ran(20, url), ran(20, { ...throttled, ...url, status: 429 }), ran(20, { ...url, status: 502 }), ran(9)],
      notCounted: [{ ...url, status: 403 }],
    });
    const sum = (metric: string) => ask([source], { metric, stat: "Sum", dimensions: plain });
    expect(["UrlRequestCount", "Url4xxCount", "Url5xxCount"].map(sum)).toEqual([4, 2, 1]);
  });
});

describe("front ends", () => {
  const source = (face: "rest" | "http" | "alb") =>
    sourceOf({
      entries: [
        ran(100, { face }),
        ran(100, { face }),
        ran(100, { face, outcome: "error", status: 502, answeredBy: "front-end" }),
        { ...throttled, face, status: 503, integrationMs: millis(0), latencyMs: millis(0) },
        ran(7, { face: "function-url" }),
      ],
      notCounted: [{ face, status: 429 }],
    });

  const api = "AWS/ApiGateway";
  const alb = "AWS/ApplicationELB";
  const balancer = { LoadBalancer: loadBalancerOf("f") };
  const group = { ...balancer, TargetGroup: targetGroupOf("f") };

  it.each<["rest" | "http" | "alb", asked: Ask, expected: number | undefined]>([
    ["rest", { namespace: api, metric: "Count", stat: "Sum", dimensions: restDimensions("f") }, 5],
    ["rest", { namespace: api, metric: "Count", stat: "SampleCount", dimensions: { ApiName: "f" } }, 5],
    ["rest", { namespace: api, metric: "4XXError", stat: "Sum", dimensions: restDimensions("f") }, 1],
    ["rest", { namespace: api, metric: "5XXError", stat: "Average", dimensions: restDimensions("f") }, 0.4],
    ["rest", { namespace: api, metric: "Latency", stat: "Maximum", dimensions: restDimensions("f") }, 103],
    ["rest", { namespace: api, metric: "IntegrationLatency", stat: "Average", dimensions: restDimensions("f") }, 75],
    ["rest", { namespace: api, metric: "4xx", stat: "Sum", dimensions: restDimensions("f") }, undefined],
    ["http", { namespace: api, metric: "4xx", stat: "Sum", dimensions: httpDimensions("f") }, 1],
    ["http", { namespace: api, metric: "5xx", stat: "Sum", dimensions: { ApiId: "f" } }, 2],
    ["http", { namespace: api, metric: "5XXError", stat: "Sum", dimensions: httpDimensions("f") }, undefined],
    ["alb", { namespace: alb, metric: "RequestCount", stat: "Sum", dimensions: balancer }, 5],
    ["alb", { namespace: alb, metric: "TargetResponseTime", stat: "Average", dimensions: group }, 0.1],
    ["alb", { namespace: alb, metric: "HTTPCode_Target_2XX_Count", stat: "Sum", dimensions: group }, 2],
    ["alb", { namespace: alb, metric: "HTTPCode_Target_5XX_Count", stat: "Sum", dimensions: group }, undefined],
    ["alb", { namespace: alb, metric: "HTTPCode_ELB_5XX_Count", stat: "Sum", dimensions: balancer }, 2],
    ["alb", { namespace: alb, metric: "HTTPCode_ELB_502_Count", stat: "Sum", dimensions: balancer }, 1],
    ["alb", { namespace: alb, metric: "HTTPCode_ELB_5XX_Count", stat: "Sum", dimensions: group }, undefined],
    ["alb", { namespace: alb, metric: "LambdaUserError", stat: "Sum", dimensions: group }, 1],
  ])("%s: %j", (face, asked, expected) => {
    const value = ask([source(face)], asked);
    if (expected === undefined) expect(value).toBeUndefined();
    else expect(value).toBeCloseTo(expected, 9);
  });
});

describe("a container service", () => {
  const container = { cluster: "c", service: "s", tasks: 2, vcpu: 0.5, cpuMsPerRequest: 30, memoryPercent: 40 };
  const dimensions = { ClusterName: "c", ServiceName: "s" };
  const source = sourceOf({
    settings: { container },
    entries: Array.from({ length: 400 }, () => ran(1, { face: "alb" })),
  });

  it.each([
    ["AWS/ECS", "CPUUtilization", 20],
    ["AWS/ECS", "MemoryUtilization", 40],
    ["ECS/ContainerInsights", "RunningTaskCount", 2],
  ])("%s %s is %d", (namespace, metric, expected) => {
    expect(ask([source], { namespace, metric, stat: "Average", dimensions })).toBe(expected);
  });

  it("has a sample for each of its tasks, and Container Insights tell what a task has", () => {
    const asked = { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions };
    expect(ask([source], { ...asked, stat: "SampleCount" })).toBe(2);
    expect(ask([source], { ...asked, stat: "Sum" })).toBe(40);
    const units = { namespace: "ECS/ContainerInsights", metric: "CpuReserved", stat: "Average", dimensions };
    expect(ask([source], units)).toBe(512);
  });

  it("is nothing that Lambda counts", () => {
    const asked = { metric: "Invocations", stat: "Sum", dimensions: { FunctionName: "f" } };
    expect(ask([source], asked)).toBeUndefined();
  });
});

describe("a distribution", () => {
  const dimensions = { DistributionId: "f", Region: "Global" };
  const source = sourceOf({
    entries: [ran(10, { cloudfront: true }), { ...throttled, cloudfront: true, status: 429 }, ran(10)],
    notCounted: [{ atMs: epochMs(noon), face: "cloudfront", reason: "cached", status: 200 }],
  });

  it.each([
    ["Requests", "Sum", 3],
    ["4xxErrorRate", "Average", 100 / 3],
    ["5xxErrorRate", "Average", 0],
    ["CacheHitRate", "Average", 100 / 3],
    ["OriginLatency", "Maximum", 13],
  ])("%s %s is %d, in us-east-1 only", (metric, stat, expected) => {
    const asked = { namespace: "AWS/CloudFront", metric, stat, dimensions };
    expect(ask([source], asked, {}, "us-east-1")).toBeCloseTo(expected, 6);
    expect(ask([source], asked, {}, "eu-central-1")).toBeUndefined();
  });
});

describe("faults", () => {
  const asked = { metric: "Invocations", stat: "Sum", dimensions: { FunctionName: "f" } };
  const url = { face: "function-url" } as const;
  const source = sourceOf({ entries: [ran(1, url), ran(2, url), { ...throttled, ...url }] });

  it.each<[what: string, settings: Partial<CloudwatchSettings>, expected: number | undefined]>([
    ["none", {}, 2],
    ["each sample twice", { copies: 2 }, 4],
    ["throttles among the invocations", { throttlesAsInvocations: true }, 3],
    ["forbidden", { forbidden: true }, undefined],
    ["somebody else's", { foreignInvocations: 5 }, 7],
    [
      "a constant",
      {
        constants: [
          {
            namespace: "AWS/Lambda",
            metric: "Invocations",
            dimensions: { FunctionName: "f" },
            statistics: { Sum: 99 },
          },
        ],
      },
      99,
    ],
    [
      "a constant without that statistic",
      { constants: [{ namespace: "AWS/Lambda", metric: "Invocations", dimensions: { FunctionName: "f" } }] },
      undefined,
    ],
  ])("%s", (...[, settings, expected]) => {
    expect(ask([source], asked, settings)).toBe(expected);
  });

  it("leaves percentiles alone when each sample is counted twice", () => {
    const duration = { ...asked, metric: "Duration", stat: "Average" };
    expect(ask([source], duration, { copies: 2 })).toBe(1.5);
    expect(ask([source], { ...duration, stat: "SampleCount" }, { copies: 2 })).toBe(4);
  });

  it("lists a constant next to what the ledger publishes, each once", () => {
    const constants = [{ namespace: "AWS/ECS", metric: "CPUUtilization", dimensions: { ClusterName: "c" } }];
    const list = (filter: object) =>
      listMetrics(filter, {
        sources: [source, source],
        settings: { ...defaultCloudwatchSettings, constants },
        nowMs: noon + 3_600_000,
        region: null,
      });
    expect(list({ Namespace: "AWS/ECS" })).toEqual({
      Metrics: [
        { Namespace: "AWS/ECS", MetricName: "CPUUtilization", Dimensions: [{ Name: "ClusterName", Value: "c" }] },
      ],
    });
    const invocations = list({
      Namespace: "AWS/Lambda",
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName" }],
    });
    expect(invocations).toMatchObject({ Metrics: [{ Dimensions: [{ Name: "FunctionName", Value: "f" }] }] });
  });
});
