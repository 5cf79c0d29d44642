import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutcomeClass } from "../../src/load/outcome.ts";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LoadResult } from "../../src/load/result.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let http: Target;
let https: Target;
beforeAll(async () => {
  http = await startTarget();
  https = await startTarget("https");
});
afterAll(() => Promise.all([http.stop(), https.stop()]));

const only = (result: LoadResult, outcome: OutcomeClass) => {
  expect(result.totals.requests).toBeGreaterThan(0);
  expect(result.totals.outcomes[outcome]).toBe(result.totals.requests);
  return result.tasks[0]?.examples[outcome] ?? [];
};

/** A port that was free a moment ago. */
const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
};

describe("a complete answer", () => {
  test.each<readonly [number, OutcomeClass]>([
    [204, "ok"],
    [304, "ok"],
    [302, "redirected"],
    [404, "client-error"],
    [429, "throttled"],
    [503, "server-error"],
  ])("of status %i is %s", async (status, outcome) => {
    const result = await runLoad(planFor(http, { tasks: [get(`/status?n=${status}`)], runTime: seconds(0.5) }));
    const examples = only(result, outcome);
    if (outcome === "ok") expect(examples).toEqual([]);
    else {
      expect(examples).toHaveLength(5);
      expect(examples[0]).toEqual({ status, text: `status ${status}` });
      expect(result.response).toMatchObject({ count: 0, p50: null });
      expect(result.slices[0]?.response).toBeNull();
    }
  });
});

describe("no complete answer", () => {
  const short: Partial<LoadPlan> = { runTime: seconds(1), timeout: millis(300), stopTimeout: millis(1000) };

  test.each<readonly [string, OutcomeClass, RegExp, number | null]>([
    ["/hang", "timeout", /no complete answer within 300 ms/, null],
    ["/stall", "timeout", /no complete answer within 300 ms/, null],
    ["/reset", "reset", /CONNECTION_CLOSED|ECONNRESET/, null],
    ["/truncate", "reset", /./, 200],
    ["/garbage", "reset", /BAD_ANSWER: not an HTTP answer/, null],
  ])("%s is %s", async (path, outcome, text, status) => {
    const examples = only(await runLoad(planFor(http, { ...short, tasks: [get(path)] })), outcome);
    expect(examples[0]?.text).toMatch(text);
    expect(examples[0]?.status).toBe(status);
  });

  test("a refused connection is a connect-error, and users without a wait do not spin", async () => {
    const target = { origin: `http://127.0.0.1:${await closedPort()}` };
    const wait = { kind: "constant", seconds: seconds(0) } as const;
    const result = await runLoad(planFor(target, { users: 2, waitTime: wait }));
    expect(only(result, "connect-error")[0]?.text).toMatch(/^ECONNREFUSED: /);
    expect(result.totals.connections).toMatchObject({ opened: 0, reopened: 0, connectMs: null });
    // Ten a second and user.
    expect(result.totals.requests).toBeLessThanOrEqual(20);
    expect(result.totals.bytes).toEqual({ sent: 0, received: 0 });
  });

  test("resets without a wait do not spin either", async () => {
    const wait = { kind: "constant", seconds: seconds(0) } as const;
    const result = await runLoad(planFor(http, { tasks: [get("/reset")], users: 1, waitTime: wait }));
    only(result, "reset");
    expect(result.totals.requests).toBeLessThan(1000);
  });

  test("a name that does not resolve is a dns-error", async () => {
    const target = { origin: "http://no-such-host.invalid" };
    const result = await runLoad(planFor(target, { users: 1, timeout: millis(20_000), stopTimeout: millis(20_000) }));
    expect(only(result, "dns-error")[0]?.text).toMatch(/^(ENOTFOUND|EAI_\w+): /);
  });

  test("a certificate that nobody signed is a tls-error, unless insecure", async () => {
    const text = only(await runLoad(planFor(https, { runTime: seconds(0.5) })), "tls-error")[0]?.text;
    expect(text).toMatch(/SELF_SIGNED|CERT_NOT_YET_VALID/);
    only(await runLoad(planFor(https, { runTime: seconds(0.5), insecure: true })), "ok");
  });

  test("TLS spoken to a plain port is a tls-error", async () => {
    const target = { origin: http.origin.replace("http:", "https:") };
    only(await runLoad(planFor(target, { runTime: seconds(0.5) })), "tls-error");
  });

  test("a connection that is accepted and never answered times out while shaking hands", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const result = await runLoad(planFor({ origin: `https://127.0.0.1:${port}` }, { ...short, users: 2 }));
    only(result, "timeout");
    expect(result.totals.requests).toBeGreaterThan(2);
    silent.close();
  });

  test("a header that cannot be written is our fault, not the target's", async () => {
    const result = await runLoad(planFor(http, { headers: { "x-a": "b\nc" }, runTime: seconds(0.5) }));
    expect(only(result, "local-error")[0]?.text).toContain("x-a");
  });
});

test("after a timeout the user goes on with a new connection", async () => {
  const plan = planFor(http, {
    users: 3,
    spawnRate: perSecond(100),
    tasks: [get("/hang"), get("/")],
    runTime: seconds(2),
    timeout: millis(200),
    waitTime: { kind: "constant", seconds: seconds(0.01) },
  });
  await http.counts();
  const { totals } = await runLoad(plan);
  const seen = await http.counts();
  expect(totals.outcomes.ok + totals.outcomes.timeout).toBe(totals.requests);
  expect(totals.outcomes.ok).toBeGreaterThan(5);
  expect(totals.outcomes.timeout).toBeGreaterThan(5);
  expect(seen.requests).toBe(totals.requests);
  expect(seen.accepted).toBe(totals.connections.opened + totals.connections.reopened);
});
