import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LoadResult, TaskResult } from "../../src/load/result.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import { planFor, runLoad } from "./engine-harness.ts";
import type { ShopReport } from "./engine-shop.ts";

let thread: Worker;
let origin: string;
beforeAll(async () => {
  thread = new Worker(new URL("./engine-shop.ts", import.meta.url));
  const [{ port }] = await once(thread, "message");
  origin = `http://127.0.0.1:${port}`;
});
afterAll(() => thread.terminate());

const report = async (): Promise<ShopReport> => {
  thread.postMessage("report");
  const [seen] = await once(thread, "message");
  return seen;
};

const ACCOUNTS = Array.from({ length: 60 }, (_, index) => `user${index}@example.com`).join("\n");

/** What stands below `scenario:`, with the header that the shop asks for. */
const scenarioOf = (body: string, users = 10): Scenario => {
  const text = `scenario:\n  headers: { x-outer: inner }\n${body.replace(/^(?=.)/gm, "  ")}`;
  const read = readScenario({
    text,
    fileName: "shop.yml",
    readFile: () => ({ kind: "bytes", bytes: new TextEncoder().encode(`email\n${ACCOUNTS}\n`) }),
    env: { LOGIN_PASSWORD: "pw-123456" },
    users,
  });
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.message).join("\n"));
  return read.value;
};

const planOf = (scenario: Scenario, change: Partial<LoadPlan> = {}): LoadPlan =>
  planFor({ origin }, { tasks: [], scenario, users: 10, headers: { "X-Outer": "plan" }, ...change });

const row = (result: LoadResult, name: string): TaskResult => {
  const found = [...result.tasks, ...result.setup.rows, ...result.teardown.rows].find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name} in ${result.tasks.map((one) => one.name).join(", ")}`);
  return found;
};
const rowNames = (rows: readonly TaskResult[]) => rows.map((one) => one.name);

const SHOP = `
variables: { tier: gold }
data:
  - { file: accounts.csv, as: account, pick: unique }
setup:
  - post: /login
    json: { email: "{{ account.email }}", password: "\${LOGIN_PASSWORD}" }
    capture: { token: { json: /token } }
tasks:
  - get: /hello?tier={{ tier }}
    name: hello
    weight: 3
  - name: order
    weight: 1
    headers: { authorization: "Bearer {{ token }}" }
    steps:
      - post: /orders
        json: { sku: "{{ random.int(1, 100) }}", id: "{{ random.uuid }}" }
        expect: { status: 201, json: { /status: created }, header: { content-type: /json/ }, time: "< 20s" }
        capture: { order: { json: /id } }
      - wait: between(0.01, 0.02)
      - get: /orders/{{ order }}
        name: /orders/:id
        query: { full: true }
      - put: /orders/{{ order }}
        form: { note: hello & goodbye }
teardown:
  - post: /logout
`;

describe("a scenario", () => {
  test.each([1, 2])("is run as it stands there, with %i worker(s)", async (workers) => {
    await report();
    const result = await runLoad(planOf(scenarioOf(SHOP), { runTime: seconds(3) }), { workers });
    const seen = await report();
    expect(seen.wrong).toEqual([]);
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(rowNames(result.tasks)).toEqual(["hello", "POST /orders", "/orders/:id", "PUT /orders/{{ order }}"]);
    expect(rowNames(result.setup.rows)).toEqual(["POST /login"]);
    expect(result.setup).toMatchObject({ requests: 10, failedUsers: 0 });
    expect(result.teardown).toMatchObject({ requests: 10, failedUsers: 0 });
    expect(seen.loggedOut).toBe(10);
    expect(result.totals.requests + result.setup.requests + result.teardown.requests).toBe(seen.requests);
    expect(row(result, "hello").requests).toBe(seen.byPath["GET /hello"]);
    expect(row(result, "/orders/:id").requests).toBe(seen.byPath["GET /orders/:id"]);
    expect(new Set(seen.emails).size).toBe(10);
    expect(new Set(seen.uuids).size).toBe(seen.uuids.length);
    // The tasks of a slice add up to the requests of the tasks, setup and teardown left out.
    const inSlices = result.slices.flatMap((slice) => slice.tasks).reduce((a, b) => a + b, 0);
    expect(inSlices).toBe(result.totals.requests);
  });

  test("runs in the open model, its setups before the window", async () => {
    const rate = { perSecond: perSecond(40), spacing: "constant" } as const;
    const result = await runLoad(planOf(scenarioOf(SHOP), { rate, runTime: seconds(2) }));
    const seen = await report();
    expect(result.setup.requests).toBe(10);
    expect(result.teardown.requests).toBe(10);
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(result.totals.requests + 20).toBe(seen.requests);
    // Each arrival starts a task; an order makes three requests.
    const tasks = row(result, "hello").requests + row(result, "POST /orders").requests;
    expect(tasks + result.totals.dropped).toBe(80);
  });

  test("keeps its weights within two percent over 20,000 requests", async () => {
    const scenario = scenarioOf(
      "tasks:\n  - { get: /a, weight: 3 }\n  - { get: /b, weight: 1 }\n  - { get: /c, weight: 0.5 }",
    );
    const waitTime = { kind: "constant", seconds: seconds(0) } as const;
    const plan = planOf(scenario, { maxRequests: 20_000, runTime: seconds(60), waitTime });
    const result = await runLoad(plan, { workers: 2 });
    const seen = await report();
    expect(result.totals.requests).toBe(20_000);
    for (const [path, share] of [
      ["GET /a", 3 / 4.5],
      ["GET /b", 1 / 4.5],
      ["GET /c", 0.5 / 4.5],
    ] as const) {
      expect(Math.abs((seen.byPath[path] ?? 0) / 20_000 / share - 1)).toBeLessThan(0.02);
    }
  });

  test("makes the same choices with the same seed, and new uuids each time", async () => {
    const firstOf = async (seed: number) => {
      await runLoad(planOf(scenarioOf(SHOP), { seed, users: 3, runTime: seconds(1.5) }));
      const { skus, uuids } = await report();
      return {
        skus: Object.entries(skus)
          .map(([token, all]) => [token, all.slice(0, 2)])
          .sort(),
        uuids,
      };
    };
    const [first, again, other] = [await firstOf(5), await firstOf(5), await firstOf(6)];
    expect(again.skus).toEqual(first.skus);
    expect(other.skus).not.toEqual(first.skus);
    expect(again.uuids.filter((uuid) => first.uuids.includes(uuid))).toEqual([]);
  });
});

describe("what goes wrong in a scenario", () => {
  test("a failing setup stops that user, is counted and shown", async () => {
    const scenario = scenarioOf(`
setup:
  - post: /login
    json: { email: blocked, password: pw-123456 }
tasks:
  - get: /hello?tier=gold
teardown:
  - post: /logout
`);
    const result = await runLoad(planOf(scenario, { runTime: seconds(20) }));
    const seen = await report();
    expect(result.setup).toMatchObject({ requests: 10, failedUsers: 10, outcomes: { "client-error": 10 } });
    expect(row(result, "POST /login").examples["client-error"]?.[0]).toMatchObject({ status: 403 });
    expect(result).toMatchObject({ stopped: "users-gone", totals: { requests: 0 }, teardown: { requests: 0 } });
    expect(seen.loggedOut).toBe(0);
    expect(result.window.seconds).toBeLessThan(10);
  });

  test("a pool whose setups all fail ends the run before the first arrival", async () => {
    const scenario = scenarioOf(`
setup:
  - post: /login
    json: { email: blocked, password: pw-123456 }
tasks:
  - get: /hello?tier=gold
`);
    const rate = { perSecond: perSecond(50), spacing: "constant" } as const;
    const result = await runLoad(planOf(scenario, { rate, runTime: seconds(20) }), { workers: 2 });
    await report();
    expect(result).toMatchObject({ stopped: "users-gone", totals: { requests: 0 }, setup: { failedUsers: 10 } });
    expect(result.window.seconds).toBe(0);
  });

  test.each([
    ["a failed expectation", 'expect: { json: { /status: "sold out" } }', "check-failed", /status/],
    ["a capture of nothing", "capture: { x: { json: /nothing } }", "check-failed", /nothing/],
    ["a status that is not expected", "expect: { status: 200 }", "check-failed", /201/],
  ] as const)("%s ends the sequence, counted at its own step", async (_, rule, outcome, text) => {
    const scenario = scenarioOf(`
setup:
  - post: /login
    json: { email: anna, password: pw-123456 }
    capture: { token: { json: /token } }
tasks:
  - name: order
    headers: { authorization: "Bearer {{ token }}" }
    steps:
      - post: /orders
        json: { sku: "1", id: x }
        ${rule}
      - get: /hello?tier=gold
`);
    const result = await runLoad(planOf(scenario, { users: 2 }));
    const seen = await report();
    const first = row(result, "POST /orders");
    expect(first.outcomes[outcome]).toBe(first.requests);
    expect(first.requests).toBe(seen.byPath["POST /orders"]);
    expect(first.examples[outcome]?.[0]?.text).toMatch(text);
    expect(seen.byPath["GET /hello"]).toBeUndefined();
  });

  test("a step's own timeout ends it, whatever the plan's is", async () => {
    const scenario = scenarioOf("tasks:\n  - { get: /slow, timeout: 100ms }");
    const result = await runLoad(planOf(scenario, { users: 2, timeout: millis(5000) }));
    await report();
    expect(result.totals.outcomes.timeout).toBe(result.totals.requests);
    expect(result.totals.requests).toBeGreaterThan(5);
    expect(row(result, "GET /slow").examples.timeout?.[0]?.text).toContain("100 ms");
  });

  test("at the end of time a user finishes its request and logs out, the rest of its sequence is left", async () => {
    const scenario = scenarioOf(`
tasks:
  - name: slow
    steps:
      - get: /slow
      - get: /hello?tier=gold
teardown:
  - post: /logout
`);
    const result = await runLoad(planOf(scenario, { users: 4, runTime: seconds(0.2), stopTimeout: millis(3000) }));
    const seen = await report();
    expect(result.totals).toMatchObject({ requests: 4, outcomes: { ok: 4 } });
    expect(seen.byPath["GET /hello"]).toBeUndefined();
    expect(seen.loggedOut).toBe(4);
  });

  test("a teardown that takes too long is bounded by stop-timeout", async () => {
    const scenario = scenarioOf(
      "tasks:\n  - get: /hello?tier=gold\nteardown:\n  - get: /slow\n  - get: /slow\n  - get: /slow",
    );
    const begun = performance.now();
    const result = await runLoad(planOf(scenario, { users: 2, runTime: seconds(0.5), stopTimeout: millis(600) }));
    await report();
    expect(result.teardown.outcomes.aborted).toBe(2);
    expect(performance.now() - begun).toBeLessThan(8000);
  });
});

describe("redirects", () => {
  test("are followed when the step says so, as one request over all hops", async () => {
    const result = await runLoad(planOf(scenarioOf("tasks:\n  - { get: /moved, follow: true }"), { users: 2 }));
    const seen = await report();
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(seen.byPath["GET /moved"]).toBe(result.totals.requests);
    expect(seen.byPath["GET /arrived"]).toBe(result.totals.requests);
  });

  test.each([
    ["in circles", "/circle", /10 redirects/],
    ["to a host that is not allowed", "/away", /elsewhere.example, which is not in allowed-hosts/],
  ])("%s are a failure with the reason", async (_, path, text) => {
    const result = await runLoad(planOf(scenarioOf(`tasks:\n  - { get: ${path}, follow: true }`), { users: 1 }));
    await report();
    expect(result.totals.outcomes.redirected).toBe(result.totals.requests);
    expect(result.tasks[0]?.examples.redirected?.[0]?.text).toMatch(text);
  });

  test("to another origin that is allowed go there without our headers", async () => {
    const other = origin.replace("127.0.0.1", "localhost");
    const target = new Worker(
      `const http = require("node:http"); const { parentPort } = require("node:worker_threads"); const seen = [];
       const server = http.createServer((q, r) => { seen.push(q.headers); r.writeHead(302, { location: "${other}/arrived" }).end(); });
       server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    const [port] = await once(target, "message");
    const scenario = scenarioOf("tasks:\n  - { get: /start, follow: true, headers: { authorization: secret } }");
    const plan = {
      ...planOf(scenario, { users: 1 }),
      origin: `http://127.0.0.1:${port}`,
      allowedHosts: ["localhost:*"],
    };
    const allowed = { ...plan, allowedHosts: [new URL(other).host] };
    const result = await runLoad(allowed);
    const seen = await report();
    await target.terminate();
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(seen.byPath["GET /arrived"]).toBe(result.totals.requests);
    // Not even the scenario's own header, which the shop asks for.
    expect(seen.wrong[0]).toBe("header of GET /arrived: undefined");
  });
});
