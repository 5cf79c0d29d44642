/** Service Quotas over awsJson 1.1: an applied value if there is one, and AWS's default. */
import { awsJson, json11Dialect, readTarget } from "./aws/dialects.ts";
import { arn } from "./aws/names.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { concurrencyQuota, knownQuotas } from "./quotas/known-quotas.ts";
import { defaultQuotasSettings, type QuotasSettings } from "./quotas/settings.ts";

export type QuotasServer = AwsService<QuotasSettings>;

type QuotaBody = { readonly ServiceCode?: string; readonly QuotaCode?: string };

export const startQuotas = (functions: FunctionRegistry): Promise<QuotasServer> =>
  startAwsService({
    defaults: defaultQuotasSettings,
    dialect: json11Dialect("TooManyRequestsException"),
    read: readTarget("ServiceQuotasV20190624"),
    operate: ({ operation, body, region }, store) => {
      const { ServiceCode = "", QuotaCode = "" } = body as QuotaBody;
      const key = `${ServiceCode}/${QuotaCode}`;
      const known = knownQuotas.get(key);
      const told = store.settings().quotas[key] ?? {};
      const concurrency = key === concurrencyQuota && functions.isHere(region) ? functions.account.limit() : null;
      const values: Readonly<Record<string, number | null>> = {
        GetServiceQuota: told.applied === undefined ? concurrency : told.applied,
        GetAWSDefaultServiceQuota: told.default === undefined ? (known?.value ?? null) : told.default,
      };
      const value = values[operation];
      if (value === undefined)
        throw new ServiceError(400, "UnknownOperationException", `${operation} is not simulated`);
      if (value === null) throw new ServiceError(400, "NoSuchResourceException", `no value for the quota ${key}`);
      const Quota = {
        ...{ ServiceCode, ServiceName: ServiceCode, QuotaCode, QuotaName: known?.name ?? QuotaCode, Value: value },
        ...{ QuotaArn: arn("servicequotas", region, key), Unit: "None", Adjustable: known?.adjustable ?? true },
        GlobalQuota: false,
      };
      return awsJson("1.1", { Quota });
    },
  });
