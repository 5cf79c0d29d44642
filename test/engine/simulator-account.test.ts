import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
});
afterEach(() => simulator.stop());

const common = {
  region: "eu-central-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
};
const exact = { jitter: 0, environmentSpread: 0, initMs: 0 };

const account = async () => {
  const client = new LambdaClient({ ...common, endpoint: simulator.urls.lambda });
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  return [AccountLimit?.ConcurrentExecutions, AccountLimit?.UnreservedConcurrentExecutions];
};

describe("concurrency", () => {
  it("is shared by the functions without a reservation", async () => {
    await simulator.putAccount({ concurrentExecutions: 10 });
    await simulator.putFunction("reserved", { limitKind: "reserved", concurrencyLimit: 4 });
    const open = (name: string) => simulator.putFunction(name, { ...exact, durationMs: 2000 });
    const urls = await Promise.all([open("a"), open("b")]);
    const asked = urls.flatMap(({ functionUrl }) => Array.from({ length: 8 }, () => fetch(functionUrl)));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(6);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    const ledgers = await Promise.all(["a", "b"].map((name) => simulator.ledger(name)));
    const loads = ledgers.flatMap(({ entries }) => entries.map((one) => one.account));
    expect(Math.max(...loads.map(({ unreserved }) => unreserved))).toBe(6);
    expect(Math.max(...loads.map(({ claimed }) => claimed))).toBe(10);
    expect(await account()).toEqual([10, 6]);
  });

  it("without a shared limit is the smallest one that a function has of its own", async () => {
    expect(await account()).toEqual([1000, 1000]);
    await simulator.putFunction("small", { concurrencyLimit: 25 });
    await simulator.putFunction("reserved", { concurrencyLimit: 5, limitKind: "reserved" });
    expect(await account()).toEqual([25, 20]);
  });

  it("of another region is not this one's", async () => {
    await simulator.putAccount({ concurrentExecutions: 10, region: "us-east-1" });
    expect(await account()).toEqual([1000, 1000]);
  });
});

describe("Service Quotas", () => {
  const quota = async (ServiceCode: string, QuotaCode: string) => {
    const client = new ServiceQuotasClient({ ...common, endpoint: simulator.urls.quotas });
    const values = [];
    for (const Command of [GetServiceQuotaCommand, GetAWSDefaultServiceQuotaCommand]) {
      const asked = client.send(new Command({ ServiceCode, QuotaCode }));
      values.push(
        await asked.then(
          ({ Quota }) => Quota?.Value,
          (error: Error) => error.name,
        ),
      );
    }
    return values;
  };

  it("has the account's concurrency applied, and defaults for the rest", async () => {
    await simulator.putAccount({ concurrentExecutions: 10 });
    expect(await quota("lambda", "L-B99A9384")).toEqual([10, 1000]);
    expect(await quota("apigateway", "L-8A5B8E43")).toEqual(["NoSuchResourceException", 10_000]);
    expect(await quota("lambda", "L-9FEE3D26")).toEqual(["NoSuchResourceException", 500]);
    expect(await quota("lambda", "L-00000000")).toEqual(["NoSuchResourceException", "NoSuchResourceException"]);
  });

  it("has what it is told", async () => {
    await simulator.putQuotas({
      quotas: { "apigateway/L-8A5B8E43": { applied: 2500 }, "lambda/L-B99A9384": { applied: null } },
    });
    expect(await quota("apigateway", "L-8A5B8E43")).toEqual([2500, 10_000]);
    expect(await quota("lambda", "L-B99A9384")).toEqual(["NoSuchResourceException", 1000]);
  });

  it.each([
    [{ denied: true }, "AccessDeniedException"],
    [{ expired: true }, "ExpiredTokenException"],
    [{ throttleFirst: 2 }, "TooManyRequestsException"],
    [{ deny: ["GetServiceQuota"], throttleFirst: 0 }, "AccessDeniedException"],
  ])("fails with %j", async (faults, name) => {
    await simulator.putQuotas(faults);
    expect((await quota("lambda", "L-B99A9384"))[0]).toBe(name);
  });
});

describe("CloudFormation", () => {
  let client: CloudFormationClient;
  beforeEach(async () => {
    client = new CloudFormationClient({ ...common, endpoint: simulator.urls.cloudformation });
    await simulator.putCloudformation({
      stacks: {
        "shop-pr-7": {
          statuses: ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"],
          statusReason: "as <planned> & done",
          outputs: { HttpApiUrl: "https://api.example/?a=1&b=2" },
          resources: [
            { logicalId: "Orders", physicalId: "shop-orders", type: "AWS::Lambda::Function" },
            { logicalId: "Table", physicalId: "t", type: "AWS::DynamoDB::Table", status: "UPDATE_FAILED" },
          ],
        },
      },
    });
  });

  const status = async (StackName = "shop-pr-7") =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;

  it("tells one status a call, and the last one from then on", async () => {
    const seen = [await status(), await status(), await status(), await status()];
    expect(seen).toEqual([
      "UPDATE_IN_PROGRESS",
      "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
      "UPDATE_COMPLETE",
      "UPDATE_COMPLETE",
    ]);
  });

  it("gives outputs and resources, by name and by ARN", async () => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: "shop-pr-7" }));
    expect(Stacks[0]).toMatchObject({
      StackStatusReason: "as <planned> & done",
      Outputs: [{ OutputKey: "HttpApiUrl", OutputValue: "https://api.example/?a=1&b=2" }],
    });
    const StackName = Stacks[0]?.StackId ?? "";
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName }));
    const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName }));
    for (const resources of [StackResources, StackResourceSummaries]) {
      expect(resources).toMatchObject([
        { LogicalResourceId: "Orders", PhysicalResourceId: "shop-orders", ResourceStatus: "CREATE_COMPLETE" },
        { ResourceType: "AWS::DynamoDB::Table", ResourceStatus: "UPDATE_FAILED" },
      ]);
    }
  });

  it.each([
    ["a stack that is not there", "other", {}, "ValidationError", /Stack with id other does not exist/],
    ["no permission", "shop-pr-7", { denied: true }, "AccessDenied", /not authorized/],
    ["an old token", "shop-pr-7", { expired: true }, "ExpiredToken", /expired/],
    ["too many calls", "shop-pr-7", { throttleFirst: 1 }, "Throttling", /Rate exceeded/],
  ] as const)("refuses: %s", async (...row) => {
    const [, stack, faults, name, message] = row;
    await simulator.putCloudformation(faults);
    await expect(status(stack)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});
