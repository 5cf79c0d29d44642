import { cloudRegion } from "../cloud/region.ts";
import type { Config } from "../config/config.ts";
import { parseFunctions } from "../config/functions.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import type { LoadResult } from "../load/result.ts";
import { mergeLoads } from "../record/merge-load.ts";
import { mergedRecord, noLoad, probesOf } from "../record/merge-records.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { ProbeRecord } from "../target/readiness.ts";
import { wholeRunProblems } from "../target/run-validity.ts";
import { type AwsSaw, askAws } from "./ask-aws.ts";
import { type BaselineFile, comparedFiles } from "./baseline-file.ts";
import { type BaselineFound, findBaseline } from "./find-baseline.ts";
import type { GatePorts, GateResult } from "./gate-contract.ts";
import { judgeRecords } from "./judge-record.ts";
import { describeFunctions } from "./observe-deployment.ts";
import { readFunctions } from "./read-functions.ts";
import { lateProblem, type NamedShard, ownProblems, shardProblems } from "./shard-problems.ts";
import { withoutBaseline } from "./without-baseline.ts";

export type MergeRequest = {
  /** With the functions that AWS is asked about (`withShardFunctions`). */
  readonly config: Config;
  readonly shards: readonly NamedShard[];
  /** Why shards that should be among them are not. */
  readonly problems: readonly Problem[];
  /** A baseline that was given as files; none where stored runs are searched. */
  readonly bases: readonly BaselineFile[];
  readonly version: string;
  /** Of who merges; `null` where the shards themselves say where they come from. */
  readonly git: GitFacts | null;
  readonly workflow: string | null;
};

export type MergePorts = Omit<GatePorts, "engine" | "probe" | "keys" | "sign">;

/**
 * Adds the shards of a load up, reads what AWS saw of all of them, and judges the whole like any run. Shards that are not
 * one load are not added: the record is empty and `invalid`, and says which they are. Throws `UserError` without shards.
 */
export const mergeRun = async (request: MergeRequest, ports: MergePorts, signal: AbortSignal): Promise<GateResult> => {
  const { config } = request;
  const shards = request.shards.toSorted((a, b) => a.record.shard.index - b.record.shard.index);
  const first = shards[0]?.record;
  if (first === undefined) throw new UserError(request.problems.length > 0 ? request.problems : [NOTHING]);
  const records = shards.map(({ record }) => record);
  const refusals = [...request.problems, ...shardProblems(shards)];
  const whole = refusals.length === 0 && records.every(({ window }) => window.seconds > 0);
  const load = whole ? mergeLoads(records) : noLoad(first);
  const saw = whole ? await askOnce(request, load, { ports, signal }) : NOT_ASKED;
  const problems = [
    ...refusals,
    ...ownProblems(shards),
    ...(whole ? [...lateProblem(shards), ...wholeRunProblems(load)] : []),
    ...saw.problems,
  ];
  const build = (all: readonly Problem[]) =>
    mergedRecord(
      {
        shards: records,
        load,
        cloud: saw.cloud,
        problems: all,
        name: config.name,
        version: request.version,
        git: request.git,
        secrets: config.secrets,
      },
      first,
    );
  const draft = build(problems);
  const { baseline, history } = await baselineFor(draft, request, { ports, signal });
  const record = build([...problems, ...withoutBaseline(baseline, load, problems)]);
  return { record, baseline, history, judgement: judgeRecords(config, baseline, [record]) };
};

const baselineFor = async (
  draft: RunRecord,
  { config, bases, workflow }: MergeRequest,
  doors: { readonly ports: MergePorts; readonly signal: AbortSignal },
): Promise<BaselineFound> =>
  bases.length > 0
    ? { baseline: comparedFiles(bases, [draft]), history: null }
    : await findBaseline({ config, head: summarise(draft), git: draft.git, workflow, file: null, ...doors });

/** Where no functions are given, those that the shards were given: what was configured and is not read must be named. */
export const withShardFunctions = (config: Config, shards: readonly NamedShard[]): Config => {
  if (config.aws.functions.length > 0) return config;
  const labels = [...new Set(shards.flatMap(({ record }) => record.shard.functions))];
  const functions = parseFunctions({ label: "functions", text: labels.join("\n"), shown: "of the shards" });
  if (!functions.ok) throw new UserError(functions.problems);
  const region = cloudRegion(functions.value, config.aws.region);
  if (!region.ok) throw new UserError(region.problems);
  return { ...config, aws: { ...config.aws, functions: functions.value, region: region.value } };
};

const NOTHING = usageProblem(
  "shard-missing",
  "There are no shards to merge.",
  "Give the records of all shards; in a workflow the merging job needs the jobs of the shards, and the same name.",
);

const NOT_ASKED: AwsSaw = { cloud: null, problems: [] };

/** Once for all shards: their requests cannot be told apart in AWS's counts. */
const askOnce = async (
  { config, shards }: MergeRequest,
  load: LoadResult,
  { ports, signal }: { readonly ports: MergePorts; readonly signal: AbortSignal },
): Promise<AwsSaw> => {
  const { functions, frontEnd } = config.aws;
  if (functions.length === 0 && frontEnd === null) return NOT_ASKED;
  const reads = await readFunctions(ports.lambda, functions);
  const described = await describeFunctions(reads, ports);
  const deployment = { ...described, service: null, problem: null, warnings: [] };
  const probes = probesBefore(load, probesOf(shards.map(({ record }) => record)));
  return await askAws({ config, load, probes, headers: {}, deployment, ports, signal });
};

/** Records count probes and do not date them: all of them may lie in the minutes that AWS is asked about. */
const probesBefore = ({ warmUp, window }: LoadResult, count: number): readonly ProbeRecord[] =>
  Array.from({ length: Math.min(count, MOST_PROBES) }, () => ({
    at: warmUp.start ?? window.start,
    connected: true,
    status: null,
  }));

/** A foreign record may claim any number. */
const MOST_PROBES = 100_000;
