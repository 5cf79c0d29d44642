/**
 * The pipeline, on one page. Every arrow of ARCHITECTURE.md is a line here:
 *
 *   config -> target -> load plan -> engine -> cloud -> run record -> baseline -> judge -> report
 */
import type { Baseline, History } from "../baseline/baseline.ts";
import { expectedRequests } from "../cloud/expectation.ts";
import { loadSpan } from "../cloud/window.ts";
import type { Config } from "../config/config.ts";
import { foreseenTooFew } from "../config/explain.ts";
import { type Problem, UserError } from "../errors.ts";
import type { Judgement } from "../judge/verdict.ts";
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadPlan } from "../load/plan.ts";
import { planLoad } from "../load/plan-load.ts";
import type { LoadResult } from "../load/result.ts";
import type { BaseHistory, Clock, CloudMetrics, Files, LoadEngine, Log, Probe } from "../ports.ts";
import { buildRecord } from "../record/build-record.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { readinessRules } from "../target/ready-rules.ts";
import { failingWithoutBaseline, runProblems } from "../target/run-validity.ts";
import { awaitReady, type Readiness } from "./await-ready.ts";
import { type BaselineFile, readBaselineFile } from "./baseline-file.ts";
import { collectCloud } from "./collect-cloud.ts";
import { findBaseline } from "./find-baseline.ts";
import { judgeRecords } from "./judge-record.ts";

/** The doors this pipeline needs. `history` is `null` outside GitHub. */
export type GatePorts = {
  readonly clock: Clock;
  readonly probe: Probe;
  readonly engine: LoadEngine;
  readonly cloud: CloudMetrics;
  readonly history: BaseHistory | null;
  readonly files: Files;
  readonly log: Log;
};

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
  config: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> => {
  const file = await givenBaseline(config, ports);
  for (const sentence of foreseenTooFew(config)) ports.log.warn(sentence);
  const plan = planTarget(config, identity);
  const target = await awaitTarget(config, plan, identity, { ports, signal });
  const load =
    target.kind === "ready"
      ? await ports.engine.run(plan, { signal, onProgress: ports.log.progress })
      : emptyLoad(plan, ports.clock.now());
  const problems = target.kind === "ready" ? runProblems(load, plan) : [target.problem];
  const cloud = await askCloud(config, load, target, { ports, signal });
  const measured = { ...identity, config, plan, load, cloud, probes: target.probes.length };
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
  return { record, baseline, history, judgement: judgeRecords(config, baseline, [record]) };
};

/** A malformed baseline file is wrong usage, so it is read before anything is sent. */
const givenBaseline = async ({ baseline }: Config, { files }: GatePorts): Promise<BaselineFile | null> => {
  if (baseline.source.kind !== "file") return null;
  const file = await readBaselineFile(baseline.source.path, files);
  if (!file.ok) throw new UserError(file.problems);
  return file.value;
};

const planTarget = (config: Config, { id, version }: RunIdentity): LoadPlan =>
  planLoad({
    url: config.target.url ?? "",
    load: config.load,
    headers: config.target.headers,
    scenario: config.scenario,
    allowedHosts: config.target.allowedHosts,
    userAgent: `swarmgate/${version} (${id})`,
  });

type Doors = { readonly ports: GatePorts; readonly signal: AbortSignal };

const awaitTarget = async (
  { target, load }: Config,
  plan: LoadPlan,
  { git }: RunIdentity,
  doors: Doors,
): Promise<Readiness> => {
  const rules = readinessRules(target.url ?? "", target, { sha: git.sha, now: doors.ports.clock.now() });
  if (!rules.ok) throw new UserError(rules.problems);
  const headers = { "user-agent": plan.userAgent, ...target.headers };
  return await awaitReady({ rules: rules.value, headers, insecure: load.insecure, ...doors });
};

/** AWS is asked when functions are named and something was sent. */
const askCloud = async ({ aws }: Config, load: LoadResult, target: Readiness, { ports, signal }: Doors) => {
  if (aws.functions.length === 0) return null;
  return await collectCloud({
    functions: aws.functions,
    span: loadSpan(load),
    loadEnd: ports.clock.now(),
    expected: expectedRequests(load, target.probes),
    timeout: aws.metricsTimeout,
    ports,
    signal,
  });
};

/** What fails against a healthy baseline proves nothing without one. A run that is invalid already needs no second reason. */
const withoutBaseline = (baseline: Baseline, load: LoadResult, problems: readonly Problem[]): readonly Problem[] => {
  if (baseline.kind === "found" || problems.length > 0) return [];
  const failing = failingWithoutBaseline(load);
  return failing === null ? [] : [failing];
};
