/** Lambda's answers as our own types; a field that is missing is `null` and never a guess. */
import type {
  GetAliasCommandOutput,
  GetFunctionConfigurationCommandOutput,
  GetProvisionedConcurrencyConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import type { FunctionRef } from "../../cloud/cloud.ts";
import type { AliasRoute, FunctionConfiguration, Provisioned } from "../../cloud/deployment.ts";

export const functionConfiguration = (
  answer: GetFunctionConfigurationCommandOutput,
  { name }: FunctionRef,
): FunctionConfiguration => ({
  memoryMb: answer.MemorySize ?? null,
  architecture: answer.Architectures?.[0] ?? null,
  runtime: answer.Runtime ?? null,
  packageType: answer.PackageType ?? null,
  timeoutMs: answer.Timeout === undefined ? null : answer.Timeout * 1000,
  ephemeralStorageMb: answer.EphemeralStorage?.Size ?? null,
  codeSha256: answer.CodeSha256 ?? null,
  configSha256: answer.ConfigSha256 ?? null,
  snapStart: answer.SnapStart?.OptimizationStatus === undefined ? null : answer.SnapStart.OptimizationStatus === "On",
  vpcSubnets: answer.VpcConfig?.SubnetIds?.length ?? 0,
  managedInstances: managedInstances(answer),
  version: answer.Version ?? null,
  state: answer.State ?? null,
  stateReason: reasonOf(answer.StateReasonCode, answer.StateReason),
  updateStatus: answer.LastUpdateStatus ?? null,
  updateReason: reasonOf(answer.LastUpdateStatusReasonCode, answer.LastUpdateStatusReason),
  logs: logsOf(answer, name),
});

export const aliasRoute = (answer: GetAliasCommandOutput): AliasRoute => ({
  version: answer.FunctionVersion ?? null,
  weights: answer.RoutingConfig?.AdditionalVersionWeights ?? {},
});

export const provisionedConcurrency = (answer: GetProvisionedConcurrencyConfigCommandOutput): Provisioned => ({
  requested: answer.RequestedProvisionedConcurrentExecutions ?? 0,
  available: answer.AvailableProvisionedConcurrentExecutions ?? null,
  status: answer.Status ?? null,
  reason: answer.StatusReason ?? null,
});

const reasonOf = (...parts: readonly (string | undefined)[]): string | null => {
  const told = parts.filter((part) => part !== undefined && part !== "");
  return told.length === 0 ? null : told.join(": ");
};

const managedInstances = (answer: GetFunctionConfigurationCommandOutput): FunctionConfiguration["managedInstances"] => {
  const provider = answer.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  if (provider === undefined) return "none";
  return { perEnvironmentConcurrency: provider.PerExecutionEnvironmentMaxConcurrency ?? null };
};

const logsOf = (
  { LoggingConfig: config }: GetFunctionConfigurationCommandOutput,
  name: string,
): FunctionConfiguration["logs"] => ({
  group: config?.LogGroup ?? `/aws/lambda/${name}`,
  format: config?.LogFormat === "JSON" ? "JSON" : "Text",
  reports: !(config?.LogFormat === "JSON" && config.SystemLogLevel === "WARN"),
});
