import type { Baseline } from "../../baseline/baseline.ts";
import { uniteNoise } from "../../baseline/history.ts";
import type { DeploymentNoise } from "../../config/config.ts";
import type { Flags } from "../../config/flags.ts";
import { type ExitCode, type Parsed, type Problem, parsed, refused, UserError, usageProblem } from "../../errors.ts";
import { type BaselineFile, comparedFiles } from "../../gate/baseline-file.ts";
import { deploymentNoiseOf } from "../../gate/calibrated-noise.ts";
import type { ImportReading } from "../../gate/import-file.ts";
import { type JudgePolicy, judgeRecords } from "../../gate/judge-record.ts";
import { judgePairs, type Pairs } from "../../gate/judge-rounds.ts";
import { exitCodeOf } from "../../judge/combine.ts";
import type { Judgement } from "../../judge/verdict.ts";
import { hasDistribution } from "../../record/has-distribution.ts";
import type { RunRecord } from "../../record/record.ts";
import { summarise } from "../../record/summarise.ts";
import { buildReport } from "../../report/model.ts";
import { configure } from "../configure.ts";
import { importReading, readComparable, readComparableBases } from "../read-comparable.ts";
import { reportContext } from "../report-context.ts";
import { showResult } from "../show-result.ts";
import type { Streams } from "../streams.ts";

/** `swarmgate compare`: judges run records and result files of other tools, without any load. */
export const compareCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const reading = importReading(options.dropBadLines);
  const [config, heads] = await Promise.all([
    configure({ inputs, env: streams.env, name: "gate", needsTarget: false }),
    readAll(options.head, reading),
  ]);
  const sides = await sidesOf(options, heads, reading);
  const problems = [config, heads, sides].flatMap(problemsOf);
  const last = heads.ok ? heads.value.at(-1) : undefined;
  if (!config.ok || !sides.ok || problems.length > 0 || last === undefined) throw new UserError(problems);
  const { baseline, judge } = sides.value;
  const judgement = judge(config.value);
  const runRecord = options.head.at(-1) ?? null;
  const context = reportContext(config.value, { record: last, baseline, judgement }, { runUrl: null, runRecord });
  const report = buildReport({ judgement, record: last, context });
  showResult({ report, judgement, runRecord }, { json: options.json, streams });
  return exitCodeOf(judgement);
};

/** What the head is compared with, and how. */
type Compared = { readonly baseline: Baseline; readonly judge: (policy: JudgePolicy) => Judgement };

const sidesOf = async (
  { base, head, paired }: Flags["options"],
  read: Parsed<readonly RunRecord[]>,
  reading: ImportReading,
): Promise<Parsed<Compared>> => {
  const heads = read.ok ? read.value : [];
  if (base.length === 0)
    return heads.length === 1 && heads[0]?.rounds !== undefined ? parsed(ownRounds(heads)) : noBase(read);
  if (!paired) {
    const bases = await readComparableBases(base, reading);
    if (!bases.ok) return bases;
    const baseline = comparedFiles(bases.value, heads);
    return parsed({ baseline, judge: (policy) => judgeRecords(policy, baseline, heads) });
  }
  const files = await readComparableBases(base, reading);
  if (!files.ok) return files;
  const histories = files.value.filter(({ isHistory }) => isHistory === true);
  const known = deploymentIn(histories, heads);
  if (!known.ok) return known;
  const paths = files.value.filter((file) => !histories.includes(file)).map(({ path }) => path);
  const [only] = heads;
  if (paths.length === 0 && known.value !== null && heads.length === 1 && only?.rounds !== undefined)
    return parsed(ownRounds([{ ...only, deployment: known.value }]));
  if (paths.length !== head.length) return refused([unpaired(paths.length, head.length)]);
  const bases = await readAll(paths, reading);
  if (!bases.ok) return bases;
  const blind = [...percentilesOnly(bases.value, paths), ...percentilesOnly(heads, head)];
  return blind.length > 0 ? refused(blind) : parsed(inPairs({ bases: bases.value, heads, deployment: known.value }));
};

/** What histories among the bases know of deployments; one that knows nothing of this load is there by mistake. */
const deploymentIn = (
  histories: readonly BaselineFile[],
  [head]: readonly RunRecord[],
): Parsed<DeploymentNoise | null> => {
  if (histories.length === 0 || head === undefined) return parsed(null);
  const known = uniteNoise(histories.map((file) => file.known ?? {}));
  const deployment = deploymentNoiseOf(known, head.fingerprint.test);
  if (deployment !== null) return parsed(deployment);
  const paths = histories.map(({ path }) => path).join(", ");
  return refused([
    usageProblem(
      "bad-value",
      `${paths} is a history that knows nothing of deployments under this load, and --paired takes nothing else from one.`,
      "Leave it out, or write it with swarmgate calibrate --base-url under the load of the heads.",
    ),
  ]);
};

/** Rounds are pieces of one measurement: the percentiles of each alone do not add up to those of all. */
const percentilesOnly = (records: readonly RunRecord[], paths: readonly string[]): readonly Problem[] =>
  records.flatMap((record, i) =>
    hasDistribution(record)
      ? []
      : [
          usageProblem(
            "not-in-import",
            `${paths[i] ?? record.id} holds percentiles only, and --paired needs the times of every round.`,
            "Leave --paired out: the files are then compared as runs of their own.",
          ),
        ],
  );

/** A paired record replays by itself. */
const ownRounds = (heads: readonly RunRecord[]): Compared => ({
  baseline: NOTHING,
  judge: (policy) => judgeRecords(policy, NOTHING, heads),
});

const inPairs = (pairs: Pairs): Compared => {
  const { bases } = pairs;
  const sha = bases.at(-1)?.git.sha ?? null;
  return {
    baseline: { kind: "found", state: "file", sha, runs: bases.map(summarise), notes: [] },
    judge: (policy) => judgePairs(policy, pairs),
  };
};

const NOTHING: Baseline = {
  kind: "none",
  problem: {
    code: "no-baseline",
    severity: "warning",
    message: "There is no baseline beside the record.",
    hint: "Give the run records of the base with --base.",
  },
  notes: [],
};

const noBase = (heads: Parsed<readonly RunRecord[]>): Parsed<never> =>
  refused(
    heads.ok
      ? [
          usageProblem(
            "missing-value",
            "compare needs --base: the head holds no rounds of a base.",
            "Give the run records of the base with --base, or one paired run record as the head.",
          ),
        ]
      : [],
  );

const unpaired = (bases: number, heads: number): Problem =>
  usageProblem(
    "conflicting-values",
    `--paired needs as many bases as heads, and there are ${bases} and ${heads}.`,
    "Give the i-th base and the i-th head of each round, in the same order.",
  );

const readAll = async (paths: readonly string[], reading: ImportReading): Promise<Parsed<readonly RunRecord[]>> => {
  const read = await Promise.all(paths.map((path) => readComparable(path, reading)));
  const problems = read.flatMap(problemsOf);
  return problems.length > 0 ? refused(problems) : parsed(read.flatMap((one) => (one.ok ? [one.value] : [])));
};

const problemsOf = (value: Parsed<unknown>): readonly Problem[] => (value.ok ? [] : value.problems);
