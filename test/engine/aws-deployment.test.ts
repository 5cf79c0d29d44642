/** What the run learns of the deployment before, during and after the load. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UserError } from "../../src/errors.ts";
import { parseRecord } from "../../src/record/parse-record.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { summarise } from "../../src/record/summarise.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
const well = { denied: false, deny: [], expired: false, throttleFirst: 0, serverErrorFirst: 0, slowMs: 0 };

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

beforeEach(async () => {
  await world.simulator.putLambda(well);
  await world.simulator.putLogs(well);
  await world.simulator.putCloudformation({ ...well, stacks: {} });
  await world.simulator.putAccount({ concurrentExecutions: null, region: null });
});

/** A busy machine may saturate the generator of so short a load, which is not what these tests are about. */
const told = ({ validity }: RunRecord) => validity.problems.filter(({ code }) => code !== "generator-saturated");

const problemsOf = async (work: Promise<unknown>): Promise<UserError["problems"]> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("facts", () => {
  test("configuration, limits and logs are in the record, and it can be read again", async () => {
    const url = await world.deploy("orders", {
      memoryMb: 1024,
      architecture: "arm64",
      alias: "live",
      provisionedConcurrency: 2,
      perEnvironmentConcurrency: null,
    });
    const { record } = await world.gate({ url, functions: "orders:live" });
    expect(told(record)).toEqual([]);
    expect(record.cloud?.facts?.functions).toMatchObject([
      {
        function: "orders:live",
        ...{ memoryMb: 1024, architecture: "arm64", runtime: "nodejs24.x", packageType: "Zip", snapStart: false },
        provisionedConcurrency: { requested: 2, available: 2, status: "READY" },
        ...{ reservedConcurrency: "none", managedInstances: "none", vpcSubnets: 0 },
      },
    ]);
    expect(record.cloud?.facts).toMatchObject({
      account: { concurrencyLimit: 1000, unreserved: 1000 },
      region: "eu-central-1",
    });
    expect(record.fingerprint.system).toMatchObject({
      "functions.0.name": "orders:live",
      "functions.0.memoryMb": 1024,
      "functions.0.provisionedConcurrency": 2,
    });
    expect(record.fingerprint.system["functions.0.codeSha256"]).toMatch(/^[\w+/]{43}=$/);
    const again = parseRecord(JSON.stringify(record));
    expect(again).toMatchObject({ ok: true, value: record });
  });

  test("cold starts, Init and memory are the ledger's, and enter required concurrency", async () => {
    const url = await world.deploy("orders", { initMs: 80, maxMemoryUsedMb: 91 });
    const { record } = await world.gate({ url, functions: "orders" });
    const truth = await world.simulator.summary("orders", { from: record.cloud?.window.start ?? 0 });
    expect(record.cloud?.state).toBe("complete");
    expect(record.cloud?.facts?.logs).toMatchObject([
      { function: "orders", reports: truth.invocations, coldStarts: truth.coldStarts, memoryUsedMb: 91, errors: [] },
    ]);
    expect(truth.coldStarts).toBeGreaterThan(0);
    const initMs = record.cloud?.facts?.logs[0]?.initMs?.mean ?? 0;
    expect(Math.abs(initMs - 80)).toBeLessThan(8);
    const summary = summarise(record);
    expect(summary.counts["lambda-cold-starts"]).toMatchObject({ events: truth.coldStarts, trials: truth.invocations });
    expect(summary.functions[0]?.coldMs).toBeCloseTo((truth.coldStarts / truth.invocations) * initMs, 6);
  });
});

describe("before the load", () => {
  test.each([
    ["an update in progress", { updatingCalls: 1 }, /being updated/],
    ["a function that is being created", { pendingCalls: 1 }, /state Pending \(.*Creating/],
    ["a canary", { alias: "live", aliasWeights: { "2": 0.1 }, aliasWeightCalls: 1 }, /version 2 has 10 %/],
    [
      "provisioned concurrency",
      { alias: "live", provisionedConcurrency: 3, provisioningCalls: 1 },
      /0 of 3 provisioned/,
    ],
  ])("%s is waited for, with progress", async (_, change, line) => {
    const url = await world.deploy("orders", change);
    const { record, lines } = await world.gate({
      url,
      functions: "alias" in change ? "orders:live" : "orders",
    });
    expect(lines.join("\n")).toMatch(line);
    expect(told(record)).toEqual([]);
    expect(record.totals.requests).toBeGreaterThan(20);
  });

  test.each([
    [
      "a failed update",
      { lastUpdateStatus: "Failed", lastUpdateStatusReasonCode: "ImageDeleted" },
      /last update of orders failed/,
    ],
    ["a failed function", { state: "Failed", stateReasonCode: "SubnetOutOfIPAddresses" }, /orders is in state Failed/],
  ] as const)("%s ends the wait at once: target-not-ready with the reason", async (_, change, message) => {
    const url = await world.deploy("orders", change);
    const { record } = await world.gate({ url, functions: "orders" });
    expect(told(record)).toMatchObject([
      { code: "target-not-ready", severity: "invalid", message: expect.stringMatching(message) },
    ]);
    expect((await world.simulator.summary("orders")).invocations).toBe(0);
  });

  test("a canary that does not end is target-not-ready at the deadline", async () => {
    const url = await world.deploy("orders", { alias: "live", aliasWeights: { "2": 0.5 } });
    const { record } = await world.gate({ url, functions: "orders:live", "ready-timeout": "1s" });
    expect(told(record)).toMatchObject([
      { code: "target-not-ready", message: expect.stringMatching(/within 1 s: orders:live shifts its traffic/) },
    ]);
  });

  test("a function that does not exist, and one in another region, are refused before anything is sent", async () => {
    const url = await world.deploy("orders");
    const missing = { code: "function-not-found", severity: "usage" };
    expect(await problemsOf(world.gate({ url, functions: "order" }))).toMatchObject([
      { ...missing, message: "Lambda knows no function order in eu-central-1." },
    ]);
    await world.simulator.putAccount({ region: "eu-west-1" });
    expect(await problemsOf(world.gate({ url, functions: "orders" }))).toMatchObject([missing]);
    expect((await world.simulator.summary("orders")).invocations).toBe(0);
  });

  test("an account with the limit of a new one is named before the load", async () => {
    const url = await world.deploy("orders");
    await world.simulator.putAccount({ concurrentExecutions: 10 });
    const { record, lines } = await world.gate({ url, functions: "orders", users: "12" });
    expect(lines.join("\n")).toMatch(/10 concurrent executions, the limit of a new account/);
    expect(told(record)).toMatchObject([{ code: "concurrency-limit", severity: "warning" }]);
  });

  test("a reserved concurrency of 0 refuses the run", async () => {
    const url = await world.deploy("orders", { limitKind: "reserved", concurrencyLimit: 0 });
    expect(await problemsOf(world.gate({ url, functions: "orders" }))).toMatchObject([{ code: "concurrency-limit" }]);
  });

  test("an expired token is one sentence and a hint, and the client's metrics stand", async () => {
    const url = await world.deploy("orders");
    await world.simulator.putLambda({ expired: true });
    await world.simulator.putCloudwatch({ denied: true });
    const { record, lines } = await world.gate({ url, functions: "orders" });
    await world.simulator.putCloudwatch({ denied: false });
    expect(lines.filter((line) => /expired/.test(line))).toEqual([
      "The AWS credentials have expired. Let the role's session last longer than the run. The run goes on without what AWS saw.",
    ]);
    expect(told(record)).toEqual([]);
    expect(record.cloud).toMatchObject({ state: "denied" });
    expect(record.totals.requests).toBeGreaterThan(20);
    expect((await world.simulator.logs()).calls.filter(({ atMs }) => atMs > Date.parse(record.window.start))).toEqual(
      [],
    );
  });
});

describe("credentials and region that are not there", () => {
  const set = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "eu-central-1" };

  afterEach(() => {
    for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value);
  });

  test.each([
    [
      "no credentials",
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
      /^There are no AWS credentials\. Run aws-actions/,
    ],
    ["no region", ["AWS_REGION"], /^No AWS region is set\. Give aws-region or AWS_REGION\./],
  ])("%s: one sentence and a hint before the load, and the client's metrics stand", async (_, unset, sentence) => {
    const url = await world.deploy("orders");
    for (const name of unset) vi.stubEnv(name, undefined);
    const { record, lines } = await world.gate({ url, functions: "orders" });
    expect(lines.filter((line) => sentence.test(line))).toHaveLength(1);
    expect(record.cloud?.state).toBe("denied");
    expect(told(record)).toEqual([]);
  });
});

test("a Lambda that does not answer is named before the load, and the metrics are complete", async () => {
  const url = await world.deploy("orders");
  const endpoint = process.env["AWS_ENDPOINT_URL_LAMBDA"] ?? "";
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1");
  const { record, lines } = await world.gate({ url, functions: "orders", logs: "off" });
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", endpoint);
  const warned = lines.findIndex((line) => /^lambda:GetFunctionConfiguration failed: .*Check aws-region/.test(line));
  expect(warned).toBeGreaterThanOrEqual(0);
  expect(lines.findIndex((line) => line.includes("is ready after"))).toBeGreaterThan(warned);
  expect(record.cloud?.state).toBe("complete");
});

describe("what may not be read", () => {
  test.each([
    "GetFunctionConfiguration",
    "GetFunctionConcurrency",
    "GetAlias",
    "GetProvisionedConcurrencyConfig",
    "GetAccountSettings",
  ])("lambda:%s missing is one note, and the metrics are complete", async (action) => {
    const url = await world.deploy("orders", { alias: "live" });
    await world.simulator.putLambda({ deny: [action] });
    const { record } = await world.gate({ url, functions: "orders:live", logs: "off" });
    expect(record.cloud?.state).toBe("complete");
    expect(told(record)).toEqual([]);
    const named = record.cloud?.notes.filter((note) => note.includes(`lambda:${action}`)) ?? [];
    expect(named).toHaveLength(1);
    expect(record.cloud?.notes).toHaveLength(1);
  });
});

describe("a deployment that changes during the run", () => {
  test.each([
    ["code", { codeSha256: "n3w" }, /the code of orders/],
    ["memory", { memoryMb: 2048 }, /memory \(512 MB to 2048 MB\) of orders/],
    ["reserved concurrency", { limitKind: "reserved", concurrencyLimit: 50 }, /reserved concurrency \(none to 50\)/],
  ] as const)("%s: the run is invalid", async (_, change, message) => {
    const url = await world.deploy("orders");
    const running = world.gate(
      { url, functions: "orders", "run-time": "2s" },
      {
        onInfo: (line) => {
          if (line.includes("is ready")) setTimeout(() => void world.simulator.putFunction("orders", change), 300);
        },
      },
    );
    const { record } = await running;
    expect(record.validity.valid).toBe(false);
    expect(told(record)).toMatchObject([{ code: "deployment-changed", message: expect.stringMatching(message) }]);
  });
});
