import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { AwsRead } from "../../cloud/aws-read.ts";
import type { Quotas } from "../../ports.ts";
import { type AwsOptions, awsRead, clientSettings } from "./aws-call.ts";

export type ServiceQuotas = Quotas & {
  /** Frees the sockets; a later call opens a new client. */
  readonly close: () => void;
};

type Sdk = typeof import("@aws-sdk/client-service-quotas");
type Opened = { readonly sdk: Sdk; readonly client: ServiceQuotasClient };
type Answer = { readonly Quota?: { readonly Value?: number | undefined } | undefined };

/** Service Quotas through the SDK, which is loaded on the first call. */
export const createQuotas = ({ region, callTimeout }: AwsOptions): ServiceQuotas => {
  let client: ServiceQuotasClient | null = null;
  const open = async (): Promise<Opened> => {
    const sdk = await import("@aws-sdk/client-service-quotas");
    client ??= new sdk.ServiceQuotasClient(clientSettings(region));
    return { sdk, client };
  };
  const read = (action: string, ask: (opened: Opened, abortSignal: AbortSignal) => Promise<Answer>) =>
    awsRead<number>({
      service: "Service Quotas",
      action: `servicequotas:${action}`,
      timeout: callTimeout,
      absent: ({ name }) => name === "NoSuchResourceException",
      ask: async (signal) => quotaValue(await ask(await open(), signal)),
    });
  return {
    value: async (ServiceCode, QuotaCode): Promise<AwsRead<number>> => {
      const asked = { ServiceCode, QuotaCode };
      const applied = await read("GetServiceQuota", ({ sdk, client: quotas }, abortSignal) =>
        quotas.send(new sdk.GetServiceQuotaCommand(asked), { abortSignal }),
      );
      if (applied.kind !== "absent") return applied;
      // A quota that nobody changed has no applied value (Service Quotas API reference, GetServiceQuota).
      return await read("GetAWSDefaultServiceQuota", ({ sdk, client: quotas }, abortSignal) =>
        quotas.send(new sdk.GetAWSDefaultServiceQuotaCommand(asked), { abortSignal }),
      );
    },
    close: () => {
      client?.destroy();
      client = null;
    },
  };
};

const quotaValue = ({ Quota }: Answer): number => {
  const value = Quota?.Value;
  if (value === undefined || !Number.isFinite(value)) throw new Error("the quota has no value");
  return value;
};
