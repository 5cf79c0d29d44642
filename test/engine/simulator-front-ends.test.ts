import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { FunctionUrls } from "../../simulator/control-contract.ts";
import type { FunctionChange } from "../../simulator/function-settings.ts";
import type { FaceName } from "../../simulator/ledger.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"], seed: 5 });
});
afterAll(() => simulator.stop());

let name = "";
beforeEach(({ task }) => {
  name = task.id;
});

const exact = { jitter: 0, environmentSpread: 0, initMs: 0, durationMs: 1 };
const urlOf = (urls: FunctionUrls, face: FaceName): string =>
  ({
    "function-url": urls.functionUrl,
    rest: urls.restUrl,
    http: urls.httpUrl,
    alb: urls.albUrl,
    cloudfront: urls.cloudfrontUrl,
  })[face];

async function ask(face: FaceName, change: FunctionChange, request: { path?: string; body?: string } = {}) {
  const urls = await simulator.putFunction(name, { ...exact, ...change });
  const { path = "/orders", body } = request;
  const sent = body === undefined ? {} : { method: "POST", body };
  const response = await fetch(`${urlOf(urls, face)}${path}`, { redirect: "manual", ...sent });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const counts = async () => (await simulator.ledger(name)).counts;
const json = (body: unknown): string => JSON.stringify(body);
const internal = json({ message: "Internal server error" });
const broken = json({ message: "Internal Server Error" });
const unavailable = json({ message: "Service Unavailable" });
const forbidden = json({ message: "Forbidden" });
const tooMany = json({ message: "Too Many Requests" });
const albTitle = (title: string) => expect.stringContaining(`<title>${title}</title>`);

describe("what Lambda does, told by each front end", () => {
  const throttled: FunctionChange = { concurrencyLimit: 0 };
  const failing: FunctionChange = { errorShare: 1 };
  const overdue: FunctionChange = { durationMs: 50, timeoutMs: 10 };
  const large: FunctionChange = { bodyBytes: 6_400_000 };

  it.each<[face: FaceName, what: string, change: FunctionChange, answer: readonly [status: number, body: unknown]]>([
    ["function-url", "a throttle", throttled, [429, expect.stringContaining('"message":"Rate Exceeded."')]],
    ["rest", "a throttle", throttled, [500, internal]],
    ["http", "a throttle", throttled, [503, unavailable]],
    ["http", "a throttle by the other account of it", { ...throttled, httpThrottleStatus: 500 }, [500, broken]],
    ["alb", "a throttle", throttled, [502, albTitle("502 Bad Gateway")]],
    ["cloudfront", "a throttle", throttled, [429, expect.stringContaining("Rate Exceeded.")]],
    ["function-url", "a handler error", failing, [502, "Internal Server Error"]],
    ["rest", "a handler error", failing, [502, internal]],
    ["http", "a handler error", failing, [500, broken]],
    ["alb", "a handler error", failing, [502, albTitle("502 Bad Gateway")]],
    ["function-url", "the function's timeout", overdue, [502, "Internal Server Error"]],
    ["rest", "the function's timeout", overdue, [502, internal]],
    ["http", "the function's timeout", overdue, [500, broken]],
    ["alb", "the function's timeout", overdue, [502, albTitle("502 Bad Gateway")]],
    ["function-url", "an answer of more than 6 MB", large, [502, "Internal Server Error"]],
    ["rest", "an answer of more than 6 MB", large, [502, internal]],
    ["http", "an answer of more than 6 MB", large, [500, broken]],
  ])("%s: %s", async (face, _, change, expected) => {
    const answer = await ask(face, change);
    expect([answer.status, answer.body]).toEqual(expected);
    const isThrottle = change === throttled || change.concurrencyLimit === 0;
    expect(await counts()).toMatchObject(isThrottle ? { throttles: 1, errors: 0 } : { throttles: 0, errors: 1 });
  });

  it("an answer of more than 1 MB is the load balancer's failure, not the function's", async () => {
    const { status } = await ask("alb", { bodyBytes: 1_100_000 });
    expect([status, (await counts()).errors]).toEqual([502, 0]);
  });

  it("records the end of a timeout as the timeout, and why", async () => {
    await ask("rest", overdue);
    const [entry] = (await simulator.ledger(name)).entries;
    expect(entry).toMatchObject({ durationMs: 10, outcome: "error", errorType: "Sandbox.Timedout" });
  });
});

describe("the front end's own timeout", () => {
  it.each<[face: FaceName, change: FunctionChange, status: number, body: unknown]>([
    ["rest", { gatewayTimeoutMs: 20 }, 504, json({ message: "Endpoint request timed out" })],
    ["http", { httpTimeoutMs: 20 }, 503, unavailable],
    ["alb", { albTimeoutMs: 20 }, 504, albTitle("504 Gateway Time-out")],
    ["cloudfront", { cloudfrontTimeoutMs: 20 }, 504, expect.stringContaining("504 ERROR")],
  ])("%s", async (face, change, status, body) => {
    const answer = await ask(face, { durationMs: 120, ...change });
    expect([answer.status, answer.body]).toEqual([status, body]);
    const { entries, counts: after } = await simulator.ledger(name);
    expect(after).toMatchObject({ invocations: 1, errors: 0 });
    expect([entries[0]?.durationMs, (entries[0]?.servedMs ?? 999) < 110]).toEqual([120, true]);
  });

  it("is not there for a Function URL", async () => {
    const change = { durationMs: 60, gatewayTimeoutMs: 5, httpTimeoutMs: 5, albTimeoutMs: 5, cloudfrontTimeoutMs: 5 };
    expect((await ask("function-url", change)).status).toBe(200);
  });
});

describe("refusals that Lambda never hears of", () => {
  it.each<
    [face: FaceName, change: FunctionChange, answer: readonly [status: number, body: unknown, errorType: string | null]]
  >([
    ["function-url", { refusal: "authorisation" }, [403, json({ Message: "Forbidden" }), "AccessDeniedException"]],
    ["rest", { refusal: "authorisation" }, [403, forbidden, "ForbiddenException"]],
    ["http", { refusal: "authorisation" }, [403, forbidden, null]],
    ["alb", { refusal: "authorisation" }, [403, albTitle("403 Forbidden"), null]],
    ["rest", { refusal: "firewall" }, [403, forbidden, "ForbiddenException"]],
    ["cloudfront", { refusal: "firewall" }, [403, expect.stringContaining("could not be satisfied"), null]],
    ["rest", { refusal: "rate-limit" }, [429, tooMany, "TooManyRequestsException"]],
    ["http", { refusal: "rate-limit" }, [429, tooMany, null]],
    ["rest", { refusal: "quota" }, [429, json({ message: "Limit Exceeded" }), "LimitExceededException"]],
    [
      "rest",
      { route: "/payments" },
      [403, json({ message: "Missing Authentication Token" }), "MissingAuthenticationTokenException"],
    ],
    ["http", { route: "/payments" }, [404, json({ message: "Not Found" }), null]],
    ["alb", { route: "/payments" }, [404, albTitle("404 Not Found"), null]],
    ["alb", { healthyTargets: false }, [503, albTitle("503 Service Temporarily Unavailable"), null]],
  ])("%s with %j", async (face, change, expected) => {
    const answer = await ask(face, change);
    expect([answer.status, answer.body, answer.headers.get("x-amzn-errortype")]).toEqual(expected);
    expect(await counts()).toMatchObject({ requests: 0, notCounted: 1 });
  });

  it.each<[face: FaceName, change: FunctionChange]>([
    ["function-url", { refusal: "firewall" }],
    ["function-url", { route: "/payments" }],
    ["alb", { refusal: "quota" }],
    ["rest", { route: "/orders" }],
  ])("%s with %j does not refuse", async (face, change) => {
    expect((await ask(face, change, { path: "/orders/7?x=1" })).status).toBe(200);
  });

  it("refuses a share", async () => {
    let refused = 0;
    for (let i = 0; i < 40; i++) {
      refused += (await ask("rest", { refusal: "authorisation", refusalShare: 0.5 })).status === 403 ? 1 : 0;
    }
    expect(refused).toBeGreaterThan(5);
    expect(refused).toBeLessThan(35);
    expect(await counts()).toMatchObject({ requests: 40 - refused, notCounted: refused });
  });

  it("holds API Gateway's rate and burst, per face, and not the Function URL's", async () => {
    const change = { gatewayRate: 1, gatewayBurst: 3 };
    const statuses: Record<string, number[]> = {};
    for (const face of ["rest", "http", "function-url"] as const) {
      statuses[face] = [];
      for (let i = 0; i < 5; i++) statuses[face].push((await ask(face, change)).status);
    }
    expect(statuses["rest"]?.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses["rest"]).toContain(429);
    expect(statuses["http"]?.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses["function-url"]).toEqual([200, 200, 200, 200, 200]);
    const { notCounted } = await simulator.ledger(name);
    expect(new Set(notCounted.map(({ reason }) => reason))).toEqual(new Set(["gateway-rate"]));
  });
});

describe("sizes of requests", () => {
  const sixMegabytes = "x".repeat(6_291_457);
  it.each<[face: FaceName, body: string, status: number]>([
    ["function-url", sixMegabytes, 413],
    ["rest", sixMegabytes, 413],
    ["http", sixMegabytes, 413],
    ["alb", "x".repeat(1_048_577), 413],
    ["function-url", "x".repeat(6_291_456), 200],
    ["alb", "x".repeat(1_048_576), 200],
  ])("%s with %#", async (face, body, status) => {
    expect((await ask(face, {}, { body })).status).toBe(status);
    expect((await counts()).requests).toBe(status === 200 ? 1 : 0);
  });
});

describe("the signs of a front end", () => {
  it("tells the Function URL's request id as Lambda has it", async () => {
    const { headers } = await ask("function-url", {});
    const [entry] = (await simulator.ledger(name)).entries;
    expect(headers.get("x-amzn-requestid")).toBe(entry?.requestId);
  });

  it.each<[face: FaceName, present: readonly string[], absent: readonly string[]]>([
    ["rest", ["x-amzn-requestid", "x-amz-apigw-id"], ["apigw-requestid", "server"]],
    ["http", ["apigw-requestid"], ["x-amzn-requestid", "x-amz-apigw-id"]],
    ["alb", [], ["server", "x-amzn-requestid", "apigw-requestid"]],
    ["cloudfront", ["x-cache", "x-amz-cf-id", "x-amz-cf-pop", "via", "x-amzn-requestid"], ["age"]],
  ])("%s", async (face, present, absent) => {
    const { headers } = await ask(face, {});
    for (const header of present) expect(headers.get(header), header).toBeTruthy();
    for (const header of absent) expect(headers.get(header), header).toBeNull();
  });

  it("names the load balancer only on the pages it writes itself", async () => {
    expect((await ask("alb", { concurrencyLimit: 0 })).headers.get("server")).toBe("awselb/2.0");
  });
});

describe("CloudFront", () => {
  it("answers a share from its cache, with an age, and Lambda sees the rest", async () => {
    const seen: (string | null)[] = [];
    for (let i = 0; i < 60; i++) {
      const { headers } = await ask("cloudfront", { cacheHitShare: 0.5, cacheAgeSeconds: 17 });
      seen.push(headers.get("x-cache"));
      expect(headers.get("age")).toBe(seen.at(-1) === "Hit from cloudfront" ? "17" : null);
    }
    const hits = seen.filter((one) => one === "Hit from cloudfront").length;
    expect(hits).toBeGreaterThan(10);
    expect(hits).toBeLessThan(50);
    const { counts: after, notCounted, entries } = await simulator.ledger(name);
    expect(after).toMatchObject({ invocations: 60 - hits, notCounted: hits });
    expect(notCounted[0]).toMatchObject({ face: "cloudfront", reason: "cached", status: 200 });
    expect(entries[0]).toMatchObject({ face: "function-url", cloudfront: true });
  });

  it("passes the failures of the origin it is set to", async () => {
    const { status, headers, body } = await ask("cloudfront", { concurrencyLimit: 0, cloudfrontOrigin: "rest" });
    expect([status, body, headers.get("x-cache")]).toEqual([500, internal, "Error from cloudfront"]);
  });
});

describe("time outside the function", () => {
  it("keeps the gateway's and the network's share apart", async () => {
    await ask("rest", { durationMs: 5, extraDelayMs: 30, networkDelayMs: 40 });
    const [entry] = (await simulator.ledger(name)).entries;
    expect(entry).toMatchObject({ durationMs: 5, integrationMs: 5, latencyMs: 35 });
    expect(entry?.servedMs).toBeGreaterThanOrEqual(75);
  });
});
