import type { AwsRead } from "../cloud/aws-read.ts";
import type { EcsRef } from "../cloud/containers.ts";
import { type EcsService, serviceChanged, serviceName } from "../cloud/ecs-service.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import type { Clock, ContainerServices, Log } from "../ports.ts";
import { type RolloutRules, serviceProgress } from "../target/rollout.ts";
import { awaitDeployment } from "./await-deployment.ts";

export type ObserveService = {
  readonly rules: RolloutRules;
  readonly ports: { readonly services: ContainerServices; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

/** An ECS service before the load. */
export type SeenService = { readonly ref: EcsRef; readonly read: AwsRead<EcsService> };

export type ObservedService = {
  readonly service: SeenService | null;
  /** Why no load may be sent; `null` when it may. */
  readonly problem: Problem | null;
  readonly notes: readonly string[];
};

/**
 * Waits until the service's roll-out is complete and all its tasks run. Throws `UserError` for a service that does not
 * exist; what may not be read is one note and not waited for.
 */
export const observeService = async (
  ref: EcsRef,
  { rules, ports, signal }: ObserveService,
): Promise<ObservedService> => {
  const name = serviceName(ref);
  const look = async () => {
    const value = await ports.services.read(ref);
    if (value.kind === "absent") throw new UserError([unknownService(name)]);
    return { parts: value.kind === "value" ? [serviceProgress(name, value.value)] : [], value };
  };
  const awaited = await awaitDeployment({ look, rules, ports, signal });
  const read = awaited.value;
  if (read?.kind === "denied" && !read.permission)
    ports.log.warn(`${read.reason} ${read.hint} The run goes on without what AWS saw.`);
  const unread = read?.kind === "denied" || read?.kind === "unavailable";
  return {
    service: read === null ? null : { ref, read },
    problem: awaited.kind === "ready" ? null : awaited.problem,
    notes: unread ? [`${read.reason} The roll-out of ${name} was not waited for.`] : [],
  };
};

/** Reads the service again after the load. */
export const observeServiceAgain = async (
  { ref, read }: SeenService,
  services: ContainerServices,
): Promise<Problem | null> => (read.kind === "value" ? serviceChanged(ref, read, await services.read(ref)) : null);

const unknownService = (name: string): Problem =>
  usageProblem(
    "service-not-found",
    `ECS knows no service ${name}.`,
    "Check ecs and aws-region, and that the credentials belong to the service's account.",
  );
