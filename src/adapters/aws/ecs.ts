import type { DescribeServicesCommandOutput, ECSClient } from "@aws-sdk/client-ecs";
import type { EcsService } from "../../cloud/ecs-service.ts";
import type { ContainerServices } from "../../ports.ts";
import { type AwsOptions, awsRead, clientSettings } from "./aws-call.ts";

export type Ecs = ContainerServices & {
  /** Frees the sockets; a later call opens a new client. */
  readonly close: () => void;
};

/** ECS through the SDK, which is loaded on the first call. */
export const createEcs = ({ region, callTimeout }: AwsOptions): Ecs => {
  let client: ECSClient | null = null;
  return {
    read: ({ cluster, service }) =>
      awsRead<EcsService>({
        service: "ECS",
        action: "ecs:DescribeServices",
        timeout: callTimeout,
        absent: ({ name }) => name === "ClusterNotFoundException" || name === MISSING,
        ask: async (abortSignal) => {
          const sdk = await import("@aws-sdk/client-ecs");
          client ??= new sdk.ECSClient(clientSettings(region));
          const asked = new sdk.DescribeServicesCommand({ cluster, services: [service] });
          return ecsService(await client.send(asked, { abortSignal }));
        },
      }),
    close: () => {
      client?.destroy();
      client = null;
    },
  };
};

const MISSING = "MISSING";

/** A service that is not there is no error of ECS's, but a line under `failures`. */
const ecsService = ({ services, failures }: DescribeServicesCommandOutput): EcsService => {
  const [service] = services ?? [];
  if (service === undefined) {
    const reason = failures?.[0]?.reason ?? MISSING;
    throw Object.assign(new Error(`ECS did not describe the service: ${reason}`), { name: reason });
  }
  const deployments = service.deployments ?? [];
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  // After a circuit breaker has rolled back, the PRIMARY one is the old code again and the failed one is still listed.
  const told = deployments.find(({ rolloutState }) => rolloutState === "FAILED") ?? primary;
  return {
    status: service.status ?? null,
    rollout: told?.rolloutState ?? null,
    rolloutReason: told?.rolloutStateReason || null,
    desired: service.desiredCount ?? null,
    running: service.runningCount ?? null,
    taskDefinition: primary?.taskDefinition ?? service.taskDefinition ?? null,
  };
};
