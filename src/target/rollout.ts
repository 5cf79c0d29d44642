import type { Problem } from "../errors.ts";
import { type EpochMs, type Millis, millis } from "../units.ts";
import { durationText } from "./not-ready.ts";

/** Whether one part of a deployment takes all requests with its new version. `text` continues the part's name. */
export type Progress =
  | { readonly kind: "live" }
  | { readonly kind: "coming"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string };

/** One function as Lambda's control plane describes it; `null` is "not known", and what is not known is not waited for. */
export type Rollout = {
  readonly name: string;
  readonly state: string | null;
  readonly stateReason: string | null;
  readonly updateStatus: string | null;
  readonly updateReason: string | null;
  /** Shares of further versions behind an alias: a canary in progress. */
  readonly weights: Readonly<Record<string, number>>;
  readonly provisioned: {
    readonly requested: number;
    readonly available: number | null;
    readonly status: string | null;
    readonly reason: string | null;
  } | null;
};

/**
 * While an update is in progress invocations still run the code before it. An idle function (`Inactive`) is woken by the
 * readiness probes (AWS Lambda, "Lambda function states").
 */
export const functionProgress = (rollout: Rollout): Progress => {
  const { name, state, stateReason, updateStatus, updateReason, weights, provisioned } = rollout;
  if (state === "Failed" || state === "Deleting") return failed(`${name} is in state ${state}${because(stateReason)}`);
  if (updateStatus === "Failed") return failed(`the last update of ${name} failed${because(updateReason)}`);
  if (provisioned?.status === "FAILED")
    return failed(`the provisioned concurrency of ${name} failed${because(provisioned.reason)}`);
  if (state === "Pending" || state === "ActiveNonInvocable")
    return coming(`${name} is in state ${state}${because(stateReason)}`);
  if (updateStatus === "InProgress") return coming(`${name} is being updated${because(updateReason)}`);
  const shares = Object.entries(weights).map(([version, share]) => `version ${version} has ${percent(share)}`);
  if (shares.length > 0) return coming(`${name} shifts its traffic: ${shares.join(", ")}`);
  if (provisioned?.status === "IN_PROGRESS")
    return coming(`${name} has ${provisioned.available ?? 0} of ${provisioned.requested} provisioned environments`);
  return { kind: "live" };
};

/** One ECS service; `null` is "not known", and what is not known is not waited for. */
export type ServiceRollout = {
  readonly status: string | null;
  readonly rollout: string | null;
  readonly rolloutReason: string | null;
  readonly desired: number | null;
  readonly running: number | null;
};

/**
 * Until a roll-out is complete the load balancer still sends requests to tasks of the code before it. Deployments by
 * CodeDeploy or a controller of the user's own have no rolloutState: then the tasks alone tell.
 */
export const serviceProgress = (name: string, service: ServiceRollout): Progress => {
  const { status, rollout, rolloutReason, desired, running } = service;
  const tasks =
    desired === null || running === null || desired === running ? null : `${running} of ${desired} tasks run`;
  if (status !== null && status !== "ACTIVE") return failed(`the service ${name} is ${status}`);
  if (rollout === "FAILED") return failed(`the roll-out of ${name} failed${because(rolloutReason)}`);
  if (rollout === "IN_PROGRESS") return coming(`${name} is being rolled out${because(tasks)}`);
  return tasks === null ? { kind: "live" } : coming(`${name} is not complete${because(tasks)}`);
};

const USABLE: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "IMPORT_COMPLETE",
  // The new resources are in place, the old ones are being removed.
  "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
]);

/** What a CloudFormation stack's status means for a load: a rolled back stack runs the code before this change. */
export const stackProgress = (name: string, status: string, reason: string | null): Progress => {
  const text = `the stack ${name} is ${status}`;
  if (USABLE.has(status)) return { kind: "live" };
  return /FAILED|ROLLBACK|^DELETE/.test(status) ? failed(text + because(reason)) : coming(text);
};

export type RolloutRules = { readonly timeout: Millis; readonly deadline: EpochMs };

export type RolloutStep =
  | { readonly kind: "ready" }
  | { readonly kind: "wait"; readonly text: string; readonly time: Millis }
  | { readonly kind: "give-up"; readonly problem: Problem };

/** Lambda's control plane allows 15 calls a second to the whole account. */
const GAP = 5_000;

/** One look at all parts: what failed ends the wait at once, what is coming is waited for until the deadline. */
export const rolloutStep = (
  { timeout, deadline }: RolloutRules,
  parts: readonly Progress[],
  now: EpochMs,
): RolloutStep => {
  const broken = parts.find((part) => part.kind === "failed");
  if (broken !== undefined) return giveUp(`The deployment failed: ${broken.text}.`);
  const waiting = parts.flatMap((part) => (part.kind === "coming" ? [part.text] : []));
  const [first] = waiting;
  if (first === undefined) return { kind: "ready" };
  const left = deadline - now;
  if (left <= 0) return giveUp(`The deployment was not ready within ${durationText(timeout)}: ${waiting.join("; ")}.`);
  const others = waiting.length > 1 ? ` and ${waiting.length - 1} more` : "";
  return { kind: "wait", text: `${first}${others}`, time: millis(Math.min(GAP, left)) };
};

const giveUp = (message: string): RolloutStep => ({
  kind: "give-up",
  problem: {
    code: "target-not-ready",
    severity: "invalid",
    message,
    hint: "Look at the deployment's own events; raise ready-timeout if it only needs longer.",
  },
});

const failed = (text: string): Progress => ({ kind: "failed", text });
const coming = (text: string): Progress => ({ kind: "coming", text });
const because = (reason: string | null): string => (reason === null ? "" : ` (${reason.replace(/\.+$/, "")})`);
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
