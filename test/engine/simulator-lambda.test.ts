import {
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionScalingConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noFaults } from "../../simulator/aws/faults.ts";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { FunctionChange } from "../../simulator/function-settings.ts";

let simulator: Simulator;
let client: LambdaClient;
beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new LambdaClient({ region: "eu-central-1", endpoint: simulator.urls.lambda, credentials, maxAttempts: 1 });
});
afterAll(() => simulator.stop());

let name = "";
beforeEach(async ({ task }) => {
  name = task.id;
  await simulator.putLambda(noFaults);
});

const put = (change: FunctionChange) => simulator.putFunction(name, change);
const configuration = (Qualifier?: string, FunctionName = name) =>
  client.send(new GetFunctionConfigurationCommand({ FunctionName, ...(Qualifier !== undefined && { Qualifier }) }));
const times = async <Result>(count: number, call: () => Promise<Result>) => {
  const results: Result[] = [];
  for (let i = 0; i < count; i++) results.push(await call());
  return results;
};

describe("GetFunctionConfiguration", () => {
  it("tells the settings", async () => {
    await put({
      ...{ memoryMb: 1769, architecture: "arm64", runtime: "python3.14", timeoutMs: 2500, codeSha256: "abc=" },
      ...{ subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"], logFormat: "JSON", systemLogLevel: "WARN" },
    });
    expect(await configuration()).toMatchObject({
      ...{ FunctionName: name, MemorySize: 1769, Architectures: ["arm64"], Runtime: "python3.14", Timeout: 3 },
      ...{
        CodeSha256: "abc=",
        State: "Active",
        LastUpdateStatus: "Successful",
        Version: "$LATEST",
        PackageType: "Zip",
      },
      VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
      LoggingConfig: { LogFormat: "JSON", LogGroup: `/aws/lambda/${name}`, SystemLogLevel: "WARN" },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    });
  });

  it("leaves out what an image and an ordinary function do not have", async () => {
    await put({ packageType: "Image" });
    const told = await configuration();
    expect([told.Runtime, told.VpcConfig, told.CapacityProviderConfig]).toEqual([undefined, undefined, undefined]);
    expect([told.PackageType, told.CodeSha256]).toEqual(["Image", expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it("tells Managed Instances by their capacity provider", async () => {
    await put({ perEnvironmentConcurrency: 32, managedEnvironments: 4 });
    expect((await configuration()).CapacityProviderConfig).toMatchObject({
      LambdaManagedInstancesCapacityProviderConfig: { PerExecutionEnvironmentMaxConcurrency: 32 },
    });
    const scaling = await client.send(new GetFunctionScalingConfigCommand({ FunctionName: name, Qualifier: "1" }));
    expect(scaling.AppliedFunctionScalingConfig).toMatchObject({ MaxExecutionEnvironments: 4 });
  });

  it.each([
    ["the name", (told: string) => told],
    ["name and qualifier", (told: string) => `${told}:live`],
    ["an ARN", (told: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${told}:live`],
  ])("is found by %s", async (_, write) => {
    await put({ alias: "live", aliasVersion: "7", snapStart: true });
    const told = await configuration(undefined, write(name));
    expect(told.FunctionName).toBe(name);
    const qualified = write(name).endsWith(":live");
    expect([told.Version, told.SnapStart?.OptimizationStatus]).toEqual(qualified ? ["7", "On"] : ["$LATEST", "Off"]);
  });

  it("keeps its hashes until code or configuration changes, and only the one that changed", async () => {
    const seen: (readonly (string | undefined)[])[] = [];
    for (const change of [{}, { jitter: 0.5 }, { commit: "abc1234" }, { codeSha256: "mine" }, { memoryMb: 2048 }]) {
      await put(change);
      const { CodeSha256, ConfigSha256, RevisionId } = await configuration();
      seen.push([CodeSha256, ConfigSha256, RevisionId]);
    }
    const changes = seen.slice(1).map((now, index) => now.map((value, part) => value !== seen[index]?.[part]));
    expect(changes).toEqual([
      [false, false, false],
      [true, false, true],
      [true, false, true],
      [false, true, true],
    ]);
  });

  it("goes through an update call by call", async () => {
    await put({ updatingCalls: 2, pendingCalls: 1 });
    const seen = await times(3, () => configuration());
    expect(seen.map(({ State, LastUpdateStatus }) => [State, LastUpdateStatus])).toEqual([
      ["Pending", "InProgress"],
      ["Active", "InProgress"],
      ["Active", "Successful"],
    ]);
  });

  it("goes through an update by the clock", async () => {
    await put({ updatingUntilMs: Date.now() + 60_000 });
    expect((await configuration()).LastUpdateStatus).toBe("InProgress");
    await put({ updatingUntilMs: Date.now() });
    expect((await configuration()).LastUpdateStatus).toBe("Successful");
  });

  it("tells why it failed", async () => {
    await put({
      state: "Inactive",
      stateReasonCode: "Idle",
      lastUpdateStatus: "Failed",
      lastUpdateStatusReasonCode: "EniLimitExceeded",
    });
    expect(await configuration()).toMatchObject({
      ...{ State: "Inactive", StateReasonCode: "Idle" },
      ...{ LastUpdateStatus: "Failed", LastUpdateStatusReasonCode: "EniLimitExceeded" },
    });
  });
});

describe("concurrency of one function", () => {
  it("is reserved, or nothing", async () => {
    const reserved = () => client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
    await put({ concurrencyLimit: 7 });
    expect((await reserved()).ReservedConcurrentExecutions).toBeUndefined();
    await put({ limitKind: "reserved" });
    expect((await reserved()).ReservedConcurrentExecutions).toBe(7);
  });

  it("is provisioned for the alias once it is ready, and serves without Init", async () => {
    const provisioned = () =>
      client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: "live" }));
    const { functionUrl } = await put({ alias: "live", durationMs: 1, initMs: 1 });
    await expect(provisioned()).rejects.toMatchObject({ name: "ProvisionedConcurrencyConfigNotFoundException" });
    await put({ provisionedConcurrency: 3, provisioningCalls: 1 });
    await fetch(functionUrl);
    expect((await provisioned()).Status).toBe("IN_PROGRESS");
    expect(await provisioned()).toMatchObject({
      ...{ Status: "READY", RequestedProvisionedConcurrentExecutions: 3, AvailableProvisionedConcurrentExecutions: 3 },
    });
    await fetch(functionUrl);
    const { entries } = await simulator.ledger(name);
    expect(entries.map((one) => [one.provisioned, one.initMs > 0])).toEqual([
      [false, true],
      [true, false],
    ]);
    await put({ provisionedFailed: true });
    expect((await provisioned()).Status).toBe("FAILED");
  });
});

describe("GetAlias", () => {
  const alias = (Name = "live") => client.send(new GetAliasCommand({ FunctionName: name, Name }));

  it("shows a canary for so many calls, then its end", async () => {
    await put({ alias: "live", aliasVersion: "6", aliasWeights: { "7": 0.1 }, aliasWeightCalls: 2 });
    const seen = await times(3, () => alias());
    expect(seen.map(({ FunctionVersion, RoutingConfig }) => [FunctionVersion, RoutingConfig])).toEqual([
      ["6", { AdditionalVersionWeights: { "7": 0.1 } }],
      ["6", { AdditionalVersionWeights: { "7": 0.1 } }],
      ["7", undefined],
    ]);
    expect(seen[2]?.RevisionId).not.toBe(seen[0]?.RevisionId);
  });

  it("sends a share of the requests to the new version", async () => {
    const { functionUrl } = await put({ alias: "live", aliasVersion: "6", aliasWeights: { "7": 0.3 }, durationMs: 0 });
    await times(100, async () => (await fetch(functionUrl)).arrayBuffer());
    const { entries } = await simulator.ledger(name);
    const moved = entries.filter(({ version }) => version === "7").length;
    expect(moved).toBeGreaterThan(10);
    expect(moved).toBeLessThan(60);
    expect(entries.filter(({ version }) => version === "6")).toHaveLength(100 - moved);
  });

  it("does not know another one", async () => {
    await put({ alias: "live" });
    await expect(alias("other")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("trouble", () => {
  it.each([
    ["a wrong name", () => configuration(undefined, "no-such-function")],
    ["an unknown qualifier", () => configuration("99")],
    ["an operation that is not simulated", () => client.send(new ListFunctionsCommand({}))],
  ])("finds nothing: %s", async (_, call) => {
    await put({});
    await expect(call()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it("finds nothing in another region", async () => {
    await put({});
    await simulator.putAccount({ region: "us-east-1" });
    await expect(configuration()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await simulator.putAccount({ region: null });
    expect((await configuration()).FunctionName).toBe(name);
  });

  it.each([
    [{ denied: true }, "AccessDeniedException", 403],
    [{ deny: ["GetFunctionConfiguration"] }, "AccessDeniedException", 403],
    [{ expired: true }, "ExpiredTokenException", 403],
    [{ throttleFirst: 1 }, "TooManyRequestsException", 429],
    [{ serverErrorFirst: 1 }, "ServiceException", 500],
  ])("refuses with %j", async (faults, error, httpStatusCode) => {
    await put({});
    await simulator.putLambda(faults);
    await expect(configuration()).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode } });
  });

  it("denies one operation only, and writes every call down", async () => {
    await put({});
    await simulator.putLambda({ deny: ["GetAlias"] });
    await client.send(new GetAccountSettingsCommand({}));
    await configuration("$LATEST");
    const { calls } = await simulator.lambda();
    expect(calls.slice(-2)).toMatchObject([
      { operation: "GetAccountSettings", status: 200, signed: true, region: "eu-central-1" },
      { operation: "GetFunctionConfiguration", status: 200, body: { path: [name], query: { Qualifier: "$LATEST" } } },
    ]);
  });
});
