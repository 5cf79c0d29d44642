/** What GetFunctionConfiguration says of a function. Facts: reference "Is the new version live?". */
import { createHash } from "node:crypto";
import { arn, type FunctionName, functionArn } from "../aws/names.ts";
import type { FunctionSettings } from "../function-settings.ts";

/** What a call saw of a scripted transition. */
export type Transition = { readonly pending: boolean; readonly updating: boolean };

export function functionConfiguration(
  { name, qualifier }: FunctionName,
  settings: FunctionSettings,
  { pending, updating, region }: Transition & { readonly region: string | null },
): Record<string, unknown> {
  const { memoryMb, architecture, packageType, timeoutMs } = settings;
  return {
    FunctionName: name,
    FunctionArn: functionArn(region, { name, qualifier }),
    Role: arn("iam", "", `role/${name}`),
    Version: versionOf(qualifier, settings),
    ...(packageType === "Zip" && { Runtime: settings.runtime, Handler: "index.handler" }),
    ...{ PackageType: packageType, MemorySize: memoryMb, Architectures: [architecture], CodeSize: 4096 },
    Timeout: Math.ceil(timeoutMs / 1000),
    LastModified: "2026-11-02T09:00:00.000+0000",
    CodeSha256: codeHash(name, settings),
    ConfigSha256: configHash(settings),
    RevisionId: uuidOf([codeHash(name, settings), configHash(settings), qualifier, settings.concurrencyLimit]),
    ...stateOf(settings, { pending, updating }),
    TracingConfig: { Mode: "PassThrough" },
    EphemeralStorage: { Size: 512 },
    ...featuresOf({ name, qualifier }, settings),
  };
}

/** The version a qualifier stands for. */
const versionOf = (qualifier: string | null, { alias, aliasVersion }: FunctionSettings): string =>
  qualifier === null ? "$LATEST" : qualifier === alias ? aliasVersion : qualifier;

function stateOf(settings: FunctionSettings, { pending, updating }: Transition): Record<string, unknown> {
  const state = pending ? "Pending" : settings.state;
  const stateReason = pending ? "Creating" : settings.stateReasonCode;
  const update = updating ? "InProgress" : settings.lastUpdateStatus;
  const updateReason = updating ? null : settings.lastUpdateStatusReasonCode;
  return {
    State: state,
    ...(stateReason !== null && { StateReasonCode: stateReason, StateReason: `The function is ${state}.` }),
    LastUpdateStatus: update,
    ...(updateReason !== null && {
      ...{ LastUpdateStatusReasonCode: updateReason, LastUpdateStatusReason: `The update is ${update}.` },
    }),
  };
}

function featuresOf({ name, qualifier }: FunctionName, settings: FunctionSettings): Record<string, unknown> {
  const { snapStart, subnetIds, securityGroupIds, logFormat, perEnvironmentConcurrency } = settings;
  const inVpc = subnetIds.length > 0;
  return {
    SnapStart: {
      ApplyOn: snapStart ? "PublishedVersions" : "None",
      OptimizationStatus: snapStart && qualifier !== null ? "On" : "Off",
    },
    ...(inVpc && { VpcConfig: { SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds, VpcId: "vpc-0a1b2c3d" } }),
    LoggingConfig: {
      ...{ LogFormat: logFormat, LogGroup: settings.logGroup ?? `/aws/lambda/${name}` },
      ...(logFormat === "JSON" && { ApplicationLogLevel: "INFO", SystemLogLevel: settings.systemLogLevel }),
    },
    ...(perEnvironmentConcurrency !== null && {
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: arn("lambda", null, "capacity-provider:simulated"),
          PerExecutionEnvironmentMaxConcurrency: perEnvironmentConcurrency,
        },
      },
    }),
  };
}

/** Of a zip the SHA-256 in base64, of an image its digest. */
const codeHash = (name: string, { codeSha256, commit, durationMs, packageType }: FunctionSettings): string =>
  codeSha256 ?? hash([name, commit, durationMs]).digest(packageType === "Zip" ? "base64" : "hex");

function configHash(settings: FunctionSettings): string {
  const { memoryMb, architecture, runtime, timeoutMs, packageType, snapStart, subnetIds, logFormat } = settings;
  const told = [memoryMb, architecture, runtime, timeoutMs, packageType, snapStart, subnetIds, logFormat];
  return settings.configSha256 ?? hash([...told, settings.perEnvironmentConcurrency]).digest("base64");
}

const hash = (of: readonly unknown[]): ReturnType<typeof createHash> => createHash("sha256").update(JSON.stringify(of));

/** An id that stays while what it stands for stays. */
export function uuidOf(of: readonly unknown[]): string {
  const hex = hash(of).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
