/**
 * Lambda by other hands (ministack): a real Node handler behind a Function URL that is loaded by name. Needs no Docker:
 * its `local` executor keeps a pool of Node processes.
 *
 * Where it is not AWS, measured with 1.5.33: a call through a Function URL is in no metric when it works, and counts as
 * Invocations and as Throttles when it is throttled, without Duration; ConcurrentExecutions is never published; buckets
 * begin at multiples of their length. Calls through its Invoke API are counted and timed as in AWS.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zipOf } from "../../../simulator/zip.ts";
import { installEmulators } from "./install.ts";
import { awsAt, createProduct, KEYS, type Outcome, type Product, REGION, roomInMinute } from "./product.ts";
import { type Emulator, startMinistack } from "./servers.ts";

const emulators = installEmulators();
const RUN_SECONDS = 14;
const LOAD = { "run-time": "5s", "warm-up": "0s", "metrics-timeout": "5s", "ready-timeout": "30s" } as const;
const HANDLER = `
import { setTimeout as sleep } from "node:timers/promises";
export const handler = async (event) => {
  await sleep(Number(process.env.DELAY));
  const body = JSON.stringify({ path: event.rawPath ?? null, agent: event.headers?.["user-agent"] ?? null });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body };
};`;

describe.runIf(emulators.kind === "installed")("ministack", () => {
  const bin = emulators.kind === "installed" ? emulators.bin : "";
  let ministack: Emulator;
  let product: Product;
  let lambda: LambdaClient;
  beforeAll(async () => {
    ministack = await startMinistack({ bin });
    lambda = new LambdaClient({ endpoint: ministack.url, region: REGION, credentials: KEYS });
    product = createProduct();
  });
  afterAll(async () => {
    lambda?.destroy();
    product?.close();
    await ministack?.stop();
  });

  type Deploy = { readonly delay: number; readonly reserved?: number };
  /** Deploys the handler and returns the host of its Function URL. */
  const deploy = async (FunctionName: string, { delay, reserved }: Deploy): Promise<string> => {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: "arn:aws:iam::000000000000:role/handler",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zipOf({ "index.mjs": HANDLER }) },
        MemorySize: 256,
        Timeout: 10,
        Environment: { Variables: { DELAY: String(delay) } },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName });
    if (reserved !== undefined) {
      const limit = { ReservedConcurrentExecutions: reserved };
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ...limit }));
    }
    const made = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
    return new URL(made.FunctionUrl ?? "").host;
  };
  const run = async (inputs: Readonly<Record<string, string>>): Promise<Outcome> => {
    await roomInMinute(RUN_SECONDS);
    return await product.run({ ...LOAD, ...inputs }, awsAt(ministack.url));
  };

  it("a handler is loaded through its Function URL; figures that AWS does not have are null, not 0", async () => {
    const host = await deploy("orders", { delay: 40 });
    const load = { users: "4", "spawn-rate": "4", "wait-time": "constant(0.1)", functions: "orders" };
    const outcome = await run({ ...load, url: `${ministack.url}/orders/7`, headers: `host: ${host}` });
    const { totals, service, cloud } = outcome.record();
    expect(totals.outcomes.ok).toBe(totals.requests);
    expect(totals.requests).toBeGreaterThan(40);
    expect(service.min).toBeGreaterThanOrEqual(40);
    expect(cloud).toMatchObject({ state: "incomplete", seen: null });
    expect(cloud?.functions).toMatchObject([{ invocations: null, throttles: null, duration: { average: null } }]);
    expect(cloud?.facts?.functions).toMatchObject([{ memoryMb: 256, runtime: "nodejs22.x", packageType: "Zip" }]);
    expect(outcome.metric("lambda-throttles")).toMatchObject({ head: null, verdict: "inconclusive" });
  });

  it("reserved concurrency throttles: every 429 is counted, and AWS's doubled count is contaminated", async () => {
    const host = await deploy("scarce", { delay: 100, reserved: 2 });
    const load = { users: "6", "spawn-rate": "6", "wait-time": "constant(0.1)", functions: "scarce" };
    const outcome = await run({ ...load, url: `${ministack.url}/`, headers: `host: ${host}` });
    const { totals, tasks, cloud } = outcome.record();
    const { ok, throttled } = totals.outcomes;
    expect(ok + throttled).toBe(totals.requests);
    expect([ok > 20, throttled > 50]).toEqual([true, true]);
    expect(tasks[0]?.examples.throttled?.[0]).toMatchObject({
      status: 429,
      text: expect.stringContaining("ReservedFunctionConcurrentInvocationLimitExceeded"),
    });
    // The server's own count of its throttles is the client's; what it made of its Invocations is refused.
    expect(cloud).toMatchObject({ state: "contaminated", seen: 2 * throttled });
    expect(cloud?.functions).toMatchObject([{ throttles: throttled, duration: { average: null, p95: null } }]);
    expect(outcome.stderr).toContain("reserved concurrency of 2");
    for (const id of ["lambda-throttles", "required-concurrency"])
      expect(["inconclusive", "invalid"]).toContain(outcome.metric(id)?.verdict);
    expect(outcome.metric("lambda-duration")?.head).toBeNull();
  });

  it("calls through the Invoke API agree one by one, and Duration is a true part of the client's time", async () => {
    await deploy("stock", { delay: 60 });
    const scenario =
      "scenario:\n  tasks:\n    - post: /2015-03-31/functions/stock/invocations\n      json: { id: 7 }\n";
    writeFileSync(join(product.root, "invoke.yml"), scenario);
    const load = { users: "4", "spawn-rate": "4", "wait-time": "constant(0.1)", functions: "stock" };
    const at = { url: `${ministack.url}/`, "ready-path": "/_ministack/health", scenario: "invoke.yml" };
    const region = `authorization: AWS4-HMAC-SHA256 Credential=testing/20260101/${REGION}/lambda/aws4_request`;
    const outcome = await run({ ...load, ...at, headers: region });
    const { totals, service, cloud } = outcome.record();
    expect(totals.outcomes.ok).toBe(totals.requests);
    expect(cloud).toMatchObject({ state: "complete", seen: totals.requests });
    const [seen] = cloud?.functions ?? [];
    expect(seen).toMatchObject({ invocations: totals.requests, errors: 0, throttles: 0, concurrencyMax: null });
    const { average, p50, p95, max } = seen?.duration ?? {};
    expect(average).toBeGreaterThanOrEqual(60);
    expect(average).toBeLessThan(service.mean ?? 0);
    expect([(p50 ?? 0) >= 60, (p95 ?? 0) >= (p50 ?? 0), (max ?? 0) >= (p95 ?? 0)]).toEqual([true, true, true]);
    expect(outcome.metric("lambda-duration")?.head).toBeCloseTo(average ?? 0, 2);
  });
});
