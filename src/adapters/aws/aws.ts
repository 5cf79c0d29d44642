import type { KeyChain } from "../../ports.ts";
import { type CloudFormation, createCloudFormation } from "./cloudformation.ts";
import { type CloudWatch, createCloudWatch } from "./cloudwatch.ts";
import { readKeys } from "./credentials.ts";
import { createEcs, type Ecs } from "./ecs.ts";
import { createLambda, type Lambda } from "./lambda.ts";
import { createLogs, type Logs } from "./logs.ts";
import { createQuotas, type ServiceQuotas } from "./quotas.ts";

export type Aws = {
  readonly cloud: CloudWatch;
  readonly lambda: Lambda;
  readonly services: Ecs;
  readonly logs: Logs;
  readonly stacks: CloudFormation;
  readonly keys: KeyChain;
  readonly quotas: ServiceQuotas;
  /** Frees all sockets. */
  readonly close: () => void;
};

/** All doors to AWS. Nothing of the SDK is loaded before the first call of each. */
export const createAws = (options: { readonly region: string | null }): Aws => {
  const [cloud, lambda] = [createCloudWatch(options), createLambda(options)];
  const [logs, stacks] = [createLogs(options), createCloudFormation(options)];
  const [services, quotas] = [createEcs(options), createQuotas(options)];
  return {
    cloud,
    lambda,
    services,
    logs,
    stacks,
    keys: readKeys(options.region),
    quotas,
    close: () => {
      for (const one of [cloud, lambda, services, logs, stacks, quotas]) one.close();
    },
  };
};
