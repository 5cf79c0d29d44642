import { describe, expect, it, test } from "vitest";
import { frontEndCounts, frontEndFacts, frontEndQueries } from "../../../src/cloud/front-end-metrics.ts";
import type { FrontEndRef } from "../../../src/cloud/front-end-ref.ts";
import { FRONT_ENDS, type FrontEnd } from "../../../src/cloud/front-ends.ts";

const ref = (kind: FrontEnd, stage: string | null = null) => ({ kind, name: "shop", stage, sure: true }) as const;

describe("what is asked", () => {
  it.each<[FrontEndRef & { readonly name: string }, string, Record<string, string>, readonly string[]]>([
    [
      ref("rest-api", "prod"),
      "AWS/ApiGateway",
      { ApiName: "shop", Stage: "prod" },
      ["Latency", "4XXError", "5XXError"],
    ],
    [ref("rest-api"), "AWS/ApiGateway", { ApiName: "shop" }, ["IntegrationLatency", "CacheHitCount"]],
    [ref("http-api"), "AWS/ApiGateway", { ApiId: "shop" }, ["Latency", "IntegrationLatency", "4xx", "5xx"]],
    [
      ref("function-url"),
      "AWS/Lambda",
      { FunctionName: "shop" },
      ["UrlRequestCount", "UrlRequestLatency", "Url5xxCount"],
    ],
    [ref("alb"), "AWS/ApplicationELB", { LoadBalancer: "shop" }, ["TargetResponseTime", "HTTPCode_ELB_5XX_Count"]],
    [ref("cloudfront"), "AWS/CloudFront", { DistributionId: "shop", Region: "Global" }, ["Requests", "5xxErrorRate"]],
  ])("%j", (of, namespace, dimensions, metrics) => {
    const queries = frontEndQueries(of);
    expect(new Set(queries.map((query) => query.namespace))).toEqual(new Set([namespace]));
    for (const query of queries) expect(query.dimensions).toEqual(dimensions);
    expect(queries.map(({ metric }) => metric)).toEqual(expect.arrayContaining([...metrics]));
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
  });

  test("only CloudFront is asked in another region", () => {
    for (const kind of FRONT_ENDS) {
      const regions = new Set(frontEndQueries(ref(kind)).map(({ region }) => region));
      expect(regions, kind).toEqual(new Set([kind === "cloudfront" ? "us-east-1" : undefined]));
    }
  });
});

describe("what the answers mean", () => {
  const alb = {
    ...{ fe_count: 1000, fe_integration_average: 0.025, fe_integration_p50: 0.02, fe_integration_p95: 0.06 },
    ...{ fe_server0: 12, fe_server1: 5, fe_own: 5, fe_integration_max: 0.4 },
  };

  test("seconds become milliseconds, 5xx are told apart, and what did not happen is 0", () => {
    expect(frontEndFacts(ref("alb"), alb, true)).toEqual({
      ...{ kind: "alb", name: "shop", count: 1000, latencyMs: null, clientErrors: 0, cacheHits: null },
      integrationLatencyMs: { average: 25, p50: 20, p95: 60, max: 400 },
      ...{ serverErrors: 17, ownServerErrors: 5 },
    });
  });

  test("without a count nothing is 0", () => {
    expect(frontEndFacts(ref("alb"), {}, true)).toMatchObject({
      ...{ count: null, clientErrors: null, serverErrors: null, ownServerErrors: null, integrationLatencyMs: null },
    });
  });

  test("times of other people's requests are left out", () => {
    expect(frontEndFacts(ref("alb"), alb, false)).toMatchObject({ count: 1000, integrationLatencyMs: null });
  });

  test("CloudFront's percentages become counts", () => {
    const values = { fe_count: 400, fe_client0: 2.5, fe_server0: 50, fe_cached: 25 };
    expect(frontEndFacts(ref("cloudfront"), values, true)).toMatchObject({
      ...{ clientErrors: 10, serverErrors: 200, cacheHits: 100, ownServerErrors: null },
    });
  });

  test("its count is what is waited for, and any figure that still moves is seen", () => {
    const before = frontEndCounts({ fe_count: 10, fe_own: 1, f0_invocations: 9 });
    expect(before).toMatchObject({ seen: 10, missing: [] });
    expect(frontEndCounts({ fe_count: 10, fe_own: 2 }).signature).not.toBe(before.signature);
    expect(frontEndCounts({}).seen).toBeNull();
  });
});
