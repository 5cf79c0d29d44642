/** Lambda's control plane over REST: what a deployment is, and whether it is in place. */
import { randomUUID } from "node:crypto";
import { lambdaDialect } from "./aws/dialects.ts";
import { functionArn, functionNameOf } from "./aws/names.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { functionConfiguration, uuidOf } from "./lambda/configuration.ts";
import { defaultLambdaSettings, type LambdaSettings } from "./lambda/settings.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { Answer, Exchange } from "./local-server.ts";

export type LambdaServer = AwsService<LambdaSettings>;

/** What is asked of which function. */
type Question = {
  readonly target: LambdaFunction;
  /** An alias or a version; null is the function itself. */
  readonly qualifier: string | null;
  readonly region: string | null;
  readonly nowMs: number;
};

type Asked = { readonly path: readonly string[]; readonly query: Readonly<Record<string, string>> };

const operations: readonly (readonly [operation: string, path: RegExp])[] = [
  ["GetAccountSettings", /^\/2016-08-19\/account-settings\/?$/],
  ["GetFunctionConfiguration", /^\/2015-03-31\/functions\/([^/]+)\/configuration$/],
  ["GetFunctionConcurrency", /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/],
  ["GetAlias", /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/],
  ["GetProvisionedConcurrencyConfig", /^\/2019-09-30\/functions\/([^/]+)\/provisioned-concurrency$/],
  ["GetFunctionScalingConfig", /^\/2025-11-30\/functions\/([^/]+)\/function-scaling-config$/],
];

const aboutFunctions: Readonly<Record<string, (question: Question) => unknown>> = {
  GetFunctionConfiguration: ({ target, qualifier, region, nowMs }) => {
    demandQualifier(target, qualifier, region);
    const pending = target.spend("pendingCalls");
    const updating = target.spend("updatingCalls") || nowMs < target.settings.updatingUntilMs;
    return functionConfiguration({ name: target.name, qualifier }, target.settings, { pending, updating, region });
  },
  GetFunctionConcurrency: ({ target: { settings } }) =>
    settings.limitKind === "reserved" ? { ReservedConcurrentExecutions: settings.concurrencyLimit } : {},
  GetAlias: ({ target, qualifier, region }) => {
    if (qualifier === null || qualifier !== target.settings.alias) {
      throw notFound("Cannot find alias arn", functionArn(region, { name: target.name, qualifier }));
    }
    const { aliasVersion, aliasWeights } = target.nextAlias();
    const weighted = Object.keys(aliasWeights).length > 0;
    return {
      AliasArn: functionArn(region, { name: target.name, qualifier }),
      ...{ Name: qualifier, FunctionVersion: aliasVersion, Description: "" },
      ...(weighted && { RoutingConfig: { AdditionalVersionWeights: aliasWeights } }),
      RevisionId: uuidOf([target.name, qualifier, aliasVersion, aliasWeights]),
    };
  },
  GetProvisionedConcurrencyConfig: provisionedConcurrency,
  GetFunctionScalingConfig: ({ target, qualifier, region }) => {
    const { managedEnvironments } = target.settings;
    const config = { MinExecutionEnvironments: managedEnvironments, MaxExecutionEnvironments: managedEnvironments };
    return {
      FunctionArn: functionArn(region, { name: target.name, qualifier }),
      ...{ AppliedFunctionScalingConfig: config, RequestedFunctionScalingConfig: config },
    };
  },
};

export const startLambda = (functions: FunctionRegistry): Promise<LambdaServer> =>
  startAwsService({
    defaults: defaultLambdaSettings,
    dialect: lambdaDialect,
    read: readOperation,
    operate: ({ operation, body, region, nowMs }) => {
      if (operation === "GetAccountSettings") return json(accountSettings(functions, region));
      const answer = aboutFunctions[operation];
      if (answer === undefined)
        throw new ServiceError(404, "ResourceNotFoundException", `${operation} is not simulated`);
      const { path, query } = body as Asked;
      const named = functionNameOf(path[0] ?? "");
      const qualifier = path[1] ?? query["Qualifier"] ?? named.qualifier;
      const target = functions.inRegion(region).find(({ name }) => name === named.name);
      if (target === undefined || target.settings.container !== null) {
        throw notFound("Function not found", functionArn(region, { name: named.name, qualifier }));
      }
      return json(answer({ target, qualifier: qualifier === "$LATEST" ? null : qualifier, region, nowMs }));
    },
  });

function readOperation({ method, path, query }: Exchange): { readonly operation: string; readonly body: Asked } {
  const asked = { query: Object.fromEntries(query) };
  for (const [operation, pattern] of operations) {
    const match = method === "GET" ? pattern.exec(path) : null;
    if (match !== null) return { operation, body: { path: match.slice(1).map(decodeURIComponent), ...asked } };
  }
  return { operation: `${method} ${path}`, body: { path: [], ...asked } };
}

function accountSettings(functions: FunctionRegistry, region: string | null): unknown {
  const { account } = functions;
  const here = functions.isHere(region);
  const size = { TotalCodeSize: 322_122_547_200, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800 };
  return {
    AccountLimit: {
      ...size,
      ConcurrentExecutions: here ? account.limit() : 1000,
      UnreservedConcurrentExecutions: here ? account.unreserved() : 1000,
    },
    AccountUsage: { TotalCodeSize: 4096, FunctionCount: functions.inRegion(region).length },
  };
}

function demandQualifier(target: LambdaFunction, qualifier: string | null, region: string | null): void {
  if (qualifier === null || isQualifier(target, qualifier)) return;
  throw notFound("Function not found", functionArn(region, { name: target.name, qualifier }));
}

const isQualifier = ({ settings }: LambdaFunction, qualifier: string): boolean =>
  [settings.alias, settings.aliasVersion, ...Object.keys(settings.aliasWeights)].includes(qualifier);

function provisionedConcurrency({ target, qualifier }: Question): unknown {
  const { provisionedConcurrency: requested, provisionedFailed } = target.settings;
  if (requested === 0 || qualifier === null || !isQualifier(target, qualifier)) {
    const message = "No Provisioned Concurrency Config found for this function";
    throw new ServiceError(404, "ProvisionedConcurrencyConfigNotFoundException", message);
  }
  const status = target.spend("provisioningCalls") ? "IN_PROGRESS" : provisionedFailed ? "FAILED" : "READY";
  const available = status === "READY" ? requested : 0;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: available,
    Status: status,
    ...(status === "FAILED" && { StatusReason: "FUNCTION_ERROR_INIT_FAILURE" }),
    LastModified: "2026-11-02T09:00:00+0000",
  };
}

const notFound = (what: string, arn: string): ServiceError =>
  new ServiceError(404, "ResourceNotFoundException", `${what}: ${arn}`);

const json = (value: unknown): Answer => ({
  status: 200,
  headers: { "content-type": "application/json", "x-amzn-RequestId": randomUUID() },
  body: JSON.stringify(value),
});
