import { describe, expect, test } from "vitest";
import type { LoadConfig } from "../../../src/config/config.ts";
import { foreseenRequests, planLoad } from "../../../src/load/plan-load.ts";
import { millis, perSecond, seconds } from "../../../src/units.ts";

const load: LoadConfig = {
  users: 20,
  spawnRate: perSecond(4),
  rate: null,
  stages: null,
  runTime: seconds(60),
  warmUp: seconds(5),
  preWarm: 0,
  waitTime: { kind: "constant", seconds: seconds(0.5) },
  timeout: millis(30_000),
  stopTimeout: millis(5000),
  seed: 1,
  maxRequests: 1_000_000,
  stopIf: null,
  workers: null,
  insecure: false,
  http2: false,
};
const plan = (url: string, change: Partial<LoadConfig> = {}) =>
  planLoad({ url, load: { ...load, ...change }, headers: { "x-a": "1" }, userAgent: "swarmgate/0 (r)" });

describe("the plan of a URL", () => {
  test.each([
    ["https://preview.example.com", "https://preview.example.com", "/", "GET /"],
    ["https://preview.example.com:8443/orders/", "https://preview.example.com:8443", "/orders/", "GET /orders/"],
    ["http://[::1]:3000/a?key=secret&b=2#part", "http://[::1]:3000", "/a?key=secret&b=2", "GET /a"],
    ["https://example.com:443/a b", "https://example.com", "/a%20b", "GET /a%20b"],
  ])("%s", (url, origin, path, name) => {
    const { tasks, ...rest } = plan(url);
    expect(rest.origin).toBe(origin);
    expect(tasks).toEqual([{ name, weight: 1, request: { method: "GET", path, headers: {}, body: null } }]);
  });

  test("carries the load as configured", () => {
    const { workers: _, ...planned } = load;
    expect(plan("http://a/")).toMatchObject({ ...planned, headers: { "x-a": "1" }, userAgent: "swarmgate/0 (r)" });
  });
});

describe("foreseen requests", () => {
  test("the default load is about 2,000 requests of a fast target", () => {
    const foreseen = foreseenRequests(plan("http://a/"), millis(70));
    expect(foreseen).toBeGreaterThan(1900);
    expect(foreseen).toBeLessThan(2200);
  });

  test.each([
    [{ users: 1, runTime: seconds(10), waitTime: { kind: "constant", seconds: seconds(1) } }, 0, 10],
    [{ users: 1, runTime: seconds(10), waitTime: { kind: "constant_pacing", seconds: seconds(1) } }, 700, 10],
    [{ users: 1, runTime: seconds(10), waitTime: { kind: "constant", seconds: seconds(1) } }, 1000, 5],
    // Users 2 and 3 would start at or after the end.
    [
      { users: 4, spawnRate: perSecond(1), runTime: seconds(2), waitTime: { kind: "constant", seconds: seconds(1) } },
      0,
      3,
    ],
    [{ users: 1, runTime: seconds(10), waitTime: { kind: "constant", seconds: seconds(0) }, maxRequests: 7 }, 1, 7],
  ] as const)("%# adds up", (change, latency, requests) => {
    expect(foreseenRequests(plan("http://a/", change), millis(latency))).toBe(requests);
  });
});
