/** What Lambda's control plane and its logs say about one function: code, configuration, versions, state. */
import { atLeast, between, type Checks, flag, listOf, oneOf, orNull, recordOf, shapeOf, text } from "./settings.ts";

/** The function is a container behind the ALB face instead: no Lambda metrics, an ECS service's metrics. */
export type Container = {
  readonly cluster: string;
  readonly service: string;
  readonly tasks: number;
  /** vCPUs of one task. */
  readonly vcpu: number;
  /** Processor time of one request, in milliseconds. */
  readonly cpuMsPerRequest: number;
  /** MemoryUtilization, in percent. */
  readonly memoryPercent: number;
};

export type DeploymentSettings = {
  readonly memoryMb: number;
  readonly architecture: "x86_64" | "arm64";
  readonly runtime: string;
  readonly packageType: "Zip" | "Image";
  /** null derives it from `commit` and `durationMs`, which stand for the code. */
  readonly codeSha256: string | null;
  /** null derives it from memory, architecture, runtime, timeout and the like. */
  readonly configSha256: string | null;
  readonly state: "Pending" | "Active" | "Inactive" | "Failed" | "Deactivating" | "Deactivated" | "ActiveNonInvocable";
  readonly stateReasonCode: string | null;
  readonly lastUpdateStatus: "Successful" | "Failed" | "InProgress";
  readonly lastUpdateStatusReasonCode: string | null;
  /** The next n GetFunctionConfiguration calls say `State: Pending`, before `state`. */
  readonly pendingCalls: number;
  /** The next n GetFunctionConfiguration calls say `LastUpdateStatus: InProgress`, before `lastUpdateStatus`. */
  readonly updatingCalls: number;
  /** They say so until this moment as well, in epoch milliseconds. */
  readonly updatingUntilMs: number;
  /** The version the alias points to: GetAlias, `ExecutedVersion`. */
  readonly aliasVersion: string;
  /** Weights of further versions of the alias: a canary in progress. */
  readonly aliasWeights: Readonly<Record<string, number>>;
  /** The canary ends after n more GetAlias calls, with the alias at its last version; null never ends. */
  readonly aliasWeightCalls: number | null;
  /** The next n GetProvisionedConcurrencyConfig calls say IN_PROGRESS. */
  readonly provisioningCalls: number;
  readonly provisionedFailed: boolean;
  readonly snapStart: boolean;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Lambda Managed Instances: requests one environment takes at once; null is ordinary Lambda. */
  readonly perEnvironmentConcurrency: number | null;
  /** Lambda Managed Instances: environments there are. */
  readonly managedEnvironments: number;
  readonly container: Container | null;
  /** The function may write logs. */
  readonly logs: boolean;
  readonly logFormat: "Text" | "JSON";
  /** null is `/aws/lambda/NAME`. */
  readonly logGroup: string | null;
  /** `WARN` leaves the platform's records out of JSON logs. */
  readonly systemLogLevel: "DEBUG" | "INFO" | "WARN";
  /** Memory an invocation used at most, in MB. */
  readonly maxMemoryUsedMb: number;
  /** The type of the handler's errors (`errorShare`), such as `TypeError`. */
  readonly errorType: string;
  readonly errorMessage: string;
};

export const defaultDeploymentSettings: DeploymentSettings = {
  memoryMb: 512,
  architecture: "x86_64",
  runtime: "nodejs24.x",
  packageType: "Zip",
  codeSha256: null,
  configSha256: null,
  state: "Active",
  stateReasonCode: null,
  lastUpdateStatus: "Successful",
  lastUpdateStatusReasonCode: null,
  pendingCalls: 0,
  updatingCalls: 0,
  updatingUntilMs: 0,
  aliasVersion: "1",
  aliasWeights: {},
  aliasWeightCalls: null,
  provisioningCalls: 0,
  provisionedFailed: false,
  snapStart: false,
  subnetIds: [],
  securityGroupIds: [],
  perEnvironmentConcurrency: null,
  managedEnvironments: 3,
  container: null,
  logs: true,
  logFormat: "Text",
  logGroup: null,
  systemLogLevel: "INFO",
  maxMemoryUsedMb: 80,
  errorType: "Error",
  errorMessage: "the handler failed",
};

const containerChecks: Checks<Container> = {
  cluster: text,
  service: text,
  tasks: atLeast(1),
  vcpu: atLeast(0.25),
  cpuMsPerRequest: atLeast(0),
  memoryPercent: between(0, 100),
};

export const deploymentChecks: Checks<DeploymentSettings> = {
  memoryMb: between(128, 10_240),
  architecture: oneOf("x86_64", "arm64"),
  runtime: text,
  packageType: oneOf("Zip", "Image"),
  codeSha256: orNull(text),
  configSha256: orNull(text),
  state: oneOf("Pending", "Active", "Inactive", "Failed", "Deactivating", "Deactivated", "ActiveNonInvocable"),
  stateReasonCode: orNull(text),
  lastUpdateStatus: oneOf("Successful", "Failed", "InProgress"),
  lastUpdateStatusReasonCode: orNull(text),
  pendingCalls: atLeast(0),
  updatingCalls: atLeast(0),
  updatingUntilMs: atLeast(0),
  aliasVersion: text,
  aliasWeights: recordOf(between(0, 1)),
  aliasWeightCalls: orNull(atLeast(0)),
  provisioningCalls: atLeast(0),
  provisionedFailed: flag,
  snapStart: flag,
  subnetIds: listOf(text),
  securityGroupIds: listOf(text),
  perEnvironmentConcurrency: orNull(between(1, 1600)),
  managedEnvironments: atLeast(0),
  container: orNull((value) => shapeOf(containerChecks)(value) ?? complete(containerChecks, value)),
  logs: flag,
  logFormat: oneOf("Text", "JSON"),
  logGroup: orNull(text),
  systemLogLevel: oneOf("DEBUG", "INFO", "WARN"),
  maxMemoryUsedMb: atLeast(0),
  errorType: text,
  errorMessage: text,
};

const complete = (checks: object, value: unknown): string | undefined => {
  const missing = Object.keys(checks).filter((key) => !(key in (value as object)));
  return missing.length === 0 ? undefined : `must have ${missing.join(", ")}`;
};
