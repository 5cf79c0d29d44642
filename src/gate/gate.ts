/**
 * The pipeline, on one page. Every arrow of ARCHITECTURE.md is a line here:
 *
 *   config -> target -> load plan -> engine -> cloud -> run record -> baseline -> judge -> report
 *
 * With a base to be measured beside it: paired-run.ts.
 */
import type { Baseline, History } from "../baseline/baseline.ts";
import { costProblem, plannedCost } from "../cloud/planned-cost.ts";
import { PRICES } from "../cloud/prices.ts";
import type { Config } from "../config/config.ts";
import { foreseenTooFew } from "../config/explain.ts";
import { type Problem, UserError } from "../errors.ts";
import type { Judgement } from "../judge/verdict.ts";
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadPlan } from "../load/plan.ts";
import { planLoad } from "../load/plan-load.ts";
import type { LoadResult } from "../load/result.ts";
import type {
  BaseHistory,
  Clock,
  CloudMetrics,
  Deployments,
  Files,
  FunctionLogs,
  KeyChain,
  LambdaControl,
  LoadEngine,
  Log,
  MetricNames,
  Probe,
  Quotas,
  SignHeaders,
  Stacks,
} from "../ports.ts";
import { buildRecord } from "../record/build-record.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { scrubText } from "../record/scrub.ts";
import { summarise } from "../record/summarise.ts";
import { readinessRules } from "../target/ready-rules.ts";
import type { RolloutRules } from "../target/rollout.ts";
import { earlyEnd, failingWithoutBaseline, runProblems } from "../target/run-validity.ts";
import { epochMs, millis } from "../units.ts";
import { type AwsSaw, askAws } from "./ask-aws.ts";
import { awaitReady, type Readiness } from "./await-ready.ts";
import { type BaselineFile, readBaselineFile } from "./baseline-file.ts";
import { findBaseline } from "./find-baseline.ts";
import { findTarget } from "./find-target.ts";
import { foreseenLimits } from "./foresee-limits.ts";
import { interruptedResult } from "./interrupted.ts";
import { judgeRecords } from "./judge-record.ts";
import { type Deployment, observeAgain, observeFunctions } from "./observe-functions.ts";
import { keySecrets, prepareSigning, type Signing } from "./prepare-signing.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { withinGrace } from "./within-grace.ts";

/** The doors this pipeline needs. `history` is `null` outside GitHub. */
export type GatePorts = {
  readonly clock: Clock;
  readonly probe: Probe;
  readonly engine: LoadEngine;
  readonly cloud: CloudMetrics & MetricNames;
  readonly lambda: LambdaControl;
  readonly logs: FunctionLogs;
  readonly stacks: Stacks;
  /** Absent outside GitHub. */
  readonly deployments?: Deployments;
  readonly keys: KeyChain;
  readonly sign: SignHeaders;
  readonly quotas: Quotas;
  readonly history: BaseHistory | null;
  readonly files: Files;
  readonly log: Log;
};

/** The doors to the target and its deployment. */
export type LoadPorts = Pick<
  GatePorts,
  "clock" | "probe" | "engine" | "lambda" | "stacks" | "deployments" | "keys" | "sign" | "log"
>;

/** What is known of this run before it starts; made by the entry, because it is random or comes from the surroundings. */
export type RunIdentity = {
  readonly id: string;
  readonly version: string;
  readonly git: GitFacts;
  /** Path of the workflow file, `null` outside GitHub. */
  readonly workflow: string | null;
};

export type GateResult = {
  readonly record: RunRecord;
  readonly baseline: Baseline;
  readonly judgement: Judgement;
  /** The base branch's history before this run, to be carried forward. */
  readonly history: History | null;
};

/** Measures the target and judges it. Throws `UserError` before anything is sent; what happens later is in the result. */
export const runGate = async (
  asked: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> => {
  const doors = { ports, signal };
  ports.log.stage("waiting");
  const file = await givenBaseline(asked, ports);
  const rules = rolloutRules(asked, ports.clock);
  const stack = await findTarget(asked, { sha: identity.git.sha, rules, ...doors });
  const { config } = stack;
  for (const sentence of [...foreseenTooFew(config), ...foreseenLimits(config, file)]) ports.log.warn(sentence);
  const signing = await prepareSigning(config, ports);
  const plan = planTarget(config, identity, signing);
  const functions = stack.problem === null ? config.aws.functions : [];
  const deployment = await observeFunctions({ functions, plan, rules, ...doors });
  if (stack.problem === null && deployment.problem === null) refuseCost({ config, plan, deployment, file });
  const target = await awaitTarget(
    { config, plan, identity, rules, signing, problem: stack.problem ?? deployment.problem },
    doors,
  );
  if (target.kind === "ready") ports.log.stage("load");
  const load =
    target.kind === "ready"
      ? await ports.engine.run(plan, {
          signal,
          onProgress: ports.log.progress,
          onLog: (line) => ports.log.info(scrubText(line, config.secrets)),
          signing: signing?.access ?? null,
        })
      : emptyLoad(plan, ports.clock.now());
  ports.log.stage("aws");
  const changed = target.kind === "ready" ? await changeDuring(deployment, doors) : null;
  const headers = target.kind === "ready" ? target.headers : {};
  const asking = askAws({ config, load, probes: target.probes, headers, deployment, ...doors });
  const saw = (await withinGrace(asking, { grace: AWS_GRACE, clock: ports.clock, signal })) ?? NOT_ASKED;
  const problems = [
    ...listed(changed),
    ...(target.kind === "ready" ? [...runProblems(load, plan), ...listed(earlyEnd(load, plan))] : [target.problem]),
    ...deployment.warnings,
    ...saw.problems,
    ...stack.notes.map(stackNote),
  ];
  ports.log.stage("judge");
  const measured = {
    ...identity,
    config: withSecrets(config, signing),
    plan,
    load,
    cloud: saw.cloud,
    probes: target.probes.length,
  };
  const head = summarise(buildRecord({ ...measured, problems }));
  const { baseline, history } = await findBaseline({
    config,
    head,
    git: identity.git,
    workflow: identity.workflow,
    file,
    ports,
    signal,
  });
  const record = buildRecord({ ...measured, problems: [...problems, ...withoutBaseline(baseline, load, problems)] });
  const result = { record, baseline, history, judgement: judgeRecords(config, baseline, [record]) };
  return signal.aborted ? interruptedResult(result, config) : result;
};

/** After a cancel, for what AWS has told so far. */
const AWS_GRACE = millis(500);
const NOT_ASKED: AwsSaw = { cloud: null, problems: [] };

/** A malformed baseline file is wrong usage, so it is read before anything is sent. */
export const givenBaseline = async (
  { baseline }: Config,
  { files }: Pick<GatePorts, "files">,
): Promise<BaselineFile | null> => {
  if (baseline.source.kind !== "file") return null;
  const file = await readBaselineFile(baseline.source.path, files);
  if (!file.ok) throw new UserError(file.problems);
  return file.value;
};

/** What signs must not stand in the record either. */
export const withSecrets = (config: Config, signing: Signing | null): Config =>
  signing === null ? config : { ...config, secrets: [...config.secrets, ...keySecrets(signing.access.keys)] };

export const planTarget = (config: Config, { id, version }: RunIdentity, signing: Signing | null): LoadPlan => ({
  ...planLoad({
    url: config.target.url ?? "",
    load: config.load,
    headers: config.target.headers,
    scenario: config.scenario,
    allowedHosts: config.target.allowedHosts,
    shard: config.shard,
    userAgent: `swarmgate/${version} (${id})`,
  }),
  signing: signing?.scope ?? null,
});

/** What a run costs is known well enough before it starts where AWS is behind it. */
export const refuseCost = (run: {
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly deployment: Deployment;
  readonly file: BaselineFile | null;
}): void => {
  const { config, plan, deployment, file } = run;
  if (config.aws.functions.length === 0) return;
  const { functions, region } = deployment.facts;
  const baseline = file?.runs.at(-1)?.functions ?? null;
  const planned = plannedCost(
    { plan, url: config.target.url ?? plan.origin, region, functions, baseline },
    config.aws.prices ?? PRICES,
  );
  const problem = costProblem(planned, config.aws.maxCost);
  if (problem !== null) throw new UserError([problem]);
};

type Doors = { readonly ports: LoadPorts; readonly signal: AbortSignal };

/** One deadline for all that is waited for before the load. */
export const rolloutRules = ({ target }: Config, clock: Clock): RolloutRules => ({
  timeout: target.readyTimeout,
  deadline: epochMs(clock.now() + target.readyTimeout),
});

type AwaitTarget = {
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly identity: RunIdentity;
  readonly rules: RolloutRules;
  readonly signing: Signing | null;
  /** Why the deployment cannot be loaded; then it is not probed either. */
  readonly problem: Problem | null;
};

export const awaitTarget = async (
  { config: { target, load }, plan, identity: { git }, rules: before, signing, problem }: AwaitTarget,
  doors: Doors,
): Promise<Readiness> => {
  const begun = epochMs(before.deadline - before.timeout);
  const rules = readinessRules(target.url ?? "", target, { sha: git.sha, now: begun });
  if (!rules.ok) throw new UserError(rules.problems);
  if (problem !== null) return { kind: "not-ready", problem, probes: [] };
  const headers = { "user-agent": plan.userAgent, ...target.headers };
  const sign = signing?.probeHeaders ?? null;
  return await awaitReady({ rules: rules.value, headers, sign, insecure: load.insecure, ...doors });
};

/** A cancelled run is invalid already, and has no time left. */
export const changeDuring = async (deployment: Deployment, { ports, signal }: Doors): Promise<Problem | null> =>
  signal.aborted ? null : await unlessAborted(observeAgain(deployment, ports.lambda), signal);

const listed = (problem: Problem | null): readonly Problem[] => (problem === null ? [] : [problem]);

export const stackNote = (message: string): Problem => ({
  code: "cloud-denied",
  severity: "warning",
  message,
  hint: "The run went on with what url and functions name.",
});

/** What fails against a healthy baseline proves nothing without one. A run that is invalid already needs no second reason. */
export const withoutBaseline = (
  baseline: Baseline,
  load: LoadResult,
  problems: readonly Problem[],
): readonly Problem[] => {
  if (baseline.kind === "found" || problems.some((problem) => problem.severity === "invalid")) return [];
  const failing = failingWithoutBaseline(load);
  return failing === null ? [] : [failing];
};
