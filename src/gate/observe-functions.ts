import { accountFacts } from "../cloud/account.ts";
import { type AwsRead, knownOf } from "../cloud/aws-read.ts";
import { beforeLoad } from "../cloud/before-load.ts";
import type { FunctionRef } from "../cloud/cloud.ts";
import { deploymentChanged, type FunctionReads, functionFacts } from "../cloud/deployment.ts";
import { readNotes, silentService, unknownFunctions, uselessCredentials } from "../cloud/deployment-notes.ts";
import type { AccountFacts, CloudFacts } from "../cloud/facts.ts";
import { type Problem, UserError } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { Clock, LambdaControl, Log } from "../ports.ts";
import type { RolloutRules } from "../target/rollout.ts";
import { awaitDeployment } from "./await-deployment.ts";
import { progressOf, readFunctions } from "./read-functions.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type ObserveFunctions = {
  readonly functions: readonly FunctionRef[];
  readonly plan: LoadPlan;
  readonly rules: RolloutRules;
  readonly ports: { readonly lambda: LambdaControl; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

/** The deployment as Lambda describes it before the load. */
export type Deployment = {
  readonly reads: readonly FunctionReads[];
  readonly facts: Pick<CloudFacts, "functions" | "account" | "region">;
  /** Credentials work for nothing at all: no need to ask other services. */
  readonly hopeless: boolean;
  /** Why no load may be sent; `null` when it may. */
  readonly problem: Problem | null;
  readonly warnings: readonly Problem[];
  readonly notes: readonly string[];
};

/**
 * Waits until the functions are live, and says before the load starts what will not work: throws `UserError` for a
 * function that does not exist or is switched off, warns of credentials that do not work and of small quotas.
 */
export const observeFunctions = async (options: ObserveFunctions): Promise<Deployment> => {
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
  return { ...described, problem: awaited.kind === "ready" ? null : awaited.problem, warnings };
};

/** What the reads say, with what the account says of itself. Credentials that are good for nothing are warned of. */
export const describeFunctions = async (
  reads: readonly FunctionReads[],
  ports: { readonly lambda: LambdaControl; readonly log: Log },
): Promise<Omit<Deployment, "problem" | "warnings">> => {
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
  { ports, signal }: Pick<ObserveFunctions, "ports" | "signal">,
): Promise<Problem | null> =>
  signal.aborted ? null : await unlessAborted(observeAgain(deployment, ports.lambda), signal);

/** Reads the functions again after the load: a problem when what ran is not what was there before. */
const observeAgain = async (before: Deployment, lambda: LambdaControl): Promise<Problem | null> => {
  if (before.facts.functions.length === 0) return null;
  const after = await readFunctions(
    lambda,
    before.reads.map(({ ref }) => ref),
  );
  return deploymentChanged(before.reads, after);
};

const NO_DEPLOYMENT: Deployment = {
  reads: [],
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
