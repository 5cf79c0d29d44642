import { aggregate } from "../cloud/aggregate.ts";
import type { CloudResult, FunctionRef } from "../cloud/cloud.ts";
import { cloudWindow, loadSpan } from "../cloud/window.ts";
import type { Config } from "../config/config.ts";
import { countsTwice } from "../config/functions.ts";
import type { Problem } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult } from "../load/result.ts";
import type { Arm } from "../load/segment.ts";
import type { ProbeRecord } from "../target/readiness.ts";
import type { RolloutRules } from "../target/rollout.ts";
import { millis, seconds } from "../units.ts";
import { type AwsSaw, askAws } from "./ask-aws.ts";
import { awaitTarget } from "./await-target.ts";
import type { GatePorts, RunIdentity } from "./gate-contract.ts";
import { changeDuring, type Deployment, observeDeployment } from "./observe-deployment.ts";
import { observeFrontEnd } from "./observe-front-end.ts";
import { planTarget, refuseCost } from "./plan-target.ts";
import { prepareSigning, type Signing } from "./prepare-signing.ts";

/** One side of paired mode: the configuration as if it were the only one, and what it makes of it. */
export type ArmSetup = {
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly signing: Signing | null;
  readonly deployment: Deployment;
};
export type Arms = Readonly<Record<Arm, ArmSetup>>;

export type Doors = { readonly ports: GatePorts; readonly signal: AbortSignal };

/** Both sides with their functions observed. Nothing has been sent. */
export const prepareArms = async (
  config: Config,
  { identity, rules }: { readonly identity: RunIdentity; readonly rules: RolloutRules },
  doors: Doors,
): Promise<Arms> => {
  const prepare = async (own: Config, ecs: Config["aws"]["ecs"]): Promise<ArmSetup> => {
    const signing = await prepareSigning(own, doors.ports);
    const plan = planTarget(own, identity, signing);
    const { functions } = own.aws;
    const deployment = await observeDeployment({ functions, ecs, plan, rules, ...doors });
    if (deployment.problem === null) refuseCost({ config: own, plan: wholeArm(own, plan), deployment, file: null });
    return { config: own, plan, signing, deployment };
  };
  const head = await prepare(config, config.aws.ecs);
  await observeFrontEnd(config.aws, doors);
  return { head, base: await prepare(baseSideOf(config), null) };
};

/** Half of the longest time that the measurement may take. */
const wholeArm = ({ baseline }: Config, plan: LoadPlan): LoadPlan => ({
  ...plan,
  runTime: seconds(baseline.maxDuration / 2000),
});

/** The base's own URL and functions. Which commit it answers with is not known, so that no proof is asked for. */
const baseSideOf = (config: Config): Config => ({
  ...config,
  target: { ...config.target, url: config.target.baseUrl, readyCommit: null },
  aws: { ...config.aws, functions: config.aws.baseFunctions },
});

export type ArmsReady = {
  /** Why nothing may be sent; `null` when both sides are ready. */
  readonly problem: Problem | null;
  readonly probes: Readonly<Record<Arm, readonly ProbeRecord[]>>;
  /** Headers of an answer of each side. */
  readonly headers: Readonly<Record<Arm, Readonly<Record<string, string>>>>;
};

/** Waits for the head, then for the base, within one deadline. */
export const awaitArms = async (
  arms: Arms,
  waiting: { readonly identity: RunIdentity; readonly rules: RolloutRules; readonly problem: Problem | null },
  doors: Doors,
): Promise<ArmsReady> => {
  const problem = waiting.problem ?? arms.head.deployment.problem ?? arms.base.deployment.problem;
  const head = await awaitTarget({ ...waiting, ...arms.head, problem }, doors);
  if (head.kind !== "ready")
    return { problem: head.problem, probes: { head: head.probes, base: [] }, headers: { head: {}, base: {} } };
  const base = await awaitTarget({ ...waiting, ...arms.base, problem: null }, doors);
  return {
    problem: base.kind === "ready" ? null : base.problem,
    probes: { head: head.probes, base: base.probes },
    headers: { head: head.headers, base: base.kind === "ready" ? base.headers : {} },
  };
};

/** What ran is not what was there before, on either side. */
export const changesDuring = async (arms: Arms, doors: Doors): Promise<readonly Problem[]> => {
  const changes = await Promise.all([
    changeDuring(arms.head.deployment, doors),
    changeDuring(arms.base.deployment, doors),
  ]);
  return changes.filter((change) => change !== null);
};

export type ArmsSaw = {
  readonly cloud: Readonly<Record<Arm, CloudResult | null>>;
  readonly problems: readonly Problem[];
};

/**
 * What AWS saw of each arm, once, over all of its segments: CloudWatch counts by the minute, so that segments of seconds
 * cannot be told apart, and only functions (or aliases) of their own tell the arms apart.
 */
export const askAboutArms = async (
  arms: Arms,
  { loads, ready }: { readonly loads: Readonly<Record<Arm, LoadResult>>; readonly ready: ArmsReady },
  { ports, signal }: Doors,
): Promise<ArmsSaw> => {
  const shared = sharedFunctions(arms);
  const ask = async (arm: Arm): Promise<AwsSaw> => {
    const { config, deployment } = arms[arm];
    const load = loads[arm];
    if (shared.length > 0) return { cloud: inseparable(load, config.aws.functions, shared), problems: [] };
    const log = { ...ports.log, info: (line: string) => ports.log.info(`${arm}: ${line}`) };
    const seen = { probes: ready.probes[arm], headers: ready.headers[arm] };
    return await askAws({ config, load, ...seen, deployment, ports: { ...ports, log }, signal });
  };
  const [base, head] = await Promise.all([ask("base"), ask("head")]);
  return {
    cloud: { base: base.cloud, head: head.cloud },
    problems: [...unpaired(arms), ...head.problems, ...base.problems.filter(isNewTo(head.problems))],
  };
};

/** One front end before both sides is missing once. */
const isNewTo =
  (told: readonly Problem[]) =>
  ({ message }: Problem): boolean =>
    told.every((one) => one.message !== message);

/** Functions of the head whose metrics hold what the base was sent, too. */
export const sharedFunctions = ({ head, base }: Arms): readonly string[] =>
  head.config.aws.functions
    .filter((one) => base.config.aws.functions.some((other) => countsTwice(one, other)))
    .map(({ label }) => label);

/** AWS is not asked: an answer would be the mean of both arms, and look like no change. */
const inseparable = (load: LoadResult, functions: readonly FunctionRef[], shared: readonly string[]): CloudResult => {
  const { start, end } = loadSpan(load);
  return {
    state: "incomplete",
    reason: `base and head are the same function (${shared.join(", ")}), whose metrics hold both sides; give each side an alias of its own`,
    window: cloudWindow(start, end),
    expected: 0,
    seen: null,
    polls: 0,
    waited: millis(0),
    functions: aggregate(functions, {}, false),
    notes: [],
  };
};

/** One side's functions alone compare with nothing. */
const unpaired = ({ head, base }: Arms): readonly Problem[] => {
  const counts = [head, base].map(({ config }) => config.aws.functions.length);
  if (counts[0] === counts[1]) return [];
  return [
    {
      code: "cloud-incomplete",
      severity: "warning",
      message: `functions names ${counts[0]} of the head and base-functions ${counts[1]} of the base, so AWS's figures cannot be compared as a whole.`,
      hint: "Name the functions of both sides, in the same order, or none.",
    },
  ];
};
