import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { probeModule } from "../../src/load/engine/module/probe-module.ts";
import { countRequests } from "../../src/load/outcome.ts";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LoadResult, TaskResult } from "../../src/load/result.ts";
import { MOST_NAMED_ROWS, OTHER_NAMES } from "../../src/load/rows.ts";
import { moduleScenario } from "../../src/scenario/module-scenario.ts";
import type { ModuleSource } from "../../src/scenario/scenario.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { planFor, runLoad, workerFile } from "./engine-harness.ts";
import type { ShopReport } from "./engine-shop.ts";

const api = new URL("../../src/scenario/define.ts", import.meta.url).href;
const EXAMPLE = new URL("../../examples/scenario/orders.ts", import.meta.url).href;

const NO_WAIT = { kind: "constant", seconds: seconds(0) } as const;
let folder: string;
let thread: Worker;
let origin: string;
beforeAll(async () => {
  process.env["LOGIN_PASSWORD"] = "pw-123456";
  folder = realpathSync(mkdtempSync(join(tmpdir(), "swarmgate-module-")));
  thread = new Worker(new URL("./engine-shop.ts", import.meta.url));
  const [{ port }] = await once(thread, "message");
  origin = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await thread.terminate();
  rmSync(folder, { recursive: true });
});

const report = async (): Promise<ShopReport> => {
  thread.postMessage("report");
  const [seen] = await once(thread, "message");
  return seen;
};

let files = 0;
/** A module of its own with this text. */
const fileOf = (text: string, end = "ts"): ModuleSource => {
  const path = join(folder, `scenario-${files++}.${end}`);
  writeFileSync(path, text);
  return { url: pathToFileURL(path).href, api };
};

/** One task with this body. */
const taskOf = (body: string, more = ""): string =>
  `import { defineScenario } from "swarmgate/scenario";
   let runs = 0;
   export default defineScenario({ ${more} tasks: [{ name: "the task", weight: 1, async run(user) { runs++; ${body} } }] });`;

const planOf = async (source: ModuleSource, change: Partial<LoadPlan> = {}): Promise<LoadPlan> => {
  const facts = await probeModule(workerFile, source);
  if (!facts.ok) throw new Error(facts.problems.map(({ message }) => message).join("\n"));
  const scenario = moduleScenario(source, facts.value);
  return planFor({ origin }, { tasks: [], scenario, headers: { "X-Outer": "inner" }, ...change });
};

const rowsOf = (result: LoadResult): readonly TaskResult[] => [
  ...result.tasks,
  ...result.setup.rows,
  ...result.teardown.rows,
];
const row = (result: LoadResult, name: string): TaskResult => {
  const found = rowsOf(result).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name} in ${rowsOf(result).map((one) => one.name)}`);
  return found;
};
const firstText = (result: LoadResult, name: string) => row(result, name).examples["check-failed"]?.[0]?.text;

describe("the example of the documentation", () => {
  test.each([1, 2])("is run as it stands there, with %i worker(s)", async (workers) => {
    await report();
    const plan = await planOf({ url: EXAMPLE, api }, { users: 10, runTime: seconds(3) });
    const result = await runLoad(plan, { workers });
    const seen = await report();
    expect(seen.wrong).toEqual([]);
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(result.tasks.map(({ name }) => name).toSorted()).toEqual([
      "/orders/:id",
      "GET /hello",
      "POST /orders",
      "PUT /orders/:id",
    ]);
    expect(result.setup).toMatchObject({ requests: 10, failedUsers: 0 });
    expect(result.teardown).toMatchObject({ requests: 10, failedUsers: 0 });
    expect(result.totals.requests + 20).toBe(seen.requests);
    expect(row(result, "GET /hello").requests).toBe(seen.byPath["GET /hello"]);
    expect(new Set(seen.emails).size).toBe(10);
    expect(new Set(seen.uuids).size).toBe(seen.uuids.length);
    const inSlices = result.slices.flatMap((slice) => slice.tasks).reduce((a, b) => a + b, 0);
    expect(inSlices).toBe(result.totals.requests);
    for (const [at, task] of result.tasks.entries()) {
      expect(result.slices.reduce((sum, slice) => sum + (slice.tasks[at] ?? 0), 0)).toBe(task.requests);
    }
  });

  test("runs in the open model, behind a warm-up and a pre-warm", async () => {
    const rate = { perSecond: perSecond(40), spacing: "constant" } as const;
    const plan = await planOf({ url: EXAMPLE, api }, { users: 10, rate, warmUp: seconds(1), preWarm: 3 });
    await report();
    const result = await runLoad(plan);
    const seen = await report();
    expect(seen.wrong).toEqual([]);
    expect(result.setup.requests).toBe(10);
    expect(result.teardown.requests).toBe(10);
    const apart = result.warmUp.requests + result.preWarm.requests;
    // Each of the three sent its setup, one request of a task and its teardown.
    expect(result.preWarm.requests).toBe(9);
    expect(result.totals.requests + 20 + apart).toBe(seen.requests);
    expect(row(result, "GET /hello").requests + row(result, "POST /orders").requests + result.totals.dropped).toBe(40);
  });

  test("draws the same numbers for the same seed, and others for another", async () => {
    const skus = async (seed: number) => {
      await report();
      await runLoad(
        await planOf(
          { url: EXAMPLE, api },
          { users: 1, seed, maxRequests: 150, runTime: seconds(20), waitTime: NO_WAIT },
        ),
      );
      return Object.values((await report()).skus)[0]?.slice(0, 8);
    };
    const [first, again, other] = [await skus(1), await skus(1), await skus(2)];
    expect(first?.length).toBe(8);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

test("weights hold within two percent over 20,000 requests", async () => {
  const tasks = [3, 1, 0.5].map(
    (weight, at) => `{ name: "t${at}", weight: ${weight}, run: (user) => user.request({ get: "/t${at}" }) }`,
  );
  const source = fileOf(`export default { tasks: [${tasks}] };`, "js");
  const plan = await planOf(source, { users: 10, maxRequests: 20_000, runTime: seconds(50), waitTime: NO_WAIT });
  const result = await runLoad(plan);
  expect(result.stopped).toBe("max-requests");
  for (const [at, share] of [3 / 4.5, 1 / 4.5, 0.5 / 4.5].entries()) {
    expect(Math.abs(row(result, `GET /t${at}`).requests / result.totals.requests - share)).toBeLessThan(0.02 * share);
  }
});

describe("what goes wrong in a task", () => {
  test("a throw is a check-failed of the task with its message and line", async () => {
    const result = await runLoad(
      await planOf(fileOf(taskOf('await user.request({ get: "/a" });\nthrow new Error("no stock");'))),
    );
    expect(firstText(result, "the task")).toMatch(/^no stock \(scenario-\d+\.ts:4\)$/);
    const { outcomes, requests } = row(result, "the task");
    expect(outcomes["check-failed"]).toBe(requests);
    expect(requests).toBe(row(result, "GET /a").requests);
    expect(row(result, "GET /a").outcomes.ok).toBe(requests);
  });

  test("a check that does not hold counts once and the task goes on", async () => {
    const body = 'user.check("first", false); user.check("second", false); await user.request({ get: "/after" });';
    const result = await runLoad(await planOf(fileOf(taskOf(body))));
    expect(firstText(result, "the task")).toContain("first");
    expect(row(result, "the task").requests).toBe(row(result, "GET /after").requests);
  });

  test("an expectation that does not hold ends the task and counts at its own row only", async () => {
    const body = 'await user.request({ get: "/a", expect: { status: 201 } }); await user.request({ get: "/never" });';
    const result = await runLoad(await planOf(fileOf(taskOf(body))));
    expect(rowsOf(result).map(({ name }) => name)).toEqual(["GET /a"]);
    expect(firstText(result, "GET /a")).toBe("status 200, expected 201");
  });

  test.each([
    ["no method", '{ name: "x" }', "needs one of get"],
    ["two methods", '{ get: "/a", post: "/b" }', "both get and post"],
    ["an undefined path", "{ get: undefined }", "needs one of get"],
    ["another host", '{ get: "https://other.example/a" }', "allowed-hosts"],
    ["a header with a line break", '{ get: "/a", headers: { x: "1\\n2" } }', "header x"],
  ])("a request with %s is the task's failure, and nothing is sent", async (_, options, says) => {
    await report();
    const result = await runLoad(
      await planOf(fileOf(taskOf(`await user.request(${options});`), "js"), { users: 1, maxRequests: 50 }),
    );
    expect(firstText(result, "the task")).toContain(says);
    expect((await report()).requests).toBe(0);
  });

  test("any complete answer resolves, and a refused connection rejects without spinning", async () => {
    const body = `const a = await user.request({ post: "/login", json: { email: "blocked", password: "pw-123456" } });
      user.check("status", a.status === 403);
      user.check("header", a.headers["content-type"] === "application/json");
      user.check("json", a.json().error === "blocked");
      for (;;) try { await user.request({ get: "http://127.0.0.1:1/", name: "nobody" }) } catch (error) { runs++ }`;
    const plan = await planOf(fileOf(taskOf(body), "js"), { allowedHosts: ["127.0.0.1:1"], users: 2 });
    const result = await runLoad(plan);
    expect(result.stopped).toBe("run-time");
    expect(row(result, "POST /login").outcomes["client-error"]).toBe(2);
    const { outcomes } = row(result, "nobody");
    expect(outcomes["connect-error"]).toBeGreaterThan(2);
    // Two users, a second, ten attempts a second each.
    expect(outcomes["connect-error"]).toBeLessThan(30);
    expect(result.tasks.map(({ name }) => name)).not.toContain("the task");
  });

  test("an error that nobody awaits has a row of its own", async () => {
    const body = 'Promise.reject(new Error("lost")); await user.request({ get: "/a" });';
    const result = await runLoad(await planOf(fileOf(taskOf(body))));
    expect(result.stopped).toBe("run-time");
    expect(firstText(result, "(not awaited)")).toBe("lost");
  });

  test("a setup that fails stops its user and is shown", async () => {
    const more = 'async setup() { throw new Error("no account"); },';
    const result = await runLoad(await planOf(fileOf(taskOf('await user.request({ get: "/a" });', more))));
    expect(result).toMatchObject({ stopped: "users-gone", totals: { requests: 0 }, setup: { failedUsers: 4 } });
    expect(firstText(result, "setup")).toContain("no account");
  });

  test("a refused login fails the setup although it resolves", async () => {
    const more =
      'async setup(user) { await user.request({ post: "/login", json: { email: "blocked", password: "pw-123456" } }); },';
    const result = await runLoad(await planOf(fileOf(taskOf('await user.request({ get: "/a" });', more))));
    expect(result.setup.failedUsers).toBe(4);
    expect(result.totals.requests).toBe(0);
  });
});

describe("a module that does not come to an end", () => {
  test.each([1, 2])("a loop without an end ends the run as scenario-blocked, %i worker(s)", async (workers) => {
    // Behind the first second's report, and before the end.
    const body = `await user.request({ get: "/a" });
      globalThis.begun ??= Date.now();
      if (user.index === 0 && Date.now() - globalThis.begun > 1500) for (;;);`;
    const plan = await planOf(fileOf(taskOf(body), "js"), { runTime: seconds(4) });
    const begun = performance.now();
    const result = await runLoad(plan, { workers });
    expect(result.stopped).toBe("scenario-blocked");
    expect(row(result, "GET /a").requests).toBeGreaterThan(10);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  test("a promise that never settles gives its user up, with a teardown", async () => {
    const more = 'async teardown(user) { await user.request({ post: "/logout" }); },';
    const body = 'await user.request({ get: "/a" }); await new Promise(() => {});';
    const result = await runLoad(await planOf(fileOf(taskOf(body, more)), { runTime: seconds(2) }));
    expect(result.stopped).toBe("run-time");
    expect(row(result, "GET /a").outcomes.ok).toBe(4);
    expect(row(result, "the task").outcomes.aborted).toBe(4);
    expect(result.teardown).toMatchObject({ requests: 4, failedUsers: 0 });
  });

  test("a teardown that never settles is cut by stop-timeout", async () => {
    const more = "async teardown() { await new Promise(() => {}); },";
    const result = await runLoad(await planOf(fileOf(taskOf('await user.request({ get: "/a" });', more))));
    expect(result.stopped).toBe("run-time");
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  });

  test("a task that never awaits does not run at the speed of the machine", async () => {
    const plan = await planOf(fileOf(taskOf('user.check("counted", false);')), { users: 1, waitTime: NO_WAIT });
    const runs = row(await runLoad(plan), "the task").requests;
    expect(runs).toBeGreaterThan(2);
    expect(runs).toBeLessThan(15);
  });

  test("a user that waits leaves at once when the time is over, its last answer seen", async () => {
    const more = 'async teardown(user) { await user.request({ get: "/got/" + user.data.status }); },';
    const body = 'user.data.status = (await user.request({ get: "/a" })).status; await user.wait(60);';
    const result = await runLoad(await planOf(fileOf(taskOf(body, more))));
    expect(row(result, "GET /got/200").requests).toBe(4);
    expect(rowsOf(result).map(({ name }) => name)).not.toContain("the task");
  });
});

test("names beyond the bound share a row, and nothing is lost", async () => {
  const body = 'await user.request({ get: "/a" + runs });';
  const plan = await planOf(fileOf(taskOf(body)), { maxRequests: 500, waitTime: NO_WAIT, runTime: seconds(20) });
  const result = await runLoad(plan, { workers: 2 });
  expect(result.tasks.length).toBe(MOST_NAMED_ROWS + 1);
  expect(row(result, OTHER_NAMES).requests).toBeGreaterThan(0);
  expect(result.tasks.reduce((sum, { outcomes }) => sum + countRequests(outcomes), 0)).toBe(500);
});

test("redirects are followed when asked, and what is logged comes out", async () => {
  const lines: string[] = [];
  const body = `if (runs === 1) { user.log("hello"); console.log("printed"); }
    const a = await user.request({ get: "/moved", follow: true }); user.check("followed", a.status === 200);`;
  const plan = await planOf(fileOf(taskOf(body)), { users: 1 });
  const result = await runLoad(plan, { onLog: (line) => lines.push(line) });
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(lines.toSorted()).toEqual(["printed", "user 0: hello"]);
});

describe("a module that cannot be used", () => {
  test.each([
    ["an enum", "enum A { B }\nexport default { tasks: [] };", "ts", ["enum", "line 1"]],
    ["a syntax error", "const a = 1;\nexport default { tasks: [ }", "ts", ["line 2"]],
    ["a throw", 'throw new Error("not here");', "js", ["not here"]],
    ["no default export", "export const tasks = [];", "js", ["no default export"]],
    ["a missing import", 'import "./nothing.ts";', "ts", ["nothing.ts"]],
    ["an await that never ends", "await new Promise(() => {});", "mjs", ["import"]],
    [
      "several mistakes",
      "export default { setup: 1, tasks: [{ run() {} }, { name: 'a', weight: 0 }] };",
      "js",
      ["setup", "no name", "weight", "function run"],
    ],
  ])("%s is said before the load", async (_, text, end, says) => {
    const facts = await probeModule(workerFile, fileOf(text, end));
    const sentences = facts.ok ? "" : facts.problems.map(({ message }) => message).join("\n");
    for (const piece of says) expect(sentences).toContain(piece);
    expect(sentences).not.toContain(folder);
  });

  test("the checksum covers the module and what it imports, and is the same elsewhere", async () => {
    const helper = fileOf("export const weight: number = 2;");
    const name = helper.url.split("/").at(-1);
    const text = `import { weight } from "./${name}";\nexport default { tasks: [{ name: "a", weight, run() {} }] };`;
    const source = fileOf(text);
    const checksum = async () => {
      const facts = await probeModule(workerFile, source);
      return facts.ok ? facts.value.checksum : "";
    };
    const before = await checksum();
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(await checksum()).toBe(before);
    writeFileSync(new URL(helper.url), "export const weight: number = 3;");
    expect(await checksum()).not.toBe(before);
  });
});
