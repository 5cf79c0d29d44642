import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { AwsRead } from "../../cloud/aws-read.ts";
import type { FunctionRef } from "../../cloud/cloud.ts";
import type { LambdaControl } from "../../ports.ts";
import { type AwsOptions, awsRead, clientSettings } from "./aws-call.ts";
import { aliasRoute, functionConfiguration, provisionedConcurrency } from "./lambda-answers.ts";

export type Lambda = LambdaControl & {
  /** Frees the sockets; a later call opens a new client. */
  readonly close: () => void;
};

type Sdk = typeof import("@aws-sdk/client-lambda");
type Opened = { readonly sdk: Sdk; readonly client: LambdaClient };

/**
 * Lambda's control plane through the SDK, which is loaded on the first call. GetFunctionConfiguration and not
 * GetFunction: the latter also hands out a URL of the code.
 */
export const createLambda = ({ region, callTimeout }: AwsOptions): Lambda => {
  let client: LambdaClient | null = null;
  const open = async (): Promise<Opened> => {
    const sdk = await import("@aws-sdk/client-lambda");
    client ??= new sdk.LambdaClient(clientSettings(region));
    return { sdk, client };
  };
  const read = <T>(
    action: string,
    ask: (opened: Opened, signal: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ) =>
    awsRead<T>({
      service: "Lambda",
      action: `lambda:${action}`,
      timeout: callTimeout,
      absent: ({ name }) => name.endsWith("NotFoundException"),
      ask: async (abortSignal) => ask(await open(), { abortSignal }),
    });
  return {
    configuration: (ref) =>
      read("GetFunctionConfiguration", async ({ sdk, client: lambda }, signal) =>
        functionConfiguration(
          await lambda.send(new sdk.GetFunctionConfigurationCommand({ ...nameOf(ref), ...qualifierOf(ref) }), signal),
          ref,
        ),
      ),
    alias: (ref) =>
      read("GetAlias", async ({ sdk, client: lambda }, signal) =>
        aliasRoute(await lambda.send(new sdk.GetAliasCommand({ ...nameOf(ref), Name: ref.qualifier ?? "" }), signal)),
      ),
    provisioned: async (ref) =>
      noneIfAbsent(
        await read("GetProvisionedConcurrencyConfig", async ({ sdk, client: lambda }, signal) =>
          provisionedConcurrency(
            await lambda.send(
              new sdk.GetProvisionedConcurrencyConfigCommand({ ...nameOf(ref), Qualifier: ref.qualifier ?? "" }),
              signal,
            ),
          ),
        ),
      ),
    reserved: (ref) =>
      read("GetFunctionConcurrency", async ({ sdk, client: lambda }, signal) => {
        const answer = await lambda.send(new sdk.GetFunctionConcurrencyCommand(nameOf(ref)), signal);
        return answer.ReservedConcurrentExecutions ?? ("none" as const);
      }),
    account: () =>
      read("GetAccountSettings", async ({ sdk, client: lambda }, signal) => {
        const { AccountLimit } = await lambda.send(new sdk.GetAccountSettingsCommand({}), signal);
        return {
          concurrencyLimit: AccountLimit?.ConcurrentExecutions ?? null,
          unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? null,
        };
      }),
    region: async () => {
      try {
        return await (await open()).client.config.region();
      } catch {
        return region;
      }
    },
    close: () => {
      client?.destroy();
      client = null;
    },
  };
};

/** ARNs keep their account, which may be another one than that of the credentials. */
const nameOf = ({ label, name }: FunctionRef): { readonly FunctionName: string } => ({
  FunctionName: /^(arn:[^:]*:lambda:[^:]*:\d+:function:[^:]+)/.exec(label)?.[1] ?? name,
});

const qualifierOf = ({ qualifier }: FunctionRef): { readonly Qualifier?: string } =>
  qualifier === null ? {} : { Qualifier: qualifier };

const noneIfAbsent = <T>(read: AwsRead<T>): AwsRead<T | "none"> =>
  read.kind === "absent" ? { kind: "value", value: "none" } : read;
