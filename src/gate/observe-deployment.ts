import { accountFacts } from "../cloud/account.ts";
import { type AwsRead, knownOf } from "../cloud/aws-read.ts";
import { beforeLoad } from "../cloud/before-load.ts";
import type { FunctionRef } from "../cloud/cloud.ts";
import type { EcsRef } from "../cloud/containers.ts";
import { deploymentChanged, type FunctionReads, functionFacts } from "../cloud/deployment.ts";
import { readNotes, silentService, unknownFunctions, uselessCredentials } from "../cloud/deployment-notes.ts";
import type { AccountFacts, CloudFacts } from "../cloud/facts.ts";
import { type Problem, UserError } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { Clock, ContainerServices, LambdaControl, Log } from "../ports.ts";
import type { RolloutRules } from "../target/rollout.ts";
import { awaitDeployment } from "./await-deployment.ts";
import { observeService, observeServiceAgain, type SeenService } from "./observe-service.ts";
import { progressOf, readFunctions } from "./read-functions.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type ObserveDeployment = {
  readonly functions: readonly FunctionRef[];
  readonly ecs: EcsRef | null;
  readonly plan: LoadPlan;
  readonly rules: RolloutRules;
  readonly ports: {
    readonly lambda: LambdaControl;
    readonly services: ContainerServices;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

/** The deployment as Lambda and ECS describe it before the load. */
export type Deployment = {
  readonly reads: readonly FunctionReads[];
  /** `null` where `ecs` is not given. */
  readonly service: SeenService | null;
  readonly facts: Pick<CloudFacts, "functions" | "account" | "region">;
  /** Credentials work for nothing at all: no need to ask other services. */
  readonly hopeless: boolean;
  /** Why no load may be sent; `null` when it may. */
  readonly problem: Problem | null;
  readonly warnings: readonly Problem[];
  readonly notes: readonly string[];
};

/** Functions first, then the service behind the load balancer: both must be live before a load is sent. */
export const observeDeployment = async (options: ObserveDeployment): Promise<Deployment> => {
  const functions = await observeFunctions(options);
  if (options.ecs === null || functions.problem !== null) return functions;
  const { notes, ...observed } = await observeService(options.ecs, options);
  return { ...functions, ...observed, notes: [...functions.notes, ...notes] };
};

/**
 * Waits until the functions are live, and says before the load starts what will not work: throws `UserError` for a
 * function that does not exist or is switched off, warns of credentials that do not work and of small quotas.
 */
const observeFunctions = async (options: ObserveDeployment): Promise<Deployment> => {
  const { functions, plan, rules, ports, signal } = options;
  if (functions.length === 0) return NO_DEPLOYMENT;
  const region = await ports.lambda.region();
  const look = async () => {
    const value = await readFunctions(ports.lambda, functions);
    const unknown = unknownFunctions(value, region);
    if (unknown.length > 0) throw new UserError(unknown);
    return { parts: progressOf(value), value };
  };
  const awaited = await awaitDeployment({ look, rules, ports, signal });
  const reads = awaited.value ?? [];
  const described = await describeFunctions(reads, ports);
  const warnings = awaited.kind === "ready" ? foreseen(described.facts, plan) : [];
  for (const { message, hint } of warnings) ports.log.warn(`${message} ${hint}`);
  return { ...described, service: null, problem: awaited.kind === "ready" ? null : awaited.problem, warnings };
};

/** What the reads say, with what the account says of itself. Credentials that are good for nothing are warned of. */
export const describeFunctions = async (
  reads: readonly FunctionReads[],
  ports: { readonly lambda: LambdaControl; readonly log: Log },
): Promise<Omit<Deployment, "service" | "problem" | "warnings">> => {
  const useless = uselessCredentials(reads);
  if (useless !== null) ports.log.warn(`${useless.reason} ${useless.hint} The run goes on without what AWS saw.`);
  const silent = silentService(reads);
  if (silent !== null)
    ports.log.warn(`${silent} Check aws-region and the network; the run goes on without what it says.`);
  const reachable = reads.some(
    ({ configuration }) => configuration.kind === "value" || configuration.kind === "denied",
  );
  const account = useless === null && reachable ? await ports.lambda.account() : null;
  const region = await ports.lambda.region();
  const facts = { functions: functionFacts(reads), account: accountFacts(knownAccount(account)), region };
  return { reads, facts, hopeless: useless !== null, notes: readNotes(reads, account) };
};

/** What of it is another after the load. A cancelled run is invalid already, and has no time left. */
export const changeDuring = async (
  deployment: Deployment,
  { ports, signal }: Pick<ObserveDeployment, "ports" | "signal">,
): Promise<Problem | null> => (signal.aborted ? null : await unlessAborted(observeAgain(deployment, ports), signal));

/** Reads everything again after the load: a problem when what ran is not what was there before. */
const observeAgain = async (
  before: Deployment,
  { lambda, services }: Pick<ObserveDeployment["ports"], "lambda" | "services">,
): Promise<Problem | null> => {
  const refs = before.facts.functions.length === 0 ? [] : before.reads.map(({ ref }) => ref);
  const changed = deploymentChanged(before.reads, await readFunctions(lambda, refs));
  return changed ?? (before.service === null ? null : await observeServiceAgain(before.service, services));
};

/** Where the stack has failed there is nothing to wait for. */
export const NOTHING_NAMED = { functions: [], ecs: null } as const;

const NO_DEPLOYMENT: Deployment = {
  reads: [],
  service: null,
  facts: { functions: [], account: null, region: null },
  hopeless: false,
  problem: null,
  warnings: [],
  notes: [],
};

const foreseen = (facts: Pick<CloudFacts, "functions" | "account">, plan: LoadPlan): readonly Problem[] => {
  const problems = beforeLoad(facts, plan);
  if (problems.some((problem) => problem.severity === "usage"))
    throw new UserError(problems.filter((problem) => problem.severity === "usage"));
  return problems;
};

const knownAccount = (read: AwsRead<Partial<AccountFacts>> | null): Partial<AccountFacts> =>
  read === null ? {} : (knownOf(read) ?? {});
