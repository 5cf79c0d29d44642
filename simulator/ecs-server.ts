/** ECS over awsJson 1.1: DescribeServices of the containers that stand in a function's place. */
import { awsJson, json11Dialect, readTarget } from "./aws/dialects.ts";
import { arn } from "./aws/names.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import type { Container } from "./deployment-settings.ts";
import { defaultEcsSettings, type EcsService, type EcsSettings } from "./ecs/settings.ts";
import type { FunctionRegistry } from "./function-registry.ts";

export type EcsServer = AwsService<EcsSettings>;

type Asked = { readonly cluster?: string; readonly services?: readonly string[] };

export function startEcs(functions: FunctionRegistry): Promise<EcsServer> {
  /** Calls so far; another `PUT` brings other services and starts again. */
  const told = new WeakMap<EcsService, number>();
  return startAwsService({
    defaults: defaultEcsSettings,
    dialect: json11Dialect("ThrottlingException"),
    read: readTarget("AmazonEC2ContainerServiceV20141113"),
    operate: ({ operation, body, region }, store) => {
      if (operation !== "DescribeServices")
        throw new ServiceError(400, "UnknownOperationException", `${operation} is not simulated`);
      const { cluster = "default", services = [] } = body as Asked;
      const all = functions.inRegion(region).flatMap(({ settings }) => settings.container ?? []);
      const here = all.filter((container) => container.cluster === cluster);
      if (here.length === 0) throw new ServiceError(400, "ClusterNotFoundException", "Cluster not found.");
      const found = services.map((name) => ({ name, container: here.find(({ service }) => service === name) }));
      return awsJson("1.1", {
        services: found.flatMap(({ container }) => {
          if (container === undefined) return [];
          const set = store.settings().services[`${cluster}/${container.service}`] ?? {};
          const call = told.get(set) ?? 0;
          told.set(set, call + 1);
          return [serviceBody(container, set, { region, call })];
        }),
        failures: found.flatMap(({ name, container }) =>
          container === undefined ? [{ arn: arn("ecs", region, `service/${cluster}/${name}`), reason: "MISSING" }] : [],
        ),
      });
    },
  });
}

const at = (list: readonly string[] | undefined, call: number): string | undefined =>
  list?.[Math.min(call, list.length - 1)];

function serviceBody(
  { cluster, service, tasks }: Container,
  { rollouts, reason, running = tasks, taskDefinitions, status = "ACTIVE" }: EcsService,
  { region, call }: { readonly region: string | null; readonly call: number },
): object {
  const taskDefinition = arn("ecs", region, `task-definition/${at(taskDefinitions, call) ?? `${service}:1`}`);
  const counts = { desiredCount: tasks, runningCount: running, pendingCount: Math.max(0, tasks - running) };
  const primary = {
    ...{ id: "ecs-svc/1", status: "PRIMARY", taskDefinition, ...counts },
    ...{ rolloutState: at(rollouts, call) ?? "COMPLETED", rolloutStateReason: reason ?? "" },
  };
  return {
    ...{ serviceArn: arn("ecs", region, `service/${cluster}/${service}`), serviceName: service, status },
    ...{ clusterArn: arn("ecs", region, `cluster/${cluster}`), taskDefinition, ...counts, deployments: [primary] },
  };
}
