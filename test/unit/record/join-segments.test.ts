import { describe, expect, it } from "vitest";
import { namedAlike } from "../../../src/record/align-functions.ts";
import { joinSegments } from "../../../src/record/join-segments.ts";
import { epochMs, seconds } from "../../../src/units.ts";
import { calm, loadResult, task } from "../target/load-result.ts";
import { cloud, functionMetrics, latency, slice } from "./sample-record.ts";

const DISTRIBUTIONS = { dns: null, connect: latency(3, 4).histogram, tls: null, ttfb: null, download: null, lag: null };

const segment = (from: number, times: readonly number[], utilisation: number) => {
  const all = latency(...times);
  return loadResult(
    { ok: times.length },
    {
      window: { start: epochMs(from), end: epochMs(from + 2_000), seconds: seconds(2) },
      warm: { ok: 7 },
      response: all,
      service: all,
      tasks: [{ ...task({ ok: times.length }), response: all, service: all }],
      slices: [slice(0), slice(1)],
      distributions: DISTRIBUTIONS,
      generator: { ...calm, workers: 2, utilisation: { mean: utilisation, max: 1, shareAbove80: 0 }, linkMbit: 1000 },
    },
  );
};

describe("segments of one arm", () => {
  const joined = joinSegments(
    {
      segments: [segment(10_000, [10, 10, 10], 0.1), segment(90_000, [30], 0.6)],
      aside: [segment(50_000, [99, 99], 0.9)],
    },
    "run-time",
  );

  it("add up, without those that stand aside; percentiles from the sum of the histograms", () => {
    expect(joined.totals).toMatchObject({ requests: 4, rate: 1, connections: { opened: 40 } });
    expect(joined.totals.connections.connectMs?.p95).toBeCloseTo(4, 1);
    expect([joined.response.count, joined.tasks[0]?.requests]).toEqual([4, 4]);
    expect(joined.response.p50).toBeCloseTo(10, 1);
    expect(joined.response.p99).toBeCloseTo(30, 0);
    expect(joined.warmUp).toMatchObject({ start: 55_000, requests: 3 * 7 + 2 });
  });

  it("follow each other at once: measured seconds only, in a window from the first to the last", () => {
    expect(joined.window).toEqual({ start: 10_000, end: 92_000, seconds: 4 });
    expect(joined.slices.map(({ second }) => second)).toEqual([0, 1, 2, 3]);
    expect(joined.totals).toMatchObject({ steadyRate: 30, steadySeconds: 110 });
  });

  it("were sent by one machine, as well as it was at its worst", () => {
    expect(joined.generator).toMatchObject({ workers: 2, usersAsked: 20, linkMbit: 1000, utilisation: { mean: 0.6 } });
  });

  it("carry why the measurement ended", () =>
    expect(joinSegments({ segments: [segment(0, [1], 0)], aside: [] }, "interrupted").stopped).toBe("interrupted"));
});

describe("functions of both sides", () => {
  const called = (...names: readonly string[]) =>
    cloud({ functions: names.map((name) => functionMetrics({ function: name })) });

  it("get the head's names by their place", () =>
    expect(
      namedAlike(called("orders:live", "users:live"), called("orders:pr", "users:pr"))?.functions.map(
        (one) => one.function,
      ),
    ).toEqual(["orders:pr", "users:pr"]));

  it.each([
    ["there are not as many", called("a", "b"), called("x")],
    ["AWS was not asked about the head", called("a"), null],
  ])("keep their own where %s", (_, base, head) => expect(namedAlike(base, head)).toEqual(base));
});
