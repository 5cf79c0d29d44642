/** What ECS says of the service behind the load balancer: the state of a roll-out, and whether it changed under load. */
import type { Problem } from "../errors.ts";
import { type AwsRead, knownOf } from "./aws-read.ts";
import type { EcsRef } from "./containers.ts";
import { changedDuringLoad } from "./deployment.ts";

/** DescribeServices, as far as a roll-out needs it; `null` is not known. */
export type EcsService = {
  /** `ACTIVE`, `DRAINING`, `INACTIVE`. */
  readonly status: string | null;
  /** Of a deployment that failed, else of the PRIMARY one: `COMPLETED`, `IN_PROGRESS`, `FAILED`. */
  readonly rollout: string | null;
  readonly rolloutReason: string | null;
  readonly desired: number | null;
  readonly running: number | null;
  /** Its ARN, revision included. */
  readonly taskDefinition: string | null;
};

export const serviceName = ({ cluster, service }: EcsRef): string => `${cluster}/${service}`;

/** One sentence when the service runs another task definition than before the load; only what both reads know is compared. */
export const serviceChanged = (
  ref: EcsRef,
  before: AwsRead<EcsService>,
  after: AwsRead<EcsService>,
): Problem | null => {
  const [was, is] = [before, after].map((read) => knownOf(read)?.taskDefinition ?? null);
  if (was === undefined || was === null || is === undefined || is === null || was === is) return null;
  return changedDuringLoad([`the task definition of ${serviceName(ref)} (${revisionOf(was)} to ${revisionOf(is)})`]);
};

/** `shop:7` of `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7`. */
const revisionOf = (definition: string): string => definition.split("/").at(-1) ?? definition;
