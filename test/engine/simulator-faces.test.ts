import { Agent, get } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { FunctionChange } from "../../simulator/function-settings.ts";
import { defaultFunctionSettings } from "../../simulator/function-settings.ts";

let simulator: Simulator;
const exact = { jitter: 0, environmentSpread: 0, initMs: 0 };

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"], seed: 5 });
});
afterAll(() => simulator.stop());

let name = "";
beforeEach(({ task }) => {
  name = task.id;
});

const open = (change: FunctionChange) => simulator.putFunction(name, change);
const reconfigure = (change: FunctionChange) => simulator.putFunction(name, change);

async function ask(url: string) {
  const began = performance.now();
  const response = await fetch(url, { redirect: "manual" });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, tookMs: performance.now() - began };
}

describe("what a caller sees", () => {
  it("an answer that names the commit", async () => {
    const { functionUrl, restUrl } = await open({ ...exact, durationMs: 1, commit: "abc1234def", bodyBytes: 500 });
    for (const url of [functionUrl, `${restUrl}/any/path?x=1`]) {
      const { status, headers, body } = await ask(url);
      expect([status, headers.get("x-commit"), body.length]).toEqual([200, "abc1234def", 500]);
      expect(JSON.parse(body).commit).toBe("abc1234def");
      expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.each([
    ["reserved", "ReservedFunctionConcurrentInvocationLimitExceeded"],
    ["account", "ConcurrentInvocationLimitExceeded"],
  ] as const)("a throttle by the %s limit", async (limitKind, Reason) => {
    const { functionUrl, restUrl } = await open({ concurrencyLimit: 0, limitKind });
    const url = await ask(functionUrl);
    expect(url.status).toBe(429);
    expect(JSON.parse(url.body)).toEqual({ Reason, Type: "User", message: "Rate Exceeded." });
    expect(url.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
    const rest = await ask(restUrl);
    expect([rest.status, rest.body]).toEqual([500, '{"message":"Internal server error"}']);
    expect(rest.headers.get("x-amzn-errortype")).toBe("InternalServerErrorException");
    expect((await simulator.ledger(name)).counts).toMatchObject({ requests: 2, throttles: 2, invocations: 0 });
  });

  it("a function error", async () => {
    const { functionUrl, restUrl } = await open({ ...exact, durationMs: 1, errorShare: 1 });
    const [url, rest] = [await ask(functionUrl), await ask(restUrl)];
    expect([url.status, url.body]).toEqual([502, "Internal Server Error"]);
    expect([rest.status, rest.body]).toEqual([502, '{"message":"Internal server error"}']);
    expect((await simulator.ledger(name)).counts).toMatchObject({ errors: 2, invocations: 2 });
  });

  it("the REST integration timeout, which the Function URL does not have", async () => {
    const { functionUrl, restUrl } = await open({ ...exact, durationMs: 300, gatewayTimeoutMs: 100 });
    const [url, rest] = await Promise.all([ask(functionUrl), ask(restUrl)]);
    expect([rest.status, rest.body]).toEqual([504, '{"message":"Endpoint request timed out"}']);
    expect(rest.tookMs).toBeLessThan(290);
    expect([url.status, url.tookMs > 299]).toEqual([200, true]);
  });
});

describe("switches", () => {
  it("a status of the gateway, which Lambda never hears of", async () => {
    const { restUrl } = await open({ status: 302, location: "https://login.example/" });
    const { status, headers } = await ask(restUrl);
    expect([status, headers.get("location")]).toEqual([302, "https://login.example/"]);
    const { counts, notCounted } = await simulator.ledger(name);
    expect([counts.requests, counts.notCounted, notCounted[0]?.status]).toEqual([0, 1, 302]);
  });

  it("a status of the function, which is an invocation like any other", async () => {
    const { restUrl } = await open({ ...exact, durationMs: 1, status: 503, statusBy: "function" });
    expect((await ask(restUrl)).status).toBe(503);
    expect((await simulator.ledger(name)).counts).toMatchObject({ invocations: 1, ok: 1, notCounted: 0 });
  });

  it("a share of requests", async () => {
    const { restUrl } = await open({ ...exact, durationMs: 0, status: 401, statusShare: 0.3 });
    const statuses = await Promise.all(Array.from({ length: 300 }, async () => (await ask(restUrl)).status));
    const refused = statuses.filter((status) => status === 401).length;
    expect(refused).toBeGreaterThan(60);
    expect(refused).toBeLessThan(120);
    expect((await simulator.ledger(name)).counts).toMatchObject({ invocations: 300 - refused, notCounted: refused });
  });

  it("down, and up again on the same address", async () => {
    const { functionUrl } = await open({ ...exact, durationMs: 1, down: true });
    await expect(fetch(functionUrl)).rejects.toThrow();
    await reconfigure({ down: false });
    expect((await ask(functionUrl)).status).toBe(200);
  });

  it("a delay of the gateway, outside Duration", async () => {
    const { restUrl } = await open({ ...exact, durationMs: 5, extraDelayMs: 80 });
    await ask(restUrl);
    const [entry] = (await simulator.ledger(name)).entries;
    expect(entry?.durationMs).toBe(5);
    expect(entry?.servedMs).toBeGreaterThanOrEqual(85);
  });

  it("a stop of the world, once", async () => {
    const { restUrl } = await open({ ...exact, durationMs: 5 });
    await reconfigure({ freezeMs: 200 });
    const frozen = await ask(restUrl);
    expect(frozen.tookMs).toBeGreaterThan(150);
    expect((await ask(restUrl)).tookMs).toBeLessThan(150);
  });

  it("a fresh pool when asked or when the code changed, and not otherwise", async () => {
    const { restUrl } = await open({ durationMs: 1 });
    const coldAfter = async (change: FunctionChange) => {
      await reconfigure(change);
      await ask(restUrl);
      return (await simulator.ledger(name)).counts.coldStarts;
    };
    const cold = [];
    for (const change of [{}, { jitter: 0.2 }, { fresh: true }, { durationMs: 1 }, { durationMs: 2 }]) {
      cold.push(await coldAfter(change));
    }
    expect(cold).toEqual([1, 1, 2, 2, 3]);
  });

  it("refuses a setting it does not know", async () => {
    await expect(open({ durationMS: 3 } as FunctionChange)).rejects.toThrow("durationMS is not a setting");
  });
});

describe("time", () => {
  it("never answers before the model says, under a few hundred requests a second", async () => {
    const { functionUrl } = await open({ durationMs: 7.66, jitter: 0.2, initMs: 0, concurrencyLimit: 100 });
    const agent = new Agent({ keepAlive: true });
    const request = () =>
      new Promise<void>((resolve, reject) => {
        get(functionUrl, { agent }, (response) => response.resume().once("end", () => resolve())).once("error", reject);
      });
    const worker = async () => {
      for (let i = 0; i < 100; i++) await request();
    };
    await Promise.all([worker(), worker(), worker()]);
    agent.destroy();
    const { entries } = await simulator.ledger(name);
    expect(entries).toHaveLength(300);
    const late = entries.map(({ servedMs, durationMs, initMs }) => (servedMs ?? Number.NaN) - durationMs - initMs);
    const sorted = late.toSorted((a, b) => a - b);
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
  });

  it("tells in its summary what its ledger holds", async () => {
    const { restUrl } = await open({ ...exact, durationMs: 10, concurrencyLimit: 2 });
    for (let i = 0; i < 5; i++) await Promise.all([ask(restUrl), ask(restUrl), ask(restUrl)]);
    const { entries } = await simulator.ledger(name);
    const cut = entries[6]?.atMs ?? 0;
    const [all, tail] = [await simulator.summary(name), await simulator.summary(name, { from: cut })];
    expect(all).toMatchObject({ invocations: 10, throttles: 5, errors: 0, meanDurationMs: 10, maxConcurrent: 2 });
    expect(tail.invocations + tail.throttles).toBe(9);
    expect(all.p95ServedMs).toBeGreaterThanOrEqual(10);
    await simulator.resetFunction(name);
    expect((await simulator.summary(name)).invocations).toBe(0);
  });
});

it("starts with the settings of the documentation", async () => {
  const { settings } = await open({});
  expect(settings).toEqual(defaultFunctionSettings);
});
