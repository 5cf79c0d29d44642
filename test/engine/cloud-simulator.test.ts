/** The real SDK against the simulator's CloudWatch, from the requests themselves to the settled figures. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { type CloudWatch, createCloudWatch } from "../../src/adapters/aws/cloudwatch.ts";
import { nodeClock } from "../../src/adapters/node/clock.ts";
import type { FunctionRef } from "../../src/cloud/cloud.ts";
import type { Expectation } from "../../src/cloud/expectation.ts";
import { collectCloud } from "../../src/gate/collect-cloud.ts";
import { epochMs, millis } from "../../src/units.ts";
import { fakeLog } from "../fake-log.ts";

const SENT = 80;
const orders: FunctionRef = { label: "orders", name: "orders", qualifier: null, region: null };
const live: FunctionRef = { label: "orders:live", name: "orders", qualifier: "live", region: null };
const other: FunctionRef = { label: "other", name: "other", qualifier: null, region: null };
const well = {
  ...{ delayMs: 0, drip: 0, lostShare: 0, empty: false, denied: false, throttleFirst: 0, serverErrorFirst: 0 },
  ...{ internalError: 0, zeroSamples: true, foreignInvocations: 0, pageSize: null, slowMs: 0, message: null },
};

let simulator: Simulator;
let cloud: CloudWatch;
let start: number;
let end: number;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", simulator.urls.cloudwatch);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  const settings = { durationMs: 20, jitter: 0.3, initMs: 5, concurrencyLimit: 3, alias: "live" };
  const { functionUrl } = await simulator.putFunction("orders", settings);
  await simulator.putFunction("other", {});
  start = Date.now();
  for (let round = 0; round < SENT / 4; round += 1)
    await Promise.all(Array.from({ length: 4 }, async () => (await fetch(functionUrl)).arrayBuffer()));
  end = Date.now();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await simulator.stop();
});

beforeEach(async () => {
  await simulator.putCloudwatch(well);
  cloud = createCloudWatch({ region: "eu-central-1" });
});

type Scene = {
  readonly functions?: readonly FunctionRef[];
  readonly expected?: Expectation;
  readonly timeout?: number;
};

const collect = async ({ functions = [orders], expected, timeout = 8_000 }: Scene = {}) => {
  const result = await collectCloud({
    functions,
    span: { start: epochMs(start), end: epochMs(end + 2_000) },
    loadEnd: nodeClock.now(),
    expected: expected ?? { atLeast: SENT, atMost: SENT },
    timeout: millis(timeout),
    signal: new AbortController().signal,
    ports: {
      cloud,
      clock: nodeClock,
      log: fakeLog(),
    },
  });
  cloud.close();
  return result;
};

describe("what AWS saw, against the simulator's ledger", () => {
  test("counts, throttles and durations are the ledger's, function and alias", async () => {
    const truth = await simulator.summary("orders");
    const durations = (await simulator.ledger("orders")).entries
      .filter(({ outcome }) => outcome !== "throttled")
      .map(({ durationMs }) => durationMs);
    expect(truth.throttles).toBeGreaterThan(0);
    for (const ref of [orders, live]) {
      const result = await collect({ functions: [ref] });
      expect(result).toMatchObject({ state: "complete", seen: SENT, expected: SENT, polls: 2, reason: "" });
      const [figures] = result.functions;
      expect(figures).toMatchObject({
        function: ref.label,
        invocations: truth.invocations,
        throttles: truth.throttles,
        errors: 0,
        concurrencyMax: truth.maxConcurrent,
      });
      expect(figures?.duration.average).toBeCloseTo(truth.meanDurationMs ?? Number.NaN, 6);
      expect(figures?.duration.max).toBeCloseTo(Math.max(...durations), 6);
      expect(figures?.duration.p95).toBeGreaterThan(figures?.duration.p50 ?? Number.NaN);
    }
  });

  test("every call is signed, asks for one bucket over whole minutes, oldest first, and names no unit", async () => {
    const before = (await simulator.cloudwatch()).calls.length;
    const result = await collect();
    const calls = (await simulator.cloudwatch()).calls.slice(before);
    expect(calls).toHaveLength(result.polls);
    for (const { signed, operation, body } of calls) {
      expect([signed, operation]).toEqual([true, "GetMetricData"]);
      expect(body).toMatchObject({
        StartTime: result.window.start / 1000,
        EndTime: result.window.end / 1000,
        ScanBy: "TimestampAscending",
      });
      const text = JSON.stringify(body);
      expect(text).not.toContain("Unit");
      expect(new Set(text.match(/"Period":\d+/g))).toEqual(
        new Set([`"Period":${(result.window.end - result.window.start) / 1000}`]),
      );
    }
  });

  test("a silent Throttles series is 0 where Invocations are there", async () => {
    const sent = Date.now();
    const { functionUrl } = await simulator.putFunction("quiet", { durationMs: 5 });
    for (let request = 0; request < 5; request += 1) await (await fetch(functionUrl)).arrayBuffer();
    await simulator.putCloudwatch({ zeroSamples: false });
    const before = { start, end };
    [start, end] = [sent, Date.now()];
    const quiet = { ...orders, label: "quiet", name: "quiet" };
    const result = await collect({ functions: [quiet], expected: { atLeast: 5, atMost: 5 } });
    ({ start, end } = before);
    expect(result.functions).toMatchObject([{ invocations: 5, throttles: 0, errors: 0 }]);
  });
});

describe("late, short, foreign and refused", () => {
  test("figures that come late and in two parts are waited for", async () => {
    await simulator.putCloudwatch({ delayMs: Date.now() - start + 3_000, drip: 0.6 });
    const result = await collect({ timeout: 20_000 });
    expect(result).toMatchObject({ state: "complete", seen: SENT });
    expect(result.waited).toBeGreaterThanOrEqual(2_500);
  });

  test("figures that stay short are partial with the coverage", async () => {
    await simulator.putCloudwatch({ lostShare: 0.25 });
    const result = await collect({ timeout: 2_000 });
    expect(result.state).toBe("partial");
    expect(Math.abs((result.seen ?? 0) - 0.75 * SENT)).toBeLessThanOrEqual(2);
    expect(result.reason).toContain(`${result.seen} of 80 requests (7`);
  });

  test("no data is incomplete, and nothing is 0", async () => {
    await simulator.putCloudwatch({ empty: true });
    const result = await collect({ timeout: 1_500 });
    expect(result).toMatchObject({
      state: "incomplete",
      seen: null,
      functions: [{ invocations: null, throttles: null }],
    });
  });

  test("an alias that nobody publishes looks like no traffic", async () => {
    const result = await collect({ functions: [{ ...live, label: "orders:beta", qualifier: "beta" }], timeout: 1_500 });
    expect(result).toMatchObject({ state: "incomplete", seen: null });
    expect(result.reason).toContain("orders:beta");
  });

  test("one silent function of two is named", async () => {
    const result = await collect({ functions: [orders, other], timeout: 1_500 });
    expect(result).toMatchObject({ state: "partial" });
    expect(result.reason).toContain("and none of other until the end of metrics-timeout: it was not called");
    expect(result.functions).toMatchObject([
      { invocations: expect.any(Number) },
      { invocations: null, throttles: null },
    ]);
  });

  test("foreign traffic is contaminated and keeps Duration", async () => {
    await simulator.putCloudwatch({ foreignInvocations: 25 });
    const result = await collect();
    expect(result).toMatchObject({ state: "contaminated", seen: SENT + 25, expected: SENT, polls: 2 });
    expect(result.functions[0]?.duration.average).toBeGreaterThan(0);
  });

  test("denied is said at once, with the permission that is missing", async () => {
    await simulator.putCloudwatch({ denied: true });
    const result = await collect();
    expect(result).toMatchObject({ state: "denied", polls: 1 });
    expect(result.reason).toContain("cloudwatch:GetMetricData");
  });
});

describe("a service that stumbles", () => {
  test("throttled calls and internal errors are retried within one poll", async () => {
    await simulator.putCloudwatch({ throttleFirst: 2 });
    expect(await collect()).toMatchObject({ state: "complete", polls: 2 });
    await simulator.putCloudwatch({ serverErrorFirst: 2 });
    expect(await collect()).toMatchObject({ state: "complete", polls: 2 });
    await simulator.putCloudwatch({ internalError: 2 });
    expect(await collect()).toMatchObject({ state: "complete", polls: 2 });
  });

  test("an internal error that lasts for a poll is asked again in the next", async () => {
    await simulator.putCloudwatch({ internalError: 3 });
    expect(await collect()).toMatchObject({ state: "complete", polls: 3 });
  });

  test("an answer in many pages is one answer", async () => {
    await simulator.putCloudwatch({ pageSize: 2 });
    const result = await collect({ functions: [orders, live] });
    expect(result).toMatchObject({ state: "complete", seen: SENT });
    expect(result.functions.map(({ duration }) => duration.p99 !== null)).toEqual([true, true]);
  });

  test("CloudWatch's own words become a note", async () => {
    await simulator.putCloudwatch({ message: "be careful" });
    expect((await collect()).notes).toEqual(["CloudWatch says: Simulated: be careful"]);
  });

  test("an answer that takes longer than a poll may is asked for again, not waited for", async () => {
    await simulator.putCloudwatch({ slowMs: 3_000 });
    cloud = createCloudWatch({ region: "eu-central-1", pollTimeout: 200 });
    const result = await collect({ timeout: 1_500 });
    expect(result).toMatchObject({ state: "incomplete", seen: null });
    expect(result.reason).toContain("did not answer within 0.2 s");
    expect(result.waited).toBeLessThan(3_000);
  });
});
