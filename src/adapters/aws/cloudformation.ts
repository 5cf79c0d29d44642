import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackResource } from "../../cloud/stack.ts";
import type { Stacks } from "../../ports.ts";
import { type AwsOptions, awsRead, clientSettings } from "./aws-call.ts";

export type CloudFormation = Stacks & {
  /** Frees the sockets; a later call opens a new client. */
  readonly close: () => void;
};

type Sdk = typeof import("@aws-sdk/client-cloudformation");
type Opened = { readonly sdk: Sdk; readonly client: CloudFormationClient };

/** 100 resources a page, 500 a stack at most; nested stacks are not followed. */
const MAX_PAGES = 20;

/** CloudFormation through the SDK, which is loaded on the first call. */
export const createCloudFormation = ({ region, callTimeout }: AwsOptions): CloudFormation => {
  let client: CloudFormationClient | null = null;
  const open = async (): Promise<Opened> => {
    const sdk = await import("@aws-sdk/client-cloudformation");
    client ??= new sdk.CloudFormationClient(clientSettings(region));
    return { sdk, client };
  };
  const read = <T>(action: string, ask: (opened: Opened, signal: AbortSignal) => Promise<T>) =>
    awsRead<T>({
      service: "CloudFormation",
      action: `cloudformation:${action}`,
      timeout: callTimeout,
      // CloudFormation has no error of its own for this.
      absent: ({ name, message }) => name === "ValidationError" && /does not exist/.test(message),
      ask: async (signal) => ask(await open(), signal),
    });
  return {
    read: (name) =>
      read("DescribeStacks", async ({ sdk, client: stacks }, abortSignal) => {
        const answer = await stacks.send(new sdk.DescribeStacksCommand({ StackName: name }), { abortSignal });
        const [stack] = answer.Stacks ?? [];
        return {
          status: stack?.StackStatus ?? "UNKNOWN",
          reason: stack?.StackStatusReason ?? null,
          outputs: (stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => ({
            key: OutputKey,
            value: OutputValue,
          })),
        };
      }),
    functions: (name) =>
      read("ListStackResources", async (opened, signal) =>
        (await resourcesOf(opened, name, signal))
          .filter(({ type }) => type === "AWS::Lambda::Function")
          .map(({ logicalId, physicalId }) => ({ logicalId, name: physicalId })),
      ),
    resources: (name) => read("ListStackResources", (opened, signal) => resourcesOf(opened, name, signal)),
    close: () => {
      client?.destroy();
      client = null;
    },
  };
};

const resourcesOf = async (
  { sdk, client }: Opened,
  name: string,
  abortSignal: AbortSignal,
): Promise<readonly StackResource[]> => {
  const found: StackResource[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const command = new sdk.ListStackResourcesCommand({ StackName: name, ...(token ? { NextToken: token } : {}) });
    const answer = await client.send(command, { abortSignal });
    for (const { ResourceType: type = "", LogicalResourceId, PhysicalResourceId } of answer.StackResourceSummaries ??
      [])
      found.push({ type, logicalId: LogicalResourceId ?? "", physicalId: PhysicalResourceId ?? "" });
    token = answer.NextToken;
    if (!token) return found;
  }
  return found;
};
