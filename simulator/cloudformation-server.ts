/** CloudFormation over the Query protocol: stacks with scripted statuses, their outputs and resources. */
import { randomUUID } from "node:crypto";
import { element, escaped, queryDialect, xmlAnswer } from "./aws/dialects.ts";
import { arn } from "./aws/names.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import {
  type CloudformationSettings,
  defaultCloudformationSettings,
  type Stack,
  type StackResource,
} from "./cloudformation/settings.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import type { Answer } from "./local-server.ts";

export type CloudformationServer = AwsService<CloudformationSettings>;

type Named = { readonly name: string; readonly stack: Stack };

const created = "2026-11-02T09:00:00.000Z";

export function startCloudformation(functions: FunctionRegistry): Promise<CloudformationServer> {
  /** Statuses told so far; another `PUT` brings other stacks and starts again. */
  const told = new WeakMap<Stack, number>();
  const nextStatus = (stack: Stack): string => {
    const statuses = stack.statuses ?? [];
    const at = told.get(stack) ?? 0;
    told.set(stack, at + 1);
    return statuses[Math.min(at, statuses.length - 1)] ?? "CREATE_COMPLETE";
  };
  return startAwsService({
    defaults: defaultCloudformationSettings,
    dialect: queryDialect,
    read: ({ body }) => {
      const form = new URLSearchParams(body.toString("utf8"));
      return { operation: form.get("Action") ?? "", body: Object.fromEntries(form) };
    },
    operate: ({ operation, body, region }, store) => {
      const stacks = functions.isHere(region) ? Object.entries(store.settings().stacks) : [];
      const { StackName } = body as { readonly StackName?: string };
      const named = stacks.map(([name, stack]) => ({ name, stack }));
      const asked = StackName === undefined ? named : [find(named, StackName)];
      switch (operation) {
        case "DescribeStacks":
          return result(
            operation,
            list(
              "Stacks",
              asked.map((one) => stackBody(one, nextStatus(one.stack), region)),
            ),
          );
        case "DescribeStackResources":
          return result(operation, list("StackResources", asked.flatMap(resourceBodies)));
        case "ListStackResources":
          return result(operation, list("StackResourceSummaries", asked.flatMap(resourceBodies)));
        default:
          throw new ServiceError(400, "InvalidAction", `${operation} is not simulated`);
      }
    },
  });
}

function find(stacks: readonly Named[], given: string): Named {
  const name = /:stack\/([^/]+)/.exec(given)?.[1] ?? given;
  const stack = stacks.find((one) => one.name === name);
  if (stack === undefined) throw new ServiceError(400, "ValidationError", `Stack with id ${given} does not exist`);
  return stack;
}

function stackBody({ name, stack }: Named, status: string, region: string | null): string {
  const { statusReason, outputs = {} } = stack;
  return [
    element("StackId", arn("cloudformation", region, `stack/${name}/5c1f6a10-0000-11f1-8000-0a58a9feac02`)),
    element("StackName", escaped(name)),
    element("CreationTime", created),
    element("StackStatus", escaped(status)),
    ...(statusReason === undefined ? [] : [element("StackStatusReason", escaped(statusReason))]),
    list(
      "Outputs",
      Object.entries(outputs).map(
        ([key, value]) => element("OutputKey", escaped(key)) + element("OutputValue", escaped(value)),
      ),
    ),
  ].join("");
}

const resourceBodies = ({ name, stack }: Named): readonly string[] =>
  (stack.resources ?? []).map((resource: StackResource) =>
    [
      element("StackName", escaped(name)),
      element("LogicalResourceId", escaped(resource.logicalId ?? "")),
      element("PhysicalResourceId", escaped(resource.physicalId ?? "")),
      element("ResourceType", escaped(resource.type ?? "")),
      element("ResourceStatus", escaped(resource.status ?? "CREATE_COMPLETE")),
      element("Timestamp", created),
      element("LastUpdatedTimestamp", created),
    ].join(""),
  );

const list = (name: string, members: readonly string[]): string =>
  element(name, members.map((member) => element("member", member)).join(""));

const result = (operation: string, content: string): Answer => {
  const metadata = element("ResponseMetadata", element("RequestId", randomUUID()));
  return xmlAnswer(200, element(`${operation}Response`, element(`${operation}Result`, content) + metadata));
};
