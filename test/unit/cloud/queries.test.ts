import { describe, expect, test } from "vitest";
import { buildQueries } from "../../../src/cloud/queries.ts";
import { cloudRegion } from "../../../src/cloud/region.ts";
import { cloudWindow, loadSpan } from "../../../src/cloud/window.ts";
import { epochMs } from "../../../src/units.ts";
import { loadResult } from "../target/load-result.ts";
import { cart, live, orders } from "./cloud-scene.ts";

describe("queries", () => {
  const asked = buildQueries([orders, live]);
  const of = (metric: string, resource: string | undefined) =>
    asked
      .filter((query) => query.metric === metric && query.dimensions["Resource"] === resource)
      .map(({ statistic }) => statistic);

  test("each function is asked about every figure of the report, with its own statistic", () => {
    for (const resource of [undefined, "orders:live"]) {
      expect(of("Invocations", resource)).toEqual(["Sum"]);
      expect(of("Errors", resource)).toEqual(["Sum"]);
      expect(of("Throttles", resource)).toEqual(["Sum"]);
      expect(of("ConcurrentExecutions", resource)).toEqual(["Maximum"]);
      expect(of("Duration", resource).toSorted()).toEqual(
        ["Average", "Maximum", "SampleCount", "p50", "p90", "p95", "p99"].toSorted(),
      );
    }
  });

  test("a whole function has one dimension, an alias exactly two", () => {
    const sets = new Set(asked.map(({ dimensions }) => JSON.stringify(dimensions)));
    expect([...sets]).toEqual(['{"FunctionName":"orders"}', '{"FunctionName":"orders","Resource":"orders:live"}']);
  });

  test("ids are valid for CloudWatch and unique, for sixty functions too", () => {
    const many = buildQueries(Array.from({ length: 60 }, (_, index) => ({ ...cart, name: `fn-${index}` })));
    expect(new Set(many.map(({ id }) => id)).size).toBe(many.length);
    for (const { id } of many) expect(id).toMatch(/^[a-z][A-Za-z0-9_]{0,254}$/);
  });
});

describe("the window is whole minutes, start down and end up", () => {
  test.each<[string, [number, number], [number, number]]>([
    ["inside one minute", [60_001, 60_500], [60_000, 120_000]],
    ["across minutes", [85_000, 185_001], [60_000, 240_000]],
    ["exactly on minutes", [60_000, 180_000], [60_000, 180_000]],
    ["an empty span still has one minute", [60_000, 60_000], [60_000, 120_000]],
  ])("%s", (_, [start, end], [from, to]) => {
    expect(cloudWindow(epochMs(start), epochMs(end))).toEqual({ start: from, end: to });
  });

  test("the span begins with the warm-up and allows the last request to arrive in the next minute", () => {
    const load = loadResult({ ok: 1 });
    expect(loadSpan(load).start).toBe(55_000);
    expect(cloudWindow(loadSpan(load).start, loadSpan(load).end)).toEqual({ start: 0, end: 180_000 });
    expect(loadSpan({ ...load, warmUp: { ...load.warmUp, start: null } }).start).toBe(60_000);
  });
});

describe("one gate reads one region", () => {
  const inRegion = (region: string | null) => ({ ...orders, region });
  test.each<[string, (string | null)[], string | null, string | null | undefined]>([
    ["nothing named leaves it to the SDK", [null], null, null],
    ["the ARN's", [null, "eu-west-1"], null, "eu-west-1"],
    ["the configured one", [null], "us-east-1", "us-east-1"],
    ["two that agree", ["eu-west-1", "eu-west-1"], "eu-west-1", "eu-west-1"],
    ["two ARNs that do not", ["eu-west-1", "us-east-1"], null, undefined],
    ["an ARN of another region than configured", ["eu-west-1"], "us-east-1", undefined],
  ])("%s", (_, regions, configured, expected) => {
    const region = cloudRegion(regions.map(inRegion), configured);
    expect(region.ok ? region.value : undefined).toBe(expected);
  });
});
