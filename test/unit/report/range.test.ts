import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/judge/verdict.ts";
import { rangeOf } from "../../../src/report/range.ts";
import { evidence, judged, metric, points, ratio } from "../../golden/fixtures.ts";

const range = (id: string, limit: string, change: Change | null, head = 20) =>
  rangeOf(metric(id, judged("pass", "", evidence(change === null ? null : 20, head, change, null)), { limit }));

describe("a change measured by its limit", () => {
  it.each([
    ["no change is 0", range("p50", "+10%", ratio(1, 1, 1)), 0],
    ["the limit itself is 1", range("p50", "+10%", ratio(1.1, 1.1, 1.1)), 1],
    ["better is below 0", range("p50", "+10%", ratio(0.9, 0.9, 0.9)), -1.105],
    ["the floor counts where it is wider: 5 ms of 20 ms", range("p50", "+10% and +5ms", ratio(1.25, 1.2, 1.3)), 1],
    ["the share counts where it is wider", range("p50", "+50% and +1ms", ratio(1.5, 1.4, 1.6)), 1],
    ["less throughput is worse", range("throughput", "-10%", ratio(0.9, 0.9, 0.9)), 1],
  ])("%s", (_, found, expected) => {
    expect(found?.estimate).toBeCloseTo(expected, 3);
  });

  it("low is the better end, also where less is worse", () => {
    const rising = range("p50", "+10%", ratio(1.05, 0.95, 1.2))!;
    expect([rising.low < 0, rising.high > 1]).toEqual([true, true]);
    const falling = range("throughput", "-10%", ratio(0.95, 0.8, 1.05))!;
    expect([falling.low < 0, falling.high > 1]).toEqual([true, true]);
  });

  it("points: events beyond the share are the limit when they are more", () => {
    const change = points(0.005, 0.001, 0.009);
    expect(range("failure-rate", "+0.5pp", change)?.estimate).toBeCloseTo(1);
    // 24 failures more of 2,400 requests are one point.
    expect(range("failure-rate", "+0.5pp and +24", change)?.estimate).toBeCloseTo(0.5);
  });

  it("a fixed limit needs no base", () => {
    expect(range("p95", "<= 500ms", null, 250)).toEqual({ estimate: 0.5, low: 0.5, high: 0.5 });
    expect(range("throughput", ">= 100", null, 50)?.estimate).toBe(1.5);
    expect(range("lambda-throttles", "<= 0%", null, 0.1)?.estimate).toBeGreaterThan(1);
    expect(range("lambda-throttles", "<= 0%", null, 0)?.estimate).toBe(0);
  });

  it.each([
    ["no limit", range("p99", "", ratio(1.05, 1, 1.1))],
    ["a change that was not judged", range("p50", "+10%", null)],
    ["a finding without evidence", rangeOf(metric("p50", { kind: "no-baseline", head: 2, reason: "" }))],
  ])("there is none with %s", (_, found) => {
    expect(found).toBeNull();
  });

  it("a bound that is not finite leaves the estimate where it is", () => {
    const open = range("p50", "+10%", ratio(1.1, 0, Number.POSITIVE_INFINITY))!;
    expect([open.estimate.toFixed(3), open.high]).toEqual(["1.000", Number.POSITIVE_INFINITY]);
    expect(Number.isFinite(open.low)).toBe(true);
  });
});
