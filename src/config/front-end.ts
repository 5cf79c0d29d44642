import type { EcsRef } from "../cloud/containers.ts";
import { type FrontEndRef, loadBalancerName, parseFrontEnd } from "../cloud/front-end-ref.ts";
import { type Problem, usageProblem } from "../errors.ts";

/** The inputs that name what stands before the code, as they were written. */
export type FrontEndInputs = {
  readonly "front-end": string | null;
  readonly "load-balancer": string | null;
  readonly ecs: string | null;
};

/** The front end that these inputs name together; `null` when none of them is there. */
export const namedFrontEnd = (inputs: FrontEndInputs): FrontEndRef | null => {
  const { "front-end": front, "load-balancer": balancer, ecs } = inputs;
  const given = front === null ? null : parseFrontEnd(front);
  if (given !== null && given.kind !== "alb") return given;
  if (given === null && balancer === null && ecs === null) return null;
  const name = balancer === null ? null : loadBalancerName(balancer);
  return { kind: ecs === null ? "alb" : "alb-ecs", name, stage: null, sure: true };
};

/** `main/shop`, checked by its row of the table. */
export const ecsService = (text: string | null): EcsRef | null => {
  const [cluster, service] = text?.split("/") ?? [];
  return cluster === undefined || service === undefined ? null : { cluster, service };
};

/** Region of a load balancer's ARN, `null` without one. */
export const regionOfBalancer = (text: string | null): string | null =>
  /^arn:[^:]*:elasticloadbalancing:([a-z0-9-]+):/.exec(text ?? "")?.[1] ?? null;

/** A load balancer and another front end cannot both be asked; tasks are reached through a load balancer. */
export const frontEndConflict = (inputs: Partial<FrontEndInputs>): Problem | null => {
  const { "front-end": front = null, "load-balancer": balancer = null, ecs = null } = inputs;
  if (front === null || /^alb\b/.test(front)) return null;
  const other = balancer === null ? (ecs === null ? null : "ecs") : "load-balancer";
  if (other === null) return null;
  const message = `front-end is ${front}, and ${other} names what stands behind a load balancer.`;
  return usageProblem("conflicting-values", message, `Leave out front-end, or ${other}.`);
};
